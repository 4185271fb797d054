"""The screen of one contribution: all of it is there, inert, for those who may, and acts work."""

from __future__ import annotations

import datetime
import io

import docx
import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry as log_registry
from wagtail.models import ModelLogEntry

from accounts.models import User
from articles.models import ArticlePage
from contributions import vault
from contributions.conversion import accept_as_article
from contributions.models import Attachment, Contribution, Kind, Mail, Message, Note, Status
from contributions.uploads import FileKind
from desk.review.signing import sign_article
from newsroom import sealing
from newsroom.models import Contributor
from tests.contributions.factories import make_attachment, make_contribution, make_tip
from tests.factories import make_issue, make_public_issue, make_user
from tests.forms import messages_of
from tests.test_admin_in_chinese import english_in, shown_by

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>"
    " {{ request.user }} {% debug %} \u202egnp.exe\u200b"
)
ACTS = [
    "review",
    "take",
    "assign",
    "star",
    "unstar",
    "decline",
    "spam",
    "ask",
    "note",
    "clear_flag",
]


@pytest.fixture
def editor(client: Client) -> User:
    """The editor who sits before the screen."""
    editor = make_user("编辑", username="bianji", last_name="王", first_name="编辑")
    client.force_login(editor)
    return editor


@pytest.fixture
def chief(client: Client) -> User:
    chief = make_user("总编", username="zongbian", last_name="赵", first_name="总编")
    client.force_login(chief)
    return chief


def url_of(contribution: Contribution) -> str:
    return reverse("contributions_admin:detail", args=[contribution.pk])


def seen(client: Client, contribution: Contribution) -> str:
    """Return the words on the screen."""
    answer = client.get(url_of(contribution))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def act(client: Client, contribution: Contribution, name: str, **typed: str) -> HttpResponse:
    return client.post(url_of(contribution), {"act": name, **typed})


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def full() -> Contribution:
    """Return a manuscript with everything that can hang on one."""
    contribution = make_contribution(
        title="车间里的竞赛",
        text="第一段。\n接着说。\n\n第二段。",
        genre="news",
        name="张三",
        unit="杭州某厂",
        phone="0571 8716 0990",
        email="zhang+san@example.com",
        signed_off=True,
        signed_off_by="李厂长",
    )
    make_attachment(contribution)
    make_attachment(contribution, kind=FileKind.PDF)
    make_attachment(contribution, kind=FileKind.WORD, name="全文.docx", content=word("文档里的话"))
    Note.objects.create(contribution=contribution, text="核实过了")
    Message.objects.create(contribution=contribution, from_newsroom=True, text="请补一张照片")
    answered = Message.objects.create(contribution=contribution, from_newsroom=False, text="发来了")
    make_attachment(contribution, message=answered, name="补的照片.jpg")
    return contribution


# Reading


def test_everything_sent_is_on_the_screen(client: Client, editor: User) -> None:
    words = seen(client, full())

    for expected in (
        *("车间里的竞赛", "第一段。", "接着说。", "第二段。", "稿件·新闻", "张三", "杭州某厂"),
        *(
            "0571 8716 0990",
            "zhang+san@example.com",
            "已签发",
            "李厂长",
            "比武现场.jpg",
            "比武.pdf",
        ),
        *(
            "全文.docx",
            "文档里的话",
            "核实过了",
            "请补一张照片",
            "发来了",
            "补的照片.jpg",
            "已收到",
        ),
    ):
        assert expected in words


def test_phone_and_mail_can_be_followed(client: Client, editor: User) -> None:
    page = client.get(url_of(full())).content.decode()

    assert 'href="tel:057187160990"' in page
    assert 'href="mailto:zhang+san@example.com"' in page


def test_everything_on_the_screen_is_chinese(client: Client, chief: User) -> None:
    contribution = full()
    contribution.email = ""
    contribution.duplicate_of = make_contribution()
    contribution.save()
    act(client, contribution, "review")
    screens = [
        url_of(contribution),
        f"{url_of(contribution)}?step=erase",
        reverse("contributions_admin:convert", args=[contribution.pk]),
        reverse("contributions_admin:detail", args=[999_999]),
    ]
    for screen in screens:
        texts = set(shown_by(client.get(screen).content.decode())) - {"admin"}  # the first account
        assert [text for text in texts if english_in(text)] == [], screen


