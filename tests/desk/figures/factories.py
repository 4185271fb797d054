"""Printed articles with known characters, authors and pictures, for the figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wagtail.images.tests.utils import get_test_image_file

from articles.models import ArticlePage, Byline
from desk.models import FigureSettings, Grade
from issues.models import IssuePage
from issues.publishing import publish_issue
from newsroom.models import Contributor, PressPhoto
from tests import factories

AUGUST = "2022-08"


def make_contributor(name: str, unit: str = "") -> Contributor:
    """Return the contributor of that name and unit, made if need be."""
    return Contributor.objects.get_or_create(name=name, unit=unit)[0]


def make_photo(credit: str = "", caption: str = "") -> PressPhoto:
    """Return a photo of the library."""
    return PressPhoto.objects.create(
        title="照片", file=get_test_image_file(), credit=credit, caption=caption
    )


def make_piece(
    issue: IssuePage,
    *authors: Contributor | str,
    characters: int = 100,
    roles: tuple[str, ...] = (),
    photos: tuple[PressPhoto, ...] = (),
    signed: bool = True,
    **fields: Any,
) -> ArticlePage:
    """Return a signed article of so many Han characters with these authors."""
    body = [("paragraph", f"<p>{'字' * characters}</p>")] if characters else []
    body += [
        ("photo", {"image": photo, "caption": photo.caption, "credit": photo.credit})
        for photo in photos
    ]
    article = ArticlePage(title=fields.pop("title", "稿件"), live=False, body=body, **fields)
    roles += ("",) * len(authors)
    article.bylines = [
        Byline(
            sort_order=place,
            name=str(getattr(author, "name", author)),
            contributor=author if isinstance(author, Contributor) else None,
            role=role,
        )
        for place, (author, role) in enumerate(zip(authors, roles, strict=False))
    ]
    issue.add_child(instance=article)
    revision = article.save_revision()
    if signed:
        factories.sign_article(article=article, revision=revision, by=None)
    return ArticlePage.objects.get(pk=article.pk)


def publish(issue: IssuePage, **options: Any) -> IssuePage:
    """Bring ``issue`` out."""
    publish_issue(issue=issue, by=None, **options)
    return IssuePage.objects.get(pk=issue.pk)


def pay(rate: int | None = 100, **fields: Any) -> FigureSettings:
    """Set what is paid; ``rate`` is that of the grade where nothing else is decided."""
    settings = FigureSettings.load()
    if rate is not None:
        settings.default_grade = Grade.objects.create(name=f"等级{rate}", rate=Decimal(rate))
    for name, value in fields.items():
        setattr(settings, name, value)
    settings.save()
    return settings
