"""Every kind of answer there is tells browsers what they may do, with https and without."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from errno import ENOSPC
from functools import cache
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from hzgy import urls
from issues.models import Folio, IssuePage
from issues.previewing import make_preview_link, token_of
from newsroom.models import PressPhoto
from tests.factories import make_issue, make_sample, make_user
from tests.newsroom.test_photos import make_photo

pytestmark = pytest.mark.django_db

TABLE = django_settings.BASE_DIR / "docs" / "headers.md"
HOST = "paper.example"
# What production makes of HTTPS=on and off; the names of settings that answers depend on.
NAMES = (
    *("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"),
    *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECURE_HSTS_INCLUDE_SUBDOMAINS"),
    *("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "MESSAGE_STORAGE"),
    *("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SESSION_COOKIE_DOMAIN"),
)


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def is_full(request: HttpRequest) -> HttpResponse:
    raise OSError(ENOSPC, "on purpose")


handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [path("fails/", fails), path("full/", is_full), *urls.urlpatterns]


@cache
def production(https: str) -> dict[str, Any]:
    """Return what the real settings of production say, from a process of their own."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{LOAD}\nprint(json.dumps({{n: getattr(s, n, None) for n in {NAMES}}}))",
        ],
        cwd=django_settings.BASE_DIR,
        env=environment(https),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(told.stdout)


LOAD = "import json\nfrom django.conf import settings as s\ns.DEBUG"


def environment(https: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.production",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"http{'s' if https in ('on', '1') else ''}://{HOST}",
        "CONTRIBUTIONS_KEYS": "b25seS1mb3ItdGVzdHMtLW9ubHktZm9yLXRlc3RzLS0=",
        "HTTPS": https,
    }


@pytest.fixture(params=["on", "off"])
def https(request: pytest.FixtureRequest, settings: Any) -> bool:
    """Take the headers and cookies of production, with https and without."""
    for name, value in production(request.param).items():
        setattr(settings, name, value)
    settings.ALLOWED_HOSTS = [HOST]
    settings.ROOT_URLCONF = __name__
    return request.param == "on"


class Visitor(Client):
    """Somebody who asks at the paper's own name, by https where there is."""

    def __init__(self, *, secure: bool) -> None:
        super().__init__(HTTP_HOST=HOST, raise_request_exception=False, enforce_csrf_checks=True)
        self.secure = secure

    def request(self, **request: Any) -> Any:
        request.setdefault("wsgi.url_scheme", "https" if self.secure else "http")
        return super().request(
            **{**request, **({"wsgi.url_scheme": "https"} if self.secure else {})}
        )


def answers(secure: bool) -> dict[str, HttpResponse]:
    """Ask for one of each kind of answer."""
    make_sample()
    editor = make_user("编辑", username="editor")
    link = make_preview_link(issue=make_issue(451), by=editor, days=1)
    photo: PressPhoto = make_photo()
    Folio.objects.create(issue=IssuePage.objects.get(number=450), number=1, page_image=photo)
    reader = Visitor(secure=secure)
    desk = Visitor(secure=secure)
    desk.force_login(editor)
    got: dict[str, Callable[[], Any]] = {
        "头版 front page": lambda: reader.get("/"),
        "一期 issue": lambda: reader.get("/450/"),
        "稿件 article": lambda: reader.get("/450/1/"),
        "往期 archive": lambda: reader.get("/archive/"),
        "检索 search": lambda: reader.get("/search/?q=托育"),
        "关于 about": lambda: reader.get("/about/"),
        "没有 404": lambda: reader.get("/no-such-page/"),
        "别的主机名 400": lambda: reader.get("/", HTTP_HOST="evil.example"),
        "出错 500": lambda: reader.get("/fails/"),
        "忙 503": lambda: reader.get("/full/"),
        "转到 301": lambda: reader.get("/tg.htm"),
        "按日期 302": lambda: reader.get("/2022-08-02/"),
        "投稿 contribute": lambda: reader.get("/contribute/"),
        "查回执 receipt": lambda: reader.get("/contribute/status/"),
        "预览链接 preview link": lambda: reader.get(f"/preview/{token_of(link)}/"),
        "订阅 feed": lambda: reader.get("/feed/"),
        "站点地图 sitemap": lambda: reader.get("/sitemap.xml"),
        "robots.txt": lambda: reader.get("/robots.txt"),
        "接口 API": lambda: reader.get("/api/v1/issues/"),
        "接口说明 API in words": lambda: reader.get("/api/"),
        "文件 issue.json": lambda: reader.get("/450/issue.json"),
        "引用 1.bib": lambda: reader.get("/450/1.bib"),
        "二维码 qr.svg": lambda: reader.get("/450/1/qr.svg"),
        "分享图 card.png": lambda: reader.get("/450/1/card.png"),
        "版面清单 manifest.json": lambda: reader.get("/450/manifest.json"),
        "阅读设置 reading": lambda: reader.get("/reading/"),
        "阅读样式 comfort.css": lambda: reader.get("/reading/comfort.css"),
        "样式 /static/": lambda: reader.get("/static/css/base.css"),
        "图片 /media/": lambda: reader.get(photo.file.url),
        "登录页 login": lambda: reader.get("/admin/login/"),
        "没有CSRF 403": lambda: reader.post("/admin/login/", {"username": "x"}),
        "未登录 302": lambda: reader.get("/admin/"),
        "后台 admin": lambda: desk.get("/admin/"),
        "后台图片 chooser": lambda: desk.get(reverse("wagtailimages_chooser:choose")),
        "后台没有 404": lambda: desk.get("/admin/no-such-screen/"),
        "不许 302": lambda: desk.get(reverse("wagtailusers_users:index")),
    }
    if secure:
        plain = Visitor(secure=False)
        got["http转https 301"] = lambda: plain.get("/450/")
    found = {kind: ask() for kind, ask in got.items()}
    for response in found.values():
        response.close()
    return found


