"""The form, the receipt and the look-up, asked by a browser: in Chinese, and in no cache."""

from __future__ import annotations

import re
from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contributions import codes, guard, intake
from contributions.models import Contribution, Kind, Message, Status
from newsroom.models import Imprint
from tests.contributions.factories import picture
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

FORM = "/contribute/"
STATUS = "/contribute/status/"
TEXT = "车间的风扇坏了三天，没有人来修。"
MANUSCRIPT = {
    "kind": "manuscript",
    "title": "象棋比赛开赛",
    "text": "7月27日,比赛在建德开赛。",
    "name": "汪燕盼",
    "unit": "杭州市总工会",
    "phone": "(0571)87160990",
}


@pytest.fixture(autouse=True)
def paper() -> None:
    cache.clear()


@pytest.fixture
def sender() -> Client:
    """Somebody whose browser shows a 500 as such."""
    return Client(raise_request_exception=False)


def fields(client: Client) -> dict[str, str]:
    """Return what the form holds when it is opened."""
    form = BeautifulSoup(client.get(FORM).content, "html.parser").find("form", method="post")
    return {
        field["name"]: field.get("value", "")
        for field in form.find_all("input", type=["hidden", "text"])
        if field.get("name")
    }


def send(client: Client, **data: object) -> HttpResponse:
    return client.post(FORM, fields(client) | data)


def told(answer: HttpResponse) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def code_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200, told(answer)
    return answer.context["receipt"].code


def test_a_tip_needs_nothing_but_its_text(sender: Client) -> None:
    code = code_of(send(sender, kind="tip", text=TEXT))

    contribution = intake.find(code)
    assert contribution.text == TEXT
    assert contribution.is_anonymous


def test_a_manuscript_keeps_what_print_needs(sender: Client) -> None:
    send(sender, **MANUSCRIPT, genre="news", signed_off="yes", signed_off_by="包敏华")

    contribution = Contribution.objects.get()
    assert contribution.name == "汪燕盼"
    assert contribution.phone == "0571 8716 0990"
    assert (contribution.signed_off, contribution.signed_off_by) == (True, "包敏华")


@pytest.mark.parametrize("missing", ["title", "text", "name", "unit", "phone"])
def test_a_manuscript_is_told_what_is_missing_and_keeps_the_rest(
    sender: Client, missing: str
) -> None:
    answer = send(sender, **(MANUSCRIPT | {missing: ""}))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [missing]
    for name, typed in MANUSCRIPT.items():
        if name not in (missing, "kind"):
            assert typed in unescape(answer.content.decode())
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "138 0013 8000"),
        ("+86 138 0013 8000", "138 0013 8000"),
        ("（0571）87160990", "0571 8716 0990"),
        ("0571-87160990转8001", "0571 8716 0990 转8001"),
        ("0571-87160990-8001", "0571 8716 0990 转8001"),
        ("400-820-8820", "400 820 8820"),
    ],
)
def test_telephone_numbers_of_every_kind_are_taken(sender: Client, typed: str, kept: str) -> None:
    send(sender, **(MANUSCRIPT | {"phone": typed}))
    assert Contribution.objects.get().phone == kept


@pytest.mark.parametrize("typed", ["12345", "95559", "1380013800", "电话", "138001380001234"])
def test_what_is_no_telephone_number_is_told(sender: Client, typed: str) -> None:
    answer = send(sender, **(MANUSCRIPT | {"phone": typed}))
    assert "电话好像不对" in told(answer)


@pytest.mark.parametrize("kind", ["", "letter", "tip\x00", "<script>"])
def test_neither_kind_is_asked_for(sender: Client, kind: str) -> None:
    answer = send(sender, kind=kind, text=TEXT)
    assert answer.status_code == 422
    assert "请选择“我要投稿”还是“我有新闻线索”" in told(answer)


def test_the_old_printed_address_leads_to_the_form(client: Client) -> None:
    answer = client.get("/tg.htm")
    assert (answer.status_code, answer["Location"]) == (301, FORM)


def test_sending_sets_no_cookie_and_needs_none(sender: Client) -> None:
    answer = send(Client(enforce_csrf_checks=True), kind="tip", text=TEXT)
    assert answer.status_code == 200
    assert not answer.cookies
    assert not sender.get(FORM).cookies
    assert not sender.get(STATUS).cookies