def test_a_tip_says_where_and_when_and_that_nobody_is_named(client: Client, editor: User) -> None:
    words = seen(client, make_tip(place="滨江工地", occasion="昨天下午"))

    assert "滨江工地" in words
    assert "昨天下午" in words
    assert "匿名" in words
    assert "签发" not in words


def test_hostile_content_is_inert_and_what_is_hidden_is_shown(client: Client, editor: User) -> None:
    contribution = make_contribution(
        **dict.fromkeys(("title", "text", "unit", "name", "phone", "email", "reason"), HOSTILE),
        status=Status.DECLINED,
        signed_off=True,
        signed_off_by=HOSTILE,
    )
    contribution.duplicate_of = make_contribution(title=HOSTILE)
    contribution.save()
    make_attachment(contribution, name=HOSTILE[:100])
    make_attachment(
        contribution, kind=FileKind.WORD, name="a.docx", content=word("<script>alert(1)")
    )
    Note.objects.create(contribution=contribution, text=HOSTILE)
    Message.objects.create(contribution=contribution, from_newsroom=False, text=HOSTILE)

    page = client.get(url_of(contribution)).content.decode()

    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "{{ request.user }}" in page
    assert "\u202e" not in page
    assert "\u200b" not in page
    assert "〔U+202E〕gnp.exe〔U+200B〕" in page
    assert "javascript:" not in page.replace("javascript:void", "")


def test_fifty_thousand_characters_are_shown(client: Client, editor: User) -> None:
    assert "字" * 50_000 in seen(client, make_contribution(text="字" * 50_000))


def test_a_contact_that_no_key_opens_is_shown_as_that(client: Client, editor: User) -> None:
    contribution = make_contribution(name="张三", phone="0571 8716 0990", email="a@example.com")
    Contribution.objects.filter(pk=contribution.pk).update(unit="某厂")
    table = Contribution._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET name = 'x', phone = 'x', email = 'x'")
    page = client.get(url_of(contribution)).content.decode()

    assert page.count(sealing.UNREADABLE) == 3
    assert "tel:" not in page
    assert "mailto:" not in page


# Files


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing follows", b"", b"\xd0\xcf\x11\xe0 old"])
def test_a_corrupt_word_file_is_told_in_chinese(
    client: Client, editor: User, content: bytes
) -> None:
    contribution = make_contribution()
    make_attachment(contribution, kind=FileKind.WORD, name="坏的.docx", content=content)

    assert "读不出来" in seen(client, contribution)


def test_a_file_that_the_vault_lost_is_told(client: Client, editor: User) -> None:
    contribution = make_contribution()
    file = make_attachment(contribution, kind=FileKind.WORD, name="a.docx", content=word("话"))
    vault.discard(file.file.name)

    assert "找不到" in seen(client, contribution)


def test_the_words_of_a_long_document_are_cut(client: Client, editor: User) -> None:
    contribution = make_contribution()
    make_attachment(
        contribution, kind=FileKind.WORD, name="a.docx", content=word(*["长" * 1000] * 30)
    )

    words = seen(client, contribution)

    assert 19_000 < words.count("长") < 20_100
    assert "只显示开头" in words


def test_of_many_documents_the_words_of_the_first_three_are_shown(
    client: Client, editor: User
) -> None:
    contribution = make_contribution()
    for count in range(4):
        make_attachment(
            contribution,
            kind=FileKind.WORD,
            name=f"{count}.docx",
            content=word(f"第{count}份里的话"),
        )

    words = seen(client, contribution)

    assert "第2份里的话" in words
    assert "第3份里的话" not in words
    assert words.count("这一份请下载后看") == 1


def test_an_original_can_be_fetched_and_says_that_it_was_not_scanned(
    client: Client, editor: User
) -> None:
    contribution = make_contribution()
    file = make_attachment(contribution, original=b"x", scan=Attachment.Scan.UNSCANNED)
    original = reverse("contributions_admin:file", args=[file.pk]) + "?original=1"

    page = client.get(url_of(contribution)).content.decode()
    assert original in page
    assert "原图 （未扫描）" in seen(client, contribution)

    Attachment.objects.update(scan=Attachment.Scan.CLEAN)
    assert "未扫描" not in seen(client, contribution)

    Attachment.objects.update(scan=Attachment.Scan.INFECTED)
    assert original not in client.get(url_of(contribution)).content.decode()


