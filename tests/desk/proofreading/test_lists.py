"""The house's lists: what they take in, who keeps them, how they come in and go out."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from desk.models import BannedWord, Leader, ProofreadingSettings, WordRule
from desk.proofreading.alarms import Level
from desk.proofreading.house_lists import house_on
from desk.proofreading.keeping import KeepingRefused, add_word_rules
from desk.proofreading.lists import State, read_pasted
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LISTS = ["wordrule", "bannedword", "leader"]
DAY = date(2022, 8, 9)


def rule(wrong: str, right: str) -> WordRule:
    made = WordRule(wrong=wrong, right=right)
    made.full_clean()
    made.save()
    return made


def login(client: Client, role: str) -> Client:
    client.force_login(make_user(role))
    return client


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("", "一本账", "错词里没有字"),
        ("\u200b \t", "一本账", "错词里没有字"),
        ("一本帐", " ", "正词里没有字"),
        ("一本帐", "一本帐", "一样"),
        (" 一本帐", "一本帐 ", "一样"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(wrong: str, right: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        WordRule(wrong=wrong, right=right).full_clean(exclude=["wrong", "right"])


def test_a_wrong_word_stands_in_the_table_once() -> None:
    rule("一本帐", "一本账")
    with pytest.raises(ValidationError, match="已经在表里"):
        WordRule(wrong="一本帐", right="一笔账").full_clean()


def test_rules_that_go_in_a_circle_are_refused() -> None:
    rule("甲", "乙")
    rule("乙", "丙")
    for wrong, right in (("乙", "甲"), ("丙", "甲")):
        with pytest.raises(ValidationError, match="绕成了圈"):
            WordRule(wrong=wrong, right=right).full_clean(exclude=["wrong"])


def test_a_rule_may_be_saved_again_and_lead_on_to_another() -> None:
    rule("甲", "乙").full_clean()
    rule("丁", "甲")


def test_leaders_are_those_in_office_that_day_in_their_order() -> None:
    Leader.objects.create(name="张三", post="主席", rank=2)
    Leader.objects.create(name="李四", post="书记", rank=1, until=date(2022, 8, 9))
    Leader.objects.create(name="王五", post="书记", rank=1, since=date(2022, 8, 10))
    assert [(p.name, p.rank) for p in house_on(DAY).people] == [("李四", 1), ("张三", 2)]
    assert [p.name for p in house_on(date(2022, 8, 10)).people] == ["王五", "张三"]


def test_a_leader_does_not_leave_before_coming() -> None:
    with pytest.raises(ValidationError, match="早于"):
        Leader(name="张三", post="主席", since=DAY, until=date(2022, 8, 8)).full_clean()


def test_the_house_has_what_the_editors_keep() -> None:
    rule("一本帐", "一本账")
    BannedWord.objects.create(word="残废人", reason="应称残疾人")
    ProofreadingSettings.objects.create(
        internal=False, own_name="本刊", levels={"doubled-word": "off", "no-alt": "block"}
    )
    house = house_on(DAY)
    assert house.corrections == (("一本帐", "一本账"),)
    assert house.banned == (("残废人", "应称残疾人"),)
    assert (house.internal, house.own_name) == (False, "本刊")
    assert house.switched_off == {"doubled-word"}
    assert house.levels == (("no-alt", Level.BLOCK),)


def test_reading_the_rules_writes_no_settings() -> None:
    house_on(DAY)
    assert not ProofreadingSettings.objects.exists()


# Many at once


def states(text: str, **rules: str) -> list[State]:
    return [pasted.state for pasted in read_pasted(text, rules)]


@pytest.mark.parametrize("arrow", ["→", " → ", "->", "=>", "——>", "\t", "⇒"])
def test_a_line_may_be_written_in_several_ways(arrow: str) -> None:
    (pasted,) = read_pasted(f"一本帐{arrow}一本账", {})
    assert (pasted.wrong, pasted.right, pasted.state) == ("一本帐", "一本账", State.NEW)


def test_each_pasted_line_is_judged_by_the_table_and_the_lines_above() -> None:
    text = "一本帐→一本账\n\n一本帐→一本账\n一本帐→一笔账\n旧→新\n旧→别的\n没有箭头\n同→同\n新→旧"
    assert states(text, 旧="新") == [
        State.NEW,
        State.DOUBLED,
        State.CONFLICT,
        State.KNOWN,
        State.CONFLICT,
        State.UNREADABLE,
        State.CONFLICT,
        State.CONFLICT,
    ]


def test_a_circle_within_the_pasted_lines_is_seen() -> None:
    assert states("甲→乙\n乙→丙\n丙→甲") == [State.NEW, State.NEW, State.CONFLICT]


def test_what_was_pasted_is_taken_in_once() -> None:
    editor = make_user("责任编辑")
    text = "一本帐→一本账\n名列前矛→名列前茅\n名列前矛→名列前茅\n乱写"
    assert [str(r) for r in add_word_rules(text=text, by=editor)] == [
        "一本帐→一本账",
        "名列前矛→名列前茅",
    ]
    assert add_word_rules(text=text, by=editor) == []
    assert WordRule.objects.count() == 2


def test_who_may_not_keep_the_table_pastes_nothing() -> None:
    with pytest.raises(KeepingRefused, match="权限"):
        add_word_rules(text="一本帐→一本账", by=make_user("编辑"))
    assert not WordRule.objects.exists()


def test_too_long_a_list_is_refused_whole() -> None:
    text = "\n".join(f"错{n}→对{n}" for n in range(2001))
    with pytest.raises(KeepingRefused, match="2000"):
        add_word_rules(text=text, by=make_user("总编"))
    assert not WordRule.objects.exists()


def test_the_screen_shows_what_would_happen_before_it_does(client: Client) -> None:
    rule("旧", "新")
    login(client, "责任编辑")
    text = "一本帐→一本账\n旧→别的\n帐→账\n<script>→x"
    address = reverse("desk_paste_words")
    page = client.post(address, {"text": text, "act": "preview"}).content.decode()
    assert "收下新增的3条" in page
    assert "要改请去改那一条" in page
    assert "只有一个字" in page
    assert "<script>→" not in page
    assert WordRule.objects.count() == 1
    assert client.post(address, {"text": text, "act": "add"}).status_code == 302
    assert set(WordRule.objects.values_list("wrong", flat=True)) == {
        "旧",
        "一本帐",
        "帐",
        "<script>",
    }


@pytest.mark.parametrize(
    "text",
    ["", "\x00→\x00", "→", "→→→", "甲\x00→乙", "a" * 10_000, "甲→" + "乙" * 10_000, "\ud800→x"],
)
def test_nothing_that_is_pasted_breaks_the_screen(text: str, client: Client) -> None:
    login(client, "总编")
    for act in ("preview", "add", "", "\x00"):
        answer = client.post(
            reverse("desk_paste_words"), {"text": text.encode("utf-8", "replace"), "act": act}
        )
        assert answer.status_code in (200, 302, 400, 413)


# The admin


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize(
    ("role", "reads", "keeps"),
    [("编辑", True, False), ("责任编辑", True, True), ("总编", True, True), ("", False, False)],
)
def test_who_reads_and_who_keeps_the_lists(
    model: str, role: str, reads: bool, keeps: bool, client: Client
) -> None:
    login(client, role)
    assert (client.get(reverse(f"{model}:index")).status_code == 200) is reads
    assert (client.get(reverse(f"{model}:add")).status_code == 200) is keeps
    paste = client.get(reverse("desk_paste_words"))
    assert (paste.status_code == 200) is keeps


def test_nobody_logged_out_sees_a_list(client: Client) -> None:
    for name in (*(f"{model}:index" for model in LISTS), "desk_paste_words"):
        assert client.get(reverse(name)).status_code == 302


def test_a_new_leader_comes_last(client: Client) -> None:
    login(client, "总编")
    for name in ("李四", "张三"):
        client.post(reverse("leader:add"), {"name": name, "post": "主席"})
    assert list(Leader.objects.values_list("name", flat=True)) == ["李四", "张三"]


def test_a_word_of_one_character_is_saved_with_a_warning(client: Client) -> None:
    login(client, "总编")
    answer = client.post(
        reverse("wordrule:add"), {"wrong": "帐", "right": "账", "remark": ""}, follow=True
    )
    assert "只有一个字" in answer.content.decode()
    assert WordRule.objects.get().wrong == "帐"


def test_the_list_is_searched(client: Client) -> None:
    rule("一本帐", "一本账")
    rule("名列前矛", "名列前茅")
    login(client, "编辑")
    page = client.get(reverse("wordrule:index"), {"q": "前茅"}).content.decode()
    assert "名列前矛" in page
    assert "一本帐" not in page


def test_what_goes_out_is_nothing_a_spreadsheet_executes(client: Client) -> None:
    rule("=cmd|' /C calc'!A0", "＝SUM(A1)")
    login(client, "编辑")
    answer = client.get(reverse("wordrule:index"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [["错词", "正词", "说明"], ["'=cmd|' /C calc'!A0", "'＝SUM(A1)", ""]]


def test_what_went_out_can_be_pasted_back_in(client: Client) -> None:
    rule("一本帐", "一本账")
    login(client, "总编")
    answer = client.get(reverse("wordrule:index"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert states(text) == [State.NEW]
    assert client.get(reverse("wordrule:index"), {"export": "xlsx"}).status_code == 200
