"""Redraw a picture that came from outside, so that nothing but the picture is kept.

Whatever is not a pixel is left behind with the old file: where and when a photograph was taken,
who owns the camera, a preview, a second file hidden after the end. Only the colour profile stays.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms

__all__ = ["Picture", "PictureRefused", "jpeg_without_metadata", "redraw"]

LONGEST_EDGE = 8_000
QUALITY = 90
ROWS_AT_ONCE = 256
LARGEST_PROFILE = 1_000_000

# How many pixels the header of a file may announce, so that none takes more than some 650 MB of
# memory: a JPEG of the usual kind is made smaller while it is read, and a PNG needs little beside
# its pixels; the others need several times their pixels.
MOST_PIXELS = {"JPEG": 120, "progressive JPEG": 64, "PNG": 120, "WEBP": 32, "HEIF": 64}
MILLION = 1_000_000
MOST_SCANS = 30  # of a progressive JPEG, which commonly has ten; each costs the time of a picture

KEPT_AS = {"JPEG": "JPEG", "MPO": "JPEG", "HEIF": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
MODES = {
    "JPEG": {"L", "RGB"},
    "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
    "WEBP": {"RGB", "RGBA"},
}
PROFILE_SPACES = {"L": b"GRAY", "LA": b"GRAY", "RGB": b"RGB ", "RGBA": b"RGB ", "P": b"RGB "}

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

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


def redraw(data: bytes, *, upright: bool = True) -> Picture:
    """Return the picture of a JPEG, PNG, WebP or HEIC file in a new file, or refuse it.

    A HEIC becomes a JPEG; of a moving picture the first frame is kept. Unless ``upright``, a
    picture that lies on its side goes on lying there, with a note of how to turn it: in a Word
    document, the turn stands in the text as well.
    """
    with _redrawing:
        try:
            return _redraw(data, upright)
        except PictureRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(MOST_PIXELS["JPEG"]) from error
        except MemoryError as error:
            raise PictureRefused("图片太大，服务器打不开：请缩小后再传") from error
        except Exception as error:  # damaged files make decoders raise almost anything
            raise PictureRefused("图片已损坏，打不开：请换一张或重新导出后再传") from error


def _redraw(data: bytes, upright: bool) -> Picture:
    image: Image.Image = Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP", "HEIF"])
    kept_as = KEPT_AS[image.format or ""]
    _check_size(image)
    if kept_as == "JPEG":
        _check_scans(data)
    _load(image)
    turn = _turn_needed(image)
    profile: bytes = image.info.get("icc_profile") or b""
    image = _within_longest_edge(image)
    if upright and turn:
        image = image.transpose(TURNS[turn])
    if image.mode not in MODES[kept_as]:
        image = _converted(image, kept_as, profile)
    return _written(image, kept_as, profile, note_turn=0 if upright else turn)


def _written(image: Image.Image, kept_as: str, profile: bytes, note_turn: int) -> Picture:
    """Return the picture in a file that tells nothing else but what its colours mean."""
    image.info = {key: image.info[key] for key in ("transparency",) if key in image.info}
    options: dict[str, object] = {}
    if profile[16:20] == PROFILE_SPACES.get(image.mode) and len(profile) <= LARGEST_PROFILE:
        options["icc_profile"] = profile
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


def _check_scans(data: bytes) -> None:
    """Refuse a JPEG that would keep the decoder busy for hours."""
    scans = sum(marker == SCAN for marker, _ in _segments(data)) if data[:2] == JPEG_START else 0
    if scans > MOST_SCANS:
        raise PictureRefused("图片的编码方式异常：请用看图软件另存为普通的JPG后再传")


def _load(image: Image.Image) -> None:
    """Read the first frame; a JPEG comes smaller at once if it has to be."""
    if (factor := _factor(image)) > 1:
        image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    _check_size(image)  # a HEIC may turn out larger than it said


def _turn_needed(image: Image.Image) -> int:
    """Return by which of the turns a picture is put upright, or 0."""
    try:
        turn = int(image.getexif().get(ORIENTATION, 0))
    except Exception:  # what a camera noted wrongly does not spoil the picture
        return 0
    return turn if turn in TURNS else 0


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


def _converted(image: Image.Image, kept_as: str, profile: bytes) -> Image.Image:
    """Return a picture in a mode that can be kept: inks as light, on white what has no alpha."""
    if image.mode == "CMYK" and profile:
        try:
            inks = ImageCms.ImageCmsProfile(BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, inks, screen, outputMode="RGB")
        except ImageCms.PyCMSError:
            converted = None
        if converted:
            return converted
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    if kept_as != "JPEG":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


# The segments of a JPEG

JPEG_START = b"\xff\xd8"
JPEG_END = b"\xff\xd9"
SCAN = 0xDA
METADATA = {*range(0xE1, 0xEE), 0xEF, 0xFE}  # all applications but JFIF and Adobe's; comments
SEGMENT = re.compile(rb"\xff+([\xc0-\xcf\xd9-\xfe])")
END_OF_SCAN = re.compile(rb"\xff+[\xc0-\xcf\xd9-\xfe]")


def jpeg_without_metadata(jpeg: bytes) -> bytes:
    """Return a JPEG whose pixels are as they were, without all that is told about them."""
    kept = [segment for marker, segment in _segments(jpeg) if marker not in METADATA]
    return b"".join([JPEG_START, *kept, JPEG_END])


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments of a JPEG, each with its marker, up to the end of the picture."""
    place = len(JPEG_START)
    while (found := SEGMENT.search(jpeg, place)) and found[1] != JPEG_END[1:]:
        place = found.end()
        place += int.from_bytes(jpeg[place : place + 2])
        marker = found[1][0]
        if marker == SCAN:
            end = END_OF_SCAN.search(jpeg, place)
            place = end.start() if end else len(jpeg)
        yield marker, jpeg[found.start() : place]
