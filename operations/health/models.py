"""When each part that works by itself was last seen."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """A part of the paper, and when it last said that it is alive, on whatever machine it runs."""

    part = models.CharField("部分", max_length=40, primary_key=True)
    at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "后台任务的动静"
        verbose_name_plural = "后台任务的动静"

    def __str__(self) -> str:
        return self.part
