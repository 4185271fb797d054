"""Count what an editor's hands do, so that a job's length can be promised and kept."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

# What Word, a mail or a web page does when its reader presses Ctrl+C.
COPY = """({text, html}) => {
  const fill = event => {
    event.clipboardData.setData("text/plain", text);
    if (html) event.clipboardData.setData("text/html", html);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener("copy", fill, {capture: true, once: true});
  document.execCommand("copy");
}"""


class Hands:
    """An editor at a page: every click and every key goes through here and is counted.

    A paste is one keystroke (Ctrl+V), and so is a Latin character; a Chinese one is four: its
    pinyin and its share of choosing among the proposals.
    """

    KEYS_PER_HAN = 4

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.keystrokes = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keystrokes += 1

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        for character in text:
            self.page.keyboard.type(character)
            self.keystrokes += 1 if character.isascii() else self.KEYS_PER_HAN

    def paste(self, text: str, html: str = "") -> None:
        """Paste what another program copied; copying there is not counted."""
        self.page.evaluate(COPY, {"text": text, "html": html})
        self.press("Control+v")

    def __str__(self) -> str:
        return f"{self.clicks}次点击，{self.keystrokes}次按键"
