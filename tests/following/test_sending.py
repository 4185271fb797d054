"""Issues by e-mail: each once, to those who want it, however the mail server and workers behave."""

from __future__ import annotations

import datetime
import re
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageViewRestriction

from articles.models import ArticlePage
from following.mail import sending as module
from following.mail.letters import IssueLetter
from following.mail.report import FailingSendingsPanel
from following.mail.sending import begin_sendings, failing, give_up, send_batch
from following.mail.subscribing import unsubscribe
from following.models import Delivery, Sending, Subscription
from issues.models import IssuePage
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import Section
from tests.factories import make_article, make_imprint, make_issue, make_user
from tests.following.mail_server import mail_server
from tests.following.subscribers import make_subscription

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
HOSTILE = "头条\r\nBcc: victim@example.org\n\n<script>alert(1)</script>\x0b\"&'"


@pytest.fixture(autouse=True)
def paper(settings) -> None:
    make_imprint(hotline="0571-12345678")
    settings.WAGTAILADMIN_BASE_URL = "https://paper.example"


def later(minutes: float = 11) -> datetime.datetime:
    return timezone.now() + minutes * MINUTE


def make_news(number: int = 451, *, articles: int = 2, **fields: Any) -> IssuePage:
    """Return an issue of today that just came out."""
    issue = make_issue(number, **{"date": timezone.localdate(), **fields})
    for n in range(articles):
        make_article(issue, f"第{n + 1}条新闻", signed=True)
    publish_issue(issue=issue, by=None)
    return IssuePage.objects.get(pk=issue.pk)


def recipients() -> list[str]:
    return [message.to[0] for message in django_mail.outbox]


# Which issues go out


def test_a_new_issue_goes_to_everybody_who_confirmed() -> None:
    for name in ("a", "b"):
        make_subscription(f"{name}@example.org")
    make_subscription("waiting@example.org", confirmed=False)
    make_news()
    assert begin_sendings(at=later(9)) == 0  # 总编 may still undo it
    assert begin_sendings(at=later()) == 1
    assert begin_sendings(at=later()) == 0
    assert send_batch(at=later()) == 2
    assert recipients() == ["a@example.org", "b@example.org"]
    sending = Sending.objects.get()
    assert (sending.subscribers, sending.sent, sending.refused) == (2, 2, 0)
    assert sending.finished_at is not None
    assert not Delivery.objects.exists()


def test_back_numbers_and_what_is_not_public_are_no_news() -> None:
    make_subscription()
    make_news(449, date=timezone.localdate() - 8 * DAY)
    make_issue(450, date=timezone.localdate(), live=True)  # first_published_at is not set
    closed = make_news(451)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    make_article(make_issue(452, date=timezone.localdate()), signed=True)
    assert begin_sendings(at=later()) == 0
    assert begin_sendings(at=timezone.now() + 4 * DAY) == 0


def test_an_issue_that_was_undone_is_sent_once_it_is_out_again() -> None:
    make_subscription()
    issue, chief = make_news(), make_user("总编")
    unpublish_issue(issue=issue, by=chief, undo=True)
    assert begin_sendings(at=later()) == 0
    publish_issue(issue=issue, by=None)
    assert begin_sendings(at=later()) == 1


def test_publishing_again_sends_nothing_again() -> None:
    make_subscription()
    issue, chief = make_news(), make_user("总编")
    begin_sendings(at=later())
    send_batch(at=later())
    publish_issue(issue=issue, by=None)
    unpublish_issue(issue=issue, by=chief)
    publish_issue(issue=issue, by=None)
    make_subscription("late@example.org")
    assert begin_sendings(at=later(30)) == 0
    assert send_batch(at=later(30)) == 0
    assert len(django_mail.outbox) == 1


