"""Note in Wagtail's log who came in, who was turned away, and what changed about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User

from .lockout import account_named, come_from

UNKNOWN = "（没有这个账号）"
ACTIONS = (
    ("access.login", "登录"),
    ("access.failed", "登录失败"),
    ("access.locked_out", "登录被暂停"),
    ("access.wrong_code", "验证码不对"),
    ("access.unlock", "解除登录暂停"),
    ("access.enrol", "启用手机验证"),
    ("access.codes", "换了恢复码"),
    ("access.code_used", "用了一个恢复码"),
    ("access.take_away", "停用手机验证"),
    ("access.password", "改密码"),
)


def register_actions(actions: Any) -> None:
    """Name what is noted, for Wagtail's log."""
    for action, label in ACTIONS:
        actions.register_action(action, label, label)


def listen() -> None:
    """Hear of it from Django and from axes."""
    user_logged_in.connect(_came_in)
    user_login_failed.connect(_failed)
    user_locked_out.connect(_shut_out)


def note(action: str, *, user: User | None, request: HttpRequest) -> None:
    """Write a line, with the address; of a name that nobody has, not what was typed.

    It may be a password, typed into the wrong field.
    """
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk) if user else "0",
        label=str(user) if user else UNKNOWN,
        action=action,
        user=user if action == "access.login" else None,
        timestamp=timezone.now(),
        data={"address": come_from(request)},
        deleted=False,
        content_changed=False,
    )


def _named(name: str) -> User | None:
    return User.objects.filter(username__iexact=name).first()


def _came_in(request: HttpRequest, user: User, **_: Any) -> None:
    if "REQUEST_METHOD" in request.META:  # not the one that Django's test client makes up
        note("access.login", user=user, request=request)
        tidy()


def tidy(at: datetime | None = None) -> None:
    """Forget who came in long ago, old attempts, and sessions that are over."""
    now = at or timezone.now()
    ModelLogEntry.objects.filter(
        action__in=["access.login", "access.failed", "access.locked_out", "access.wrong_code"],
        timestamp__lt=now - timedelta(days=settings.SIGN_IN_LOG_DAYS),
    ).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    Session.objects.filter(expire_date__lt=now).delete()


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None and not getattr(request, "axes_locked_out", False):
        note("access.failed", user=_named(account_named(request, credentials)), request=request)


def _shut_out(request: HttpRequest, username: str, **_: Any) -> None:
    note("access.locked_out", user=_named(username), request=request)
