"""Keep the list of contributors in step with the names under articles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from newsroom.models import Contributor

from .models import ArticlePage, Byline


@transaction.atomic
def remember(*, names: Iterable[str]) -> None:
    """Add contributors for ``names`` that no contributor bears yet."""
    wanted = {name.strip() for name in names} - {""}
    known = set(Contributor.objects.filter(name__in=wanted).values_list("name", flat=True))
    Contributor.objects.bulk_create(
        [Contributor(name=name) for name in sorted(wanted - known)], ignore_conflicts=True
    )


@transaction.atomic
def credit(*, article: ArticlePage) -> None:
    """Point the bylines of ``article`` at their contributors, where a name means one person.

    Which person a name means is no part of the signed copy: it is written to the rows beside the
    revision, as it may become known later.
    """
    bylines = list(Byline.objects.filter(article=article, contributor=None))
    remember(names=(byline.name for byline in bylines))
    for byline in bylines:
        of_name = Contributor.objects.filter(name=byline.name)[:2]
        if len(of_name) == 1:
            Byline.objects.filter(pk=byline.pk).update(contributor=of_name[0])
