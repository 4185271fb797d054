"""What must be mended keeps an issue from coming out: in what would be printed, nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import ArticlePage
from desk.models import BannedWord
from desk.proofreading.objecting import object_to_alarms
from desk.review.signing import sign_article
from issues.models import IssuePage
from issues.publishing import PublishingRefused, objectors, publish_issue
from newsroom.models import Imprint
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

BAD, GOOD = "残废人可以报名。", "残疾人可以报名。"


@pytest.fixture
def issue() -> IssuePage:
    BannedWord.objects.create(word="残废人", reason="应称残疾人")
    return make_issue()


def rewrite(article: ArticlePage, text: str) -> ArticlePage:
    latest = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    latest.body = [("paragraph", f"<p>{text}</p>")]
    latest.save_revision()
    return ArticlePage.objects.get(pk=article.pk)


def test_the_rule_is_asked_before_every_publication() -> None:
    assert object_to_alarms in objectors


def test_each_alarm_is_an_objection_that_leads_to_its_place(issue: IssuePage) -> None:
    article = make_article(issue, "招工", text=f"{BAD}\n{BAD}", signed=True)
    objections = list(object_to_alarms(issue))
    assert len(objections) == 2
    editor = reverse("wagtailadmin_pages:edit", args=[article.pk])
    for objection in objections:
        assert objection.reason.startswith("《招工》正文“残废人”")
        assert objection.url.startswith(f"{editor}#check-")
        assert not objection.waivable


def test_a_block_refuses_the_publication_and_a_warning_does_not(issue: IssuePage) -> None:
    article = make_article(issue, text=f"{BAD}请设计师设计设计。", signed=True)
    with pytest.raises(PublishingRefused) as refused:
        publish_issue(issue=issue, by=make_user("总编"))
    assert "残废人" in str(refused.value)
    assert "设计设计" not in str(refused.value)
    article = rewrite(article, f"{GOOD}请设计师设计设计。")
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=make_user("总编"))
    assert IssuePage.objects.get(pk=issue.pk).live


def test_what_stays_behind_is_not_asked_about(issue: IssuePage) -> None:
    make_article(issue, "定稿的", text=GOOD, signed=True)
    make_article(issue, "没写完的", text=BAD)
    assert list(object_to_alarms(issue)) == []


def test_the_signed_version_counts_and_not_a_newer_draft(issue: IssuePage) -> None:
    good_signed = make_article(issue, "好的", text=GOOD, signed=True)
    rewrite(good_signed, BAD)
    assert list(object_to_alarms(issue)) == []
    bad_signed = make_article(issue, "坏的", text=BAD, signed=True)
    rewrite(bad_signed, GOOD)
    (objection,) = object_to_alarms(issue)
    assert "《坏的》" in objection.reason
    assert "重新定稿即可" in objection.reason


def test_the_masthead_is_asked_about_too(issue: IssuePage) -> None:
    make_article(issue, text=GOOD, signed=True)
    Imprint.objects.update(permit_number="")
    (objection,) = object_to_alarms(issue)
    assert "准印证" in objection.reason
    assert objection.url == reverse("wagtailadmin_pages:edit", args=[issue.pk]) + "#id_imprint"


def test_the_publishing_screen_lists_them(issue: IssuePage, client: Client) -> None:
    make_article(issue, text=BAD, signed=True)
    client.force_login(make_user("总编"))
    page = client.get(reverse("issue_publish", args=[issue.pk])).content.decode()
    assert "残废人" in page
