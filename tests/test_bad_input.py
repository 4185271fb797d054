"""What a sloppy editor or an attacker may send: a clear Chinese word or a 404, never a 500."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from articles.models import ArticlePage
from desk.review.signing import SigningRefused, sign_article
from issues.models import IssuePage, NewspaperPage
from issues.publishing import publish_issue
from newsroom.models import Imprint
from tests import forms
from tests.factories import make_article, make_imprint, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def paper() -> NewspaperPage:
    make_imprint()
    return NewspaperPage.objects.get()


@pytest.fixture
def editor() -> Client:
    """An editor whose browser shows a 500 as such."""
    client = Client(raise_request_exception=False)
    client.force_login(make_user("编辑"))
    return client


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


def is_chinese(text: str) -> bool:
    """Tell whether a message is in Chinese and has no English word in it."""
    words = set(re.findall("[A-Za-z]{3,}", text)) - {"JavaScript"}
    return bool(re.search("[一-鿿]", text)) and not words


def words_of(answer: HttpResponse) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def post_issue(client: Client, paper: NewspaperPage, number: str, day: str) -> HttpResponse:
    data = forms.new_issue(1, day, Imprint.objects.get().pk) | {"number": number}
    return client.post(forms.add_url(paper, IssuePage), data)


# Issues.


@pytest.mark.parametrize(
    "number", ["", "0", "-1", "450", "100000", "9" * 40, "4.5", "四五一", "1e3", "0x1", "\x00"]
)
def test_an_impossible_number_is_told_in_chinese(
    paper: NewspaperPage, editor: Client, number: str
) -> None:
    make_issue(450)

    answer = post_issue(editor, paper, number, "2022-08-09")

    assert answer.status_code == 200
    assert is_chinese(forms.errors_of(answer)), forms.errors_of(answer)
    assert IssuePage.objects.count() == 1


@pytest.mark.parametrize(
    "day",
    ["", "1900-12-31", "2101-01-01", "0000-00-00", "2022-02-30", "99999-01-01", "后天", "\x00"],
)
def test_an_impossible_date_is_told_in_chinese(
    paper: NewspaperPage, editor: Client, day: str
) -> None:
    answer = post_issue(editor, paper, "451", day)

    assert answer.status_code == 200
    assert is_chinese(forms.errors_of(answer)), forms.errors_of(answer)
    assert not IssuePage.objects.exists()


@pytest.mark.parametrize("day", ["1901-01-01", "2100-12-31"])
def test_the_first_and_the_last_possible_day_work(
    paper: NewspaperPage, editor: Client, reader: Client, day: str
) -> None:
    assert post_issue(editor, paper, "99999", day).status_code == 302
    issue = IssuePage.objects.get()
    make_article(issue, signed=True)
    publish_issue(issue=issue, by=None)

    for address in ("/", "/99999/", f"/archive/{day[:4]}/"):
        assert reader.get(address).status_code == 200
    assert reader.get(f"/{day}/").status_code == 302


def test_an_issue_changed_to_a_number_in_use_is_told_in_chinese(editor: Client) -> None:
    make_issue(450)
    issue = make_issue(451)

    answer = editor.post(forms.edit_url(issue), {**forms.edit_form(editor, issue), "number": "450"})

    assert "这个期号已经用过" in forms.errors_of(answer)


def test_an_issue_that_was_out_keeps_its_number_which_is_its_address(editor: Client) -> None:
    issue = make_public_issue(450)
    IssuePage.objects.filter(pk=issue.pk).update(live=False)

    answer = editor.post(forms.edit_url(issue), {**forms.edit_form(editor, issue), "number": "460"})

    assert "期号就是它的网址" in forms.errors_of(answer)
    assert IssuePage.objects.get().slug == "450"


@pytest.mark.parametrize("folio", ["0", "-1", "40000", "9" * 30, "头版", "\x00"])
def test_an_impossible_folio_of_an_issue_is_told_in_chinese(editor: Client, folio: str) -> None:
    issue = make_issue(451)
    row = {"number": folio, "name": "", "responsible_editor": "", "id": "", "ORDER": "1"}
    data = forms.edit_form(editor, issue) | {"folios-TOTAL_FORMS": "1"}

    answer = editor.post(
        forms.edit_url(issue), data | {f"folios-0-{name}": value for name, value in row.items()}
    )

    assert answer.status_code == 200
    assert is_chinese(forms.errors_of(answer)), forms.errors_of(answer)


def test_an_issue_without_articles_can_be_previewed_and_read_but_not_published(
    editor: Client, reader: Client
) -> None:
    issue = make_issue(451)

    preview = editor.get(reverse("wagtailadmin_pages:view_draft", args=[issue.pk]))
    assert (preview.status_code, "本期暂无文章" in words_of(preview)) == (200, True)

    IssuePage.objects.filter(pk=issue.pk).update(live=True)
    assert "本期暂无文章" in words_of(reader.get("/451/"))
    assert reader.get("/archive/").status_code == 200


def test_an_issue_is_copied_by_nobody(editor: Client) -> None:
    issue = make_issue(451)
    answer = editor.post(
        reverse("wagtailadmin_pages:copy", args=[issue.pk]),
        {"new_title": "副本", "new_slug": "452", "new_parent_page": issue.get_parent().pk},
    )

    assert answer.status_code in (302, 403)
    assert "权限" in forms.messages_of(answer)
    assert IssuePage.objects.count() == 1


# Titles.

RLO, BOM, ZWSP = "\u202e", "\ufeff", "\u200b"


@pytest.mark.parametrize(
    ("title", "stored"),
    [
        ("棋", "棋"),
        ("长" * 255, "长" * 255),
        ("上行\r\n下行", None),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (f"翻{RLO}转", "翻转"),
        (f"{BOM}看不{ZWSP}见", "看不见"),
        ("🀄象棋👨‍👩‍👧", None),
        ("{{ 7|add:7 }}{% now 'Y' %}", "{{ 7|add:7 }}{% now 'Y' %}"),
        ("  前后有空格  ", "前后有空格"),
    ],
)
def test_a_strange_title_is_cleaned_signed_and_shown_as_text(
    editor: Client, reader: Client, title: str, stored: str | None
) -> None:
    issue = make_issue(451)
    answer = editor.post(forms.add_url(issue, ArticlePage), forms.new_article(title))
    assert answer.status_code == 302
    article = ArticlePage.objects.get()
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=None)

    assert stored is None or article.title == stored
    assert not set(article.title) & {RLO, BOM, ZWSP, "\n", "\r"}
    for address in ("/", "/451/", "/451/1/", "/archive/"):
        shown = reader.get(address).content.decode()
        assert "<script>alert" not in shown
        assert RLO not in shown
    assert article.title in BeautifulSoup(reader.get("/451/1/").content, "html.parser").h1.text or (
        stored is None
    )


@pytest.mark.parametrize("title", ["长" * 500, "空\x00字", "", "　 ", f"{ZWSP}{BOM}{RLO}"])
def test_a_title_that_cannot_be_printed_is_told_in_chinese(editor: Client, title: str) -> None:
    issue = make_issue(451)

    answer = editor.post(forms.add_url(issue, ArticlePage), forms.new_article(title))

    assert answer.status_code == 200
    assert is_chinese(forms.errors_of(answer)), forms.errors_of(answer)
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kicker", "长" * 101),
        ("subhead", "长" * 151),
        ("standfirst", "长" * 301),
        ("kicker", "\x00"),
        ("standfirst", "\x00"),
        ("folio", "0"),
        ("folio", "-3"),
        ("folio", "40000"),
        ("folio", "9" * 30),
        ("folio", "头版"),
        ("folio", ""),
        ("section", "99999"),
        ("prominence", "特大"),
        ("bylines-0-name", "长" * 51),
        ("bylines-0-name", "\x00"),
        ("bylines-0-role", "社长"),
    ],
)
def test_an_impossible_field_of_an_article_is_told_in_chinese(
    editor: Client, field: str, value: str
) -> None:
    issue = make_issue(451)

    answer = editor.post(forms.add_url(issue, ArticlePage), {**forms.new_article(), field: value})

    assert answer.status_code == 200
    assert is_chinese(forms.errors_of(answer)), forms.errors_of(answer)
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("folio", ["0", "-3", "40000", "9" * 30, "头版", ""])
def test_an_impossible_folio_of_an_old_article_changes_nothing(editor: Client, folio: str) -> None:
    article = make_article(make_issue(451))

    answer = editor.post(
        forms.edit_url(article), {**forms.edit_form(editor, article), "folio": folio}
    )

    assert answer.status_code in (200, 302)
    told = forms.errors_of(answer) if answer.status_code == 200 else forms.messages_of(answer)
    assert is_chinese(told), told
    assert ArticlePage.objects.get().folio == 1


# Bodies.


def contentstate(text: str) -> str:
    """Return what the text editor posts for a paragraph, with every escape JSON allows."""
    block = {
        "key": "abcde",
        "type": "unstyled",
        "text": text,
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    return json.dumps({"blocks": [block], "entityMap": {}})


@pytest.mark.parametrize(
    "text",
    [
        "坏\x00字",
        "半个表情\ud83d",
        "\ude00半个表情",
        f"{RLO}倒着读",
        "<script>alert(1)</script>",
        "]]>&amp;&#0;",
        "\x01\x08\x0b\x1f",
    ],
)
def test_strange_characters_in_the_text_are_refused_in_chinese_or_shown_as_text(
    editor: Client, reader: Client, text: str
) -> None:
    issue = make_issue(451)
    data = forms.new_article() | {"body-0-value": contentstate("正文。" + text)}

    answer = editor.post(forms.add_url(issue, ArticlePage), data)

    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert is_chinese(forms.errors_of(answer)), forms.errors_of(answer)
        return
    article = ArticlePage.objects.get()
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=None)
    shown = reader.get("/451/1/")
    assert shown.status_code == 200
    assert "<script>alert" not in shown.content.decode()
    assert "正文。" in words_of(shown)


@pytest.mark.parametrize("kind", ["crosshead", "note"])
def test_a_null_character_in_another_block_is_told_in_chinese(editor: Client, kind: str) -> None:
    issue = make_issue(451)
    data = forms.new_article() | forms.body_data([(kind, "空\x00字")])

    answer = editor.post(forms.add_url(issue, ArticlePage), data)

    assert answer.status_code == 200
    assert is_chinese(forms.errors_of(answer)), forms.errors_of(answer)
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("script", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_runs_a_script_does_not_reach_the_reader(reader: Client, script: str) -> None:
    issue = make_issue(451)
    body = [("paragraph", f'<p><a href="{script}">点这里</a></p>')]
    make_article(issue, body=body, signed=True)
    publish_issue(issue=issue, by=None)

    shown = reader.get("/451/1/").content.decode()

    assert "点这里" in shown
    assert script not in shown


@pytest.mark.parametrize("blocks", [[], [("paragraph", "")], [("paragraph", "<p></p><p>　</p>")]])
def test_an_empty_body_is_a_draft_that_cannot_be_signed(
    editor: Client, blocks: list[tuple[str, str]]
) -> None:
    issue = make_issue(451)
    data = {**forms.new_article(), "body-count": "0"} | forms.body_data(blocks)

    assert editor.post(forms.add_url(issue, ArticlePage), data).status_code == 302
    article = ArticlePage.objects.get()

    with pytest.raises(SigningRefused) as refused:
        sign_article(article=article, revision=article.get_latest_revision(), by=None)
    assert is_chinese(str(refused.value))
    for screen, pk in (
        ("wagtailadmin_pages:view_draft", article.pk),
        ("wagtailadmin_explore", issue.pk),
    ):
        assert editor.get(reverse(screen, args=[pk])).status_code == 200


def test_a_body_of_two_hundred_thousand_characters_is_created_signed_and_read(
    editor: Client, reader: Client
) -> None:
    issue = make_issue(451)
    paragraphs = "".join(f"<p>{n:04}{'棋逢对手将遇良才' * 62}</p>" for n in range(400))
    assert len(paragraphs) > 200_000

    answer = editor.post(forms.add_url(issue, ArticlePage), forms.new_article(text=paragraphs))
    assert answer.status_code == 302
    article = ArticlePage.objects.get()
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=None)

    shown = reader.get("/451/1/").content.decode()
    assert shown.count("棋逢对手将遇良才") >= 400 * 62
    for address in ("/", "/451/"):
        assert len(reader.get(address).content) < 60_000, "only the opening is shown in lists"
    assert editor.get(forms.edit_url(article)).status_code == 200


# What is gone, and who comes second.


def test_an_article_whose_issue_is_gone_is_not_found_at_any_address(reader: Client) -> None:
    issue = make_public_issue(451)
    article = ArticlePage.objects.get()
    chief = Client(raise_request_exception=False)
    chief.force_login(make_user("总编", is_superuser=True))
    data = forms.edit_form(chief, article)
    draft_of_issue = forms.edit_form(chief, issue)
    Page.objects.get(pk=issue.pk).delete()

    assert reader.get("/451/1/").status_code == 404
    for answer in (
        chief.post(forms.edit_url(article), data),
        chief.post(forms.edit_url(issue), draft_of_issue),
        chief.post(forms.add_url(issue, ArticlePage), forms.new_article()),
        chief.post(reverse("desk_recall", args=[article.pk])),
        chief.post(reverse("issue_publish", args=[issue.pk]), {"act": "publish"}),
        chief.post(reverse("wagtailadmin_pages:set_page_position", args=[article.pk])),
    ):
        assert answer.status_code == 404
        assert is_chinese(words_of(answer)), words_of(answer)


def test_the_second_of_two_editors_is_told_in_chinese_before_anything_is_overwritten(
    editor: Client,
) -> None:
    article = make_article(make_issue(451))
    second = Client()
    second.force_login(make_user("编辑"))
    mine, theirs = forms.edit_form(editor, article), forms.edit_form(second, article)
    editor.post(forms.edit_url(article), {**mine, "title": "先保存的"})

    answer = second.post(
        forms.edit_url(article),
        {**theirs, "title": "后保存的"},
        headers={"accept": "application/json"},
    ).json()

    assert (answer["success"], answer["error_code"]) == (False, "invalid_revision")
    assert is_chinese(answer["error_message"])
    latest = ArticlePage.objects.get().get_latest_revision_as_object()
    assert latest.title == "先保存的"


def test_a_deliberate_second_save_keeps_the_first_in_the_history(editor: Client) -> None:
    article = make_article(make_issue(451))
    second = Client()
    second.force_login(make_user("编辑"))
    mine, theirs = forms.edit_form(editor, article), forms.edit_form(second, article)

    editor.post(forms.edit_url(article), {**mine, "title": "先保存的"})
    second.post(forms.edit_url(article), {**theirs, "title": "后保存的"})

    titles = [revision.content["title"] for revision in article.revisions.order_by("pk")]
    assert titles[1:] == ["先保存的", "后保存的"]


# Addresses.


@pytest.mark.parametrize(
    "address",
    [
        "/0450/",
        "/450/99/",
        "/450/0/",
        "/450/01/",
        "/450/-1/",
        "/450/1/1/",
        "/450/x/",
        "/４５０/",
        "/四百五十/",
        "/450/１/",
        "/2022-13-40/",
        "/2022-02-30/",
        "/0000-00-00/",
        "/9999-99-99/",
        "/２０２２-08-02/",
        "/2022-8-2/",
        "/archive/0000/",
        "/archive/99999/",
        "/archive/1899/",
        "/archive/２０２２/",
        "/archive/2０２２/",
        "/archive/2022/08/",
        "/archive/-2022/",
        "/%00/",
        "/450%00/",
        "/450/1%00/",
        "/archive/%00/",
        "/%ff/",
        "/%ff%fe%00/",
        "/450/%ff/",
        "/%F0%9F%80%84/",
        "/" + "9" * 400 + "/",
        "/" + "a/" * 300,
        "/" + "长" * 700 + "/",
        "/archive/" + "9" * 500 + "/",
        "/450/../../etc/passwd",
        "/450//1/",
        "/media/../hzgy/settings/base.py",
        "/media/%2e%2e/manage.py",
        "/wp-login.php",
        "/.env",
        "/450/1/?" + "x=1&" * 500,
        "/404/?next=%00&q=%ff",
    ],
)
def test_an_address_that_leads_nowhere_is_not_found_in_chinese(
    reader: Client, address: str
) -> None:
    make_public_issue(450)

    answer = reader.get(address)

    if address.startswith("/450/1/?"):
        assert answer.status_code == 200
        return
    assert answer.status_code in (400, 404)
    assert is_chinese(words_of(answer)), words_of(answer)


@pytest.mark.parametrize("name", [f"{'长' * 100}.jpg", "长/" * 3000])
def test_a_name_that_no_file_can_have_is_not_found(reader: Client, name: str) -> None:
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    answer = reader.get(f"/media/{name}")
    assert answer.status_code == 404
    assert is_chinese(words_of(answer)), words_of(answer)


def test_an_address_without_its_slash_leads_to_the_one_with_it(reader: Client) -> None:
    make_public_issue(450)
    for address in ("/450", "/450/1", "/archive", "/archive/2022"):
        answer = reader.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (301, address + "/")


# Methods.

READER_PAGES = ["/", "/450/", "/450/1/", "/archive/", "/archive/2022/", "/2022-08-02/"]
STATEMENTS = ["/about/", "/accessibility/"]


@pytest.mark.parametrize("address", READER_PAGES + STATEMENTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_sent_to_a_page_for_reading(reader: Client, address: str, method: str) -> None:
    make_public_issue(450)

    assert reader.generic(method, address, b"x=1").status_code == 405


@pytest.mark.parametrize("address", READER_PAGES + STATEMENTS)
def test_a_head_request_answers_like_a_get_without_the_text(reader: Client, address: str) -> None:
    make_public_issue(450)

    answer = reader.head(address)

    assert answer.status_code == reader.get(address).status_code
    assert answer.content == b""


def test_a_foreign_form_posted_to_a_page_is_refused_in_chinese() -> None:
    make_public_issue(450)
    stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)

    answer = stranger.post("/450/", {"x": "1"})

    assert answer.status_code in (403, 405)
    assert not answer.content or is_chinese(words_of(answer)), words_of(answer)
