"""The files that readers take an issue along in: made once, current, private while it is."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from wagtail.models import PageLogEntry, PageViewRestriction

from articles.models import ArticlePage
from desk.review.signing import sign_article
from interchange import editions
from interchange.editions import (
    EditionFailed,
    edition_of,
    failing,
    make_editions,
    owe_editions,
    queue_again,
)
from interchange.formats import FORMATS
from interchange.models import Edition
from interchange.pages import public_form
from interchange.typesetting.press import TypesettingFailed
from issues.correcting import Wording, add_correction
from issues.models import IssuePage
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import Contributor, PressPhoto
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

JSON = FORMATS["issue.json"]


@pytest.fixture
def issue() -> IssuePage:
    return make_public_issue(451, articles=2)


def taken(client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return b"".join(answer.streaming_content)  # which closes it


# Handing out


STARTS = {
    "issue.pdf": b"%PDF-",
    "issue-a4.pdf": b"%PDF-",
    "issue.json": b"{",
    **dict.fromkeys(("issue.epub", "issue.zip", "issue.docx", "issue-folder.zip"), b"PK"),
}


def test_every_format_is_handed_out_with_validators_and_a_name(client, issue):
    assert set(STARTS) == set(FORMATS)
    for file, format in FORMATS.items():
        answer = client.get(f"/451/{file}")
        content = b"".join(answer.streaming_content)
        assert content.startswith(STARTS[file])
        assert answer["Content-Type"] == format.media_type
        assert answer["Content-Length"] == str(len(content))
        assert answer["Cache-Control"] == "public, max-age=3600"
        assert answer["X-Content-Type-Options"] == "nosniff"
        kind = "inline" if file.endswith(".pdf") else "attachment"
        assert answer["Content-Disposition"].startswith(f"{kind}; filename*=utf-8''%E6%9D%AD")
        again = client.get(f"/451/{file}", headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        since = client.get(f"/451/{file}", headers={"If-Modified-Since": answer["Last-Modified"]})
        assert since.status_code == 304
        head = client.head(f"/451/{file}")
        assert (head.status_code, head["Content-Length"]) == (200, str(len(content)))
        assert b"".join(head.streaming_content) == b""


@pytest.mark.parametrize(
    "address",
    [
        "/452/issue.json",  # no such issue
        "/0451/issue.json",
        "/451/issue.exe",
        "/451/issue.json/",
        "/451/../451/issue.json",
        "/451/folio-1.pdf",
        "/99999999999/issue.json",
        "/451/issue.json%00",
    ],
)
def test_other_addresses_are_404(client, issue, address):
    assert client.get(address).status_code == 404


def test_only_reading_is_answered(client, issue):
    assert client.post("/451/issue.json").status_code == 405


def test_a_draft_is_refused_and_so_is_what_was_taken_back(client):
    draft = make_issue(451)
    make_article(draft, signed=True)
    assert client.get("/451/issue.json").status_code == 404
    issue = make_public_issue(452)
    taken(client, "/452/issue.json")
    unpublish_issue(issue=issue, by=make_user("总编"))
    assert client.get("/452/issue.json").status_code == 404


def test_an_issue_that_is_not_open_to_all_has_no_files_for_anybody(client, issue):
    PageViewRestriction.objects.create(page=issue, restriction_type="login")
    assert client.get("/451/issue.json").status_code == 404
    client.force_login(make_user("总编"))
    assert client.get("/451/issue.json").status_code == 404


def test_the_front_page_offers_them_with_their_sizes(client, issue):
    edition = edition_of(issue, JSON)
    page = client.get("/451/").content.decode()
    for file in FORMATS:
        assert f'href="/451/{file}"' in page
    assert filesizeformat(edition.size) in page


# What is in them


def test_what_is_the_newsrooms_own_is_in_no_file(client):
    issue = make_issue(451)
    article = make_article(issue, "见报", names=("王浩",))
    draft = article.get_latest_revision_as_object()
    draft.bylines.get_object_list()[0].contributor = Contributor.objects.create(
        name="王浩", unit="拱墅区总工会秘书科"
    )
    draft.remarks.add(draft.remarks.model(kind="gap", text="此处缺字待核"))
    revision = draft.save_revision()
    sign_article(article=article, revision=revision, by=None)
    make_article(issue, "没有定稿的一篇")
    publish_issue(issue=issue, by=None, without_unfinished=True)
    told = taken(client, "/451/issue.json").decode()
    assert "见报" in told
    folder = taken(client, "/451/issue-folder.zip")
    with zipfile.ZipFile(io.BytesIO(folder)) as files:
        told += "".join(files.read(name).decode() for name in files.namelist())
    for private in ("秘书科", "缺字待核", "没有定稿的一篇"):
        assert private not in told


def test_readers_get_the_signed_text_while_a_newer_draft_waits(client, issue):
    article = ArticlePage.objects.child_of(issue).first()
    draft = article.get_latest_revision_as_object()
    draft.title = "没人签过的题"
    draft.save_revision()
    assert "没人签过的题" not in taken(client, "/451/issue.json").decode()


def test_a_large_photo_is_smaller_where_it_is_only_read(issue):
    file = BytesIO()
    Image.effect_noise((2400, 1600), 60).convert("RGB").save(file, "JPEG")
    photo = PressPhoto(title="大图", description="大图")
    photo.file = ImageFile(BytesIO(file.getvalue()), name="big.jpg")
    photo.save()
    value = {"image": photo, "caption": "", "credit": "", "alt": ""}
    article = make_article(issue, "图片新闻", body=[("photo", value)], signed=True)
    form, names = public_form(issue)
    assert form.articles[-1].title == article.title
    with Image.open(BytesIO(names.for_reading("big.jpg"))) as shown:
        assert shown.size == (1600, 1066)
    assert names.picture("big.jpg") == file.getvalue()


def test_no_photo_tells_where_it_was_taken(client, issue):
    where = Image.Exif()
    where[0x010F] = "相机厂"
    where.get_ifd(0x8825)[1] = "N"
    file = BytesIO()
    Image.new("RGB", (300, 200), "brown").save(file, "JPEG", exif=where)
    photo = PressPhoto(title="现场", description="现场")
    photo.file = ImageFile(BytesIO(file.getvalue()), name="scene.jpg")
    photo.save()
    value = {"image": photo, "caption": "", "credit": "", "alt": ""}
    make_article(issue, "图片新闻", body=[("photo", value)], signed=True)
    seen = 0
    for name in ("issue-folder.zip", "issue.zip", "issue.epub", "issue.docx"):
        with zipfile.ZipFile(io.BytesIO(taken(client, f"/451/{name}"))) as files:
            for each in files.namelist():
                if each.endswith(".jpg"):
                    seen += 1
                    with Image.open(BytesIO(files.read(each))) as shown:
                        assert not shown.getexif()
    assert seen == 4


def test_a_printed_page_stays_out_of_what_is_read_and_goes_into_the_folder(client, issue):
    file = BytesIO()
    Image.new("RGB", (300, 400), "white").save(file, "JPEG")
    photo = PressPhoto(title="版面")
    photo.file = ImageFile(BytesIO(file.getvalue()), name="page.jpg")
    photo.save()
    folio = issue.folios.model(number=1, page_image=photo)
    folio.page_pdf.save("page.pdf", ContentFile(b"%PDF-1.7"), save=False)
    issue.folios.add(folio)
    issue.save()
    with zipfile.ZipFile(io.BytesIO(taken(client, "/451/issue-folder.zip"))) as files:
        names = files.namelist()
    assert {"issue-451/images/page.jpg", "issue-451/images/page.pdf"} <= set(names)
    for name in ("issue.pdf", "issue.epub", "issue.zip", "issue.docx", "issue.json"):
        assert b"page.pdf" not in taken(client, f"/451/{name}") or name == "issue.json"


# Current


def test_a_file_is_made_once_and_made_anew_when_something_changes(client, issue):
    first = edition_of(issue, JSON)
    assert edition_of(issue, JSON).made_at == first.made_at
    article = ArticlePage.objects.child_of(issue).first()
    add_correction(
        article=article,
        wording=Wording(
            date=issue.date, kind="correction", wrong="", right="", text="题中应为第一条。"
        ),
        by=make_user("总编"),
    )
    second = edition_of(issue, JSON)
    assert second.digest != first.digest
    assert "题中应为第一条" in taken(client, "/451/issue.json").decode()
    withdraw_article(article=article, by=make_user("总编"), reason="失实")
    assert "第1条新闻" not in taken(client, "/451/issue.json").decode()


def test_the_old_file_is_removed_once_the_new_one_is_there(
    issue, django_capture_on_commit_callbacks
):
    first = edition_of(issue, JSON)
    name, storage = first.file.name, first.file.storage
    make_article(issue, "后来的一篇", signed=True)
    with django_capture_on_commit_callbacks(execute=True):
        second = edition_of(issue, JSON)
    assert not storage.exists(name)
    assert storage.exists(second.file.name)


def test_a_lost_file_is_made_again(client, issue):
    edition = edition_of(issue, JSON)
    edition.file.storage.delete(edition.file.name)
    assert taken(client, "/451/issue.json").startswith(b"{")


def test_the_file_of_a_deleted_issue_is_removed(issue, django_capture_on_commit_callbacks):
    edition = edition_of(issue, JSON)
    with django_capture_on_commit_callbacks(execute=True):
        IssuePage.objects.get(pk=issue.pk).delete()
    assert not edition.file.storage.exists(edition.file.name)


def test_what_is_current_costs_the_same_queries_however_many_articles(client):
    counts = []
    for number, articles in ((451, 2), (452, 12)):
        make_public_issue(number, articles=articles)
        taken(client, f"/{number}/issue.json")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            taken(client, f"/{number}/issue.json")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Made in the background


def test_what_happens_to_a_public_issue_is_noted_and_all_its_files_are_made(
    issue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(issue, "后来的一篇", signed=True)
    assert PageLogEntry.objects.filter(page=article.pk).exists()
    owed = issue.editions.all()
    assert {row.format for row in owed} == set(FORMATS)
    assert all(row.next_try for row in owed)
    make_editions.call(issue.pk)
    assert all(row.digest and row.next_try is None for row in issue.editions.all())


def test_nothing_is_owed_of_a_draft(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_article(make_issue(451), signed=True)
    assert not Edition.objects.exists()


def test_what_is_owed_of_an_issue_that_was_taken_back_is_dropped(issue):
    owe_editions(issue)
    unpublish_issue(issue=issue, by=make_user("总编"))
    make_editions.call(issue.pk)
    assert not Edition.objects.exclude(digest="").exists()
    assert not Edition.objects.filter(next_try__isnull=False).exists()


def broken(monkeypatch, error: Exception) -> None:
    def write(*args: object) -> bytes:
        raise error

    format = FORMATS["issue.pdf"]
    replaced = type(format)(format.file, format.label, format.media_type, write)
    monkeypatch.setitem(FORMATS, "issue.pdf", replaced)


def test_what_fails_is_tried_again_with_growing_pauses_and_says_why(client, issue, monkeypatch):
    broken(monkeypatch, TypesettingFailed("字体里没有“䶮”，不能排版。"))
    now = timezone.now()
    pauses = []
    for _ in range(3):
        with pytest.raises(EditionFailed) as failed:
            edition_of(issue, FORMATS["issue.pdf"], at=now)
        pauses.append(failed.value.next_try - now)
        now = failed.value.next_try
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 5, 15)]
    (row,) = failing()
    assert (row.tries, row.last_error) == (3, "字体里没有“䶮”，不能排版。")
    answer = client.get("/451/issue.pdf")
    assert answer.status_code == 503
    assert "字体里没有“䶮”" in answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= (1 + 5 + 15) * 60
    assert "no-store" in answer["Cache-Control"]
    assert taken(client, "/451/issue.json")  # the others are made
    assert queue_again(at=now - timedelta(seconds=1)) == 0
    assert queue_again(at=now) == 1


class Killed(BaseException):
    """Stands for a signal that nothing catches."""


def test_what_ends_the_program_is_begun_with_growing_pauses_and_says_so(issue, monkeypatch):
    owe_editions(issue)
    Edition.objects.exclude(format="issue.pdf").update(next_try=None)
    row = issue.editions.get(format="issue.pdf")
    pauses = []
    with monkeypatch.context() as spoilt:
        broken(spoilt, Killed())
        for killed in range(6):
            assert failing().count() == (killed > 1), "the first time it may be being made"
            now = timezone.now()
            Edition.objects.filter(pk=row.pk).update(next_try=now)
            with pytest.raises(Killed):
                make_editions.call(issue.pk)
            row.refresh_from_db()
            pauses.append((row.next_try - now) // timedelta(minutes=1))
            make_editions.call(issue.pk)  # the worker starts again: not now
            assert queue_again() == 0
    assert pauses == [10, 10, 15, 60, 180, 360]
    assert "程序停了" in failing().get().last_error
    Edition.objects.filter(pk=row.pk).update(next_try=timezone.now())
    make_editions.call(issue.pk)
    row.refresh_from_db()
    assert (row.next_try, row.tries, row.last_error) == (None, 0, "")
    assert row.digest


def test_news_while_a_file_is_made_makes_it_anew(issue, monkeypatch):
    owe_editions(issue)
    Edition.objects.exclude(format="issue.json").update(next_try=None)
    rows, write, queued = issue.editions.filter(format="issue.json"), JSON.write, []

    def write_while_edited(*args: object) -> bytes:
        owe_editions(issue)
        return write(*args)

    replaced = type(JSON)(JSON.file, JSON.label, JSON.media_type, write_while_edited)
    monkeypatch.setitem(FORMATS, "issue.json", replaced)
    monkeypatch.setattr(type(make_editions), "enqueue", lambda task, key: queued.append(key))
    make_editions.call(issue.pk)
    assert queued == [issue.pk], "by the one that makes it, not by the one that owes it"
    row = rows.get()
    assert row.next_try is not None
    assert (row.tries, row.last_error) == (0, "")


def test_what_failed_is_not_tried_for_every_reader(issue, monkeypatch):
    broken(monkeypatch, TypesettingFailed("不能排版。"))
    for _ in range(3):
        with pytest.raises(EditionFailed):
            edition_of(issue, FORMATS["issue.pdf"])
    assert issue.editions.get(format="issue.pdf").tries == 1


def test_a_fault_of_ours_is_told_without_its_words(client, issue, monkeypatch, caplog):
    broken(monkeypatch, RuntimeError("/srv/secret"))
    answer = client.get("/451/issue.pdf")
    assert answer.status_code == 503
    assert "/srv/secret" not in answer.content.decode()
    assert "RuntimeError" in failing().get().last_error
    assert "/srv/secret" in caplog.text


def test_mended_copy_is_made_at_once(client, issue, monkeypatch):
    with monkeypatch.context() as spoilt:
        broken(spoilt, TypesettingFailed("不能排版。"))
        assert client.get("/451/issue.pdf").status_code == 503
    make_article(issue, "后来的一篇", signed=True)
    assert taken(client, "/451/issue.pdf").startswith(b"%PDF-")
    assert not failing().exists()


def test_the_dashboard_names_what_could_not_be_made(client, issue, monkeypatch):
    broken(monkeypatch, TypesettingFailed("字体里没有“䶮”。"))
    with pytest.raises(EditionFailed):
        edition_of(issue, FORMATS["issue.pdf"])
    client.force_login(make_user("编辑"))
    page = client.get("/admin/").content.decode()
    assert "下载文件没有做成" in page
    assert "字体里没有“䶮”" in page


def test_the_timer_makes_what_is_owed(issue, settings, monkeypatch):
    settings.TASKS = {
        **settings.TASKS,
        "editions": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    }
    Edition.objects.create(issue=issue, format="issue.json", next_try=timezone.now())
    out = io.StringIO()
    call_command("tend_editions", "--once", stdout=out)
    assert "files queued again" in out.getvalue()
    assert issue.editions.get().digest


def test_a_new_version_of_the_writers_makes_every_file_anew(issue, monkeypatch):
    before = edition_of(issue, JSON).digest
    monkeypatch.setattr(editions, "_writers", lambda: b"another")
    assert edition_of(issue, JSON).digest != before


def test_json_is_what_the_schema_says(client, issue):
    assert json.loads(taken(client, "/451/issue.json"))["number"] == 451
