"""Make the pictures of an issue fit to travel inside another file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from ..pictures import PictureRefused, redraw
from ..schema import Issue

__all__ = ["Illustration", "IllustrationRefused", "illustrations", "without_notes"]

# What books, Word and every browser can show; anything else becomes one of these.
FORMATS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "GIF": "gif"}
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
NOTES = {"exif", "xmp", "photoshop", "comment", "XML:com.adobe.xmp"}  # as Pillow calls them
READ = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
QUALITY = 85


class IllustrationRefused(ValueError):
    """Say in Chinese which picture of an issue cannot be taken along, and why."""


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture under a name that every system can read: 01.jpg."""

    name: str
    content: bytes
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """What kind of file it is: image/jpeg."""
        return MEDIA_TYPES[self.name.rpartition(".")[2]]


def illustrations(issue: Issue, picture: Callable[[str], bytes]) -> dict[str, Illustration]:
    """Return the pictures of an issue by the names it has for them, numbered in its order.

    A photograph that tells what a camera or a person noted (the place, the owner) is drawn anew.
    """
    found = {}
    for number, name in enumerate(issue.pictures, start=1):
        try:
            content, extension, size = _fit(picture(name))
        except PictureRefused as error:
            raise IllustrationRefused(f"图片 {name} 不能用：{error}") from error
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise _damaged(name) from error
        found[name] = Illustration(f"{number:02d}.{extension}", content, *size)
    return found


def without_notes(name: str, content: bytes) -> bytes:
    """Return a picture as it is, or drawn anew if a camera or a person noted something in it.

    Raises IllustrationRefused for what is no picture.
    """
    try:
        with Image.open(BytesIO(content), formats=READ) as image:
            tells = not NOTES.isdisjoint(image.info)
        return redraw(content).content if tells else content
    except (PictureRefused, OSError, ValueError, Image.DecompressionBombError) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> IllustrationRefused:
    return IllustrationRefused(
        f"图片 {name} 打不开，可能已损坏或不是图片。文件没有生成，请在图片库里换一张。"
    )


def _fit(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    with Image.open(BytesIO(content), formats=READ) as image:
        kind = FORMATS.get(image.format or "")
        if kind and (kind == "gif" or NOTES.isdisjoint(image.info)):
            image.load()
            return content, kind, image.size
        if kind:
            drawn = redraw(content)
            return drawn.content, drawn.extension.removeprefix("."), (drawn.width, drawn.height)
        see_through = image.has_transparency_data
        drawn_anew = image.convert("RGBA" if see_through else "RGB")
    file = BytesIO()
    if see_through:
        drawn_anew.save(file, "PNG")
    else:
        drawn_anew.save(file, "JPEG", quality=QUALITY)
    return file.getvalue(), "png" if see_through else "jpg", drawn_anew.size
