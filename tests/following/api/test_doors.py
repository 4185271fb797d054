"""Who asks the API wrongly, too often or with malice: a word in Chinese, never a 500."""

from __future__ import annotations

import datetime
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from wagtail.models import PageLogEntry

from articles.models import ArticlePage
from following.addresses.probes import is_probe
from issues.correcting import Wording, add_correction
from tests import factories
from tests.factories import make_public_issue

from .asking import ROOT, Api

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issue(shared_rows: None) -> None:
    make_public_issue(450, articles=2)


@pytest.fixture(autouse=True)
def api(issue: None) -> Api:
    cache.clear()
    return Api()


HOSTILE = (
    *("", " ", "%00", "a%00b", "-1", "0", "1e9", "9" * 20, "9" * 5000, "x" * 10_000, "¼", "٣"),
    *("'%20OR%201=1--", "%", "%25", "..%2F..%2Fetc", "%F0%9F%80%84", "%D0%C2", "NaN", "Infinity"),
    *("0001-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00%2B14:00", "2022-02-30", "[]"),
    *("1901-01-01T00:00:00%2B14:00", "2100-12-31T23:59:59-12:00", "1&limit=&limit=2", "true"),
)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_of_any_parameter_breaks_anything(api: Api, value: str) -> None:
    for path, operations in api.document["paths"].items():
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "query":
                answer = api.get(f"{path.strip('/')}/?{parameter['name']}={value}")
                assert answer.status_code in (200, 422), (path, parameter["name"])
            elif value.strip() and "/" not in value and "&" not in value:
                filled = path.replace(f"{{{parameter['name']}}}", value)
                filled = filled.replace("{number}", "450").replace("{article}", "1")
                answer = api.client.get(f"{ROOT}{filled.strip('/')}/")
                assert answer.status_code == 404, filled
                # A scanner gets the small page, wherever it tries.
                kind = "text/html" if is_probe(unquote(filled)) else "application/problem+json"
                assert answer["Content-Type"].startswith(kind), filled


def test_a_wrong_parameter_is_told_in_chinese(api: Api) -> None:
    answer = api.get("articles/?year=1800&limit=x&since=tomorrow&section=%E6%A0%8F&q=1")

    told = {error["parameter"]: error["detail"] for error in answer.json()["errors"]}
    assert told == {
        "year": "不能小于1901。",
        "limit": "要填整数。",
        "since": "要填1901年到2100年之间的日期，如2022-08-02。",
        "section": "只能有字母、数字和短横。",
    }
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "nothing/", "issues/0/", "issues/450/articles/99/"])
def test_what_is_not_there_is_told_in_chinese(api: Api, path: str) -> None:
    answer = api.client.get(f"{ROOT}{path}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "没有找到"


def test_a_missing_slash_is_mended(api: Api) -> None:
    answer = api.client.get(f"{ROOT}issues?year=2022")

    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/issues/?year=2022")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["issues/", "openapi.json", "nothing/"])
def test_nothing_is_written(api: Api, method: str, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = getattr(strict, method)(ROOT + path)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["detail"] == "这里只能读取，请用GET。"


def test_head_is_get_without_a_body(api: Api) -> None:
    got, head = api.client.get(f"{ROOT}issues/"), api.client.head(f"{ROOT}issues/")

    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])


def test_a_page_of_any_site_may_read_but_sends_no_credentials(api: Api) -> None:
    answer = api.client.options(f"{ROOT}issues/", headers={"Origin": "https://other.example"})

    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer


def test_what_did_not_change_is_not_sent_again(api: Api) -> None:
    for path in ("issues/", "issues/450/", "issues/450/articles/1/", "openapi.json"):
        first = api.client.get(ROOT + path)
        assert first["Cache-Control"] == "public, max-age=300"
        by_tag = api.client.get(ROOT + path, headers={"If-None-Match": first["ETag"]})
        by_day = api.client.get(ROOT + path, headers={"If-Modified-Since": first["Last-Modified"]})
        assert [(a.status_code, a.content) for a in (by_tag, by_day)] == [(304, b"")] * 2
        assert by_tag["ETag"] == first["ETag"]


def test_a_correction_changes_both_validators(api: Api) -> None:
    a_day = datetime.timedelta(days=1)  # the validator counts seconds
    PageLogEntry.objects.update(timestamp=F("timestamp") - a_day)
    before = api.get("issues/450/articles/1/")
    article = ArticlePage.objects.get(number=1)
    wording = Wording(text="特此更正。", date=factories.FIRST_DAY)
    add_correction(article=article, wording=wording, by=None)
    after = api.get("issues/450/articles/1/")

    assert after["ETag"] != before["ETag"]
    assert after["Last-Modified"] != before["Last-Modified"]


def test_who_asks_too_often_is_told_when_to_come_again(api: Api, settings) -> None:
    settings.API_LIMITS = (3, 100)
    cache.clear()

    answers = [api.get("issues/") for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 3600
    assert "分钟再来" in answers[-1].json()["detail"]
    other = api.client.get(f"{ROOT}issues/", REMOTE_ADDR="192.0.2.9")
    assert other.status_code == 200
    assert api.client.get("/450/").status_code == 200
