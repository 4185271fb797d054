"""The screen on which those who sign choose the rules and how grave each is."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from desk.models import ProofreadingSettings
from desk.proofreading.house_lists import house_on
from desk.proofreading.report import report
from desk.proofreading.rules import GROUPS, RULES
from issues.publishing import PublishingRefused, publish_issue
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

SETTINGS = reverse("wagtailsettings:edit", args=["desk", "proofreadingsettings"])


@pytest.fixture(autouse=True)
def paper() -> None:
    cache.clear()


def open_screen(client: Client, role: str):
    client.force_login(make_user(role))
    return client.get(SETTINGS, follow=True)


def save(client: Client, page, **levels: str):
    sent = {"internal": "on", "own_name": "none"}
    sent |= {f"levels-{code.replace('_', '-')}": level for code, level in levels.items()}
    return client.post(page.redirect_chain[-1][0], sent)


def stored() -> dict[str, str]:
    return ProofreadingSettings.objects.get().levels


@pytest.mark.parametrize("role", ["责任编辑", "总编"])
def test_every_rule_is_told_with_its_code_advice_and_level(role: str, client: Client) -> None:
    page = open_screen(client, role).content.decode()
    for heading, rules in GROUPS:
        assert heading in page
        for rule in rules:
            assert f'name="levels-{rule.code}"' in page
            assert f"照常：{rule.level.label}" in page
            assert rule.advice in page
    assert page.count('class="rules__level"') == len(RULES)


def test_who_only_edits_sees_and_changes_nothing(client: Client) -> None:
    client.force_login(make_user("编辑"))
    ProofreadingSettings.objects.create()
    where = reverse(
        "wagtailsettings:edit",
        args=["desk", "proofreadingsettings", ProofreadingSettings.objects.get().pk],
    )
    assert client.get(SETTINGS).status_code == 302
    assert client.post(where, {"own_name": "none", "levels-no-alt": "off"}).status_code == 302
    assert stored() == {}


def test_a_level_is_changed_taken_back_and_switched_off(client: Client) -> None:
    page = open_screen(client, "总编")
    save(client, page, no_alt="block", amount="off", no_headline="block", no_byline="")
    assert stored() == {"no-alt": "block", "amount": "off"}  # no-headline blocks by itself
    again = client.get(page.redirect_chain[-1][0]).content.decode()
    assert again.count("rules__row--changed") == 2
    save(client, page, no_alt="", amount="")
    assert stored() == {}


def test_what_changed_is_in_the_log(client: Client) -> None:
    page = open_screen(client, "总编")
    save(client, page, no_alt="block")
    save(client, page, no_alt="block")
    save(client, page, no_alt="off")
    told = [entry.message for entry in ModelLogEntry.objects.filter(action="desk.rules")]
    assert sorted(told) == [
        "改了校对规则（图片缺替代文字：必须改→不查）",
        "改了校对规则（图片缺替代文字：请核对→必须改）",
    ]


@pytest.mark.parametrize(
    ("code", "level"),
    [("no-such-rule", "block"), ("no-alt", "gravest"), ("no-alt", "x" * 9999), ("", "off")],
)
def test_what_is_no_rule_or_level_is_refused(code: str, level: str, client: Client) -> None:
    page = open_screen(client, "总编")
    answer = save(client, page, **{code: level})
    assert "没有保存" in answer.content.decode()
    assert stored() == {}


def test_a_form_that_tells_of_no_rule_leaves_them_alone(client: Client) -> None:
    page = open_screen(client, "总编")
    save(client, page, no_alt="block")
    save(client, page)
    assert stored() == {"no-alt": "block"}


def test_the_level_chosen_is_the_level_in_force(client: Client) -> None:
    issue = make_issue()
    make_article(issue, text="请设计师设计设计新的标志。", signed=True)
    page = open_screen(client, "总编")
    save(client, page, doubled_word="block")
    assert [s.alarm.code for s in report(issue).blocks] == ["doubled-word"]
    with pytest.raises(PublishingRefused, match="设计设计"):
        publish_issue(issue=issue, by=None)
    save(client, page, doubled_word="off")
    assert "doubled-word" not in {s.alarm.code for s in report(issue).standings}


def test_a_rule_that_is_no_more_does_no_harm() -> None:
    ProofreadingSettings.objects.create(levels={"gone": "off", "no-alt": "gravest"})
    house = house_on(date(2026, 8, 4))
    assert (house.switched_off, house.levels) == ({"gone"}, ())
