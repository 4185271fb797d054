"""Whom the closed parts of the site are open to."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import PageViewRestriction


class OpenTo:
    """A page queryset that knows who is asking."""

    filter: Any
    exclude: Any
    none: Any
    all: Any

    def open_to(self, request: HttpRequest | None = None) -> Self:
        """Leave out pages under a view restriction that ``request`` does not satisfy.

        One query, whatever the number of pages; without a request every restriction counts.
        """
        shut = Q()
        for restriction in PageViewRestriction.objects.select_related("page"):
            if request is None or not restriction.accept_request(request):
                shut |= Q(path__startswith=restriction.page.path)
        return self.exclude(shut) if shut else self.all()
