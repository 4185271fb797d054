"""Walk an issue through the newsroom's week, in the admin of a running paper, as its people do.

They begin issue 451 with the sample's texts, read it three times, return an article and mend it,
publish, correct, withdraw, and pay the fees. Every time the screen shows what docs/newsroom.md
speaks of, the page and a name for its picture come out.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

SAMPLE = Path(__file__).resolve().parent.parent / "content" / "issue-450"
SOURCE = SAMPLE / "provenance" / "source.txt"
# By login: family name, given name, role. Posts and no people: a manual is no place for names.
PEOPLE = {
    "zuban": ("组版", "编辑", "编辑"),
    "yishen": ("一审", "编辑", "编辑"),
    "zeban": ("值班", "责编", "责任编辑"),
    "zongbian": ("值班", "总编", "总编"),
}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LONG = {"width": 1280, "height": 1300}
# Wagtail begins to watch for edits two seconds after a form is there; editors are slower.
NOTE_WATCHING = """
addEventListener("w-unsaved:watch-edits", () => document.documentElement.dataset.watching = "yes");
"""
REASON = "“设计设计”“一本帐”是错字，请改正后再送审。"
WORD = ("一本帐", "一本账")
MENDED = {"设计设计": "设计", **dict([WORD])}

Scene = tuple[Page, str]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A text of the sample as mail brings it: headlines, indented text, the name at the end."""

    title: str
    text: str


def manuscripts() -> list[Manuscript]:
    """Read the sample's articles."""
    return [read_manuscript(path) for path in sorted(SAMPLE.glob("0*.md"))]


def read_manuscript(path: Path) -> Manuscript:
    """Take the marks of the issue folder off an article."""
    _, facts, body = path.read_text("utf-8").split("+++\n", 2)
    told = tomllib.loads(facts)
    passages = [passage.strip() for passage in body.split("\n\n") if passage.strip()]
    lines = [p.removeprefix("## ") if p.startswith("## ") else f"　　{p}" for p in passages]
    names = [f"（{line['name']}）" for line in told["byline"]]
    head = [told["title"], told.get("subhead", ""), ""]
    return Manuscript(told["title"], "\n".join([*head, *lines, *names]))


