"""Read an MP3 frame by frame: whether it is one, how long it plays, and what of it is sound.

Nothing is decoded. What stands around and between the frames (tags with names, pictures, notes) is
no part of the sound, and is left behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

__all__ = ["Mp3Refused", "Sound", "read_mp3"]

# Kilobits a second by the header's index; 0 ("free") and 15 stand for none that players agree on.
RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
SAMPLING = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
MPEG_1, LAYER_3, MONO = 3, 1, 3
HEADER = 4  # bytes

LEAST_SECONDS = 1
SOME = 4096  # bytes that are no sound and may stand before or between frames, beside what is tagged
ONE_IN = 20  # and this part of the file
IN_A_ROW = 3  # frames by which a beginning is known
LACKING = 0.02  # of the frames that a file says it has

ID3_HEADER, ID3_1, APE_HEADER = 10, 128, 32  # bytes of tags, or of what begins them
APE_IS_HEADER = 1 << 29

NO_MP3 = "这不是MP3文件（改了扩展名的也不行），没有存。请用录音软件导出为MP3，再传。"
NO_SOUND = "这个MP3里没有声音，没有存。请重新导出，再传。"
TOO_SHORT = "这段录音不到1秒，没有存。请检查录音，重新导出，再传。"
NOT_WHOLE = "这个MP3不完整，后面的声音没有了，没有存。请重新导出或重新复制，再传。"
DAMAGED = "这个MP3里夹着不是声音的内容，可能已损坏，没有存。请重新导出，再传。"


class Mp3Refused(ValueError):
    """It is no recording that can be kept; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The frames of a recording, one behind the other, and how long they play."""

    data: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the header of a frame says; all of one file share ``kind``."""

    kind: tuple[int, int]  # version, samples a second
    size: int
    seconds: float


def read_mp3(data: bytes) -> Sound:
    """Return the sound in ``data``; raises Mp3Refused for anything but a whole MP3."""
    start = _behind_tags(data)
    if start and not data[start:].strip(b"\0"):
        raise Mp3Refused(NO_SOUND)
    last = _end(data)
    place = _beginning(data, start, last)
    if place is None:
        raise Mp3Refused(NO_MP3)
    announced, first = _announced(data, place)
    if first:
        place += first
    kind = None
    runs: list[tuple[int, int]] = [(place - first, place)] if first else []
    frames, seconds, strange = 0, 0.0, 0
    allowed = SOME + len(data) // ONE_IN
    while place < last:
        frame = _frame(data[place : place + HEADER])
        if frame is None or (kind and frame.kind != kind):
            if tag := _tag(data, place):  # between files that were joined, or behind all
                place += tag
                continue
            onward = data.find(b"\xff", place + 1)
            onward = len(data) if onward < 0 else onward
            strange += onward - place
            if strange > allowed:
                raise Mp3Refused(DAMAGED)
            place = onward
            continue
        kind, end = frame.kind, place + frame.size
        if end > len(data):
            break  # the last one, cut off
        frames, seconds = frames + 1, seconds + frame.seconds
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((place, end))
        place = end
    if not frames:
        raise Mp3Refused(NO_SOUND)
    if announced > frames * (1 + LACKING) + IN_A_ROW:
        raise Mp3Refused(NOT_WHOLE)
    if announced and frames > announced * (1 + LACKING) + IN_A_ROW:
        runs[0] = (runs[0][0] + first, runs[0][1])  # of one file of several: players would stop
    if seconds < LEAST_SECONDS:
        raise Mp3Refused(TOO_SHORT)
    return Sound(b"".join(data[one:other] for one, other in runs), seconds)


def _behind_tags(data: bytes) -> int:
    """Return where the tags (ID3) before the sound end."""
    place = 0
    while length := _id3(data, place):
        place += length
    if data.startswith(b"ID3", place) and len(data) >= place + ID3_HEADER:
        raise Mp3Refused(NO_MP3)
    return min(place, len(data))


