"""Name the files of an issue that is written, and keep those of one that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha1
from io import BytesIO
from itertools import chain, count
from pathlib import PurePosixPath
from posixpath import basename
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image

from issues.folio_pages import collection_of_pages
from issues.models import Folio
from newsroom.models import PressPhoto

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

__all__ = ["FileNames", "ImportRefused", "KeptFiles", "Picture"]

# Gives the bytes of a file in ``images/`` by its name.
Picture = Callable[[str], bytes]

PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PDF_START = b"%PDF-"
READING_SIZE = 1600  # pixels, the longer side


class ImportRefused(ValueError):
    """The issue cannot become pages; the message says why, in Chinese. Nothing was written."""


class FileNames:
    """The file names of one export: as stored, with a number where two files have one name."""

    def __init__(self) -> None:
        self._files: dict[str, FieldFile] = {}

    def __call__(self, photo: PressPhoto) -> str:
        """Name the file of a photo."""
        return self.name(photo.file)

    def name(self, file: FieldFile) -> str:
        """Name a stored file, the same one always by the same name."""
        stored = PurePosixPath(str(file.name))
        names = (f"{stored.stem}-{n}{stored.suffix}" for n in count(2))
        return next(
            name
            for name in chain([stored.name], names)
            if self._files.setdefault(name, file).name == file.name
        )

    @property
    def stored(self) -> dict[str, str]:
        """Where each file is stored, by the name it was given."""
        return {name: str(file.name) for name, file in self._files.items()}

    def photo(self, name: str) -> PressPhoto:
        """Return the photo whose file was given this name."""
        photo = self._files[name].instance
        assert isinstance(photo, PressPhoto), name  # noqa: S101  # the caller names a photo
        return photo

    def for_reading(self, name: str) -> bytes:
        """Return a picture in a size for screens: what is larger is made smaller, once."""
        photo = self._files[name].instance
        if not isinstance(photo, PressPhoto) or max(photo.width, photo.height) <= READING_SIZE:
            return self.picture(name)
        rendition = photo.get_rendition(f"max-{READING_SIZE}x{READING_SIZE}")
        with rendition.file.open("rb") as file:
            return bytes(file.read())

    def picture(self, name: str) -> bytes:
        """Return the bytes of a file that was named."""
        with self._files[name].open("rb") as file:
            return bytes(file.read())


class KeptFiles:
    """The files of one import: each picture becomes a photo once, a known one is used again."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._found: dict[str, PressPhoto] = {}
        self.names = FileNames()

    def photo(self, name: str, *, is_page: bool = False) -> PressPhoto:
        """Return the photo whose file this is, made if the library has none; or ImportRefused.

        One that is made for a printed page (``is_page``) lies with those, and goes as they do.
        """
        if name not in self._found:
            content = self._picture(name)
            digest = sha1(content, usedforsecurity=False).hexdigest()
            known = PressPhoto.objects.filter(file_hash=digest)
            # One that came under another name would leave under it, too.
            of_this_name = (photo for photo in known if basename(photo.file.name) == name)
            self._found[name] = next(of_this_name, None) or self._make(
                name, content, digest, is_page=is_page
            )
        return self._found[name]

    def page_pdf(self, name: str, kept: Iterable[Folio]) -> str:
        """Return the stored name of a page's PDF, that of ``kept`` which has the same bytes if any.

        Raises ImportRefused for what is no PDF.
        """
        content = self._picture(name)
        if not content.startswith(PDF_START):
            raise ImportRefused(f"{name} 打不开，可能已损坏或不是PDF。")
        for folio in kept:
            if folio.page_pdf and basename(str(folio.page_pdf.name)) == name:
                with folio.page_pdf.open("rb") as file:
                    if file.read() == content:
                        return str(folio.page_pdf.name)
        field: Any = Folio._meta.get_field("page_pdf")
        path = field.generate_filename(Folio(), name)
        return str(field.storage.save(path, ContentFile(content)))

    def _make(self, name: str, content: bytes, digest: str, *, is_page: bool) -> PressPhoto:
        # Wagtail notes the hash of what comes in by its forms only.
        photo = PressPhoto(title=PurePosixPath(name).stem, file_hash=digest)
        if is_page:
            photo.collection = collection_of_pages()
        try:
            with Image.open(BytesIO(content), formats=PICTURE_FORMATS) as opened:
                opened.load()
            photo.file = ImageFile(BytesIO(content), name=name)
            photo.full_clean(exclude=["file_hash"])
            photo.save()
        except (ValidationError, OSError, ValueError, Image.DecompressionBombError) as error:
            raise ImportRefused(f"图片 {name} 打不开，可能已损坏或不是图片。") from error
        return photo
