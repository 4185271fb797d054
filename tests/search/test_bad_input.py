"""Nothing that can be written into an address of search breaks a page or gets through it."""

from __future__ import annotations

import json

import pytest
from django.test import Client, TestCase

from tests.factories import make_sample

HOSTILE = (
    *("", " ", "\u3000", "\x00", "托\x00育", "\n\r\t", "\u200b", "\ufeff", "\u202e托育", "\ud7ff"),
    *('"', '"托育', '托育"', '""', '"""', "“托育", "”", "「托", "'", "''", "`", "\\", "\\x00"),
    *("-", "--", "-托育", "- 托育", '-"托育', "托育 -托育", "-" * 200, "－托育", "-托 " * 3_000),
    *("%", "%%", "%s", "%(x)s", "_", "%00", "%E6%89", "{}", "{{ 1 }}", "{% x %}", "${1}", "$托"),
    *(
        "*",
        "托*",
        "*托",
        "^托",
        "NEAR(托 育)",
        "托 NEAR 育",
        "托 AND",
        "OR",
        "NOT 托",
        "AND OR NOT",
    ),
    *(
        "title:托",
        "body : 托",
        "{title} : 托",
        "托:*",
        "托 & 育",
        "托 | 育",
        "!托",
        "(托",
        "托)",
        "<->",
    ),
    *("' OR 1=1 --", "'; DROP TABLE articles_articlepage; --", "1 UNION SELECT 1", "x'00'"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title>", "javascript:1"),
    *(
        "😀",
        "👨\u200d👩\u200d👧",
        "🀄托育",
        "𠮷",
        "䶮",
        "é",
        "İ",
        "ß",
        "ﬁ",
        "Ⅷ",
        "①",
        "㈱",
        "اللغة",
        "ไทย",
    ),
    *("托" * 10_000, "a" * 10_000, "1" * 10_000, "托 " * 5_000, '"' * 9_999, "e\u0301" * 999),
    *("../../etc/passwd", "http://example.com/", "@example", "#find=托", "?q=x", "+", ";", "(((("),
    *("NaN", "null", "true", "undefined", "1e309", "-1", "0", "٣", "２０２２", "9" * 400),
)
PARAMETERS = ("q", "year", "section", "contributor", "kind", "order", "page")


class HostileTest(TestCase):
    """Every value in every parameter of every page."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_sample()

    def test_there_are_enough_of_them(self) -> None:
        assert len(set(HOSTILE)) > 100

    def test_hostile_words_get_a_page(self) -> None:
        for value in HOSTILE:
            for more in ({}, {"kind": "corrections"}, {"order": "newest"}):
                answer = self.client.get("/search/", {"q": value, **more})
                assert answer.status_code == 200, value
                assert_whole(answer.content.decode(), value)

    def test_hostile_filters_get_a_page(self) -> None:
        for parameter in PARAMETERS[1:]:
            for value in HOSTILE:
                answer = self.client.get("/search/", {"q": "工会", parameter: value})
                assert answer.status_code == 200, (parameter, value)
                assert_whole(answer.content.decode(), value)

    def test_hostile_beginnings_get_suggestions_or_none(self) -> None:
        for value in HOSTILE:
            answer = self.client.get("/search/suggest/", {"q": value})
            assert answer.status_code == 200, value
            assert len(json.loads(answer.content)["suggestions"]) <= 13

    def test_addresses_that_no_form_writes_get_a_page(self) -> None:
        for query in (
            *("q", "q=", "q=%", "q=%ff%fe", "q=%ed%a0%80", "q=%00", "q=a&q=b", "=", "&&&", "q[]=1"),
            *("q=%u6258", "q;year=2022", "q=托&page=1&page=99", "%00=1", "x" * 5000),
        ):
            for address in ("/search/", "/search/suggest/"):
                assert self.client.get(f"{address}?{query}").status_code == 200, query

    def test_addresses_below_are_not_found(self) -> None:
        for address in (
            "/search/x/",
            "/search/suggest/x/",
            "/search/%00/",
            "/search//",
            "/Search/",
        ):
            assert self.client.get(address).status_code == 404, address

    def test_no_word_is_written_into_the_page_as_html(self) -> None:
        for more in ({}, {"kind": "corrections"}):
            page = self.client.get("/search/", {"q": HOSTILE_HTML, **more}).content.decode()
            assert "<img" not in page
            assert "<script>" not in page
            assert "&lt;img" in page


HOSTILE_HTML = '托育 "><img src=x onerror=alert(1)><script>alert(1)</script>'


def assert_whole(page: str, value: str) -> None:
    """Fail for a page that is cut, or that holds what an attacker would want in it."""
    assert page.rstrip().endswith("</html>"), value
    assert "<h1" in page, value
    assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", ""), value
    assert "<script>" not in page, value


@pytest.mark.django_db
def test_an_empty_paper_answers_too(client: Client) -> None:
    for q in ("", "托育", "450", "-托育"):
        assert client.get("/search/", {"q": q}).status_code == 200
        assert client.get("/search/suggest/", {"q": q}).status_code == 200
