"""What readers get from nginx before the whole paper: complete, exact, for all the same."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bench.stack import Stack
from interchange.formats import FORMATS
from newsroom.headers import SECURITY_HEADERS

pytestmark = pytest.mark.stack

KINDS = (
    *("/", "/450/", "/450/1/", "/450/folio-1/", "/archive/", "/archive/2022/", "/sections/"),
    *("/corrections/", "/popular/", "/about/", "/accessibility/", "/privacy/", "/api/"),
    *("/feed/", "/feed.xml", "/feed.json", "/sitemap.xml", "/sitemap-2022.xml", "/robots.txt"),
    *("/opensearch.xml", "/450/1.ris", "/450/1.bib", "/2022-08-02/"),
    *("/450/qr.svg", "/450/1/qr.svg", "/450/card.png", "/450/1/card.png"),
)
# Said of the connection and of nginx, not of the page.
OWN = {
    "date",
    "server",
    "connection",
    "transfer-encoding",
    "content-length",
    "x-kept",
    "x-request-id",
    "accept-ranges",
}
ADDED = {"etag", "vary", "content-encoding", "cache-control"}


def headers(answer: Any) -> dict[str, Any]:
    found = {name.lower(): value for name, value in answer.getheaders()}
    if "content-security-policy" in found:
        found["content-security-policy"] = sorted(found["content-security-policy"].split("; "))
    return {name: value for name, value in found.items() if name not in OWN}


@contextmanager
def without(part: Any, start: Any = None, stop: Any = None) -> Iterator[None]:
    """Run without a part of the stack; it is there again afterwards."""
    (stop or part.stop)()
    try:
        yield
    finally:
        (start or part.start)()


def entries(stack: Stack) -> int:
    return sum(1 for file in (stack.place / "kept").rglob("*") if file.is_file())


def what_is_kept(stack: Stack) -> dict[str, bytes]:
    """Return what lies in nginx's cache, by address: headers and all, unpacked."""
    found = {}
    for file in (stack.place / "kept").rglob("*"):
        if file.is_file():
            stored = file.read_bytes()
            address = stored.partition(b"\nKEY: ")[2].partition(b"\n")[0].decode()
            heads, _, body = stored.partition(b"\r\n\r\n")
            is_packed = re.search(rb"(?i)\ncontent-encoding: gzip", heads)
            found[address] = heads + (gzip.decompress(body) if is_packed else body)
    return found


def forget(stack: Stack, *addresses: str) -> None:
    """Take addresses out of nginx's cache, which is stopped, as if they had never been there."""
    for file in (stack.place / "kept").rglob("*"):
        if file.is_file():
            key = file.read_bytes()[:4096].partition(b"\nKEY: ")[2].partition(b"\n")[0]
            if key.decode() in addresses:
                file.unlink()


def test_every_kind_of_page_is_kept_and_reads_as_from_the_application(
    stack: Stack, reader: Any
) -> None:
    for address in KINDS:
        kept = reader.ask(address)
        own = reader.ask(
            address, port=stack.gunicorn.port, Host=stack.host, X_Forwarded_Proto="http"
        )
        assert kept.getheader("X-Kept") == "HIT", address
        assert (kept.status, kept.content) == (own.status, own.content), address
        told = {name: value for name, value in headers(kept).items() if name not in ADDED}
        assert told == {name: value for name, value in headers(own).items() if name not in ADDED}, (
            address
        )
        assert not kept.getheader("Set-Cookie")


def test_pages_come_compressed_with_a_validator(reader: Any) -> None:
    plain = reader.ask("/450/1/")
    packed = reader.ask("/450/1/", Accept_Encoding="gzip, br")
    assert packed.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.getheader("Vary") == "Accept-Encoding"
    tag = packed.getheader("ETag")
    assert plain.getheader("ETag") == f"W/{tag}"
    for known in (tag, f"W/{tag}"):
        again = reader.ask("/450/1/", Accept_Encoding="gzip", If_None_Match=known)
        assert (again.status, again.content) == (304, b"")
    assert reader.ask("/450/1/", If_None_Match='"another"').status == 200
    head = reader.ask("/450/1/", method="HEAD", Accept_Encoding="gzip")
    assert (head.status, head.content) == (200, b"")
    assert head.getheader("Content-Length") == str(len(packed.content))


