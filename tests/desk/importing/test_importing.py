"""Copy from outside is read, looked at, decided on step by step, and becomes articles at a word."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import PageLogEntry

from articles.models import ArticlePage
from desk.importing.models import Import
from desk.importing.working import begin_import
from interchange.galley import Block, Galley, Part
from interchange.pages import dump_issue
from interchange.readers.folder import read_folder
from interchange.schema import Photo
from interchange.writers.pdf import write_pdf
from issues.models import IssuePage
from tests.desk.board.asking import BY_SCRIPT, client_of, found, page_of
from tests.factories import SAMPLE, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

SOURCE = (SAMPLE / "provenance" / "source.txt").read_text("utf-8")
TWO = (
    "先进集体受表彰\n\n8月1日,市总工会表彰先进。\n\n(张三)\n\n"
    "职工食堂上新\n\n8月2日,食堂上新菜。\n\n(李四)"
)


@pytest.fixture
def issue() -> IssuePage:
    return make_issue(451)


@pytest.fixture
def editor(issue: IssuePage):
    return make_user("编辑")


@pytest.fixture
def client(editor):
    return client_of(editor)


def start(client, issue: IssuePage, **fields):
    return client.post(reverse("desk_import", args=[issue.pk]), fields)


def begun(client, issue: IssuePage, text: str = TWO) -> Import:
    answer = start(client, issue, text=text)
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


def click(client, importing: Import, act: str, *, seen: int | None = None, **fields):
    seen = importing.steps.last().number if seen is None else seen
    url = reverse("desk_import_review", args=[importing.pk])
    return client.post(url, {"act": act, "seen": seen, **fields})


def block_with(importing: Import, words: str) -> int:
    galley = importing.steps.last().galley
    return next(block.id for block in galley.blocks if words in block.text)


# Coming in


def test_a_pasted_page_is_shown_with_its_articles_and_nothing_is_made(client, issue):
    importing = begun(client, issue, SOURCE)
    page = page_of(client.get(reverse("desk_import_review", args=[importing.pk])))
    assert len(page.select("article.importing-article")) == 4
    assert "侯英帅" in found(page, ".importing-facts").text
    assert "不一样" in found(page, ".importing-facts__differs").text
    assert page.select(".importing-question")
    assert not ArticlePage.objects.exists()


def test_articles_without_a_masthead_are_not_asked_for_one(client, issue):
    importing = begun(client, issue)
    codes = [doubt.code for doubt in importing.steps.last().galley.doubts]
    assert "masthead-missing" not in codes
    with_a_date = begun(client, issue, f"2022年8月2日 星期二\n\n{TWO}")
    codes = [doubt.code for doubt in with_a_date.steps.last().galley.doubts]
    assert "masthead-missing" in codes


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "还没有内容"),
        ({"text": " \n\u3000"}, "还没有内容"),
        ({"text": "\u200b\n\ufeff"}, "没有读到稿件"),
        ({"text": "字\n" * 300_000}, "太长"),
        ({"files": [SimpleUploadedFile("a.exe", b"MZ")]}, "a.exe”不是能读的文件"),
        ({"files": [SimpleUploadedFile("a.txt", b"")]}, ""),
        ({"files": [SimpleUploadedFile("a.txt", b"\xff\xfe\x00")]}, "a.txt"),
        ({"text": "字", "files": [SimpleUploadedFile("a.txt", b"x")]}, "分两次导入"),
        (
            {"files": [SimpleUploadedFile(f"{n}.txt", "标题".encode()) for n in range(21)]},
            "一次最多20个",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(client, issue, fields, reason):
    answer = start(client, issue, **fields)
    assert answer.status_code == 400
    assert reason in found(page_of(answer), ".help-critical").text
    assert not Import.objects.exists()


def test_the_text_of_a_refused_paste_is_still_there(client, issue):
    answer = start(client, issue, text="原文", files=[SimpleUploadedFile("a.txt", b"x")])
    assert found(page_of(answer), "textarea").text.strip() == "原文"


def test_text_files_of_two_encodings_are_read_one_behind_the_other(client, issue):
    first, second = TWO.split("\n\n职工")
    files = [
        SimpleUploadedFile("一.txt", first.encode()),
        SimpleUploadedFile("二.txt", f"职工{second}".encode("gb18030")),
    ]
    assert start(client, issue, files=files).status_code == 302
    importing = Import.objects.get()
    assert importing.title == "一.txt、二.txt"
    assert importing.steps.last().galley.articles == (1, 2)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_whole_issue_in_a_file_becomes_its_four_articles(client, issue, kind):
    theirs = read_folder(SAMPLE)
    if kind == "docx":
        content = (settings.BASE_DIR / "tests/interchange/word_files/issue.docx").read_bytes()
    else:
        content = write_pdf(theirs, picture=lambda name: b"")
    answer = start(client, issue, files=[SimpleUploadedFile(f"整版.{kind}", content)])
    assert answer.status_code == 302, found(page_of(answer), ".help-critical").text
    click(client, Import.objects.get(), "take-in")
    ours = dump_issue(IssuePage.objects.get(number=451)).articles
    assert ["".join(a.title.split()) for a in ours] == [
        "".join(a.title.split()) for a in theirs.articles
    ]
    assert [article.bylines for article in ours] == [a.bylines for a in theirs.articles]


def test_leaving_and_coming_back_keeps_the_work(client, issue):
    importing = begun(client, issue)
    click(client, importing, f"part:{block_with(importing, '食堂上新菜')}:crosshead")
    page = page_of(client.get(reverse("desk_import", args=[issue.pk])))
    assert found(page, ".importing-start__unfinished a")["href"] == reverse(
        "desk_import_review", args=[importing.pk]
    )
    galley = importing.steps.last().galley
    assert galley.block(block_with(importing, "食堂上新菜")).part is Part.CROSSHEAD


# Deciding


def test_a_click_does_one_thing_and_can_be_taken_back(client, issue):
    importing = begun(client, issue)
    before = importing.steps.last().galley
    block = block_with(importing, "职工食堂上新")
    answer = click(client, importing, f"part:{block}:kicker")
    assert answer["Location"].endswith(f"#b{block}")
    assert importing.steps.last().galley.block(block).part is Part.KICKER
    assert importing.steps.last().told == "“职工食堂上新”改为引题"
    click(client, importing, "back")
    assert importing.steps.last().galley == before
    refused = click(client, importing, "back")
    assert refused.status_code == 409
    assert "不能再退" in refused.content.decode()


def test_every_doubt_of_issue_450_is_settled_by_one_click(client, issue):
    importing = begun(client, issue, SOURCE)
    for doubt in importing.steps.last().galley.open_doubts:
        if importing.steps.last().galley.doubts and doubt.choices:
            answer = click(client, importing, f"settle:{doubt.id}:0")
            assert answer.status_code == 302
    assert [d for d in importing.steps.last().galley.open_doubts if d.choices] == []


def test_every_button_on_the_screen_does_something(client, issue):
    importing = begun(client, issue, SOURCE)
    first = importing.steps.last().number
    url = reverse("desk_import_review", args=[importing.pk])
    kinds = {}
    for block in importing.steps.last().galley.blocks[::3]:
        page = page_of(client.get(url, {"block": block.id}))
        for button in page.select(".importing-block button, .importing-article button"):
            act, _, rest = button["value"].partition(":")
            kinds.setdefault((act, rest.partition(":")[2][:5]), button["value"])
    assert len(kinds) > 20
    for value in kinds.values():
        answer = click(client, importing, value)
        assert answer.status_code == 302, (value, page_of(answer).select(".help-critical"))
        importing.steps.filter(number__gt=first).delete()


@pytest.mark.parametrize(
    "act",
    [
        "",
        "part",
        "part:1:nonsense",
        "part:99999:title",
        "settle:1:99",
        "settle:9999:0",
        "split:1:99999",
        "split:1:0",
        "move:1:999",
        "merge:1:999",
        "merge:99999:1",
        "join:99999",
        "drop:1:2",
        "__init__:1",
        "part:1:title; DROP TABLE",
        "part:１:title",
        "x" * 100_000,
    ],
)
def test_what_no_button_says_changes_nothing(client, issue, act):
    importing = begun(client, issue)
    before = importing.steps.last()
    answer = click(client, importing, act)
    assert answer.status_code == 409
    assert found(page_of(answer), ".help-critical").text
    assert importing.steps.last() == before


def test_a_step_on_an_older_state_is_refused_and_the_new_one_shown(client, issue):
    importing = begun(client, issue)
    other = make_user("编辑", last_name="李", first_name="四")
    block = block_with(importing, "职工食堂上新")
    click(client_of(other), importing, f"part:{block}:kicker")
    answer = click(client, importing, f"drop:{block}", seen=1)
    assert answer.status_code == 409
    assert "您刚才点的没有做" in found(page_of(answer), ".help-critical").text
    assert importing.steps.last().galley.block(block).part is Part.KICKER


def test_the_block_whose_tools_are_open_is_marked_in_both_panes(client, issue):
    importing = begun(client, issue)
    block = block_with(importing, "食堂上新菜")
    url = reverse("desk_import_review", args=[importing.pk])
    page = page_of(client.get(url, {"block": block}))
    marked = page.select(".importing-here")
    assert [tag["data-piece"] for tag in marked] == [str(block)] * 2
    assert page.select(f"#b{block} dl")


def test_a_line_of_the_masthead_that_is_worked_on_is_not_folded_away(client, issue):
    importing = begun(client, issue, SOURCE)
    url = reverse("desk_import_review", args=[importing.pk])
    folded = found(page_of(client.get(url)), ".importing-masthead")
    assert not folded.has_attr("open")
    line = block_with(importing, "新闻热线")
    assert found(page_of(client.get(url, {"block": line})), ".importing-masthead[open] dl")
    fields = {"act": f"drop:{line}", "seen": 1}
    page = page_of(client.post(url, fields, headers=BY_SCRIPT))
    assert page.select(f".importing-masthead[open] #b{line}")


def test_a_script_gets_the_changed_part_alone(client, issue):
    importing = begun(client, issue)
    url = reverse("desk_import_review", args=[importing.pk])
    block = block_with(importing, "职工食堂上新")
    answer = client.post(url, {"act": f"part:{block}:kicker", "seen": 1}, headers=BY_SCRIPT)
    page = page_of(answer)
    assert found(page, "form")["data-block"] == f"b{block}"
    assert page.select("nav.sidebar") == []
    assert "改为引题" in found(page, ".importing-bar__told").text


def test_steps_are_kept_for_a_while_only(client, issue):
    importing = begun(client, issue)
    block = block_with(importing, "职工食堂上新")
    for number in range(36):
        click(client, importing, f"part:{block}:{'kicker' if number % 2 else 'subhead'}")
    assert importing.steps.count() == 31


# Becoming articles


def test_confirming_makes_drafts_with_names_and_remarks_and_ends_the_import(client, issue, editor):
    importing = begun(client, issue)
    answer = click(client, importing, "take-in", folio="2")
    assert answer["Location"].startswith(reverse("desk_board", args=[issue.pk]))
    first, second = ArticlePage.objects.child_of(issue).in_print_order()
    assert (first.title, second.title) == ("先进集体受表彰", "职工食堂上新")
    assert (first.folio, first.live, first.owner) == (2, False, editor)
    latest = first.get_latest_revision_as_object()
    assert [byline.name for byline in latest.bylines.all()] == ["张三"]
    assert not Import.objects.exists()
    entry = PageLogEntry.objects.get(action="desk.import")
    assert entry.user == editor
    assert entry.data["articles"] == [first.number, second.number]


def test_issue_450_pasted_and_confirmed_is_its_hand_checked_copy(client, issue):
    importing = begun(client, issue, SOURCE)
    click(client, importing, "take-in")
    ours = dump_issue(IssuePage.objects.get(number=451)).articles
    theirs = read_folder(SAMPLE).articles
    assert [a.title for a in ours] == [a.title for a in theirs]
    assert [a.bylines for a in ours] == [a.bylines for a in theirs]


def test_a_whole_page_becomes_an_issue_of_its_own(issue):
    client = client_of(make_user("总编"))
    importing = begun(client, issue, SOURCE)
    answer = click(client, importing, "take-in-as-issue")
    made = IssuePage.objects.get(number=450)
    assert answer["Location"] == reverse("desk_board", args=[made.pk])
    assert (made.lunar_date, made.responsible_editor) == ("壬寅年七月初五", "侯英帅")
    assert not made.live
    assert ArticlePage.objects.child_of(made).count() == 4
    assert not ArticlePage.objects.child_of(issue).exists()


def test_an_issue_that_there_is_already_is_not_made_again():
    make_public_issue(450)
    client = client_of(make_user("总编"))
    importing = begun(client, make_issue(452), SOURCE)
    page = page_of(client.get(reverse("desk_import_review", args=[importing.pk])))
    assert "建成新的第450期" not in page.text
    answer = click(client, importing, "take-in-as-issue")
    assert answer.status_code == 409
    assert "第450期已经有了" in answer.content.decode()
    assert Import.objects.exists()


def test_what_is_too_long_for_its_place_is_told_and_nothing_is_made(client, issue):
    importing = begun(client, issue, f"先进集体受表彰\n\n{'很长的一段，' * 60}。\n\n(张三)")
    click(client, importing, f"part:{block_with(importing, '很长的一段')}:title")
    answer = click(client, importing, "take-in")
    assert answer.status_code == 409
    assert "主题" in found(page_of(answer), ".help-critical").text
    assert not ArticlePage.objects.exists()
    assert Import.objects.exists()


def test_confirming_twice_makes_the_articles_once(client, issue):
    importing = begun(client, issue)
    seen = importing.steps.last().number
    click(client, importing, "take-in", seen=seen)
    answer = client.post(
        reverse("desk_import_review", args=[importing.pk]), {"act": "take-in", "seen": seen}
    )
    assert answer.status_code == 404
    assert ArticlePage.objects.child_of(issue).count() == 2


def test_giving_up_removes_the_import_and_no_article(client, issue):
    importing = begun(client, issue)
    answer = click(client, importing, "give-up")
    assert answer["Location"] == reverse("desk_board", args=[issue.pk])
    assert not Import.objects.exists()
    assert not ArticlePage.objects.exists()


# Pictures


def test_a_picture_waits_unseen_and_becomes_a_photo(
    client, issue, editor, jpeg, django_capture_on_commit_callbacks
):
    title = Block(1, "比赛开赛", Part.TITLE, 1)
    figure = Block(2, "", Part.FIGURE, 1, passage=Photo("图1.jpg", "现场"))
    importing = begin_import(
        issue=issue,
        by=editor,
        galley=Galley.of([title, figure]),
        title="a.docx",
        pictures={"图1.jpg": jpeg},
    )
    name = importing.pictures.get().file.name
    url = reverse("desk_import_picture", args=[importing.pk, "图1.jpg"])
    shown = client.get(url)
    assert b"".join(shown.streaming_content) == jpeg
    assert "no-store" in shown["Cache-Control"]
    assert client_of(make_user()).get(url).status_code in (302, 403)
    with django_capture_on_commit_callbacks(execute=True):
        click(client, importing, "take-in")
    (article,) = ArticlePage.objects.child_of(issue)
    assert article.body[0].value["image"].title == "图1"
    assert not storages["imports"].exists(name)


# Who may


@pytest.mark.parametrize("role", ["", None])
def test_who_does_not_write_here_comes_no_further(client, issue, role):
    importing = begun(client, issue)
    stranger = client_of(make_user()) if role == "" else client.__class__()
    for url in (
        reverse("desk_import", args=[issue.pk]),
        reverse("desk_import_review", args=[importing.pk]),
    ):
        assert stranger.get(url).status_code in (302, 403)
        assert stranger.post(url, {"act": "give-up", "text": "x"}).status_code in (302, 403)
    assert Import.objects.count() == 1


def test_addresses_of_nothing_are_404(client, issue):
    for url in (
        reverse("desk_import", args=[999_999]),
        reverse("desk_import_review", args=[999_999]),
        f"/admin/desk/imports/{'9' * 30}/",
    ):
        assert client.get(url).status_code == 404
