"""What the API is asked and what it answers; the words are those of its description."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from search.asking import LONGEST

__all__ = [
    "ArticleAnswer",
    "ArticleFilter",
    "ArticleListing",
    "ContributorAnswer",
    "ContributorListing",
    "CorrectionListing",
    "Folios",
    "IssueFilter",
    "IssueListing",
    "ListedArticle",
    "ListedContributor",
    "ListedCorrection",
    "ListedIssue",
    "ListedName",
    "ListedSection",
    "Listing",
    "Paging",
    "Picture",
    "PrintedFolio",
    "ProblemAnswer",
    "SearchFilter",
    "SearchListing",
    "Sections",
]

FIRST_YEAR, LAST_YEAR = 1901, 2100
DATED = "^(?:190[1-9]|19[1-9][0-9]|20[0-9]{2}|2100)-"
LAST_ISSUE = 99_999
LAST_KEY = 2**31 - 1
MOST_ON_A_PAGE = 100
LAST_OFFSET = 10_000


def _dated(value: object) -> object:
    """Refuse what is no day of the paper's time; a mere number would count seconds since 1970."""
    if isinstance(value, str) and not re.match(DATED, value):
        raise ValueError(f"要填{FIRST_YEAR}年到{LAST_YEAR}年之间的日期，如2022-08-02。")
    return value


def _in_shanghai(moment: datetime) -> datetime:
    """Read a moment without a zone as the paper's."""
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Day = Annotated[
    date,
    BeforeValidator(_dated),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DATED}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_dated),
    AfterValidator(_in_shanghai),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": DATED}),
]
Number = Annotated[int, Field(ge=1, le=LAST_ISSUE)]


# What is asked.


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(20, ge=1, le=MOST_ON_A_PAGE, description="一次给出几条")
    offset: int = Field(0, ge=0, le=LAST_OFFSET, description="跳过前面几条")


class IssueFilter(Paging):
    """Which issues."""

    year: Year | None = Field(None, description="出版的年份，如2022")
    number_from: Number | None = Field(None, description="期号从几起")
    number_to: Number | None = Field(None, description="期号到几止")


class ArticleFilter(Paging):
    """Which articles."""

    year: Year | None = Field(None, description="出版的年份，如2022")
    issue: Number | None = Field(None, description="期号")
    section: str | None = Field(
        None, max_length=40, pattern=r"^[a-zA-Z0-9_-]+$", description="栏目的slug，见“栏目”"
    )
    contributor: int | None = Field(None, ge=1, le=LAST_KEY, description="作者的id，见署名")
    since: Day | None = Field(None, description="出版日期从哪天起，如2022-08-02")
    until: Day | None = Field(None, description="出版日期到哪天止")
    updated_since: Moment | None = Field(
        None, description="这个时间以后见报或有更正的，如2022-08-02T09:00:00+08:00"
    )


class SearchFilter(Paging):
    """Which words."""

    q: str = Field(..., min_length=1, max_length=LONGEST, description="检索词，写法与检索页相同")


# What is answered.


class ListedIssue(Schema):
    """An issue in a list."""

    number: int = Field(description="期号")
    title: str = Field(description="如：第450期")
    date: date
    lunar_date: str = Field(description="农历，照报纸所印")
    articles: int = Field(description="篇数")
    url: str = Field(description="读者看的网页")
    api_url: str = Field(description="整期的内容")


class ListedSection(Schema):
    """A section (栏目)."""

    slug: str
    name: str
    articles: int = Field(description="篇数")
    api_url: str = Field(description="这个栏目的稿件")


class ListedName(Schema):
    """A name under an article, as printed."""

    name: str
    role: str = Field(description="reporter记者、correspondent通讯员等；空的只印姓名")
    contributor: int | None = Field(description="作者的id；同一个人的稿件可以由它找到")


class ListedArticle(Schema):
    """An article in a list: its headlines and where it stands."""

    issue: int = Field(description="期号")
    number: int = Field(description="篇号")
    date: date
    kicker: str = Field(description="引题")
    title: str = Field(description="主题")
    subhead: str = Field(description="副题")
    folio: int = Field(description="版次")
    section: str = Field(description="栏目的slug；没有栏目则为空")
    bylines: list[ListedName]
    corrected: bool = Field(description="有没有更正")
    updated: datetime | None = Field(description="见报或最近一次更正的时间")
    url: str = Field(description="读者看的网页")
    api_url: str = Field(description="全文")


class Picture(Schema):
    """A picture of an article or of a folio, in a size for screens."""

    file: str = Field(description="在稿件里的文件名")
    url: str
    width: int
    height: int


class ArticleAnswer(Schema):
    """An article in full; the copy has the form of the issue's JSON."""

    issue: int = Field(description="期号")
    date: date
    updated: datetime | None = Field(description="见报或最近一次更正的时间")
    url: str = Field(description="读者看的网页")
    images: list[Picture]
    article: dict[str, Any]


class HotArea(Schema):
    """Where an article stands on the picture of a folio; described as in the issue's JSON."""

    article: int
    polygon: str


class PrintedFolio(Schema):
    """A folio (版) of an issue."""

    number: int = Field(description="版次")
    name: str = Field(description="版名")
    responsible_editor: str
    url: str = Field(description="读者看的网页")
    image: Picture | None
    pdf: str | None = Field(description="版面PDF")
    articles: list[int] = Field(description="这一版的篇号，照版面的先后")
    hot_areas: list[HotArea]


class ListedCorrection(Schema):
    """A correction, and the article it belongs to."""

    date: date
    kind: str = Field(description="correction更正、supplement补充说明、apology致歉")
    wrong: str = Field(description="见报的原文")
    right: str = Field(description="更正为")
    text: str
    issue: int = Field(description="期号")
    article: int = Field(description="篇号")
    title: str = Field(description="稿件的主题")
    url: str = Field(description="读者看的网页")


class ListedContributor(Schema):
    """Somebody whose name stands under articles, in a list."""

    id: int
    name: str = Field(description="姓名")
    articles: int = Field(description="篇数")
    api_url: str = Field(description="这位作者的稿件")


class ContributorAnswer(Schema):
    """Somebody whose name stands under articles."""

    id: int
    name: str = Field(description="最近一次见报的署名")
    articles: int = Field(description="篇数")
    first: date = Field(description="最早一篇的日期")
    last: date = Field(description="最近一篇的日期")
    api_url: str = Field(description="这位作者的稿件")


class Listing(Schema):
    """Part of a list."""

    count: int = Field(description="一共有几条")
    next: str | None = Field(description="下一页的网址；没有则为null")
    previous: str | None = Field(description="上一页的网址")


class IssueListing(Listing):
    """Issues, newest first."""

    items: list[ListedIssue]


class ArticleListing(Listing):
    """Articles."""

    items: list[ListedArticle]


class SearchListing(ArticleListing):
    """Articles that were found."""

    ignored: list[str] = Field(description="没有参加检索的词：一次最多检索八个")


class ContributorListing(Listing):
    """Contributors, by name."""

    items: list[ListedContributor]


class CorrectionListing(Listing):
    """Corrections, newest first."""

    items: list[ListedCorrection]


class Sections(Schema):
    """All sections that have articles."""

    items: list[ListedSection]


class Folios(Schema):
    """All folios of an issue."""

    items: list[PrintedFolio]


class Fault(Schema):
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class ProblemAnswer(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = Field(None, description="哪个参数错了（只在422时有）")
