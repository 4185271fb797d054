"""The people who log in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac


class User(AbstractUser):
    """Someone of the newsroom; ours from the first migration, so that it can grow."""

    # Sessions of before the last step are over (accounts.sessions).
    epoch = models.PositiveIntegerField("会话批次", default=0, editable=False)

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the name as Chinese writes it (family name first, no space), else the login."""
        return f"{self.last_name}{self.first_name}" or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must know to go on: the password, as Django has it, and the epoch.

        https://github.com/django/django/blob/5.2/django/contrib/auth/base_user.py#L145
        """
        salt = "accounts.models.User.get_session_auth_hash"
        known = f"{self.epoch}:{self.password}"
        return salted_hmac(salt, known, secret=secret, algorithm="sha256").hexdigest()
