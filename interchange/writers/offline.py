"""Write an issue as pages in a folder, which open from a USB stick.

They need no server, no script and no network. They say what the site's pages say, in their classes
and with their style sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from articles.story import Story
from issues.front_page import FolioSheet, FrontPage, SectionRun
from newsroom.lunar import printed_date

from ..for_readers import folio_of, folio_title, front_page, shown, title_of
from ..schema import Article, Issue, check
from .illustrations import Illustration, illustrations
from .links import Links, web_address
from .markup import Markup, element, join
from .xhtml import (
    CORRECTIONS,
    Setting,
    colophon,
    copy,
    corrections,
    figure,
    headline,
    label,
    leading,
    lines_of_date,
    rows_of_corrections,
    standfirst,
    telephone,
    titles,
)
from .zipped import zip_of

__all__ = ["write_offline"]

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
SHEETS = ("tokens.css", "base.css", "components.css", "print.css")  # in the order they are loaded
FRONT = "index.html"
LONGEST_NAME_IN_LARGE_TYPE = 4  # as templates/components/masthead.html


def write_offline(issue: Issue, *, picture: Callable[[str], bytes], site: str = "") -> bytes:
    """Return a zip with the front page (``index.html``), a page per article, pictures and styles.

    ``site`` is where links within the paper lead (https://…); without it they become plain words.
    The same issue gives the same bytes. Raises SchemaError and IllustrationRefused.
    """
    check(issue)
    folder = f"issue-{issue.number}"
    return zip_of((f"{folder}/{name}", content) for name, content in _files(issue, picture, site))


def _files(issue: Issue, picture: Callable[[str], bytes], site: str) -> Iterator[tuple[str, bytes]]:
    edition = _Edition(
        issue,
        front_page(issue, lambda article: _page(article.number)),
        illustrations(issue, picture),
        Links(issue, front=FRONT, page=_page, site=site),
    )
    yield FRONT, _html(issue, title_of(issue), *_front(edition))
    for place, article in enumerate(issue.articles):
        title = f"{shown(article)(article.title)} - {title_of(issue)}"
        yield _page(article.number), _html(issue, title, *_article(edition, place))
    for sheet in SHEETS:
        yield f"css/{sheet}", (STYLES / sheet).read_bytes()
    for illustration in edition.pictures.values():
        yield f"images/{illustration.name}", illustration.content


def _page(number: int) -> str:
    return f"{number}.html"


@dataclass(frozen=True, slots=True)
class _Edition:
    """An issue with what its pages share."""

    issue: Issue
    front: FrontPage
    pictures: dict[str, Illustration]
    links: Links


def _html(issue: Issue, title: str, header: str, *main: str) -> bytes:
    """Return a whole page: skip link, header, main part, imprint."""
    imprint = issue.imprint
    printed = colophon(issue)
    rights = f"版权所有 © {imprint.publisher}" if imprint.publisher else ""
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("title", f"{title} - {imprint.name}"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            *(element("link", rel="stylesheet", href=f"css/{sheet}") for sheet in SHEETS),
        ),
        element(
            "body",
            element("a", "跳到正文", class_="skip-link", href="#main"),
            element(
                "div",
                _way_home(),
                header,
                element("main", *main, class_="main", id="main", tabindex=-1),
                element("section", printed, class_="colophon", aria_label="出版信息"),
                class_="sheet",
            ),
            element(
                "footer",
                element("p", rights, class_="site-footer__line") if rights else "",
                class_="site-footer",
            ),
        ),
        lang="zh-Hans",
    )
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _way_home() -> Markup:
    link = element("a", "本期头版", class_="site-nav__link", href=FRONT)
    return element(
        "nav",
        element("ul", element("li", link), class_="site-nav__list"),
        class_="site-nav",
        aria_label="本期",
    )


# The front page


def _front(edition: _Edition) -> Iterator[Markup]:
    issue, front = edition.issue, edition.front
    yield _masthead(edition)
    if front.shows_folios:
        yield _folio_nav(front.folios)
    for folio in front.folios:
        # Headings go down from the folio to the section to the story, leaving out none.
        level = 3 if front.shows_folios else 2
        runs = join(*(_run(edition, run, level) for run in folio.sections))
        if front.shows_folios:
            runs = element("section", _folio_head(folio), runs, class_="folio")
        yield runs
    if front.stories:
        yield _contents(front.stories)
    else:
        yield element("p", "本期暂无文章。", class_="empty")
    if any(article.corrections for article in issue.articles):
        yield element(
            "section",
            element("h2", "本期更正", class_="issue-corrections__title", id=CORRECTIONS),
            rows_of_corrections(issue, _page),
            class_="issue-corrections",
            aria_labelledby=CORRECTIONS,
        )


def _masthead(edition: _Edition) -> Markup:
    imprint = edition.issue.imprint
    if imprint.nameplate:
        plate = edition.pictures[imprint.nameplate]
        name = element(
            "img",
            class_="nameplate__image",
            src=f"images/{plate.name}",
            width=plate.width,
            height=plate.height,
            alt=imprint.name,
        )
    else:
        name = element("span", imprint.name, class_="nameplate__name")
    long = " nameplate--long" if len(imprint.name) > LONGEST_NAME_IN_LARGE_TYPE else ""
    submissions = web_address(imprint.submissions_url)
    left = (
        element("p", imprint.strap, class_="ear__strap") if imprint.strap else "",
        _ear("出版：", imprint.publisher),
        _ear(
            "准印证号：",
            element("span", imprint.permit_number, class_="keep") if imprint.permit_number else "",
        ),
        _ear("", imprint.circulation_notice),
    )
    right = (
        _ear("新闻热线：", telephone(imprint.hotline)),
        _ear(
            "投稿网址：",
            leading(imprint.submissions_url, submissions, "ear__url"),
        ),
    )
    return element(
        "header",
        element(
            "div",
            element(
                "h1",
                element("span", "《", class_="unseen"),
                name,
                element("span", f"》{title_of(edition.issue)}", class_="unseen"),
                class_=f"nameplate{long}",
            ),
            element("div", *left, class_="ear ear--left"),
            element("div", *right, class_="ear ear--right"),
            class_="masthead__plate",
        ),
        lines_of_date(edition.issue),
        class_="masthead",
    )


def _ear(said: str, fact: str) -> Markup:
    return element("p", said, fact, class_="ear__line") if fact else Markup()


def _folio_nav(folios: tuple[FolioSheet, ...]) -> Markup:
    links = (
        element(
            "a",
            folio_title(folio.number, folio.name),
            class_="folio-nav__link",
            href=f"#folio-{folio.number}",
        )
        for folio in folios
    )
    return element(
        "nav",
        element("ul", *(element("li", link) for link in links), class_="folio-nav__list"),
        class_="folio-nav",
        aria_label="版面",
    )


def _folio_head(folio: FolioSheet) -> Markup:
    name = element("span", folio.name, class_="folio-head__name") if folio.name else ""
    return element(
        "div",
        element(
            "h2",
            element("span", f"第{folio.number}版", class_="folio-head__number"),
            " " if name else "",
            name,
            class_="folio-head__title",
            id=f"folio-{folio.number}",
        ),
        element("p", f"责任编辑：{folio.responsible_editor}", class_="folio-head__editor")
        if folio.responsible_editor
        else "",
        class_="folio-head",
    )


def _run(edition: _Edition, run: SectionRun, level: int) -> Markup:
    name = element("span", run.name, class_="run__label")
    inner = level + 1 if run.name else level
    return element(
        "section",
        element(f"h{level}", name, class_="run__name") if run.name else "",
        element(
            "div",
            *(_story(story, inner, edition.pictures) for story in run.stories),
            class_="run__stories",
        ),
        class_="run",
    )


def _story(story: Story, level: int, pictures: dict[str, Illustration]) -> Markup:
    link = element("a", headline(story.headline_lines), class_="story__link", href=story.url)
    corrected = element("a", "有更正", class_="corrected", href=f"{story.url}#{CORRECTIONS}")
    byline = element("span", f"（{story.byline}）", class_="story__byline") if story.byline else ""
    more = element("span", "［全文］", class_="story__more", aria_hidden="true")
    begins = join(story.opening, more, " ") if story.opening else ""
    pictured = " story--pictured" if story.photo else ""
    return element(
        "article",
        element(
            "hgroup",
            element("p", story.kicker, class_="story__kicker") if story.kicker else "",
            element(f"h{level}", link, class_="story__headline"),
            element("p", story.subhead, class_="story__subhead") if story.subhead else "",
            element("p", corrected, class_="story__corrected") if story.corrected else "",
            class_="story__titles",
        ),
        figure(story.photo, pictures) if story.photo else "",
        element("p", begins, byline, class_="story__opening") if begins or byline else "",
        class_=f"story story--{story.prominence}{pictured}",
    )


# An article


def _article(edition: _Edition, place: int) -> Iterator[Markup]:
    issue, article = edition.issue, edition.issue.articles[place]
    yield _folio_line(issue, article)
    yield element(
        "div",
        element(
            "article",
            label(article.section),
            titles(article),
            corrections(article),
            standfirst(article),
            copy(article, Setting(edition.pictures, edition.links)),
            _origin(issue, article),
            _pager(edition.front.stories, place),
            class_="reading__article",
        ),
        _contents(edition.front.stories, current=article.number),
        class_="reading",
    )


def _folio_line(issue: Issue, article: Article) -> Markup:
    return element(
        "header",
        element("a", issue.imprint.name, class_="folio-line__name", href=FRONT),
        element("p", folio_of(issue, article), class_="folio-line__folio"),
        lines_of_date(issue),
        class_="folio-line",
    )


def _origin(issue: Issue, article: Article) -> Markup:
    printed = f"《{issue.imprint.name}》{printed_date(issue.date)} {title_of(issue)}"
    return element(
        "p",
        "原载",
        element("a", printed, class_="origin__link", href=FRONT),
        f" {folio_of(issue, article)}",
        class_="origin",
    )


def _pager(stories: tuple[Story, ...], place: int) -> Markup:
    before, after = stories[max(place - 1, 0) : place], stories[place + 1 : place + 2]
    links = [
        element(
            "a",
            element("span", said, class_="pager__label"),
            " ",
            element("span", story.headline, class_="pager__title"),
            class_=f"pager__link pager__link--{which}",
            rel=rel,
            href=story.url,
        )
        for (which, rel, said), neighbours in (
            (("previous", "prev", "上一篇"), before),
            (("next", "next", "下一篇"), after),
        )
        for story in neighbours
    ]
    if not links:
        return Markup()
    return element("nav", *links, class_="pager", aria_label="上一篇和下一篇")


def _contents(stories: tuple[Story, ...], current: int | None = None) -> Markup:
    items = [
        element(
            "li",
            element(
                "a",
                headline(story.headline_lines),
                *((" ", element("span", "有更正", class_="corrected")) if story.corrected else ()),
                class_="contents__link",
                href=story.url,
                aria_current="page" if story.number == current else None,
            ),
            class_="contents__item",
        )
        for story in stories
    ]
    return element(
        "nav",
        element("h2", "本期要目", class_="contents__title", id="contents"),
        element("ol", *items, class_="contents__list"),
        class_="contents",
        aria_labelledby="contents",
    )
