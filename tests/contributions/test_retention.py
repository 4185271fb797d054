"""What is erased is gone: rows, files, and every word in the log."""

from __future__ import annotations

import datetime
import os
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex
from wagtail.search import index

from articles.models import ArticlePage
from contributions import retention, triage, unprinted, vault
from contributions.conversion import accept_as_article
from contributions.models import Attachment, Contribution, Mail, Message, Note, Status, Trace
from contributions.retention import (
    TooManyOrphans,
    erase,
    erase_due,
    forget_contact,
    forget_due,
    remove_orphans,
)
from contributions.triage import TriageRefused
from desk.review.signing import sign_article
from issues.models import IssuePage
from issues.publishing import publish_issue, unpublish_issue
from newsroom.models import PressPhoto
from newsroom.tending import Outcome
from tests.contributions.factories import make_attachment, make_contribution, picture
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

SECRET = ("张三", "13800001111", "三号车间", "zhang@example.org", "秘密标题", "秘密正文", "签发者")
DAY = datetime.timedelta(days=1)
HOURS = datetime.timedelta(hours=2)


@pytest.fixture(autouse=True)
def own_vault(settings) -> Path:
    """Empty the vault of the tests, to count the files in it."""
    place = Path(settings.STORAGES["contributions"]["OPTIONS"]["location"])
    shutil.rmtree(place, ignore_errors=True)
    return place


def secret(**fields: object) -> Contribution:
    name, phone, unit, email, title, text, signer = SECRET
    facts = {"name": name, "phone": phone, "unit": unit, "email": email, "signed_off_by": signer}
    return make_contribution(title=title, text=text, **facts, **fields)


def everywhere() -> str:
    """Return the whole database as text."""
    with connection.cursor() as cursor:
        told = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            told.append(repr(cursor.fetchall()))
    return "\n".join(told)


def test_erasing_leaves_nothing_but_a_line_in_the_log(django_capture_on_commit_callbacks) -> None:
    editor, chief = make_user("编辑"), make_user("总编")
    contribution = secret()
    key, label = contribution.pk, str(contribution)
    make_attachment(contribution, original=b"original")
    Message.objects.create(contribution=contribution, from_newsroom=False, text="秘密正文答复")
    triage.read(contribution=contribution, by=editor)
    triage.note(contribution=contribution, text="秘密正文备注", by=editor)
    triage.ask(contribution=contribution, text="秘密正文问题", by=editor)
    triage.decline(contributions=[contribution], reason="秘密正文理由", by=editor)
    Trace.objects.create(value=1, contribution=contribution)
    other = make_contribution(duplicate_of=contribution)

    with django_capture_on_commit_callbacks(execute=True):
        erase(contribution=contribution, by=chief)

    assert list(Contribution.objects.all()) == [other]
    for model in (Attachment, Message, Note, Mail, Trace):
        assert not model.objects.exists()
    assert list(vault.names_in_vault()) == []
    entry = ModelLogEntry.objects.first()
    assert (entry.action, entry.object_id, entry.label, entry.user, entry.deleted) == (
        "contributions.erase",
        str(key),
        label,
        chief,
        True,
    )
    assert entry.data == {}
    told = everywhere()
    assert not [word for word in SECRET if word in told]
    index_rows = ReferenceIndex.objects.filter(base_content_type__app_label="contributions")
    assert not index_rows.filter(object_id=str(key)).exists()


def test_who_may_not_delete_is_refused() -> None:
    contribution = secret()
    editor = make_user("编辑")
    for act in (erase, forget_contact):
        with pytest.raises(TriageRefused, match="没有删除来稿的权限"):
            act(contribution=contribution, by=editor)
    assert Contribution.objects.get().phone == "13800001111"


