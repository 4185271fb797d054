"""A contribution becomes a draft article whole, once, and only where its editor may write."""

from __future__ import annotations

import io
import os
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.log_actions import registry as log_registry
from wagtail.models import GroupPagePermission

from accounts.models import User
from articles.copy import read_rich_text
from articles.models import ArticlePage, Role
from contributions import conversion, triage, vault
from contributions.article_link import contribution_button
from contributions.conversion import ConversionRefused, accept_as_article
from contributions.models import Attachment, Contribution, Mail, Status
from contributions.uploads import FileKind
from desk.review.signing import sign_article
from issues.models import IssuePage
from issues.publishing import publish_issue
from newsroom.models import Contributor, PressPhoto
from tests import factories
from tests.contributions.factories import make_attachment, make_contribution, make_tip, picture
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> {{ request.user }} {% debug %} \u202egnp.exe"


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return make_issue(451)


@pytest.fixture(autouse=True)
def issue(made: IssuePage) -> IssuePage:
    return factories.fresh(made)


@pytest.fixture
def editor(issue: IssuePage) -> User:
    return make_user("编辑")


def words_of(article: ArticlePage) -> list[str]:
    """Return the paragraphs as they are stored, after the last revision."""
    latest = article.get_latest_revision_as_object()
    return [
        line.text
        for block in latest.body
        if block.block_type == "paragraph"
        for line in read_rich_text(block.value.source)
    ]


def kinds_of(article: ArticlePage) -> list[str]:
    return [block.block_type for block in article.get_latest_revision_as_object().body]


def remarks_of(article: ArticlePage) -> list[str]:
    return [str(remark) for remark in article.get_latest_revision_as_object().remarks.all()]


def files_in_media() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(file) for file in root.rglob("*") if file.is_file()}


def word(*paragraphs: str, title: str = "", photo: bytes = b"", rows: int = 0) -> bytes:
    """Return a Word document; a paragraph that begins with # is a heading in it."""
    document = docx.Document()
    if title:
        document.add_heading(title, 0)
    for text in paragraphs:
        if text.startswith("#"):
            document.add_heading(text[1:], 2)
        else:
            document.add_paragraph(text)
    if photo:
        document.add_picture(io.BytesIO(photo))
    if rows:
        table = document.add_table(rows, 2)
        for number, row in enumerate(table.rows):
            row.cells[0].text, row.cells[1].text = f"第{number}名", f"{number}分"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_word(contribution: Contribution, content: bytes) -> Attachment:
    return make_attachment(contribution, kind=FileKind.WORD, name="通讯.docx", content=content)


def named(**fields: object) -> Contribution:
    return make_contribution(
        **{"name": "张三", "unit": "杭州某厂", "email": "zhang@example.com", **fields}
    )


# What becomes what


def test_a_manuscript_becomes_a_draft_at_the_end_of_the_issue(
    issue: IssuePage, editor: User
) -> None:
    make_article(issue, "先有的一篇")
    contribution = named(title="车间里的竞赛", text="　　第一段。\r\n\r\n第二段。\n   \n")

    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    assert (article.title, article.live, article.owner) == ("车间里的竞赛", False, editor)
    assert words_of(article) == ["第一段。", "第二段。"]
    in_order = ArticlePage.objects.child_of(issue).in_print_order()
    assert [each.title for each in in_order] == ["先有的一篇", "车间里的竞赛"]
    assert article.get_latest_revision().user == editor


def test_its_sender_signs_it_as_correspondent_and_the_unit_stays_in_the_list(
    issue: IssuePage, editor: User
) -> None:
    article = accept_as_article(contribution=named(), issue=issue, by=editor)

    byline = article.get_latest_revision_as_object().bylines.get()
    assert (byline.name, byline.role) == ("张三", Role.CORRESPONDENT)
    assert (byline.contributor.name, byline.contributor.unit) == ("张三", "杭州某厂")


def test_a_contributor_who_is_known_is_not_made_again(issue: IssuePage, editor: User) -> None:
    known = Contributor.objects.create(name="张三", unit="杭州某厂")

    article = accept_as_article(contribution=named(), issue=issue, by=editor)

    assert article.get_latest_revision_as_object().bylines.get().contributor == known