def test_an_issue_taken_back_stops_and_goes_on_with_what_is_right_by_then(settings) -> None:
    settings.MAIL_PER_MINUTE = 1
    for n in range(3):
        make_subscription(f"{n}@example.org")
    issue, chief = make_news(), make_user("总编")
    begin_sendings(at=later())
    send_batch(at=later())
    unpublish_issue(issue=issue, by=chief)
    assert send_batch(at=later(20)) == 0
    assert begin_sendings(at=later(20)) == 0
    withdraw = ArticlePage.objects.child_of(issue).get(number=2)
    publish_issue(issue=issue, by=None)
    withdraw_article(article=withdraw, reason="有误", by=None)
    assert [send_batch(at=later(n)) for n in (30, 31, 32)] == [1, 1, 0]
    assert recipients() == ["0@example.org", "1@example.org", "2@example.org"]
    assert "第2条新闻" in django_mail.outbox[0].body
    assert "第2条新闻" not in django_mail.outbox[1].body


class TakingBack(EmailBackend):
    """Somebody takes the issue back while the first mail goes out."""

    def send_messages(self, messages: Any) -> int:
        unpublish_issue(issue=IssuePage.objects.get(), by=make_user("总编"))
        return super().send_messages(messages)


def test_an_issue_taken_back_stops_in_the_middle_of_a_batch(settings) -> None:
    for n in range(3):
        make_subscription(f"{n}@example.org")
    make_news()
    begin_sendings(at=later())
    settings.EMAIL_BACKEND = f"{__name__}.TakingBack"
    assert send_batch(at=later()) == 1
    assert len(django_mail.outbox) == 1


# To whom, how often, how fast


def test_so_many_a_minute_and_all_of_them_in_the_end(settings) -> None:
    settings.MAIL_PER_MINUTE = 3
    for n in range(7):
        make_subscription(f"{n}@example.org")
    make_news(451)
    make_news(452, articles=1)
    start = later(12).replace(second=29, microsecond=0)
    assert begin_sendings(at=start) == 2
    sent = [send_batch(at=start + n * MINUTE / 2) for n in range(12)]
    assert sent == [3, 0, 3, 0, 1, 0, 3, 0, 3, 0, 1, 0]
    assert len(set(zip(recipients(), [m.subject for m in django_mail.outbox], strict=True))) == 14


def test_a_timer_that_looks_a_little_early_misses_no_minute(settings) -> None:
    settings.MAIL_PER_MINUTE = 1
    for n in range(3):
        make_subscription(f"{n}@example.org")
    make_news()
    start = later(12).replace(second=30)
    begin_sendings(at=start)
    early = datetime.timedelta(seconds=59)
    assert [send_batch(at=start + n * early) for n in range(3)] == [1, 1, 1]


def test_who_leaves_meanwhile_gets_nothing_more(settings) -> None:
    settings.MAIL_PER_MINUTE = 1
    readers = [make_subscription(f"{n}@example.org") for n in range(3)]
    make_news()
    begin_sendings(at=later())
    send_batch(at=later())
    unsubscribe(readers[1].token)
    send_batch(at=later(13))
    send_batch(at=later(15))
    assert recipients() == ["0@example.org", "2@example.org"]


class Leaving(EmailBackend):
    """While the first mail goes out, the next reader leaves, and another worker comes."""

    def send_messages(self, messages: Any) -> int:
        settings_of = Subscription.objects.filter(email__isnull=False).order_by("pk")
        if not django_mail.outbox:
            unsubscribe(settings_of[1].token)
            Sending.objects.update(next_batch=timezone.now())
            sent = super().send_messages(messages)
            module.send_batch(at=later(20))
            return sent
        return super().send_messages(messages)


def test_two_workers_in_the_same_batch_send_nothing_twice(settings) -> None:
    for n in range(5):
        make_subscription(f"{n}@example.org")
    make_news()
    begin_sendings(at=later())
    settings.EMAIL_BACKEND = f"{__name__}.Leaving"
    send_batch(at=later())
    assert sorted(recipients()) == [f"{n}@example.org" for n in (0, 2, 3, 4)]
    assert Sending.objects.get().sent == 4


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, all threads share one")
def test_workers_that_come_together_send_each_mail_once(settings) -> None:
    for n in range(20):
        make_subscription(f"{n}@example.org")
    make_news()
    gate = threading.Barrier(4)
    start = later()

    def work(_: int) -> None:
        try:
            for step in range(10):
                gate.wait()
                begin_sendings(at=start + step * MINUTE)
                send_batch(at=start + step * MINUTE)
        finally:
            connection.close()

    settings.MAIL_PER_MINUTE = 4
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(recipients()) == sorted(f"{n}@example.org" for n in range(20))
    assert Sending.objects.get().sent == 20


