"""What can be asked of all our pages."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Self

from django.db.models import CharField, Q
from django.db.models.functions import Cast, Left
from django.http import HttpRequest
from wagtail.models import Page, PageQuerySet, PageViewRestriction

from .circulating import current, outside_of
from .circulation import Circulation
from .prepared import prepared


def restrictions(request: HttpRequest | None) -> list[PageViewRestriction]:
    """Return every view restriction there is; looked up once for each request."""
    known: list[PageViewRestriction] | None = getattr(request, "view_restrictions", None)
    if known is None:
        found = prepared("restrictions", lambda: PageViewRestriction.objects.select_related("page"))
        known = found.objects()
        if request is not None:
            request.view_restrictions = known
    return known


def is_open_to_everybody(page: Page, request: HttpRequest) -> bool:
    """Whether ``page`` is closed to nobody: by no view restriction, nor by the circulation."""
    circulation = current()
    if not circulation.is_open and circulation.covers(getattr(page, "issue_date", None)):
        return False
    return not any(page.path.startswith(shut.page.path) for shut in restrictions(request))


def sight(pages: type[Page], request: HttpRequest | None) -> Hashable:
    """Return what ``open_to`` leaves out of ``pages`` for ``request``.

    It belongs to the form of every query for what is published (``newsroom.prepared``).
    """
    if outside_of() is None and not restrictions(request):
        return ()  # nothing, as on nearly every paper; to compose that takes a while
    query = pages.objects.open_to(request).query
    return query.is_empty() or query.where


def year_of(date_field: str) -> Left:
    """Return the year of a date as the database itself finds it, in four digits.

    For counting thousands of rows: ``ExtractYear`` calls back into Python for each on SQLite.
    """
    return Left(Cast(date_field, CharField()), 4)


class PaperQuerySet(PageQuerySet):
    """Pages of the paper, and whom the closed parts of it are open to."""

    # Where the date of the issue is that a page belongs to.
    issue_date: ClassVar[str] = ""

    def open_to(self, request: HttpRequest | None = None) -> Self:
        """Leave out what stays inside, and pages whose restriction ``request`` does not satisfy.

        One query, whatever the number of pages; without a request every restriction counts. Who
        is outside is known without one (``newsroom.circulating``).
        """
        circulation = outside_of()
        if circulation is not None and circulation.is_whole:
            return self.none()
        shut = self._inside(circulation) if circulation is not None else Q()
        for restriction in restrictions(request):
            if request is None or not restriction.accept_request(request):
                shut |= Q(path__startswith=restriction.page.path)
        return self.exclude(shut) if shut else self.all()

    def _inside(self, circulation: Circulation) -> Q:
        """Return which pages are of issues that stay inside."""
        asked = {"gte": circulation.since, "lte": circulation.until}
        return Q(**{f"{self.issue_date}__{how}": day for how, day in asked.items() if day})