def _tag(data: bytes, place: int) -> int:
    """Return how long the tag is that stands whole at ``place``; 0 if none does."""
    if data.startswith(b"ID3", place):
        length = _id3(data, place)
    elif data.startswith(b"TAG", place):
        length = ID3_1
    elif data.startswith(b"APETAGEX", place):
        size, flags = (
            int.from_bytes(data[place + at : place + at + 4], "little") for at in (12, 20)
        )
        length = APE_HEADER + (size if flags & APE_IS_HEADER else 0)
    else:
        return 0
    return length if place + length <= len(data) else 0


def _id3(data: bytes, place: int) -> int:
    """Return how long the tag (ID3v2) at ``place`` says it is; 0 if there is none."""
    head = data[place : place + ID3_HEADER]
    if len(head) < ID3_HEADER or not head.startswith(b"ID3") or max(head[6:]) > 0x7F:
        return 0
    size = 0
    for byte in head[6:]:
        size = size << 7 | byte
    return ID3_HEADER + size + (ID3_HEADER if head[5] & 0x10 else 0)


def _beginning(data: bytes, start: int, last: int) -> int | None:
    """Return where the first of several frames in a row begins, near ``start``; None if nowhere."""
    while start < len(data) and data[start] == 0:  # what tags are filled up with
        start += 1
    place = data.find(b"\xff", start, start + SOME)
    while place >= 0:
        if _is_row(data, place, last):
            return place
        place = data.find(b"\xff", place + 1, start + SOME)
    return None


def _is_row(data: bytes, place: int, last: int) -> bool:
    """Whether frames of one kind follow each other from ``place`` on, as many as there are room."""
    kind = None
    for count in range(IN_A_ROW):
        frame = _frame(data[place : place + HEADER])
        if frame is None or (kind and frame.kind != kind):
            return count > 0 and (place >= last or _tag(data, place) > 0)
        kind, place = frame.kind, place + frame.size
    return True


def _end(data: bytes) -> int:
    """Return from where on no frame begins: nothing, or what files are filled up with."""
    return min(len(data.rstrip(b"\0")), len(data) - HEADER)


def _announced(data: bytes, place: int) -> tuple[int, int]:
    """Return how many frames the first one says there are, and its size; zeros if it is sound."""
    frame = _frame(data[place : place + HEADER])
    if frame is None:
        return 0, 0
    is_mono = data[place + 3] >> 6 == MONO
    side = (17 if is_mono else 32) if frame.kind[0] == MPEG_1 else (9 if is_mono else 17)
    at = place + HEADER + side
    if data[at : at + 4] in (b"Xing", b"Info"):
        says = bool(data[at + 7 : at + 8] and data[at + 7] & 1)
        return (int.from_bytes(data[at + 8 : at + 12]) if says else 0), frame.size
    at = place + HEADER + 32
    if data[at : at + 4] == b"VBRI":
        return int.from_bytes(data[at + 14 : at + 18]), frame.size
    return 0, 0


def _frame(header: bytes) -> _Frame | None:
    """Return what the header of a frame says; None for what is none of Layer III."""
    if len(header) < HEADER or header[0] != 0xFF:
        return None
    return _told(header[1], header[2])


@cache
def _told(first: int, second: int) -> _Frame | None:
    version, layer = first >> 3 & 3, first >> 1 & 3
    if first < 0xE0 or layer != LAYER_3 or version not in SAMPLING:
        return None
    sampling, padding = second >> 2 & 3, second >> 1 & 1
    if sampling == 3:
        return None
    a_second = SAMPLING[version][sampling]
    bits = (RATES_1 if version == MPEG_1 else RATES_2)[second >> 4] * 1000
    if not bits:
        return None
    samples = 1152 if version == MPEG_1 else 576
    return _Frame(
        (version, a_second), samples // 8 * bits // a_second + padding, samples / a_second
    )