def test_a_download_is_read_on_where_it_broke_off(reader: Any) -> None:
    reader.ask("/450/issue.json")
    whole = reader.ask("/450/issue.json")
    assert whole.getheader("X-Kept") == "HIT"
    part = reader.ask("/450/issue.json", Range="bytes=10-19")
    assert (part.status, part.content) == (206, whole.content[10:20])
    assert reader.ask("/450/issue.json", If_None_Match=whole.getheader("ETag")).status == 304


def test_a_recording_is_kept_and_parted_and_its_place_among_the_uploads_is_nobodys(
    stack: Stack, newsroom: Any, reader: Any
) -> None:
    newsroom("prepare", number=469, articles=1)
    told = newsroom("record", number=469)
    newsroom("publish", number=469)
    newsroom("settle")
    whole = reader.ask("/469/1.mp3")
    assert (whole.status, len(whole.content)) == (200, told["size"])
    assert whole.getheader("Content-Type") == "audio/mpeg"
    for _ in range(2):
        part = reader.ask("/469/1.mp3", Range="bytes=100-199")
        assert (part.status, part.content) == (206, whole.content[100:200])
        assert part.getheader("Content-Range") == f"bytes 100-199/{told['size']}"
    assert part.getheader("X-Kept") == "HIT"
    known = whole.getheader("ETag")
    assert reader.ask("/469/1.mp3", If_None_Match=known).status == 304
    assert reader.ask(quote(f"/media/{told['file']}")).status == 404
    newsroom("withdraw", issue=469, number=1)
    newsroom("settle")
    assert reader.ask("/469/1.mp3").status == 404
    assert reader.ask("/469/1.mp3", Range="bytes=100-199").status == 404
    newsroom("reinstate", issue=469, number=1)
    newsroom("settle")
    assert reader.ask("/469/1.mp3").getheader("X-Kept") == "HIT"


def test_every_download_is_there_without_python_though_nobody_ever_asked_for_it(
    stack: Stack, newsroom: Any, reader: Any
) -> None:
    """Also those made anew after a correction, of which nginx had just forgotten the old ones."""
    newsroom("prepare", number=470, title="带走的新闻")
    newsroom("publish", number=470)
    for words in ("", "第1段有误，带走的也更正了。"):
        if words:
            newsroom("correct", issue=470, number=1, text=words)
        stack.manage("tend_editions", "--once")
        newsroom("settle")
        made = {
            file: Path(place).read_bytes() for file, place in newsroom("files", number=470).items()
        }
        assert {*made} == {*FORMATS}
        with without(stack.gunicorn):
            page = reader.ask("/470/").content.decode()
            offered = re.findall('class="downloads__link" href="/470/([^"]+)"', page)
            assert {*offered} == {*FORMATS}
            for file in offered:
                answer = reader.ask(f"/470/{file}")
                assert (answer.status, answer.getheader("X-Kept")) == (200, "HIT"), file
                assert answer.content == made[file], file
                assert answer.getheader("Content-Type") == FORMATS[file].media_type
                named = answer.getheader("Content-Disposition")
                assert named.startswith("inline" if FORMATS[file].opens else "attachment"), file
            assert words in reader.ask("/470/issue.json").content.decode()


