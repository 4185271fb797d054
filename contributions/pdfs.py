"""Rebuild a PDF from outside as nothing but pages to be read.

A PDF may start programs, run scripts, carry other files and tell who made it where. The catalogue
and the pages keep what shows something, by name; the rest is not taken along.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf

from interchange.pictures import jpeg_without_metadata

__all__ = ["PdfRefused", "clean_pdf"]

MOST_PAGES = 500
MOST_OBJECTS = 400_000
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
TOLD = (
    "/AA",
    "/AF",
    "/JS",
    "/LastModified",
    "/Metadata",
    "/OpenAction",
    "/PieceInfo",
    "/StructParent",
    "/StructParents",
    "/Thumb",
)
# What a stream may name to be had from another file.
FETCHED = ("/F", "/FFilter", "/FDecodeParms", "/OPI", "/Ref")
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


def clean_pdf(data: bytes) -> bytes:
    """Return a PDF of the same pages that does nothing, or refuse it.

    Comments are left out; a form keeps what has been filled in, as part of the page.
    """
    try:
        with Pdf.open(BytesIO(data), suppress_warnings=True) as pdf:
            return _cleaned(pdf)
    except pikepdf.PasswordError as error:
        raise PdfRefused("PDF有密码：请去掉密码后再传") from error
    except pikepdf.PdfError as error:
        raise PdfRefused("PDF已损坏，打不开：请重新导出后再传") from error


def _cleaned(pdf: Pdf) -> bytes:
    if len(pdf.objects) > MOST_OBJECTS:
        raise PdfRefused("PDF的结构过于复杂：请重新导出后再传")
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
    for thing in pdf.objects:
        _forget(thing)
    if "/Info" in pdf.trailer:
        del pdf.trailer.Info
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


def _forget(thing: Any) -> None:
    """Remove from a part of a PDF what it tells beside what it shows, and what it would fetch."""
    is_stream = isinstance(thing, pikepdf.Stream)
    # In a dictionary without a type, such as one of fonts, the keys are names of its own.
    if not is_stream and not (isinstance(thing, Dictionary) and "/Type" in thing):
        return
    for key in (*TOLD, *FETCHED) if is_stream else TOLD:
        if key in thing:
            del thing[key]
    if is_stream and thing.get("/Filter") == Name.DCTDecode:
        parameters: Any = thing.get("/DecodeParms")
        jpeg = jpeg_without_metadata(thing.read_raw_bytes())
        thing.write(jpeg, filter=Name.DCTDecode, decode_parms=parameters)
