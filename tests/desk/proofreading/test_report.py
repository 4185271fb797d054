"""The report of an issue: complete, at the right places, cheap, and never out of date."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePage
from desk.models import BannedWord, ProofreadingSettings, WordRule
from desk.proofreading import checking
from desk.proofreading.gathering import articles_of, copies_of, header_of
from desk.proofreading.report import NO_IMPRINT, Standing, report
from desk.review.signing import recall_article, sign_article
from interchange.pages import dump_issue
from issues.models import IssuePage
from newsroom.models import Imprint
from tests.factories import make_article, make_issue, make_sample
from tests.newsroom.test_photos import make_photo

pytestmark = pytest.mark.django_db

GOOD = "7月27日，比赛在建德开赛。"
DOUBLED = "请设计师设计设计新的标志。"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def issue() -> IssuePage:
    return make_issue()


def quotes(found: tuple[Standing, ...]) -> list[str]:
    return [standing.alarm.place.quote for standing in found]


def codes(issue: IssuePage, *, signed: bool = False) -> list[str]:
    return [standing.alarm.code for standing in report(issue, signed=signed).standings]


def rewrite(article: ArticlePage, text: str) -> ArticlePage:
    """Save another text as a new draft."""
    latest = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    latest.body = [("paragraph", f"<p>{text}</p>")]
    if not article.live:
        latest.save(clean=False)
    latest.save_revision()
    return ArticlePage.objects.get(pk=article.pk)


def test_the_copy_is_the_same_as_in_an_export() -> None:
    """What the report reads from the rows is what the whole interchange makes of the pages."""
    issue = make_sample()
    exported = dump_issue(issue)
    for signed in (False, True):
        copies = copies_of(articles_of(issue, signed=signed), signed=signed)
        for copy, article in zip(copies, exported.articles, strict=True):
            for name in ("number", "kicker", "title", "subhead", "standfirst", "folio", "section"):
                assert getattr(copy.article, name) == getattr(article, name)
            assert copy.article.body == article.body
            assert [(b.name, b.role) for b in copy.article.bylines] == [
                (b.name, b.role) for b in article.bylines
            ]
    header, has_imprint = header_of(issue)
    assert has_imprint
    for name in ("number", "date", "lunar_date", "responsible_editor", "folios"):
        assert getattr(header, name) == getattr(exported, name)
    assert header.imprint.permit_number == exported.imprint.permit_number


def test_every_kind_of_block_is_read(issue: IssuePage) -> None:
    photos = [make_photo(), make_photo(), make_photo()]
    values = [{"image": photo, "caption": "说明", "credit": "", "alt": ""} for photo in photos]
    block = ArticlePage.body.field.stream_block.child_blocks["table"].child_blocks["table"]
    table = block.to_python(
        {
            "columns": [{"type": "text", "heading": "名次"}],
            "rows": [{"values": ["第一名"]}],
            "caption": "",
        }
    )
    body = [
        ("paragraph", "<p>第一段。</p><h2>小标题</h2><p>第<b>二</b>段。</p>"),
        ("crosshead", "又一个小标题"),
        ("photo", values[0]),
        ("gallery", values[1:]),
        ("quote", {"text": "以棋会友。", "source": "包敏华"}),
        ("table", {"caption": "名次表", "table": table}),
        ("note", "本文数据截至7月底。"),
    ]
    make_article(issue, body=body)
    copies = copies_of(articles_of(issue, signed=False), signed=False)
    exported = dump_issue(issue).articles[0].body
    read = copies[0].article.body
    assert [type(passage) for passage in read] == [type(passage) for passage in exported]
    assert read[:4] == exported[:4]
    assert read[6:] == exported[6:]
    ids = [b.id for b in ArticlePage.objects.get().get_latest_revision_as_object().body]
    assert copies[0].block_ids == (*ids[:1] * 3, *ids[1:])
    assert [copies[0].line_of(place) for place in range(4)] == [0, 1, 2, 0]


def test_an_alarm_leads_to_its_place(issue: IssuePage) -> None:
    article = make_article(issue, text=f"{GOOD}\n{DOUBLED}")
    found = next(s for s in report(issue).standings if s.alarm.place.quote == "设计设计")
    assert (found.article_pk, found.article_title) == (article.pk, article.title)
    assert found.alarm.place.passage == 1
    editor = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert found.url == f"{editor}#check-{found.alarm.key}"


def test_levels_and_counts(issue: IssuePage) -> None:
    BannedWord.objects.create(word="残废人", reason="应称残疾人")
    one = make_article(issue, text=f"{DOUBLED}\n残废人可以报名。")
    two = make_article(issue, "另一篇", text="没有问题。")
    found = report(issue)
    assert "残废人" in quotes(found.blocks)
    assert "设计设计" in quotes(found.warnings)
    counts = found.count_by_article
    assert counts[one.pk].blocks == 1
    assert counts[one.pk].warnings >= 1
    assert two.pk not in counts or not counts[two.pk].blocks
    assert found.counts.total == len(found.standings)
    assert set(found.of_article(one.pk).standings) < set(found.standings)


def test_an_issue_without_imprint_is_reported(issue: IssuePage) -> None:
    make_article(issue, text=DOUBLED)
    latest = issue.get_latest_revision_as_object()
    latest.imprint = None
    latest.save_revision(clean=False)
    found = report(issue)
    imprint = [s for s in found.blocks if s.alarm.place.field == "imprint"]
    assert [s.alarm.code for s in imprint] == [NO_IMPRINT]
    assert imprint[0].url.startswith(reverse("wagtailadmin_pages:edit", args=[issue.pk]))
    assert "设计设计" in quotes(found.warnings)


def test_a_draft_with_things_missing_is_reported(issue: IssuePage) -> None:
    article = make_article(issue)
    revision = article.get_latest_revision()
    revision.content |= {"title": "", "kicker": None, "body": "", "bylines": None}
    revision.save()
    found = report(issue)
    assert {"no-body", "no-byline"} <= set(codes(issue))
    assert {s.article_pk for s in found.standings} >= {article.pk}


def test_what_lies_in_old_revisions_breaks_nothing(issue: IssuePage) -> None:
    article = make_article(issue)
    revision = article.get_latest_revision()
    photo = {"type": "photo", "value": {"image": 999_999}, "id": "a"}
    odd = [photo, {"type": "gone", "value": {"x": 1}, "id": "b"}, {"type": "photo", "value": None}]
    revision.content |= {"body": odd, "bylines": [{"name": "甲", "role": "no-such-role"}]}
    revision.save()
    assert "no-body" in codes(issue)


def test_an_issue_without_articles_is_reported(issue: IssuePage) -> None:
    assert report(issue).count_by_article.keys() <= {None}


def test_what_is_withdrawn_is_not_checked(issue: IssuePage) -> None:
    article = make_article(issue, text=DOUBLED, signed=True)
    assert "设计设计" in quotes(report(issue).warnings)
    ArticlePage.objects.filter(pk=article.pk).update(withdrawn_at=timezone.now())
    assert article.pk not in {s.article_pk for s in report(issue).standings}


# Signed and unsigned versions


def test_the_signed_version_is_checked_apart_from_a_newer_draft(issue: IssuePage) -> None:
    article = make_article(issue, text=GOOD, signed=True)
    make_article(issue, "没有定稿", text=DOUBLED)
    assert "设计设计" not in quotes(report(issue, signed=True).standings)
    article = rewrite(article, DOUBLED)
    draft = report(issue).of_article(article.pk)
    assert "设计设计" in quotes(draft.standings)
    assert "设计设计" not in quotes(report(issue, signed=True).standings)
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    assert "设计设计" in quotes(report(issue, signed=True).standings)
    recall_article(article=article, by=None)
    assert report(issue, signed=True).of_article(article.pk).standings == ()


# The cache


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the rules were really asked."""
    times: list[str] = []
    real = checking.check_issue

    def count(*args, **kwargs):
        times.append("asked")
        return real(*args, **kwargs)

    monkeypatch.setattr(checking, "check_issue", count)
    return times


