"""Tell by mail that an issue did not come out at its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User

if TYPE_CHECKING:
    from .models import IssuePage

PATIENCE = 30  # seconds
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def tell_refusal(issue: IssuePage, why: str) -> None:
    """Write to whoever set the time; if they may no longer publish, to those who may.

    Raises what the mail server raises. Nobody with an address is no error: the screens say it.
    """
    addresses = _addresses(issue)
    if not addresses:
        return
    at = timezone.localtime(issue.publish_at)
    screen = settings.WAGTAILADMIN_BASE_URL + reverse("issue_publish", args=[issue.pk])
    message = EmailMessage(
        f"{issue}到时没有出版",
        f"{issue}定于{at:%Y-%m-%d %H:%M}自动出版，到时又核对了一遍，没有出版，原因是：\n\n"
        f"{why}\n\n"
        "什么都没有丢，读者还看不到这一期；定时也还留着，原因消除后几分钟内会自动出版。\n"
        f"请打开这里处理，或取消定时：\n{screen}\n",
        bcc=addresses,
        headers={"To": "undisclosed-recipients:;", "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT or PATIENCE),
    )
    message.send()


def _addresses(issue: IssuePage) -> list[str]:
    setter = issue.publish_by
    if setter is not None and issue.permissions_for_user(setter).can_publish_issue():
        people: list[User] | QuerySet[User] = [setter]
    else:
        people = User.objects.with_perm("issues.publish_issue", backend=MODEL_BACKEND)
    return sorted({person.email for person in people if person.email})
