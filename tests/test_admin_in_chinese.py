"""No English is left on the admin's screens: each role's whole admin is walked, link by link."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import ArticlePage
from contributions.models import Mail
from issues.models import IssuePage, NewspaperPage
from newsroom.models import Imprint
from tests.contributions.factories import make_attachment, make_contribution, make_tip

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ROLES = ["编辑", "责任编辑", "总编"]
SAMPLE_ISSUE = settings.BASE_DIR / "content" / "issue-450"

# Names and abbreviations that Chinese writes in Latin letters.
ALLOWED = {
    *("Wagtail", "Word", "Excel", "JavaScript", "HTML", "CSS", "URL", "API", "ID", "SEO"),
    *("JPEG", "JPG", "PNG", "GIF", "WEBP", "WebP", "AVIF", "HEIC", "SVG", "PDF", "ZIP"),
    *("XLSX", "CSV", "TSV", "JSON", "KB", "MB", "GB", "px", "ICP", "CN", "EPUB", "IIIF", "QR"),
    "MP",  # MP3
    *("Ctrl", "Alt", "Shift", "Enter", "Esc", "Cmd", "Tab", "Option", "Command", "Return"),
    *("https", "http", "www", "com", "GMT", "UTC", "localhost"),
    "APP",  # in the copy of issue 450
}
# Addresses, file names, places of the time zone list, placeholders: not prose in any language.
NOT_PROSE = re.compile(
    r"""https?://\S+ | [\w.+-]+@[\w.-]+ | /[\w/-]+/
        | \S+\.(?:jpe?g|png|gif|webp|pdf|docx?|md|toml|css|js)\b
        | \b[A-Z][A-Za-z_]+(?:/[A-Z][\w+-]+)+ | \b[a-z]+(?:-[a-z]+)+\b
        | %\(\w+\)s | \{\w*\} | __\w+__""",
    re.VERBOSE,
)
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*[A-Za-z]")
SENTENCE = re.compile(r"[A-Z][a-z]+(?:[ -][A-Za-z’']+)+[.…?!]?|[A-Z][a-z]+…")

# A side panel's counter is hidden while it counts nothing ("None").
INVISIBLE = "style, code, pre, kbd, svg, noscript, [data-side-panel-toggle-counter][hidden]"
SPOKEN_ATTRIBUTES = ["title", "aria-label", "placeholder", "alt", "aria-description", "label"]
# What only the admin sees: names of permissions, which the database keeps, and what Wagtail makes
# of identifiers: headings of columns, labels of fields.
ONLY_THE_ADMIN_S = re.compile(
    r"""(?:.*\ \|\ )? (?:Can|Delete|Lock|Publish|Unlock)\b [^|]*
        | .* (?:Port|Site\ name|Root\ page) .* | Task\ type | Include\ descendants | Role""",
    re.VERBOSE,
)
# What React and Stimulus show of the values they are given.
SHOWN_KEYS = {
    *("label", "labels", "title", "text", "description", "help_text", "helpText", "message"),
    *("verbose_name", "placeholder", "strings", "single_translation", "comparison"),
}
# Machine-readable answers, the way out, and what is not a screen.
NOT_SCREENS = re.compile(
    r"^/admin/(?:logout|api|jsi18n|sprite|autocomplete|icons|contributions/(?:files|thumbnails))\b"
    r"|\.(?:css|js|svg|png|ico)$"
)
MOST_SCREENS = 500
MOST_ALIKE = 2


@pytest.fixture
def newsroom(unfounded: None) -> None:
    """Issue 450 as it came out, and a next one with an article in review and a locked one."""
    call_command("set_up_newsroom", admin="管理员", sample=SAMPLE_ISSUE, verbosity=0)
    writer = person("通讯员甲", role="编辑")
    issue = NewspaperPage.objects.get().add_child(
        instance=IssuePage(
            number=451, date=date(2022, 8, 9), imprint=Imprint.objects.first(), live=False
        )
    )
    issue.save_revision(user=writer)
    for title in ["送审的稿件", "锁定的稿件"]:
        article = issue.add_child(instance=ArticlePage(title=title, live=False))
        article.body = [("paragraph", "<p>正文。</p>")]
        article.save_revision(user=writer)
        if title.startswith("送审"):
            article.get_workflow().start(article, writer)
        else:
            article.locked, article.locked_by, article.locked_at = True, writer, timezone.now()
            article.save()
    tip = make_tip()
    make_attachment(tip)
    Mail.objects.create(
        contribution=tip, occasion=Mail.Occasion.ARRIVAL, last_error="连不上邮件服务器。"
    )
    make_contribution(name="汪燕盼", unit="市总工会", duplicate_of=tip, assignee=writer)


def person(name: str, *, role: str) -> User:
    user = User.objects.create_user(name, password="只为测试", first_name=name)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize("role", ROLES)
def test_everything_a_role_can_open_is_chinese(role: str, newsroom: None, client: Client) -> None:
    client.force_login(person("测试", role=role))

    assert english_found(client, reverse("wagtailadmin_home")) == {}


def test_everything_the_admin_can_open_is_chinese(newsroom: None, client: Client) -> None:
    client.force_login(User.objects.create_superuser("测试", password="只为测试"))

    found = english_found(client, reverse("wagtailadmin_home"))
    assert {text: at for text, at in found.items() if not ONLY_THE_ADMIN_S.fullmatch(text)} == {}


@pytest.mark.parametrize(
    "screen",
    ["wagtailadmin_login", "wagtailadmin_password_reset", "wagtailadmin_password_reset_done"],
)
def test_the_way_in_is_chinese(screen: str, newsroom: None, client: Client) -> None:
    texts = shown_by(client.get(reverse(screen)).content.decode())

    assert [text for text in texts if english_in(text)] == []


def test_a_wrong_password_is_told_in_chinese(newsroom: None, client: Client) -> None:
    answer = client.post(reverse("wagtailadmin_login"), {"username": "x", "password": "y"})

    texts = shown_by(answer.content.decode())
    assert [text for text in texts if english_in(text)] == []


def english_found(client: Client, start: str) -> dict[str, str]:
    """Walk every address from ``start`` on: each English text, with the first screen that has it.

    Of addresses that differ only in a number or in values of the query, two are opened.
    """
    found: dict[str, str] = {}
    seen = {start}
    alike: Counter[str] = Counter()
    waiting = deque([start])
    opened = 0
    while waiting and opened < MOST_SCREENS:
        address = waiting.popleft()
        try:
            response = client.get(address)
        except Exception as error:
            error.add_note(f"on {address}")
            raise
        if 300 <= response.status_code < 400:
            page, addresses = "", [response.headers["Location"]]
        elif response.status_code == 200 and is_screen(response):
            opened += 1
            page = response.content.decode(errors="replace")
            addresses = addresses_in(page)
        else:
            continue
        for text in shown_by(page):
            if english_in(text):
                found.setdefault(text[:200], address)
        for address in addresses:
            if address not in seen and alike[pattern_of(address)] < MOST_ALIKE:
                seen.add(address)
                alike[pattern_of(address)] += 1
                waiting.append(address)
    assert opened > 20, "the walk did not get far"
    return found


def is_screen(response: HttpResponse) -> bool:
    """Whether somebody reads this on the screen, and does not take it along as a file."""
    kind = response.headers.get("Content-Type", "")
    return not response.streaming and kind.startswith(("text/", "application/json"))


def addresses_in(page: str) -> list[str]:
    """Every admin address that a page names, in links as in the data of its components."""
    text = unescape(page).replace("\\u0026", "&").replace("\\/", "/")
    addresses = re.findall(r"/admin/[\w/.%-]*(?:\?[\w=&.%/+-]*)?", text)
    # Scripts add what is ticked in a listing to the addresses of its bulk actions.
    for ticked in re.findall(r'data-object-id="(\d+)"', text)[:1]:
        addresses += [f"{at}?id={ticked}" for at in addresses if at.startswith("/admin/bulk/")]
    return [address for address in dict.fromkeys(addresses) if not NOT_SCREENS.search(address)]


def pattern_of(address: str) -> str:
    parts = urlsplit(address)
    return re.sub(r"\d+", "0", parts.path) + "?" + ",".join(sorted(dict(parse_qsl(parts.query))))


def english_in(text: str) -> bool:
    """Tell whether a text has a Latin word that is neither allowed nor part of a name."""
    return any(word not in ALLOWED for word in WORD.findall(NOT_PROSE.sub(" ", text)))


def shown_by(page: str) -> Iterator[str]:
    """Each text that a screen, a fragment or a dialogue's answer shows, in words or to the ear."""
    data = as_json(page)
    if data is not None:
        yield from shown_by_data(data)
        return
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.select(INVISIBLE):
        element.decompose()
    for element in soup.find_all("script"):
        yield from shown_by_data(as_json(element.string or ""))
        element.decompose()
    for text in soup.stripped_strings:
        yield " ".join(text.split())
    for element in soup.find_all(True):
        yield from spoken_by(element)