def test_sent_twice_is_one_with_one_receipt(sender: Client) -> None:
    form = fields(sender) | {"kind": "tip", "text": TEXT}
    first, second = sender.post(FORM, form), sender.post(FORM, form)

    assert code_of(first) == code_of(second)
    assert Contribution.objects.count() == 1


def test_a_retry_is_answered_though_the_guard_would_refuse_it(sender: Client, settings) -> None:
    form = fields(sender) | {"kind": "tip", "text": TEXT}
    code = code_of(sender.post(FORM, form))
    mended = sender.post(FORM, form | {"text": TEXT + "今天还是没有。"})
    assert mended.status_code == 400, "the token was for one use"
    settings.CONTRIBUTIONS_LIMITS = {"send": (0, 0), "look_up": (0, 0), "answer": (0, 0)}
    assert code_of(sender.post(FORM, form | {"token": "forged"})) == code


@pytest.mark.parametrize("token", ["", "forged", "1:2:3", "\x00", "汉" * 500])
def test_without_our_token_nothing_is_stored_and_the_text_is_kept(
    sender: Client, token: str
) -> None:
    answer = send(sender, kind="tip", text=TEXT, token=token)

    assert answer.status_code == 400
    assert TEXT in told(answer)
    assert not Contribution.objects.exists()
    again = BeautifulSoup(answer.content, "html.parser").find("input", attrs={"name": "token"})
    assert code_of(send(sender, kind="tip", text=TEXT, token=again["value"]))


def test_a_robot_that_fills_every_field_is_refused(sender: Client) -> None:
    answer = send(sender, kind="tip", text=TEXT, website="https://spam.example")
    assert answer.status_code == 400
    assert not Contribution.objects.exists()


def test_too_many_in_an_hour_are_told_when_to_come_back(sender: Client, settings) -> None:
    settings.CONTRIBUTIONS_LIMITS = settings.CONTRIBUTIONS_LIMITS | {"send": (1, 10)}
    send(sender, kind="tip", text=TEXT)
    answer = send(sender, kind="tip", text=TEXT + "还是没有。")

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert TEXT + "还是没有。" in told(answer)


def test_a_file_of_the_wrong_kind_is_told_and_the_text_kept(sender: Client) -> None:
    page = SimpleUploadedFile("网页.html", b"<script>alert(1)</script>", "image/jpeg")
    answer = send(sender, kind="tip", text=TEXT, files=page)

    assert answer.status_code == 422
    assert "网页.html" in told(answer)
    assert TEXT in told(answer)
    assert not Contribution.objects.exists()


def test_ten_files_are_one_too_many(sender: Client) -> None:
    many = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(10)]
    answer = send(sender, kind="tip", text=TEXT, files=many)
    assert answer.status_code == 422
    assert "9" in " ".join(answer.context["form"].errors["files"])


