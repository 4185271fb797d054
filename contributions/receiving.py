"""Receive the body of a form: whole or not at all, within limits, and leaving nothing behind.

A view that takes what the public sends is exempt from CSRF protection on the outside, so that
nothing reads the body before it calls ``receive``; the protected view stands inside
(https://docs.djangoproject.com/en/5.2/topics/http/file-uploads/#modifying-upload-handlers-on-the-fly).
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from newsroom.cjk import clean_line

from .refusals import Refused
from .uploads import MOST_BYTES, MOST_BYTES_TOGETHER, MOST_FILES

__all__ = ["BodyRefused", "FileLimit", "is_whole", "receive", "watch"]

LOG = logging.getLogger(__name__)

MB = 1024 * 1024
LENGTH = re.compile("[0-9]{1,15}")
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
LONGEST_NAME = 120  # characters of a refused file's name that are shown again

# A browser reads the answer only after it has sent everything; so much of a body that is refused
# is read and thrown away, on top of what would have been permitted, and for so long: a thread of
# the server waits meanwhile.
MOST_DRAINED = 80 * MB
MOST_DRAINING_SECONDS = 20.0
PIECE = 64 * 1024

# How long a body may stand still, and how fast it has to come on the whole (512 kbit/s).
PATIENCE_SECONDS = 20.0
LEAST_RATE = 64 * 1024  # bytes a second

RETRY_AFTER = 300
NOTHING_STORED = "这次没有收下任何内容，请不要当作已投稿。"


class BodyRefused(Refused):
    """What was sent could not be taken."""


def cut_off() -> BodyRefused:
    return BodyRefused(
        f"网络中断，内容没有传完。{NOTHING_STORED}请检查网络，再按一次“提交”；附件需要重新选择。"
    )


def receive(request: WSGIRequest) -> None:
    """Parse the form that ``request`` brings, or raise BodyRefused.

    Afterwards ``request.POST`` and ``request.FILES`` are there, also after a refusal: what was
    read of the text, to show it again, or nothing. ``request.refused_files`` names the files that
    were too large or too many, with the reason; the text beside them was read.
    """
    request.upload_handlers = [FileLimit(request)]
    try:
        watch(request)
        with in_time(request):
            _parse(request)
            if not is_whole(request):
                raise cut_off()
    except Exception:
        _leave_unread(request)
        raise


class FileLimit(FileUploadHandler):
    """Keep each file of a form within the limits, without a name on the disk.

    It is to be the only handler. A file beyond a limit is skipped, the fields after it are still
    read. It is skipped by its first bytes, not by its name: SkipFile closes the file of every
    handler, and before this file is begun, that is the file before it, which was accepted:
    https://github.com/django/django/blob/5.2/django/http/multipartparser.py#L344

    The files have no name, so that a worker that is killed leaves nothing behind.
    """

    file: IO[bytes]  # from the first file on

    def __init__(self, request: WSGIRequest) -> None:
        super().__init__(request)
        self.refused_files: list[tuple[str, str]] = []
        request.refused_files = self.refused_files  # type: ignore[attr-defined]  # ours to add
        self.files = 0
        self.bytes_together = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        # The request closes it, or upload_interrupted().
        self.file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece of the file, or skip all of it."""
        size = start + len(raw_data)
        if self.files >= MOST_FILES:
            self._refuse(f"一次最多{MOST_FILES}个附件")
        if size > MOST_BYTES:
            self._refuse(f"超过{MOST_BYTES // MB} MB")
        if self.bytes_together + size > MOST_BYTES_TOGETHER:
            self._refuse(f"附件加起来超过{MOST_BYTES_TOGETHER // MB} MB")
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Hand over a file that is within the limits."""
        self.files += 1
        self.bytes_together += file_size
        self.file.seek(0)
        return UploadedFile(
            file=self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Let go of a file that did not come to its end."""
        if hasattr(self, "file"):
            with contextlib.suppress(OSError):  # the disk is full, and there is a rest to write
                self.file.close()

    def _refuse(self, reason: str) -> None:
        name = clean_line(self.file_name or "")[:LONGEST_NAME]
        self.refused_files.append((name, reason))
        raise SkipFile


# Whether all of it came