@pytest.mark.parametrize(("part", "number"), [("gunicorn", 461), ("postgres", 462), ("redis", 463)])
def test_readers_read_everything_without(
    stack: Stack, newsroom: Any, reader: Any, part: str, number: int
) -> None:
    newsroom("prepare", number=number, articles=3)
    newsroom("publish", number=number)
    newsroom("settle")
    every = newsroom("addresses")
    assert f"/{number}/3/" in every
    with without(getattr(stack, part)):
        for address in every:
            answer = reader.ask(address)
            assert (answer.status, answer.getheader("X-Kept")) in {(200, "HIT"), (302, "HIT")}, (
                address
            )
        if part == "gunicorn":
            for address, method in (
                ("/contribute/", "GET"),
                ("/contribute/", "POST"),
                ("/admin/", "GET"),
                ("/search/?q=x", "GET"),
            ):
                answer = reader.ask(address, method=method, body=b"" if method == "POST" else None)
                assert answer.status == 503, address
                assert "没有丢失" in answer.content.decode()
                assert int(answer.getheader("Retry-After")) > 0
                assert answer.getheader("Cache-Control") == "no-store"
    assert reader.ask("/search/").status == 200


def test_traditional_characters_lead_to_the_simplified_page_while_nobody_can_make_them(
    stack: Stack, reader: Any
) -> None:
    shut = stack.place / "kept.shut"
    pages = ("/450/1/", "/450/", "/", "/450/folio-1/", "/popular/?span=week", "/archive/2022/")
    for page in pages:
        answer = reader.ask(f"/hant{page}")
        assert answer.status == 200, page
        assert "private" in answer.getheader("Cache-Control")
    with without(stack.gunicorn):
        for page in pages:
            answer = reader.ask(f"/hant{page}")
            assert (answer.status, answer.getheader("Location")) == (302, f"{stack.url}{page}")
            assert answer.getheader("Cache-Control") == "no-store"
            assert {each: answer.getheader(each) for each in SECURITY_HEADERS} == SECURITY_HEADERS
            there = reader.ask(page)
            assert (there.status, there.getheader("X-Kept")) == (200, "HIT"), page
        # What is no page there; nothing that somebody writes leads away from the paper.
        for address in (
            *("/hant/450/issue.pdf", "/hant/x%0d%0aSet-Cookie:x=y/", "/hant//evil.example/"),
            *("/hant", "/hantx/", "/search/?q=/hant/"),
        ):
            answer = reader.ask(address)
            assert (answer.status, answer.getheader("Location")) == (503, None), address
            assert not answer.getheader("Set-Cookie")
        for address in ("/hant//evil/", "//hant//evil/", "/x/../hant/evil/"):
            led = reader.ask(address).getheader("Location")
            assert led == f"{stack.url}/evil/", address
        # All else as at any other address.
        assert reader.ask("/hant/450/", method="POST", body=b"x" * 70_000).status == 413
        shut.touch()
        assert reader.ask("/hant/450/1/").status == 302
        assert reader.ask("/450/1/").status == 503
        shut.unlink()
    with without(stack.postgres):
        answer = reader.ask("/hant/450/1/")
        assert (answer.status, answer.getheader("Location")) == (503, None)
    # The location says its error pages anew: they are those of the whole site, but for that one.
    site = (stack.place / "site.conf").read_text().rpartition("\nserver {")[2]
    said = re.findall("^( +)error_page (.+);", site, re.MULTILINE)
    whole, here = ({line for indent, line in said if len(indent) == wide} for wide in (4, 12))
    assert here - whole == {"502 504 = @simplified"}
    assert whole - here == {"502 504 =503 /front/down.html", "418 = @media", "421 = @our_name"}


