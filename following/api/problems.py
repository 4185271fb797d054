"""Say what went wrong, to a program and to whoever wrote it (RFC 9457), in Chinese."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "没有找到",
    HTTPStatus.METHOD_NOT_ALLOWED: "不能这样请求",
    HTTPStatus.UNPROCESSABLE_ENTITY: "参数填错了",
    HTTPStatus.TOO_MANY_REQUESTS: "请求太多",
    HTTPStatus.SERVICE_UNAVAILABLE: "暂时没有",
}
# By the types of pydantic's errors, with what it tells of the limit.
FAULTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda told: "必须填写。",
    "int_parsing": lambda told: "要填整数。",
    "int_parsing_size": lambda told: "数字太大。",
    "greater_than_equal": lambda told: f"不能小于{told['ge']}。",
    "less_than_equal": lambda told: f"不能大于{told['le']}。",
    "string_too_short": lambda told: f"至少要{told['min_length']}个字。",
    "string_too_long": lambda told: f"最多{told['max_length']}个字。",
    "string_pattern_mismatch": lambda told: "只能有字母、数字和短横。",
    "value_error": lambda told: str(told["error"]),
}
BY_BEGINNING = {
    "date_": "要填日期，如2022-08-02。",
    "datetime_": "要填时间，如2022-08-02T09:00:00。",
}


def problem(
    status: HTTPStatus, detail: str, *, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Return the answer of ``status``; nobody is to keep it."""
    told = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if errors:
        told["errors"] = errors
    return HttpResponse(
        json.dumps(told, ensure_ascii=False),
        status=status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def not_found(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """Answer 404, in the words of ``error`` where it is one of ours."""
    said = str(error.args[0]) if error is not None and error.args else ""
    return problem(HTTPStatus.NOT_FOUND, said or "没有这个接口。接口的说明在 /api/ 。")


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer 422, and say of each parameter what is wrong with it."""
    errors = [{"parameter": str(e["loc"][-1]), "detail": _fault(e)} for e in error.errors]
    detail = "".join(f"{each['parameter']}{each['detail']}" for each in errors)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def _fault(error: dict[str, Any]) -> str:
    if say := FAULTS.get(error["type"]):
        return say(error.get("ctx", {}))
    said = (said for start, said in BY_BEGINNING.items() if error["type"].startswith(start))
    return next(said, "填得不对。")


def explain(api: NinjaAPI) -> None:
    """Have ``api`` answer its errors so."""
    api.add_exception_handler(Http404, not_found)  # type: ignore[arg-type]  # instances come
    api.add_exception_handler(ValidationError, invalid)  # type: ignore[arg-type]
