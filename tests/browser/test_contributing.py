"""Whoever writes to the paper: with a script and without, by keyboard, over a bad network."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from PIL import Image
from playwright.sync_api import Page, Route, expect

from contributions import intake
from contributions.models import Contribution, Kind, Message
from tests.browser.test_reading import CUT_OFF, NOTE_VIOLATIONS
from tests.factories import make_public_issue

FORM = "/contribute/"
STATUS = "/contribute/status/"
TEXT = "车间的风扇坏了三天，没有人来修。"
MANUSCRIPT = {
    "title": "象棋比赛开赛",
    "text": "7月27日，比赛在建德开赛。",
    "name": "汪燕盼",
    "unit": "杭州市总工会",
    "phone": "0571-87160990",
}
SEND = ".contribution [type=submit]"


@pytest.fixture
def paper(live_server, django_db_serialized_rollback) -> None:
    cache.clear()


@pytest.fixture
def sender(page: Page, paper: None) -> Iterator[Page]:
    """Open the form on a phone; whatever the browser complains of fails the test."""
    complaints: list[str] = []

    def hear(said: Any) -> None:
        # The browser says so of every answer that is no 200.
        if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
            complaints.append(said.text)

    page.add_init_script(NOTE_VIOLATIONS)
    page.on("console", hear)
    page.goto(FORM)
    yield page
    assert page.evaluate("violations") == []
    assert complaints == []


@pytest.fixture
def plain(page_without_javascript: Page, paper: None) -> Page:
    """Open the form in a browser that runs no script."""
    page_without_javascript.goto(FORM)
    return page_without_javascript


def photo(name: str, colour: str = "gray") -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


PHOTOS = [photo("现场.jpg"), photo("合影.jpg", "red")]


def fill_in(page: Page, kind: str = "manuscript", **fields: str) -> None:
    page.check(f"[name=kind][value={kind}]")
    for name, value in (fields or MANUSCRIPT).items():
        page.fill(f"[name={name}]", value)


def receipt(page: Page) -> str:
    """Wait for the receipt and return its code."""
    return page.locator(".receipt__code").inner_text().replace("\n", "")


def drafts(page: Page) -> int:
    return page.evaluate("localStorage.length + sessionStorage.length")


def files(page: Page) -> list[str]:
    names = page.locator(".files__name").all_text_contents()
    return [name.split(" ")[0] for name in names]


def wait_for_draft(page: Page, text: str, store: str = "localStorage") -> None:
    """Wait until ``text`` is kept; the policy forbids Playwright's own way of waiting."""
    for _ in range(50):
        if text in page.evaluate(f"JSON.stringify({store})"):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{text} is not kept")


def lose(route: Route) -> None:
    if route.request.method == "POST":
        route.abort("connectionreset")
    else:
        route.continue_()


def lose_the_answer(route: Route) -> None:
    """Let all arrive, and nothing come back."""
    if route.request.method == "POST":
        route.fetch()
        route.abort("connectionreset")
    else:
        route.continue_()


def test_a_manuscript_with_two_photos_gets_its_receipt(sender: Page) -> None:
    fill_in(sender)
    wait_for_draft(sender, MANUSCRIPT["text"])
    # One after the other, as WeChat's browser hands them over.
    sender.set_input_files("[name=files]", PHOTOS[0])
    sender.set_input_files("[name=files]", PHOTOS[1])
    sender.click(SEND)

    contribution = intake.find(receipt(sender))
    assert contribution.title == MANUSCRIPT["title"]
    assert contribution.name == MANUSCRIPT["name"]
    assert [one.name for one in contribution.attachments.all()] == ["现场.jpg", "合影.jpg"]
    assert drafts(sender) == 0
    assert "现场.jpg" in sender.locator("main").inner_text()
    assert sender.evaluate("document.activeElement.tagName") == "H1"
    assert sender.title().startswith("已经收到")


def test_without_a_script_the_same_arrives(plain: Page) -> None:
    fill_in(plain)
    plain.set_input_files("[name=files]", PHOTOS)
    plain.click(SEND)

    contribution = intake.find(receipt(plain))
    assert contribution.attachments.count() == 2
    assert not plain.get_by_role("button", name="复制").is_visible()


def test_without_a_script_a_refused_form_keeps_its_text_and_asks_for_the_files_again(
    plain: Page,
) -> None:
    fill_in(plain, title="象棋", text=TEXT)
    plain.set_input_files("[name=files]", PHOTOS)
    plain.click(SEND)

    assert plain.input_value("[name=text]") == TEXT
    assert plain.get_by_text("请重新选择").is_visible()
    plain.click(".problem a[href='#id_name']")
    assert plain.evaluate("document.activeElement.name") == "name"
    assert plain.locator("#id_name").get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize("kind", ["tip", "manuscript"])
