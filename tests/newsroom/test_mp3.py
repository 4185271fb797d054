"""What is taken for a recording, and what is kept of it."""

from __future__ import annotations

import random

import pytest

from newsroom import mp3
from newsroom.mp3 import Mp3Refused, read_mp3
from newsroom.ranges import Unsatisfiable, asked_range
from tests.effort import at_most
from tests.sounds import FRAME, LARGE_FRAME, SECRET, id3, silence

V1 = b"TAG" + bytes(125)
EXE = b"MZ\x90\x00\x03" + bytes(range(256)) * 400
HTML = "<!doctype html><title>录音</title><script>alert(1)</script>".encode() * 300


def xing(frames: int) -> bytes:
    """A frame that says how many follow; it plays nothing itself."""
    told = b"Xing" + b"\x00\x00\x00\x01" + frames.to_bytes(4)
    head = LARGE_FRAME[:21]
    return head + told + bytes(len(LARGE_FRAME) - len(head) - len(told))


@pytest.mark.parametrize("seconds", [1.2, 3, 200])
def test_a_recording_plays_as_long_as_its_frames(seconds: float) -> None:
    assert read_mp3(silence(seconds)).seconds == pytest.approx(seconds, abs=0.04)
    frames = round(seconds / (1152 / 44_100))
    assert read_mp3(LARGE_FRAME * frames).seconds == pytest.approx(seconds, abs=0.04)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (id3(), b""),
        (id3(SECRET * 5000), V1),
        (id3() + id3(), V1),
        (id3() + bytes(500), bytes(3000)),
        (b"", b"APETAGEX" + SECRET * 100),
        (b"junk" * 9, b""),
        (b"", FRAME[:20]),
    ],
)
def test_what_stands_around_the_sound_is_left_behind(before: bytes, behind: bytes) -> None:
    assert read_mp3(before + silence() + behind).data == silence()


def ape(content: bytes = SECRET) -> bytes:
    """A tag with a header and a footer."""

    def part(flags: int) -> bytes:
        numbers = (2000, len(content) + 32, 1, flags)
        return b"APETAGEX" + b"".join(n.to_bytes(4, "little") for n in numbers) + bytes(8)

    return part(0xA0000000) + content + part(0x80000000)


@pytest.mark.parametrize("tag", [id3(), V1, ape(), ape() + V1 + id3() * 2 + bytes(9)])
def test_sound_behind_a_tag_is_kept_and_the_tag_is_not(tag: bytes) -> None:
    assert read_mp3(silence(5) + tag + silence(5) + tag).data == silence(5) * 2


def test_files_that_were_joined_play_as_long_as_both() -> None:
    one = id3() + xing(200) + LARGE_FRAME * 200 + V1
    sound = read_mp3(one * 2)
    assert sound.data == LARGE_FRAME * 200 + xing(200) + LARGE_FRAME * 200
    assert sound.seconds == pytest.approx(401 * 1152 / 44_100)


def test_a_tag_that_says_it_is_longer_than_the_file_hides_no_sound() -> None:
    for tag in (b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", b"APETAGEX" + b"\xff" * 24, b"LYRICSBEGIN"):
        assert read_mp3(silence(5) + tag + silence(5)).data == silence(5) * 2


def test_a_little_dirt_between_frames_is_taken_out() -> None:
    assert read_mp3(silence() + b"\xff\xfb dirt" + silence()).data == silence() * 2


def test_the_frame_that_announces_the_others_plays_nothing() -> None:
    sound = read_mp3(id3() + xing(100) + LARGE_FRAME * 100)
    assert sound.seconds == pytest.approx(100 * 1152 / 44_100)
    assert sound.data == xing(100) + LARGE_FRAME * 100


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", mp3.NO_MP3),
        (EXE, mp3.NO_MP3),
        (HTML, mp3.NO_MP3),
        (b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(4000), mp3.NO_MP3),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(4000), mp3.NO_MP3),
        (b"OggS" + bytes(4000), mp3.NO_MP3),
        (b"fLaC" + bytes(4000), mp3.NO_MP3),
        (bytes(100_000), mp3.NO_MP3),
        (b"\xff" * 100_000, mp3.NO_MP3),
        (b"\xff\xfb", mp3.NO_MP3),
        (b"ID3", mp3.NO_MP3),
        (b"ID3\x04\x00\x00\xff\xff\xff\xff" + silence(), mp3.NO_MP3),
        (id3()[:-3], mp3.NO_SOUND),
        (id3(), mp3.NO_SOUND),
        (id3() + bytes(9000), mp3.NO_SOUND),
        (id3(HTML), mp3.NO_SOUND),
        (id3() + HTML, mp3.NO_MP3),
        (xing(0), mp3.NO_SOUND),
        (FRAME * 5, mp3.TOO_SHORT),
        (FRAME, mp3.TOO_SHORT),
        (FRAME[:20], mp3.NO_SOUND),
        (xing(1000) + LARGE_FRAME * 500, mp3.NOT_WHOLE),
        (silence() + HTML + silence(), mp3.DAMAGED),
        (FRAME * 4 + EXE, mp3.DAMAGED),
        (FRAME * 40 + b"\xff" * 100_000, mp3.DAMAGED),
    ],
)
def test_anything_else_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(Mp3Refused, match=r"没有存。.*再传。") as refused:
        read_mp3(data)
    assert str(refused.value) == said


def test_layers_one_and_two_are_none() -> None:
    for second in (0xFD, 0xFF, 0xF9, 0xEB):
        with pytest.raises(Mp3Refused):
            read_mp3((bytes([0xFF, second]) + FRAME[2:]) * 100)


def test_bytes_at_random_are_refused_or_read_and_never_fail() -> None:
    chance = random.Random(3)
    for _ in range(300):
        data = bytearray(id3() + silence(2))
        for _ in range(chance.randrange(60)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        del data[chance.randrange(len(data)) :]
        try:
            sound = read_mp3(bytes(data))
        except Mp3Refused:
            continue
        assert SECRET not in sound.data
        assert sound.seconds >= 1


def test_the_longest_and_the_worst_are_read_in_a_moment() -> None:
    with at_most(10):
        read_mp3(FRAME * (30 * 1024 * 1024 // len(FRAME)))
        read_mp3(FRAME * 3 + (FRAME + b"\0") * (30 * 1024 * 1024 // 37))
        for worst in (b"\xff\xf3" * 15_000_000, b"\xff" * 30_000_000, id3() + bytes(30_000_000)):
            with pytest.raises(Mp3Refused):
                read_mp3(worst)


@pytest.mark.parametrize(
    ("header", "stretch"),
    [
        ("bytes=0-", (0, 100)),
        ("bytes=0-1", (0, 2)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-999", (90, 100)),
        ("bytes=99-", (99, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-999", (0, 100)),
        ("BYTES=0-1", (0, 2)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes= -", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=１-２", None),
        ("bytes=0-" + "9" * 400, None),
        ("", None),
    ],
)
def test_a_part_is_what_was_asked_for(header: str, stretch: tuple[int, int] | None) -> None:
    assert asked_range(header, 100) == stretch


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_nothing_is_there_behind_the_end(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked_range(header, 100)
