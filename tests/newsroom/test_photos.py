"""Photos: nothing changes what a signature stands for, nobody guesses where a file lies."""

from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from articles.blocks import BodyBlock
from articles.models import ArticlePage
from desk.review.comparing import differences_since_signed
from desk.review.signatures import same_copy
from desk.review.signing import SigningRefused, recall_article, sign_article
from desk.review.submitting import submit_article
from issues.publishing import publish_issue
from newsroom.models import PressPhoto
from tests.desk.reviewing import (
    Readers,
    judge,
    log_in,
    make_readers,
    seen_of,
    sign_through,
    stands,
    step_of,
)
from tests.factories import make_article, make_imprint, make_issue, make_user
from tests.forms import edit_form, edit_url

pytestmark = pytest.mark.django_db

CAPTION = "比赛现场,张三(左)"


def make_photo(name: str = "比赛 现场.jpg", **fields: str) -> PressPhoto:
    file = BytesIO()
    Image.new("RGB", (600, 400), "brown").save(file, "JPEG")
    photo = PressPhoto(title="比赛现场", file=ImageFile(file, name=name), **fields)
    photo.save()
    return photo


@pytest.fixture
def editor(db: None) -> User:
    return make_user("编辑")


@pytest.fixture
def article(editor: User) -> ArticlePage:
    value = {
        "image": make_photo(caption=CAPTION),
        "caption": "",
        "credit": "",
        "alt": "",
    }
    return make_article(make_issue(), body=[("photo", value)])


def change_in_library(browser: Client, photo: PressPhoto, **words: object) -> None:
    """Press save on the photo's form, with ``words`` typed and all else as it is."""
    address = reverse("wagtailimages:edit", args=[photo.pk])
    form = browser.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert browser.post(address, {**data, **words}).status_code == 302


def delete_in_library(browser: Client, photo: PressPhoto) -> None:
    browser.post(reverse("wagtailimages:delete", args=[photo.pk]))
    browser.post(f"/admin/bulk/newsroom/pressphoto/delete/?id={photo.pk}")


def save_in_editor(browser: Client, article: ArticlePage, **words: str) -> None:
    """Open the article, type ``words`` at its photo, and save."""
    form = edit_form(browser, article) | {f"body-0-value-{n}": w for n, w in words.items()}
    browser.post(edit_url(article), form)


def words_of(article: ArticlePage) -> tuple[str, str, str]:
    photo = stands(article).get_latest_revision_as_object().body[0].value
    return photo["caption"], photo["credit"], photo["alt"]


def test_words_left_empty_are_copied_from_the_library_once(
    article: ArticlePage, editor: User, client: Client
) -> None:
    client.force_login(editor)
    photo = PressPhoto.objects.get()
    change_in_library(client, photo, credit="张三 摄", description="两人下棋")

    save_in_editor(client, article)
    change_in_library(client, photo, caption="改了", credit="改了", description="改了")
    save_in_editor(client, article)

    assert words_of(article) == (CAPTION, "张三 摄", "两人下棋")


def test_a_gallery_takes_the_words_of_the_library_too(editor: User) -> None:
    block = BodyBlock()
    empty = {"image": make_photo(caption=CAPTION).pk, "caption": "", "credit": "", "alt": ""}
    body = block.to_python([{"type": "gallery", "value": [empty, {**empty, "caption": "另写"}]}])

    first, second = block.clean_deferred(body)[0].value

    assert (first["caption"], second["caption"]) == (CAPTION, "另写")


def test_the_library_changes_nothing_of_what_is_read_and_signed(
    article: ArticlePage, editor: User, client: Client
) -> None:
    """Neither between opening and approving, nor between two signatures, nor after the last."""
    client.force_login(editor)
    save_in_editor(client, article)
    readers, photo = make_readers(), PressPhoto.objects.get()
    submit_article(article=stands(article), by=readers.writer)
    for number, reader in enumerate(readers.in_order):
        browser = log_in(reader)
        read = browser.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
        assert "比赛现场，张三（左）" in read.content.decode()
        seen = seen_of(article)
        change_in_library(client, photo, caption=f"没有人签过{number}")
        judge(browser, article, seen=seen)

    signed = stands(article)
    assert (signed.live, signed.body[0].value["caption"]) == (True, CAPTION)
    publish_issue(issue=signed.issue.specific, by=None)
    for address in ("/451/1/", "/451/"):
        page = client.get(address).content.decode()
        assert "比赛现场，张三（左）" in page
        assert "没有人签过" not in page


