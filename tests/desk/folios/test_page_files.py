"""Page files: taken in, read in the background, kept whole or not at all, and who may do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from PIL import Image
from wagtail.images.tests.utils import get_test_image_file

from accounts.models import User
from articles.models import ArticlePage
from desk.folios import reading, receiving
from desk.folios.models import GIVEN_UP, KEEP_FAILED, PageUpload
from desk.folios.reading import read_upload
from interchange.readers.folder import read_folder
from interchange.writers.pdf import write_pdf
from issues.folio_pages import (
    COLLECTION,
    RENDITIONS,
    STRAY_FOR,
    THUMBNAIL,
    forget_strays,
    version_of,
)
from issues.models import Folio, IssuePage
from issues.publishing import publish_issue
from newsroom.models import PressPhoto
from newsroom.tending import LONGEST_TASK, MOST_BEGUN, Outcome, retake_tasks
from tests.factories import SAMPLE, make_article, make_issue, make_sample, make_user
from tests.interchange.hostile_pdfs import pdf as made_pdf

pytestmark = pytest.mark.django_db
State = PageUpload.State


@pytest.fixture(scope="module")
def edition() -> bytes:
    """Return issue 450's own paper edition, of two pages."""
    return write_pdf(read_folder(SAMPLE), picture=lambda name: b"", paper="A3")


@pytest.fixture(autouse=True)
def one_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each page drawn as a thumbnail alone: the larger sizes take seconds, and a test."""
    monkeypatch.setattr(reading, "RENDITIONS", (THUMBNAIL,))


@pytest.fixture
def issue() -> IssuePage:
    issue = make_issue(451)
    make_article(issue, "头版的稿", folio=1, signed=True)
    return issue


@pytest.fixture
def editor(issue: IssuePage) -> User:
    return make_user("编辑")


@pytest.fixture
def send(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> Callable[..., tuple[int, str]]:
    """Return how the screen's form is posted; what it sets off is done before it returns."""

    def post(issue: IssuePage, by: User, act: str, **data: object) -> tuple[int, str]:
        client = Client()
        client.force_login(by)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("desk_folios", args=[issue.pk]), {"act": act, **data})
        if answer.status_code == 302:
            answer = client.get(answer["Location"])  # what it set off is done by now
        return answer.status_code, BeautifulSoup(answer.content, "html.parser").get_text()

    return post


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 1700)) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", size, "white").save(file, kind)
    return SimpleUploadedFile(f"版面.{kind.lower()}", file.getvalue())


