"""What can be picked out of the figures."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_filters.fields import DateRangeField, RangeField
from wagtail.admin.filters import DateRangePickerWidget, NumberRangeWidget, WagtailFilterSet

from articles.models import ArticlePage, Byline, Role
from articles.querysets import ArticleQuerySet
from issues.models import IssuePage
from newsroom.models import Section

from .authorship import Author
from .ledger import Payee

LONGEST = 50
UNIT, SECTION, PERSON, SHARES = "unit", "section", "person", "shares"
SENT_IN, OWN = "sent", "own"


class InOrderField(RangeField):
    """A first and a last one, either may be left out; the first is not after the last."""

    def compress(self, data_list: list[Any]) -> slice | None:
        """Return the two as they are: days made moments would shift with the zone."""
        found = RangeField.compress(self, data_list)
        if found and None not in (found.start, found.stop) and found.start > found.stop:
            raise forms.ValidationError("起止颠倒了，请对调。")
        return found


class DaysField(InOrderField, DateRangeField):
    """A first and a last day."""


class DaysFilter(django_filters.DateFromToRangeFilter):
    """Days from and to."""

    field_class = DaysField


class NumbersField(InOrderField):
    """A first and a last issue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        ends = [forms.IntegerField(min_value=1, max_value=99_999) for _ in range(2)]
        super().__init__(ends, *args, **kwargs)


class NumbersFilter(django_filters.RangeFilter):
    """Issue numbers from and to."""

    field_class = NumbersField


def years() -> list[tuple[str, str]]:
    """Return the years in which public issues came out, the last one first."""
    found = IssuePage.objects.live().dates("date", "year", order="DESC")
    return [(str(day.year), f"{day.year}年") for day in found]


def months() -> list[tuple[str, str]]:
    """Return the months in which public issues came out, the last one first."""
    found = IssuePage.objects.live().dates("date", "month", order="DESC")
    return [(f"{day:%Y-%m}", f"{day.year}年{day.month}月") for day in found]


def sections() -> list[tuple[str, str]]:
    """Return the sections by their slugs."""
    return list(Section.objects.values_list("slug", "name"))


class PeriodFilters(WagtailFilterSet):
    """When it was printed: by year, by day, by issue."""

    year = django_filters.ChoiceFilter(
        label="年份", choices=years, empty_label="全部", field_name="issue__issuepage__date__year"
    )
    date = DaysFilter(
        label="出版日期", field_name="issue__issuepage__date", widget=DateRangePickerWidget
    )
    issues = NumbersFilter(
        label="期号",
        field_name="issue__issuepage__number",
        widget=NumberRangeWidget(attrs={"max": "99999"}),
    )

    class Meta:
        model = ArticlePage
        fields: list[str] = []


class AuthorFilters(PeriodFilters):
    """Whose work to show; a person's other work stays out, whatever stands beside it."""

    unit = django_filters.CharFilter(label="单位", max_length=LONGEST, method="of_all")
    name = django_filters.CharFilter(label="作者", max_length=LONGEST, method="of_all")
    role = django_filters.ChoiceFilter(
        label="身份", choices=Role.choices, empty_label="全部", method="of_all"
    )
    by = django_filters.ChoiceFilter(
        label="列出",
        choices=[(UNIT, "各单位")],
        empty_label="各位作者",
        method="of_all",
        widget=forms.RadioSelect,
    )

    def of_all(self, queryset: ArticleQuerySet, name: str, value: str) -> ArticleQuerySet:
        """Keep every article: authors are picked one by one (``picks``)."""
        return queryset

    def picks(self, author: Author) -> bool:
        """Whether ``author`` is one to show."""
        wanted = self.form.cleaned_data
        return (
            wanted["unit"].casefold() in author.person.unit.casefold()
            and wanted["name"].casefold() in author.person.name.casefold()
            and (not wanted["role"] or wanted["role"] in author.roles)
        )


class PieceFilters(PeriodFilters):
    """Which articles to add up: by section, by unit and name of someone in the byline."""

    section = django_filters.ChoiceFilter(
        label="栏目", choices=sections, empty_label="全部", field_name="section__slug"
    )
    unit = django_filters.CharFilter(label="单位", max_length=LONGEST, method="of_unit")
    name = django_filters.CharFilter(label="作者", max_length=LONGEST, method="of_name")

    def of_unit(self, queryset: ArticleQuerySet, name: str, unit: str) -> ArticleQuerySet:
        """Keep what someone of a unit signed."""
        return queryset.filter(_in_byline(contributor__unit__icontains=unit))

    def of_name(self, queryset: ArticleQuerySet, name: str, who: str) -> ArticleQuerySet:
        """Keep what someone of a name signed."""
        return queryset.filter(_in_byline(name__icontains=who))


class IssueFilters(PieceFilters):
    """The same, shown by issue or by section."""

    by = django_filters.ChoiceFilter(
        label="列出",
        choices=[(SECTION, "各栏目")],
        empty_label="各期",
        method="of_all",
        widget=forms.RadioSelect,
    )

    def of_all(self, queryset: ArticleQuerySet, name: str, value: str) -> ArticleQuerySet:
        """Keep every article."""
        return queryset


class TimingFilters(PieceFilters):
    """The same, of what was sent in or of what the newsroom wrote."""

    source = django_filters.ChoiceFilter(
        label="来源",
        choices=[(SENT_IN, "来稿"), (OWN, "自采")],
        empty_label="全部",
        method="from_source",
        widget=forms.RadioSelect,
    )

    def from_source(self, queryset: ArticleQuerySet, name: str, source: str) -> ArticleQuerySet:
        """Keep what came through the form, or what did not."""
        return queryset.filter(Q(contribution__isnull=source == OWN))


class FeeFilters(WagtailFilterSet):
    """Which month, whose fees, and how to add them up."""

    month = django_filters.ChoiceFilter(
        label="月份", choices=months, empty_label="最近一个月", method="of_all"
    )
    unit = django_filters.CharFilter(label="单位", max_length=LONGEST, method="of_all")
    name = django_filters.CharFilter(label="作者", max_length=LONGEST, method="of_all")
    by = django_filters.ChoiceFilter(
        label="列出",
        choices=[(SHARES, "逐篇逐人"), (PERSON, "各位作者"), (UNIT, "各单位")],
        empty_label="各篇稿件",
        method="of_all",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = ArticlePage
        fields: list[str] = []

    def of_all(self, queryset: ArticleQuerySet, name: str, value: str) -> ArticleQuerySet:
        """Keep every article: the month is asked for before any is fetched."""
        return queryset

    @property
    def is_picky(self) -> bool:
        """Whether only some people's fees are to be shown."""
        wanted = self.form.cleaned_data
        return bool(wanted["unit"] or wanted["name"])

    def picks(self, payee: Payee) -> bool:
        """Whether ``payee`` is one to show."""
        wanted = self.form.cleaned_data
        return (
            wanted["unit"].casefold() in payee.unit.casefold()
            and wanted["name"].casefold() in payee.name.casefold()
        )


def first_of(month: str) -> datetime.date:
    """Return the first day of a month written as 2022-08."""
    return datetime.date.fromisoformat(f"{month}-01")


def latest_month() -> datetime.date:
    """Return the month of the last public issue; this month where there is none."""
    found = IssuePage.objects.live().order_by("-date").values_list("date", flat=True).first()
    return (found or timezone.localdate()).replace(day=1)


def _in_byline(**wanted: str) -> Exists:
    return Exists(Byline.objects.filter(article=OuterRef("pk"), **wanted))