def test_a_change_is_seen_at_once_by_every_reader(newsroom: Any, reader: Any) -> None:
    def shows(address: str, words: str) -> bool:
        return words in reader.ask(address).content.decode()

    newsroom("prepare", number=480, title="刚出版的新闻")
    assert reader.ask("/480/").status == 404
    newsroom("publish", number=480)
    assert newsroom.seconds < 60  # whatever the machine does; bench.front tells what it is
    for address in ("/", "/480/", "/480/1/", "/archive/", "/feed/", "/feed.json"):
        assert shows(address, "刚出版的新闻1"), address
    newsroom("correct", issue=480, number=1, text="第1段有误，特此更正。")
    assert shows("/480/1/", "特此更正")
    assert shows("/", "特此更正")
    assert shows("/corrections/", "特此更正")
    assert shows("/480/2/", "有更正")
    newsroom("withdraw", issue=480, number=1)
    assert reader.ask("/480/1/").status == 410
    assert not shows("/", "刚出版的新闻1")
    assert not shows("/480/2/", "刚出版的新闻1")
    newsroom("reinstate", issue=480, number=1)
    assert reader.ask("/480/1/").status == 200
    assert shows("/", "刚出版的新闻1")
    newsroom("rewrite", issue=480, number=2, title="改过的标题")
    assert shows("/480/2/", "改过的标题")
    assert shows("/480/1/", "改过的标题")
    newsroom("section", issue=480, number=2, name="职工之声", slug="voices")
    assert shows("/sections/voices/", "改过的标题")
    assert shows("/sections/", "职工之声")
    newsroom("renumber", number=480, to=481)
    moved = reader.ask("/480/1/")
    assert (moved.status, moved.getheader("Location")) == (301, "/481/1/")
    assert shows("/", "第481期")
    newsroom("unpublish", number=481)
    assert reader.ask("/481/").status == 404
    assert reader.ask("/481/1/").status == 404
    assert not shows("/", "第481期")
    assert reader.ask("/sections/voices/").status == 404
    newsroom("settle")


def test_what_nginx_was_not_told_is_told_when_it_is_back(
    stack: Stack, newsroom: Any, reader: Any
) -> None:
    newsroom("prepare", number=490, title="补上的新闻")
    with without(stack.nginx, start=stack.start_nginx, stop=stack.stop_nginx):
        newsroom("publish", number=490)
    assert "补上的新闻" not in reader.ask("/").content.decode()
    assert "/490/" in newsroom("owed")
    end = time.monotonic() + 20
    while "补上的新闻" not in reader.ask("/").content.decode() and time.monotonic() < end:
        newsroom("settle")
        time.sleep(0.5)
    assert "补上的新闻" in reader.ask("/490/").content.decode()
    newsroom("unpublish", number=490)


def test_a_changed_page_that_cannot_be_made_stays_as_it_was(
    stack: Stack, newsroom: Any, reader: Any
) -> None:
    before = reader.ask("/450/2/").content
    with without(stack.gunicorn):
        newsroom("correct", issue=450, number=2, text="这一条更正稍后才看得到。")
        assert reader.ask("/450/2/").content == before
    end = time.monotonic() + 20
    while reader.ask("/450/2/").content == before and time.monotonic() < end:
        newsroom("settle")
        time.sleep(0.5)
    assert "这一条更正稍后才看得到" in reader.ask("/450/2/").content.decode()


def test_no_query_makes_another_page_or_another_entry(stack: Stack, reader: Any) -> None:
    page, lists = reader.ask("/450/1/").content, reader.ask("/corrections/").content
    before = entries(stack)
    for query in (
        "utm_source=wechat",
        "x=1&y=2",
        "page=2",
        "year=2022",
        "a[]=%00",
        "?",
        "find=450",
    ):
        answer = reader.ask(f"/450/1/?{query}")
        assert (answer.getheader("X-Kept"), answer.content) == ("HIT", page), query
    for number in (2, 3, 999):
        answer = reader.ask(f"/corrections/?page={number}")
        assert answer.status == 200
        assert answer.getheader("X-Kept") in ("MISS", "EXPIRED")
    for query in ("page=0", "page=-1", "page=x", "page=1000000", "p%61ge=2"):
        assert reader.ask(f"/corrections/?{query}").content == lists
    for number in range(900, 910):
        assert reader.ask(f"/{number}/1/").status == 404
    assert entries(stack) == before
    found = reader.ask("/archive/?find=450")
    assert (found.status, found.getheader("Location")) == (302, "/450/")


