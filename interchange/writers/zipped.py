"""Pack files so that equal files make equal bytes."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the first that the form knows: a clock that stands
UNIX, ORDINARY_FILE = 3, 0o100644
PACKED_ALREADY = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


def zip_of(files: Iterable[tuple[str, bytes]], *, stored: tuple[str, ...] = ()) -> bytes:
    """Return a zip of the files in the order given; pictures and those of ``stored`` as they are.

    A name that is not ASCII is marked as UTF-8.
    """
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files:
            member = ZipInfo(name, FIRST_DAY)
            member.create_system = UNIX
            member.external_attr = ORDINARY_FILE << 16
            as_it_is = name in stored or name.lower().endswith(PACKED_ALREADY)
            member.compress_type = ZIP_STORED if as_it_is else ZIP_DEFLATED
            archive.writestr(member, content)
    return packed.getvalue()
