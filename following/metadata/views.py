"""Answer machines: sitemaps, robots.txt, the description of the search, citations, QR codes."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from articles.models import ArticlePage
from issues.models import IssuePage
from newsroom.models import Imprint

from . import sitemap_xml
from .citing import bibtex, ris
from .gathering import article_facts, paper_facts
from .opensearch import describe
from .qr import MEDIA_TYPE, qr_code
from .robots import robots
from .sitemap_xml import Address
from .sitemaps import LISTS, MOST, RECENT, of_lists, of_news, of_year, sitemaps

HOUR = 3600
XML = "application/xml; charset=utf-8"
CITATIONS = {
    "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
}


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps."""
    listed = (
        Address(request.build_absolute_uri(f"/sitemap-{name}.xml"), changed)
        for name, changed in sitemaps()
    )
    return HttpResponse(sitemap_xml.index(listed), content_type=XML)


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def sitemap(request: HttpRequest, name: str, part: str | None = None) -> HttpResponse:
    """List the addresses of a year, of the lists, or of the news; the latter may be none."""
    base = request.build_absolute_uri("/")
    if name == RECENT:
        addresses = of_news(base)
    else:
        addresses = of_lists(base) if name == LISTS else of_year(int(name), base)
    first = (int(part or 1) - 1) * MOST
    wanted = list(islice(addresses, first, first + MOST))
    if not wanted and (part or name != RECENT):
        raise Http404("没有这份网站地图。")
    return HttpResponse(sitemap_xml.urlset(wanted), content_type=XML)


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Say to robots where there is nothing for them."""
    told = robots(
        sitemap_url=request.build_absolute_uri(reverse("sitemap_index")),
        closed=settings.CLOSED_TO_ROBOTS,
    )
    return HttpResponse(told, content_type="text/plain; charset=utf-8")


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers."""
    description = describe(
        name=paper_facts(Imprint.objects.current(), request).name,
        search_url=request.build_absolute_uri("/search/?q="),
        icon_url=request.build_absolute_uri(static("img/favicon.svg")),
    )
    return HttpResponse(
        description, content_type="application/opensearchdescription+xml; charset=utf-8"
    )


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def cite(request: HttpRequest, number: str, article: str, form: str) -> HttpResponse:
    """Hand out an article that everybody may read as reference managers take it in."""
    found = (
        ArticlePage.objects.published()
        .filter(issue__issuepage__number=number, number=article)
        .select_related("issue__issuepage__imprint")
        .with_bylines()
        .prefetch_related("bylines__contributor")
        .for_contents()
        .first()
    )
    if found is None:
        raise Http404("没有这篇文章。")
    issue = found.issue.issuepage
    write, media_type = CITATIONS[form]
    answer = HttpResponse(write(article_facts(found, issue, request)), content_type=media_type)
    name = f"{issue.imprint.name}第{number}期第{article}篇.{form}"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def issue_qr(request: HttpRequest, number: str) -> HttpResponse:
    """Draw the address of an issue that everybody may read, to be taken from a screen or paper."""
    issue = IssuePage.objects.published().filter(number=number).first()
    if issue is None:
        raise Http404("没有这一期。")
    return _drawn(request, issue, f"第{number}期")


@require_safe
@conditional_page
def article_qr(request: HttpRequest, number: str, article: str) -> HttpResponse:
    """Draw the address of an article that everybody may read; 410 for one that was withdrawn."""
    found = (
        ArticlePage.objects.live()
        .filter(issue__live=True, issue__issuepage__number=number, number=article)
        .open_to()
        .first()
    )
    if found is None:
        raise Http404("没有这篇文章。")
    if found.is_withdrawn:
        answer = HttpResponse(
            "本文已撤稿。\n",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.GONE,
            headers={"X-Robots-Tag": "noindex"},
        )
        # It may be given back to the readers (articles.views.withdrawn).
        patch_cache_control(answer, no_cache=True)
        return answer
    answer = _drawn(request, found, f"第{number}期第{article}篇")
    patch_cache_control(answer, public=True, max_age=HOUR)
    return answer


def _drawn(request: HttpRequest, page: IssuePage | ArticlePage, title: str) -> HttpResponse:
    address = request.build_absolute_uri(page.get_url(request))
    return HttpResponse(qr_code(address, title), content_type=MEDIA_TYPE)