def test_nothing_that_a_reader_sends_gets_into_what_others_read(
    stack: Stack, newsroom: Any, reader: Any
) -> None:
    """Of pages that are not kept yet, since those that are ask nobody."""
    newsroom("prepare", number=495, articles=12)
    with without(stack.nginx, start=stack.start_nginx, stop=stack.stop_nginx):
        newsroom("publish", number=495)
    tricks: tuple[dict[str, str], ...] = (
        {"X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_Proto": "https", "X_Forwarded_Port": "1"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"X_Original_URL": "/admin/", "X_Rewrite_URL": "/admin/"},
        {"X_HTTP_Method_Override": "POST", "X_HTTP_Method": "DELETE"},
        {"X_Paper_Renew": "forget", "X_Paper_Act": "forget", "X_Paper_Keep": ""},
        {
            "Accept": "application/json",
            "Accept_Language": "en",
            "X_Requested_With": "XMLHttpRequest",
        },
        {"Cookie": "sessionid=x; csrftoken=y; messages=z", "Authorization": "Basic eDp5"},
        {"Accept_Encoding": "br;q=1, identity;q=0", "Range": "bytes=0-3"},
        {"If_None_Match": "*", "If_Modified_Since": "Sat, 29 Oct 2050 19:43:31 GMT"},
        {"User_Agent": "<script>evil.example</script>", "Referer": "http://evil.example/"},
    )
    for number, sent in enumerate(tricks, start=1):
        reader.ask(f"/495/{number}/", **sent)
        # A cookie that Django replaces keeps its answer from being kept: then this one is.
        reader.ask(f"/495/{number}/")
        after = reader.ask(f"/495/{number}/")
        assert after.getheader("X-Kept") == "HIT", sent
        assert after.status == 200, sent
        assert b"evil" not in after.content, sent
        assert b"</html>" in after.content, sent
        assert f'<link rel="canonical" href="{stack.url}/495/{number}/">'.encode() in after.content
        assert not after.getheader("Set-Cookie"), sent
        assert after.getheader("Content-Type") == "text/html; charset=utf-8"
    newsroom("settle")


@pytest.mark.parametrize(
    "address",
    [
        "//450/",
        "/450//",
        "/450/%2e%2e/",
        "/%34%35%30/",
        "/450/1/%00",
        "/450/1/.",
        "/450/../admin/",
        "/450/1/;x",
        "/450/1%2f",
        "/0450/",
        "/450/01/",
        "/sections/%2e%2e/feed/",
        "/archive/9999/",
        "http://evil.example/450/",
    ],
)
def test_an_address_written_otherwise_is_no_entry(stack: Stack, reader: Any, address: str) -> None:
    before = {each: reader.ask(each).content for each in ("/", "/450/", "/450/1/", "/archive/")}
    count = entries(stack)
    try:
        answer = reader.ask(address)
    except ConnectionResetError:
        pass  # another host
    else:
        assert answer.status in (200, 301, 302, 400, 404), address
        assert answer.getheader("X-Kept") != "HIT", address
    assert entries(stack) == count
    assert before == {each: reader.ask(each).content for each in before}


def test_another_host_gets_nothing(stack: Stack, reader: Any) -> None:
    with pytest.raises(OSError, match=r"[Rr]emote|reset|closed"):
        reader.ask("/", Host="evil.example")
    other = reader.ask("/450/", Host=f"localhost:{stack.port}")
    assert (other.status, other.getheader("Location")) == (301, f"{stack.url}/450/")


def test_what_is_somebodys_own_is_never_kept(stack: Stack, reader: Any) -> None:
    before = entries(stack)
    for address in (
        "/admin/login/",
        "/contribute/",
        "/contribute/status/",
        "/subscribe/",
        "/unsubscribe/x/",
        "/preview/x/",
        "/search/?q=%E5%B7%A5%E4%BC%9A",
        "/search/suggest/?q=x",
        "/api/v1/issues/",
    ):
        answer = reader.ask(address)
        assert answer.getheader("X-Kept") is None, address
    assert entries(stack) == before


