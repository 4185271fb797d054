"""What the browser tests share: editors at desks of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Founding, copied, give_back, note_errors
from tests.factories import make_printed_sample, make_sample

# What is to come may take its time on a machine that is busy; what has come is not waited for.
expect.set_options(timeout=15_000)

MakeOnce = Callable[[Callable[[], object]], None]
# Wagtail begins to watch for edits two seconds after a form is there; what is typed before is
# saved with the next edit. It may begin twice, and take what was typed in between for what was
# there. An editor is slower than that, a test waits for it.
NOTE_WATCHING = """
let settled;
addEventListener("w-unsaved:watch-edits", () => {
  clearTimeout(settled);
  settled = setTimeout(() => document.documentElement.dataset.watching = "yes", 500);
});
"""


@pytest.fixture
def desk(
    browser: Browser, live_server: LiveServer, django_db_serialized_rollback: None
) -> Iterator[Callable[[str], Page]]:
    """Give each named user a browser on a wide screen, logged in; an error in a script fails,
    and so does what the admin's policy (CSP) forbids.

    An empty name sits down in front of the login form.
    """
    errors: list[str] = []
    with ExitStack() as opened:

        def sit_down(name: str) -> Page:
            context = opened.enter_context(
                browser.new_context(
                    base_url=live_server.url,
                    locale="zh-CN",
                    timezone_id="Asia/Shanghai",
                    viewport={"width": 1280, "height": 900},
                )
            )
            page = context.new_page()
            page.add_init_script(NOTE_WATCHING)
            note_errors(page, errors)
            page.goto("/admin/login/")
            if name:
                page.fill("[name=username]", name)
                page.fill("[name=password]", "x")
                page.keyboard.press("Enter")
                page.wait_for_url("**/admin/")
            return page

        yield sit_down
    assert errors == []


@pytest.fixture(scope="session")
def made_files() -> dict[Callable[[], object], bytes]:
    """What makers filled the founded paper with, as files of SQLite (``made_once``)."""
    return {}


@pytest.fixture
def made_once(
    live_server: LiveServer,
    django_db_serialized_rollback: None,
    django_db_setup: Founding,
    made_files: dict[Callable[[], object], bytes],
) -> MakeOnce:
    """Have a maker fill the founded paper; from its second time on, a file does.

    Whoever asks has made nothing before: it would be gone. Pictures stay where the maker put them.
    """

    def make(maker: Callable[[], object]) -> None:
        if maker in made_files:
            give_back(made_files[maker])
            return
        maker()
        if django_db_setup.file:
            made_files[maker] = copied()

    return make


@pytest.fixture
def sample(made_once: MakeOnce) -> None:
    """Issue 450 is out."""
    made_once(make_sample)


@pytest.fixture
def printed_sample(made_once: MakeOnce) -> None:
    """Issue 450 is out, with two printed pages."""
    made_once(make_printed_sample)
