"""The issue as JSON: there and back, as its schema says, and nothing that is not for readers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from interchange import json_schema
from interchange.for_readers import for_readers
from interchange.readers.plain_json import JsonRefused, read_plain_json
from interchange.schema import Article, Correction, Imprint, Issue, Paragraph, SchemaError
from interchange.writers.plain_json import write_plain_json
from tests.interchange.written import RICH, SAMPLE, SECRET, many

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "issue.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text("utf-8"))
ISSUES = pytest.mark.parametrize(
    "issue", [SAMPLE, RICH, many(40)], ids=["sample", "everything", "40 articles"]
)


def test_the_published_schema_is_that_of_the_code() -> None:
    told = SCHEMA_FILE.read_text("utf-8")
    assert told == json_schema.render(), (
        "python -m interchange.json_schema > docs/issue.schema.json"
    )


def test_the_published_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@ISSUES
def test_what_is_written_keeps_to_the_schema(issue: Issue) -> None:
    for for_editors in (False, True):
        told = json.loads(write_plain_json(issue, for_editors=for_editors))
        assert list(Draft202012Validator(SCHEMA).iter_errors(told)) == []


@ISSUES
def test_there_and_back_nothing_is_lost(issue: Issue) -> None:
    written = write_plain_json(issue, for_editors=True)
    assert read_plain_json(written) == issue
    assert write_plain_json(read_plain_json(written), for_editors=True) == written


def test_readers_are_not_told_what_is_the_newsrooms_own() -> None:
    assert SECRET.encode() in write_plain_json(RICH, for_editors=True)
    told = write_plain_json(RICH)
    assert SECRET.encode() not in told
    assert read_plain_json(told) == for_readers(RICH)


def test_keys_stand_in_the_order_of_the_fields_and_defaults_are_left_out() -> None:
    told = json.loads(write_plain_json(SAMPLE))
    assert list(told) == [
        *("format", "number", "date", "lunar_date", "responsible_editor", "imprint", "articles")
    ]
    assert list(told["articles"][1]) == ["number", "title", "bylines", "body"]
    assert told["articles"][1]["body"][2] == {
        "kind": "crosshead",
        "text": "“供”上多突破 入托有多种方式可选",
    }


def test_what_no_folder_could_hold_is_not_written() -> None:
    with pytest.raises(SchemaError):
        write_plain_json(replace(SAMPLE, number=0))


# What is refused, by the reader with its place, and by the schema


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(write_plain_json(RICH, for_editors=True))
    change(told)
    return told


def setting(value: object, *path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(told: Any) -> None:
        for step in path[:-1]:
            told = told[step]
        told[path[-1]] = value

    return change


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another format": (setting("paper-issue/2", "format"), "format"),
    "no date": (lambda told: told.pop("date"), "date：缺少这一项"),
    "not a date": (setting("2026-1-2", "date"), "date：应是一个日期"),
    "a number as text": (setting("7", "number"), "number：应是一个整数"),
    "yes for a number": (setting(True, "number"), "number：应是一个整数"),
    "a fraction": (setting(7.5, "number"), "number：应是一个整数"),
    "zero": (setting(0, "number"), "number：0不在1到99999之间"),
    "null": (setting(None, "lunar_date"), "lunar_date：应是一段文字"),
    "an unknown key": (setting(1, "articles", 0, "colour"), r"articles\[0\]\.colour：不认识的项"),
    "a list for an object": (setting([], "imprint"), "imprint：应是一个对象"),
    "an object for a list": (setting({}, "articles"), "articles：应是一个列表"),
    "no kind": (lambda told: told["articles"][0]["body"][0].pop("kind"), r"body\[0\]\.kind：应是"),
    "an unknown kind": (setting("video", "articles", 0, "body", 0, "kind"), "kind：应是其中之一"),
    "a kind that is a list": (setting([], "articles", 0, "body", 0, "kind"), "kind：应是其中之一"),
    "an unknown role": (setting("king", "articles", 0, "bylines", 0, "role"), "role：“king”不在"),
    "a path for a picture": (
        setting("../a.png", "articles", 0, "body", 0, "file"),
        "不能作图片文件名",
    ),
    "a script for a link": (
        setting("javascript:alert(1)", "articles", 0, "body", 1, "runs", 0, "href"),
        "链接“javascript",
    ),
    "an empty title": (setting(" ", "articles", 0, "title"), "title：不能为空"),
    "two lines in one": (setting("甲\n", "articles", 0, "title"), "title：只能有一行"),
    "a NUL": (setting("甲\0", "articles", 0, "title"), "title：含有不能保存的控制字符"),
    "too long": (setting("长" * 256, "articles", 0, "title"), "title：有256个字"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_a_rule_is_refused_with_its_place_and_by_the_schema(name: str) -> None:
    change, reason = WRONG[name]
    told = changed(change)
    with pytest.raises(JsonRefused, match=reason):
        read_plain_json(json.dumps(told).encode())
    assert not Draft202012Validator(SCHEMA).is_valid(told)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "第1行不合 JSON"),
        (b"[]", "format"),
        (b"null", "format"),
        (b"\xff\xfe{}", "UTF-8"),
        ("\ufeff{}".encode(), "JSON|UTF-8"),
        (b"[" * 1_000_000, "嵌套太深"),
        (b'{"format": 1, "format": 2}', "两次“format”"),
        (b'{"format": NaN}', "NaN"),
        (b'{"format": ' + b"9" * 5_000 + b"}", "读不了的数"),
        (b" " * 20_000_001, "太大"),
        (b'{"format": "paper-issue/1"}', "缺少这一项"),
    ],
)
def test_what_is_no_issue_is_refused_fast(data: bytes, reason: str) -> None:
    with pytest.raises(JsonRefused, match=reason):
        read_plain_json(data)


def test_half_a_character_is_refused() -> None:
    told = write_plain_json(SAMPLE).replace("侯英帅".encode(), b"\\ud800")
    with pytest.raises(JsonRefused, match="U\\+D800"):
        read_plain_json(told)


def test_the_schema_describes_every_field() -> None:
    described = {"Issue": SCHEMA, **SCHEMA["$defs"]}
    for cls in (Issue, Imprint, Article, Correction, Paragraph):
        besides = {Issue: {"format"}, Paragraph: {"kind"}}.get(cls, set())
        names = {field.name for field in fields(cls)} | besides
        assert set(described[cls.__name__]["properties"]) == names
