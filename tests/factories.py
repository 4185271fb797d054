"""Issues and articles for tests, through the doors of the house; only what matters is given."""

from __future__ import annotations

import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Model
from wagtail.images.tests.utils import get_test_image_file

from accounts.models import User
from articles.copy import Line, Run, write_rich_text
from articles.models import ArticlePage, Byline
from desk.founding import publish_sample
from desk.review.signing import sign_article
from issues.folio_pages import RENDITIONS, PageFile, keep_pages
from issues.models import IssuePage, NewspaperPage
from issues.publishing import publish_issue
from newsroom.models import Imprint, PressPhoto

SAMPLE = settings.BASE_DIR / "content" / "issue-450"
FIRST_DAY = datetime.date(2022, 8, 2)
Made = TypeVar("Made", bound=Model)


def fresh(made: Made) -> Made:
    """Return ``made`` as the database has it: a test may change its own, never what is shared."""
    return type(made)._default_manager.get(pk=made.pk)


def make_sample() -> IssuePage:
    """Return issue 450, published."""
    issue = publish_sample(folder=SAMPLE)
    assert issue is not None
    return IssuePage.objects.get(pk=issue.pk)


def make_page_image(width: int = 800) -> PressPhoto:
    """Return the picture of a printed page, in all its sizes."""
    file = get_test_image_file(size=(width, width * 99 // 70))
    photo = PressPhoto.objects.create(title="版面", file=file)
    photo.get_renditions(*RENDITIONS)
    return photo


def make_printed_sample(width: int = 800) -> IssuePage:
    """Return issue 450 with two printed pages, and two articles on each."""
    issue = make_sample()
    for folio, articles in {1: (1, 2), 2: (3, 4)}.items():
        areas = [
            {"article": article, "polygon": f"10,{top} 90,{top} 90,{top + 20} 10,{top + 20}"}
            for article, top in zip(articles, (10, 50), strict=True)
        ]
        page = PageFile(make_page_image(width), areas=tuple(areas))
        keep_pages(issue=issue, pages={folio: page}, by=None)
    return issue


def make_illustrated_issue(number: int = 451) -> IssuePage:
    """Return a published issue with a printed page, and on it an article with a photo."""
    file = get_test_image_file(filename="match.png", size=(1200, 800))
    image = PressPhoto.objects.create(title="比赛现场", file=file)
    photo = {"image": image, "caption": "比赛现场", "credit": "张三 摄", "alt": "两人对弈"}
    issue = make_issue(number)
    body = [("photo", photo), ("paragraph", "<p>7月27日,比赛在建德开赛。</p>")]
    make_article(issue, body=body, signed=True)
    area = {"article": 1, "polygon": "10,10 90,10 90,60 10,60"}
    keep_pages(issue=issue, pages={1: PageFile(make_page_image(), areas=(area,))}, by=None)
    publish_issue(issue=issue, by=None)
    return IssuePage.objects.get(pk=issue.pk)


def make_user(role: str = "", **fields: Any) -> User:
    """Return a user of a role (编辑, 责任编辑, 总编), or of none; the password is "x"."""
    name = fields.pop("username", None) or f"user{User.objects.count()}"
    named = {"last_name": "王", "first_name": "某", **fields}
    user = User.objects.create_user(name, password="x", **named)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_imprint(**fields: Any) -> Imprint:
    """Return an imprint in force since before every issue of the tests."""
    facts = {
        "name": "杭州工运",
        "publisher": "杭州市总工会",
        "permit_number": "浙企准字第A286号",
        "since": datetime.date(2010, 1, 1),
        **fields,
    }
    return Imprint.objects.create(**facts)


def make_issue(number: int = 451, *, live: bool = False, **fields: Any) -> IssuePage:
    """Return an issue dated a week per number after 450, without articles."""
    facts = {
        "date": FIRST_DAY + datetime.timedelta(days=7 * (number - 450)),
        "imprint": Imprint.objects.current() or make_imprint(),
        **fields,
    }
    issue = IssuePage(number=number, live=False, **facts)
    NewspaperPage.objects.get().add_child(instance=issue)
    issue.save_revision()
    if live:
        IssuePage.objects.filter(pk=issue.pk).update(live=True)
    return IssuePage.objects.get(pk=issue.pk)


def make_article(
    issue: IssuePage,
    title: str = "中国象棋比赛在建德举行",
    *,
    text: str = "7月27日,比赛在建德开赛。",
    names: tuple[str, ...] = ("张晓燕",),
    signed: bool = False,
    **fields: Any,
) -> ArticlePage:
    """Return an article at the end of ``issue``; ``text`` has a paragraph per line."""
    lines = [Line("paragraph", (Run(line),)) for line in text.split("\n")]
    article = ArticlePage(
        title=title,
        live=False,
        body=fields.pop("body", [("paragraph", write_rich_text(lines))]),
        **fields,
    )
    article.bylines = [Byline(sort_order=n, name=name) for n, name in enumerate(names)]
    issue.add_child(instance=article)
    revision = article.save_revision()
    if signed:
        sign_article(article=article, revision=revision, by=None)
    return ArticlePage.objects.get(pk=article.pk)


def make_public_issue(number: int = 451, articles: int = 1, **fields: Any) -> IssuePage:
    """Return a published issue with so many signed articles."""
    issue = make_issue(number, **fields)
    for count in range(articles):
        make_article(issue, f"第{count + 1}条新闻", signed=True)
    publish_issue(issue=issue, by=None)
    return IssuePage.objects.get(pk=issue.pk)
