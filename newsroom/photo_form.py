"""The form of a photo: its words, and its file once."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.images.forms import BaseImageForm

ORIENTATION = 0x0112
# How each kind is saved without loss, or with as little as there was.
HOW: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": "keep"},
    "PNG": {"optimize": False, "save_all": True},
    "WEBP": {"quality": 95, "save_all": True},
    "GIF": {"save_all": True, "comment": b""},
}
# What Pillow calls a JPEG of a telephone that hung a second picture behind its end.
MPO = "MPO"
UNREADABLE = "这张图片打不开，可能已损坏，没有存。请用看图软件另存一份，再传。"
TOO_MANY = "这张动图太大，没有存：各帧加起来的像素太多。请减少帧数或缩小尺寸，再传。"
HELP = {
    "title": "图片存好后不换文件；要换图请另传一张，再在稿件里选它。",
    "caption": "稿件用这张图时抄一份；以后在这里改，已经用它的稿件不变，请在稿件里改。",
}


class PhotoForm(BaseImageForm):
    """Wagtail's form of a picture, less changing the file of one that is there.

    An article names a photo by its key, and what is signed is what that key shows: another picture
    is another photo (docs/adr/0009).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if file := self.fields.get("file"):  # several at once: their words have a form of their own
            file.to_python = _readable(file.to_python)
        if self.instance.pk is not None:
            self.fields.pop("file", None)
            for name in HELP.keys() & self.fields.keys():
                self.fields[name].help_text = HELP[name]

    def clean_file(self) -> Any:
        """Keep the picture and nothing that came with it: where it was taken, by whose camera."""
        file = self.cleaned_data["file"]
        return bare(file) if file else file


def _readable(to_python: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Have a damaged picture refused; Wagtail's own field would fail on one that is cut off."""

    def read(data: Any) -> Any:
        try:
            return to_python(data)
        except (OSError, ValueError, SyntaxError) as broken:
            raise ValidationError(UNREADABLE) from broken

    return read


def bare(file: Any) -> SimpleUploadedFile:
    """Return a picture saved anew, without notes and without what was hung behind its end.

    Whoever opens the address of a photo gets the file as it lies here; a telephone writes into it
    where it stood. Of an animation everything is kept but the notes.
    """
    file.seek(0)
    try:
        with Image.open(file) as image:
            if image.format == MPO:
                image.format = "JPEG"
            kind = image.format or ""
            frames = 1 if kind == "JPEG" else getattr(image, "n_frames", 1)
            # Wagtail takes every picture for a single one.
            if image.width * image.height * frames > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                raise ValidationError(TOO_MANY)
            only = Image.Exif()
            if turned := image.getexif().get(ORIENTATION):
                only[ORIENTATION] = turned
            saved = BytesIO()
            image.save(
                saved,
                kind,
                exif=only.tobytes() if turned else b"",
                icc_profile=image.info.get("icc_profile"),
                **HOW.get(kind, {}),
            )
    except (OSError, ValueError, SyntaxError) as broken:
        raise ValidationError(UNREADABLE) from broken
    return SimpleUploadedFile(file.name, saved.getvalue(), Image.MIME.get(kind, ""))
