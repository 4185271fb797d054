"""Links are tried without the server being led into its own network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from django.urls import reverse

from desk.models import LinkCheck, ProofreadingSettings
from desk.proofreading import asking, link_checking
from desk.proofreading.asking import ask, is_public_address
from desk.proofreading.link_checking import check_links
from desk.proofreading.report import report
from tests.factories import make_article, make_issue, make_user

LINKED = [("paragraph", '<p>请看<a href="https://example.com/a">这里</a>，报名从速。</p>')]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1"),
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "localhost", "", "1.2.3"),
    ],
)
def test_no_address_of_ours_is_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_an_address_of_the_web_is_public(address: str) -> None:
    assert is_public_address(address)


class Answers(BaseHTTPRequestHandler):
    """A small web: /200, /404 …, /to?… redirects, /nohead refuses HEAD."""

    asked: list[str] = []

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to?"))
        elif self.path == "/nohead":
            self.send_response(405 if self.command == "HEAD" else 200)
        else:
            self.send_response(int(self.path[1:4]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[str]:
    Answers.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def ask_here(address: str) -> str:
    """Ask with our own loopback taken for the web."""
    return ask(address, is_public=lambda ip: ip == "127.0.0.1", ports=None)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/200", ""),
        ("/204", ""),
        ("/404", "网页不存在（404）"),
        ("/410", "网页已删除（410）"),
        ("/500", "网站出错（500）"),
        ("/403", ""),  # it refuses machines; readers get in
        ("/429", ""),
        ("/nohead", ""),
        ("/to?/200", ""),
        ("/to?/404", "网页不存在（404）"),
    ],
)
def test_what_a_link_answers(path: str, told: str, web: str) -> None:
    assert ask_here(web + path) == told


def test_a_link_that_leads_in_circles_is_given_up(web: str) -> None:
    assert ask_here(f"{web}/to?/to?/to?{web}/to?") != ""
    Answers.asked = []
    ask_here(f"{web}/to?{web}/to?{web}")
    assert len(Answers.asked) < 20


def test_nothing_of_our_own_is_asked_at_all(web: str) -> None:
    assert ask(web + "/200") == "不是公开的网址，读者打不开"
    assert Answers.asked == []


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.2:{port}/200", "http://[::1]:{port}/200", "http://localhost:{port}/200"],
)
def test_a_redirect_into_our_own_network_is_not_followed(target: str, web: str) -> None:
    """Only 127.0.0.1 counts as the web here, so the other names of this machine are "inside"."""
    port = web.rpartition(":")[2]
    inside = target.format(port=port)

    def only_first(ip: str) -> bool:
        return ip == "127.0.0.1" and len(Answers.asked) == 0

    told = ask(f"{web}/to?{inside}", is_public=only_first, ports=None)
    assert told == "不是公开的网址，读者打不开"
    assert len(Answers.asked) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/"])
def test_a_redirect_out_of_the_web_is_not_followed(target: str, web: str) -> None:
    assert ask_here(f"{web}/to?{target}") != ""


def test_the_address_is_judged_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers with a public address first and a private one next gets nowhere."""
    looked_up: list[str] = []
    connected: list[object] = []

    def look_up(host: str, port: int, **kwargs: object) -> list[tuple]:
        looked_up.append(host)
        ip = "93.184.216.34" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    def connect(place: object, *args: object) -> None:
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(asking.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(asking.socket, "create_connection", connect)
    assert ask("http://rebind.example/") == "连不上网站"
    assert connected == [("93.184.216.34", 80)]


def test_a_name_with_one_private_address_among_its_own_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look_up(host: str, port: int, **kwargs: object) -> list[tuple]:
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(asking.socket, "getaddrinfo", look_up)
    assert ask("http://both.example/") == "不是公开的网址，读者打不开"


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/"),
        *("http://localhost/", "http://169.254.169.254/latest/meta-data/"),
        *("http://user:pass@127.0.0.1/", "http://8.8.8.8:22/", "https://8.8.8.8:6379/"),
    ],
)
def test_every_spelling_of_an_inner_address_is_refused(address: str) -> None:
    assert ask(address) == "不是公开的网址，读者打不开"


@pytest.mark.parametrize(
    "address",
    [
        *("", "x", "http://", "http:///x", "ftp://example.com/", "file:///etc/passwd"),
        *("http://[::1", "http://a:99999999/", "http://a:b/", "javascript:alert(1)"),
        *("http://" + "a" * 300 + ".com/", "http://..../", "http://\x00/"),
    ],
)
def test_what_is_no_address_is_told_and_breaks_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*args: object, **kwargs: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(asking.socket, "getaddrinfo", look_up)
    assert ask(address) in ("网址写得不对", "没有这个网站")


def test_nothing_goes_through_a_proxy(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", web)
    monkeypatch.setenv("HTTP_PROXY", web)
    assert ask("http://127.0.0.1:1/x") == "不是公开的网址，读者打不开"
    assert Answers.asked == []


# The links of an issue


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were asked; none of them exists."""
    asked: list[str] = []

    def answer(address: str) -> str:
        asked.append(address)
        return "网页不存在（404）"

    monkeypatch.setattr(link_checking, "ask", answer)
    return asked


@pytest.mark.django_db
def test_a_dead_link_becomes_an_alarm_at_its_place(tried: list[str]) -> None:
    issue = make_issue()
    article = make_article(issue, body=LINKED)
    before = {s.alarm.key for s in report(issue).standings}
    check_links(issue=issue)
    new = [s for s in report(issue).standings if s.alarm.key not in before]
    assert [s.article_pk for s in new] == [article.pk]
    assert "404" in new[0].alarm.message
    assert new[0].alarm.place.field == "body"


@pytest.mark.django_db
def test_each_address_is_asked_once_and_not_too_many(tried: list[str]) -> None:
    issue = make_issue()
    many = "".join(f'<a href="https://example.com/{n}">第{n}个</a>' for n in range(30))
    make_article(issue, body=[("paragraph", f"<p>{many}。</p>")])
    make_article(issue, body=[*LINKED, *LINKED])
    check_links(issue=issue)
    assert len(tried) == len(set(tried)) == 20
    check_links(issue=issue)
    assert LinkCheck.objects.filter(issue=issue).count() == 20


@pytest.mark.django_db
def test_own_pages_and_mail_are_no_links_to_try(tried: list[str]) -> None:
    issue = make_issue()
    text = f'<p><a linktype="page" id="{issue.pk}">本期</a><a href="mailto:a@b.cn">信箱</a></p>'
    make_article(issue, body=[("paragraph", text)])
    check_links(issue=issue)
    assert tried == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_button_works_only_where_it_is_switched_on(client: Client, tried: list[str]) -> None:
    issue = make_issue()
    make_article(issue, body=LINKED)
    client.force_login(make_user("编辑"))
    address = reverse("desk_check_links", args=[issue.pk])
    assert client.get(address).status_code == 405
    assert "没有打开" in client.post(address, follow=True).content.decode()
    assert tried == []
    ProofreadingSettings.objects.create(test_links=True)
    assert "正在检查1个网址" in client.post(address, follow=True).content.decode()
    assert tried == ["https://example.com/a"]
    page = client.get(reverse("desk_checks", args=[issue.pk])).content.decode()
    assert "网页不存在（404）" in page
    client.force_login(make_user())
    client.post(address)
    assert tried == ["https://example.com/a"]