def pdf(data: bytes, name: str = "版面.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def files() -> set[str]:
    """Return all files there are, but for what tests of other parts keep."""
    places = (settings.MEDIA_ROOT, storages["imports"].location)
    return {str(path) for place in places for path in Path(place).rglob("*") if path.is_file()}


@pytest.mark.one_database
def test_the_sample_fed_back_has_an_area_for_each_article_without_a_hand(
    edition: bytes, send: Callable[..., tuple[int, str]]
) -> None:
    issue = make_sample()
    chief = make_user("总编")
    status, _ = send(issue, chief, "whole-1", whole=pdf(edition), first="1")
    assert status == 200
    assert not PageUpload.objects.exists()
    first, second = Folio.objects.filter(issue=issue).order_by("number")
    assert [area["article"] for area in first.hot_areas] == [1, 2]
    assert [area["article"] for area in second.hot_areas] == [2, 3, 4]
    page = BeautifulSoup(Client().get("/450/folio-2/").content, "html.parser")
    assert [link["href"] for link in page.select(".printed__area")] == [
        "/450/2/", "/450/3/", "/450/4/",
    ]  # fmt: skip
    assert [link["href"] for link in page.select(".contents__link")] == [
        "/450/2/", "/450/3/", "/450/4/",
    ]  # fmt: skip
    pages = [b"".join(Client().get(f"/450/folio-{n}.pdf").streaming_content) for n in (1, 2)]
    assert all(each.startswith(b"%PDF-") and each != edition for each in pages)


@pytest.mark.one_database
def test_a_page_is_kept_in_all_its_sizes(
    issue: IssuePage,
    editor: User,
    edition: bytes,
    monkeypatch: pytest.MonkeyPatch,
    send: Callable[..., tuple[int, str]],
) -> None:
    monkeypatch.setattr(reading, "RENDITIONS", RENDITIONS)
    send(issue, editor, "whole-1", whole=pdf(edition), first="1")
    photo = Folio.objects.get(issue=issue, number=1).page_image
    widths = {r.filter_spec: r.width for r in photo.renditions.all()}
    assert widths == {
        "width-800|format-webp": 800,
        "width-1600|format-webp": 1600,
        "width-2800|format-webp": 2800,
        "width-240|format-webp": 240,
    }
    assert photo.collection.name == COLLECTION


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_the_page(
    issue: IssuePage, editor: User, kind: str, send: Callable[..., tuple[int, str]]
) -> None:
    send(issue, editor, "page-1", **{"file-1": picture(kind)})
    folio = Folio.objects.get(issue=issue, number=1)
    assert (folio.page_image.width, folio.page_image.height) == (1200, 1700)
    assert not folio.page_pdf
    assert not PageUpload.objects.exists()


def test_a_page_survives_every_way_a_masthead_is_saved_and_published(
    issue: IssuePage, editor: User, send: Callable[..., tuple[int, str]]
) -> None:
    old = issue.get_latest_revision()
    send(issue, editor, "page-2", **{"file-2": picture()})
    kept = Folio.objects.get(issue=issue, number=2).page_image_id
    draft = old.as_object()
    draft.responsible_editor = "王某"
    draft.save_revision()
    publish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=None)
    folio = Folio.objects.get(issue=issue, number=2)
    assert folio.page_image_id == kept
    # A later page takes its place, and an older version does not bring the first one back.
    chief = make_user("总编")
    send(issue, chief, "page-2", **{"file-2": picture(size=(900, 1200))})
    old.as_object().save_revision()
    publish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=None)
    folio = Folio.objects.get(issue=issue, number=2)
    assert folio.page_image.width == 900
    assert not PressPhoto.objects.filter(pk=kept).exists()


def test_what_was_drawn_by_hand_stays_where_a_new_page_tells_nothing(
    issue: IssuePage, editor: User, send: Callable[..., tuple[int, str]]
) -> None:
    send(issue, editor, "page-1", **{"file-1": picture()})
    area = {"article": 1, "polygon": "1,1 9,1 9,9"}
    Folio.objects.filter(issue=issue).update(hot_areas=[area])
    send(issue, editor, "page-1", **{"file-1": picture()})
    assert Folio.objects.get(issue=issue).hot_areas == [area]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (lambda: SimpleUploadedFile("a.pdf", b""), "是空的"),
        (lambda: SimpleUploadedFile("a.pdf", b"MZ\x90"), "不能作版面"),
        (lambda: SimpleUploadedFile("a.svg", b"<svg/>"), "不能作版面"),
        (lambda: SimpleUploadedFile("a.tif", b"II*\0"), "不能作版面"),
        (lambda: SimpleUploadedFile("a.pdf", b"%PDF-1.7" + bytes(60_000_001)), "最多60MB"),
        (lambda: SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40_000_001)), "最多40MB"),
    ],
)
def test_what_can_be_no_page_is_refused_at_once(
    issue: IssuePage,
    editor: User,
    file: Callable[[], SimpleUploadedFile],
    reason: str,
    send: Callable[..., tuple[int, str]],
) -> None:
    status, text = send(issue, editor, "page-1", **{"file-1": file()})
    assert status == 400
    assert reason in text
    assert not PageUpload.objects.exists()


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (lambda: pdf(b"%PDF-1.7 nonsense"), "已损坏"),
        (lambda: pdf(made_pdf(box="0 0 2834645 2834645")), "页面尺寸不对"),
        (lambda: SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n nonsense"), "已损坏"),
        (lambda: SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 nonsense"), "已损坏"),
        (lambda: SimpleUploadedFile("a.webp", b"RIFF....AVI LIST"), "已损坏"),
    ],
)
def test_what_cannot_be_read_says_why_and_leaves_nothing_behind(
    issue: IssuePage,
    editor: User,
    file: Callable[[], SimpleUploadedFile],
    reason: str,
    send: Callable[..., tuple[int, str]],
) -> None:
    send(issue, editor, "page-1", **{"file-1": picture()})
    before, kept = files(), Folio.objects.get(issue=issue).page_image_id
    _, text = send(issue, editor, "page-1", **{"file-1": file()})
    upload = PageUpload.objects.get()
    assert (upload.state, reason in upload.reason) == (State.FAILED, True)
    assert reason in text
    assert Folio.objects.get(issue=issue).page_image_id == kept
    send(issue, editor, f"drop-{upload.pk}")
    assert not PageUpload.objects.exists()
    assert files() == before


