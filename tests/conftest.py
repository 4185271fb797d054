"""What tests may ask for: a founded paper, pages in a real browser, a choice by database use."""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from desk.founding import set_up
from newsroom import circulating, dressing
from newsroom.circulation import Circulation

# So much is in memory that looking for what nobody holds any more, as often as Python does by
# itself, took a sixth of the suite's time.
gc.set_threshold(100_000, 50, 100)

# Debian's Chromium as root in a container, asking nothing of the network of its own accord.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


class Founding(NamedTuple):
    """The rows that migrations make, and the founded paper as a file of SQLite, if it is one."""

    before: str
    file: bytes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-db", action="store_true", help="run only tests that use the database")


@pytest.hookimpl(tryfirst=True)  # before -m is applied
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that take a browser, and leave out what --only-db does not want.

    One that is marked ``one_database`` runs on SQLite alone.

    On PostgreSQL a test whose threads commit leaves empty tables. Without ``serialized_rollback``
    the next one finds no root page, and content types that are not those it puts back: refused.
    So is one beside ``shared_rows``, which would be gone with the rest.
    """
    sharing = {item.path for item in items if "shared_rows" in getattr(item, "fixturenames", ())}
    for item in items:
        marked = getattr(item.get_closest_marker("django_db"), "kwargs", {})
        commits = marked.get("transaction")
        if commits and not marked.get("serialized_rollback") and not takes_browser(item):
            raise pytest.UsageError(f"{item.nodeid}: add serialized_rollback=True")
        if item.path in sharing and (commits or is_class_of_django(item)):
            raise pytest.UsageError(f"{item.nodeid}: its module has shared_rows")
        if takes_browser(item):
            item.add_marker(pytest.mark.browser)
    if config.getoption("--only-db"):
        config.hook.pytest_deselected(items=[item for item in items if not wants_each(item)])
        items[:] = [item for item in items if wants_each(item)]


def takes_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


def wants_each(item: pytest.Item) -> bool:
    """Tell whether a test is to run on every database."""
    return uses_database(item) and item.get_closest_marker("one_database") is None


def uses_database(item: pytest.Item) -> bool:
    """Tell whether a test is marked for the database, is Django's, or takes a fixture that is."""
    return (
        item.get_closest_marker("django_db") is not None
        or is_class_of_django(item)
        or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
    )


def is_class_of_django(item: pytest.Item) -> bool:
    test_class = getattr(item, "cls", None)
    return test_class is not None and issubclass(test_class, TransactionTestCase)


@pytest.fixture(autouse=True)
def open_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with an open, plain paper that this process knows; only a change has it ask again."""
    monkeypatch.setattr(circulating, "SECONDS", float("inf"))
    monkeypatch.setattr(circulating, "_known", (0.0, Circulation()))
    monkeypatch.setattr(dressing, "SECONDS", float("inf"))
    monkeypatch.setattr(dressing, "_known", (0.0, ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings: None,
) -> None:
    """Give browser tests on SQLite a file, as `make run` has, where each thread connects by itself.

    The database in memory would be one connection that the test and the server's threads share.
    It need not outlive a power cut.
    """
    if connection.vendor == "sqlite" and any(map(takes_browser, request.session.items)):
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)
        connection.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Founding]:
    """Have the paper founded before the first test, and again after each whose threads commit.

    Each test would do the first otherwise, which took a tenth of the suite.
    """
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            before = connection.creation.serialize_db_to_string()
            set_up()
            if connection.vendor == "sqlite":
                file = copied()
                # Instead of emptying two hundred tables, and writing their rows one by one.
                patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: give_back(file))
                patch.delattr(connection, "_test_serialized_contents", raising=False)
            else:
                file = b""
                rows = connection.creation.serialize_db_to_string()
                patch.setattr(connection, "_test_serialized_contents", rows, raising=False)
        yield Founding(before, file)


def copied() -> bytes:
    """Return the database as a file of SQLite that keeps no journal beside it.

    Bytes 18 and 19 say how it is written and read (SQLite's file format): 1 as of old, 2 by a WAL.
    """
    file = connection.connection.serialize()
    return file[:18] + b"\x01\x01" + file[20:]


def give_back(file: bytes) -> None:
    """Have the database be again what it was when it was ``copied``."""
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(file)
        connection.ensure_connection()
        copy.backup(connection.connection)


@pytest.fixture
def unfounded(db: None, django_db_setup: Founding) -> None:
    """Leave what migrations make and nothing else, as before `set_up_newsroom`."""
    # With numbers begun anew, what a test makes would get those of the rows that are put back.
    kept = {"reset_sequences": False, "inhibit_post_migrate": True}
    call_command("flush", interactive=False, verbosity=0, **kept)
    connection.creation.deserialize_db_from_string(django_db_setup.before)


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: Founding, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let fixtures of a module make rows that all its tests find, and none changes for the next.

    Each test has a savepoint within this transaction. What is made so is ``fresh`` for each test.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def founded_file(django_db_setup: Founding, tmp_path: Path) -> Path:
    """Return a file of SQLite with the paper as it is founded: making tables anew takes long."""
    if not django_db_setup.file:
        pytest.skip("on SQLite alone")
    file = tmp_path / "founded.sqlite3"
    file.write_bytes(django_db_setup.file)
    return file


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.fail("需要 Chromium：sudo apt-get install chromium")
    # Playwright keeps an event loop in this thread: Django would refuse the database there, and
    # knows no connection made before it (hence -m: a run has browser tests only, or none).
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def live_server(django_db_setup: Founding, live_server: LiveServer) -> LiveServer:
    """Start the server only when the database is there: it looks whether that is in memory."""
    return live_server


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, django_db_serialized_rollback: None
) -> Iterator[Page]:
    """Open a page on the live server, as a reader on a phone; an error in a script fails the test,
    and so does what the policy of the page (CSP) forbids.

    The root page and locale that Wagtail's migrations make come back after each test.
    """
    with reader(browser, live_server, java_script_enabled=True) as context:
        opened = context.new_page()
        errors: list[str] = []
        note_errors(opened, errors)
        yield opened
        assert errors == []


@pytest.fixture
def page_without_javascript(
    browser: Browser, live_server: LiveServer, django_db_serialized_rollback: None
) -> Iterator[Page]:
    """Open a page as ``page`` does, for a reader whose browser runs no script."""
    with reader(browser, live_server, java_script_enabled=False) as context:
        yield context.new_page()


def note_errors(page: Page, errors: list[str]) -> None:
    """Note each error of a script, and whatever the page's own policy forbids."""
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if "Security Policy" in said.text else None,
    )


def reader(
    browser: Browser, live_server: LiveServer, *, java_script_enabled: bool
) -> BrowserContext:
    return browser.new_context(
        base_url=live_server.url,
        java_script_enabled=java_script_enabled,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 390, "height": 844},
    )
