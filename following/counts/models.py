"""How often each article was read within a week, a month, a year, and in all."""

from __future__ import annotations

import datetime

from django.db import models

from articles.models import ArticlePage

__all__ = ["ReadCount", "Span"]

THE_BEGINNING = datetime.date(2000, 1, 1)


class Span(models.TextChoices):
    """Over how long reads are added up."""

    WEEK = "week", "本周"
    MONTH = "month", "本月"
    YEAR = "year", "今年"
    ALL = "all", "全部"

    def first_day(self, day: datetime.date) -> datetime.date:
        """Return the first day of the span that ``day`` lies in; of all time, always the same."""
        match self:
            case Span.WEEK:
                return day - datetime.timedelta(days=day.weekday())
            case Span.MONTH:
                return day.replace(day=1)
            case Span.YEAR:
                return day.replace(month=1, day=1)
        return THE_BEGINNING


class ReadCount(models.Model):
    """How often an article was read within a span; written by ``following.counts.counting`` alone.

    A row for each span, not for each day: the most read ones are then at the head of an index,
    however many articles and years there are, and nothing tells the day, on which few may have
    read an article.
    """

    # Wagtail would count it among the places that use the article.
    wagtail_reference_index_ignore = True

    article = models.ForeignKey(
        ArticlePage, verbose_name="稿件", on_delete=models.CASCADE, related_name="read_counts"
    )
    span = models.CharField("时段", max_length=5, choices=Span.choices)
    since = models.DateField("自")
    count = models.PositiveIntegerField("次数")

    class Meta:
        verbose_name = "阅读量"
        verbose_name_plural = "阅读量"
        default_permissions = ()  # whoever has an account in the newsroom may see it
        constraints = [
            models.UniqueConstraint(fields=["article", "span", "since"], name="reads_once_per_span")
        ]
        indexes = [models.Index(fields=["span", "since", "-count"], name="most_read")]

    def __str__(self) -> str:
        return f"{self.article}：{self.get_span_display()}{self.count}次"
