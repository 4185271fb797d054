"""Which permissions of proofreading an admin can give to a group."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet


def proofreading_permissions() -> QuerySet[Permission]:
    """Return those that no list of the admin registers by itself."""
    return Permission.objects.filter(
        content_type__app_label="desk", codename__in=["accept_alarm", "accept_blocking_alarm"]
    )
