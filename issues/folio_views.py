"""The page that shows a folio as it was printed, with its articles where they stand on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.images.shortcuts import get_rendition_or_not_found

from articles.stories import public_contents
from articles.story import Story
from newsroom.models import PressPhoto
from newsroom.page_facts import page_facts
from newsroom.prepared import fetch_along
from newsroom.previews import preview_of

from .around import same_folio_around
from .folio_pages import SIZES, THUMBNAIL, ZOOMED
from .models import Folio, IssuePage

HOUR = 3600


@dataclass(frozen=True, slots=True)
class FolioLink:
    """A folio of an issue: where its page is, and a small picture of it where there is one.

    A preview shows the picture and leads nowhere: the page is there once the issue is out.
    """

    number: int
    name: str
    url: str
    image: PressPhoto | None = None

    @property
    def title(self) -> str:
        """What the folio is called: 第2版 综合."""
        return f"第{self.number}版 {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Area:
    """Where a story stands, in the picture's own units: percent of its width, both ways."""

    story: Story
    polygons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A story in the list of a folio; ``is_drawn`` if the page shows where it stands."""

    story: Story
    is_drawn: bool


def folio_links(issue: IssuePage, request: HttpRequest) -> tuple[FolioLink, ...]:
    """Return the folios of which pictures are kept; two queries, however many there are."""
    folios = [folio for folio in issue.folios.all() if folio.has_page]
    if not folios:
        return ()
    images = PressPhoto.objects.prefetch_renditions(THUMBNAIL).in_bulk(
        {folio.page_image_id for folio in folios if folio.page_image_id}
    )
    home = "" if preview_of(request) else issue.get_url(request)
    return tuple(
        FolioLink(
            folio.number,
            folio.name,
            home and f"{home}folio-{folio.number}/",
            images.get(folio.page_image_id),
        )
        for folio in sorted(folios, key=lambda folio: folio.number)
    )


def show_folio(request: HttpRequest, issue: IssuePage, number: int) -> TemplateResponse:
    """Show one folio of a public issue; 404 for one of which neither page nor article is kept."""
    fetch_along([issue], "folios")
    folio = next((each for each in issue.folios.all() if each.number == number), None)
    public = public_contents(issue, request)
    drawn = {area["article"] for area in folio.hot_areas} if folio and folio.page_image_id else ()
    # What begins on another folio may go on here.
    stories = tuple(each for each in public if each.folio == number or each.number in drawn)
    has_page = folio is not None and folio.has_page
    if not (has_page or stories):
        raise Http404("没有这一版。")
    links = folio_links(issue, request)
    here = [link.number for link in links]
    place = here.index(number) if number in here else None
    name = folio.name if folio else ""
    title = f"第{number}版 {name}".rstrip()
    image = None
    if folio and folio.page_image_id:
        image = PressPhoto.objects.prefetch_renditions(*SIZES, ZOOMED).get(pk=folio.page_image_id)
    areas = _areas(folio, image, stories)
    issue_before, issue_after = same_folio_around(request, issue, number)
    return TemplateResponse(
        request,
        "issues/folio.html",
        {
            **page_facts(request, None, title=f"{title} - {issue.title}"),
            "issue": issue,
            "issue_url": issue.get_url(request),
            "imprint": issue.imprint,
            "number": number,
            "name": name,
            "title": title,
            "image": image,
            "image_alt": f"{issue.title}{title}的版面图",
            "height": f"{100 * image.height / image.width:.2f}" if image else "",
            "zoomed": get_rendition_or_not_found(image, ZOOMED) if image else None,
            "areas": areas,
            "stories": stories,
            "lines": [Line(story, any(area.story is story for area in areas)) for story in stories],
            "pdf": f"{issue.get_url(request)}folio-{number}.pdf"
            if folio and folio.page_pdf
            else "",
            "folios": links,
            "previous": links[place - 1] if place else None,
            "next": links[place + 1] if place is not None and place + 1 < len(links) else None,
            "issue_before": issue_before,
            "issue_after": issue_after,
        },
    )


@require_safe
def page_pdf(request: HttpRequest, number: str, folio: str) -> HttpResponseBase:
    """Hand out the PDF of a printed page of a public issue that is open to everybody."""
    issue = IssuePage.objects.published().filter(number=int(number)).first()
    kept = Folio.objects.filter(issue=issue, number=int(folio)).exclude(page_pdf="").first()
    if issue is None or kept is None:
        raise Http404("没有这一版的PDF。")
    answer = FileResponse(
        kept.page_pdf.open("rb"),
        filename=f"{issue.imprint.name}第{number}期第{folio}版.pdf",
        content_type="application/pdf",
    )
    patch_cache_control(answer, public=True, max_age=HOUR)
    return answer


def _areas(
    folio: Folio | None, image: PressPhoto | None, stories: Iterable[Story]
) -> tuple[Area, ...]:
    """Return the areas of what is public, in reading order."""
    if folio is None or image is None:
        return ()
    by_article: dict[int, list[str]] = {}
    for area in folio.hot_areas:
        by_article.setdefault(area["article"], []).append(
            _stretched(area["polygon"], image.height / image.width)
        )
    return tuple(
        Area(story, tuple(by_article[story.number]))
        for story in stories
        if story.number in by_article
    )


def _stretched(polygon: str, ratio: float) -> str:
    """Return a polygon in percent of width and height in the units of the drawing, 100 wide."""
    corners = (corner.split(",") for corner in polygon.split(" "))
    return " ".join(f"{x},{float(y) * ratio:.2f}" for x, y in corners)