def test_a_broken_database_is_a_503_that_keeps_the_text(
    sender: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError(f"could not write {TEXT}")

    form = fields(sender) | {"kind": "tip", "text": TEXT, "name": "汪燕盼"}
    monkeypatch.setattr(intake, "leave_traces", fail)
    answer = sender.post(FORM, form)

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert TEXT in told(answer)
    assert "没有收到" in told(answer)
    assert TEXT not in caplog.text
    assert "汪燕盼" not in caplog.text
    assert "DatabaseError" in caplog.text


@pytest.mark.parametrize("address", [FORM, STATUS, "/contribute/certificate/"])
def test_what_was_answered_stays_in_no_cache_and_no_list(sender: Client, address: str) -> None:
    answer = sender.post(address, {"code": "x"})
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_code_is_in_no_address(sender: Client) -> None:
    code = code_of(send(sender, kind="tip", text=TEXT))
    answer = sender.post(STATUS, {"code": code})
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', answer.content.decode())
    for address in addresses:
        assert code not in address
        assert codes.normalise(code) not in address
    assert sender.get(f"{STATUS}?code={code}").context.get("progress") is None


def test_looking_up_tells_the_progress_and_nothing_of_the_content(sender: Client) -> None:
    code = code_of(send(sender, **MANUSCRIPT))
    Contribution.objects.get().notes.create(text="内部：先核实")
    page = told(sender.post(STATUS, {"code": code}))

    assert "已收到" in page
    for hidden in ("象棋比赛开赛", "汪燕盼", "杭州市总工会", "0571 8716", "先核实"):
        assert hidden not in page


def test_an_editors_name_is_never_told(sender: Client) -> None:
    code = code_of(send(sender, kind="tip", text=TEXT))
    editor = make_user("编辑", username="bianji", last_name="包", first_name="敏华")
    Message.objects.create(
        contribution=Contribution.objects.get(),
        from_newsroom=True,
        author=editor,
        text="是哪个车间？",
    )
    page = sender.post(STATUS, {"code": code}).content.decode()

    assert "是哪个车间？" in page
    assert "敏华" not in page
    assert "bianji" not in page


def test_a_wrong_and_an_unknown_code_are_answered_alike(sender: Client) -> None:
    send(sender, kind="tip", text=TEXT)
    unknown, wrong, empty = (
        sender.post(STATUS, {"code": code}) for code in ("ABCD-EFGH-JKMN-PQRS", "0O1I <b>", "")
    )
    assert unknown.status_code == wrong.status_code == empty.status_code == 404
    assert unknown.content == wrong.content == empty.content


def test_a_wrong_code_asks_the_database_as_often_as_a_malformed_one(sender: Client) -> None:
    asked = []
    for code in ("ABCD-EFGH-JKMN-PQRS", "\x00", "", "x" * 100_000):
        with CaptureQueriesContext(connection) as queries:
            sender.post(STATUS, {"code": code})
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_looking_up_is_limited(sender: Client, settings) -> None:
    settings.CONTRIBUTIONS_LIMITS = settings.CONTRIBUTIONS_LIMITS | {"look_up": (2, 10)}
    code = code_of(send(sender, kind="tip", text=TEXT))
    answers = [sender.post(STATUS, {"code": "x"}).status_code for _ in range(3)]
    assert answers == [404, 404, 429]
    assert sender.post(STATUS, {"code": code}).status_code == 200, "who has a code is let in"


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (Status.RECEIVED, "已收到"),
        (Status.REVIEWING, "一审"),
        (Status.ACCEPTED, "拟用"),
        (Status.DECLINED, "未采用"),
        (Status.SPAM, "未采用"),
    ],
)
def test_each_state_is_told_in_the_papers_words(sender: Client, status: Status, label: str) -> None:
    code = code_of(send(sender, kind="tip", text=TEXT))
    Contribution.objects.update(status=status)
    page = told(sender.post(STATUS, {"code": code}))
    assert label in page
    assert "垃圾" not in page


def test_printed_is_told_with_the_issue_and_gives_a_certificate(sender: Client) -> None:
    code = code_of(send(sender, **MANUSCRIPT))
    issue = make_public_issue(451)
    article = issue.articles.get().specific
    Contribution.objects.update(status=Status.ACCEPTED, article=article)

    answer = sender.post(STATUS, {"code": code})
    assert "第451期采用" in told(answer)
    assert f'href="{article.url}"' in answer.content.decode()
    pdf = sender.post("/contribute/certificate/", {"code": code})
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


def test_a_draft_is_not_told_as_printed(sender: Client) -> None:
    code = code_of(send(sender, **MANUSCRIPT))
    article = make_article(make_issue(451), signed=True)
    Contribution.objects.update(status=Status.ACCEPTED, article=article)

    page = told(sender.post(STATUS, {"code": code}))
    assert "拟用" in page
    assert "451" not in page
    certificate = sender.post("/contribute/certificate/", {"code": code})
    assert certificate["Content-Type"].startswith("text/html")
    assert "拟用" in told(certificate)


def test_an_answer_reaches_the_editors(sender: Client) -> None:
    code = code_of(send(sender, kind="tip", text=TEXT))
    Contribution.objects.update(unread=False)
    answer = sender.post(
        STATUS, {"code": code, "act": "answer", "key": "a" * 32, "text": "三号车间。"}
    )

    assert "三号车间。" in told(answer)
    assert Message.objects.get().text == "三号车间。"
    assert Contribution.objects.get().unread


def test_an_answer_without_the_code_goes_nowhere(sender: Client) -> None:
    send(sender, kind="tip", text=TEXT)
    answer = sender.post(STATUS, {"code": "x", "act": "answer", "text": "三号车间。"})
    assert answer.status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", [FORM, STATUS])
def test_other_methods_are_refused(sender: Client, address: str, method: str) -> None:
    assert getattr(sender, method)(address).status_code == 405


