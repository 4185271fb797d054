"""What docs/newsroom.md shows and quotes is what the screens show and say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import trans_real

MANUAL = settings.BASE_DIR / "docs" / "newsroom.md"
CODE = (
    *("accounts", "articles", "contributions", "desk", "following", "interchange", "issues"),
    *("newsroom", "operations"),
)
# Where something is filled in, in code, template or quotation.
GAP = "\0"
LONGEST_FILLING = 60
TAG = re.compile(r"<[^>]*>|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
FILLED_IN = re.compile(r"\{\{.*?\}\}|%\(\w+\)s", re.DOTALL)
HAN = re.compile(r"[\u4e00-\u9fff]")


def words_of_template(path: Path) -> Iterator[str]:
    """Yield each stretch of words between tags, and what fields say before they are filled."""
    text = FILLED_IN.sub(GAP, path.read_text("utf-8"))
    yield from TAG.split(text)
    yield from re.findall(r'placeholder="(.*?)"', text)


def words_of_code(path: Path) -> Iterator[str]:
    """Yield each string, its parts put together, with gaps where something is filled in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                part.value if isinstance(part, ast.Constant) else GAP for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{\w*\}", GAP, node.value)


def words_of_script(path: Path) -> Iterator[str]:
    """Yield each string."""
    for _, text in re.findall(r"""(["'`])(.*?)\1""", path.read_text("utf-8")):
        yield re.sub(r"\$\{.*?\}", GAP, text)


@cache
def said() -> frozenset[str]:
    """Return all that screens can say in Chinese: templates, code, scripts, translations."""
    base = settings.BASE_DIR
    found: set[str] = set()
    for path in (base / "templates").rglob("*.html"):
        found.update(words_of_template(path))
    for app in CODE:
        for path in (base / app).rglob("*.py"):
            if "migrations" not in path.parts:  # they remember what screens said once
                found.update(words_of_code(path))
    for path in (base / "static" / "js").glob("*.js"):
        found.update(words_of_script(path))
    catalogue = trans_real.translation("zh-hans")._catalog
    found.update(FILLED_IN.sub(GAP, words) for _, words in catalogue.items())
    return frozenset(words.strip() for words in found if HAN.search(words))


def could_be_a_label(words: str) -> bool:
    """Tell whether a whole label of the screens reads like this once it is filled in."""
    return words in said() or any(
        re.fullmatch(f".{{1,{LONGEST_FILLING}}}".join(map(re.escape, text.split(GAP))), words)
        for text in said()
        if GAP in text and len(HAN.findall(text)) > 1
    )


def is_said(words: str) -> bool:
    """Tell whether the screens say this somewhere, whatever stands in its gaps."""
    pieces = words.replace("……", GAP).strip(GAP).split(GAP)
    pattern = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL)
    return any(pattern.search(text) for text in said())


WORDS = MANUAL.read_text("utf-8")
LABELS = sorted(set(re.findall(r"\*\*(.+?)\*\*", WORDS)))
SAYINGS = sorted(set(re.findall(r"「([^「」]+)」", WORDS)) - {"……"})
# In bold for weight, or as a heading within a section; nothing on a screen.
STRESSED = {
    "先记住三条：",
    "一周的样子：",
    "它只提示，不改字。",
    "发稿费",
    "换次序",
    "换版",
    "还有稿件没定稿",
    "定在周二早上八点",
    "出了才发现不对",
    "邮件没收到。",
    "忘了密码。",
    "预览链接打不开。",
    "菜单里没有说明里写的那一项。",
    "改坏了，想要回以前的。",
    "还是不行。",
}


@pytest.mark.parametrize("label", [label for label in LABELS if label not in STRESSED])
def test_what_the_manual_names_is_on_a_screen(label: str) -> None:
    # A quotation in bold is a saying like any other.
    assert could_be_a_label(label) or label.strip("「」") in SAYINGS, label


@pytest.mark.parametrize("saying", SAYINGS)
def test_what_the_manual_quotes_is_said(saying: str) -> None:
    assert is_said(saying), saying


def test_the_manual_stresses_nothing_that_it_no_longer_has() -> None:
    assert set(LABELS) >= STRESSED


def test_every_picture_and_page_the_manual_leads_to_exists() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", WORDS)
    missing = [target for target in targets if not (MANUAL.parent / target).is_file()]
    assert targets
    assert missing == []


def test_every_section_the_manual_leads_to_exists() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", WORDS, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", WORDS)) <= headings


def test_words_that_no_screen_says_are_found_out() -> None:
    assert could_be_a_label("立即出版第451期")
    assert not could_be_a_label("立即印刷第451期")
    assert is_said("没有签字：您打开之后，……又改过这篇稿件。")
    assert not is_said("没有签字：您打开之前，……又改过这篇稿件。")
