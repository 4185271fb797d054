"""Say how an issue in the plain form stands before its readers: what the site's pages show.

The rules are those of the site, and where they are code, the same code: display of punctuation,
lines of headlines, names, openings, the arrangement on folios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from articles.bylines import line_of_names
from articles.story import OPENING, Story, weigh
from issues.front_page import FolioHead, FrontPage, lay_out
from newsroom.cjk import full_width, headline_lines, opening
from newsroom.lunar import printed_date, weekday

from .schema import (
    Article,
    Byline,
    Correction,
    CorrectionKind,
    Gallery,
    Issue,
    Paragraph,
    Passage,
    Photo,
    Role,
    photos_of,
)

Show = Callable[[str], str]

ROLES = {
    Role.NONE: "",
    Role.REPORTER: "记者",
    Role.CORRESPONDENT: "通讯员",
    Role.SPECIAL_CORRESPONDENT: "特约记者",
    Role.WRITER: "文",
    Role.PHOTOGRAPHER: "摄影",
    Role.EDITOR: "编辑",
    Role.TRANSLATOR: "编译",
}
HOTLINE, SUBMISSIONS, MAILBOX = "新闻热线", "投稿网址", "投稿邮箱"
KINDS = {
    CorrectionKind.CORRECTION: "更正",
    CorrectionKind.SUPPLEMENT: "补充说明",
    CorrectionKind.APOLOGY: "致歉",
}


def for_readers(issue: Issue) -> Issue:
    """Return ``issue`` without what is the newsroom's own: remarks, and who bears a name."""
    return replace(
        issue,
        articles=tuple(
            replace(
                article,
                remarks=(),
                bylines=tuple(Byline(name=line.name, role=line.role) for line in article.bylines),
            )
            for article in issue.articles
        ),
    )


def title_of(issue: Issue) -> str:
    """Return what an issue is called: 第450期."""
    return f"第{issue.number}期"


def date_line(issue: Issue) -> tuple[str, ...]:
    """Return the parts of the date line: 2022年8月2日, 星期二, 农历壬寅年七月初五, 第450期."""
    lunar = f"农历{issue.lunar_date}" if issue.lunar_date else ""
    parts = (printed_date(issue.date), weekday(issue.date), lunar, title_of(issue))
    return tuple(filter(None, parts))


def folio_title(number: int, name: str = "") -> str:
    """Return what a folio is called: 第2版 要闻."""
    return f"第{number}版 {name}".rstrip()


def folio_of(issue: Issue, article: Article) -> str:
    """Return what the folio of an article is called."""
    names = {folio.number: folio.name for folio in issue.folios}
    return folio_title(article.folio, names.get(article.folio, ""))


def imprint_lines(issue: Issue) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the imprint as printed: lines of facts, each with its name; empty ones left out."""
    imprint = issue.imprint
    lines = (
        (("出版", imprint.publisher), ("准印证号", imprint.permit_number)),
        (("社址", imprint.address), ("邮编", imprint.postcode)),
        (
            (HOTLINE, imprint.hotline),
            (SUBMISSIONS, imprint.submissions_url),
            (MAILBOX, imprint.submissions_email),
        ),
        (("责任编辑", issue.responsible_editor),),
        (("", imprint.circulation_notice),),
    )
    told = (tuple((name, fact) for name, fact in line if fact) for line in lines)
    return tuple(filter(None, told))


def shown(article: Article) -> Show:
    """Return the display rule of the article: full-width punctuation, or the copy as it stands."""
    return str if article.verbatim_punctuation else full_width


def byline_of(article: Article) -> str:
    """Return the names under an article as printed, without brackets."""
    return line_of_names((ROLES[line.role], line.name) for line in article.bylines)


def newest_first(article: Article) -> tuple[Correction, ...]:
    """Return the corrections of an article, the last one first."""
    return article.corrections[::-1]


def as_shown(photo: Photo, show: Show) -> Photo:
    """Return a photo with the display rule applied to its words."""
    return Photo(photo.file, show(photo.caption), show(photo.credit), show(photo.alt))


def front_page(issue: Issue, address: Callable[[Article], str]) -> FrontPage:
    """Arrange the articles of an issue; ``address`` tells where each can be read."""
    weights = weigh([article.prominence.value for article in issue.articles])
    return lay_out(
        (
            _story(article, weight, address(article))
            for article, weight in zip(issue.articles, weights, strict=True)
        ),
        [FolioHead(folio.number, folio.name, folio.responsible_editor) for folio in issue.folios],
    )


def _story(article: Article, prominence: str, address: str) -> Story:
    show = shown(article)
    photos = _leading_photos(article.body)
    paragraphs = [passage.text for passage in article.body if isinstance(passage, Paragraph)]
    return Story(
        number=article.number,
        url=address,
        headline=show(article.title),
        headline_lines=headline_lines(show(article.title)),
        kicker=show(article.kicker),
        subhead=show(article.subhead),
        byline=byline_of(article),
        opening=show(article.standfirst or opening(paragraphs, OPENING[prominence])),
        prominence=prominence,
        folio=article.folio,
        section=article.section,
        photo=next((as_shown(photo, show) for photo in photos), None),
        corrected=bool(article.corrections),
    )


def _leading_photos(body: tuple[Passage, ...]) -> Iterator[Photo]:
    for passage in body:
        if isinstance(passage, Photo | Gallery):
            yield from photos_of(passage)