def test_each_kind_asks_only_what_it_needs(plain: Page, kind: str) -> None:
    assert plain.locator("[name=text]").is_visible()
    assert not plain.locator("[name=phone]").is_visible()
    plain.check(f"[name=kind][value={kind}]")
    assert plain.locator("[name=phone]").is_visible()
    assert plain.locator("[name=unit]").is_visible() is (kind == "manuscript")
    assert plain.locator("[name=place]").is_visible() is (kind == "tip")
    assert plain.locator("[name=phone]").get_attribute("autocomplete") == "off"


def test_an_anonymous_tip_fits_a_small_phone(sender: Page) -> None:
    sender.set_viewport_size({"width": 320, "height": 600})
    fill_in(sender, "tip", text=TEXT)
    assert sender.evaluate("document.documentElement.scrollWidth") <= 320
    sender.click(SEND)

    contribution = intake.find(receipt(sender))
    assert contribution.kind == Kind.TIP
    assert contribution.is_anonymous
    assert sender.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("address", [FORM, STATUS])
def test_text_of_twice_the_size_is_not_cut(sender: Page, address: str) -> None:
    sender.set_viewport_size({"width": 320, "height": 600})
    sender.goto(address)
    sender.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sender.evaluate("document.documentElement.scrollWidth") <= 320
    assert sender.evaluate(CUT_OFF) == []
    if address == FORM:
        fill_in(sender)
        sender.set_input_files("[name=files]", PHOTOS)
        assert sender.evaluate("document.documentElement.scrollWidth") <= 320
        sender.click(SEND)
        receipt(sender)
        assert sender.evaluate("document.documentElement.scrollWidth") <= 320
        assert sender.evaluate(CUT_OFF) == []


def test_every_target_is_large_enough_for_a_thumb(sender: Page) -> None:
    fill_in(sender)
    sender.set_input_files("[name=files]", PHOTOS)
    small = """elements => elements.filter(e => e.getClientRects().length && !e.closest(".trap"))
      .map(e => e.closest(".choice") || document.querySelector(`.kinds__label[for="${e.id}"]`) || e)
      .filter(e => e.getBoundingClientRect().height < 44
        || parseFloat(getComputedStyle(e).fontSize) < 16)
      .map(e => e.outerHTML)"""
    targets = ".contribution input, .contribution textarea, .contribution button"
    assert sender.locator(targets).evaluate_all(small) == []


def test_the_keyboard_alone_sends_a_tip(sender: Page) -> None:
    sender.locator("#id_kind").focus()
    sender.keyboard.press("ArrowDown")
    sender.keyboard.press("Tab")
    sender.keyboard.insert_text(TEXT)
    for _ in range(10):
        if sender.evaluate("document.activeElement.type") == "submit":
            break
        sender.keyboard.press("Tab")
    sender.keyboard.press("Enter")

    assert intake.find(receipt(sender)).text == TEXT


def test_a_file_is_removed_before_sending(sender: Page) -> None:
    fill_in(sender)
    sender.set_input_files("[name=files]", PHOTOS)
    sender.click("[aria-label='移除 现场.jpg']")
    assert files(sender) == ["合影.jpg"]
    assert sender.evaluate("document.activeElement.getAttribute('aria-label')") == "移除 合影.jpg"
    sender.click(SEND)

    contribution = intake.find(receipt(sender))
    assert [one.name for one in contribution.attachments.all()] == ["合影.jpg"]


def test_a_file_that_cannot_be_taken_is_refused_at_once(sender: Page) -> None:
    sender.set_input_files("[name=files]", photo("稿件.doc"))
    expect(sender.locator(".files__said")).to_contain_text("另存为.docx")
    sender.set_input_files("[name=files]", {**photo("空.jpg"), "buffer": b""})
    expect(sender.locator(".files__said")).to_contain_text("空")
    sender.set_input_files("[name=files]", {**photo("大.jpg"), "buffer": b"x" * (20 * 2**20 + 1)})
    expect(sender.locator(".files__said")).to_contain_text("每个最多20 MB")
    sender.set_input_files("[name=files]", [photo(f"{n}.jpg") for n in range(10)])
    expect(sender.locator(".files__said")).to_contain_text("一次最多9个附件")
    assert len(files(sender)) == 9