def test_a_file_with_a_virus_has_no_address(client: Client, editor: User) -> None:
    contribution = make_contribution()
    bad = make_attachment(contribution, scan=Attachment.Scan.INFECTED)
    unscanned = make_attachment(contribution, scan=Attachment.Scan.UNSCANNED)

    page = client.get(url_of(contribution)).content.decode()

    for name in ("file", "thumbnail"):
        assert reverse(f"contributions_admin:{name}", args=[bad.pk]) not in page
        assert reverse(f"contributions_admin:{name}", args=[unscanned.pk]) in page
    assert "有病毒" in page
    assert "未扫描" in page


# Who has read it


def test_opening_marks_it_read_and_a_reload_is_no_second_visit(
    client: Client, editor: User
) -> None:
    contribution = make_contribution()
    assert contribution.unread

    seen(client, contribution)
    seen(client, contribution)

    contribution.refresh_from_db()
    assert not contribution.unread
    visits = log_registry.get_logs_for_instance(contribution).filter(action="contributions.view")
    assert [visit.user for visit in visits] == [editor]

    visits.update(timestamp=timezone.now() - datetime.timedelta(hours=1))
    seen(client, contribution)
    assert visits.count() == 2


def test_an_answer_makes_it_unread_and_opening_read_again(client: Client, editor: User) -> None:
    contribution = make_contribution()
    seen(client, contribution)
    Contribution.objects.update(unread=True)

    seen(client, contribution)

    assert not Contribution.objects.get().unread


def test_the_history_tells_who_did_what_in_chinese(client: Client, editor: User) -> None:
    contribution = make_contribution()
    act(client, contribution, "review")

    words = seen(client, contribution)

    assert "王编辑 打开" in words
    assert "王编辑 改变进展：一审" in words


def test_the_log_keeps_nothing_of_the_content(client: Client, editor: User) -> None:
    contribution = full()
    seen(client, contribution)
    act(client, contribution, "ask", **{"ask-text": "秘密的问题"})
    act(client, contribution, "note", **{"note-text": "秘密的备注"})
    act(client, contribution, "decline", **{"decline-own_words": "秘密的理由"})

    kept = "".join(f"{entry.label}{entry.data}" for entry in ModelLogEntry.objects.all())
    for secret in ("秘密", "车间", "张三", "杭州某厂"):
        assert secret not in kept


# The way through the inbox


def test_neighbours_are_the_next_in_time_without_spam(client: Client, editor: User) -> None:
    day = timezone.now()
    oldest, old, spam, here, new = (
        make_contribution(received_at=day + datetime.timedelta(hours=hour)) for hour in range(5)
    )
    Contribution.objects.filter(pk=spam.pk).update(status=Status.SPAM)
    same_moment = make_contribution(received_at=new.received_at)

    def beside(contribution: Contribution) -> tuple[int | None, int | None]:
        context = client.get(url_of(contribution)).context
        return context["newer"], context["older"]

    assert beside(here) == (new.pk, old.pk)
    assert beside(new) == (same_moment.pk, here.pk)
    assert beside(same_moment) == (None, new.pk)
    assert beside(oldest) == (old.pk, None)
    assert beside(spam) == (here.pk, old.pk)


def test_the_screen_asks_the_database_no_more_for_a_longer_dialogue(
    client: Client, editor: User
) -> None:
    contribution = full()
    seen(client, contribution)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            seen(client, contribution)
        return len(asked)

    before = queries()
    for _ in range(5):
        Message.objects.create(
            contribution=contribution, from_newsroom=True, author=editor, text="问"
        )
        Note.objects.create(contribution=contribution, author=editor, text="记")
        make_attachment(contribution)
        make_contribution()
    assert queries() <= before + 2  # the newer neighbour, and the authors, are there now


# Acting


def test_review(client: Client, editor: User) -> None:
    contribution = make_contribution(email="a@example.com")

    answer = act(client, contribution, "review")

    assert answer.status_code == 302
    assert answer.headers["Location"] == url_of(contribution)
    contribution.refresh_from_db()
    assert contribution.status == Status.REVIEWING
    assert contribution.mails.get().occasion == Mail.Occasion.PROGRESS


