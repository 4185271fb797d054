"""Keep the list of contributors in step with the names under articles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from wagtail.search.index import insert_or_update_object

from newsroom.models import Contributor

from .models import ArticlePage, Byline


def bearer_of(name: str) -> Contributor | None:
    """Return the contributor whom ``name`` means: the only one who bears it, if there is one."""
    bearers = list(Contributor.objects.filter(name=name)[:2])
    return bearers[0] if len(bearers) == 1 else None


@transaction.atomic
def remember(*, names: Iterable[str]) -> None:
    """Add contributors for ``names`` that no contributor bears yet."""
    wanted = {name.strip() for name in names} - {""}
    known = set(Contributor.objects.filter(name__in=wanted).values_list("name", flat=True))
    Contributor.objects.bulk_create(
        [Contributor(name=name) for name in sorted(wanted - known)], ignore_conflicts=True
    )
    for contributor in Contributor.objects.filter(name__in=wanted - known):
        insert_or_update_object(contributor)  # many at once send no signal


@transaction.atomic
def credit(*, article: ArticlePage) -> None:
    """Point the bylines of ``article`` at their contributors, where a name means one person.

    Which person a name means is no part of the signed copy: it is written to the rows beside the
    revision, as it may become known later.
    """
    bylines = list(Byline.objects.filter(article=article, contributor=None))
    remember(names=(byline.name for byline in bylines))
    for byline in bylines:
        bearer = bearer_of(byline.name)
        if bearer is not None:
            Byline.objects.filter(pk=byline.pk).update(contributor=bearer)
