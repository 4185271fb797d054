"""Subscribing by e-mail: twice asked, never told on, gone without a trace."""

from __future__ import annotations

import datetime
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from cryptography.fernet import Fernet
from django.core import mail as django_mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from following.mail import subscribing
from following.mail.posting import AddressRefused
from following.mail.subscribing import (
    confirm,
    digests_of,
    forget_unconfirmed,
    queue_again,
    remove,
    subscribe,
)
from following.models import Asked, Subscription
from newsroom.sealing import Unreadable
from tests.factories import make_imprint, make_user
from tests.following.subscribers import make_subscription

pytestmark = pytest.mark.django_db

ADDRESS = "wang@example.org"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def paper(settings) -> None:
    make_imprint()
    settings.WAGTAILADMIN_BASE_URL = "https://paper.example"
    cache.clear()


@pytest.fixture
def asked(django_capture_on_commit_callbacks):
    def ask(address: str = ADDRESS, client: Client | None = None, **fields: str):
        with django_capture_on_commit_callbacks(execute=True):
            return (client or Client()).post("/subscribe/", {"email": address, **fields})

    return ask


def words(response) -> str:
    return BeautifulSoup(response.content, "html.parser").main.get_text(" ", strip=True)


def link(kind: str) -> str:
    found = re.search(rf"https://paper\.example(/{kind}/\S+)", django_mail.outbox[-1].body)
    assert found
    return found[1]


# The way in and the way out


def test_from_the_form_to_confirmed_and_out_again(asked, client) -> None:
    page = client.get("/subscribe/")
    assert page.status_code == 200
    assert not page.cookies
    assert "请查收邮件" in words(asked())
    (message,) = django_mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "《杭州工运》：请确认邮件订阅"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    row = Subscription.objects.get()
    assert (row.confirmed_at, row.next_try) == (None, None)

    address = link("subscribe/confirm")
    assert "确认订阅" in words(client.get(address))
    assert Subscription.objects.get().confirmed_at is None  # a scanner that opens it does nothing
    done = client.post(address)
    assert "已经订阅" in words(done)
    assert Subscription.objects.get().confirmed_at is not None
    assert "已经订阅" in words(client.post(address))

    address = link("unsubscribe")
    assert "按一下" in words(client.get(address))
    assert Subscription.objects.count() == 1
    for _ in range(2):
        assert "已经退订" in words(client.post(address))
        assert not Subscription.objects.exists()
    assert client.post(link("subscribe/confirm")).status_code == 404


def test_a_mail_client_unsubscribes_with_one_click(client) -> None:
    row = make_subscription()
    other = make_subscription("li@example.org")
    strict = Client(enforce_csrf_checks=True)
    one_click = {"List-Unsubscribe": "One-Click"}
    assert strict.post(f"/unsubscribe/{row.token}/", one_click).status_code == 200
    assert list(Subscription.objects.all()) == [other]


@pytest.mark.parametrize("kind", ["subscribe/confirm", "unsubscribe"])
def test_pages_with_a_token_are_kept_nowhere_and_show_no_address(client, kind) -> None:
    row = make_subscription()
    for response in (client.get(f"/{kind}/{row.token}/"), client.post(f"/{kind}/{row.token}/")):
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies
        page = response.content.decode()
        assert ADDRESS not in page
        assert row.token not in page  # not even printed at its foot