def test_hostile_text_is_inert_and_its_hidden_signs_are_told_to_the_editors(
    sender: Client,
) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}\u202etxt.exe\u200b"
    send(sender, kind="tip", text=hostile)

    contribution = Contribution.objects.get()
    assert contribution.text == "<script>alert(1)</script>{{ 7*7 }}txt.exe"
    assert "U+202E" in contribution.notes.get().text


def test_kinds_have_their_own_fields(sender: Client) -> None:
    send(sender, kind="tip", text=TEXT, signed_off="yes", signed_off_by="包敏华", genre="news")
    contribution = Contribution.objects.get()
    assert contribution.kind == Kind.TIP
    assert (contribution.signed_off, contribution.signed_off_by) == (False, "")


def test_what_was_filled_in_as_a_manuscript_is_not_sent_with_a_tip(sender: Client) -> None:
    """Without JavaScript the fields of the other kind are only out of sight."""
    photo = SimpleUploadedFile("车间.jpg", picture(40, 30))
    typed = MANUSCRIPT | {"name": "", "phone": "", "genre": "news", "signed_off_by": "包" * 99}
    send(sender, **(typed | {"kind": "tip", "keep_originals": "on", "files": photo}))

    contribution = Contribution.objects.get()
    assert (contribution.title, contribution.unit, contribution.genre) == ("", "", "")
    assert contribution.is_anonymous
    assert not contribution.attachments.get().original


def test_an_answer_that_cannot_be_taken_now_is_handed_back(sender: Client, settings) -> None:
    code = code_of(send(sender, kind="tip", text=TEXT))
    answer = {"code": code, "act": "answer", "text": "三号车间。"}
    settings.CONTRIBUTIONS_LIMITS = settings.CONTRIBUTIONS_LIMITS | {"answer": (0, 0)}
    refused = sender.post(STATUS, answer)
    assert refused.status_code == 429
    assert "三号车间。" in told(refused)
    lost = sender.post(STATUS, answer | {"code": "x"})
    assert lost.status_code == 404
    assert "三号车间。" in told(lost)


def test_the_addresses_are_named() -> None:
    assert reverse("contributions:contribute") == FORM
    assert reverse("contributions:status") == STATUS


def test_a_copy_overtaken_by_its_twin_gets_the_receipt(
    sender: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin is stored between the first one's look-up and its token's check."""
    form = fields(sender) | {"kind": "tip", "text": TEXT}
    check, first = guard.check_honeypot, []

    def overtaken(value: str) -> None:
        monkeypatch.setattr(guard, "check_honeypot", check)
        first.append(code_of(sender.post(FORM, form)))
        check(value)

    monkeypatch.setattr(guard, "check_honeypot", overtaken)
    assert code_of(sender.post(FORM, form)) == first[0]


def no_imprint(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("connection already closed")

    monkeypatch.setattr(type(Imprint.objects.all()), "current", fail)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_gone_is_a_503_whatever_its_error_is_called(
    sender: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """A connection that was cut raises InterfaceError, which is no DatabaseError."""
    form = fields(sender) | {"kind": "tip", "text": TEXT}
    no_imprint(monkeypatch, error)

    def fail(_: object) -> None:
        raise error("closed")

    monkeypatch.setattr(intake, "receipt_of", fail)
    answer = sender.post(FORM, form)
    assert answer.status_code == 503
    assert answer["Retry-After"]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_what_is_stored_is_told_though_the_page_cannot_ask_the_database(
    sender: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    form = fields(sender) | {"kind": "tip", "text": TEXT}
    no_imprint(monkeypatch, error)
    answer = sender.post(FORM, form)
    assert Contribution.objects.count() == 1
    assert code_of(answer)


def test_a_receipt_needs_no_database_after_the_commit(
    sender: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = fields(sender) | {"kind": "tip", "text": TEXT}
    owe = intake.owe

    def gone(*_: object, **__: object) -> None:
        raise OperationalError

    def then_gone(**options: object) -> object:
        made = owe(**options)
        manager = type(Contribution.objects.first().attachments)
        monkeypatch.setattr(manager, "filter", gone)
        return made

    monkeypatch.setattr(intake, "owe", then_gone)
    answer = sender.post(FORM, form)
    assert Contribution.objects.count() == 1
    assert code_of(answer)
