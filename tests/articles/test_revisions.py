"""Old versions of an article: what is gone since does not make it unopenable."""

import pytest
from django.test import Client

from articles.models import ArticlePage
from issues.placing import place, transfer
from newsroom.models import Imprint, Section
from tests import forms
from tests.factories import make_article, make_imprint, make_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chief(db: None, client: Client) -> None:
    client.force_login(make_user("总编"))


def test_an_article_whose_first_issue_is_gone_opens_and_saves(client):
    first, second = make_issue(451), make_issue(452)
    article = make_article(first)
    transfer(article=article, issue=second, by=None)
    first.refresh_from_db()
    first.delete()
    form = forms.edit_form(client, ArticlePage.objects.get())
    assert client.post(forms.edit_url(article), {**form, "kicker": "引题"}).status_code == 302
    assert ArticlePage.objects.get().kicker == "引题"
    assert client.get(f"/admin/pages/{second.pk}/view_draft/").status_code == 200


def test_an_article_whose_former_section_is_gone_opens(client):
    section = Section.objects.create(name="副刊", slug="fukan")
    article = make_article(make_issue(451))
    place(article=article, by=None, section=section)
    ArticlePage.objects.get().save_revision()
    place(article=article, by=None, section=None)
    section.delete()
    assert client.get(forms.edit_url(article)).status_code == 200
    assert ArticlePage.objects.get().get_latest_revision_as_object().section is None


def test_an_issue_whose_drafted_imprint_is_gone_opens(client):
    issue = make_issue(451)
    other = make_imprint(permit_number="新号")
    draft = issue.get_latest_revision_as_object()
    draft.imprint = other
    draft.save_revision()
    Imprint.objects.filter(pk=other.pk).delete()
    assert client.get(forms.edit_url(issue)).status_code == 200


def test_a_place_changed_and_changed_back_under_autosave_is_where_it_was_put_last(client):
    article = make_article(make_issue(451))
    form = forms.edit_form(client, article)
    json = {"HTTP_ACCEPT": "application/json"}
    answer = client.post(forms.edit_url(article), {**form, "folio": "2"}, **json)
    form |= answer.json()["field_updates"]
    assert ArticlePage.objects.get().folio == 2
    client.post(
        forms.edit_url(article),
        {**form, "folio": "1", "overwrite_revision_id": answer.json()["revision_id"]},
        **json,
    )
    assert ArticlePage.objects.get().folio == 1


def test_a_new_name_in_a_byline_means_a_new_person(client):
    article = make_article(make_issue(451), names=("张三",), signed=True)
    form = forms.edit_form(client, ArticlePage.objects.get(pk=article.pk))
    assert form["bylines-0-contributor"]
    client.post(forms.edit_url(article), {**form, "bylines-0-name": "李四"})
    (byline,) = ArticlePage.objects.get().get_latest_revision_as_object().bylines.all()
    assert (byline.name, byline.contributor) == ("李四", None)


def test_what_pasting_brings_along_is_taken_out_of_standfirst_and_bylines(client):
    article = make_article(make_issue(451))
    form = forms.edit_form(client, article)
    client.post(
        forms.edit_url(article),
        {**form, "standfirst": "提要\r\n两行\x0b", "bylines-0-name": " 张\t晓燕\u202e "},
    )
    latest = ArticlePage.objects.get().get_latest_revision_as_object()
    assert latest.standfirst == "提要\n两行"
    assert [byline.name for byline in latest.bylines.all()] == ["张 晓燕"]