class Week:
    """The week of one issue: who sits where, and what they do one after the other."""

    def __init__(self, browser: Browser, address: str, account: tuple[str, str]) -> None:
        self.browser = browser
        self.address = address
        self.account = account
        self.passwords = {login: secrets.token_urlsafe(12) for login in PEOPLE}
        self.texts = manuscripts()
        self.issue = ""  # its key, as the board's address tells it

    def scenes(self) -> Iterator[Scene]:
        """Go through the week, once the accounts are made."""
        self.writer, self.first, self.second, self.chief = (
            self.sit_down(login, password) for login, password in self.passwords.items()
        )
        yield from self.compose()
        yield from self.read()
        yield from self.mend()
        yield from self.sign()
        yield from self.publish()
        yield from self.correct()
        yield from self.count()
        for page in (self.writer, self.first, self.second, self.chief):
            page.context.close()

    @property
    def writers_account(self) -> tuple[str, str]:
        """Login and password of who composes the issue."""
        return "zuban", self.passwords["zuban"]

    def make_accounts(self) -> None:
        """Have the admin make an account for each of the people."""
        page = self.sit_down(*self.account)
        for login, (family, given, role) in PEOPLE.items():
            page.goto(f"{self.address}admin/users/new/")
            page.fill("[name=username]", login)
            page.fill("[name=email]", f"{login}@newsroom.example")
            page.fill("[name=first_name]", given)
            page.fill("[name=last_name]", family)
            page.fill("[name=password1]", self.passwords[login])
            page.fill("[name=password2]", self.passwords[login])
            page.get_by_role("tab", name="角色").first.click()
            page.get_by_label(role, exact=True).check()
            button(page, "创建").click()
            page.wait_for_url("**/admin/users/")
        page.context.close()

    def compose(self) -> Iterator[Scene]:
        """Begin the issue, paste four manuscripts, hand them in."""
        page = self.writer
        page.get_by_role("link", name="本期", exact=True).click()
        button(page, "新建下一期").click()
        page.wait_for_url("**/desk/issues/*/")
        self.issue = page.url.rstrip("/").rsplit("/", 1)[1]
        yield from self.look_at_an_import(page)
        button(page, "粘贴稿件").click()
        for place, manuscript in enumerate(self.texts, start=1):
            text = page.get_by_label("一篇稿件的文字")
            expect(text).to_have_value("")
            text.fill(manuscript.text)
            expect(page.locator("[data-lines-place]")).to_contain_text(manuscript.title)
            if place == 2:
                yield page, "desk-paste-1280"
            last = place == len(self.texts)
            button(page, "放进本期" if last else "放进本期，再粘一篇").click()
            expect(page.locator("[data-row]")).to_have_count(place)
        page.get_by_role("button", name="全部提交审核").click()
        expect(page.locator("[data-told]")).to_contain_text("已提交4篇")

    def look_at_an_import(self, page: Page) -> Iterator[Scene]:
        """Paste the text of a whole printed page, look at what it was read as, and give it up."""
        address = f"{self.address}admin/desk/issues/{self.issue}/"
        page.goto(f"{address}import/")
        for window in (WIDE, NARROW):
            page.set_viewport_size(window)
            yield page, f"desk-import-{window['width']}"
        page.set_viewport_size(WIDE)
        page.get_by_label("粘贴整版的文字，或几篇稿件").fill(SOURCE.read_text("utf-8"))
        button(page, "读进来看看").click()
        page.wait_for_url("**/desk/imports/*/")
        page.locator(".importing-question button").first.click()
        expect(page.locator(".importing-bar__told")).to_be_visible()
        for window in (WIDE, NARROW):
            page.set_viewport_size(window)
            here = page.locator(".importing-block.importing-here")
            here.evaluate("block => block.scrollIntoView({block: 'center'})")
            yield page, f"desk-import-review-{window['width']}"
        page.set_viewport_size(WIDE)
        page.get_by_text("不要了", exact=True).click()
        button(page, "放弃这次导入").click()
        page.wait_for_url("**/desk/issues/*/")

    def read(self) -> Iterator[Scene]:
        """Let the articles get differently far; the first comes back from 二审."""
        for manuscript in self.texts[:3]:
            self.take_up(self.first, manuscript)
            self.approve(self.first, "一审")
        self.take_up(self.second, self.texts[0])
        self.second.get_by_label("留言").fill(REASON)
        button(self.second, "退回修改").click()
        told(self.second, "已退回")
        yield from self.lay_down(self.second, *WORD)
        self.take_up(self.second, self.texts[1])
        self.approve(self.second, "二审")
        self.take_up(self.chief, self.texts[1])
        self.approve(self.chief, "三审")
        self.open_board(self.writer)
        yield self.writer, "desk-board-1280"
        self.writer.locator("#alarms > summary").click()
        self.writer.locator("#alarms").evaluate("part => part.scrollIntoView({block: 'end'})")
        yield self.writer, "desk-alarms-1280"
        self.writer.set_viewport_size(NARROW)
        self.open_board(self.writer)
        yield self.writer, "desk-board-390"
        self.writer.set_viewport_size(WIDE)

    def lay_down(self, page: Page, wrong: str, right: str) -> Iterator[Scene]:
        """Put a wrong word on the list of the house, so that nobody has to see it next time."""
        page.goto(f"{self.address}admin/wordrule/new/")
        page.get_by_label("错词").fill(wrong)
        page.get_by_label("正词").fill(right)
        button(page, "创建").click()
        told(page, wrong)
        yield page, "desk-words-1280"

    def mend(self) -> Iterator[Scene]:
        """Mend what was returned by what proofreading says, and hand it in again."""
        page = self.writer
        page.goto(f"{self.address}admin/")
        yield page, "desk-dashboard-1280"
        with page.expect_response("**/check/"):
            page.get_by_role("link", name=self.texts[0].title).first.click()
        page.locator("html[data-watching=yes]").wait_for()
        page.locator("[data-side-panel-toggle=proofreading]").click()
        expect(alarm(page, "设计设计")).to_be_visible()
        yield page, "desk-proofreading-1280"
        for wrong, right in MENDED.items():
            alarm(page, wrong).locator(".proofreading__go").click()
            page.wait_for_function("words => String(getSelection()) === words", arg=wrong)
            page.keyboard.insert_text(right)
            expect(alarm(page, wrong)).to_have_count(0)
        button(page, "改好，重新提交审核").click()
        told(page, "已提交审核")
        page.goto(f"{self.address}admin/desk/issues/{self.issue}/")
        page.get_by_role("link", name=f"审《{self.texts[0].title}》").click()
        button(page, "一校完成").click()

    def sign(self) -> Iterator[Scene]:
        """Read what changed, and sign all; one article is late."""
        page = self.first
        self.take_up(page, self.texts[0])
        for name, window in (("desk-review-1280", LONG), ("desk-review-390", NARROW)):
            page.set_viewport_size(window)
            page.reload()
            settle(page)
            yield page, name
        page.set_viewport_size(WIDE)
        button(page, "二校完成").click()
        self.approve(page, "一审")
        self.take_up(page, self.texts[3])
        self.approve(page, "一审")
        for reader, step in ((self.second, "二审"), (self.chief, "三审")):
            for place in (2, 3, 0):
                if step == "三审" and place == 0:
                    yield from self.publish_too_early()
                self.take_up(reader, self.texts[place])
                self.approve(reader, step)

    def publish_too_early(self) -> Iterator[Scene]:
        """See what speaks against publishing while an article is not signed."""
        self.open_board(self.chief)
        self.chief.get_by_role("link", name="出版…").click()
        yield self.chief, "desk-publish-unfinished-1280"

    def publish(self) -> Iterator[Scene]:
        """Show the issue to a colleague without an account, then bring it out."""
        page = self.writer
        self.open_board(page)
        button(page, "分享预览").click()
        button(page, "做一个预览链接").click()
        told(page, "预览链接已做好")
        yield page, "desk-share-1280"
        colleague = self.browser.new_page(locale="zh-CN", viewport=NARROW)
        colleague.goto(page.get_by_label("预览网址").input_value())
        yield colleague, "desk-preview-390"
        colleague.close()
        page = self.chief
        page.goto(f"{self.address}admin/desk/issues/{self.issue}/")
        page.get_by_role("link", name="审稿单").first.click()
        yield page, "desk-sheet-1280"
        page.go_back()
        page.get_by_role("link", name="出版…").click()
        yield page, "desk-publish-1280"
        button(page, "立即出版第451期").click()
        told(page, "第451期已出版")
        yield page, "desk-published-1280"

    def correct(self) -> Iterator[Scene]:
        """Correct an article that is out, and withdraw another."""
        page = self.chief
        self.choose(page, self.texts[3], "更正…")
        page.get_by_label("原文").fill("象棋比赛在建德举行")
        page.get_by_label("更正为").fill("象棋比赛在建德市举行")
        page.get_by_label("更正内容").fill("标题中“建德”应为“建德市”，特此更正。")
        yield page, "desk-correct-1280"
        button(page, "登出更正").click()
        told(page, "更正已登出")
        self.choose(page, self.texts[2], "撤稿…")
        page.get_by_label("原因").fill("本文数字未经核实，现予撤稿，并向读者致歉。")
        yield page, "desk-withdraw-1280"
        button(page, "撤稿").click()
        told(page, "已撤稿")
        reader = self.browser.new_page(locale="zh-CN", viewport=WIDE)
        for address, name in (("451/4/", "corrected-1280"), ("451/3/", "withdrawn-1280")):
            reader.goto(self.address + address)
            yield reader, name
        reader.close()

    def count(self) -> Iterator[Scene]:
        """Look at the office's figures, and at a month's fees once there is a rate to pay."""
        page = self.chief
        page.goto(f"{self.address}admin/grades/new/")
        page.get_by_label("等级").fill("甲")
        page.get_by_label("千字稿酬").fill("80")
        button(page, "创建").click()
        told(page, "甲")
        page.goto(f"{self.address}admin/settings/desk/figuresettings/")
        page.get_by_label("未另定时的等级").select_option(index=1)
        button(page, "保存").click()
        told(page, "字数与稿费")
        for path, name in (
            ("figures/output/", "desk-report-1280"),
            ("fees/", "desk-fees-1280"),
        ):
            page.goto(f"{self.address}admin/desk/{path}")
            yield page, name
        page.get_by_role("link", name="稿费表（打印、关账）").click()
        yield page, "desk-fee-sheet-1280"

    def sit_down(self, login: str, password: str) -> Page:
        """Open a browser of their own for somebody, logged in."""
        context = self.browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport=WIDE
        )
        page = context.new_page()
        page.add_init_script(NOTE_WATCHING)
        page.goto(f"{self.address}admin/login/")
        page.fill("[name=username]", login)
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.address}admin/")
        return page

    def open_board(self, page: Page) -> None:
        """Open the board and wait until its preview stands."""
        page.goto(f"{self.address}admin/desk/issues/{self.issue}/")
        settle(page)

    def take_up(self, page: Page, manuscript: Manuscript) -> None:
        """Open an article from 待我审."""
        page.goto(f"{self.address}admin/")
        page.get_by_role("link", name=manuscript.title).first.click()
        page.wait_for_url("**/review/")
        settle(page)

    def approve(self, page: Page, step: str) -> None:
        """Sign the article on the screen."""
        button(page, f"{step}通过").click()
        told(page, f"{step}已签字")

    def choose(self, page: Page, manuscript: Manuscript, what: str) -> None:
        """Choose what is to become of a printed article, in its row on the board."""
        page.goto(f"{self.address}admin/desk/issues/{self.issue}/")
        page.get_by_role("link", name=f"{what}《{manuscript.title}》").click()


def button(page: Page, name: str) -> Locator:
    """Find what is pressed: a button, or a link that looks like one."""
    found = page.get_by_role("button", name=name, exact=True)
    return found.or_(page.get_by_role("link", name=name, exact=True)).first


def told(page: Page, words: str) -> None:
    """Wait for the message at the head of the screen."""
    expect(page.locator(".messages")).to_contain_text(words)


def alarm(page: Page, quote: str) -> Locator:
    """Find what proofreading says about some words."""
    return page.locator("[data-proofreading] li", has=page.locator(f"q:text-is('{quote}')"))


def settle(page: Page) -> None:
    """Wait until frames and pictures have come."""
    page.wait_for_load_state("networkidle")
