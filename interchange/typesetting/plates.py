"""Make pictures ready for the press: upright, no finer than print shows, as JPEG or PNG."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from ..pictures import MILLION, MOST_PIXELS
from .press import TypesettingFailed

__all__ = ["etched", "ratio_of"]

INCH = 25.4
DOTS_PER_INCH = 170
QUALITY = 80
ORIENTATION = 0x0112
ON_ITS_SIDE = (5, 6, 7, 8)
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


def ratio_of(name: str, data: bytes) -> float:
    """Return the width of a picture over its height, read from its head."""
    try:
        width, height = _upright_size(_opened(name, data))
    except (OSError, ValueError, SyntaxError) as error:
        raise _damaged(name) from error
    return width / height


def etched(name: str, data: bytes, width: float, *, grey: bool = False) -> tuple[str, bytes]:
    """Return a picture as fine as print shows it, so many millimetres wide, and its extension.

    ``grey``: without its colours.
    """
    image = _opened(name, data)
    try:
        return _etched(image, max(1, round(width / INCH * DOTS_PER_INCH)), grey=grey)
    except Exception as error:  # damaged files make decoders raise almost anything
        raise _damaged(name) from error


def _etched(image: Image.Image, dots: int, *, grey: bool) -> tuple[str, bytes]:
    share = min(1, dots / _upright_size(image)[0])
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    image.draft(None, size)  # a JPEG is read no larger than about twice what is needed
    upright = ImageOps.exif_transpose(image.resize(size, reducing_gap=2.0))
    file = BytesIO()
    if upright.has_transparency_data:
        coloured = upright.convert("RGBA")
        (coloured.convert("LA") if grey else coloured).save(file, "PNG", optimize=True)
        return ".png", file.getvalue()
    grey = grey or upright.mode in ("1", "L")
    upright.convert("L" if grey else "RGB").save(file, "JPEG", quality=QUALITY, optimize=True)
    return ".jpg", file.getvalue()


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    if image.getexif().get(ORIENTATION, 1) in ON_ITS_SIDE:
        return height, width
    return width, height


def _opened(name: str, data: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except Exception as error:
        raise _damaged(name) from error
    most = MOST_PIXELS.get(str(image.format), MOST_PIXELS["JPEG"])  # an MPO is a JPEG as well
    if image.width * image.height > most * MILLION:
        raise TypesettingFailed(f"图片“{name}”的像素太多，不能排版。请缩小后换上，再重新生成。")
    return image


def _damaged(name: str) -> TypesettingFailed:
    return TypesettingFailed(f"图片“{name}”打不开，不能排版。请换一张图片，再重新生成。")
