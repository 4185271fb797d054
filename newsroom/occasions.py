"""Days of mourning and festivals (悼念日与节庆), as 总编 sets them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from .looks import Look, Period

__all__ = ["Occasion"]


class Occasion(models.Model):
    """Days on which the paper is grey, or its nameplate stands on red; or an issue that is so."""

    look = models.CharField(
        "颜色",
        max_length=10,
        choices=[(Look.GREY.value, "悼念：全部灰色"), (Look.RED.value, "节庆：报头套红")],
    )
    since = models.DateField(
        "从哪天起", null=True, blank=True, help_text="管整站时写，含这一天，从零点起。"
    )
    until = models.DateField("到哪天止", null=True, blank=True, help_text="含这一天，到半夜止。")
    issue = models.PositiveIntegerField(
        "只管这一期",
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": "这一期已经设过颜色，请改那一条。"},
        help_text="写期号，如450，不写日期：这一期不论哪天读都是这个颜色。空着就是整站。",
    )
    reason = models.CharField(
        "事由", max_length=60, help_text="如：国家公祭日。只给编辑部看，不见报。"
    )

    said_before: tuple[Period, ...] = ()  # before it was saved (newsroom.dressing)

    class Meta:
        verbose_name = "悼念日与节庆"
        verbose_name_plural = "悼念日与节庆"
        ordering = ["-since", "-issue", "-pk"]

    def __str__(self) -> str:
        return f"{self.reason}（{self.where}）"

    @property
    def where(self) -> str:
        """What it holds for, in words: 第450期, or from day to day."""
        if self.issue is not None:
            return f"第{self.issue}期"
        return f"{self.since:%Y-%m-%d}至{self.until:%Y-%m-%d}" if self.since and self.until else ""

    def clean(self) -> None:
        """Ask for either an issue or both days, in order, and for no day twice."""
        errors: dict[str, str] = {}
        if self.issue is not None:
            if self.since or self.until:
                errors["issue"] = "写了期号就不写日期，写了日期就不写期号，请清掉一样。"
        elif not (self.since and self.until):
            missing = "until" if self.since else "since"
            errors[missing] = "管整站的，请写明从哪天起、到哪天止；只管一期的，请写期号。"
        elif self.since > self.until:
            errors["until"] = "“到哪天止”早于“从哪天起”，请改一个。"
        elif clash := self._clash():
            errors["since"] = f"这几天里已经设了“{clash}”，请改日期，或者改那一条。"
        if errors:
            raise ValidationError(errors)

    def _clash(self) -> Occasion | None:
        others = Occasion.objects.filter(issue__isnull=True).exclude(pk=self.pk)
        met: Occasion | None = others.filter(since__lte=self.until, until__gte=self.since).first()
        return met

    def as_period(self) -> Period:
        """Return what is set, as every surface asks it."""
        return Period(Look(self.look), self.since, self.until, self.issue)
