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


# Where the words stand on the screen; they must stand on one line.
PLACE = """words => {
  const texts = document.createTreeWalker(
    document.querySelector(".Draftail-Editor [contenteditable=true]"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const start = texts.currentNode.data.indexOf(words);
    if (start < 0) continue;
    texts.currentNode.parentElement.scrollIntoView({block: "center"});
    const range = new Range();
    range.setStart(texts.currentNode, start);
    range.setEnd(texts.currentNode, start + words.length);
    const {left, right, top, bottom} = range.getBoundingClientRect();
    return {left, right, middle: (top + bottom) / 2};
  }
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
            self.page.keyboard.insert_text(character)
            self.keystrokes += 1 if character.isascii() else self.KEYS_PER_HAN

    def paste(self, text: str, html: str = "") -> None:
        """Paste what another program copied; copying there is not counted."""
        self.page.evaluate(COPY, {"text": text, "html": html})
        self.press("Control+v")

    def select(self, words: str) -> None:
        """Go into the running text with one click, and select words there with a second."""
        line = self.page.locator(".Draftail-Editor [data-text]", has_text=words)
        self.click(line)
        line.click(trial=True)  # when the toolbar has come in, and the line stands still again
        place = self.page.evaluate(PLACE, words)
        self.page.mouse.move(place["left"] + 1, place["middle"])
        self.page.mouse.down()
        self.page.mouse.move(place["right"] - 1, place["middle"], steps=4)
        self.page.mouse.up()
        self.clicks += 1

    def __str__(self) -> str:
        return f"{self.clicks}次点击，{self.keystrokes}次按键"