# The mail server in trouble


class Broken(EmailBackend):
    """A server that fails as it is told, quoting the address."""

    trouble: Exception | None = None
    at_opening: Exception | None = None

    def open(self) -> None:
        if Broken.at_opening:
            raise Broken.at_opening

    def send_messages(self, messages: Any) -> int:
        if Broken.trouble:
            raise Broken.trouble
        return super().send_messages(messages)


@pytest.fixture
def broken(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    Broken.trouble = Broken.at_opening = None
    yield Broken
    Broken.trouble = Broken.at_opening = None


def begun(*addresses: str) -> Sending:
    for address in addresses:
        make_subscription(address)
    make_news()
    begin_sendings(at=later())
    return Sending.objects.get()


def test_a_server_that_is_down_is_asked_again_with_growing_pauses(broken) -> None:
    begun("wang@example.org", "li@example.org")
    broken.at_opening = ConnectionRefusedError("wang@example.org")
    assert send_batch(at=later()) == 0
    sending = failing().get()
    assert sending.last_error == "连不上邮件服务器（ConnectionRefusedError）。"
    assert sending.paused_until > later(12.5)
    assert send_batch(at=later(12)) == 0
    assert send_batch(at=later(14)) == 0
    assert Sending.objects.get().tries == 2
    assert FailingSendingsPanel().get_context_data({})["failing"].count() == 1
    broken.at_opening = None
    assert send_batch(at=later(60)) == 2
    assert (Sending.objects.get().last_error, failing().exists()) == ("", False)
    assert sorted(recipients()) == ["li@example.org", "wang@example.org"]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPAuthenticationError(535, b"wang@example.org"),
        smtplib.SMTPSenderRefused(421, b"too many", "newsroom@paper.example"),
    ],
)
def test_what_concerns_every_mail_stops_the_batch_and_loses_none(broken, error) -> None:
    begun("wang@example.org", "li@example.org")
    broken.trouble = error
    assert send_batch(at=later()) == 0
    assert Delivery.objects.filter(taken_at=None).count() == 2
    broken.trouble = None
    assert send_batch(at=later(60)) == 2


def test_a_mail_that_was_cut_off_is_not_sent_a_second_time(broken) -> None:
    begun("wang@example.org", "li@example.org", "zhao@example.org")
    broken.trouble = smtplib.SMTPServerDisconnected("wang@example.org")
    send_batch(at=later())
    broken.trouble = None
    assert send_batch(at=later(60)) == 1
    assert recipients() == ["zhao@example.org"]
    assert [delivery.taken_at is None for delivery in Delivery.objects.all()] == [False, False]
    assert Sending.objects.get().finished_at is not None


