"""Hand out the files that were sent in, to those who may see them."""

from __future__ import annotations

from io import BytesIO
from typing import IO

import filetype
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps
from wagtail.log_actions import log

from .models import Attachment
from .permissions import may_read
from .uploads import FileKind
from .visits import note_glance

THUMBNAIL_EDGE = 320
# What may be said of a file by its first bytes; of everything else only that it is bytes.
CONTENT_TYPES = {
    FileKind.PHOTO: {
        "image/jpeg": ".jpg",
        "image/png": ".png",
        "image/webp": ".webp",
        "image/heic": ".heic",
    },
    FileKind.PDF: {"application/pdf": ".pdf"},
    FileKind.WORD: {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx"
    },
}
UNKNOWN = "application/octet-stream"


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a file, or with ``?original=1`` the photo as it came, and log it."""
    attachment = _attachment(request, pk)
    if attachment.scan == Attachment.Scan.INFECTED:
        return _refused(
            request,
            attachment,
            title="这个附件有病毒",
            words="扫描时发现病毒，不能下载。请在来稿里给投稿人留言，请他检查电脑后重新发来。",
            status=403,
        )
    original = "original" in request.GET
    if original and not attachment.original:
        raise Http404
    try:
        file = (attachment.original if original else attachment.file).open("rb")
    except FileNotFoundError:
        return _missing(request, attachment)
    if request.method == "GET":
        log(instance=attachment.contribution, action="contributions.download", user=request.user)
    content_type = _content_type(attachment, file)
    name = attachment.name
    if original:
        extension = CONTENT_TYPES[FileKind.PHOTO].get(content_type, "")
        name = f"{name.rpartition('.')[0] or name}（原图）{extension}"
    response = FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return _locked_up(response)


@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a photo small."""
    attachment = _attachment(request, pk)
    if attachment.kind != FileKind.PHOTO or attachment.scan == Attachment.Scan.INFECTED:
        raise Http404
    try:
        with attachment.file.open("rb") as file:
            content = _small(file)
    except FileNotFoundError:
        return _missing(request, attachment)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise Http404 from broken
    note_glance(contribution=attachment.contribution, by=request.user)
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return _locked_up(response)


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    """Return an attachment to someone who may see contributions."""
    if not may_read(request.user):
        raise PermissionDenied
    return get_object_or_404(Attachment.objects.select_related("contribution"), pk=pk)


def _content_type(attachment: Attachment, file: IO[bytes]) -> str:
    """Return what a file is, of its kind, by its first bytes; a Word file was judged on arrival."""
    known = CONTENT_TYPES[FileKind(attachment.kind)]
    if attachment.kind == FileKind.WORD:
        return next(iter(known))
    found = filetype.guess_mime(file.read(4096))
    file.seek(0)
    return found if found in known else UNKNOWN


def _small(file: IO[bytes]) -> bytes:
    """Return a photo as a JPEG of at most 320 pixels a side."""
    out = BytesIO()
    with Image.open(file) as photo:
        photo.draft("RGB", (THUMBNAIL_EDGE, THUMBNAIL_EDGE))  # a JPEG is read small at once
        small = ImageOps.exif_transpose(photo)
        small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
        if small.mode in ("RGBA", "LA", "P"):
            small = small.convert("RGBA")
            paper = Image.new("RGBA", small.size, "white")
            paper.alpha_composite(small)
            small = paper
        small.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def _missing(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    return _refused(
        request,
        attachment,
        title="找不到这个附件的文件",
        words="记录还在，文件却不在存放的地方了。请告诉管理员，从备份里恢复。",
        status=404,
    )


def _refused(
    request: HttpRequest, attachment: Attachment, *, title: str, words: str, status: int
) -> HttpResponse:
    """Say in the admin's own page why there is no file."""
    response = render(
        request,
        "contributions/admin/no_file.html",
        {"attachment": attachment, "title": title, "words": words},
        status=status,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _locked_up(response: HttpResponse) -> HttpResponse:
    """Let a browser do nothing with a file but keep or show it, and no cache hold it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
