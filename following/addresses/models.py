"""Addresses that somebody asked for and that lead nowhere."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["BrokenAddress"]


class BrokenAddress(models.Model):
    """An address that leads nowhere: how often it was asked for, and from which site.

    Nothing is kept of who asked: no query, no more of the referring page than its site.
    """

    path = models.CharField("网址", max_length=255, unique=True)
    count = models.PositiveIntegerField("次数", default=1)
    referrer = models.CharField("从哪个网站来", max_length=100, blank=True)
    first_seen = models.DateTimeField("第一次", default=timezone.now)
    last_seen = models.DateTimeField("最近一次", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "打不开的网址"
        verbose_name_plural = "打不开的网址"
        ordering = ["-count", "-last_seen"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.path
