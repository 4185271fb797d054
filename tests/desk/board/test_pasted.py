"""A pasted article becomes a draft, its lines as guessed or as the editor decided."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.models import ArticlePage
from issues.models import IssuePage
from newsroom.models import Contributor, Section
from tests.factories import make_issue, make_user

from .asking import BY_SCRIPT, client_of, found, page_of, printed, told

pytestmark = pytest.mark.django_db

TEXT = """市第十届职工运动会 中国象棋比赛在建德举行
——29支代表队参加

　　7月27日，比赛在建德市寿昌江畔的寿昌工人文化宫开赛，来自全市的29支代表队参加。

以棋会友
　　“以棋会友，增进友谊。”杭州市公交集团包敏华说。
（记者 张晓燕 通讯员 刘魏）
"""


@pytest.fixture
def issue() -> IssuePage:
    return make_issue(451)


@pytest.fixture
def client(issue: IssuePage):
    return client_of(make_user("编辑"))


def paste(client, issue: IssuePage, act: str, by_script: bool = True, **fields):
    headers = BY_SCRIPT if by_script else {}
    return client.post(
        reverse("desk_board_paste", args=[issue.pk]), {"act": act, **fields}, headers=headers
    )


def choices_in(answer) -> dict[str, object]:
    """Return what the lines would post as they are shown."""
    page = page_of(answer)
    return {
        "of": found(page, "[name=of]")["value"],
        "part": [option["value"] for option in page.select("[name=part] option[selected]")],
    }


def test_the_lines_are_shown_with_what_they_are_taken_for(issue: IssuePage, client) -> None:
    answer = paste(client, issue, "read", text=TEXT)

    shown = [option.text for option in page_of(answer).select("[name=part] option[selected]")]
    assert shown == ["主题", "副题", "正文", "小标题", "正文", "署名"]
    assert printed(issue) == []


def test_a_paste_becomes_a_draft_in_the_chosen_place(issue: IssuePage, client) -> None:
    section = Section.objects.create(name="文体", slug="sport")

    answer = paste(client, issue, "add", text=TEXT, folio="2", section=section.pk)

    assert answer.status_code == 200
    article = ArticlePage.objects.get()
    assert article.title == "市第十届职工运动会 中国象棋比赛在建德举行"
    assert article.subhead == "——29支代表队参加"
    assert (article.folio, article.section, article.live) == (2, section, False)
    assert [(block.block_type, str(block.value)) for block in article.body] == [
        ("paragraph", str(article.body[0].value)),
        ("crosshead", "以棋会友"),
        ("paragraph", str(article.body[2].value)),
    ]
    assert article.body[0].value.source.startswith("<p>7月27日，比赛")
    assert [(b.name, b.role) for b in article.bylines.all()] == [
        ("张晓燕", "reporter"),
        ("刘魏", "correspondent"),
    ]
    assert Contributor.objects.filter(name="刘魏").exists()
    assert article.get_latest_revision_as_object().title == article.title


def test_what_the_editor_decided_counts(issue: IssuePage, client) -> None:
    chosen = choices_in(paste(client, issue, "read", text=TEXT))
    chosen["part"] = ["kicker", "title", "paragraph", "paragraph", "dropped", "byline"]

    paste(client, issue, "add", text=TEXT, **chosen)

    article = ArticlePage.objects.get()
    assert article.kicker == "市第十届职工运动会 中国象棋比赛在建德举行"
    assert article.title == "——29支代表队参加"
    assert [block.block_type for block in article.body] == ["paragraph"]
    assert "包敏华" not in article.body[0].value.source


def test_parts_chosen_for_another_text_are_shown_again_and_not_used(
    issue: IssuePage, client
) -> None:
    chosen = choices_in(paste(client, issue, "read", text=TEXT))

    answer = paste(client, issue, "add", by_script=False, text=TEXT + "又一行。", **chosen)

    assert "文字改过了" in told(answer)
    assert "又一行。" in found(page_of(answer), "textarea").text
    assert printed(issue) == []


def test_without_a_script_it_is_a_page_with_one_more_button(issue: IssuePage, client) -> None:
    assert client.get(reverse("desk_board_paste", args=[issue.pk])).status_code == 200
    seen = paste(client, issue, "read", by_script=False, text=TEXT)
    assert found(page_of(seen), "textarea").text.strip() == TEXT.strip()

    answer = paste(client, issue, "add", by_script=False, text=TEXT, **choices_in(seen))

    article = ArticlePage.objects.get()
    assert answer.headers["Location"] == (
        reverse("desk_board", args=[issue.pk]) + f"#row-{article.pk}"
    )


@pytest.mark.parametrize("by_script", [True, False])
def test_the_next_one_can_be_pasted_at_once(issue: IssuePage, client, by_script: bool) -> None:
    answer = paste(client, issue, "add-more", by_script=by_script, text=TEXT, folio="3")

    page = page_of(answer)
    assert answer.status_code == 200
    assert "已放进第451期第3版" in told(answer)
    assert found(page, "textarea").text.strip() == ""
    assert found(page, "form[data-paste] [name=folio] option[selected]")["value"] == "3"


def test_text_without_a_headline_borrows_its_first_words(issue: IssuePage, client) -> None:
    body = "7月27日，比赛在建德市寿昌江畔的寿昌工人文化宫开赛，来自全市的29支代表队参加。"

    paste(client, issue, "add", text=f"{body}\n{body}")

    article = ArticlePage.objects.get()
    assert article.title.startswith("7月27日，比赛在建德")
    assert "没有认出标题" in article.remarks.get().text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": ""}, "没有可用的文字"),
        ({}, "没有可用的文字"),
        ({"text": " \n\u3000"}, "没有可用的文字"),
        ({"text": "\x00\u202e"}, "没有可用的文字"),
        ({"text": "甲" * 60_001}, "一次只粘贴一篇"),
        ({"text": "甲\n" * 1_001}, "一次只粘贴一篇"),
        ({"text": TEXT, "folio": "0"}, "版次从1到99"),
        ({"text": TEXT, "section": "x"}, "栏目已经不在了"),
    ],
)
@pytest.mark.parametrize("act", ["add", "add-more"])
def test_what_cannot_become_an_article_is_refused_and_kept(
    issue: IssuePage, client, fields: dict[str, str], reason: str, act: str
) -> None:
    answer = paste(client, issue, act, **fields)

    assert answer.status_code in (400, 403)
    assert reason in told(answer)
    assert printed(issue) == []
    kept = found(page_of(answer), "textarea").text
    assert kept.split() == fields.get("text", "").split()


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("kicker", "引题有300字"),
        ("title", "主题有300字"),
        ("subhead", "副题有300字"),
        ("crosshead", "小标题"),
        ("byline", "不像姓名"),
    ],
)
def test_a_line_too_long_for_its_part_is_refused(
    issue: IssuePage, client, part: str, reason: str
) -> None:
    text = f"标题\n{'甲' * 300}"
    chosen = choices_in(paste(client, issue, "read", text=text))
    chosen["part"] = ["title" if part != "title" else "paragraph", part]

    answer = paste(client, issue, "add", text=text, **chosen)

    assert answer.status_code == 403
    assert reason in told(answer)
    assert printed(issue) == []


@pytest.mark.parametrize("part", ["", "x", "\x00", "甲" * 10_000])
def test_garbled_parts_are_not_believed(issue: IssuePage, client, part: str) -> None:
    chosen = choices_in(paste(client, issue, "read", text=TEXT))
    chosen["part"] = [part] * 6

    answer = paste(client, issue, "add", text=TEXT, **chosen)

    assert "文字改过了" in told(answer)
    assert printed(issue) == []


def test_markup_in_a_paste_stays_words(issue: IssuePage, client) -> None:
    paste(
        client,
        issue,
        "add",
        text="标题<b>\n<script>alert(1)</script>这是一段正文，写得很长很长很长。",
    )

    article = ArticlePage.objects.get()
    assert article.title == "标题<b>"
    assert "<script>" not in article.body[0].value.source
    assert "&lt;script&gt;" in article.body[0].value.source
