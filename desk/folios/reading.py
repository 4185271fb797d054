"""Make printed pages of what was uploaded: in the background, all of it or nothing.

A file is read under the limits that hold for everything from outside; of a PDF each page is drawn
and searched for the issue's articles, a picture is redrawn.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResult, TaskResultStatus
from wagtail.images.models import Filter

from interchange.pages import ExportRefused, dump_issue
from interchange.pictures import PictureRefused, redraw
from interchange.readers.page_pdf import (
    PDF_START,
    START_WITHIN,
    PdfRefused,
    read_page_pdf,
    suggest_areas,
)
from interchange.schema import SchemaError
from issues.folio_pages import (
    OF_PAGE,
    RENDITIONS,
    PageFile,
    PageOvertaken,
    PageRefused,
    collection_of_pages,
    drop_pdf,
    drop_picture,
    keep_pages,
    set_areas,
    store_pdf,
    version_of,
)
from issues.models import Folio, IssuePage
from issues.placing import LAST_FOLIO
from newsroom.models import PressPhoto

from .models import PageUpload

__all__ = ["note_given_up", "read_upload"]

logger = logging.getLogger(__name__)

TRIES = 5  # while others draw on the same page
CUT_SHORT = "处理这个文件时，程序中途停了，不再自动重试。请把文件导出得小一些，或请管理员看看。"
EXPECTED = (PdfRefused, PictureRefused, PageRefused)  # say in Chinese what an editor can do


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page as it was read: its picture, its PDF if it came as one, what was found on it."""

    image: bytes
    extension: str
    pdf: bytes = b""
    areas: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class _Made:
    """The files of pages that are not kept yet."""

    photos: list[int] = field(default_factory=list)
    pdfs: list[str] = field(default_factory=list)

    def page(self, issue: IssuePage, number: int, drawn: _Drawn) -> PageFile:
        """Put the picture of a page into the library, in all its sizes, and store its PDF."""
        photo = PressPhoto(
            title=f"{issue.title}第{number}{OF_PAGE}",
            collection=collection_of_pages(),
            file_hash=sha1(drawn.image, usedforsecurity=False).hexdigest(),
        )
        name = f"{issue.number}-{number}{drawn.extension}"
        photo.file = ImageFile(BytesIO(drawn.image), name=name)
        photo.full_clean(exclude=["file_hash"])
        photo.save()
        self.photos.append(photo.pk)
        # Not get_renditions, which would tell the cache of what may go again.
        photo.create_renditions(*map(Filter, RENDITIONS))
        pdf = ""
        if drawn.pdf:
            pdf = store_pdf(issue=issue, number=number, data=drawn.pdf)
            self.pdfs.append(pdf)
        return PageFile(photo, pdf, drawn.areas)

    def drop(self) -> None:
        """Delete what no folio names: nothing, where the failure came after all was kept."""
        for name in self.pdfs:
            drop_pdf(name)
        for key in self.photos:
            drop_picture(key)


@task(backend="background")
def read_upload(key: int) -> None:
    """Read one upload; nothing is raised, the row says what failed."""
    upload = _claimed(key)
    if upload is None:
        return
    try:
        if upload.file:
            _make_pages(upload)
        else:
            _find_areas(upload)
    except EXPECTED as refused:
        _fail(key, str(refused))
    except Exception as error:
        logger.exception("reading %s failed", upload.pk)
        _fail(key, f"出了故障（{type(error).__name__}），详情在服务器的日志里。请再试一次。")


@transaction.atomic
def _claimed(key: int) -> PageUpload | None:
    """Return the upload, if nobody else works on it; one who was killed meanwhile is nobody."""
    rows = PageUpload.objects.select_for_update(of=("self",)).select_related("issue", "by")
    upload = rows.filter(pk=key).exclude(state=PageUpload.State.FAILED).first()
    if upload is None or (upload.state == PageUpload.State.WORKING and not upload.is_stuck()):
        return None
    upload.state, upload.changed_at = PageUpload.State.WORKING, timezone.now()
    upload.save(update_fields=["state", "changed_at"])
    return upload


def note_given_up(task_result: TaskResult[Any], **signal: Any) -> None:
    """Tell the editor of a file that could not be read to its end, since that ended the program."""
    given_up = task_result.status == TaskResultStatus.FAILED
    if given_up and task_result.task.module_path == read_upload.module_path:
        _fail(task_result.args[0], CUT_SHORT)


