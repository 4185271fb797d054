"""Redraw a picture that came from outside, so that nothing but the picture is kept.

Whatever is not a pixel is left behind with the old file: where and when a photograph was taken,
who owns the camera, a preview, a second file hidden after the end. Colours become those of sRGB,
since a colour profile may hold the serial number of a screen.

What goes to the decoders is cut down to what makes up the picture first: they read notes and
profiles at leisure, and a file may consist of nothing else.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import pillow_heif
from PIL import Image, ImageCms

__all__ = ["Picture", "PictureRefused", "jpeg_without_metadata", "redraw"]

LONGEST_EDGE = 8_000
QUALITY = 90
ROWS_AT_ONCE = 256
LARGEST_PROFILE = 4_000_000

# How many pixels the header of a file may announce, so that none takes more than some 650 MB of
# memory: a JPEG of the usual kind is made smaller while it is read, and a PNG needs little beside
# its pixels; the others need several times their pixels.
MOST_PIXELS = {"JPEG": 120, "progressive JPEG": 64, "PNG": 64, "WEBP": 32, "HEIF": 64}
MILLION = 1_000_000
MOST_SCANS = 30  # of a progressive JPEG, which commonly has ten; each costs the time of a picture

KEPT_AS = {"JPEG": "JPEG", "MPO": "JPEG", "HEIF": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
MODES = {
    "JPEG": {"L", "RGB"},
    "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
    "WEBP": {"RGB", "RGBA"},
}
PROFILE_SPACES = {
    "L": b"GRAY",
    "LA": b"GRAY",
    "RGB": b"RGB ",
    "RGBA": b"RGB ",
    "P": b"RGB ",
    "CMYK": b"CMYK",
}

EXIF = b"Exif\0\0"
ORIENTATION = 0x0112
LONG = 4  # a number of four bytes; the usual one is of two
MOST_NOTES = 1_000
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

SRGB = ImageCms.createProfile("sRGB")

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
Image.MAX_IMAGE_PIXELS = (
    MOST_PIXELS["JPEG"] * MILLION
)  # Pillow's own warning begins where we refuse

# Two pictures of the largest size at a time: more of them could exhaust the memory of a server.
_redrawing = threading.BoundedSemaphore(2)


class PictureRefused(Exception):
    """Say in Chinese why a picture cannot be kept, and what helps."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    content: bytes
    extension: str
    width: int
    height: int


def _freely(pixels: int) -> None:
    """Let a picture be read whatever it costs."""


def redraw(data: bytes, *, upright: bool = True, spend: Callable[[int], None] = _freely) -> Picture:
    """Return the picture of a JPEG, PNG, WebP or HEIC file in a new file, or refuse it.

    A HEIC becomes a JPEG; of a moving picture the first frame is kept. Unless ``upright``, a
    picture that lies on its side goes on lying there, with a note of how to turn it: in a Word
    document, the turn stands in the text as well. ``spend`` is told the number of pixels before
    they are read, and may raise ``PictureRefused``.
    """
    with _redrawing:
        try:
            return _redraw(data, upright, spend)
        except PictureRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(MOST_PIXELS["JPEG"]) from error
        except MemoryError as error:
            raise PictureRefused("图片太大，服务器打不开：请缩小后再传") from error
        except Exception as error:  # damaged files make decoders raise almost anything
            raise PictureRefused("图片已损坏，打不开：请换一张或重新导出后再传") from error


def _redraw(data: bytes, upright: bool, spend: Callable[[int], None]) -> Picture:
    data, note = _essentials(data)
    image: Image.Image = Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP", "HEIF"])
    kept_as = KEPT_AS[image.format or ""]
    _check_size(image)
    spend(image.width * image.height)
    _load(image)
    turn = _turn_noted(note or image.info.get("exif") or b"")
    profile: bytes = image.info.get("icc_profile") or b""
    image = _in_colours_of_the_screen(_within_longest_edge(image), profile)
    if upright and turn:
        image = image.transpose(TURNS[turn])
    if image.mode not in MODES[kept_as]:
        image = _converted(image, kept_as)
    return _written(image, kept_as, note_turn=0 if upright else turn)


