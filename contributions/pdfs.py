"""Rebuild a PDF from outside as nothing but pages to be read.

A PDF may start programs, run scripts, carry other files and tell who made it where. The catalogue
and the pages keep what shows something, by name; the rest is not taken along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf

from interchange.pictures import jpeg_without_metadata

__all__ = ["PdfRefused", "clean_pdf"]

MOST_PAGES = 500
MOST_OBJECTS = 50_000
MOST_VALUES = 500_000  # in all dictionaries and lists, which Python walks through
MOST_BYTES_OF_STREAM = 100_000_000  # unpacked

CATALOGUE_KEYS = {"/Type", "/Pages", "/PageLabels", "/OCProperties", "/Lang"}
PAGE_KEYS = {
    "/Type",
    "/Parent",
    "/Resources",
    "/Contents",
    "/MediaBox",
    "/CropBox",
    "/BleedBox",
    "/TrimBox",
    "/ArtBox",
    "/Rotate",
    "/Group",
    "/UserUnit",
    "/Annots",
}
# What any part of a PDF may have beside what it shows.
TOLD = {
    "/AA",
    "/AF",
    "/EF",
    "/EmbeddedFiles",
    "/JS",
    "/JavaScript",
    "/LastModified",
    "/Measure",
    "/Metadata",
    "/OpenAction",
    "/PieceInfo",
    "/PtData",
    "/StructParent",
    "/StructParents",
    "/Thumb",
    "/Usage",
}
# What a stream may name to be had from another file.
FETCHED = {"/F", "/FFilter", "/FDecodeParms", "/OPI", "/Ref"}
# In these a key is a name that the page gives to something, whatever it reads.
NAMING = {
    "/Font",
    "/XObject",
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/Properties",
}
RESOURCES = {"/Resources", "/DR"}
RESOURCE_KEYS = {*NAMING, "/ProcSet"}
OTHER_NAMING = {"/CharProcs", "/Colorants"}
LAYER_KEYS = {"/Type", "/Name"}
LAYER_CHOICE_KEYS = {"/Type", "/OCGs", "/P", "/VE"}
MARK_KEYS = {"/MCID", "/ActualText", "/Lang"}
TRAILER_KEYS = {"/Root", "/Size", "/Encrypt"}
CONTAINERS = (pikepdf.Array, Dictionary, pikepdf.Stream)
LAYERS_SHOWN_KEYS = {"/BaseState", "/Order", "/ON", "/OFF"}
WEB_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)

# The limits hold for the whole process; nothing else in it reads PDFs.
pikepdf.settings.set_qpdf_limits(
    doc_max_warnings=1_000,
    flate_max_memory=MOST_BYTES_OF_STREAM,
    png_max_memory=MOST_BYTES_OF_STREAM,
    run_length_max_memory=MOST_BYTES_OF_STREAM,
    tiff_max_memory=MOST_BYTES_OF_STREAM,
)


class PdfRefused(Exception):
    """Say in Chinese why a PDF cannot be kept, and what helps."""


def _freely(pixels: int) -> None:
    """Let a picture be looked into whatever it costs."""


def clean_pdf(data: bytes, *, spend: Callable[[int], None] = _freely) -> bytes:
    """Return a PDF of the same pages that does nothing, or refuse it.

    Comments are left out; a form keeps what has been filled in, as part of the page.
    ``spend`` is told of each picture before it is looked into; its pixels are never read.
    """
    try:
        with Pdf.open(BytesIO(data), suppress_warnings=True) as pdf:
            return _cleaned(pdf, spend)
    except pikepdf.PasswordError as error:
        raise PdfRefused("PDF有密码：请去掉密码后再传") from error
    except pikepdf.PdfError as error:
        raise PdfRefused("PDF已损坏，打不开：请重新导出后再传") from error


def _cleaned(pdf: Pdf, spend: Callable[[int], None]) -> bytes:
    if len(pdf.objects) > MOST_OBJECTS:
        raise _too_complex()
    if len(pdf.pages) > MOST_PAGES:
        raise PdfRefused(f"PDF有{len(pdf.pages)}页，最多{MOST_PAGES}页：请只传要用的几页")
    for page in pdf.pages:
        _keep_annotations(page.obj, {"/Widget"})
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
    for page in pdf.pages:
        _clean_page(page.obj)
    for key in set(pdf.Root.keys()) - CATALOGUE_KEYS:
        del pdf.Root[key]
    _keep_layers(pdf.Root)
    _keep_keys(pdf.trailer, TRAILER_KEYS)
    naming = _clean_resources(pdf)
    pictures = _Pictures(pdf, spend)
    for part in _parts(pdf):
        if part.objgen not in naming:
            _forget(part)
        if isinstance(part, pikepdf.Stream):
            pictures.clean(part)
    file = BytesIO()
    pdf.save(
        file,
        encryption=False,
        deterministic_id=True,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,  # what is packed is not looked into
    )
    return file.getvalue()


def _clean_page(page: Any) -> None:
    """Leave on a page what shows something, and its links to the web."""
    for key in set(page.keys()) - PAGE_KEYS:
        del page[key]
    links = [_link_to(annotation) for annotation in _annotations(page)]
    if "/Annots" in page:
        del page.Annots
    if kept := [link for link in links if link is not None]:
        page.Annots = pikepdf.Array(kept)


def _keep_annotations(page: Any, kinds: set[str]) -> None:
    """Leave on a page the annotations of some kinds, and the links."""
    annotations = _annotations(page)
    if annotations:
        wanted = {"/Link", *kinds}
        page.Annots = pikepdf.Array(
            [one for one in annotations if str(one.get("/Subtype", "")) in wanted]
        )


def _annotations(page: Any) -> list[Any]:
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return []
    return [one for one in annotations if isinstance(one, Dictionary)]


def _link_to(annotation: Any) -> Any:
    """Return a link to the same address of the web with nothing else about it, or None."""
    action = annotation.get("/A")
    if annotation.get("/Subtype") != Name.Link or not isinstance(action, Dictionary):
        return None
    address = str(action.get("/URI", ""))
    if action.get("/S") != Name.URI or not WEB_ADDRESS.fullmatch(address):
        return None
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=annotation.get("/Rect"),
        Border=[0, 0, 0],
        A=Dictionary(S=Name.URI, URI=pikepdf.String(address)),
    )


def _too_complex() -> PdfRefused:
    return PdfRefused("PDF的结构过于复杂：请重新导出后再传")


def _keep_layers(catalogue: Any) -> None:
    """Leave of the layers which there are and which are shown."""
    if "/OCProperties" not in catalogue:
        return
    layers = catalogue.OCProperties
    del catalogue["/OCProperties"]
    if not isinstance(layers, Dictionary) or "/OCGs" not in layers:
        return
    shown = layers.get("/D")
    kept = (
        {key: shown[key] for key in LAYERS_SHOWN_KEYS & set(shown.keys())}
        if isinstance(shown, Dictionary)
        else {}
    )
    catalogue.OCProperties = Dictionary({"/OCGs": layers.OCGs, "/D": Dictionary(kept)})


def _parts(pdf: Pdf) -> Iterator[Any]:
    """Yield all dictionaries and streams; what one has lost by the next step is not gone into."""
    values = 0
    for whole in list(pdf.objects):
        waiting = [whole]
        while waiting:
            part = waiting.pop()
            if isinstance(part, pikepdf.Array):
                inner = list(part)
            elif isinstance(part, CONTAINERS):
                yield part
                inner = [value for _, value in part.items()]
            else:
                continue
            values += len(inner)
            if values > MOST_VALUES:
                raise _too_complex()
            waiting += [
                value for value in inner if isinstance(value, CONTAINERS) and not value.is_indirect
            ]


def _clean_resources(pdf: Pdf) -> set[tuple[int, int]]:
    """Leave of resources what pages use; return the dictionaries in which keys are mere names."""
    naming: set[tuple[int, int]] = set()
    for part in _parts(pdf):
        for key in RESOURCES & set(part.keys()):
            resources = part[key]
            if not isinstance(resources, Dictionary):
                continue
            _keep_keys(resources, RESOURCE_KEYS)
            naming |= _as_objects(pdf, resources, NAMING)
            for mark in _dictionaries_in(resources.get("/Properties")):
                if mark.get("/Type") not in (Name.OCG, Name.OCMD):
                    _keep_keys(mark, MARK_KEYS)
        naming |= _as_objects(pdf, part, OTHER_NAMING)
    return naming


def _as_objects(pdf: Pdf, part: Any, keys: set[str]) -> set[tuple[int, int]]:
    """Make the dictionaries under some keys objects of their own, by whose numbers to know them."""
    numbers = set()
    for key in keys & set(part.keys()):
        value = part[key]
        if isinstance(value, Dictionary):
            if not value.is_indirect:
                part[key] = value = pdf.make_indirect(value)
            numbers.add(value.objgen)
    return numbers


def _dictionaries_in(names: Any) -> list[Any]:
    if not isinstance(names, Dictionary):
        return []
    return [value for _, value in names.items() if isinstance(value, Dictionary)]


def _keep_keys(part: Any, keys: set[str]) -> None:
    for key in set(part.keys()) - keys:
        del part[key]


def _forget(part: Any) -> None:
    """Remove from a part of a PDF what it tells beside what it shows, and what it would fetch."""
    is_stream = isinstance(part, pikepdf.Stream)
    for key in (TOLD | FETCHED if is_stream else TOLD) & set(part.keys()):
        del part[key]
    kind = part.get("/Type")
    if kind == Name.OCG:
        _keep_keys(part, LAYER_KEYS)
    elif kind == Name.OCMD:
        _keep_keys(part, LAYER_CHOICE_KEYS)
    elif is_stream and kind in (Name.EmbeddedFile, Name.Metadata):
        part.write(b"")  # whatever it is that still leads there
        _keep_keys(part, {"/Length"})


# Pictures


class _Pictures:
    """The pictures of a PDF, which are freed of what is told about them but not redrawn."""

    def __init__(self, pdf: Pdf, spend: Callable[[int], None]) -> None:
        self.pdf = pdf
        self.spend = spend
        self.unpacked = 0

    def clean(self, stream: Any) -> None:
        """Put a JPEG or JPEG 2000 without its metadata, and without another packing around it."""
        filters = _as_list(stream.get("/Filter"))
        if not filters or str(filters[-1]) not in WITHOUT_METADATA:
            return
        self.spend(0)
        settings = _as_list(stream.get("/DecodeParms"))
        settings += [None] * (len(filters) - len(settings))
        content = stream.read_raw_bytes()
        if len(filters) > 1:
            packed = pikepdf.Stream(self.pdf, content)
            packed.Filter = pikepdf.Array(filters[:-1])
            if any(isinstance(setting, Dictionary) for setting in settings[:-1]):
                packed.DecodeParms = pikepdf.Array(
                    [
                        setting if isinstance(setting, Dictionary) else Dictionary()
                        for setting in settings[: len(filters) - 1]
                    ]
                )
            content = packed.read_bytes(pikepdf.StreamDecodeLevel.generalized)
            self.unpacked += len(content)
            if self.unpacked > MOST_BYTES_OF_STREAM:
                raise _too_complex()
        setting = settings[len(filters) - 1]
        stream.write(
            WITHOUT_METADATA[str(filters[-1])](content),
            filter=filters[-1],
            decode_parms=setting if isinstance(setting, Dictionary) else None,
        )


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, pikepdf.Array):
        return list(value)
    return [] if value is None else [value]


def _jpeg2000_without_metadata(content: bytes) -> bytes:
    """Return a JPEG 2000 of those boxes that make up the picture."""
    if not content.startswith(JPEG2000_BOXES):
        return _codestream_without_comments(content)
    return b"".join(
        _box(kind, b"".join(_box(*one) for one in _boxes(inner) if one[0] in HEADER_BOXES))
        if kind == b"jp2h"
        else _box(kind, _codestream_without_comments(inner) if kind == b"jp2c" else inner)
        for kind, inner in _boxes(content)
        if kind in PICTURE_BOXES
    )


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    for _ in range(MOST_BOXES):
        if place + 8 > len(content):
            return
        length = int.from_bytes(content[place : place + 4])
        kind = content[place + 4 : place + 8]
        start = place + 8
        if length == 1:  # the length did not fit
            length = int.from_bytes(content[start : start + 8])
            start += 8
        end = place + length if length else len(content)
        if end < start:
            raise PdfRefused("PDF里有损坏的图片：请重新导出后再传")
        yield kind, content[start:end]
        place = end
    raise _too_complex()


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + kind + content


def _codestream_without_comments(content: bytes) -> bytes:
    """Return the code of a JPEG 2000 without the comments before its first tile."""
    kept = [content[:2]]
    place = 2
    for _ in range(MOST_BOXES):
        marker = content[place : place + 2]
        if not content.startswith(CODE_START) or not marker.startswith(b"\xff"):
            return content
        if marker == FIRST_TILE:
            return b"".join([*kept, content[place:]])
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if marker != COMMENT:
            kept.append(content[place:end])
        place = end
    raise _too_complex()


JPEG2000_BOXES = b"\0\0\0\x0cjP  "
PICTURE_BOXES = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}
HEADER_BOXES = {b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef"}
MOST_BOXES = 1_000
CODE_START = b"\xff\x4f"
FIRST_TILE = b"\xff\x90"
COMMENT = b"\xff\x64"

WITHOUT_METADATA: dict[str, Callable[[bytes], bytes]] = {
    "/DCTDecode": jpeg_without_metadata,
    "/DCT": jpeg_without_metadata,
    "/JPXDecode": _jpeg2000_without_metadata,
}
