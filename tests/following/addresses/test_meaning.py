"""What an address may have meant, and which addresses nobody meant."""

from __future__ import annotations

import pytest

from following.addresses.meaning import Meant, meant_by
from following.addresses.probes import is_probe
from following.addresses.spellings import as_stored, spellings


@pytest.mark.parametrize(
    ("address", "issue"),
    [
        ("/2022/08/02/", "2022-08-02"),
        ("/html/2022-08/02/node_1.htm", "2022-08-02"),
        ("/html/20220802/1.htm", "2022-08-02"),
        ("/2022-8-2.html", "2022-8-2"),
        ("/2022年8月2日/", "2022-8-2"),
        ("/202208/", "2022-08"),
        ("/2022/", "2022"),
        ("/450.html", "450"),
        ("/0450/", "450"),
        ("/450/99/", "450"),
        ("/qikan450", "450"),
        ("/qikan/no-450.htm", "450"),
        ("/%E7%AC%AC450%E6%9C%9F", "450"),
        ("/%B5%DA450%C6%DA/", "450"),  # 第450期 in GBK
        ("/2022-08/02/450.htm", "2022-08-02"),
        ("/zhuye/content_123.htm?id=450", ""),
        ("/gonghui/", ""),
        ("/", ""),
        ("/1234567890.htm", ""),
    ],
)
def test_an_issue_is_read_from_an_address(address: str, issue: str) -> None:
    assert meant_by(address).issue == issue


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/%E6%8B%B1%E5%A2%85%E6%89%98%E8%82%B2.htm", "拱墅托育"),
        ("/%B9%B0%CA%FB%CD%D0%D3%FD.htm", "拱墅托育"),
        ("/n.asp?title=%E6%89%98%E8%82%B2&x=1", "托育"),
        ("/第450期/象棋", "象棋"),
        ("/app/index.htm", ""),
        ("/%FF%FE%00%80", ""),
    ],
)
def test_words_are_read_in_either_encoding(address: str, words: str) -> None:
    assert meant_by(address).words == words


def test_whatever_the_address_something_is_returned() -> None:
    for address in ("", "%", "%%%", "/%00", "/" + "9" * 9000, "/" + "%E5" * 3000, "/🀄"):
        assert isinstance(meant_by(address), Meant)


@pytest.mark.parametrize(
    "path",
    [
        *("/wp-login.php", "/blog/wp-admin/x", "/.env", "/.git/config", "/phpmyadmin/", "/a.sql"),
        *("/cgi-bin/luci", "/xmlrpc.php", "/backup.tar", "/../../etc/passwd", "/%00", "/a\x00b"),
        *("/vendor/phpunit/eval.php", "/<script>alert(1)</script>", "/" + "a" * 3000),
    ],
)
def test_scanners_are_known(path: str) -> None:
    assert is_probe(path)


@pytest.mark.parametrize(
    "path",
    [
        *("/450/3/", "/index.php", "/article.php", "/news.asp", "/zhuye/content_123.htm", "/新闻/"),
        *(
            "/down/表格.rar",
            "/450/issue.pdf",
            "/450/3.bib",
            "/feed.xml",
            "/robots.txt",
            "/450/issue-folder.zip",
        ),
        *("/favicon.ico", "/.well-known/security.txt", "/sitemap.xml", "/static/css/base.css"),
    ],
)
def test_addresses_of_papers_are_no_probes(path: str) -> None:
    assert not is_probe(path)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("http://www.hzgh.org/zhuye/Content_123.htm?x=1", "/zhuye/content_123.htm?x=1"),
        ("https://www.hzgh.org:8080/a.asp?b=2&a=1", "/a.asp?a=1&b=2"),
        ("www.hzgh.org/a.htm", "/a.htm"),
        ("WWW.HZGH.ORG", "/"),
        ("a.htm", "/a.htm"),
        ("/news/", "/news"),
        ("/a.htm#top", "/a.htm"),
        ("/%E6%96%B0%E9%97%BB/1.htm", "/新闻/1.htm"),
        ("/%D0%C2%CE%C5/1.htm", "/新闻/1.htm"),
        ("/%d0%c2%ce%c5/1.htm", "/新闻/1.htm"),
        ("/新闻/1.htm", "/新闻/1.htm"),
        ("  /a b.htm ", "/a b.htm"),
    ],
)
def test_an_old_address_is_stored_in_one_form(written: str, stored: str) -> None:
    assert as_stored(written) == stored


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/a.asp?b=2&a=1", "/A.asp?a=1&b=2"),
        ("/a.asp?b=2&a=1", "/a.asp?b=2&a=1&from=timeline&isappinstalled=0"),
        ("/a.asp", "/a.asp?utm_source=x"),
        ("/新闻/1.htm", "/%E6%96%B0%E9%97%BB/1.htm"),
        ("/新闻/1.htm", "/%D0%C2%CE%C5/1.htm"),
        ("/n.asp?t=新闻", "/n.asp?t=%d0%c2%ce%c5"),
        ("/n.asp?t=新闻", "/n.asp?t=%E6%96%B0%E9%97%BB"),
    ],
)
def test_it_is_found_however_it_is_asked_for(written: str, asked: str) -> None:
    assert as_stored(written) in spellings(asked)


def test_the_most_exact_form_comes_first() -> None:
    assert spellings("/A?x=1")[:2] == ["/A?x=1", "/a?x=1"]
    assert spellings("/A?x=1")[-1] == "/a"
    assert len(spellings("/%D0%C2?x=%d0%c2&from=a")) <= 12
    assert spellings("/" + "x" * 5000) == []