def test_take_and_assign(client: Client, editor: User) -> None:
    contribution = make_contribution()
    colleague = make_user("编辑", username="other", last_name="钱", first_name="同事")
    stranger = make_user(username="stranger")

    act(client, contribution, "take")
    contribution.refresh_from_db()
    assert contribution.assignee == editor

    act(client, contribution, "assign", **{"assign-assignee": str(colleague.pk)})
    contribution.refresh_from_db()
    assert contribution.assignee == colleague

    refused = act(client, contribution, "assign", **{"assign-assignee": str(stranger.pk)})
    assert "请另选一位" in refused.content.decode()
    contribution.refresh_from_db()
    assert contribution.assignee == colleague

    act(client, contribution, "assign", **{"assign-assignee": ""})
    contribution.refresh_from_db()
    assert contribution.assignee is None


def test_star(client: Client, editor: User) -> None:
    contribution = make_contribution()

    act(client, contribution, "star")
    assert Contribution.objects.get().starred
    act(client, contribution, "unstar")
    assert not Contribution.objects.get().starred


@pytest.mark.parametrize("kind", Kind)
def test_decline_with_a_standard_reason(client: Client, editor: User, kind: str) -> None:
    contribution = make_contribution(kind=kind)
    form = client.get(url_of(contribution)).context["desk"].decline
    reason = form.fields["reason"].choices[0][0]

    answer = act(client, contribution, "decline", **{"decline-reason": reason})

    assert "不采用，凭回执码可以看到理由" in messages_of(answer)
    contribution.refresh_from_db()
    assert (contribution.status, contribution.reason) == (Status.DECLINED, reason)
    assert contribution.progress.reason == reason


def test_a_tip_is_not_sent_back_but_not_used(client: Client, editor: User) -> None:
    assert "退稿" in seen(client, make_contribution())
    tip = seen(client, make_tip())
    assert "退稿" not in tip
    assert "不采用" in tip


def test_decline_with_ones_own_words(client: Client, editor: User) -> None:
    contribution = make_contribution()

    act(client, contribution, "decline", **{"decline-own_words": "同题已刊\u202e"})

    assert Contribution.objects.get().reason == "同题已刊"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"decline-reason": "不在其中"},
        {"decline-own_words": "  "},
        {"decline-own_words": "长" * 301},
    ],
)
def test_decline_asks_for_a_reason(client: Client, editor: User, typed: dict[str, str]) -> None:
    contribution = make_contribution()

    answer = act(client, contribution, "decline", **typed)

    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    assert Contribution.objects.get().status == Status.RECEIVED


def test_spam(client: Client, editor: User) -> None:
    contribution = make_contribution(email="a@example.com")

    act(client, contribution, "spam")

    contribution.refresh_from_db()
    assert contribution.status == Status.SPAM
    assert not contribution.mails.exists()
    assert "垃圾" in seen(client, contribution)


def test_ask_and_note(client: Client, editor: User) -> None:
    contribution = make_contribution()

    act(client, contribution, "ask", **{"ask-text": "时间是哪天？"})
    act(client, contribution, "note", **{"note-text": "电话核实"})

    message, note = Message.objects.get(), Note.objects.get()
    assert (message.text, message.author, message.from_newsroom) == ("时间是哪天？", editor, True)
    assert (note.text, note.author) == ("电话核实", editor)


@pytest.mark.parametrize("key", ["9" * 30, "-" + "9" * 30, "x", "\0", ""])
def test_an_issue_or_a_colleague_that_no_database_holds_is_asked_for_again(
    client: Client, editor: User, key: str
) -> None:
    make_issue(451)
    contribution = make_contribution()

    converting = client.post(
        reverse("contributions_admin:convert", args=[contribution.pk]),
        {"issue": key, "source": "text"},
    )
    assigning = act(client, contribution, "assign", **{"assign-assignee": key or "x"})

    for answer in (converting, assigning):
        assert answer.status_code == 200
        assert "error-message" in answer.content.decode()
    contribution.refresh_from_db()
    assert (contribution.article, contribution.assignee) == (None, None)


