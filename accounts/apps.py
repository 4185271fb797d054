"""App configuration."""

from django.apps import AppConfig

NAMED_BY_THE_ADMIN = "姓名印在审稿单上，只有管理员能改。"


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账户"

    def ready(self) -> None:
        """Leave names to the admin, so that nobody signs under the name of a colleague."""
        from wagtail.admin.forms.account import NameEmailForm

        from . import sessions

        sessions.listen()

        for name in ("first_name", "last_name"):
            field = NameEmailForm.base_fields[name]
            field.disabled, field.required = True, False
            field.help_text = NAMED_BY_THE_ADMIN