def _fail(key: int, reason: str) -> None:
    PageUpload.objects.filter(pk=key).update(
        state=PageUpload.State.FAILED, reason=reason[:300], changed_at=timezone.now()
    )


def _make_pages(upload: PageUpload) -> None:
    with upload.file.open("rb") as file:
        data = bytes(file.read())
    is_pdf = PDF_START in data[:START_WITHIN]
    pages = _pages_of_pdf(data, upload) if is_pdf else [_picture(data)]
    if upload.folio + len(pages) - 1 > LAST_FOLIO:
        raise PageRefused(f"PDF有{len(pages)}页，放不下：版次最多到{LAST_FOLIO}。")
    made = _Made()
    try:
        # Encoding takes seconds, for which no transaction may be open: with SQLite all would wait.
        kept = {
            number: made.page(upload.issue, number, page)
            for number, page in enumerate(pages, start=upload.folio)
        }
        with transaction.atomic():
            _check_wanted(upload)
            keep_pages(issue=upload.issue, pages=kept, by=upload.by)
            upload.delete()
    except BaseException:
        made.drop()
        raise


def _check_wanted(upload: PageUpload) -> None:
    """Refuse where somebody took the upload back meanwhile."""
    if not PageUpload.objects.select_for_update().filter(pk=upload.pk).exists():
        raise PageRefused("这个文件已经撤回。")


def _find_areas(upload: PageUpload) -> None:
    folio = Folio.objects.filter(issue=upload.issue, number=upload.folio).first()
    if folio is None or not folio.page_pdf:
        raise PageRefused("这一版的PDF已经没有了。")
    with folio.page_pdf.open("rb") as file:
        data = bytes(file.read())
    pdf = read_page_pdf(data)
    [found] = _areas(pdf, upload.issue)[:1] or [()]
    if not found:
        raise PageRefused(_nothing_found(pdf.text))
    for tries_left in reversed(range(TRIES)):
        try:
            _set_found(upload, str(folio.page_pdf), found)
        except PageOvertaken:  # by an editor who draws beside us
            if not tries_left:
                raise
        else:
            return


def _set_found(upload: PageUpload, pdf: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Write the areas that were found in ``pdf``, beside what is drawn now for other articles."""
    now = Folio.objects.filter(issue=upload.issue, number=upload.folio).first()
    if now is None or str(now.page_pdf) != pdf:
        raise PageRefused("这一版的PDF刚刚换过或撤下了，原来的热区没有动。要找，请再点一次。")
    numbers = {area["article"] for area in found}
    rest = [area for area in now.hot_areas if area["article"] not in numbers]
    seen = version_of(now)
    with transaction.atomic():
        _check_wanted(upload)
        set_areas(
            issue=upload.issue,
            number=upload.folio,
            areas=[*found, *rest],
            by=upload.by,
            seen=seen,
        )
        upload.delete()


def _pages_of_pdf(data: bytes, upload: PageUpload) -> list[_Drawn]:
    pdf = read_page_pdf(data)
    if len(pdf.pages) > 1 and not upload.is_whole:
        raise PageRefused(
            f"这份PDF有{len(pdf.pages)}页，一版只要一页。"
            "是整份报纸的，请从“整份PDF”那里传；不是的，请只导出这一版。"
        )
    areas = _areas(pdf, upload.issue)
    return [
        _Drawn(page.image, ".webp", page.pdf, found)
        for page, found in zip(pdf.pages, areas, strict=True)
    ]


def _areas(pdf: Any, issue: IssuePage) -> list[tuple[Mapping[str, Any], ...]]:
    """Return where the articles, each as last saved, stand on each page."""
    try:
        articles = dump_issue(IssuePage.objects.get(pk=issue.pk)).articles
    except (ExportRefused, SchemaError):
        articles = ()  # of a draft that cannot be written, no articles are known
    return [
        tuple({"article": area.article, "polygon": area.polygon} for area in found)
        for found in suggest_areas(pdf, articles)
    ]


def _nothing_found(text: str) -> str:
    if not text:
        return "PDF里没有文字（可能是扫描件，或已转曲），找不出热区，请用手画。"
    return "PDF里没有找到本期的稿件，原来的热区没有动。稿件的标题与版面上印的不同时，请用手画。"


def _picture(data: bytes) -> _Drawn:
    picture = redraw(data)
    return _Drawn(picture.content, picture.extension)