def test_the_same_version_is_checked_once(issue: IssuePage, asked: list[str]) -> None:
    make_article(issue, text=DOUBLED)
    assert report(issue) == report(issue)
    assert len(asked) == 1


def test_without_a_cache_the_answer_is_the_same(issue: IssuePage, settings) -> None:
    make_article(issue, text=DOUBLED)
    with_cache = (report(issue), report(issue))
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert with_cache == (report(issue), report(issue))


def change_text(issue: IssuePage, article: ArticlePage) -> None:
    rewrite(article, "又请设计师设计设计。")


def write_over_the_revision(issue: IssuePage, article: ArticlePage) -> None:
    """As autosave does."""
    latest = article.get_latest_revision_as_object()
    latest.body = [("paragraph", f"<p>{GOOD}</p>")]
    latest.save_revision(overwrite_revision=article.get_latest_revision())


def add_word(issue: IssuePage, article: ArticlePage) -> None:
    WordRule.objects.create(wrong="标志", right="标识")


def switch_off(issue: IssuePage, article: ArticlePage) -> None:
    ProofreadingSettings.objects.create(levels={"doubled-word": "off"})


def add_article(issue: IssuePage, article: ArticlePage) -> None:
    make_article(issue, "另一篇", text="也要设计设计。")


def change_date_line(issue: IssuePage, article: ArticlePage) -> None:
    latest = issue.get_latest_revision_as_object()
    latest.lunar_date = "壬寅年七月初一"
    latest.save_revision()


def change_imprint(issue: IssuePage, article: ArticlePage) -> None:
    Imprint.objects.update(permit_number="")


@pytest.mark.parametrize(
    "change",
    [
        *(change_text, write_over_the_revision, add_word, switch_off, add_article),
        *(change_date_line, change_imprint),
    ],
)
def test_whatever_changes_is_seen_at_once(change, issue: IssuePage, asked: list[str]) -> None:
    article = make_article(issue, text=DOUBLED)
    before = report(issue)
    change(issue, article)
    after = report(issue)
    assert len(asked) == 2
    assert before != after


def test_moving_an_article_is_seen(issue: IssuePage, asked: list[str]) -> None:
    article = make_article(issue, text=DOUBLED)
    report(issue)
    ArticlePage.objects.filter(pk=article.pk).update(folio=2)
    report(issue)
    assert len(asked) == 2


# Queries


def queries(issue: IssuePage, *, signed: bool) -> int:
    with CaptureQueriesContext(connection) as seen:
        report(issue, signed=signed)
    return len(seen)


@pytest.mark.parametrize("signed", [False, True])
def test_queries_do_not_grow_with_the_articles(issue: IssuePage, signed: bool) -> None:
    def add() -> None:
        photos = [
            {"image": make_photo(), "caption": "说明", "credit": "", "alt": ""} for _ in range(2)
        ]
        link = f'<p>见<a linktype="page" id="{issue.pk}">本期</a>。</p>'
        body = [("paragraph", link), ("photo", photos[0]), ("gallery", photos)]
        make_article(issue, body=body, names=("甲", "乙"), signed=True)

    add()
    report(issue, signed=signed)
    cache.clear()
    first, again = queries(issue, signed=signed), queries(issue, signed=signed)
    for _ in range(4):
        add()
    assert queries(issue, signed=signed) == first
    assert queries(issue, signed=signed) == again
    assert again < first <= 25