def test_what_is_an_article_already_is_not_converted_again(client: Client, editor: User) -> None:
    contribution = make_contribution()
    accept_as_article(contribution=contribution, issue=make_issue(451), by=editor)

    answer = client.get(reverse("contributions_admin:convert", args=[contribution.pk]))

    assert "已经转成报纸的稿件" in messages_of(answer)


@pytest.mark.parametrize("name", ["ask", "note"])
def test_nothing_is_not_a_message(client: Client, editor: User, name: str) -> None:
    answer = act(client, make_contribution(), name, **{f"{name}-text": " \u200b "})

    assert answer.status_code == 200
    assert not Message.objects.exists()
    assert not Note.objects.exists()


def test_clear_flag(client: Client, editor: User) -> None:
    article = make_public_issue().get_children().get().specific
    contribution = make_contribution(duplicate_of=make_contribution(), printed_before=article)
    page = client.get(url_of(contribution)).content.decode()
    assert url_of(contribution.duplicate_of) in page
    assert article.url in page

    act(client, contribution, "clear_flag")

    contribution.refresh_from_db()
    assert (contribution.duplicate_of, contribution.printed_before) == (None, None)


def test_an_unknown_act_does_nothing_but_it_shows_the_screen_and_that_is_noted(
    client: Client, editor: User
) -> None:
    contribution = make_contribution(name="张三")

    answer = act(client, contribution, "publish")

    assert answer.status_code == 200
    assert "张三" in answer.content.decode()
    entry = log_registry.get_logs_for_instance(contribution).get()
    assert (entry.action, entry.user) == ("contributions.view", editor)
    assert not Contribution.objects.get().unread


def test_a_refused_form_shows_the_screen_and_that_is_noted(client: Client, editor: User) -> None:
    contribution = make_contribution()

    assert act(client, contribution, "decline").status_code == 200

    entry = log_registry.get_logs_for_instance(contribution).get()
    assert (entry.action, entry.user) == ("contributions.view", editor)


def test_an_act_that_shows_nothing_is_no_visit(client: Client, editor: User) -> None:
    contribution = make_contribution()

    act(client, contribution, "take")

    entry = log_registry.get_logs_for_instance(contribution).get()
    assert entry.action == "contributions.assign"
    assert Contribution.objects.get().unread


def test_what_became_an_article_leads_there_and_is_not_declined(
    client: Client, editor: User
) -> None:
    contribution = make_contribution()
    article = accept_as_article(contribution=contribution, issue=make_issue(451), by=editor)

    page = client.get(url_of(contribution)).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[article.pk]) in page
    assert 'value="decline"' not in page
    assert 'value="spam"' not in page

    for name, typed in (("decline", {"decline-own_words": "不用"}), ("spam", {}), ("review", {})):
        told = messages_of(act(client, contribution, name, **typed))
        assert "已转为稿件" in told
    contribution.refresh_from_db()
    assert contribution.status == Status.ACCEPTED


# Erasing


def test_erasing_asks_first_and_leaves_nothing(client: Client, chief: User) -> None:
    contribution = full()
    asking = client.get(f"{url_of(contribution)}?step=erase")
    assert "不能恢复" in asking.content.decode()
    assert Contribution.objects.exists()

    answer = act(client, contribution, "erase")

    assert answer.status_code == 302
    assert not Contribution.objects.exists()
    assert client.get(answer.headers["Location"]).status_code == 200
    gone = client.get(url_of(contribution))
    assert gone.status_code == 404
    assert "没有这件来稿" in gone.content.decode()


def converted(chief: User, *, signed: bool = False) -> tuple[Contribution, ArticlePage]:
    contribution = make_contribution(title="要撤回的稿子")
    article = accept_as_article(contribution=contribution, issue=make_issue(451), by=chief)
    if signed:
        sign_article(article=article, revision=article.get_latest_revision(), by=None)
    return Contribution.objects.get(), article


def test_a_draft_is_erased_along_unless_that_is_unticked(client: Client, chief: User) -> None:
    contribution, article = converted(chief)
    asking = client.get(f"{url_of(contribution)}?step=erase").content
    tick = BeautifulSoup(asking, "html.parser").select_one("input[name=with_article]")
    assert tick.has_attr("checked")
    assert "同时删去还没有见报的草稿《要撤回的稿子》和它用的照片" in asking.decode()
    assert "不勾选，草稿会留下" in asking.decode()

    act(client, contribution, "erase", with_article="on")

    assert not Contribution.objects.exists()
    assert not ArticlePage.objects.filter(pk=article.pk).exists()


