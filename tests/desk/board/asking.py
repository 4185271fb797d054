"""Ask the board as a browser would: as a whole page, or as its script does."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import ArticlePage
from issues.models import IssuePage

BY_SCRIPT = {"X-Board": "1"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def printed(issue: IssuePage) -> list[tuple[int, str]]:
    """Return folio and title of each article in print order."""
    return list(ArticlePage.objects.child_of(issue).in_print_order().values_list("folio", "title"))


def page_of(answer: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def board(client: Client, issue: IssuePage) -> BeautifulSoup:
    answer = client.get(reverse("desk_board", args=[issue.pk]))
    assert answer.status_code == 200, answer.status_code
    return page_of(answer)


def order_on(page: BeautifulSoup) -> str:
    return str(found(page, "[data-changing]")["data-order"])


def row_of(page: BeautifulSoup, article: ArticlePage) -> Tag:
    return found(page, f"[data-row='{article.pk}']")


def found(page: BeautifulSoup | Tag, selector: str) -> Tag:
    tag = page.select_one(selector)
    assert tag is not None, selector
    return tag


def fields_on(page: BeautifulSoup) -> dict[str, str]:
    """Return what the one form of all rows would post without a button."""
    data = {}
    for field in page.select("[form=board-form]"):
        if not field.get("name") or field.name == "button" or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            data[field["name"]] = chosen["value"] if chosen else field.option["value"]
        else:
            data[field["name"]] = field["value"]
    return data


def act(client: Client, issue: IssuePage, by_script: bool = True, **fields: Any) -> HttpResponse:
    headers = BY_SCRIPT if by_script else {}
    return client.post(reverse("desk_board_act", args=[issue.pk]), fields, headers=headers)


def told(answer: HttpResponse) -> str:
    """Return what the screen tells of how it went."""
    tag = page_of(answer).select_one("[data-told]")
    return tag.get_text(strip=True) if tag else ""