def told(answer: HttpResponse) -> dict[str, str]:
    """Return the headers but for the number of the request, which is new each time."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def test_nobody_learns_whether_an_address_is_known(asked, client) -> None:
    new = asked("new@example.org")
    make_subscription("known@example.org")
    make_subscription("waiting@example.org", confirmed=False)
    for address in ("known@example.org", "waiting@example.org", "new@example.org"):
        again = asked(address)
        assert again.status_code == new.status_code
        assert again.content == new.content
        assert told(again) == told(new)
    unknown = client.get(f"/unsubscribe/{'x' * 32}/")
    known = client.get(f"/unsubscribe/{Subscription.objects.first().token}/")
    assert unknown.content == known.content


def test_who_is_subscribed_gets_no_question(asked) -> None:
    make_subscription(ADDRESS)
    asked("WANG@Example.org")
    assert django_mail.outbox == []
    assert Subscription.objects.count() == 1


def test_nobody_can_flood_the_mailbox_of_another(asked) -> None:
    for _ in range(10):
        asked()
    assert len(django_mail.outbox) == 3
    assert Subscription.objects.count() == 1


def test_nor_with_other_spellings_of_it(asked) -> None:
    for typed in ("wang+0@例子.cn", "WANG+1@xn--fsqu00a.cn", "wang@例子.CN", "wang+2@例子.cn"):
        asked(typed)
    to = [message.to for message in django_mail.outbox]
    assert to == [["wang+0@例子.cn"], ["WANG+1@xn--fsqu00a.cn"], ["wang@例子.CN"]]
    asked("wang@xn--fsqu00a.cn")
    asked("li+0@例子.cn")
    assert [message.to for message in django_mail.outbox[3:]] == [["li+0@例子.cn"]]


def test_the_count_is_not_erased_with_the_subscription(asked) -> None:
    for _ in range(2):
        asked()
        Subscription.objects.all().delete()  # refused by its server, or not confirmed in time
    for _ in range(2):
        asked()
    assert len(django_mail.outbox) == 3
    now = timezone.now()
    forget_unconfirmed(at=now + 47 * HOUR)
    assert Asked.objects.get().questions == 3
    subscribe(ADDRESS, at=now + 49 * HOUR)  # also where the timer was late
    assert Asked.objects.get().questions == 1
    forget_unconfirmed(at=now + 98 * HOUR)
    assert not Asked.objects.exists()


def test_who_says_no_is_not_asked_for_a_month(asked, client) -> None:
    asked()
    no = client.post(link("unsubscribe"))
    assert "30天" in words(no)
    assert not Subscription.objects.exists()
    for typed in (ADDRESS, "wang+1@example.org"):
        assert "请查收邮件" in words(asked(typed))
    assert len(django_mail.outbox) == 1
    assert not Subscription.objects.exists()
    now = timezone.now()
    forget_unconfirmed(at=now + 29 * 24 * HOUR)
    assert Asked.objects.count() == 1
    forget_unconfirmed(at=now + 31 * 24 * HOUR)
    assert not Asked.objects.exists()
    asked()
    assert len(django_mail.outbox) == 2


def test_who_was_subscribed_and_left_may_come_again(asked, client) -> None:
    asked()
    client.post(link("subscribe/confirm"))
    client.post(link("unsubscribe"))
    asked()
    assert len(django_mail.outbox) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://other.paper.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://[testserver"},
        {"Origin": "null"},
    ],
)
def test_a_form_on_another_site_subscribes_nobody(asked, headers) -> None:
    response = asked(client=Client(headers=headers))
    assert response.status_code == 403
    assert "请再按一次“订阅”" in words(response)
    assert ADDRESS in response.content.decode()
    assert not Subscription.objects.exists()
    # With "no-referrer" the browser would send "Origin: null" with the next try.
    assert response["Referrer-Policy"] != "no-referrer"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://testserver"},
        {"Origin": "https://paper.example"},
    ],
)
def test_a_form_of_our_own_is_taken(asked, headers) -> None:
    assert asked(client=Client(headers=headers)).status_code == 200
    assert Subscription.objects.count() == 1


def test_whether_an_address_is_known_is_not_told_by_the_work(
    monkeypatch, django_capture_on_commit_callbacks
) -> None:
    make_subscription("known@example.org")
    queued: list[int] = []
    monkeypatch.setattr(subscribing, "_queue", queued.append)

    def work(address: str) -> list[str]:
        with (
            CaptureQueriesContext(connection) as queries,
            django_capture_on_commit_callbacks(execute=True),
        ):
            subscribe(address)
        verbs = [query["sql"].split()[0] for query in queries]
        return ["WRITE" if verb in ("INSERT", "UPDATE") else verb for verb in verbs]

    assert work("new@example.org") == work("known@example.org")
    assert len(queued) == 2


@pytest.mark.parametrize("typed", ["ｗａｎｇ＠example。org", "  wang@example.org "])
def test_an_address_is_read_as_it_is_meant(asked, typed) -> None:
    asked(typed)
    assert django_mail.outbox[0].to == [ADDRESS]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "wang",
            "wang@",
            "@example.org",
            "a b@example.org",
            "wang@example.org,li@example.org",
        ),
        *(
            "wang@example.org\nBcc: li@example.org",
            "wang@example.org\r\n\r\nHi",
            "\x00@example.org",
        ),
        *("<wang@example.org>", f"{'a' * 300}@example.org", "王@example.org", "\ud800@example.org"),
    ],
)
def test_what_is_no_address_is_handed_back(asked, typed) -> None:
    response = asked(typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert response.status_code == 400
    assert "还没有发出，有1处要改" in words(response)
    assert not Subscription.objects.exists()
    assert django_mail.outbox == []


def test_a_robot_that_fills_in_everything_gets_nowhere(asked) -> None:
    response = asked(website="http://spam.example")
    assert response.status_code == 400
    assert "隐藏栏" in words(response)
    assert ADDRESS in response.content.decode()
    assert not Subscription.objects.exists()


def test_too_many_within_an_hour_are_put_off_and_lose_nothing(asked, settings) -> None:
    settings.SUBSCRIPTIONS_LIMITS = (2, 100)
    for n in range(2):
        assert asked(f"a{n}@example.org").status_code == 200
    response = asked("third@example.org")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "third@example.org" in response.content.decode()
    assert Subscription.objects.count() == 2


@pytest.mark.parametrize("token", ["x", "x" * 41, "a%2Fb", "a%00b"])
def test_tokens_that_are_none(client, token) -> None:
    assert client.get(f"/subscribe/confirm/{token}/").status_code == 404


# What is kept


def test_the_database_holds_no_address(asked) -> None:
    asked()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM following_subscription")
        stored = repr(cursor.fetchall())
        cursor.execute("SELECT * FROM django_tasks_database_dbtaskresult")
        stored += repr(cursor.fetchall())
    assert "wang" not in stored
    assert "wang" not in str(Subscription.objects.get())


def test_what_is_not_confirmed_is_erased_after_two_days() -> None:
    now = timezone.now()
    late = make_subscription("a@example.org", confirmed=False, asked_at=now - 49 * HOUR)
    young = make_subscription("b@example.org", confirmed=False, asked_at=now - 47 * HOUR)
    kept = make_subscription("c@example.org", asked_at=now - 9000 * HOUR)
    assert not confirm(late.token)
    assert forget_unconfirmed() == 1
    assert set(Subscription.objects.all()) == {young, kept}


def test_keys_are_rotated_without_losing_anybody(settings) -> None:
    first = make_subscription(ADDRESS)
    new = Fernet.generate_key().decode()
    old = settings.CONTRIBUTIONS_KEYS[0]
    settings.CONTRIBUTIONS_KEYS = [new, old]
    subscribe(ADDRESS)  # found by its digest under the old key
    assert Subscription.objects.count() == 1

    call_command("tend_subscriptions", "--rotate-keys")

    settings.CONTRIBUTIONS_KEYS = [new]
    row = Subscription.objects.get()
    assert (row.pk, row.email, row.digest) == (first.pk, ADDRESS, digests_of(ADDRESS)[0])
    settings.CONTRIBUTIONS_KEYS = [Fernet.generate_key().decode()]
    assert isinstance(Subscription.objects.get().email, Unreadable)
    with pytest.raises(CommandError, match="1 subscriptions"):
        call_command("tend_subscriptions", "--rotate-keys")
    settings.CONTRIBUTIONS_KEYS = [new]
    assert Subscription.objects.get().email == ADDRESS


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, all threads share one")
@pytest.mark.parametrize(("spelling", "rows"), [(ADDRESS, 1), ("wang+{}@example.org", 3)])
def test_one_mailbox_from_many_forms_at_once_is_asked_three_times(spelling, rows) -> None:
    gate = threading.Barrier(6)

    def ask(n: int) -> None:
        try:
            gate.wait()
            subscribe(spelling.format(n))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(6)))
    assert Subscription.objects.count() == rows
    assert Asked.objects.get().questions == 3


# The mail server


class Failing(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("wang@example.org")


def test_a_question_that_fails_is_asked_again_with_growing_pauses(asked, settings, caplog) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Failing"
    assert asked().status_code == 200
    row = Subscription.objects.get()
    assert row.tries == 1
    assert row.next_try > timezone.now()
    assert "wang" not in caplog.text
    assert queue_again() == 0
    settings.EMAIL_BACKEND = working
    Subscription.objects.update(next_try=timezone.now())
    assert queue_again() == 1
    assert len(django_mail.outbox) == 1
    assert Subscription.objects.get().next_try is None


def test_a_server_that_hangs_does_not_fill_the_queue(monkeypatch) -> None:
    queued: list[int] = []
    monkeypatch.setattr(subscribing, "_queue", queued.append)
    rows = [
        make_subscription(f"{n}@example.org", confirmed=False, next_try=timezone.now())
        for n in range(3)
    ]
    now = timezone.now()
    minutes = [queue_again(at=now + n * HOUR / 60) for n in range(5)]
    assert minutes == [3, 0, 0, 0, 0]
    assert queued == [row.pk for row in rows]
    assert queue_again(at=now + HOUR) == 3  # the queue lost them


def test_who_confirms_while_the_server_refuses_another_mail_stays(monkeypatch) -> None:
    row = make_subscription(confirmed=False, next_try=timezone.now())

    def refuse(message) -> None:
        assert confirm(row.token)
        raise AddressRefused

    monkeypatch.setattr(subscribing, "post", refuse)
    subscribing.ask.call(row.pk)
    assert Subscription.objects.get().confirmed_at is not None


def test_a_question_is_sent_once_by_two_workers(asked) -> None:
    row = make_subscription(confirmed=False, next_try=timezone.now())
    for _ in range(2):
        subscribing.ask.call(row.pk)
    assert len(django_mail.outbox) == 1


def test_the_timer_does_it_all(settings, monkeypatch, django_capture_on_commit_callbacks) -> None:
    worker = "django_tasks_db.management.commands.db_worker"
    monkeypatch.setattr(f"{worker}.close_old_connections", lambda: None)
    monkeypatch.setattr(f"{worker}.Worker.configure_signals", lambda self: None)
    queue = {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}
    settings.TASKS = {**settings.TASKS, "subscriptions": queue}
    with django_capture_on_commit_callbacks(execute=True):
        subscribe(ADDRESS)
    assert django_mail.outbox == []
    call_command("tend_subscriptions")
    assert len(django_mail.outbox) == 1
    for result in DBTaskResult.objects.all():
        assert result.args_kwargs == {"args": [Subscription.objects.get().pk], "kwargs": {}}
        assert result.status == "SUCCESSFUL"


# The office


def test_the_office_sees_numbers_and_no_address(client) -> None:
    make_subscription(ADDRESS)
    make_subscription("li@example.org", confirmed=False)
    address = reverse("subscriptions_report")
    for role, status in (("编辑", 302), ("责任编辑", 200), ("总编", 200)):
        client.force_login(make_user(role))
        assert client.get(address).status_code == status, role
    page = client.get(address).content.decode()
    assert "现有<b>1</b>个邮箱订阅，另有1个等读者确认" in page
    assert "@example.org" not in page


def test_only_the_chief_takes_a_reader_off_the_list_and_the_log_says_who(client) -> None:
    make_subscription(ADDRESS)
    address = reverse("subscriptions_report")
    client.force_login(make_user("责任编辑"))
    client.post(address, {"email": ADDRESS})
    assert Subscription.objects.count() == 1
    with pytest.raises(PermissionDenied):
        remove(address=ADDRESS, by=make_user("编辑"))

    chief = make_user("总编")
    client.force_login(chief)
    told = client.post(address, {"email": "nobody@example.org"}, follow=True).content.decode()
    assert "没有找到这个邮箱的订阅" in told
    told = client.post(address, {"email": " Wang@example.org"}, follow=True).content.decode()
    assert "已经退订" in told
    assert not Subscription.objects.exists()
    entry = ModelLogEntry.objects.get(action="following.remove_subscription")
    assert entry.user == chief
    assert "wang" not in f"{entry.label}{entry.data}".casefold()
