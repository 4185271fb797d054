"""App configuration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "operations.access"
    label = "access"
    verbose_name = "登录与安全"

    def ready(self) -> None:
        """Note who comes and goes; put away the picture of oneself, which nobody here needs."""
        from wagtail.admin.views.account import AvatarSettingsPanel

        from . import noting

        noting.listen()
        AvatarSettingsPanel.is_active = lambda self: False
