"""Lead from the address an issue had to its new one, after the admin gave it another number."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.signal_handlers import create_redirects
from wagtail.models import Page, Site

from issues.models import IssuePage


def keep_old_number(instance_before: Page, instance: Page, **kwargs: Any) -> None:
    """After an issue that was out got another number, keep the addresses that readers have.

    Wagtail's own handler would do it for drafts too (WAGTAILREDIRECTS_AUTO_CREATE is off): then
    an address that never was leads somewhere for good, although a later issue may be given it.
    """
    if not isinstance(instance, IssuePage) or instance.first_published_at is None:
        return
    create_redirects(page=instance, page_old=instance_before, sites=Site.objects.all())
    # What led away from the number it has now would lead in a circle.
    now = f"/{instance.slug}"
    Redirect.objects.filter(
        Q(old_path=now) | Q(old_path__startswith=f"{now}/"), automatically_created=True
    ).delete()