@pytest.mark.parametrize("trouble", [lose, lose_the_answer])
def test_a_lost_network_loses_nothing_and_a_retry_is_one_contribution(
    sender: Page, trouble: Any
) -> None:
    fill_in(sender)
    sender.set_input_files("[name=files]", PHOTOS)
    sender.route("**" + FORM, trouble)
    sender.click(SEND)
    expect(sender.locator(".problem")).to_be_focused()
    assert sender.input_value("[name=text]") == MANUSCRIPT["text"]
    assert files(sender) == ["现场.jpg", "合影.jpg"]
    sender.unroute("**" + FORM)
    sender.get_by_role("button", name="再试一次").click()

    assert intake.find(receipt(sender)).attachments.count() == 2
    assert Contribution.objects.count() == 1


def test_trouble_of_the_server_loses_nothing(sender: Page, monkeypatch) -> None:
    def fail(submission: object) -> None:
        raise DatabaseError

    fill_in(sender)
    sender.set_input_files("[name=files]", PHOTOS)
    with monkeypatch.context() as broken:
        broken.setattr(intake, "receive", fail)
        sender.click(SEND)
        expect(sender.locator(".problem")).to_be_focused()
    assert "没有收到" in sender.locator(".problem").inner_text()
    assert sender.input_value("[name=text]") == MANUSCRIPT["text"]
    assert sender.input_value("[name=phone]") == MANUSCRIPT["phone"]
    assert files(sender) == ["现场.jpg", "合影.jpg"]
    sender.click(SEND)

    assert intake.find(receipt(sender)).attachments.count() == 2


def test_a_page_of_a_proxy_loses_nothing(sender: Page) -> None:
    fill_in(sender)
    sender.route(
        "**" + FORM,
        lambda route: route.fulfill(
            status=502, content_type="text/html", body="<h1>Bad Gateway</h1>"
        ),
    )
    sender.click(SEND)

    expect(sender.locator(".problem")).to_contain_text("请过几分钟再试一次")
    assert sender.input_value("[name=text]") == MANUSCRIPT["text"]


def test_text_comes_back_after_a_reload_but_never_who_wrote_it(sender: Page) -> None:
    fill_in(sender)
    wait_for_draft(sender, MANUSCRIPT["text"])
    kept = sender.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    for name in ("name", "unit", "phone"):
        assert MANUSCRIPT[name] not in kept
    again = sender.context.new_page()
    again.goto(FORM)
    assert again.get_by_text("已恢复您上次没有发出的文字").is_visible()
    assert again.input_value("[name=text]") == MANUSCRIPT["text"]
    assert again.input_value("[name=name]") == ""
    again.get_by_role("button", name="清除").click()
    assert again.input_value("[name=text]") == ""
    assert drafts(again) == 0


def test_a_tip_stays_in_its_tab_also_if_it_was_begun_as_a_manuscript(sender: Page) -> None:
    fill_in(sender, text=TEXT)
    wait_for_draft(sender, TEXT)
    sender.check("[value=tip]")
    assert sender.input_value("[name=text]") == TEXT
    assert sender.evaluate("localStorage.length") == 0
    sender.reload()
    assert sender.input_value("[name=text]") == TEXT
    assert sender.is_checked("[value=tip]")
    other = sender.context.new_page()
    other.goto(FORM)
    assert other.input_value("[name=text]") == ""


def test_what_a_tip_does_not_ask_is_not_sent_with_it(sender: Page) -> None:
    fill_in(sender)
    sender.check("[name=keep_originals]")
    fill_in(sender, "tip", text=TEXT, name="", phone="")
    sender.click(SEND)

    contribution = intake.find(receipt(sender))
    assert (contribution.title, contribution.unit) == ("", "")
    assert contribution.is_anonymous


def test_browsers_remember_a_name_for_a_manuscript_only(sender: Page) -> None:
    name = sender.locator("[name=name]")
    expect(name).to_have_attribute("autocomplete", "off")
    sender.check("[value=manuscript]")
    expect(name).to_have_attribute("autocomplete", "name")
    sender.check("[value=tip]")
    expect(name).to_have_attribute("autocomplete", "off")


def test_what_is_missing_is_said_before_anything_travels(sender: Page) -> None:
    sent: list[str] = []
    sender.on("request", lambda request: sent.append(request.method))
    fill_in(sender, title="象棋")
    sender.click(SEND)
    expect(sender.locator(".problem")).to_be_focused()
    assert sender.locator(".problem li").count() == 4
    assert "POST" not in sent
    sender.click(".problem a[href='#id_phone']")
    assert sender.evaluate("document.activeElement.name") == "phone"
    described = sender.locator("#id_phone").get_attribute("aria-describedby").split()
    told = [sender.locator(f"#{one}").inner_text() for one in described]
    assert any("联系电话" in words for words in told)