class Meter:
    """Count what is read of a stream."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.bytes_read = 0

    def read(self, size: int = -1, /) -> bytes:
        return self._counted(self.stream.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        return self._counted(self.stream.readline(size))

    def close(self) -> None:
        self.stream.close()

    def _counted(self, data: bytes) -> bytes:
        self.bytes_read += len(data)
        return data

    def drain(self, *, most: int) -> None:
        """Read on and throw away, to the end of the stream or until it is enough."""
        end = time.monotonic() + MOST_DRAINING_SECONDS
        try:
            while most > 0 and time.monotonic() < end and (data := self.read(min(PIECE, most))):
                most -= len(data)
        except OSError:
            pass  # the connection is gone: that was the end


def watch(request: WSGIRequest) -> None:
    """Begin to count what is read of the body; raise BodyRefused if it cannot or shall not be.

    gunicorn and wsgiref hand a body that a lost connection cut to the application, as if it had
    ended there (https://github.com/benoitc/gunicorn/issues/3234).
    """
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced or "HTTP_TRANSFER_ENCODING" in request.META:
        raise BodyRefused(
            f"浏览器或中间的网络设备没有说明内容有多长，无法确认是否收全。{NOTHING_STORED}"
            "请换一个浏览器或网络再试。",
            status=411,
        )
    if not LENGTH.fullmatch(announced):
        raise BodyRefused(f"收到的内容长度无法识别。{NOTHING_STORED}请刷新页面再试。")
    # Django has bound the stream already: wrapping environ["wsgi.input"] would come too late.
    meter = Meter(request._stream)
    request._stream = meter  # type: ignore[assignment]  # it reads as Django's own does
    request.announced_bytes = int(announced)  # type: ignore[attr-defined]  # ours to add
    request.meter = meter  # type: ignore[attr-defined]  # ours to add
    if int(announced) > settings.CONTRIBUTIONS_MOST_REQUEST_BYTES:
        meter.drain(most=settings.CONTRIBUTIONS_MOST_REQUEST_BYTES + MOST_DRAINED)
        raise BodyRefused(
            f"附件太大了：一次最多{MOST_FILES}个，每个不超过{MOST_BYTES // MB} MB，"
            f"加起来不超过{MOST_BYTES_TOGETHER // MB} MB。{NOTHING_STORED}"
            "请返回上一页，去掉或压缩几个附件，再提交。",
            status=413,
        )


@contextmanager
def in_time(request: WSGIRequest) -> Iterator[None]:
    """End a body that stalls or trickles, as if it had been cut: a few such hold every thread.

    Only gunicorn hands its socket along. A proxy that takes the whole body in first, as ours is
    to do in production (docs/contributions.md), makes this needless.
    """
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is None:
        yield
        return
    seconds = PATIENCE_SECONDS + request.announced_bytes / LEAST_RATE  # type: ignore[attr-defined]
    # gunicorn reads on until it has what it was asked for: only another thread can end that.
    end = threading.Timer(seconds, _end_reading, [connection])
    end.daemon = True
    end.start()
    connection.settimeout(PATIENCE_SECONDS)
    try:
        yield
    finally:
        end.cancel()
        with suppress(OSError):
            connection.settimeout(None)


def _end_reading(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def is_whole(request: WSGIRequest) -> bool:
    """Tell whether as much of the body came as was announced to ``watch``, reading all of it.

    Django's parser reads to the end by itself unless it raises:
    https://github.com/django/django/blob/5.2/django/http/multipartparser.py#L355
    """
    meter: Meter = request.meter  # type: ignore[attr-defined]
    announced: int = request.announced_bytes  # type: ignore[attr-defined]
    meter.drain(most=announced - meter.bytes_read)
    return meter.bytes_read == announced


# What Django says, in Chinese


def _parse(request: WSGIRequest) -> None:
    """Let Django parse the body; raise BodyRefused for whatever goes wrong."""
    _check_type(request)
    try:
        _ = request.POST
    except Exception as error:
        for handler in request.upload_handlers:
            handler.upload_interrupted()
        is_whole(request)  # reads what is left, so that the browser reads the answer
        raise _refusal(error) from error


def _check_type(request: WSGIRequest) -> None:
    """Raise BodyRefused unless a browser's form came, in UTF-8.

    Django would decode with any codec that the sender names, and some of them raise.
    """
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.content_type in FORM_TYPES and charset.lower() in ("utf-8", "utf8"):
        return
    is_whole(request)
    raise BodyRefused(
        f"收到的不是本页表单的内容，或编码不是UTF-8。{NOTHING_STORED}请在投稿页面上填写后提交。",
        status=415,
    )


def _refusal(error: Exception) -> BodyRefused:
    """Return what to tell the person about ``error``; raise it again if it is our own fault."""
    match error:
        case UnreadablePostError():
            return cut_off()
        case OSError():
            # The disk of the temporary files is full or broken; the words of the error hold no
            # content, but its class and number say enough.
            LOG.error("No room for an upload: %s %s", type(error).__name__, error.errno)
            return BodyRefused(
                f"我们的服务器暂时存不下附件。{NOTHING_STORED}您的文字请先保留，过几分钟再提交，"
                "或拨打新闻热线告诉我们。",
                status=503,
                retry_after=RETRY_AFTER,
            )
        case RequestDataTooBig():
            return BodyRefused(
                f"文字太长了。{NOTHING_STORED}请返回上一页，把长文存成Word文档作附件，再提交。",
                status=413,
            )
        case TooManyFilesSent():
            return BodyRefused(
                f"附件太多了，一次最多{MOST_FILES}个。{NOTHING_STORED}"
                "请返回上一页，去掉几个，再提交。"
            )
        case MultiPartParserError() | SuspiciousOperation() | BadRequest() | UnicodeError():
            return BodyRefused(
                f"收到的内容残缺或格式不对，读不出来。{NOTHING_STORED}"
                "请返回上一页，再按一次“提交”；附件需要重新选择。"
            )
        case _:
            raise error


def _leave_unread(request: WSGIRequest) -> None:
    """See to it that nobody parses again what was refused, as Django does after its own errors."""
    if not hasattr(request, "_post") or not hasattr(request, "_files"):
        request._mark_post_parse_error()  # type: ignore[attr-defined]  # not in the stubs
