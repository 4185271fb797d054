"""What is read where."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from wagtail.models import PageLogEntry

from operations.replica import middleware, router
from operations.replica.middleware import ReadersPages
from operations.replica.router import REPLICA, ReaderRouter, is_held, note_change, reading

READ = ReaderRouter()


class Standby:
    """Stands for what the process knows of a standby."""

    def __init__(self, fresh: bool = True) -> None:
        self.fresh = fresh

    def is_fresh(self) -> bool:
        return self.fresh

    def distrust(self) -> None:
        self.fresh = False


@pytest.fixture
def standby(settings, monkeypatch: pytest.MonkeyPatch) -> Standby:
    known = Standby()
    monkeypatch.setitem(settings.DATABASES, REPLICA, settings.DATABASES["default"])
    monkeypatch.setattr(middleware, "freshness", lambda: known)
    monkeypatch.setattr(middleware, "connections", {REPLICA: SimpleNamespace(close=lambda: None)})
    cache.delete(router.HELD)
    return known


def asked(
    method: str = "GET", path: str = "/450/3/", headers: dict | None = None, **cookies: str
) -> str:
    """Return which database a request reads from."""
    request = getattr(RequestFactory(), method.lower())(path, headers=headers)
    request.COOKIES.update(cookies)
    told = ReadersPages(lambda request: HttpResponse(READ.db_for_read(None)))(request)
    assert not reading.get()
    return told.content.decode()


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand outside every transaction, as a view does."""
    free = {"default": SimpleNamespace(in_atomic_block=False)}
    monkeypatch.setattr(router, "connections", free)


@pytest.mark.parametrize("path", ["/", "/450/3/", "/search/", "/450/issue.pdf", "/api/v1/issues/"])
def test_readers_pages_are_read_from_the_standby(
    standby: Standby, outside: None, path: str
) -> None:
    assert asked(path=path) == REPLICA


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/pages/3/",
        "/contribute/",
        "/contribute/status/",
        "/preview/abc/",
        "/subscribe/",
        "/unsubscribe/abc/",
        "/healthz",
        "/hant/contribute/status/",
    ],
)
def test_where_somebody_sees_what_they_did_the_primary_is_read(
    standby: Standby, outside: None, path: str
) -> None:
    assert asked(path=path) == "default"


def test_who_writes_or_has_a_session_reads_from_the_primary(
    standby: Standby, outside: None, settings
) -> None:
    assert asked("POST") == "default"
    assert asked(**{settings.SESSION_COOKIE_NAME: "x"}) == "default"


@pytest.mark.parametrize("header", ["X-Paper-Keep", "X-Paper-Renew"])
def test_what_nginx_keeps_for_long_is_read_from_the_primary(
    standby: Standby, outside: None, header: str
) -> None:
    assert asked(headers={header: "1"}) == "default"


def test_a_standby_that_is_behind_is_not_read(standby: Standby, outside: None) -> None:
    standby.fresh = False
    assert asked() == "default"


def test_after_a_write_the_same_request_reads_what_it_wrote(
    standby: Standby, outside: None
) -> None:
    def view(request: object) -> HttpResponse:
        before, _ = READ.db_for_read(None), READ.db_for_write(None)
        return HttpResponse(f"{before} {READ.db_for_read(None)}")

    assert ReadersPages(view)(RequestFactory().get("/")).content == b"replica default"


def test_in_a_transaction_the_primary_is_read(standby: Standby, monkeypatch) -> None:
    busy = {"default": SimpleNamespace(in_atomic_block=True)}
    monkeypatch.setattr(router, "connections", busy)
    assert asked() == "default"


def test_what_the_standby_failed_at_is_asked_of_the_primary(
    standby: Standby, outside: None
) -> None:
    views = ReadersPages(lambda request: HttpResponse())
    request = RequestFactory().get("/450/3/")
    request.resolver_match = SimpleNamespace(
        func=lambda request, number: HttpResponse(f"{number} {READ.db_for_read(None)}"),
        args=(),
        kwargs={"number": "3"},
    )
    token = reading.set(True)
    answer = views.process_exception(request, OperationalError("terminating connection"))
    reading.reset(token)
    assert answer is not None
    assert answer.content == b"3 default"
    assert not standby.fresh


def test_other_errors_are_errors(standby: Standby) -> None:
    views = ReadersPages(lambda request: HttpResponse())
    request = RequestFactory().get("/")
    request.resolver_match = SimpleNamespace(func=None)
    token = reading.set(True)
    assert views.process_exception(request, ValueError()) is None
    reading.set(False)
    assert views.process_exception(request, OperationalError()) is None
    reading.reset(token)


@pytest.mark.django_db
def test_what_readers_have_to_see_is_read_from_the_primary_for_a_while(
    standby: Standby, outside: None, django_capture_on_commit_callbacks
) -> None:
    note_change(PageLogEntry(action="wagtail.edit"), created=True)
    assert asked() == REPLICA  # a draft is nobody's
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        note_change(PageLogEntry(action="issues.withdraw"), created=True)
        assert is_held()  # before it is committed, too
        cache.delete(router.HELD)
    assert is_held()
    assert asked() == "default"
    cache.delete(router.HELD)


def test_while_the_shared_cache_is_away_the_primary_is_read(
    standby: Standby, outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(router, "shared", SimpleNamespace(get=away, set=away))
    assert asked() == "default"
    router.hold()  # and publishing goes on
