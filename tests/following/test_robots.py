"""What robots and browsers are told of the whole site."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client
from lxml import etree

from following.metadata.opensearch import describe
from newsroom.models import Imprint
from tests import factories

OPENSEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


def read_robots() -> RobotFileParser:
    answer = Client().get("/robots.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    parser = RobotFileParser()
    parser.parse(answer.content.decode().splitlines())
    return parser


@pytest.mark.parametrize("robot", ["Googlebot", "Baiduspider", "*"])
def test_robots_may_read_the_paper_and_nothing_else(robot: str) -> None:
    rules = read_robots()
    for address in ("/", "/450/", "/450/3/", "/archive/2022/", "/contribute/", "/sitemap.xml"):
        assert rules.can_fetch(robot, address), address
    for address in (
        *("/admin/", "/search/?q=x", "/preview/abc/", "/contribute/status/", "/unsubscribe/x/"),
    ):
        assert not rules.can_fetch(robot, address), address
    assert rules.site_maps() == ["http://testserver/sitemap.xml"]


def test_an_internal_paper_can_ask_to_be_left_out(settings) -> None:
    settings.CLOSED_TO_ROBOTS = True
    rules = read_robots()
    assert not rules.can_fetch("Googlebot", "/450/")
    assert rules.site_maps() is None


@pytest.mark.django_db
def test_browsers_can_search_the_paper() -> None:
    factories.make_sample()
    answer = Client().get("/opensearch.xml")
    root = etree.fromstring(answer.content)

    assert answer["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    assert root.tag == "{http://a9.com/-/spec/opensearch/1.1/}OpenSearchDescription"
    assert root.findtext("o:ShortName", None, OPENSEARCH) == "杭州工运"
    assert root.findtext("o:InputEncoding", None, OPENSEARCH) == "UTF-8"
    (url,) = root.findall("o:Url", OPENSEARCH)
    assert dict(url.attrib) == {
        "type": "text/html",
        "template": "http://testserver/search/?q={searchTerms}",
    }
    picture = root.findtext("o:Image", None, OPENSEARCH).removeprefix("http://testserver")
    icon = Client().get(picture)
    assert icon["Content-Type"] == "image/svg+xml"
    icon.close()


@pytest.mark.django_db
def test_a_paper_without_an_imprint_is_searched_too() -> None:
    assert not Imprint.objects.exists()
    assert "数字报" in Client().get("/opensearch.xml").content.decode()


def test_a_long_name_is_cut_at_what_the_format_allows() -> None:
    name = "</ShortName>&\x01" + "长" * 500
    root = etree.fromstring(describe(name=name, search_url="https://x/?q=", icon_url="https://x/i"))
    assert len(root.findtext("o:ShortName", None, OPENSEARCH)) == 16
    assert len(root.findtext("o:Description", None, OPENSEARCH)) <= 1024


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/robots.txt", "/opensearch.xml", "/sitemap.xml"])
def test_nothing_is_sent_there_and_no_cookie_comes_back(address: str) -> None:
    assert Client().post(address).status_code == 405
    answer = Client().get(address)
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert Client().head(address).status_code == 200
