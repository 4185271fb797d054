"""What can be asked of all our pages."""

from __future__ import annotations

from typing import Self

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import PageQuerySet, PageViewRestriction


class PaperQuerySet(PageQuerySet):
    """Pages of the paper, and whom the closed parts of it are open to."""

    def open_to(self, request: HttpRequest | None = None) -> Self:
        """Leave out pages under a view restriction that ``request`` does not satisfy.

        One query, whatever the number of pages; without a request every restriction counts.
        """
        shut = Q()
        for restriction in PageViewRestriction.objects.select_related("page"):
            if request is None or not restriction.accept_request(request):
                shut |= Q(path__startswith=restriction.page.path)
        return self.exclude(shut) if shut else self.all()
