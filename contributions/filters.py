"""What can be picked out of the inbox."""

from __future__ import annotations

import datetime

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms.search import SearchForm

from .models import Contribution, Kind, Status
from .permissions import readers
from .querysets import ContributionQuerySet

# More words in one search, and a database finds the question too long.
MOST_WORDS = 20
BEFORE_ALL = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
PRINTED = "printed"
STATES = [
    (Status.RECEIVED, Status.RECEIVED.label),
    (Status.REVIEWING, Status.REVIEWING.label),
    (Status.ACCEPTED, Status.ACCEPTED.label),
    (PRINTED, "已见报"),
    (Status.DECLINED, Status.DECLINED.label),
    (Status.SPAM, Status.SPAM.label),
]
MINE, NOBODY = "mine", "nobody"
UNREAD, STARRED, DOUBLE = "unread", "starred", "double"
MARKS = {
    UNREAD: ("未读", Q(unread=True)),
    STARRED: ("星标", Q(starred=True)),
    DOUBLE: ("疑似重复或已见报", ~Q(duplicate_of=None) | ~Q(printed_before=None)),
}


def state_of(contribution: Contribution) -> str:
    """Return how far a contribution is, in words for editors; its sender is not told of spam."""
    if contribution.status == Status.SPAM:
        return Status.SPAM.label
    return contribution.progress.label


def hands() -> list[tuple[str, str]]:
    """Return in whose hands a contribution can be."""
    return [
        (MINE, "我经办的"),
        (NOBODY, "无人经办"),
        *((str(user.pk), str(user)) for user in readers()),
    ]


class ArrivalFilter(django_filters.DateFromToRangeFilter):
    """Days from and to; the first days that can be typed have no moment in the database's zone."""

    def filter(self, qs: ContributionQuerySet, value: slice | None) -> ContributionQuerySet:
        if value is not None:
            value = slice(*(at and max(at, BEFORE_ALL) for at in (value.start, value.stop)))
        return super().filter(qs, value)


class ContributionFilters(WagtailFilterSet):
    """The filters above the list; without a choice of state, spam is left out."""

    kind = django_filters.ChoiceFilter(
        label="类别", choices=Kind.choices, empty_label="全部", widget=forms.RadioSelect
    )
    state = django_filters.ChoiceFilter(
        label="进展",
        choices=STATES,
        method="in_state",
        empty_label="全部（不含垃圾）",
        widget=forms.RadioSelect,
    )
    assignee = django_filters.ChoiceFilter(
        label="经办人", choices=hands, method="in_hands_of", empty_label="全部"
    )
    marks = django_filters.MultipleChoiceFilter(
        label="标记",
        choices=[(mark, label) for mark, (label, _) in MARKS.items()],
        method="marked",
        widget=forms.CheckboxSelectMultiple,
    )
    received_at = ArrivalFilter(label="收到时间", widget=DateRangePickerWidget)

    class Meta:
        model = Contribution
        fields: list[str] = []

    def filter_queryset(self, queryset: ContributionQuerySet) -> ContributionQuerySet:
        """Leave out spam unless it is asked for."""
        if not self.form.cleaned_data["state"]:
            queryset = queryset.exclude(status=Status.SPAM)
        return super().filter_queryset(queryset)

    def in_state(
        self, queryset: ContributionQuerySet, name: str, state: str
    ) -> ContributionQuerySet:
        """Keep what has come so far; what is printed is not 拟用 any more."""
        printed = Contribution.objects.printed()
        if state == PRINTED:
            return queryset.filter(pk__in=printed.values("pk"))
        return queryset.filter(status=state).exclude(pk__in=printed.values("pk"))

    def in_hands_of(
        self, queryset: ContributionQuerySet, name: str, who: str
    ) -> ContributionQuerySet:
        """Keep what someone, oneself, or nobody takes care of."""
        if who == NOBODY:
            return queryset.filter(assignee=None)
        return queryset.filter(assignee=self.request.user.pk if who == MINE else int(who))

    def marked(
        self, queryset: ContributionQuerySet, name: str, marks: list[str]
    ) -> ContributionQuerySet:
        """Keep what has every one of the marks."""
        for mark in marks:
            queryset = queryset.filter(MARKS[mark][1])
        return queryset


def searched(queryset: ContributionQuerySet, typed: str) -> ContributionQuerySet:
    """Keep what has each of the typed words; of many, the first."""
    return queryset.containing(" ".join(typed.split()[:MOST_WORDS]))


def picked_out(request: HttpRequest) -> ContributionQuerySet:
    """Return all that the list shows for a request, on whatever page of it; nothing for nonsense.

    What is done to all of the list at once is done to these.
    """
    filters = ContributionFilters(request.GET, request=request)
    words = SearchForm(request.GET)
    if not (filters.is_valid() and words.is_valid()):
        return Contribution.objects.none()
    return searched(filters.filter_queryset(Contribution.objects.all()), words.cleaned_data["q"])
