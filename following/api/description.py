"""Describe the API: as OpenAPI for programs, and from the same words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import uri_to_iri

from articles.models import ArticlePage, Byline
from interchange.json_schema import describe

from . import problems, reading, schemas
from .router import api

REF = "#/components/schemas/"


def openapi(request: HttpRequest) -> dict[str, Any]:
    """Return the description of the API at the address it was asked at."""
    server = request.build_absolute_uri(reverse("api:api-root"))
    return {**_document(), "servers": [{"url": server.rstrip("/")}]}


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/"))
    known: dict[str, Any] = document["components"]["schemas"]
    known |= _schemas_of_issues()
    known["ProblemAnswer"] = _schema(schemas.ProblemAnswer, known)
    known["ArticleAnswer"]["properties"]["article"] = {"$ref": f"{REF}Article"}
    for path, operations in document["paths"].items():
        # What HEAD answers is what GET answers, without its body.
        del operations["head"]
        operation = operations["get"]
        operation["operationId"] = operation["operationId"].rpartition("_")[2]
        operation["responses"] |= dict(_problems(operation, path))
    whole = document["paths"]["/issues/{number}/"]["get"]["responses"][200]
    whole["content"] = {"application/json": {"schema": {"$ref": f"{REF}Issue"}}}
    return document


def _schema(model: type[schemas.Schema], known: dict[str, Any]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=REF + "{model}")
    known |= schema.pop("$defs", {})
    return schema


def _schemas_of_issues() -> dict[str, Any]:
    """Return docs/issue.schema.json as components: what an issue and its articles look like."""

    def moved(thing: Any) -> Any:
        if isinstance(thing, dict):
            return {
                key: value.replace("#/$defs/", REF) if key == "$ref" else moved(value)
                for key, value in thing.items()
            }
        return [moved(item) for item in thing] if isinstance(thing, list) else thing

    issue = moved(describe())
    parts: dict[str, Any] = issue.pop("$defs")
    del issue["$schema"]
    return {**parts, "Issue": issue}


def _problems(operation: dict[str, Any], path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    statuses = [429]
    if "{" in path:
        statuses.append(404)
    if operation["parameters"]:
        statuses.append(422)
    if path == "/issues/{number}/":
        statuses.append(503)
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": f"{REF}ProblemAnswer"}}}
    for status in sorted(statuses):
        yield status, {"description": problems.TITLES[status], "content": content}


# For people.


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an address."""

    name: str
    meaning: str
    required: bool
    default: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the API, with one that can be tried on this paper."""

    address: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    example: str

    @property
    def example_in_words(self) -> str:
        """The example as a person writes it."""
        return str(uri_to_iri(self.example))


def endpoints(request: HttpRequest) -> tuple[Endpoint, ...]:
    """Return the addresses of the API, each with an example that works on this paper."""
    tried = _examples(request)
    root = reverse("api:api-root").rstrip("/")
    return tuple(
        Endpoint(
            address=root + path,
            summary=operations["get"]["summary"],
            paragraphs=tuple(operations["get"]["description"].split("\n\n")),
            parameters=tuple(
                Parameter(
                    name=each["name"],
                    meaning=each["schema"].get("description", ""),
                    required=each["required"],
                    default=str(each["schema"].get("default") or ""),
                )
                for each in operations["get"]["parameters"]
                if each["in"] == "query"
            ),
            example=tried.get(path, ""),
        )
        for path, operations in _document()["paths"].items()
    )


def _examples(request: HttpRequest) -> dict[str, str]:
    """Return an address to try for each path, as far as this paper has something there."""
    newest = ArticlePage.objects.published().newest_first().with_issues().with_bylines()
    article = newest.defer("body", "standfirst").first()
    found = {
        "/issues/": reading.api_url(request, "issues", limit=3),
        "/articles/": reading.api_url(request, "articles", limit=3),
        "/contributors/": reading.api_url(request, "contributors", limit=3),
        "/sections/": reading.api_url(request, "sections"),
        "/corrections/": reading.api_url(request, "corrections"),
    }
    if article is not None:
        issue = article.issue.issuepage
        word = re.search("[\u4e00-\u9fff]{2}", article.title)
        found |= {
            "/issues/": reading.api_url(request, "issues", year=issue.date.year, limit=3),
            "/issues/{number}/": reading.api_url(request, "issue", issue.number),
            "/issues/{number}/articles/{article}/": reading.api_url(
                request, "article", issue.number, article.number
            ),
            "/issues/{number}/folios/": reading.api_url(request, "folios", issue.number),
            "/search/": reading.api_url(request, "search", q=word[0] if word else article.title),
        }
    published = ArticlePage.objects.published().values("pk")
    signed = Byline.objects.in_own_name().filter(article__in=published).first()
    if signed is not None:
        found["/contributors/{key}/"] = reading.api_url(
            request, "contributor", signed.contributor_id
        )
    return found
