"""How a reader wants to read is kept and put into a style; whatever is sent instead is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from newsroom.comfort_views import SHEETS
from newsroom.comforts import COMFORTS, read_choice, style_of, written
from tests.factories import make_sample

STATIC = Path(settings.BASE_DIR) / "static"
SCRIPT = (STATIC / "js/comfort.js").read_text("utf-8")
TOKENS = (STATIC / "css/tokens.css").read_text("utf-8")
NEVER_OURS = (
    *("", ".", "-", "size", "size-", "size-9", "size-1-2", "elder-yes", "sizes-1", "x" * 9999),
    *("theme-dark;", "theme-</style>", "size-1\r\nSet-Cookie: a=b", "__proto__-1", "size-１"),
)


def test_what_was_chosen_is_read_back() -> None:
    choice = {"size": "2", "elder": "on", "theme": "dark"}

    assert written(choice) == "size-2.elder-on.theme-dark"
    assert read_choice(written(choice)) == choice


@pytest.mark.parametrize("text", NEVER_OURS)
def test_what_is_no_choice_is_left_out(text: str) -> None:
    assert read_choice(text) == {}
    assert read_choice(f"{text}.theme-dark") in ({"theme": "dark"}, {})


@given(st.text())
def test_whatever_is_kept_is_one_of_the_choices(text: str) -> None:
    known = {comfort.name: {o.value for o in comfort.options} for comfort in COMFORTS}

    assert all(value in known[name] for name, value in read_choice(text).items())


def test_the_usual_needs_no_style() -> None:
    assert style_of({}, SHEETS) == ""


@pytest.mark.parametrize("comfort", COMFORTS, ids=lambda comfort: comfort.name)
def test_each_choice_has_a_style_that_holds_without_scripts(comfort: object) -> None:
    for option in comfort.options[1:]:  # type: ignore[attr-defined]
        name, value = comfort.name, option.value  # type: ignore[attr-defined]
        condition = f'[data-{name}="{value}"]'
        whole = "".join(sheet.read_text("utf-8") for sheet in SHEETS)
        style = style_of({name: value}, SHEETS)
        assert condition in whole
        assert condition not in style
        assert style.count(":not(.x)") == whole.count(condition)


def test_the_script_knows_the_same_choices() -> None:
    patterns = dict(re.findall(r"(\w+): /(\^.*?\$)/", SCRIPT))

    assert patterns.keys() == {comfort.name for comfort in COMFORTS}
    for comfort in COMFORTS:
        pattern = re.compile(patterns[comfort.name])
        assert all(pattern.fullmatch(option.value) for option in comfort.options[1:])
        assert not any(pattern.search(text) for text in ("", "0", "9", "x", "onn", "dark "))


def test_dark_is_the_same_whether_the_device_says_so_or_the_reader() -> None:
    device, reader = (
        re.search(pattern, TOKENS)[1].split()  # type: ignore[index]
        for pattern in (
            r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}",
            r'@media screen \{\s*:root\[data-theme="dark"\] \{\s*color-scheme: dark;([^}]*)\}',
        )
    )

    assert device == reader
    assert "--paper:" in device


def test_the_aids_weigh_little() -> None:
    for file in ("js/comfort.js", "js/reading_tools.js", "css/aids.css", "css/reading_tools.css"):
        assert (STATIC / file).stat().st_size < 6000, file
    assert (STATIC / "js/comfort.js").stat().st_size < 1000


@pytest.mark.django_db
class TestReadingPage:
    """The page that keeps a choice without scripts."""

    def test_a_choice_is_kept_for_this_page_alone(self) -> None:
        client = Client()
        answer = client.post("/reading/", {"elder": "on", "theme": "dark", "size": "", "back": ""})

        assert answer.status_code == 303
        assert answer["Location"] == "/reading/"
        cookie = answer.cookies["reading"]
        assert cookie.value == "elder-on.theme-dark"
        assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (
            "/reading/",
            "Lax",
            True,
        )
        style = client.get("/reading/comfort.css")
        assert style["Content-Type"] == "text/css; charset=utf-8"
        assert ":root:not(.x) .ear," in style.content.decode()
        assert 'value="dark" checked' in client.get("/reading/").content.decode()

    def test_one_switch_leaves_the_other_choices(self) -> None:
        client = Client()
        client.post("/reading/", {"theme": "dark", "size": "2"})

        assert client.post("/reading/", {"elder": "on"}).cookies["reading"].value == (
            "size-2.elder-on.theme-dark"
        )
        assert client.post("/reading/", {"elder": ""}).cookies["reading"].value == (
            "size-2.theme-dark"
        )

    def test_the_usual_leaves_nothing_behind(self) -> None:
        client = Client()
        client.post("/reading/", {"elder": "on"})
        answer = client.post("/reading/", {"elder": "", "size": "", "theme": "", "focus": ""})

        assert answer.cookies["reading"]["max-age"] == 0
        assert answer.cookies["reading"]["path"] == "/reading/"
        assert client.get("/reading/comfort.css").content == b""

    @pytest.mark.parametrize("address", ["/reading/", "/reading/comfort.css"])
    def test_nobody_between_keeps_it(self, address: str) -> None:
        for headers in ({}, {"x-paper-keep": "1"}):
            answer = Client().get(address, headers=headers)
            assert "private" in answer["Cache-Control"]
            assert "Cookie" in answer["Vary"]
            assert "X-Accel-Expires" not in answer

    def test_an_unchanged_style_is_not_sent_twice(self) -> None:
        client = Client()
        client.post("/reading/", {"size": "1"})
        tag = client.get("/reading/comfort.css")["ETag"]

        again = client.get("/reading/comfort.css", headers={"if-none-match": tag})
        assert again.status_code == 304
        client.post("/reading/", {"size": "2"})
        changed = client.get("/reading/comfort.css", headers={"if-none-match": tag})
        assert changed.status_code == 200

    @pytest.mark.parametrize(
        ("back", "to"),
        [
            ("/450/3/?page=2", "/450/3/?page=2"),
            ("http://testserver/450/", "/450/"),
            *((each, "/reading/") for each in (
                *("", "/reading/", "https://evil.example/", "//evil.example/", "/\\evil.example"),
                *("javascript:alert(1)", "http:///evil.example", "\\\\evil.example", "450/"),
                *("http://testserver//evil.example/", "http://testserver@evil.example/"),
                *("/450/\r\nX: y", "/450/\n", "https://[", "\x00", "/\x00"),
            )),
        ],
    )  # fmt: skip
    def test_it_leads_back_to_pages_of_ours_alone(self, back: str, to: str) -> None:
        answer = Client().post("/reading/", {"elder": "on", "back": back})

        assert answer["Location"] == to

    @pytest.mark.parametrize("referer", ["https://evil.example/450/", "//x", "https://[", "\x00"])
    def test_where_one_came_from_is_ours_or_left_out(self, referer: str) -> None:
        ours = Client().get("/reading/", headers={"referer": "http://testserver/450/3/"})
        assert 'name="back" value="/450/3/"' in ours.content.decode()

        other = Client().get("/reading/", headers={"referer": referer})
        assert other.status_code == 200
        assert 'name="back" value=""' in other.content.decode()

    def test_a_form_of_another_site_chooses_nothing(self) -> None:
        answer = Client(headers={"sec-fetch-site": "cross-site"}).post("/reading/", {"elder": "on"})

        assert "reading" not in answer.cookies

    @pytest.mark.parametrize("cookie", [*NEVER_OURS[:10], '"', "size-2; elder-on"])
    def test_a_made_up_cookie_chooses_nothing_new(self, cookie: str) -> None:
        client = Client()
        client.cookies["reading"] = cookie

        assert client.get("/reading/").status_code == 200
        assert "</" not in client.get("/reading/comfort.css").content.decode()

    def test_pages_are_the_same_whatever_was_chosen(self) -> None:
        make_sample()
        plain = Client().get("/450/3/")
        chosen = Client()
        chosen.cookies["reading"] = "elder-on"
        answer = chosen.get("/450/3/", headers={"x-paper-keep": "1"})

        assert answer.content == plain.content
        assert "Cookie" not in answer.get("Vary", "")
        assert answer["X-Accel-Expires"]
