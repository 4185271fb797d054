"""An article's number is its address: given once, never again, and it follows nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from wagtail.models import Page

from articles.models import ArticlePage
from issues.models import ArticleCounter, IssuePage
from tests import forms
from tests.factories import make_article, make_issue, make_user
from tests.own_process import play

AT_ONCE = 8


@pytest.fixture
def issue(db: None) -> IssuePage:
    return make_issue(451)


def test_articles_are_numbered_from_one_in_each_issue(issue: IssuePage) -> None:
    other = make_issue(452)

    numbers = [make_article(where).number for where in (issue, issue, other, issue)]

    assert numbers == [1, 2, 1, 3]


def test_the_number_is_the_address(issue: IssuePage) -> None:
    make_article(issue)
    article = make_article(issue)

    assert (article.slug, article.url_path.split("/")[-3:]) == ("2", ["451", "2", ""])


def test_a_number_is_not_given_again_after_its_article_was_deleted(issue: IssuePage) -> None:
    make_article(issue)
    make_article(issue).delete()
    assert make_article(issue).number == 3

    for article in ArticlePage.objects.child_of(issue):
        article.delete()
    assert make_article(issue).number == 4


def test_a_number_set_beforehand_is_kept_and_the_next_one_follows_it(issue: IssuePage) -> None:
    assert make_article(issue, number=7).number == 7
    assert make_article(issue).number == 8
    assert make_article(issue, number=3).number == 3
    assert make_article(issue).number == 9


def test_a_changed_title_leaves_number_and_address_alone(issue: IssuePage, client: Client) -> None:
    article = make_article(issue)
    client.force_login(make_user("编辑"))
    smuggled = {"title": "全新的标题", "slug": "evil", "number": "9"}

    client.post(forms.edit_url(article), {**forms.edit_form(client, article), **smuggled})

    article = ArticlePage.objects.get(pk=article.pk)
    assert (article.title, article.number, article.slug) == ("全新的标题", 1, "1")


def test_the_database_itself_refuses_a_number_given_twice(issue: IssuePage) -> None:
    make_article(issue)
    other = make_article(issue)

    with pytest.raises(IntegrityError), transaction.atomic():
        ArticlePage.objects.filter(pk=other.pk).update(number=1)


def test_the_counter_goes_with_its_issue(issue: IssuePage) -> None:
    make_article(issue)
    Page.objects.get(pk=issue.pk).delete()

    assert not ArticlePage.objects.exists()
    assert not ArticleCounter.objects.exists()


def create_at_once(issue: IssuePage) -> list[str]:
    """Have several threads put an article into ``issue`` at the same moment; return the errors."""
    gate = threading.Barrier(AT_ONCE)
    errors: list[str] = []

    def create() -> None:
        try:
            mine = IssuePage.objects.get(pk=issue.pk)
            gate.wait(timeout=30)
            mine.add_child(instance=ArticlePage(title="同时", live=False, body=[]))
        except Exception as error:
            errors.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=create) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def check_all_in(issue: IssuePage) -> None:
    articles = ArticlePage.objects.child_of(issue)
    assert sorted(articles.values_list("number", flat=True)) == list(range(1, AT_ONCE + 1))
    assert len(set(articles.values_list("path", flat=True))) == AT_ONCE
    assert IssuePage.objects.get(pk=issue.pk).numchild == AT_ONCE
    assert not any(Page.find_problems())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_articles_created_at_the_same_moment_get_different_numbers(tmp_path: Path) -> None:
    play(issue_at_once, tmp_path)


def issue_at_once() -> None:
    issue = make_issue(451)
    assert create_at_once(issue) == []
    check_all_in(issue)
