"""The index says what stands in the articles, whatever is done to them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, TestCase
from django.urls import reverse
from wagtail.search.models import IndexEntry

from articles.models import ArticlePage, Byline, Correction
from desk.review.signing import recall_article, sign_article
from issues.correcting import Wording, add_correction, remove_correction
from issues.models import IssuePage
from issues.placing import place, transfer
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import reinstate_article, withdraw_article
from newsroom.models import Contributor, Section
from tests.factories import make_article, make_issue, make_user


def checked(*options: str) -> str:
    """Return what the check says; it must not have found anything wrong."""
    said = StringIO()
    call_command("check_search", *options, stdout=said)
    return said.getvalue()


def found(words: str) -> bool:
    return ArticlePage.objects.published().search(words).count() > 0


class KeepingTest(TestCase):
    """One article, from its draft on."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.issue = make_issue(450)
        cls.article = make_article(cls.issue, "托育", text="入园更方便", names=("欧阳甲",))

    def tearDown(self) -> None:
        checked()

    def sign(self) -> None:
        article = ArticlePage.objects.get(pk=self.article.pk)
        sign_article(article=article, revision=article.get_latest_revision(), by=None)

    def publish(self) -> None:
        self.sign()
        publish_issue(issue=IssuePage.objects.get(pk=self.issue.pk), by=None)

    def test_a_draft_is_indexed_and_not_found_by_readers(self) -> None:
        assert ArticlePage.objects.search("入园").count() == 1
        assert not found("入园")

    def test_signing_and_publishing_bring_it_in(self) -> None:
        self.sign()
        assert not found("入园")
        publish_issue(issue=IssuePage.objects.get(pk=self.issue.pk), by=None)
        assert found("入园")
        assert found("欧阳甲")

    def test_unpublishing_and_recalling_take_it_out(self) -> None:
        self.publish()
        unpublish_issue(issue=IssuePage.objects.get(pk=self.issue.pk), by=make_user("总编"))
        assert not found("入园")
        recall_article(article=ArticlePage.objects.get(pk=self.article.pk), by=None)
        assert not found("入园")

    def test_withdrawing_takes_it_out_and_reinstating_brings_it_back(self) -> None:
        self.publish()
        article = ArticlePage.objects.get(pk=self.article.pk)
        withdraw_article(article=article, reason="有误", by=None)
        assert not found("入园")
        checked()
        reinstate_article(article=ArticlePage.objects.get(pk=self.article.pk), by=None)
        assert found("入园")

    def test_a_new_version_is_found_when_it_is_signed_and_not_before(self) -> None:
        self.publish()
        draft = ArticlePage.objects.get(pk=self.article.pk).get_latest_revision_as_object()
        draft.title, draft.body = "象棋", [("paragraph", "<p>开赛</p>")]
        draft.bylines.set([Byline(name="司马乙", sort_order=0)])
        draft.save_revision()

        for words in ("入园", "托育", "欧阳甲"):
            assert found(words), words
        for words in ("象棋", "开赛", "司马乙"):
            assert not found(words), words
        checked()
        self.sign()
        for words in ("入园", "托育", "欧阳甲"):
            assert not found(words), words
        for words in ("象棋", "开赛", "司马乙"):
            assert found(words), words

    def test_names_do_not_lag_a_save_behind(self) -> None:
        article = ArticlePage.objects.get(pk=self.article.pk)
        article.bylines.set([Byline(name="司马乙", sort_order=0)])
        article.save()

        assert ArticlePage.objects.search("司马乙").count() == 1
        assert ArticlePage.objects.search("欧阳甲").count() == 0

    def test_saving_some_columns_does_not_index_the_draft_in_the_others(self) -> None:
        self.publish()
        article = ArticlePage.objects.get(pk=self.article.pk)
        article.title = "尚未定稿"
        article.save(update_fields=["draft_title"])

        assert not found("尚未定稿")

    def test_an_article_is_found_by_its_section_wherever_it_is_placed(self) -> None:
        section = Section.objects.create(name="霓虹", slug="nihong")
        self.publish()
        place(article=ArticlePage.objects.get(pk=self.article.pk), by=None, section=section)
        assert found("霓虹")
        section.name = "彩虹"
        section.save()
        assert found("彩虹")
        assert not found("霓虹")
        checked()
        place(article=ArticlePage.objects.get(pk=self.article.pk), by=None, section=None)
        assert not found("彩虹")

    def test_an_article_held_over_goes_along(self) -> None:
        other = make_issue(451)
        transfer(article=self.article, issue=other, by=None)

        assert ArticlePage.objects.filter(issue=other).search("入园").count() == 1

    def test_a_deleted_article_leaves_nothing(self) -> None:
        ArticlePage.objects.get(pk=self.article.pk).delete()

        assert ArticlePage.objects.search("入园").count() == 0

    def test_a_correction_is_found_by_itself_and_not_with_its_article(self) -> None:
        self.publish()
        article = ArticlePage.objects.get(pk=self.article.pk)
        wording = Wording(text="‘出园’应为‘离园’。", date=self.issue.date)
        add_correction(article=article, wording=wording, by=None)
        correction = Correction.objects.get()

        assert not found("离园")
        assert list(Correction.objects.published().search("离园")) == [correction]
        checked()
        withdraw_article(article=article, reason="有误", by=None)
        assert not list(Correction.objects.published().search("离园"))
        reinstate_article(article=ArticlePage.objects.get(pk=article.pk), by=None)
        remove_correction(correction=correction, by=make_user("总编"))
        assert not list(Correction.objects.all().search("离园"))

    def test_a_name_first_printed_is_found_among_the_contributors(self) -> None:
        self.sign()

        assert Contributor.objects.filter(name="欧阳甲").exists()
        admin = make_user("", is_superuser=True)
        client = Client()
        client.force_login(admin)
        listed = client.get(reverse("contributors:index"), {"q": "阳甲"})
        assert listed.status_code == 200
        assert "欧阳甲" in listed.content.decode()