def policy(response: HttpResponse) -> dict[str, list[str]]:
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts}


def faults(response: HttpResponse, *, https: bool) -> list[str]:
    """What is missing or too weak in an answer."""
    headers = response.headers
    found = [
        name
        for name in (
            *("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"),
            *("X-Frame-Options", "Permissions-Policy", "Cross-Origin-Opener-Policy"),
            *("Cross-Origin-Resource-Policy", "X-Permitted-Cross-Domain-Policies"),
        )
        if not headers.get(name)
    ]
    allowed = policy(response)
    if response.wsgi_request.path.startswith("/admin/"):
        assert allowed.pop("style-src") == ["'self'", "'unsafe-inline'"]
    sources = {source for directive in allowed.values() for source in directive}
    if not sources <= {"'self'", "'none'", "data:", "blob:"}:
        found.append(f"CSP: {sources}")
    if {"data:", "blob:"} & {
        s for name, given in allowed.items() if name != "img-src" for s in given
    }:
        found.append("CSP: data: or blob: for more than pictures")
    if headers["X-Content-Type-Options"] != "nosniff":
        found.append("nosniff")
    if bool(headers.get("Strict-Transport-Security")) != (https and not is_plain(response)):
        found.append("HSTS")
    for cookie in response.cookies.values():
        if not (cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"):
            found.append(f"{cookie.key}: HttpOnly, SameSite, Path")
        if https and not (cookie["secure"] and cookie.key.startswith("__Host-")):
            found.append(f"{cookie.key}: __Host-, Secure")
        if cookie["domain"] or (not https and (cookie["secure"] or "__Host-" in cookie.key)):
            found.append(f"{cookie.key}: Domain, or Secure without https")
    return found


def is_plain(response: HttpResponse) -> bool:
    return response.wsgi_request.META.get("wsgi.url_scheme") == "http"


def row(kind: str, response: HttpResponse) -> str:
    """How docs/headers.md tells of an answer."""
    headers = response.headers
    content = policy(response)
    names = {"sessionid": "session", "csrftoken": "csrf"}  # Django's own, without https
    kept = [names.get(key, key.removeprefix("__Host-")) for key in response.cookies]
    cells = (
        kind,
        str(response.status_code),
        "admin"
        if "blob:" in content.get("img-src", [])
        else "sandbox"
        if "sandbox" in content
        else "readers",
        headers["Cross-Origin-Resource-Policy"],
        headers["Referrer-Policy"],
        headers.get("X-Robots-Tag", "—"),
        "、".join(kept) or "—",
    )
    return f"| {' | '.join(cells)} |"


def test_every_kind_of_answer_is_graded(https: bool) -> None:
    found = answers(https)
    assert {kind: wrong for kind, got in found.items() if (wrong := faults(got, https=https))} == {}
    told = TABLE.read_text("utf-8").splitlines()
    rows = [row(kind, got) for kind, got in found.items()]
    assert [line for line in rows if line not in told] == []
    if https:
        assert sorted(line for line in told if re.match(r"\| .* \| \d", line)) == sorted(rows)


def test_readers_get_no_cookie_and_the_desk_its_own(https: bool) -> None:
    found = answers(https)
    with_cookies = {kind for kind, got in found.items() if got.cookies}
    assert with_cookies <= {
        "登录页 login",
        "后台 admin",
        "后台图片 chooser",
        "不许 302",
        "没有CSRF 403",
    }
    assert "登录页 login" in with_cookies


def test_who_logs_in_gets_a_cookie_for_this_host_alone(https: bool) -> None:
    make_sample()
    make_user("编辑", username="editor")
    visitor = Visitor(secure=https)
    token = visitor.get("/admin/login/").context["csrf_token"]
    answer = visitor.post(
        "/admin/login/",
        {"username": "editor", "password": "x", "csrfmiddlewaretoken": str(token)},
        headers={"referer": f"http{'s' if https else ''}://{HOST}/admin/login/"},
    )
    assert answer.status_code == 302
    assert faults(answer, https=https) == []
    name = "__Host-session" if https else "sessionid"
    assert name in answer.cookies


@pytest.mark.parametrize(("said", "on"), [("on", True), ("1", True), ("off", False), ("0", False)])
def test_https_is_on_or_off(said: str, on: bool) -> None:
    assert production(said)["SESSION_COOKIE_SECURE"] is on


@pytest.mark.parametrize(
    "wrong", [{"HTTPS": "of"}, {"HTTPS": ""}, {"HTTPS": "on", "BASE_URL": f"http://{HOST}"}]
)
def test_a_slip_of_the_pen_stops_the_start_instead_of_dropping_https(wrong: dict[str, str]) -> None:
    started = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=django_settings.BASE_DIR,
        env={**environment("on"), **wrong},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "ImproperlyConfigured" in started.stderr


def test_a_grade_can_be_lost() -> None:
    weak = {"Content-Security-Policy": "default-src *", "X-Content-Type-Options": ""}
    response = HttpResponse(headers=weak)
    response.wsgi_request = HttpRequest()
    response.set_cookie("sessionid", "x")
    assert {"nosniff", "Permissions-Policy", "CSP: {'*'}"} <= set(faults(response, https=True))
    assert "sessionid: __Host-, Secure" in faults(response, https=True)