def test_a_file_that_cannot_be_removed_is_found_later(
    monkeypatch, django_capture_on_commit_callbacks
) -> None:
    contribution = secret()
    make_attachment(contribution)
    monkeypatch.setattr(retention, "discard", lambda *names: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        erase(contribution=contribution, by=None)
    monkeypatch.undo()

    assert not Contribution.objects.exists()
    assert len(list(vault.names_in_vault())) == 1
    assert remove_orphans(at=timezone.now() + HOURS) == Outcome(1, 0)
    assert list(vault.names_in_vault()) == []


def test_an_erasure_that_fails_loses_no_file(
    monkeypatch, django_capture_on_commit_callbacks
) -> None:
    contribution = secret()
    make_attachment(contribution)
    monkeypatch.setattr(Contribution, "delete", lambda self: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        erase(contribution=contribution, by=None)
    assert len(list(vault.names_in_vault())) == 1
    assert not ModelLogEntry.objects.filter(action="contributions.erase").exists()


def test_erasing_what_is_gone_is_no_error() -> None:
    contribution = secret()
    erase(contribution=contribution, by=None)
    contribution.pk = contribution.pk or 1
    erase(contribution=contribution, by=None)


# With its article


def converted(**fields: object) -> Contribution:
    """Return what became an article with a photo, in an issue that is not out."""
    contribution = secret(**fields)
    make_attachment(contribution, content=picture(120, 90))
    accept_as_article(contribution=contribution, issue=make_issue(), by=make_user("编辑"))
    return Contribution.objects.get(pk=contribution.pk)


def article_of(contribution: Contribution) -> ArticlePage:
    return ArticlePage.objects.get(pk=contribution.article_id)


def show(article: ArticlePage, *photos: PressPhoto) -> ArticlePage:
    article.body = [("photo", {"image": photo, "caption": ""}) for photo in photos]
    article.save_revision()
    article.save()
    return article


def test_its_article_and_photos_go_along(django_capture_on_commit_callbacks) -> None:
    contribution = converted()
    key, file = contribution.article_id, PressPhoto.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        erase(contribution=contribution, by=make_user("总编"), with_article=True)

    for model in (Contribution, ArticlePage, PressPhoto):
        assert not model.objects.exists()
    assert not default_storage.exists(file)
    assert list(vault.names_in_vault()) == []
    entries = PageLogEntry.objects.filter(page=key)
    assert entries.filter(action="wagtail.delete").exists()
    assert {entry.label for entry in entries} == {unprinted.NAMELESS}
    told = everywhere()
    assert not [word for word in ("秘密标题", "秘密正文", "13800001111") if word in told]


def test_unasked_its_article_stays() -> None:
    contribution = converted()
    erase(contribution=contribution, by=make_user("总编"))
    assert ArticlePage.objects.exists()
    assert PressPhoto.objects.exists()


def test_the_timer_takes_no_article_along() -> None:
    erase(contribution=converted(), by=None, with_article=True)
    assert not Contribution.objects.exists()
    assert ArticlePage.objects.exists()


def test_without_an_article_there_is_none_to_take_along() -> None:
    erase(contribution=secret(), by=make_user("总编"), with_article=True)
    assert not Contribution.objects.exists()


def test_what_stands_elsewhere_or_was_there_before_stays() -> None:
    contribution = converted()
    mine = PressPhoto.objects.get()
    before, elsewhere, drafted = (
        PressPhoto.objects.create(
            title=f"图{n}",
            file=ContentFile(picture(100 + n, 90), name=f"{n}.jpg"),
        )
        for n in range(3)
    )
    PressPhoto.objects.filter(pk=before.pk).update(created_at=contribution.received_at - DAY)
    show(article_of(contribution), mine, before, elsewhere, drafted)
    other = make_issue(452)
    show(make_article(other, "用图的稿件"), elsewhere)
    signed = make_article(other, "定稿后又改的稿件", signed=True)
    signed.body = [("photo", {"image": drafted, "caption": ""})]
    signed.save_revision()

    erase(contribution=contribution, by=make_user("总编"), with_article=True)

    assert set(PressPhoto.objects.all()) == {before, elsewhere, drafted}


def test_a_photo_of_an_earlier_version_goes_too() -> None:
    contribution = converted()
    show(article_of(contribution))
    erase(contribution=contribution, by=make_user("总编"), with_article=True)
    assert not PressPhoto.objects.exists()


@pytest.mark.parametrize("then", ["out", "noted", "taken back"])
def test_what_readers_have_had_is_not_taken_along(then: str) -> None:
    contribution = converted()
    article = article_of(contribution)
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    issue = IssuePage.objects.get()
    publish_issue(issue=issue, by=None)
    if then == "noted":
        triage.note_printed()
    if then == "taken back":
        unpublish_issue(issue=issue, by=make_user("总编"))

    with pytest.raises(TriageRefused, match="已经见报"):
        erase(
            contribution=contribution,
            by=make_user(is_superuser=True),
            with_article=True,
        )
    assert Contribution.objects.exists()
    assert ArticlePage.objects.exists()


def test_who_may_not_delete_the_article_takes_nothing_along() -> None:
    contribution = converted()
    article = article_of(contribution)
    sign_article(article=article, revision=article.get_latest_revision(), by=None)

    with pytest.raises(TriageRefused, match="没有删除它的权限"):
        erase(contribution=contribution, by=make_user("总编"), with_article=True)
    assert Contribution.objects.exists()

    erase(contribution=contribution, by=make_user(is_superuser=True), with_article=True)
    assert not ArticlePage.objects.exists()


def test_an_article_that_cannot_be_deleted_leaves_everything(
    monkeypatch, django_capture_on_commit_callbacks
) -> None:
    contribution = converted()
    file = PressPhoto.objects.get().file.name
    monkeypatch.setattr(PressPhoto, "delete", lambda self: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        erase(contribution=contribution, by=make_user("总编"), with_article=True)
    assert Contribution.objects.get().article == ArticlePage.objects.get()
    assert default_storage.exists(file)
    assert len(list(vault.names_in_vault())) == 1


def test_forgetting_a_contact_keeps_what_was_sent() -> None:
    contribution = secret()
    Mail.objects.create(contribution=contribution, occasion="question")
    Mail.objects.create(contribution=contribution, occasion="arrival")
    forget_contact(contribution=contribution, by=make_user("总编"))

    contribution.refresh_from_db()
    assert [getattr(contribution, name) for name in retention.CONTACT] == [""] * 6
    assert contribution.is_anonymous
    assert contribution.text == "秘密正文"
    assert [mail.occasion for mail in Mail.objects.all()] == ["arrival"]
    assert ModelLogEntry.objects.get().action == "contributions.forget_contact"


def test_what_was_closed_long_ago_is_erased(settings) -> None:
    now = timezone.now()
    kept = settings.CONTRIBUTIONS_KEEP_DAYS * DAY
    secret(status=Status.DECLINED, closed_at=now - kept - DAY)
    secret(status=Status.SPAM, closed_at=now - kept - DAY)
    young = {
        secret(status=Status.DECLINED, closed_at=now - kept + DAY),
        secret(received_at=now - 3 * kept),
        secret(status=Status.REVIEWING, received_at=now - 3 * kept),
    }
    assert erase_due() == Outcome(2, 0)
    assert set(Contribution.objects.all()) == young


def test_what_was_printed_long_ago_is_erased_and_stays_printed(settings) -> None:
    issue = make_public_issue()
    article = issue.articles.get()
    secret(status=Status.ACCEPTED, article=article)
    triage.note_printed()
    unprinted = secret(status=Status.ACCEPTED, article=make_article(make_issue(452)))
    later = timezone.now() + (settings.CONTRIBUTIONS_KEEP_DAYS + 1) * DAY

    assert erase_due() == Outcome(0, 0)
    assert erase_due(at=later) == Outcome(1, 0)
    assert list(Contribution.objects.all()) == [unprinted]
    article.refresh_from_db()
    assert article.is_public


def test_its_time_begins_when_it_was_printed_and_not_when_its_issue_came_out(settings) -> None:
    issue = make_public_issue()
    past = timezone.now() - (settings.CONTRIBUTIONS_KEEP_DAYS + 35) * DAY
    IssuePage.objects.filter(pk=issue.pk).update(first_published_at=past)
    secret(status=Status.ACCEPTED, article=issue.articles.get())

    assert erase_due() == Outcome(0, 0)
    triage.note_printed()
    assert erase_due() == Outcome(0, 0)


def test_an_issue_taken_back_for_good_keeps_nothing_longer(settings) -> None:
    issue = make_public_issue()
    secret(status=Status.ACCEPTED, article=issue.articles.get())
    triage.note_printed()
    unpublish_issue(issue=issue, by=make_user("总编"))

    later = timezone.now() + (settings.CONTRIBUTIONS_KEEP_DAYS + 1) * DAY
    assert erase_due(at=later) == Outcome(1, 0)


@pytest.mark.parametrize("act", [erase_due, forget_due])
def test_what_was_taken_up_again_meanwhile_is_left_alone(monkeypatch, act) -> None:
    """An editor reopens the second while the timer is at the first."""
    past = timezone.now() - 999 * DAY
    first, second = (secret(status=Status.DECLINED, closed_at=past) for _ in range(2))
    name = "_erase" if act is erase_due else "_forget_contact"
    really, editor = getattr(retention, name), make_user("编辑")

    def interrupted(these, by) -> bool:
        triage.begin_review(contributions=[second], by=editor)
        return really(these, by)

    monkeypatch.setattr(retention, name, interrupted)
    assert act() == Outcome(1, 0)
    assert Contribution.objects.get(pk=second.pk).phone == "13800001111"
    assert not Contribution.objects.filter(pk=first.pk, phone="13800001111").exists()


def test_contacts_of_the_declined_go_earlier(settings) -> None:
    past = timezone.now() - (settings.CONTRIBUTIONS_KEEP_CONTACT_DAYS + 1) * DAY
    declined = secret(status=Status.DECLINED, closed_at=past)
    spam = secret(status=Status.SPAM, closed_at=past)
    secret(status=Status.DECLINED, closed_at=timezone.now())
    secret(received_at=past)
    make_contribution(status=Status.DECLINED, closed_at=past)  # nothing to forget

    assert forget_due() == Outcome(2, 0)
    assert forget_due() == Outcome(0, 0)
    for contribution in (declined, spam):
        contribution.refresh_from_db()
        assert contribution.is_anonymous
    assert sum(bool(each.phone) for each in Contribution.objects.all()) == 2


def test_one_that_cannot_be_erased_does_not_stop_the_others(monkeypatch, caplog) -> None:
    past = timezone.now() - 999 * DAY
    stubborn, _ = (secret(status=Status.SPAM, closed_at=past) for _ in range(2))
    key, delete = stubborn.pk, Contribution.delete

    def refuse(self: Contribution) -> None:
        if self.pk == key:
            raise RuntimeError(self.text)
        delete(self)

    monkeypatch.setattr(Contribution, "delete", refuse)
    assert erase_due() == Outcome(1, 1)
    assert list(Contribution.objects.all()) == [stubborn]
    assert not [word for word in SECRET if word in caplog.text]


# Orphans


def test_orphans_are_removed_and_files_with_a_row_stay() -> None:
    attachment = make_attachment(original=b"original")
    vault.put(ContentFile(b"cut off"))

    assert remove_orphans() == Outcome(0, 0)  # too young: its row may be on the way
    assert remove_orphans(at=timezone.now() + HOURS) == Outcome(1, 0)
    assert sorted(vault.names_in_vault()) == sorted(attachment.stored_names)


def test_the_age_of_an_orphan_is_that_of_its_file() -> None:
    names = [vault.put(ContentFile(b"cut off")) for _ in range(2)]
    past = (timezone.now() - HOURS).timestamp()
    os.utime(vault.vault().path(names[0]), (past, past))

    assert remove_orphans() == Outcome(1, 0)
    assert list(vault.names_in_vault()) == names[1:]


def test_a_vault_without_its_rows_is_left_alone() -> None:
    """Yesterday's database beside today's files."""
    for _ in range(21):
        vault.put(ContentFile(b"today's"))
    later = timezone.now() + HOURS
    with pytest.raises(TooManyOrphans):
        remove_orphans(at=later)
    assert remove_orphans(at=later, even_most=True) == Outcome(21, 0)


def test_an_empty_vault_has_no_orphans() -> None:
    assert remove_orphans() == Outcome(0, 0)


# Where contents might be kept besides


def test_nothing_of_contributions_is_in_a_search_index() -> None:
    for model in apps.get_app_config("contributions").get_models():
        assert not issubclass(model, index.Indexed)


def test_the_reference_index_keeps_no_content() -> None:
    secret(article=make_article(make_issue()), assignee=make_user("编辑"))
    rows = ReferenceIndex.objects.filter(base_content_type__app_label="contributions")
    assert not [word for word in SECRET if word in repr(list(rows.values()))]


def test_contact_data_lies_sealed_in_the_database() -> None:
    secret()
    told = everywhere()
    sealed = {"张三", "13800001111", "zhang@example.org", "签发者"}
    assert not [word for word in sealed if word in told]
