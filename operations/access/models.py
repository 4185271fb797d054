"""What roles may be given here; there is nothing of our own to keep."""

from django.db import models


class SecurityLog(models.Model):
    """Stands for Wagtail's log of everything but pages, so that a role can be let in."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_security_log", "查看安全记录，解除登录暂停")]
        verbose_name = verbose_name_plural = "安全记录"

    def __str__(self) -> str:
        return "安全记录"