def test_an_unticked_draft_stays(client: Client, chief: User) -> None:
    contribution, article = converted(chief)

    act(client, contribution, "erase")

    assert not Contribution.objects.exists()
    assert ArticlePage.objects.filter(pk=article.pk).exists()


def test_what_was_signed_stays_and_the_screen_says_what_that_means(
    client: Client, chief: User
) -> None:
    contribution, article = converted(chief, signed=True)

    page = client.get(f"{url_of(contribution)}?step=erase").content.decode()

    assert "with_article" not in page
    assert "《要撤回的稿子》会留下" in page
    assert "都还在那篇稿件里" in page
    refused = act(client, contribution, "erase", with_article="on")
    assert "不能随来稿一起删除" in messages_of(refused)
    assert Contribution.objects.exists()
    assert ArticlePage.objects.filter(pk=article.pk).exists()


def test_an_editor_erases_nothing(client: Client, editor: User) -> None:
    contribution = make_contribution()

    assert "step=erase" not in client.get(url_of(contribution)).content.decode()
    assert is_refused(client.get(f"{url_of(contribution)}?step=erase"))
    assert is_refused(act(client, contribution, "erase"))
    assert Contribution.objects.exists()


# Permissions


def is_refused(answer: HttpResponse) -> bool:
    """Whether Wagtail sent the user home with its message, as for every shut door."""
    return answer.status_code == 302 and answer.headers["Location"] == reverse("wagtailadmin_home")


def reader() -> User:
    """Return someone who may read contributions and do nothing with them."""
    user = make_user(username="reader")
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin"),
        Permission.objects.get(codename="view_contribution"),
    )
    return user


def outsider() -> User:
    user = make_user(username="outsider")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def test_who_may_not_read_gets_nothing_and_cannot_tell_what_there_is(client: Client) -> None:
    contribution = make_contribution()
    client.force_login(outsider())

    for name in ("detail", "convert"):
        for key in (contribution.pk, 999_999):
            assert is_refused(client.get(reverse(f"contributions_admin:{name}", args=[key])))
    assert Contribution.objects.get().unread
    assert not ModelLogEntry.objects.exists()


def test_who_is_not_logged_in_is_sent_to_the_door(client: Client) -> None:
    answer = client.get(url_of(make_contribution()))

    assert answer.headers["Location"].startswith(reverse("wagtailadmin_login"))


def test_who_only_reads_has_no_buttons(client: Client) -> None:
    contribution = full()
    client.force_login(reader())

    page = client.get(url_of(contribution)).content.decode()

    assert 'name="act"' not in page
    assert reverse("contributions_admin:convert", args=[contribution.pk]) not in page


@pytest.mark.parametrize("name", [*ACTS, "erase"])
def test_who_only_reads_does_nothing(client: Client, name: str) -> None:
    contribution = make_contribution(duplicate_of=make_contribution())
    client.force_login(reader())
    before = Contribution.objects.filter(pk=contribution.pk).values().get()
    typed = {"decline-own_words": "不用", "ask-text": "问", "note-text": "记"}

    assert is_refused(act(client, contribution, name, **typed))

    assert Contribution.objects.filter(pk=contribution.pk).values().get() == before
    assert not Message.objects.exists()
    assert not Note.objects.exists()


def test_who_only_reads_converts_nothing(client: Client) -> None:
    issue = make_issue(451)
    contribution = make_contribution()
    client.force_login(reader())

    url = reverse("contributions_admin:convert", args=[contribution.pk])
    assert is_refused(client.get(url))
    assert is_refused(client.post(url, {"issue": issue.pk, "source": "text"}))


def test_the_record_is_linked_where_there_is_one(client: Client, editor: User) -> None:
    contribution = make_contribution(name="张三", unit="杭州某厂")
    other = Contributor.objects.create(name="张三", unit="宁波某厂")
    page = client.get(url_of(contribution)).content.decode()
    assert reverse("contributions_admin:record", args=[other.pk]) not in page

    contributor = Contributor.objects.create(name="张三", unit="杭州某厂")

    page = client.get(url_of(contribution)).content.decode()
    assert reverse("contributions_admin:record", args=[contributor.pk]) in page
