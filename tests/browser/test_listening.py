"""Readers have articles read out: sentence by sentence, the whole issue if they like.

Chromium without a screen has no voice, so one is put in its place that says when it is done only
when it is told to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from .test_reading import opened

SENTENCES = Path(__file__).parents[2] / "static/js/sentences.js"
VOICE = """
window.spoken = [];
window.rates = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.voice = (lang, localService = true) => ({lang, localService, name: lang});
window.fake = {
  speaking: false, pending: false, paused: false, current: null, refusing: "", silent: false,
  voices: VOICES,
  getVoices() { return this.voices; },
  speak(utterance) {
    spoken.push(utterance.text);
    rates.push(utterance.rate);
    if (this.refusing) return setTimeout(() => utterance.onerror({error: this.refusing}));
    this.current = utterance;
    this.speaking = true;
    if (!this.silent) setTimeout(() => utterance.onstart());
  },
  cancel() {
    const utterance = this.current;
    this.current = null;
    this.speaking = false;
    if (utterance) setTimeout(() => utterance.onerror({error: "canceled"}));
  },
  end() {
    const utterance = this.current;
    this.current = null;
    this.speaking = false;
    utterance.onend();
  },
  resume() {},
  pause() { throw new Error("Android cannot pause"); },
};
Object.defineProperty(window, "speechSynthesis", {value: fake, configurable: true});
"""
CHINESE = '[voice("en-US"), voice("zh_CN")]'
MARKED = """() => window.Highlight && CSS.highlights
  ? [...(CSS.highlights.get("spoken") || [])].join("")
  : [...document.querySelectorAll("mark.spoken")].map(e => e.textContent).join("")"""
START = "[data-listen=start]"


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, sample: None) -> Iterator[Page]:
    with opened(browser, live_server, viewport={"width": 390, "height": 800}) as page:
        yield page


def with_voices(page: Page, voices: str = CHINESE) -> None:
    page.add_init_script(VOICE.replace("VOICES", voices))


def spoken(page: Page) -> list[str]:
    return page.evaluate("spoken")


def end(page: Page) -> None:
    page.evaluate("fake.end()")


def only_words(text: str) -> str:
    return re.sub(r"\W", "", text)


def press(page: Page, name: str) -> None:
    page.locator(".player").get_by_role("button", name=name, exact=True).click()


def read_to_the_end(page: Page) -> None:
    page.evaluate("() => { while (fake.current) fake.end(); }")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("他说：“好。”然后走了……真的？！是。", ["他说：“好。”", "然后走了……", "真的？！", "是。"]),
        ("“走！”，他说，去。", ["“走！”，", "他说，去。"]),
        ("（见下。）甲；乙", ["（见下。）", "甲；", "乙"]),
        ("……是的。——完。”", ["……是的。", "——完。”"]),
        ("涨了3.5倍! 见http://a.b/?q=1&c=2。", ["涨了3.5倍! ", "见http://a.b/?q=1&c=2。"]),
        ("标题\n正文", ["标题\n", "正文"]),
        ("没有句号", ["没有句号"]),
        ("〇。𠀀！😀", ["〇。", "𠀀！", "😀"]),
        ("", []),
        ("，。……”", []),
    ],
)
def test_text_is_cut_where_a_reader_stops(browser: Browser, text: str, parts: list[str]) -> None:
    page = browser.new_page()
    page.add_script_tag(path=SENTENCES)
    assert page.evaluate("text => speech.sentences(text)", text) == parts
    page.close()


def test_nothing_is_lost_and_no_breath_is_long(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(path=SENTENCES)
    lost = page.evaluate("""() => {
      const signs = [..."甲乙丙，。！？!?；;…”」）“（\\n\\u3000 a1.、：—𠀀"];
      let seed = 8;
      const random = n => (seed = seed * 16807 % 2147483647) % n;
      const wrong = [];
      for (let round = 0; round < 3000; round += 1) {
        const text = Array.from({length: random(120)}, () => signs[random(signs.length)]).join("");
        const found = speech.sentences(text);
        const parts = found.flatMap(each => speech.breaths(each));
        if (found.length ? found.join("") !== text : speech.saysSomething(text)) wrong.push(text);
        if (parts.join("") !== found.join("")) wrong.push(text);
        if (parts.some(each => !each || [...each].length > 45)) wrong.push(text);
        if (found.some(each => !speech.saysSomething(each))) wrong.push(text);
      }
      const began = performance.now();
      speech.sentences("甲".repeat(1e5) + "！".repeat(1e5) + "”".repeat(1e5) + "?a".repeat(1e5));
      if (performance.now() - began > 1000) wrong.push("slow");
      return wrong.slice(0, 3);
    }""")
    assert lost == []
    page.close()


@pytest.mark.parametrize("has_highlights", [True, False])
def test_an_article_is_read_sentence_by_sentence(page: Page, has_highlights: bool) -> None:
    with_voices(page)
    if not has_highlights:
        page.add_init_script("delete window.Highlight")
    page.goto("/450/3/")
    before = page.locator(".reading__article").inner_html()
    opener = page.locator(START)
    expect(opener).to_have_text("朗读本文", use_inner_text=True)
    opener.click()
    expect(opener).to_be_hidden()
    expect(page.locator(".player")).to_be_visible()
    heard: list[str] = []
    for _ in range(12):
        said = spoken(page)[-1]
        assert said in page.evaluate(MARKED)
        heard.append(said)
        end(page)
    headline = page.locator(".titles__headline").inner_text()
    assert headline.replace("\n", "")[:4] in "".join(heard)[:60]
    assert page.evaluate("document.querySelectorAll('[style]').length") == 0
    read_to_the_end(page)
    expect(page.locator(".player__said")).to_have_text("本文读完了")
    assert page.locator(".reading__article").inner_html() == before
    # Every word of the copy was said.
    told = only_words("".join(spoken(page)))
    copy = page.locator(".copy > p").all_text_contents()
    assert all(only_words(paragraph) in told for paragraph in copy)
    press(page, "再读一遍")
    assert spoken(page)[-1] == heard[0]


def test_pausing_going_back_and_speed(page: Page) -> None:
    with_voices(page)
    page.goto("/450/3/")
    page.locator(START).click()
    end(page)
    end(page)
    third = spoken(page)[-1]
    press(page, "暂停")
    assert page.evaluate("fake.speaking") is False
    assert page.evaluate(MARKED)
    page.wait_for_timeout(50)
    assert len(spoken(page)) == 3
    press(page, "继续")
    assert spoken(page)[3:] == [third]
    press(page, "上一句")
    assert spoken(page)[-1] == spoken(page)[1]
    press(page, "下一句")
    assert spoken(page)[-1] == third
    page.get_by_label("语速").select_option(label="更快")
    assert (spoken(page)[-1], page.evaluate("rates")[-1]) == (third, 1.5)
    page.locator("[data-listen=pause]").press("Space")
    press(page, "下一句")
    count = len(spoken(page))
    page.wait_for_timeout(50)
    assert len(spoken(page)) == count


def test_where_one_was_is_kept_on_the_device(page: Page) -> None:
    with_voices(page)
    page.goto("/450/3/")
    page.locator(START).click()
    for _ in range(5):
        end(page)
    sentence = page.evaluate(MARKED)
    page.get_by_label("语速").select_option(label="快")
    page.goto("/archive/")
    page.goto("/450/2/")
    expect(page.locator(START)).to_have_text("朗读本文", use_inner_text=True)
    page.goto("/450/3/")
    expect(page.locator(START)).to_have_text("接着朗读", use_inner_text=True)
    page.locator(START).click()
    assert page.evaluate(MARKED) == sentence
    assert sentence.startswith(spoken(page)[0])
    assert page.evaluate("rates") == [1.25]
    press(page, "停止")
    expect(page.locator(".player")).to_be_hidden()
    expect(page.locator(START)).to_be_focused()
    assert page.evaluate(MARKED) == ""
    page.locator(START).click()
    read_to_the_end(page)
    page.get_by_label("语速").select_option(label="标准")
    press(page, "停止")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.context.cookies() == []


def test_the_whole_issue_one_article_after_the_other(page: Page) -> None:
    with_voices(page)
    page.goto("/")
    expect(page.locator(START)).to_have_text("朗读本期", use_inner_text=True)
    page.locator(START).click()
    for number in (1, 2, 3, 4):
        page.wait_for_url(f"**/450/{number}/")
        expect(page.locator(".player")).to_be_visible()
        page.wait_for_function("spoken.length")
        if number == 2:
            expect(page.get_by_role("button", name="读完本期")).to_have_attribute(
                "aria-pressed", "true"
            )
        read_to_the_end(page)
    expect(page.locator(".player__said")).to_have_text("本期读完了")
    # Whoever goes there by themselves is not read to.
    page.goto("/450/2/")
    page.wait_for_timeout(100)
    assert spoken(page) == []


def test_an_issue_goes_on_where_it_stopped(page: Page) -> None:
    with_voices(page)
    page.goto("/450/3/")
    page.locator(START).click()
    end(page)
    second = spoken(page)[-1]
    page.goto("/450/")
    page.get_by_role("button", name="接着朗读").click()
    page.wait_for_url("**/450/3/")
    page.wait_for_function("spoken.length")
    assert spoken(page) == [second]
    press(page, "读完本期")
    read_to_the_end(page)
    expect(page.locator(".player__said")).to_have_text("本文读完了")


@pytest.mark.parametrize(
    "voices",
    [
        "[]",
        '[voice("en-US"), voice("ja-JP")]',
        '[voice("zh-HK"), voice("zh_HK"), voice("yue-CN")]',  # Cantonese
        '[voice("zh-CN", false)]',  # tells another company what is read
    ],
)
def test_without_a_voice_there_is_no_button(page: Page, voices: str) -> None:
    with_voices(page, voices)
    for address in ("/450/3/", "/"):
        page.goto(address)
        page.wait_for_timeout(100)
        expect(page.locator(START)).to_be_hidden()
        expect(page.locator(".player:visible")).to_have_count(0)


def test_browsers_that_cannot_speak(page: Page) -> None:
    page.add_init_script("delete window.speechSynthesis; delete window.SpeechSynthesisUtterance")
    page.goto("/450/3/")
    expect(page.locator(START)).to_be_hidden()


def test_voices_that_come_late(page: Page) -> None:
    with_voices(page, "[]")
    page.goto("/450/3/")
    expect(page.locator(START)).to_be_hidden()
    page.evaluate("fake.voices = [voice('cmn-Hans-CN')]; fake.onvoiceschanged()")
    expect(page.locator(START)).to_be_visible()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("not-allowed", "浏览器要您点一下“继续”才读"),
        ("interrupted", "朗读被打断了，点“继续”接着读"),
        ("synthesis-failed", "这台设备现在读不出来"),
    ],
)
def test_what_a_browser_refuses_is_said(page: Page, error: str, said: str) -> None:
    with_voices(page)
    page.goto("/450/3/")
    page.evaluate("error => { fake.refusing = error; }", error)
    page.locator(START).click()
    expect(page.locator(".player__said")).to_have_text(said)
    page.evaluate("fake.refusing = ''")
    press(page, "继续")
    assert spoken(page)[0] == spoken(page)[1]
    expect(page.locator(".player__said")).to_be_hidden()


def test_an_end_that_is_never_told(page: Page) -> None:
    """Chrome forgets it now and then; and some voices never begin."""
    with_voices(page)
    page.clock.install()
    page.goto("/450/3/")
    page.clock.run_for(3000)
    page.locator(START).click()
    page.clock.run_for(100)
    page.clock.run_for(45_000)
    assert len(spoken(page)) >= 2
    page.evaluate("fake.silent = true")
    end(page)
    page.clock.run_for(45_000)
    expect(page.locator(".player__said")).to_have_text("浏览器要您点一下“继续”才读")


def test_one_page_is_heard_at_a_time(page: Page) -> None:
    with_voices(page)
    page.goto("/450/3/")
    page.locator(START).click()
    other = page.context.new_page()
    with_voices(other)
    other.goto("/450/2/")
    other.locator(START).click()
    expect(page.locator(".player__said")).to_contain_text("另一个页面")
    assert page.evaluate("fake.speaking")  # not silenced: in a browser it would be the other's
    expect(page.get_by_role("button", name="继续")).to_be_visible()


def test_leaving_ends_the_speech(page: Page) -> None:
    with_voices(page)
    page.goto("/450/3/")
    page.locator(START).click()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("fake.speaking") is False
    expect(page.get_by_role("button", name="继续")).to_be_visible()


def test_the_page_goes_along_unless_the_reader_went_elsewhere(page: Page) -> None:
    with_voices(page)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/450/3/")
    page.locator(START).click()
    for _ in range(25):
        end(page)
    assert page.evaluate("scrollY") > 300
    page.evaluate("scrollTo(0, 0)")
    for _ in range(3):
        end(page)
    assert page.evaluate("scrollY") == 0


def test_what_is_kept_may_be_anything(page: Page) -> None:
    with_voices(page)
    page.add_init_script(
        "localStorage.setItem('listening', 'null'); sessionStorage.setItem('listening-on', '[')"
    )
    page.goto("/450/3/")
    page.locator(START).click()
    assert len(spoken(page)) == 1


def test_no_control_is_outside_a_narrow_window(page: Page) -> None:
    with_voices(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.add_init_script("localStorage.setItem('reading', 'elder-on.size-3')")
    page.goto("/450/3/")
    page.locator(START).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for button in page.locator(".player button:visible").all():
        assert button.bounding_box()["height"] >= 44
    frame = page.locator(".player").bounding_box()
    assert frame["y"] >= 640 * 0.39
    assert frame["y"] + frame["height"] <= 641