def _written(image: Image.Image, kept_as: str, note_turn: int) -> Picture:
    """Return the picture in a file that tells nothing else."""
    image.info = {key: image.info[key] for key in ("transparency",) if key in image.info}
    options: dict[str, object] = {}
    if note_turn:
        note = Image.Exif()
        note[ORIENTATION] = note_turn
        options["exif"] = note
    if kept_as != "PNG":
        options["quality"] = QUALITY
    if kept_as == "WEBP":
        options["method"] = 2  # half the time of the usual four, for a few more bytes
    file = BytesIO()
    image.save(file, kept_as, **options)
    return Picture(file.getvalue(), EXTENSIONS[kept_as], *image.size)


def _check_size(image: Image.Image) -> None:
    """Refuse too many pixels, judged by the header."""
    kind = "HEIF" if image.format == "HEIF" else KEPT_AS[image.format or ""]
    if kind == "JPEG" and image.info.get("progressive"):
        kind = "progressive JPEG"
    if image.width * image.height > MOST_PIXELS[kind] * MILLION:
        raise _too_large(MOST_PIXELS[kind])


def _too_large(most: int) -> PictureRefused:
    return PictureRefused(f"图片的像素太多，最多{most * 100}万像素：请缩小后再传")


def _load(image: Image.Image) -> None:
    """Read the first frame; a JPEG comes smaller at once if it has to be."""
    if (factor := _factor(image)) > 1:
        image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    _check_size(image)  # a HEIC may turn out larger than it said


def _turn_noted(note: bytes) -> int:
    """Return by which of the turns a camera says a picture is put upright, or 0.

    Pillow would read all else that is noted as well, which may come to gigabytes.
    """
    note = note.removeprefix(EXIF)
    order: Literal["little", "big"] = "little" if note.startswith(b"II") else "big"
    place = int.from_bytes(note[4:8], order)
    entries = min(int.from_bytes(note[place : place + 2], order), MOST_NOTES)
    for start in range(place + 2, place + 2 + 12 * entries, 12):
        if int.from_bytes(note[start : start + 2], order) == ORIENTATION:
            width = 4 if int.from_bytes(note[start + 2 : start + 4], order) == LONG else 2
            turn = int.from_bytes(note[start + 8 : start + 8 + width], order)
            return turn if turn in TURNS else 0
    return 0