def test_other_words_under_a_photo_are_another_text(
    article: ArticlePage, editor: User, client: Client
) -> None:
    client.force_login(editor)
    save_in_editor(client, article)
    readers = make_readers()
    sign_through(article, readers, steps=2)
    seen = seen_of(article)
    another = log_in(make_user("总编", username="另一位"))
    save_in_editor(another, article, caption=CAPTION.replace("张三", "张山"))

    told = judge(log_in(readers.third), article, seen=seen)

    assert "又改过这篇稿件" in told
    assert step_of(article) == "一审"
    pieces = differences_since_signed(stands(article)).parts[2].rows[0].lines[0].pieces
    assert [(p.change, p.text) for p in pieces if p.change != "kept"] == [
        ("removed", "三"),
        ("added", "山"),
    ]


def test_the_file_of_a_photo_is_never_another(article: ArticlePage, client: Client) -> None:
    photo = PressPhoto.objects.get()
    other = BytesIO()
    Image.new("RGB", (60, 40), "green").save(other, "JPEG")
    client.force_login(make_user(is_superuser=True))

    change_in_library(
        client, photo, caption="新说明", file=SimpleUploadedFile("b.jpg", other.getvalue())
    )

    now = PressPhoto.objects.get()
    assert (now.caption, now.file.name, now.width) == ("新说明", photo.file.name, 600)
    assert now.file.storage.exists(now.file.name)


def test_nobody_but_the_admin_deletes_a_photo_of_a_signed_article(
    article: ArticlePage, editor: User
) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    for user in (editor, make_user("责任编辑"), make_user("总编")):
        delete_in_library(log_in(user), PressPhoto.objects.get())


def test_a_photo_of_a_recalled_article_may_be_deleted_again(
    article: ArticlePage, editor: User
) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    recall_article(article=article, by=None)
    delete_in_library(log_in(editor), PressPhoto.objects.get())
    assert not PressPhoto.objects.exists()


def test_nobody_but_the_admin_changes_the_nameplate(editor: User, client: Client) -> None:
    """The library's picture is what readers get over every issue of that imprint."""
    photo = make_photo("报头.jpg", caption="报头")
    make_imprint(nameplate=photo)

    for user in (editor, make_user("责任编辑"), make_user("总编")):
        client.force_login(user)
        client.post(
            reverse("wagtailimages:edit", args=[photo.pk]), {"title": "改了", "caption": "改了"}
        )
        delete_in_library(client, photo)
        assert PressPhoto.objects.get().caption == "报头"


def test_an_article_that_lost_its_photo_between_signatures_is_not_signed_off(
    article: ArticlePage, editor: User
) -> None:
    readers = make_readers()
    sign_through(article, readers, steps=2)
    delete_in_library(log_in(editor), PressPhoto.objects.get())

    with pytest.raises(SigningRefused, match="图片"):
        sign_through(article, Readers(*[readers.third] * 4), steps=1)
    assert not stands(article).live


def test_articles_of_before_keep_the_words_that_readers_saw(article: ArticlePage) -> None:
    data_migration = import_module("articles.migrations.0004_words_from_the_library")
    sign_article(article=article, revision=article.get_latest_revision(), by=None)

    data_migration.Migration.operations[0].migrate_stream_data_forward(apps, None)

    now = stands(article)
    assert now.body[0].value["caption"] == CAPTION
    assert words_of(article) == (CAPTION, "", "")
    assert same_copy(now.get_latest_revision(), now.live_revision)


def test_files_keep_their_names_in_folders_that_cannot_be_guessed(editor):
    first, second = make_photo("01.jpg"), make_photo("01.jpg")
    assert first.file.name.endswith("/01.jpg")
    assert second.file.name.endswith("/01.jpg")
    assert first.file.name != second.file.name
    folder = first.file.name.split("/")[1]
    assert len(folder) == 16
    assert folder in first.get_rendition("width-100").file.name
    long = make_photo(f"{'长' * 200}.jpg")
    assert long.file.name.endswith("长.jpg")
