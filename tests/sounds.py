"""Recordings for tests: silence, as frames that every player plays."""

from __future__ import annotations

from django.core.files.base import ContentFile

from newsroom.models import Recording
from newsroom.mp3 import read_mp3

# MPEG 2, Layer III, 16 kHz, mono, 8 kbps: 36 bytes that play 36 milliseconds.
FRAME = bytes.fromhex("fff318c4") + bytes(32)
A_FRAME = 0.036
# MPEG 1, 44.1 kHz, mono, 32 kbps.
LARGE_FRAME = bytes.fromhex("fffb10c4") + bytes(100)
SECRET = "张三的手机".encode()


def silence(seconds: float = 3) -> bytes:
    """Return an MP3 that plays about so long and says nothing."""
    return FRAME * round(seconds / A_FRAME)


def id3(content: bytes = SECRET) -> bytes:
    """Return a tag as it stands before the sound."""
    size = len(content)
    places = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + places + content


def make_recording(seconds: float = 200, title: str = "第3篇录音") -> Recording:
    """Return a recording as the form keeps it."""
    sound = read_mp3(silence(seconds))
    recording = Recording(title=title, seconds=round(sound.seconds))
    recording.file = ContentFile(sound.data, name="第3篇.mp3")
    recording._set_document_file_metadata()
    recording.save()
    return recording