def spoken_by(element: Tag) -> Iterator[str]:
    is_button = element.name == "input" and element.get("type") in ("submit", "button", "reset")
    for name, value in element.attrs.items():
        if not isinstance(value, str):
            continue
        if name in SPOKEN_ATTRIBUTES or (name == "value" and is_button):
            yield value
        elif name.startswith("data-"):
            data = as_json(value)
            if data is not None:
                yield from shown_by_data(data)
            elif "<" in value:
                yield from shown_by(value)
            elif SENTENCE.fullmatch(value.strip()):
                yield value


def shown_by_data(data: object, *, shown: bool = False) -> Iterator[str]:
    """Each text in a component's data: values of telling keys, pieces of HTML, whole sentences."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from shown_by_data(value, shown=key in SHOWN_KEYS or (shown and key != "icon"))
    elif isinstance(data, list):
        for value in data:
            yield from shown_by_data(value, shown=shown)
    elif isinstance(data, str):
        nested = as_json(data)
        if nested is not None:
            yield from shown_by_data(nested)
        elif "<" in data and ">" in data:
            yield from shown_by(data)
        elif shown or SENTENCE.fullmatch(data.strip()):
            yield data


def as_json(text: str) -> object:
    """The object or list that a text spells, otherwise None."""
    if not text.strip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
