"""Markup: whatever an issue may say comes out of a parser as it went in."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from interchange.rules import Text
from interchange.writers.links import sound_address
from interchange.writers.markup import Markup, element, join, text

WORDS = st.text().filter(lambda words: not Text(multiline=True).fault(words))


@given(WORDS, WORDS)
def test_words_and_attributes_survive_a_parser(words: str, value: str) -> None:
    said = words.translate({0xFFFE: None, 0xFFFF: None})
    told = value.translate({0xFFFE: None, 0xFFFF: None})
    parsed = etree.fromstring(element("p", words, title=value))
    assert (parsed.text or "") == said
    assert parsed.get("title") == told


def test_markup_is_not_escaped_twice_and_words_always_are() -> None:
    inner = element("b", "1 < 2")
    assert element("p", inner, " & ", class_="x", aria_label='"', hidden=None) == (
        '<p class="x" aria-label="&quot;"><b>1 &lt; 2</b> &amp; </p>'
    )
    assert isinstance(join("<", inner), Markup)
    assert text(text("<")) == "&lt;"
    assert element("br") == "<br/>"
    assert element("td") == "<td></td>"


@given(st.text())
def test_an_address_is_spelt_in_ascii_or_left_out(words: str) -> None:
    for scheme in ("https://example.com/", "https://", "mailto:", "tel:", "javascript:", ""):
        address = sound_address(scheme + words)
        assert address.isascii()
        assert not set(' <>"{}|\\^`') & set(address)
        assert address == "" or address.partition(":")[0] in ("http", "https", "mailto", "tel")
        assert sound_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["https://user@example.com/", "https://user:word@example.com/", "data:text/html,x", "//x/y"],
)
def test_addresses_that_deceive_are_left_out(address: str) -> None:
    assert sound_address(address) == ""


def test_soft_returns_are_the_same_in_html() -> None:
    page = BeautifulSoup(element("p", "甲", element("br"), "乙"), "html.parser")
    assert page.get_text("|") == "甲|乙"
