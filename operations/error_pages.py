"""Say in Chinese what went wrong, in pages that need neither the database nor a cache.

Django calls the handlers (hzgy.urls) for what no view answers. Trouble of the machine is a 503
with Retry-After, everywhere; only a fault of the program is a 500.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string

from . import request_ids
from .troubles import Trouble, is_odd_value, trouble_of

__all__ = ["bad_request", "error_page", "forbidden", "no_csrf", "server_error"]

LOG = logging.getLogger(__name__)

RETRY_AFTER = 120  # seconds: a restart is over by then
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
READ_METHODS = ("GET", "HEAD", "OPTIONS")

NOT_STORED = "刚才提交的没有存上，之前存好的都在，没有丢失。"
GO_BACK = "请按浏览器的“后退”回到刚才的页面，填写的内容一般还在：先复制一份留底，"


@dataclass(frozen=True, slots=True)
class Words:
    """A page: its title, what happened, and what helps whoever read or sent something."""

    title: str
    happened: str
    to_read: str = ""
    to_send: str = ""


BAD = Words(
    "请求有误",
    "浏览器发来的请求无法识别，没有作任何改动。",
    "请检查网址，或返回上一页再试。",
    f"{GO_BACK}再提交一次。",
)
CUT = Words(
    "内容没有传完",
    "网络中断，收到的内容不完整，所以一点也没有收下，之前存好的都在。",
    to_send=f"请检查网络。{GO_BACK}再提交一次；附件和图片要重新选择。",
)
PAGES: dict[int, Words] = {
    HTTPStatus.BAD_REQUEST: BAD,
    HTTPStatus.FORBIDDEN: Words(
        "不能打开这个页面",
        "这个页面不对外开放，或者您的登录已经过期、没有这项权限。什么都没有改动。",
        "是编辑部的人，请重新登录；仍然打不开，请找总编。",
        f"{GO_BACK}重新登录后再提交。",
    ),
    HTTPStatus.LENGTH_REQUIRED: Words(
        "没有收下",
        "浏览器或中间的网络设备没有说明内容有多长，无法确认是否收全，所以没有收下。",
        to_send=f"请换一个浏览器或网络。{GO_BACK}再提交一次。",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Words(
        "提交的内容太大",
        f"一次提交的文字、填写的项目或文件太多，服务器没有收。{NOT_STORED}",
        to_send=f"{GO_BACK}减少一些（长文分成几次，图片压缩后再传），再提交一次。",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Words(
        "试的次数太多",
        "密码试的次数太多，先停一停。什么都没有改动。",
        to_send="请向编辑部问清密码，过一小时再试。",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: Words(
        "网站出了故障",
        "这不是您的问题，是程序出了错，已经记录下来。已经出版和存好的内容都在，没有丢失。",
        "请过几分钟再试一次。",
        f"{NOT_STORED}{GO_BACK}过几分钟再提交一次。",
    ),
}
NO_CSRF = Words(
    "没有通过安全校验",
    f"页面打开得太久，登录换过，或者浏览器没有保存登录信息，没有通过安全校验。{NOT_STORED}",
    to_send=f"{GO_BACK}刷新页面后再提交一次。",
)
WAIT = "请过几分钟刷新本页。"
AGAIN = f"{GO_BACK}过几分钟再提交一次。"
TROUBLES: dict[Trouble, Words] = {
    Trouble.DATABASE_AWAY: Words(
        "网站暂时不能用",
        "网站的数据库正在维护或暂时连不上。已经出版和存好的内容都在，没有丢失。",
        WAIT,
        f"{NOT_STORED}{AGAIN}",
    ),
    Trouble.DATABASE_BUSY: Words(
        "网站这会儿太忙",
        "同时用网站的人太多，这一次没有等到。已经出版和存好的内容都在，没有丢失。",
        WAIT,
        f"{NOT_STORED}{AGAIN}",
    ),
    Trouble.DISK_FULL: Words(
        "服务器的磁盘满了",
        "服务器的磁盘满了，暂时什么都存不下；已经出版和存好的内容都在，没有丢失，可以照常阅读。",
        f"请告诉管理员。{WAIT}",
        f"{NOT_STORED}{GO_BACK}请告诉管理员，腾出地方后再提交一次。",
    ),
    Trouble.FILES_AWAY: Words(
        "图片和文件暂时取不到",
        "存放图片和文件的地方暂时连不上。文字和文件都在，没有丢失。",
        WAIT,
        f"{NOT_STORED}{AGAIN}",
    ),
}


def error_page(request: HttpRequest, status: int, *, cut: bool = False) -> HttpResponse:
    """Return the page of ``status``; ``cut`` says that the body did not come to its end."""
    return _answer(request, status, CUT if cut else PAGES[status])


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django calls a bad or suspicious request."""
    if isinstance(exception, TOO_BIG):
        return error_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    is_cut = isinstance(exception, UnreadablePostError)
    return error_page(request, HTTPStatus.BAD_REQUEST, cut=is_cut)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer who may not do what was asked."""
    return error_page(request, HTTPStatus.FORBIDDEN)


def no_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from a page of ours, or too late."""
    return _answer(request, HTTPStatus.FORBIDDEN, NO_CSRF)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that no view expected.

    503 for trouble of the machine, 400 for a value that cannot be, 500 for a fault of ours.
    """
    error = sys.exc_info()[1]
    if isinstance(error, UnreadablePostError):
        return error_page(request, HTTPStatus.BAD_REQUEST, cut=True)
    if trouble := trouble_of(error):
        response = _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, TROUBLES[trouble])
        response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
    if is_odd_value(error):
        LOG.warning("a value that no column can hold was asked for", exc_info=error)
        return error_page(request, HTTPStatus.BAD_REQUEST)
    return error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(request: HttpRequest, status: int, words: Words) -> HttpResponse:
    """Say it to a person in a page, to a program in JSON; nobody is to keep it."""
    helps = words.to_read if request.method in READ_METHODS else words.to_send or words.to_read
    number = request_ids.spoken() if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
    response: HttpResponse
    if _wants_json(request):
        detail = words.happened + helps + (f"（编号{number}）" if number else "")
        # RFC 9457 for programs; success and error_… are what scripts of the admin read.
        told = {
            **{"type": "about:blank", "title": words.title, "status": int(status)},
            **{"detail": detail, "success": False},
            **{"error_code": "refused", "error_message": detail},
        }
        response = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
        if request.path.startswith("/api/"):
            response.headers["Content-Type"] = "application/problem+json"
    else:
        context = {"words": words, "helps": helps, "number": number}
        response = HttpResponse(render_to_string("trouble.html", context), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _wants_json(request: HttpRequest) -> bool:
    if request.path.startswith("/api/v"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