def test_what_the_server_refuses_takes_the_focus_and_keeps_the_files(sender: Page) -> None:
    fill_in(sender)
    sender.fill("[name=phone]", "12345")
    sender.set_input_files("[name=files]", PHOTOS)
    sender.click(SEND)
    expect(sender.locator(".problem")).to_be_focused()
    assert "电话好像不对" in sender.locator(".problem").inner_text()
    assert sender.title().startswith("还没有发出")
    assert files(sender) == ["现场.jpg", "合影.jpg"]
    assert not sender.get_by_text("请重新选择").is_visible()
    sender.fill("[name=phone]", MANUSCRIPT["phone"])
    sender.click(SEND)

    assert intake.find(receipt(sender)).attachments.count() == 2


def test_the_code_is_copied_over_plain_http_too(sender: Page) -> None:
    fill_in(sender, "tip", text=TEXT)
    sender.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    sender.click(SEND)
    code = receipt(sender)
    sender.get_by_role("button", name="复制").click()
    expect(sender.locator(".receipt__said")).to_have_text("已复制")
    assert sender.evaluate("getSelection().toString()").strip() == code


def test_a_printed_receipt_is_the_receipt_only(sender: Page) -> None:
    fill_in(sender, "tip", text=TEXT)
    sender.click(SEND)
    receipt(sender)
    sender.emulate_media(media="print")
    assert sender.locator(".receipt__code").is_visible()
    for absent in (".site-nav", ".site-footer", ".colophon", "button"):
        assert not sender.locator(absent).filter(visible=True).count(), absent


def look_up(page: Page, code: str) -> None:
    page.goto(STATUS)
    page.fill("[name=code]", code)
    page.get_by_role("button", name="查询").click()


def test_the_code_shows_the_progress_and_takes_an_answer(sender: Page) -> None:
    fill_in(sender)
    sender.click(SEND)
    code = receipt(sender)
    contribution = intake.find(code)
    Message.objects.create(contribution=contribution, from_newsroom=True, text="有照片吗？")
    look_up(sender, code.lower().replace("-", " "))
    seen = sender.locator("main").inner_text()
    assert "已收到" in seen
    assert "有照片吗？" in seen
    for own in (MANUSCRIPT["title"], MANUSCRIPT["name"], MANUSCRIPT["phone"]):
        assert own not in sender.content()
    sender.fill("[name=text]", "有两张。")
    sender.set_input_files("[name=files]", PHOTOS)
    sender.click(SEND)

    expect(sender.get_by_text("您的留言已经收到")).to_be_focused()
    assert "附件2个" in sender.locator(".turns").inner_text()
    assert files(sender) == []
    assert sender.input_value("[name=text]") == ""
    assert contribution.messages.count() == 2


def test_a_lost_network_loses_no_answer(sender: Page) -> None:
    fill_in(sender, "tip", text=TEXT)
    sender.click(SEND)
    code = receipt(sender)
    look_up(sender, code)
    sender.fill("[name=text]", "有两张。")
    sender.set_input_files("[name=files]", PHOTOS)
    sender.route("**" + STATUS, lose_the_answer)
    sender.click(SEND)
    expect(sender.locator(".problem")).to_be_focused()
    sender.unroute("**" + STATUS)
    sender.get_by_role("button", name="再试一次").click()

    expect(sender.get_by_text("您的留言已经收到")).to_be_focused()
    assert intake.find(code).messages.count() == 1


def test_a_printed_piece_leads_to_its_page_and_certificate(sender: Page) -> None:
    fill_in(sender)
    sender.click(SEND)
    code = receipt(sender)
    issue = make_public_issue(451)
    contribution = intake.find(code)
    contribution.article = issue.articles.first()
    contribution.save()
    look_up(sender, code)

    assert "第451期采用" in sender.locator("main").inner_text()
    assert sender.get_by_role("button", name="下载采用证明").is_visible()
    sender.get_by_role("link", name="看登出来的文章").click()
    assert sender.url.endswith("/451/1/")


def test_an_unknown_code_is_not_shown_again(plain: Page) -> None:
    look_up(plain, "ABCD-EFGH-JKLM-NPQR")
    assert plain.locator(".problem").get_by_text("没有查到").is_visible()
    assert plain.input_value("[name=code]") == ""
    assert "NPQR" not in plain.content()
