"""`manage.py check` fails where a page class breaks a rule of the house."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from articles.models import ArticlePage
from newsroom import checks
from newsroom.checks import page_classes_declare_their_place
from newsroom.pages import PaperPage


def found(monkeypatch: pytest.MonkeyPatch, *models: type) -> list[tuple[str, str]]:
    """Return what the check says of ``models``; they are no real models and need no table."""
    monkeypatch.setattr(checks, "get_page_models", lambda: [Page, *models])
    return [(error.id, error.msg) for error in page_classes_declare_their_place(None)]


class Declared(PaperPage):
    """A page class by the rules, but abstract: it must not enter the database."""

    parent_page_types: list[str] = []
    subpage_types: list[str] = []
    view = "articles.views.read"
    doors = ArticlePage.doors

    class Meta:
        abstract = True


class Inheriting(Declared):
    """One that says nothing of its own."""

    class Meta:
        abstract = True


class PlainPage(Page):
    """One that Wagtail's own doors would stand open on."""

    parent_page_types: list[str] = []
    subpage_types: list[str] = []
    view = "articles.views.read"
    doors = ArticlePage.doors

    class Meta:
        abstract = True


def test_our_own_page_classes_keep_the_rules() -> None:
    assert page_classes_declare_their_place(None) == []


def test_a_class_that_declares_everything_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, Declared) == []


def test_a_class_that_only_inherits_its_place_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    said = found(monkeypatch, Inheriting)

    assert [identity for identity, _ in said] == ["newsroom.E001"] * 4
    for name in ("parent_page_types", "subpage_types", "view", "doors"):
        assert f"Inheriting does not declare {name}." in [message for _, message in said]


def test_a_class_beside_paper_page_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, PlainPage) == [("newsroom.E002", "PlainPage is no PaperPage.")]
