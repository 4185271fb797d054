"""The addresses of the API, what each takes and what it answers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import register_converter
from django.urls.converters import IntConverter
from django.utils import timezone
from ninja import NinjaAPI, Query, Router
from ninja.renderers import JSONRenderer

from interchange.editions import EditionFailed, edition_of
from interchange.formats import FORMATS
from issues.models import IssuePage

from . import reading, schemas
from .problems import explain, problem

READ = ["GET", "HEAD"]
AN_ISSUE = {"responses": {200: {"description": "OK", "content": {"application/json": {}}}}}


class CountedConverter(IntConverter):
    """A number in an address: in one spelling only, and one that a database can look for."""

    regex = "[1-9][0-9]{0,8}"


class LegibleJSON(JSONRenderer):
    """JSON in which Chinese can be read."""

    json_dumps_params = {"ensure_ascii": False}


register_converter(CountedConverter, "counted")
router = Router()


@router.api_operation(
    READ, "/issues/", summary="各期", response=schemas.IssueListing, url_name="issues"
)
def issues(request: HttpRequest, wanted: Query[schemas.IssueFilter]) -> dict[str, Any]:
    """已经出版的各期，新的在前。"""
    return reading.listing(request, wanted, reading.issues_of(wanted), reading.listed_issues)


@router.api_operation(
    READ, "/issues/{counted:number}/", summary="一期", url_name="issue", openapi_extra=AN_ISSUE
)
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """整期的内容：刊头、出版信息、各版、全部见报稿件的全文和更正。

    与“/期号/issue.json”一字不差，格式见OpenAPI文档里的Issue。
    """
    page = reading.public_issue(number)
    try:
        try:
            content = _json_of(page)
        except FileNotFoundError:  # another process has just made it anew
            content = _json_of(page)
    except EditionFailed as failed:
        wait = max(1, int((failed.next_try - timezone.now()).total_seconds()))
        answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, f"这一期的JSON没有做成：{failed}")
        answer["Retry-After"] = str(wait)
        return answer
    return HttpResponse(content, content_type="application/json")


def _json_of(page: IssuePage) -> bytes:
    with edition_of(page, FORMATS["issue.json"]).file.open("rb") as file:
        return bytes(file.read())


@router.api_operation(
    READ,
    "/issues/{counted:number}/articles/{counted:article}/",
    summary="一篇稿件",
    response=schemas.ArticleAnswer,
    url_name="article",
)
def article(request: HttpRequest, number: int, article: int) -> schemas.ArticleAnswer:
    """一篇见报稿件的全文，格式与整期JSON里的一篇相同，另有各张图片的网址。"""
    return reading.read_article(request, reading.public_issue(number), article)


@router.api_operation(
    READ,
    "/issues/{counted:number}/folios/",
    summary="一期的各版",
    response=schemas.Folios,
    url_name="folios",
)
def folios(request: HttpRequest, number: int) -> dict[str, Any]:
    """各版的版名、版面图、PDF、稿件和热区。"""
    return {"items": reading.folios_of(request, reading.public_issue(number))}


@router.api_operation(
    READ, "/articles/", summary="稿件", response=schemas.ArticleListing, url_name="articles"
)
def articles(request: HttpRequest, wanted: Query[schemas.ArticleFilter]) -> dict[str, Any]:
    """见报的稿件，新的在前，同一期的照版面的先后。

    用updated_since可以只取新见报或有更正的；撤下的稿件不再列出，请对照各期的内容。
    """
    found = reading.for_listing(reading.articles_of(wanted))
    return reading.listing(request, wanted, found, reading.listed_articles)


@router.api_operation(
    READ,
    "/contributors/",
    summary="作者",
    response=schemas.ContributorListing,
    url_name="contributors",
)
def contributors(request: HttpRequest, wanted: Query[schemas.Paging]) -> dict[str, Any]:
    """稿件以本名见报的各位作者，照姓名排。"""
    return reading.listing(request, wanted, reading.contributors(), reading.listed_contributors)


@router.api_operation(
    READ,
    "/contributors/{counted:key}/",
    summary="一位作者",
    response=schemas.ContributorAnswer,
    url_name="contributor",
)
def contributor(request: HttpRequest, key: int) -> schemas.ContributorAnswer:
    """一位作者见报的署名和篇数。"""
    return reading.contributor_of(request, key)


@router.api_operation(
    READ, "/sections/", summary="栏目", response=schemas.Sections, url_name="sections"
)
def sections(request: HttpRequest) -> dict[str, Any]:
    """有见报稿件的各个栏目。"""
    return {"items": reading.sections(request)}


@router.api_operation(
    READ,
    "/corrections/",
    summary="更正",
    response=schemas.CorrectionListing,
    url_name="corrections",
)
def corrections(request: HttpRequest, wanted: Query[schemas.Paging]) -> dict[str, Any]:
    """见报之后的更正、补充说明和致歉，新的在前。"""
    return reading.listing(request, wanted, reading.corrections(), reading.listed_corrections)


@router.api_operation(
    READ, "/search/", summary="检索", response=schemas.SearchListing, url_name="search"
)
def search(request: HttpRequest, wanted: Query[schemas.SearchFilter]) -> dict[str, Any]:
    """含有检索词的见报稿件，最相关的在前。

    写法与检索页相同：空格隔开的词都要有，引号里的连成一句，词前加减号的不要有。

    词太多时，后面的不参加检索，列在ignored里。
    """
    found, ignored = reading.found_by(wanted.q)
    listed = reading.listing(request, wanted, reading.for_listing(found), reading.listed_articles)
    return {**listed, "ignored": ignored}


api = NinjaAPI(
    title="数字报开放接口",
    version="1.0.0",
    description="只读，内容与读者看到的相同；版权所有，转载请注明出处。",
    renderer=LegibleJSON(),
    # Ninja's own pages load scripts from elsewhere.
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", router)
explain(api)
