"""Refusals of the review that must be told, and times that must not come back."""

import datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Workflow

from articles.models import ArticlePage
from desk.models import ReviewTask
from desk.review.signing import SigningRefused, sign_article
from desk.viewsets import article_viewset
from issues.models import IssuePage
from issues.publishing import (
    PublishingRefused,
    publish_due,
    publish_issue,
    schedule_issue,
    unpublish_issue,
)
from issues.viewsets import issue_viewset
from newsroom.imprints import amend
from newsroom.models import Imprint
from tests import forms
from tests.factories import (
    make_article,
    make_issue,
    make_public_issue,
    make_user,
)


@pytest.mark.parametrize(
    "body",
    [
        [("paragraph", "<p>正文。</p>"), ("crosshead", "")],
        [("paragraph", "<p>正文。</p>"), ("quote", {"text": "", "source": ""})],
    ],
)
def test_copy_with_an_empty_block_is_not_signed(db, body):
    article = make_article(make_issue(), body=body)
    with pytest.raises(SigningRefused):
        sign_article(article=article, revision=article.get_latest_revision(), by=None)
    assert not ArticlePage.objects.get().live


def test_a_byline_without_a_name_is_not_signed(db):
    article = make_article(make_issue(), names=("",))
    with pytest.raises(SigningRefused):
        sign_article(article=article, revision=article.get_latest_revision(), by=None)


def test_a_review_without_any_step_is_told_and_signs_nothing(db, client: Client):
    ReviewTask.objects.update(active=False)
    assert Workflow.objects.filter(active=True).exists()
    article = make_article(make_issue())
    client.force_login(make_user("编辑"))
    form = forms.edit_form(client, article)
    answer = client.post(forms.edit_url(article), {**form, "action-submit": "1"}, follow=True)
    assert answer.status_code == 200
    assert "还没有人审过这篇稿件" in answer.content.decode()
    assert not ArticlePage.objects.get().live
    assert not ArticlePage.objects.get().workflow_in_progress


def test_an_older_version_that_cannot_be_handed_in_is_not_saved_either(db, client: Client):
    ReviewTask.objects.update(active=False)
    article = make_article(make_issue())
    article.save_revision()
    client.force_login(make_user("编辑"))
    form = forms.edit_form(client, article)
    older = article.revisions.earliest("pk")
    answer = client.post(
        reverse("wagtailadmin_pages:revisions_revert", args=[article.pk, older.pk]),
        {**form, "action-submit": "1"},
        follow=True,
    )
    assert "还没有人审过这篇稿件" in answer.content.decode()
    assert article.revisions.count() == 2


@pytest.mark.parametrize("viewset", [article_viewset, issue_viewset])
def test_bringing_back_an_older_version_holds_the_page_as_editing_does(viewset):
    """Wagtail's own view writes every column of a row that may have been signed meanwhile."""
    assert issubclass(viewset.revisions_revert_view_class, viewset.edit_view_class)


def test_an_issue_taken_down_is_not_brought_back_by_its_old_time(db):
    chief = make_user("总编")
    issue = make_public_issue()
    unpublish_issue(issue=issue, by=chief)
    schedule_issue(issue=issue, by=chief, at=timezone.now() + datetime.timedelta(hours=1))
    IssuePage.objects.get().get_latest_revision().publish()  # the admin, by Wagtail's own door
    unpublish_issue(issue=IssuePage.objects.get(), by=chief)
    assert publish_due(at=timezone.now() + datetime.timedelta(hours=2)) == []
    assert not IssuePage.objects.get().live


def test_a_masthead_that_changed_after_it_was_seen_is_not_published_unread(db):
    issue = make_issue()
    make_article(issue, signed=True)
    seen = issue.get_latest_revision()
    IssuePage.objects.get().save_revision()
    with pytest.raises(PublishingRefused, match="刊头又有人改过"):
        publish_issue(issue=issue, by=make_user("总编"), seen=seen.pk)
    assert not IssuePage.objects.get().live


def test_what_goes_wrong_with_one_issue_does_not_stop_the_others(db, monkeypatch):
    chief = make_user("总编")
    issues = [make_issue(number) for number in (451, 452)]
    for issue in issues:
        make_article(issue, signed=True)
        schedule_issue(issue=issue, by=chief, at=timezone.now() + datetime.timedelta(hours=1))
    sound = IssuePage.full_clean

    def breaks(self, *args, **kwargs):
        if self.number == 451:
            raise RuntimeError("a fault")
        return sound(self, *args, **kwargs)

    monkeypatch.setattr(IssuePage, "full_clean", breaks)
    outcome = dict(publish_due(at=timezone.now() + datetime.timedelta(hours=2)))
    assert {issue.number: bool(against) for issue, against in outcome.items()} == {
        451: True,
        452: False,
    }
    assert list(IssuePage.objects.live().values_list("number", flat=True)) == [452]


def test_an_issue_in_the_making_follows_the_changed_imprint(db):
    out, making = make_public_issue(451), make_issue(452)
    imprint = Imprint.objects.get()
    printed = imprint.permit_number
    imprint.permit_number = "新号"
    amend(imprint=imprint, since=out.date + datetime.timedelta(days=1))
    assert IssuePage.objects.get(pk=out.pk).imprint.permit_number == printed
    making = IssuePage.objects.get(pk=making.pk)
    assert making.imprint.permit_number == "新号"
    assert making.get_latest_revision_as_object().imprint.permit_number == "新号"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("kind", ["issue", "article"])
def test_a_save_holds_the_page_from_reading_to_writing(client: Client, kind):
    issue = make_issue()
    page = make_article(issue) if kind == "article" else issue
    client.force_login(make_user("总编"))
    form = forms.edit_form(client, page)
    held: list[bool] = []

    def look(request, page):
        if request.method == "POST":
            held.append(connection.in_atomic_block)

    with hooks.register_temporarily("before_edit_page", look):
        client.post(forms.edit_url(page), form)
    assert held == [True]
    assert not transaction.get_connection().in_atomic_block