def test_what_an_editor_opens_before_anybody_else_is_what_everybody_gets(
    stack: Stack, newsroom: Any, reader: Any, member: Any
) -> None:
    """Public pages, which nginx then keeps, and drafts, which it never does."""
    newsroom("prepare", number=496, title="登出来的新闻")
    newsroom("prepare", number=497, title="没出版的新闻")
    with without(stack.nginx, start=stack.start_nginx, stop=stack.stop_nginx):
        newsroom("publish", number=496)
        forget(stack, "/", "/corrections/")
    drafts = ("还没签发的标题", "正在输入的标题", "没出版的新闻")
    unsigned = newsroom("draft", issue=496, number=1, title=drafts[0])
    newsroom("account", name="early-bird", role="总编")
    member.log_in("early-bird")
    opened = {each: member.ask(each) for each in ("/", "/496/", "/496/1/", "/corrections/")}
    for address, answer in opened.items():
        assert answer.getheader("X-Kept") == "MISS", address

    def everybody_gets_the_same() -> None:
        for address, theirs in opened.items():
            answer = reader.ask(address)
            assert answer.getheader("X-Kept") == "HIT", address
            assert answer.content == theirs.content, address
            assert answer.getheader("Set-Cookie") is None, address
            for word in (*drafts, "userbar", "王某", "early-bird", "csrf", "/admin/"):
                assert word not in answer.content.decode(), (address, word)

    everybody_gets_the_same()
    typed = newsroom("form", issue=496, number=1, name="early-bird")
    told = member.send(typed["address"], {**typed["fields"], "title": drafts[1]})
    assert json.loads(told.content) == {"is_valid": True, "is_available": True}
    link = newsroom("share", number=497)
    private = {
        unsigned: drafts[0],
        typed["address"]: drafts[1],
        link: drafts[2],
        f"{link}1/": drafts[2],
        "/admin/": "wagtailadmin",
    }
    for address, words in private.items():
        answer = member.ask(address)
        assert answer.status == 200, address
        assert words in answer.content.decode(), address
        assert answer.getheader("X-Kept") is None, address
    # Whoever has the link reads what the editor read; once it is taken back, nobody does.
    assert newsroom("share_no_more", number=497) == 1
    everybody_gets_the_same()
    for address, words in private.items():
        answer = reader.ask(address)
        assert answer.status == (410 if address.startswith(link) else 302), address
        assert words not in answer.content.decode(), address
    found = what_is_kept(stack)
    assert {*opened} <= {*found}
    assert not [address for address in found if re.match("/(?:admin|preview)", address)]
    for address, stored in found.items():
        assert b"set-cookie" not in stored.lower(), address
        assert not [word for word in drafts if word.encode() in stored], address
    newsroom("settle")


def test_readers_cannot_have_a_page_forgotten(stack: Stack, reader: Any) -> None:
    for act in ("forget", "renew"):
        assert reader.ask("/450/1/", X_Paper_Act=act).getheader("X-Kept") == "HIT"
    assert reader.ask("/450/1/", method="PURGE").status in (400, 403, 404, 405)
    assert reader.ask("/450/1/", method="POST", body=b"x=1").status in (403, 405)
    assert reader.ask("/450/1/").status == 200


def test_what_nginx_answers_by_itself_has_the_headers_and_speaks_chinese(
    stack: Stack, reader: Any
) -> None:
    (stack.place / "media/sample.jpg").write_bytes(b"x")
    style = reader.ask("/450/1/").content.decode().split('<link rel="stylesheet" href="')[1]
    shut = stack.place / "kept.shut"
    answers = {
        name: reader.ask(address, **headers)
        for name, (address, headers) in {
            "style": (style.split('"')[0], {}),
            "picture": ("/media/sample.jpg", {}),
            "no picture": ("/media/none.jpg", {}),
            "folder": ("/media/", {}),
            "too long": ("/" + "x" * 9000, {}),
            "unreadable": ("/", {"X_Long": "x" * 9000}),
            "another name": ("/450/", {"Host": f"localhost:{stack.port}"}),
        }.items()
    }
    with without(stack.gunicorn):
        answers["down"] = reader.ask("/search/?q=x")
        shut.touch()
        answers["shut and down"] = reader.ask("/media/sample.jpg")
        shut.unlink()
    told = {name: answer.status for name, answer in answers.items()}
    assert told == {
        **{"style": 200, "picture": 200, "no picture": 404, "folder": 403, "too long": 414},
        **{"unreadable": 400, "another name": 301, "down": 503, "shut and down": 503},
    }
    for name, answer in answers.items():
        assert {each: answer.getheader(each) for each in SECURITY_HEADERS} == SECURITY_HEADERS, name
        assert answer.getheader("Content-Security-Policy"), name
        for_all = "cross-origin" if name == "picture" else "same-origin"
        assert answer.getheader("Cross-Origin-Resource-Policy") == for_all, name
        assert answer.getheader("Retry-After") == ("60" if answer.status == 503 else None), name
        assert answer.status < 400 or "没有丢失" in answer.content.decode(), name


