"""The people who log in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Someone of the newsroom; ours from the first migration, so that it can grow."""

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the name as Chinese writes it (family name first, no space), else the login."""
        return f"{self.last_name}{self.first_name}" or self.username
