"""Tell of the recording (录音) that an article is heard by, and where it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from newsroom.previews import preview_of

from .models import ArticlePage

__all__ = ["ShownRecording", "public_address", "recording_of"]


@dataclass(frozen=True, slots=True)
class ShownRecording:
    """A recording on the page of its article; ``url`` is empty where it cannot be heard yet."""

    url: str
    length: str
    size: int


def recording_of(article: ArticlePage, request: HttpRequest) -> ShownRecording | None:
    """Return the recording of ``article``, at the address for whoever asks.

    Readers hear it at the address of the article; an editor, before it is signed, within the admin.
    A preview that is shared only says that there is one.
    """
    recording = article.recording
    if recording is None:
        return None
    preview = preview_of(request)
    if preview is None:
        url = public_address(article, request)
    else:
        url = "" if preview.shared else recording.url
    return ShownRecording(url, recording.length, recording.size)


def public_address(article: ArticlePage, request: HttpRequest) -> str:
    """Return where readers hear ``article``: /450/3.mp3."""
    return f"{(article.get_url(request) or '').rstrip('/')}.mp3"
