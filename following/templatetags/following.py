"""What the head of a page tells machines, how an article is cited, how a page is passed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from issues.models import IssuePage
from newsroom.querysets import is_open_to_everybody

from ..metadata.cards import Tag, alternates, article_card, card, citation, issue_card
from ..metadata.facts import Part
from ..metadata.gathering import article_facts, issue_facts, paper_facts, recording_facts
from ..metadata.linked_data import about_article, about_folio, about_issue, data_block
from ..metadata.pictures import card_picture, first_photo, shared_picture
from ..sharing import wechat
from ..sharing.cards import alt_of_article, alt_of_issue

register = template.Library()

HEAD = "following/head.html"


@register.inclusion_tag("following/offline/head.html")
def offline_head() -> dict[str, Any]:
    """Let browsers install the paper and keep what was read, unless OFFLINE is off."""
    return {"is_offered": settings.OFFLINE}


@register.inclusion_tag("components/take_along.html")
def take_along(issue: IssuePage) -> dict[str, Any]:
    """Offer to keep an issue on the reader's device."""
    return {"url": f"/{issue.number}/offline.json" if settings.OFFLINE else ""}


@register.inclusion_tag(HEAD, takes_context=True)
def page_head(context: Context) -> dict[str, Any]:
    """Tell of a page that is no article, issue or folio; of one without an address, nothing."""
    address = context.get("canonical_url")
    if not address:
        return {}
    request, imprint = context["request"], context.get("paper") or None
    paper = paper_facts(imprint, request)
    return _head(
        address,
        card(
            title=context.get("page_title") or paper.name,
            url=address,
            site_name=paper.name,
            description=context.get("page_description") or "",
            picture=shared_picture(request, _nameplate(imprint)),
        ),
    )


@register.inclusion_tag(HEAD, takes_context=True)
def article_head(context: Context) -> dict[str, Any]:
    """Tell of an article that everybody may read."""
    article, issue, request = context["article"], context["issue"], context["request"]
    if not _is_for_machines(context, article):
        return {}
    reading = context["reading"]
    photo = shared_picture(request, [first_photo(reading.passages)])
    alt = alt_of_article(issue, reading.headline)
    facts = article_facts(
        article,
        issue,
        request,
        description=context["page_description"],
        folio_name=reading.folio_name,
        picture=photo or card_picture(context["canonical_url"], alt),
        recording=recording_facts(article, request),
    )
    data = data_block(about_article(facts))
    return _head(facts.url, chain(article_card(facts), citation(facts)), data)


@register.inclusion_tag(HEAD, takes_context=True)
def issue_head(context: Context) -> dict[str, Any]:
    """Tell of an issue that everybody may read."""
    issue, request = context["issue"], context["request"]
    if not _is_for_machines(context, issue):
        return {}
    facts = issue_facts(issue, request)
    picture = card_picture(facts.url, alt_of_issue(issue))
    parts = [
        Part(story.headline, request.build_absolute_uri(story.url))
        for story in context["front"].stories
    ]
    data = data_block(about_issue(facts, parts, picture))
    return _head(facts.url, issue_card(facts, context["page_description"], picture), data)


@register.inclusion_tag(HEAD, takes_context=True)
def folio_head(context: Context) -> dict[str, Any]:
    """Tell of a printed page that everybody may see."""
    issue, request = context["issue"], context["request"]
    if not _is_for_machines(context, issue):
        return {}
    facts, address = issue_facts(issue, request), context["canonical_url"]
    page = (context["image"], context["image_alt"])
    tags = card(
        title=f"{facts.paper.name} {facts.title} {context['title']}",
        url=address,
        site_name=facts.paper.name,
        description="；".join(story.headline for story in context["stories"][:6]),
        picture=shared_picture(request, (page, *_nameplate(issue.imprint))),
    )
    return _head(address, tags, data_block(about_folio(facts, context["title"], address)))


@register.inclusion_tag("following/citation.html", takes_context=True)
def citation_files(context: Context) -> dict[str, Any]:
    """Offer an article that everybody may read to reference managers."""
    article = context["article"]
    if not _is_for_machines(context, article):
        return {}
    return {"address": article.get_url(context["request"]).rstrip("/")}


@register.simple_tag(takes_context=True)
def qr_address(context: Context) -> str:
    """Return where the QR code of an article or issue is that everybody may read; else nothing."""
    page = context.get("article") or context["issue"]
    if not _is_for_machines(context, page):
        return ""
    return f"{page.get_url(context['request'])}qr.svg"


def _head(address: str, tags: Iterable[Tag], data: str = "") -> dict[str, Any]:
    return {
        "tags": tuple(map(_element, tags)),
        "languages": alternates(address),
        "data": _trusted(data),
        # Where there is something to share: an issue, an article, a printed page.
        "wechat": settings.WECHAT_SCRIPT if data and wechat.is_offered() else "",
    }


def _element(tag: Tag) -> SafeString:
    # Of what is in it, only the content is not ours.
    content = escape(tag.content)
    return mark_safe(f'<meta {tag.attribute}="{tag.name}" content="{content}">')  # noqa: S308


def _trusted(data: str) -> SafeString:
    # data_block leaves no sign in it that could end the element.
    return mark_safe(data)  # noqa: S308


def _is_for_machines(context: Context, page: Any) -> bool:
    """Whether everybody gets what this page shows: no preview, nothing behind a password."""
    request: HttpRequest = context["request"]
    return bool(context.get("canonical_url")) and is_open_to_everybody(page, request)


def _nameplate(imprint: Any) -> Iterator[tuple[Any, str]]:
    if imprint is not None and imprint.nameplate_id:
        yield imprint.nameplate, f"《{imprint.name}》报头"