def _within_longest_edge(image: Image.Image) -> Image.Image:
    """Return a picture with no edge longer than is kept, at the cost of little memory."""
    factor = _factor(image)
    if factor <= 1:
        return image
    if image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    width, height = (-(-edge // factor) for edge in image.size)
    smaller = Image.new(image.mode, (width, height))
    for row in range(0, height, ROWS_AT_ONCE):  # Pillow copies what is to be made smaller
        end = min((row + ROWS_AT_ONCE) * factor, image.height)
        rows = image.crop((0, row * factor, image.width, end))
        smaller.paste(rows.reduce(factor), (0, row))
    return smaller


def _factor(image: Image.Image) -> int:
    """Return by how much a picture must be made smaller."""
    return -(-max(image.size) // LONGEST_EDGE)


def _in_colours_of_the_screen(image: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture whose numbers mean colours without its profile, as far as that is sound."""
    if profile[16:20] != PROFILE_SPACES.get(image.mode) or len(profile) > LARGEST_PROFILE:
        return image
    try:
        theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
        if ImageCms.getProfileDescription(theirs).startswith("sRGB"):
            return image
        return _in_srgb(image, theirs)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _in_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    if image.mode in ("L", "RGB") and "transparency" in image.info:
        image = image.convert("LA" if image.mode == "L" else "RGBA")  # one colour is no paint
    if image.mode in ("L", "LA"):
        greys = Image.frombytes("L", (256, 1), bytes(range(256)))
        shown = list(_transformed(greys, profile).getchannel("G").tobytes())
        return image.point(shown if image.mode == "L" else [*shown, *range(256)])
    if image.mode == "P":
        colours = bytes(image.getpalette("RGB") or ())
        palette = Image.frombytes("RGB", (len(colours) // 3, 1), colours)
        image.putpalette(_transformed(palette, profile).tobytes(), "RGB")
        return image
    if image.mode == "CMYK":
        return _transformed(image, profile)
    # in place: a second copy could be a quarter of a gigabyte
    ImageCms.profileToProfile(image, profile, SRGB, inPlace=True)
    return image


def _transformed(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    transformed = ImageCms.profileToProfile(image, profile, SRGB, outputMode="RGB")
    if transformed is None:
        raise ValueError("transformed in place")
    return transformed


def _converted(image: Image.Image, kept_as: str) -> Image.Image:
    """Return a picture in a mode that can be kept: inks as light, on white what has no alpha."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    if kept_as != "JPEG":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


# What makes up a picture


def _essentials(data: bytes) -> tuple[bytes, bytes]:
    """Return a file without what no picture needs, and the note of the camera if it was found."""
    if data.startswith(JPEG_START):
        return _essentials_of_jpeg(data)
    if data.startswith(PNG_START):
        return _essentials_of_png(data)
    return data, b""  # WebP and HEIC are taken apart by libraries in C


def _strange() -> PictureRefused:
    return PictureRefused("图片的编码方式异常：请用看图软件另存为普通的JPG后再传")


# The segments of a JPEG

JPEG_START = b"\xff\xd8"
JPEG_END = b"\xff\xd9"
SCAN = 0xDA
END = 0xD9
NOTE = 0xE1
PROFILE = 0xE2
METADATA = {*range(0xE1, 0xEE), 0xEF, 0xFE}  # all applications but JFIF and Adobe's; comments
# Without a quantifier: of many fill bytes in a row, the last is found at once (ReDoS otherwise).
SEGMENT = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
MOST_SEGMENTS = 500


def jpeg_without_metadata(jpeg: bytes) -> bytes:
    """Return a JPEG whose pixels are as they were, without all that is told about them."""
    kept = [
        segment for marker, segment in _segments(jpeg) if marker not in METADATA and marker != END
    ]
    return b"".join([JPEG_START, *kept, JPEG_END])


def _essentials_of_jpeg(jpeg: bytes) -> tuple[bytes, bytes]:
    kept = [JPEG_START]
    note = b""
    scans = 0
    for marker, segment in _segments(jpeg):
        scans += marker == SCAN
        if scans > MOST_SCANS:  # which would keep the decoder busy for hours
            raise _strange()
        if marker == NOTE and segment.startswith(EXIF, 4):
            note = note or segment[4:]
        if marker not in METADATA or (
            marker == PROFILE and segment.startswith(b"ICC_PROFILE\0", 4)
        ):
            kept.append(segment)
    return b"".join(kept), note


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments of a JPEG, each with its marker, and the end of the picture if it has one.

    Fill bytes before a marker, and whatever stands between segments, are left out.
    """
    place = len(JPEG_START)
    for _ in range(MOST_SEGMENTS):
        found = SEGMENT.search(jpeg, place)
        if not found:
            return
        marker = found[1][0]
        if marker == END:
            yield marker, JPEG_END
            return
        place = found.end()
        place += int.from_bytes(jpeg[place : place + 2])
        if marker == SCAN:
            end = SEGMENT.search(jpeg, place)
            place = end.start() if end else len(jpeg)
        yield marker, jpeg[found.start() : place]
    raise _strange()


# The chunks of a PNG

PNG_START = b"\x89PNG\r\n\x1a\n"
ONCE = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"IEND"}
MOST_CHUNKS = 20_000


def _essentials_of_png(png: bytes) -> tuple[bytes, bytes]:
    kept = [PNG_START]
    seen: set[bytes] = set()
    note = b""
    place = len(PNG_START)
    for _ in range(MOST_CHUNKS):
        if place >= len(png) or b"IEND" in seen:
            return b"".join(kept), note
        kind = png[place + 4 : place + 8]
        end = place + 12 + int.from_bytes(png[place : place + 4])
        if kind == b"IDAT" or (kind in ONCE and kind not in seen):
            kept.append(png[place:end])
        elif kind == b"eXIf":
            note = note or png[place + 8 : end - 4]
        seen.add(kind)
        place = end
    raise _strange()
