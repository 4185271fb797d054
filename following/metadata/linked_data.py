"""Put facts as linked data (JSON-LD, schema.org), for a data block in the head of a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .facts import LANGUAGE, Article, Issue, Name, Paper, Part, Picture, Recording, is_person

__all__ = ["about_article", "about_folio", "about_issue", "data_block"]

Node = dict[str, Any]

LONGEST_HEADLINE = 110  # what search engines take
MOST_PARTS = 40
# What a parser of HTML, or of JavaScript, would read as something else inside a script element.
UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def data_block(node: Node) -> str:
    """Return ``node`` as JSON that can stand inside a script element as it is."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE)


def about_article(article: Article) -> Node:
    """Return an article with its issue and its newspaper, and the way down to it."""
    issue, paper = article.issue, article.issue.paper
    news = {
        "@type": "NewsArticle",
        "@id": f"{article.url}#article",
        "url": article.url,
        "mainEntityOfPage": article.url,
        "headline": shortened(article.headline, LONGEST_HEADLINE),
        "alternativeHeadline": " ".join(filter(None, (article.kicker, article.subhead))),
        "description": article.description,
        "author": [_author(name) for name in article.authors] or [_organization(paper)],
        "contributor": [_author(n) for n in article.names if n not in article.authors],
        "publisher": _organization(paper),
        "datePublished": issue.date.isoformat(),
        "dateModified": article.changed.isoformat() if article.changed else "",
        "image": article.picture.url if article.picture else "",
        "audio": _audio(article.recording) if article.recording else "",
        "articleSection": article.section,
        "printPage": str(article.folio),
        "pageStart": article.folio,
        "inLanguage": LANGUAGE,
        "isAccessibleForFree": True,
        "isPartOf": _issue(issue),
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": correction.text,
                "datePublished": correction.date.isoformat(),
            }
            for correction in article.corrections
        ],
    }
    return _graph(news, _way(paper, (issue.title, issue.url), (article.headline, article.url)))


def about_issue(issue: Issue, parts: Sequence[Part], picture: Picture | None) -> Node:
    """Return an issue with its newspaper and what stands in it, and the way to it."""
    node = {
        **_issue(issue),
        "dateModified": issue.changed.isoformat() if issue.changed else "",
        "image": picture.url if picture else "",
        "publisher": _organization(issue.paper),
        "isAccessibleForFree": True,
        "hasPart": [
            {
                "@type": "NewsArticle",
                "@id": f"{part.url}#article",
                "headline": shortened(part.headline, LONGEST_HEADLINE),
                "url": part.url,
            }
            for part in parts[:MOST_PARTS]
        ],
    }
    return _graph(node, _way(issue.paper, (issue.title, issue.url)))


def about_folio(issue: Issue, title: str, url: str) -> Node:
    """Return the way to a printed page of an issue."""
    return _graph(_way(issue.paper, (issue.title, issue.url), (title, url)))


def shortened(text: str, most: int) -> str:
    """Return ``text``, or so much of it that it has ``most`` characters with the ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _graph(*nodes: Node) -> Node:
    told = [{key: value for key, value in n.items() if value not in ("", [])} for n in nodes]
    return {"@context": "https://schema.org", "@graph": told}


def _newspaper(paper: Paper) -> Node:
    node: Node = {
        "@type": "Newspaper",
        "@id": f"{paper.url}#newspaper",
        "name": paper.name,
        "url": paper.url,
        "inLanguage": LANGUAGE,
    }
    if paper.publisher:
        node["publisher"] = _organization(paper)
    if paper.permit_number:
        # An internal paper has no ISSN; this is what it is printed by leave of.
        node["identifier"] = {
            "@type": "PropertyValue",
            "propertyID": "准印证号",
            "value": paper.permit_number,
        }
    return node


def _organization(paper: Paper) -> Node:
    return {"@type": "Organization", "name": paper.publisher or paper.name}


def _issue(issue: Issue) -> Node:
    return {
        "@type": "PublicationIssue",
        "@id": f"{issue.url}#issue",
        "url": issue.url,
        "name": issue.title,
        "issueNumber": str(issue.number),
        "datePublished": issue.date.isoformat(),
        "inLanguage": LANGUAGE,
        "isPartOf": _newspaper(issue.paper),
    }


def _author(name: Name) -> Node:
    node = {"@type": "Person" if is_person(name.plain) else "Organization", "name": name.plain}
    if name.label and node["@type"] == "Person":
        node["jobTitle"] = name.label
    if name.url:
        node["url"] = name.url
    return node


def _audio(recording: Recording) -> Node:
    return {
        "@type": "AudioObject",
        "contentUrl": recording.url,
        "encodingFormat": recording.media_type,
        "duration": recording.duration,
        "contentSize": str(recording.size),
        "inLanguage": LANGUAGE,
    }


def _way(paper: Paper, *steps: tuple[str, str]) -> Node:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": name,
                "item": {"@type": "WebPage", "@id": url},
            }
            for place, (name, url) in enumerate(((paper.name, paper.url), *steps), start=1)
        ],
    }