@pytest.mark.django_db
def test_the_check_tells_what_is_wrong_and_repairs_it() -> None:
    issue = make_issue(450)
    missing, outdated, wrong = (make_article(issue, title) for title in ("甲子", "乙丑", "丙寅"))
    assert "一致" in checked()

    entries = {int(entry.object_id): entry for entry in IndexEntry.objects.all()}
    entries[missing.pk].delete()
    IndexEntry.objects.filter(pk=entries[outdated.pk].pk).update(title_norm=1.0)
    ArticlePage.objects.filter(pk=wrong.pk).update(title="丁卯")
    gone = entries[missing.pk]
    IndexEntry.objects.create(
        content_type=gone.content_type,
        object_id="999999",
        title="",
        body="",
        autocomplete="",
        title_norm=gone.title_norm,
    )
    said = StringIO()
    with pytest.raises(CommandError, match="有4处与稿件不一致"):
        call_command("check_search", stdout=said)
    assert said.getvalue().splitlines() == [
        f"稿件：未编入检索 / not indexed: 1 (id {missing.pk})",
        f"稿件：由旧版程序编入 / indexed by another version: 1 (id {outdated.pk})",
        f"稿件：文字与检索不一致 / indexed with other words: 1 (id {wrong.pk})",
        "已不存在、还能检索到 / gone, but still indexed: 1",
    ]
    with pytest.raises(CommandError, match="有3处与稿件不一致"):
        call_command("check_search", "--quick", stdout=StringIO())

    assert "已重新编入 / indexed anew: 4" in checked("--repair")
    assert "一致" in checked()
    for words in ("甲子", "乙丑", "丁卯"):
        assert ArticlePage.objects.search(words).count() == 1


@pytest.mark.django_db
def test_wagtails_command_builds_the_index_anew() -> None:
    make_article(make_issue(450), "甲子")
    IndexEntry.objects.all().delete()

    call_command("update_index", stdout=StringIO())

    assert "一致" in checked()
    assert ArticlePage.objects.search("甲子").count() == 1