class CuttingOff(EmailBackend):
    """A server that goes away with each mailbox that is called bad."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to[0].startswith("bad"):
            raise smtplib.SMTPServerDisconnected
        return super().send_messages(messages)


def test_bad_mailboxes_delay_nobody_else(settings) -> None:
    begun(*(f"{'bad' if n % 5 == 4 else 'good'}{n}@example.org" for n in range(40)))
    settings.EMAIL_BACKEND = f"{__name__}.CuttingOff"
    settings.MAIL_PER_MINUTE = 20
    assert [send_batch(at=later(n)) for n in (12, 15)] == [16, 16]
    assert Delivery.objects.filter(taken_at__isnull=False).count() == 8


def test_pauses_grow_only_while_nothing_gets_through(settings) -> None:
    names = ("bad1", "bad2", "bad3", "bad4", "good1", "bad5", "bad6", "good2")
    begun(*(f"{name}@example.org" for name in names))
    settings.EMAIL_BACKEND = f"{__name__}.CuttingOff"
    tries = []
    for minute in (12, 15, 21):
        send_batch(at=later(minute))
        tries.append(Sending.objects.get().tries)
    assert tries == [1, 2, 1]
    assert send_batch(at=later(24)) == 1


def test_the_pause_of_one_issue_holds_no_other(broken) -> None:
    make_subscription()
    make_news(451)
    begin_sendings(at=later())
    broken.at_opening = OSError()
    for minute in (12, 15, 21):
        send_batch(at=later(minute))
    broken.at_opening = None
    make_news(452)
    begin_sendings(at=later(22))
    assert send_batch(at=later(22)) == 1
    assert "第452期" in django_mail.outbox[0].subject
    assert send_batch(at=later(40)) == 1


def test_a_worker_that_was_killed_leaves_the_rest_to_the_next(monkeypatch) -> None:
    begun("wang@example.org", "li@example.org", "zhao@example.org")

    def killed(message: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            send_batch(at=later())
    assert send_batch(at=later(20)) == 2
    assert "wang@example.org" not in recipients()


def test_an_address_that_is_refused_for_now_is_tried_again_and_then_left(broken) -> None:
    sending = begun("wang@example.org")
    broken.trouble = smtplib.SMTPRecipientsRefused({"wang@example.org": (451, b"greylisted")})
    send_batch(at=later())
    delivery = Delivery.objects.get()
    assert (delivery.taken_at, delivery.tries) == (None, 1)
    for _ in range(5):
        Delivery.objects.update(next_try=timezone.now())
        Sending.objects.update(next_batch=timezone.now())
        send_batch(at=later())
    sending.refresh_from_db()
    assert (sending.sent, sending.refused) == (0, 1)
    assert sending.finished_at is not None
    assert Subscription.objects.get().refusals == 0


def test_an_address_that_is_refused_for_good_three_times_is_erased(broken) -> None:
    make_subscription("gone@example.org")
    broken.trouble = smtplib.SMTPRecipientsRefused({"gone@example.org": (550, b"no such user")})
    for number in (451, 452):
        make_news(number)
        begin_sendings(at=later())
        send_batch(at=later())
        Sending.objects.update(next_batch=timezone.now())
    assert Subscription.objects.get().refusals == 2
    make_news(453)
    begin_sendings(at=later())
    send_batch(at=later())
    assert not Subscription.objects.exists()
    entry = ModelLogEntry.objects.get(action="following.drop_subscription")
    assert "gone" not in f"{entry.label}{entry.data}"


def test_a_refusal_is_forgotten_when_a_mail_gets_through() -> None:
    make_subscription("wang@example.org", refusals=2)
    make_news()
    begin_sendings(at=later())
    send_batch(at=later())
    assert Subscription.objects.get().refusals == 0


def test_what_is_no_news_any_more_is_given_up_and_said(broken, caplog) -> None:
    begun("wang@example.org")
    broken.at_opening = OSError()
    send_batch(at=later())
    assert give_up() == 0
    assert give_up(at=timezone.now() + 4 * DAY) == 1
    broken.at_opening = None
    assert send_batch(at=timezone.now() + 4 * DAY) == 0
    assert "1 mails of an issue were given up" in caplog.text
    assert "wang" not in caplog.text


def test_the_timer_begins_and_sends(monkeypatch) -> None:
    make_subscription()
    make_news()
    monkeypatch.setattr(module, "GRACE", datetime.timedelta())
    call_command("tend_subscriptions")
    assert len(django_mail.outbox) == 1


# The letter


def test_the_letter_has_the_lead_and_every_headline_by_folio_and_section() -> None:
    section = Section.objects.create(name="职工之声", slug="voice")
    issue = make_issue(451, date=timezone.localdate())
    make_article(issue, "头一条", kicker="引题", subhead="副题", text="开头,一句。", signed=True)
    make_article(issue, "第二条", section=section, folio=2, signed=True)
    publish_issue(issue=issue, by=None)
    letter = IssueLetter.of(issue)
    assert letter.subject == "《杭州工运》第451期：头一条"
    page = BeautifulSoup(letter.html, "html.parser")
    for said in (letter.text, page.get_text()):
        for words in (
            "引题",
            "头一条",
            "副题",
            "开头，一句。",
            "第2版",
            "职工之声",
            "第二条",
            "杭州市总工会",
        ):
            assert words in said, words
        assert said.count("头一条") == 1
    links = {a["href"] for a in page.find_all("a")} - {letter.mark}
    assert links == {f"https://paper.example/{at}" for at in ("", "451/", "451/1/", "451/2/")}
    assert "https://paper.example/451/2/" in letter.text
    # Nothing is fetched, so nothing tells who opens it when.
    assert not page.find_all(["img", "script", "link", "iframe"])
    assert "url(" not in letter.html


def test_what_no_reader_gets_is_not_in_the_letter() -> None:
    issue = make_issue(451, date=timezone.localdate())
    make_article(issue, "公开的", signed=True)
    make_article(issue, "没定稿的")
    withdrawn = make_article(issue, "撤稿的", signed=True)
    publish_issue(issue=issue, by=None, without_unfinished=True)
    withdraw_article(article=withdrawn, reason="有误", by=None)
    letter = IssueLetter.of(issue)
    assert "公开的" in letter.html
    for said in (letter.html, letter.text, letter.subject):
        assert "没定稿的" not in said
        assert "撤稿的" not in said


def test_no_copy_can_add_a_header_or_a_script(settings) -> None:
    reader = make_subscription()
    issue = make_issue(451, date=timezone.localdate())
    make_article(issue, "占位", signed=True)
    publish_issue(issue=issue, by=None)
    ArticlePage.objects.update(title=HOSTILE, kicker=HOSTILE)
    message = IssueLetter.of(issue).to(reader)
    written = message.message()
    assert written["Bcc"] is None
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert written["To"] == "wang@example.org"
    assert message.recipients() == ["wang@example.org"]
    (html,) = [body for body, kind in message.alternatives if kind == "text/html"]
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_long_headline_does_not_make_a_long_subject() -> None:
    issue = make_news()
    ArticlePage.objects.update(title="长" * 200)
    assert len(IssueLetter.of(issue).subject) == 100


# All of it, over SMTP


def test_the_walk_from_the_form_to_the_last_mail(
    settings, django_capture_on_commit_callbacks
) -> None:
    reader = Client(enforce_csrf_checks=True)
    with mail_server(settings) as server:
        server.answers["gone@example.org"] = "550 5.1.1 No such user"
        make_subscription("gone@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            assert reader.post("/subscribe/", {"email": "wang@example.org"}).status_code == 200
        (question,) = server.came
        assert question["Subject"] == "《杭州工运》：请确认邮件订阅"
        (confirm,) = re.findall(r"https://paper\.example(/subscribe/\S+)", question.get_content())
        assert reader.post(confirm).status_code == 200

        make_news(451)
        assert begin_sendings(at=later()) == 1
        assert send_batch(at=later()) == 1
        mail = server.came[1]
        assert server.recipients == ["wang@example.org"] * 2
        # A header that is folded before its first word is read with the fold's space.
        assert mail["Subject"].strip() == "《杭州工运》第451期：第1条新闻"
        assert mail["To"] == "wang@example.org"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] == "<issues.paper.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        way_out = mail["List-Unsubscribe"].strip(" <>").removeprefix("https://paper.example")
        assert re.fullmatch(r"/unsubscribe/[-\w]{32}/", way_out)
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert f"https://paper.example{way_out}" in text
        assert f"https://paper.example{way_out}" in html
        assert ".invalid" not in text + html
        assert "第2条新闻" in html
        assert "gone@example.org" not in mail.as_string()

        assert reader.post(way_out, {"List-Unsubscribe": "One-Click"}).status_code == 200
        Sending.objects.update(next_batch=timezone.now())
        make_news(452)
        assert begin_sendings(at=later()) == 1
        assert send_batch(at=later()) == 0
        assert len(server.came) == 2
    assert Subscription.objects.get().refusals == 2
    assert [sending.refused for sending in Sending.objects.all()] == [1, 1]