@pytest.mark.parametrize("name", ["", "李四"])
def test_nobody_is_printed_as_the_sender_of_a_tip(
    issue: IssuePage, editor: User, name: str
) -> None:
    tip = make_tip(
        name=name, text="工地上没有发防暑降温费，已经连续三年了，工友们都很着急，请来看看。"
    )
    make_attachment(tip)

    article = accept_as_article(contribution=tip, issue=issue, by=editor)

    assert not article.get_latest_revision_as_object().bylines.exists()
    assert PressPhoto.objects.get().credit == ""
    assert article.title.startswith("工地上没有发防暑降温费")
    assert len(article.title) <= 32


def test_a_tip_of_photos_alone_has_a_title_too(issue: IssuePage, editor: User) -> None:
    tip = make_tip(text="")
    make_attachment(tip)

    article = accept_as_article(contribution=tip, issue=issue, by=editor)

    assert article.title == str(tip)
    assert kinds_of(article) == ["photo"]


def test_what_nobody_wrote_down_can_still_be_an_article(issue: IssuePage, editor: User) -> None:
    article = accept_as_article(contribution=make_contribution(text=""), issue=issue, by=editor)

    assert kinds_of(article) == []


def test_photos_go_into_the_library_and_after_the_text(issue: IssuePage, editor: User) -> None:
    contribution = named()
    make_attachment(contribution, name="张三和老板的合影.jpg")
    make_attachment(contribution, content=picture(300, 200, kind="PNG"))

    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    assert kinds_of(article) == ["paragraph", "photo", "photo"]
    photos = list(PressPhoto.objects.order_by("pk"))
    assert [photo.credit for photo in photos] == ["张三 摄"] * 2
    assert [block.value["credit"] for block in article.body[1:]] == ["张三 摄"] * 2
    assert [photo.description for photo in photos] == [""] * 2
    assert all(photo.uploaded_by_user == editor for photo in photos)
    # Not under the name the sender gave it: the address of a printed photo is public.
    assert [os.path.basename(photo.file.name) for photo in photos] == ["photo-1.jpg", "photo-2.png"]


def test_the_words_can_come_from_the_word_file(issue: IssuePage, editor: User) -> None:
    contribution = named(title="", text="见附件")
    attachment = make_word(
        contribution,
        word("第一段。", "#小标题", "第二段。", title="附件里的标题", photo=picture(), rows=2),
    )

    article = accept_as_article(
        contribution=contribution, issue=issue, by=editor, source=attachment.pk
    )

    assert article.title == "附件里的标题"
    assert words_of(article) == ["第一段。", "第二段。"]
    assert kinds_of(article) == ["paragraph", "crosshead", "paragraph", "photo", "table"]
    assert PressPhoto.objects.get().credit == "张三 摄"


def test_the_headline_in_the_word_file_is_not_lost_when_the_form_has_another(
    issue: IssuePage, editor: User
) -> None:
    contribution = named(title="表单里的标题")
    attachment = make_word(contribution, word("第一段。", title="附件里的标题"))

    article = accept_as_article(
        contribution=contribution, issue=issue, by=editor, source=attachment.pk
    )

    assert article.title == "表单里的标题"
    assert words_of(article) == ["附件里的标题", "第一段。"]


def test_the_signature_in_the_word_file_is_the_byline(issue: IssuePage, editor: User) -> None:
    contribution = named()
    attachment = make_word(contribution, word("第一段。", "（通讯员 李四 张三）"))

    article = accept_as_article(
        contribution=contribution, issue=issue, by=editor, source=attachment.pk
    )

    bylines = article.get_latest_revision_as_object().bylines.all()
    assert [(byline.name, str(byline.contributor or "")) for byline in bylines] == [
        ("李四", ""),
        ("张三", "张三（杭州某厂）"),
    ]


def test_what_is_too_long_for_a_crosshead_becomes_a_paragraph(
    issue: IssuePage, editor: User
) -> None:
    contribution = named()
    attachment = make_word(contribution, word("第一段。", "#" + "长" * 150))

    article = accept_as_article(
        contribution=contribution, issue=issue, by=editor, source=attachment.pk
    )

    assert words_of(article) == ["第一段。", "长" * 150]


def test_the_contribution_follows_its_article(issue: IssuePage, editor: User) -> None:
    contribution = named(status=Status.DECLINED, reason="版面有限")

    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    contribution.refresh_from_db()
    assert contribution.article == article
    assert (contribution.status, contribution.reason) == (Status.ACCEPTED, "")
    assert contribution.closed_at is None
    assert contribution.progress.label == "拟用"
    assert contribution.mails.get().occasion == Mail.Occasion.PROGRESS
    entry = log_registry.get_logs_for_instance(contribution).get()
    assert (entry.action, entry.user) == ("contributions.convert", editor)
    assert "竞赛" not in str(entry.data)

    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=None)

    progress = Contribution.objects.get().progress
    assert (progress.label, progress.url) == ("第451期采用", article.url)


