"""Photos: nobody changes what a signature stands for, nobody guesses where a file lies."""

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from articles.models import ArticlePage
from desk.review.signing import recall_article, sign_article
from newsroom.models import PressPhoto
from tests.factories import make_article, make_issue, make_paper, make_user

pytestmark = pytest.mark.django_db


def make_photo(name: str = "比赛 现场.jpg", **fields: str) -> PressPhoto:
    file = BytesIO()
    Image.new("RGB", (600, 400), "brown").save(file, "JPEG")
    photo = PressPhoto(title="比赛现场", file=ImageFile(file, name=name), **fields)
    photo.save()
    return photo


@pytest.fixture
def editor(db: None) -> User:
    make_paper()
    return make_user("编辑")


@pytest.fixture
def article(editor: User) -> ArticlePage:
    value = {
        "image": make_photo(caption="比赛现场,张三(左)"),
        "caption": "",
        "credit": "",
        "alt": "",
    }
    return make_article(make_issue(), body=[("photo", value)])


def tries(client: Client, editor: User, photo: PressPhoto) -> None:
    client.force_login(editor)
    for name, data in (("edit", {"title": "改了", "caption": "改了"}), ("delete", {})):
        client.post(reverse(f"wagtailimages:{name}", args=[photo.pk]), data)
    client.post(f"/admin/bulk/newsroom/pressphoto/delete/?id={photo.pk}")


def test_an_editor_may_change_a_photo_that_stands_in_drafts_only(article, editor, client):
    photo = PressPhoto.objects.get()
    client.force_login(editor)
    form = client.get(reverse("wagtailimages:edit", args=[photo.pk])).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "file"}
    client.post(reverse("wagtailimages:edit", args=[photo.pk]), {**data, "caption": "改了"})
    assert PressPhoto.objects.get().caption == "改了"


def test_nobody_but_the_admin_changes_a_photo_of_a_signed_article(article, editor, client):
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    for user in (editor, make_user("责任编辑"), make_user("总编")):
        tries(client, user, PressPhoto.objects.get())
        assert PressPhoto.objects.get().caption == "比赛现场,张三(左)"


def test_a_photo_of_a_recalled_article_may_be_changed_again(article, editor, client):
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    recall_article(article=article, by=None)
    tries(client, editor, PressPhoto.objects.get())
    assert not PressPhoto.objects.exists()


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


def test_a_caption_is_shown_by_the_same_rule_as_the_text(article, client):
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    issue = article.get_parent().specific
    issue.live = True
    issue.save()
    assert "比赛现场，张三（左）" in client.get("/451/1/").content.decode()
    assert "比赛现场，张三（左）" in client.get("/451/").content.decode()