@pytest.mark.one_database
def test_a_page_of_several_pages_is_asked_about(
    issue: IssuePage, editor: User, edition: bytes, send: Callable[..., tuple[int, str]]
) -> None:
    _, text = send(issue, editor, "page-1", **{"file-1": pdf(edition)})
    assert "这份PDF有2页，一版只要一页" in text
    send(issue, editor, "whole-1", whole=pdf(edition), first="99")
    assert "放不下" in PageUpload.objects.get(folio=99).reason
    assert not Folio.objects.filter(issue=issue).exists()


def test_a_failure_on_the_way_writes_nothing_by_halves(
    issue: IssuePage,
    editor: User,
    edition: bytes,
    monkeypatch: pytest.MonkeyPatch,
    send: Callable[..., tuple[int, str]],
) -> None:
    before, photos = files(), PressPhoto.objects.count()

    def fall(**told: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(reading, "keep_pages", fall)
    _, text = send(issue, editor, "whole-1", whole=pdf(edition), first="1")
    assert "出了故障（OSError）" in text
    assert not Folio.objects.filter(issue=issue).exists()
    assert PressPhoto.objects.count() == photos
    upload = PageUpload.objects.get()
    assert files() - before == {upload.file.path}
    monkeypatch.undo()
    send(issue, editor, f"again-{upload.pk}")
    assert Folio.objects.filter(issue=issue).count() == 2
    assert not PageUpload.objects.exists()


def test_what_is_rolled_back_leaves_no_pdf_behind(
    issue: IssuePage,
    editor: User,
    edition: bytes,
    monkeypatch: pytest.MonkeyPatch,
    send: Callable[..., tuple[int, str]],
) -> None:
    before, keep = files(), reading.keep_pages

    def keep_and_fall(**told: Any) -> None:
        keep(**told)
        raise OSError("disk full")

    monkeypatch.setattr(reading, "keep_pages", keep_and_fall)
    send(issue, editor, "whole-1", whole=pdf(edition), first="1")
    assert files() - before == {PageUpload.objects.get().file.path}
    assert not Folio.objects.filter(issue=issue).exists()


def waiting(issue: IssuePage, editor: User, **facts: Any) -> PageUpload:
    """Return an upload of a picture that nobody has read yet."""
    now = timezone.now()
    upload = PageUpload(
        issue=issue, folio=1, name="a.png", by=editor, **{"at": now, "changed_at": now, **facts}
    )
    upload.file.save("a.png", picture(), save=False)
    upload.save()
    return upload


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_waits_while_pictures_are_made(
    issue: IssuePage, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction = []
    make = PressPhoto.create_renditions

    def noting(photo: PressPhoto, *filters: Any) -> Any:
        in_transaction.append(connection.in_atomic_block)
        return make(photo, *filters)

    monkeypatch.setattr(PressPhoto, "create_renditions", noting)
    read_upload.call(waiting(issue, editor).pk)
    assert in_transaction == [False]
    assert Folio.objects.get(issue=issue).page_image.renditions.count() == len(reading.RENDITIONS)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_fails_once_the_page_is_kept_takes_nothing_away(
    issue: IssuePage, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = reading.keep_pages

    def fall() -> None:
        raise OSError("afterwards")

    def keep_and_fall_later(**told: Any) -> None:
        transaction.on_commit(fall)
        keep(**told)

    monkeypatch.setattr(reading, "keep_pages", keep_and_fall_later)
    read_upload.call(waiting(issue, editor).pk)
    folio = Folio.objects.get(issue=issue)
    assert Path(folio.page_image.file.path).exists()


def test_every_file_that_was_chosen_is_taken_by_whichever_button(
    issue: IssuePage, editor: User, send: Callable[..., tuple[int, str]]
) -> None:
    _, text = send(issue, editor, "page-1", **{"file-1": picture(), "file-2": picture("JPEG")})
    assert "“版面.png”、“版面.jpeg”已收到" in text
    assert Folio.objects.filter(issue=issue, page_image__isnull=False).count() == 2
    # One that is refused keeps none of the others back.
    empty = SimpleUploadedFile("空.pdf", b"")
    status, text = send(issue, editor, "page-3", **{"file-3": empty, "file-4": picture()})
    assert (status, "“空.pdf”是空的" in text, "“版面.png”已收到" in text) == (400, True, True)
    assert Folio.objects.get(issue=issue, number=4).page_image
    assert send(issue, editor, "page-1")[0] == 400


@pytest.mark.one_database
def test_buttons_for_other_things_send_no_files(
    issue: IssuePage, editor: User, edition: bytes, send: Callable[..., tuple[int, str]]
) -> None:
    send(issue, editor, "page-3", **{"file-3": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")})
    send(issue, editor, "whole-1", whole=pdf(edition), first="1")
    client = Client()
    client.force_login(editor)
    answer = client.get(reverse("desk_folios", args=[issue.pk]))
    page = BeautifulSoup(answer.content, "html.parser")
    forms = {
        str(button["value"]).partition("-")[0]: button.get("form")
        for button in page.select("button[name=act]")
    }
    assert forms == {
        "whole": None, "page": None, "again": "acts", "drop": "acts", "reread": "acts",
        "remove": "acts",
    }  # fmt: skip
    assert {field["form"] for field in page.select("input[name^=seen-]")} == {"acts"}
    assert page.select("form#acts input[name=csrfmiddlewaretoken]")


def test_a_file_goes_with_its_row_whatever_removes_it(
    issue: IssuePage, editor: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    before = files()
    waiting(issue, editor)
    with django_capture_on_commit_callbacks(execute=True):
        issue.delete()
    assert files() == before


def test_what_failed_long_ago_is_forgotten_by_the_timer(
    issue: IssuePage, editor: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    before, long_ago = files(), timezone.now() - 2 * KEEP_FAILED
    waiting(issue, editor, state=State.FAILED, changed_at=long_ago)
    kept = [waiting(issue, editor, state=State.FAILED), waiting(issue, editor, changed_at=long_ago)]
    with django_capture_on_commit_callbacks(execute=True):
        call_command("tend_contributions", stdout=StringIO())
    assert list(PageUpload.objects.all()) == kept
    assert files() - before == {upload.file.path for upload in kept}


def test_pictures_that_were_made_and_never_kept_are_removed_by_the_timer(
    issue: IssuePage, editor: User, send: Callable[..., tuple[int, str]], monkeypatch: Any
) -> None:
    def killed(**kwargs: object) -> None:
        raise SystemExit

    send(issue, editor, "page-1", **{"file-1": picture()})
    kept = Folio.objects.get(issue=issue, number=1).page_image
    photograph = PressPhoto.objects.create(title="比赛现场", file=get_test_image_file())
    # An editor's own, which stands in a draft alone.
    drafted = PressPhoto.objects.create(
        title="开幕式", file=get_test_image_file(), collection=kept.collection
    )
    before = files()
    # A worker that is killed cleans nothing up.
    monkeypatch.setattr(reading._Made, "drop", lambda made: None)
    monkeypatch.setattr("desk.folios.reading.keep_pages", killed)
    upload = waiting(issue, editor)
    with pytest.raises(SystemExit):
        read_upload.func(upload.pk)
    upload.delete()
    assert PressPhoto.objects.count() == 4

    assert forget_strays() == 0  # somebody may be about to keep it
    PressPhoto.objects.update(created_at=timezone.now() - STRAY_FOR - timedelta(minutes=1))
    call_command("tend_contributions", stdout=StringIO())
    assert set(PressPhoto.objects.all()) == {kept, photograph, drafted}
    assert forget_strays() == 0
    assert Folio.objects.get(issue=issue, number=1).page_image == kept
    assert before <= files()


def test_a_file_whose_reader_was_killed_is_read_again(issue: IssuePage, editor: User) -> None:
    upload = waiting(issue, editor, state=State.WORKING)
    read_upload.call(upload.pk)
    assert not Folio.objects.filter(issue=issue).exists(), "somebody is at it"
    PageUpload.objects.update(changed_at=timezone.now() - GIVEN_UP - timedelta(seconds=1))
    read_upload.call(upload.pk)
    assert Folio.objects.get(issue=issue).page_image
    assert not PageUpload.objects.exists()


def test_a_file_that_kills_every_reader_is_said_to_have_failed(
    issue: IssuePage, editor: User
) -> None:
    now = timezone.now()
    upload, other = (waiting(issue, editor, state=State.WORKING) for _ in range(2))
    DBTaskResult.objects.create(
        args_kwargs={"args": [upload.pk], "kwargs": {}},
        task_path=read_upload.module_path,
        backend_name="background",
        run_after=get_date_max(),
        status="RUNNING",
        started_at=now - 2 * LONGEST_TASK,
        worker_ids=["a"] * MOST_BEGUN,
    )
    assert retake_tasks("background") == Outcome(0, 1)
    assert GIVEN_UP < LONGEST_TASK
    client = Client()
    client.force_login(editor)
    page = client.get(reverse("desk_folios", args=[issue.pk])).content.decode()
    assert "程序中途停了" in page
    other.refresh_from_db()
    assert other.state == State.WORKING
    read_upload.call(upload.pk)
    assert not Folio.objects.filter(issue=issue).exists()


def test_a_file_that_was_taken_back_makes_no_page(issue: IssuePage, editor: User) -> None:
    now = timezone.now()
    upload = PageUpload(issue=issue, folio=1, name="a.png", by=editor, at=now, changed_at=now)
    upload.file.save("a.png", picture(), save=False)
    upload.save()
    upload.delete()
    read_upload.call(upload.pk)
    assert not Folio.objects.filter(issue=issue).exists()


def test_the_screen_says_what_is_under_way_and_what_is_stuck(
    issue: IssuePage, editor: User
) -> None:
    client = Client()
    client.force_login(editor)
    now = timezone.now()
    PageUpload.objects.create(issue=issue, folio=1, name="a.pdf", at=now, changed_at=now)
    shown = BeautifulSoup(
        client.get(reverse("desk_folios", args=[issue.pk])).content, "html.parser"
    )
    assert "“a.pdf”等着处理…" in shown.get_text()
    assert shown.select("[data-under-way]")
    PageUpload.objects.update(state=State.WORKING, changed_at=now - 2 * GIVEN_UP)
    shown = BeautifulSoup(
        client.get(reverse("desk_folios", args=[issue.pk])).content, "html.parser"
    )
    assert "等了很久没有做成" in shown.get_text()
    assert not shown.select("[data-under-way]")


def test_only_who_may_place_articles_keeps_pages(
    issue: IssuePage, editor: User, send: Callable[..., tuple[int, str]]
) -> None:
    publish_issue(issue=issue, by=None)
    status, text = send(issue, editor, "page-1", **{"file-1": picture()})
    assert (status, "只有总编可以调整版面" in text) == (400, True)
    send(issue, make_user("总编"), "page-1", **{"file-1": picture()})
    assert Folio.objects.get(issue=issue).page_image
    status, _ = send(issue, make_user(), "remove-1")
    assert status in (200, 403)
    assert Folio.objects.get(issue=issue).page_image


@pytest.mark.one_database
def test_a_page_is_taken_away_with_its_files(
    issue: IssuePage, editor: User, edition: bytes, send: Callable[..., tuple[int, str]]
) -> None:
    before = files()
    send(issue, editor, "whole-1", whole=pdf(edition), first="1")
    for number in (1, 2):
        send(issue, editor, f"remove-{number}")
    folios = Folio.objects.filter(issue=issue)
    assert [folio.has_page for folio in folios] == [False, False]
    assert files() == before


@pytest.mark.one_database
def test_areas_are_found_anew_in_the_pdf_that_is_kept(
    edition: bytes, send: Callable[..., tuple[int, str]]
) -> None:
    issue = make_sample()
    chief = make_user("总编")
    send(issue, chief, "whole-1", whole=pdf(edition), first="1")
    found = Folio.objects.get(issue=issue, number=1).hot_areas
    Folio.objects.filter(issue=issue, number=1).update(hot_areas=[])
    send(issue, chief, "reread-1")
    assert Folio.objects.get(issue=issue, number=1).hot_areas == found
    ArticlePage.objects.child_of(issue).update(withdrawn_at=timezone.now())
    _, text = send(issue, chief, "reread-1")
    assert "PDF里没有找到本期的稿件" in text
    assert Folio.objects.get(issue=issue, number=1).hot_areas == found


@pytest.mark.one_database
def test_what_an_editor_draws_while_areas_are_found_stays(
    edition: bytes, monkeypatch: pytest.MonkeyPatch, send: Callable[..., tuple[int, str]]
) -> None:
    issue = make_sample()
    chief = make_user("总编")
    send(issue, chief, "whole-1", whole=pdf(edition), first="1")
    rows = Folio.objects.filter(issue=issue, number=1)
    found, drawn = rows.get().hot_areas, {"article": 4, "polygon": "1,1 9,1 9,9"}
    looked = []

    def look(folio: Folio) -> str:
        looked.append(folio)
        if len(looked) == 1:  # and now, beside us, somebody draws
            rows.update(hot_areas=[drawn])
        return version_of(folio)

    monkeypatch.setattr(reading, "version_of", look)
    send(issue, chief, "reread-1")
    assert rows.get().hot_areas == [*found, drawn]
    assert len(looked) == 2
    assert not PageUpload.objects.exists()


def test_finding_areas_again_waits_its_turn_and_leaves_one_failure(
    edition: bytes, monkeypatch: pytest.MonkeyPatch, send: Callable[..., tuple[int, str]]
) -> None:
    issue = make_sample()
    chief = make_user("总编")
    send(issue, chief, "whole-1", whole=pdf(edition), first="1")
    ArticlePage.objects.child_of(issue).update(withdrawn_at=timezone.now())
    for _ in range(2):
        send(issue, chief, "reread-1")
    assert PageUpload.objects.get().state == State.FAILED
    monkeypatch.setattr(receiving, "MOST_WAITING", 1)
    waiting(issue, chief)
    status, text = send(issue, chief, "reread-1")
    assert (status, "等着处理的版面太多了" in text) == (400, True)


def test_the_screen_remarks_what_has_no_area(
    issue: IssuePage, editor: User, send: Callable[..., tuple[int, str]]
) -> None:
    _, text = send(issue, editor, "page-1", **{"file-1": picture()})
    assert "《头版的稿》还没有热区" in text
    area = {"article": 9, "polygon": "1,1 9,1 9,9"}
    Folio.objects.filter(issue=issue).update(hot_areas=[area])
    _, text = send(issue, editor, "nonsense")
    assert "有热区指向第9篇，本期没有这一篇" in text