def test_no_mail_is_owed_without_an_address(issue: IssuePage, editor: User) -> None:
    accept_as_article(contribution=make_tip(), issue=issue, by=editor)

    assert not Mail.objects.exists()


def test_when_its_article_is_deleted_it_can_be_converted_again(
    issue: IssuePage, editor: User
) -> None:
    contribution = named()
    make_attachment(contribution)
    accept_as_article(contribution=contribution, issue=issue, by=editor).delete()
    contribution.refresh_from_db()
    assert contribution.article is None
    assert (contribution.status, contribution.unread) == (Status.REVIEWING, True)
    assert contribution.progress.label == "一审"
    assert [mail.occasion for mail in contribution.mails.all()] == [Mail.Occasion.PROGRESS] * 2
    entry = log_registry.get_logs_for_instance(contribution).first()
    assert (entry.action, entry.data) == ("contributions.status", {"status": "一审"})

    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    contribution.refresh_from_db()
    assert (contribution.article, article.number) == (article, 2)
    assert PressPhoto.objects.count() == 1  # the photo of then is used again


def test_when_its_issue_is_deleted_it_is_reviewed_again(issue: IssuePage, editor: User) -> None:
    contribution = named()
    accept_as_article(contribution=contribution, issue=issue, by=editor)

    IssuePage.objects.get(pk=issue.pk).delete()

    contribution.refresh_from_db()
    assert (contribution.article, contribution.status) == (None, Status.REVIEWING)


def test_who_deletes_the_article_stands_in_the_history(
    issue: IssuePage, editor: User, client: Client
) -> None:
    contribution = named()
    article = accept_as_article(contribution=contribution, issue=issue, by=editor)
    other = make_user("编辑")
    client.force_login(other)

    client.post(reverse("wagtailadmin_pages:delete", args=[article.pk]))

    assert not ArticlePage.objects.exists()
    assert log_registry.get_logs_for_instance(contribution).first().user == other


def test_what_was_printed_is_open_again_when_its_article_is_deleted(
    issue: IssuePage, editor: User
) -> None:
    contribution = named()
    article = accept_as_article(contribution=contribution, issue=issue, by=editor)
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=None)
    triage.note_printed()

    article.delete()

    contribution.refresh_from_db()
    assert (contribution.status, contribution.printed_at) == (Status.REVIEWING, None)


# Refusals


def test_it_is_converted_once_though_two_press_the_button(issue: IssuePage, editor: User) -> None:
    contribution = named()
    as_seen_by_the_other = Contribution.objects.get(pk=contribution.pk)
    accept_as_article(contribution=contribution, issue=issue, by=editor)

    with pytest.raises(ConversionRefused, match="不用再转"):
        accept_as_article(contribution=as_seen_by_the_other, issue=issue, by=make_user("总编"))

    assert ArticlePage.objects.count() == 1


def test_nothing_goes_into_an_issue_that_is_out(issue: IssuePage, editor: User) -> None:
    contribution = named()
    make_attachment(contribution)
    make_article(issue, signed=True)
    publish_issue(issue=issue, by=None)
    before = files_in_media()

    with pytest.raises(ConversionRefused, match="已经出版"):
        accept_as_article(contribution=contribution, issue=issue, by=editor)

    assert ArticlePage.objects.count() == 1
    assert (PressPhoto.objects.count(), files_in_media()) == (0, before)
    contribution.refresh_from_db()
    assert contribution.status == Status.RECEIVED


def test_who_may_not_write_in_the_paper_converts_nothing(issue: IssuePage, editor: User) -> None:
    GroupPagePermission.objects.filter(permission__codename="add_page").delete()

    with pytest.raises(ConversionRefused, match="权限"):
        accept_as_article(contribution=named(), issue=issue, by=editor)


def test_who_may_not_work_on_contributions_converts_nothing(issue: IssuePage) -> None:
    with pytest.raises(ConversionRefused, match="权限"):
        accept_as_article(contribution=named(), issue=issue, by=make_user())


@pytest.mark.parametrize("missing", ["view_contribution", "change_contribution"])
def test_who_converts_may_open_and_work(issue: IssuePage, editor: User, missing: str) -> None:
    group = editor.groups.get()
    group.permissions.remove(*group.permissions.filter(codename=missing))
    with pytest.raises(ConversionRefused, match="没有查看和处理来稿的权限"):
        accept_as_article(contribution=named(), issue=issue, by=editor)