def test_logs_tell_nothing_of_readers(stack: Stack, reader: Any) -> None:
    reader.ask("/450/?who=somebody", User_Agent="Telling/1.0", Referer="http://told.example/")
    reader.ask("/search/?q=secret-words")
    reader.ask("/contribute/")
    reader.ask("/preview/secret-token/")
    reader.ask("/admin/password_reset/confirm/x/secret-token/")
    reader.ask("/450/", method="HEAD")
    time.sleep(2)  # nginx writes once in a second
    logs = "".join(file.read_text() for file in (stack.place / "logs").glob("*.log"))
    access = (stack.place / "logs/access.log").read_text()
    for word in ("somebody", "Telling", "told.example", "secret", "127.0.0.1"):
        assert word not in access, word
    assert "secret" not in logs
    assert "/contribute/" not in access
    assert "HEAD /450/ 200" in access


def test_files_of_readers_and_of_the_site(stack: Stack, reader: Any) -> None:
    media = stack.place / "media"
    (media / "sample.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    (media / "sample.html").write_text("<script>alert(1)</script>")
    for name in ("sample.svg", "sample.html"):
        answer = reader.ask(f"/media/{name}")
        assert answer.status == 200
        assert answer.getheader("Content-Type") == "application/octet-stream"
        assert answer.getheader("Content-Disposition") == "attachment"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert "sandbox" in answer.getheader("Content-Security-Policy")
    assert reader.ask("/media/../manage.py").status in (400, 404)
    assert reader.ask("/media/").status in (403, 404)
    page = reader.ask("/450/1/").content.decode()
    style = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    css = reader.ask(style, Accept_Encoding="gzip")
    assert css.getheader("Content-Encoding") == "gzip"
    assert "immutable" in css.getheader("Cache-Control")
    assert "immutable" not in reader.ask("/static/css/base.css").getheader("Cache-Control")


def test_a_paper_that_is_closed_is_closed_here_too_and_what_some_read_gets_to_nobody_else(
    stack: Stack, newsroom: Any, reader: Any, member: Any
) -> None:
    """The whole paper, then some issues of it, both with pages that nginx had kept before."""
    picture = stack.place / "media/closed.jpg"
    picture.write_bytes(b"nothing of the paper shows it")
    newsroom("prepare", number=498, title="只在内部的新闻")
    newsroom("publish", number=498)
    newsroom("settle")
    newsroom("account", name="reader", role="读者")
    words, of_all = "只在内部的新闻1", ("/", "/archive/", "/feed/", "/feed.json", "/450/1/")
    of_issue = ("/498/", "/498/1/", "/498/folio-1/", "/498/1.ris", "/498/card.png", "/498/qr.svg")
    for address in (*of_issue, *of_all):
        assert reader.ask(address).getheader("X-Kept") == "HIT", address
    assert words in reader.ask("/").content.decode()
    assert reader.ask("/media/closed.jpg").status == 200

    def stays_outside() -> None:
        for address in of_issue:
            answer = reader.ask(address, X_Forwarded_For="10.0.0.1")
            assert answer.status == 403, address
            assert words not in answer.content.decode(), address
        for address in of_all:
            answer = reader.ask(address)
            assert (answer.status, answer.getheader("X-Kept")) == (200, None), address
            assert words not in answer.content.decode(), address
            assert answer.getheader("Cache-Control") == "private, no-store", address
            assert answer.getheader("Set-Cookie") is None, address

    def reads_inside() -> None:
        for address in (*of_issue, *of_all):
            answer = member.ask(address)
            assert (answer.status, answer.getheader("X-Kept")) == (200, None), address
            assert answer.getheader("Cache-Control") == "private, no-store", address
        for address in ("/498/", "/498/1/", "/", "/archive/", "/feed/", "/feed.json"):
            assert words in member.ask(address).content.decode(), address

    try:
        newsroom("circulate", extent="everything", networks="10.0.0.0/8")
        for address in ("/", "/450/1/", "/feed/", "/450/issue.json", "/media/closed.jpg"):
            answer = reader.ask(address, X_Forwarded_For="10.0.0.1")
            assert answer.status == 403, address
            assert "no-store" in answer.getheader("Cache-Control"), address
        newsroom("circulate", extent="everything", networks="127.0.0.0/8")
        inside = reader.ask("/450/1/")
        assert (inside.status, inside.getheader("X-Kept")) == (200, None)
        assert reader.ask("/media/closed.jpg").status == 200

        newsroom("circulate", extent="some_issues", since=498, networks="10.0.0.0/8")
        stays_outside()
        member.log_in("reader", "/login/")
        reads_inside()
        stays_outside()
        newsroom("settle")
        reads_inside()
        stays_outside()
        for address, stored in what_is_kept(stack).items():
            assert words.encode() not in stored, address
        with without(stack.gunicorn):
            for address in (*of_issue, *of_all):
                assert reader.ask(address).status == member.ask(address).status == 503, address
    finally:
        newsroom("circulate", extent="nothing")
        newsroom("settle")
        picture.unlink()
        # The worker takes it away after a second look, a minute later; no other test waits.
        (stack.place / "kept.shut").unlink()
    again = reader.ask("/498/1/")
    assert (again.status, again.getheader("X-Kept")) == (200, "HIT")
    assert words in again.content.decode()


def test_https(stack: Stack, newsroom: Any, reader: Any, member: Any) -> None:
    """The same paper behind https: everything is taken anew, with its new address."""
    stack.stop_nginx()
    stack.gunicorn.stop()
    stack.set_https(True)
    stack.gunicorn.start()
    stack.start_nginx()
    try:
        stack.manage("keep_pages", "--all")
        answer = reader.ask("/450/1/")
        assert (answer.status, answer.getheader("X-Kept")) == (200, "HIT")
        assert f'<link rel="canonical" href="{stack.url}/450/1/">' in answer.content.decode()
        plain = reader.ask("/450/1/", port=stack.plain_port)
        assert (plain.status, plain.getheader("Location")) == (301, f"{stack.url}/450/1/")
        newsroom("account", name="by-https", role="编辑")
        login = member.ask("/admin/login/")
        cookies = [
            line
            for each in (login, member.log_in("by-https"))
            for line in each.headers.get_all("Set-Cookie")
        ]
        assert {line.split("=")[0] for line in cookies} == {"__Host-csrf", "__Host-session"}
        for line in cookies:
            told = {part.strip() for part in line.split(";")[1:]}
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= told, line
            assert "domain" not in line.lower()
        style = answer.content.decode().split('<link rel="stylesheet" href="')[1].split('"')[0]
        by_https = {
            "page": (200, answer),
            "log-in": (200, login),
            "redirect": (302, reader.ask("/admin/")),
            "redirect that is kept": (302, reader.ask("/2022-08-02/")),
            "another name": (301, reader.ask("/450/", Host=f"localhost:{stack.port}")),
            "style": (200, reader.ask(style)),
        }
        with without(stack.gunicorn):
            by_https["down"] = (503, reader.ask("/search/?q=x"))
            by_https["in simplified"] = (302, reader.ask("/hant/450/"))
        for name, (status, each) in by_https.items():
            assert each.status == status, name
            assert each.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"], name
    finally:
        stack.stop_nginx()
        stack.gunicorn.stop()
        stack.set_https(False)
        stack.gunicorn.start()
        stack.start_nginx()
        stack.manage("keep_pages", "--all")