def test_spam_is_not_converted(issue: IssuePage, editor: User) -> None:
    with pytest.raises(ConversionRefused, match="垃圾"):
        accept_as_article(contribution=named(status=Status.SPAM), issue=issue, by=editor)


def test_an_erased_contribution_is_not_converted(issue: IssuePage, editor: User) -> None:
    contribution = named()
    Contribution.objects.all().delete()

    with pytest.raises(ConversionRefused, match="不在"):
        accept_as_article(contribution=contribution, issue=issue, by=editor)


def test_no_file_stays_behind_when_it_fails_half_way(
    issue: IssuePage, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    contribution = named()
    make_attachment(contribution)
    before = files_in_media()

    def fails(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(conversion, "place", fails)
    with pytest.raises(OSError, match="disk full"):
        accept_as_article(contribution=contribution, issue=issue, by=editor)

    assert files_in_media() == before
    assert not PressPhoto.objects.exists()
    assert not ArticlePage.objects.exists()
    contribution.refresh_from_db()
    assert (contribution.article, contribution.status) == (None, Status.RECEIVED)


def test_a_photo_that_cannot_be_stored_takes_no_other_file_along(
    issue: IssuePage, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file has the plain name it was given still, which may be somebody else's."""
    others = default_storage.save("photo-1.jpg", ContentFile(b"of somebody else"))
    contribution = named()
    make_attachment(contribution)

    def full(*_: object, **__: object) -> str:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(type(default_storage), "_save", full, raising=False)
        patch.setattr("django.core.files.storage.FileSystemStorage._save", full)
        with pytest.raises(OSError, match="disk full"):
            accept_as_article(contribution=contribution, issue=issue, by=editor)

    assert default_storage.exists(others)
    default_storage.delete(others)


# Files in a bad state


def test_a_corrupt_word_file_is_refused_in_chinese(issue: IssuePage, editor: User) -> None:
    contribution = named()
    attachment = make_word(contribution, b"PK\x03\x04 but nothing follows")

    with pytest.raises(ConversionRefused, match=r"通讯\.docx"):
        accept_as_article(contribution=contribution, issue=issue, by=editor, source=attachment.pk)


def test_a_word_file_that_the_vault_lost_is_refused_in_chinese(
    issue: IssuePage, editor: User
) -> None:
    contribution = named()
    attachment = make_word(contribution, word("第一段。"))
    vault.discard(attachment.file.name)

    with pytest.raises(ConversionRefused, match="找不到"):
        accept_as_article(contribution=contribution, issue=issue, by=editor, source=attachment.pk)


def test_the_words_are_not_taken_from_somebody_elses_file(issue: IssuePage, editor: User) -> None:
    foreign = make_word(named(), word("别人的。"))

    with pytest.raises(ConversionRefused, match="没有找到"):
        accept_as_article(contribution=named(), issue=issue, by=editor, source=foreign.pk)


def test_an_infected_word_file_is_not_read(issue: IssuePage, editor: User) -> None:
    contribution = named()
    attachment = make_word(contribution, word("第一段。"))
    Attachment.objects.update(scan=Attachment.Scan.INFECTED)

    with pytest.raises(ConversionRefused, match="没有找到"):
        accept_as_article(contribution=contribution, issue=issue, by=editor, source=attachment.pk)


def test_photos_that_cannot_be_used_are_named_in_a_remark(issue: IssuePage, editor: User) -> None:
    contribution = named()
    make_attachment(contribution, content=b"\xff\xd8 not a picture", name="坏的.jpg")
    vault.discard(make_attachment(contribution, name="丢的.jpg").file.name)
    make_attachment(contribution, scan=Attachment.Scan.INFECTED, name="毒的.jpg")

    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    assert kinds_of(article) == ["paragraph"]
    told = "".join(remarks_of(article))
    assert all(name in told for name in ("坏的.jpg", "丢的.jpg", "毒的.jpg"))
    assert not PressPhoto.objects.exists()


def test_hostile_copy_is_words_and_nothing_else(issue: IssuePage, editor: User) -> None:
    contribution = named(
        title=HOSTILE, text=f"{HOSTILE}\n{HOSTILE}", name="<b>张三</b>", unit="=1+1"
    )

    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    plain = HOSTILE.replace("\u202e", "")
    assert article.title == plain
    assert words_of(article) == [plain, plain]
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=None)
    page = Client().get(ArticlePage.objects.get().url).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>张三" not in page
    assert "{{ request.user }}" in page


def test_fifty_thousand_characters_are_one_block(issue: IssuePage, editor: User) -> None:
    contribution = named(text="字" * 50_000)

    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    assert kinds_of(article) == ["paragraph"]
    assert words_of(article) == ["字" * 50_000]


def test_a_name_that_no_key_opens_is_not_printed(issue: IssuePage, editor: User) -> None:
    contribution = named()
    make_attachment(contribution)
    with override_settings(CONTRIBUTIONS_KEYS=["bm90LXRoZS1rZXktb2YtdGhlLW90aGVyLXRlc3RzLS0="]):
        unreadable = Contribution.objects.get()
        article = accept_as_article(contribution=unreadable, issue=issue, by=editor)

    assert not article.get_latest_revision_as_object().bylines.exists()
    assert PressPhoto.objects.get().credit == ""


# The screen


def url_of(contribution: Contribution) -> str:
    return reverse("contributions_admin:convert", args=[contribution.pk])


def test_the_screen_leads_to_the_new_article(
    issue: IssuePage, editor: User, client: Client
) -> None:
    contribution = named()
    make_issue(452)
    client.force_login(editor)

    shown = client.get(url_of(contribution))
    assert shown.context["form"]["issue"].initial == issue
    answer = client.post(url_of(contribution), {"issue": issue.pk, "source": "text"})

    article = ArticlePage.objects.get()
    assert answer.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[article.pk])
    editing = client.get(answer.headers["Location"])
    assert editing.status_code == 200
    back = reverse("contributions_admin:detail", args=[contribution.pk])
    assert back in editing.content.decode()


def test_the_screen_proposes_the_word_file_where_the_text_is_a_cover_note(
    issue: IssuePage, editor: User, client: Client
) -> None:
    contribution = named(text="见附件")
    attachment = make_word(contribution, word("第一段。"))
    client.force_login(editor)

    form = client.get(url_of(contribution)).context["form"]

    assert form["source"].initial == str(attachment.pk)
    client.post(url_of(contribution), {"issue": issue.pk, "source": str(attachment.pk)})
    assert words_of(ArticlePage.objects.get()) == ["第一段。"]


@pytest.mark.parametrize("source", ["", "999999", "text; drop", "-1"])
def test_a_source_that_is_none_is_told(
    issue: IssuePage, editor: User, client: Client, source: str
) -> None:
    client.force_login(editor)

    answer = client.post(url_of(named()), {"issue": issue.pk, "source": source})

    assert answer.status_code == 200
    assert not ArticlePage.objects.exists()


def test_an_issue_that_came_out_meanwhile_is_told(
    issue: IssuePage, editor: User, client: Client
) -> None:
    IssuePage.objects.filter(pk=issue.pk).update(live=True)
    make_issue(452)
    client.force_login(editor)

    answer = client.post(url_of(named()), {"issue": issue.pk, "source": "text"})

    assert "请另选一期" in answer.content.decode()


def test_without_an_issue_to_go_into_the_screen_leads_to_a_new_one(
    issue: IssuePage, editor: User, client: Client
) -> None:
    IssuePage.objects.filter(pk=issue.pk).update(live=True)
    client.force_login(editor)

    page = client.get(url_of(named())).content.decode()

    assert reverse("desk_next_issue") in page


def test_a_refusal_is_told_on_the_screen(issue: IssuePage, editor: User, client: Client) -> None:
    contribution = named(text="")
    attachment = make_word(contribution, b"PK\x03\x04")
    client.force_login(editor)

    answer = client.post(url_of(contribution), {"issue": issue.pk, "source": str(attachment.pk)})

    assert answer.status_code == 200
    assert "通讯.docx" in answer.content.decode()


def test_a_converted_one_leads_back(issue: IssuePage, editor: User, client: Client) -> None:
    contribution = named()
    accept_as_article(contribution=contribution, issue=issue, by=editor)
    client.force_login(editor)

    answer = client.post(url_of(contribution), {"issue": issue.pk, "source": "text"})

    assert answer.status_code == 302
    assert ArticlePage.objects.count() == 1


def test_the_article_leads_back_for_those_who_may_read(issue: IssuePage, editor: User) -> None:
    contribution = named()
    article = accept_as_article(contribution=contribution, issue=issue, by=editor)

    [button] = contribution_button(article, editor)

    assert button.url == reverse("contributions_admin:detail", args=[contribution.pk])
    assert list(contribution_button(article, make_user())) == []
    assert list(contribution_button(make_article(issue), editor)) == []
    assert list(contribution_button(issue, editor)) == []
    assert triage.may_read(editor)
