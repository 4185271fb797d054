"""The parts of a Word document that are not its text: styles, settings, what leads where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..for_readers import title_of
from ..schema import Issue
from ..word_styles import TABLE, HouseStyle
from .illustrations import MEDIA_TYPES, Illustration
from .markup import Markup, element

SCHEMAS = "http://schemas.openxmlformats.org"
WORD = f"{SCHEMAS}/wordprocessingml/2006/main"
OFFICE = f"{SCHEMAS}/officeDocument/2006/relationships"
PACKAGE = f"{SCHEMAS}/package/2006"
NAMESPACES = {
    "xmlns:w": WORD,
    "xmlns:r": OFFICE,
    "xmlns:wp": f"{SCHEMAS}/drawingml/2006/wordprocessingDrawing",
    "xmlns:a": f"{SCHEMAS}/drawingml/2006/main",
    "xmlns:pic": f"{SCHEMAS}/drawingml/2006/picture",
}
VENDOR = "application/vnd.openxmlformats"
KINDS_OF_PART = {
    "word/document.xml": "wordprocessingml.document.main",
    "word/styles.xml": "wordprocessingml.styles",
    "word/settings.xml": "wordprocessingml.settings",
    "word/footer1.xml": "wordprocessingml.footer",
}
SONG, HEI, KAI = "宋体", "黑体", "楷体"


def xml(root: Markup) -> bytes:
    """Return a part as a file."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{root}'.encode()


def w(name: str, /, *content: str, **attributes: str | int) -> Markup:
    """Return an element of WordprocessingML, its attributes of the same namespace."""
    return element(
        f"w:{name}", *content, **{f"w:{key}": value for key, value in attributes.items()}
    )


# Styles


@dataclass(frozen=True, slots=True)
class _Look:
    """How a style looks; sizes in half points, spaces in twentieths of a point."""

    font: str
    size: int
    align: Literal["center", "left", "right", "both"] = "center"
    bold: bool = False
    before: int = 0
    after: int = 0
    level: int | None = None  # in the outline
    keep: bool = False  # with what follows


LOOKS = {
    HouseStyle.PAPER: _Look(SONG, 56, bold=True),
    HouseStyle.DATE: _Look(SONG, 21, after=240),
    HouseStyle.FOLIO: _Look(HEI, 28, "left", before=240, after=120, level=0, keep=True),
    HouseStyle.SECTION: _Look(HEI, 21, "left", before=240, keep=True),
    HouseStyle.KICKER: _Look(KAI, 28, before=360, keep=True),
    HouseStyle.HEADLINE: _Look(HEI, 44, bold=True, before=120, after=60, level=1, keep=True),
    HouseStyle.SUBHEAD: _Look(KAI, 28, after=120, keep=True),
    HouseStyle.STANDFIRST: _Look(KAI, 21, "both", before=60, after=120),
    HouseStyle.CROSSHEAD: _Look(HEI, 24, before=180, after=120, level=2, keep=True),
    HouseStyle.BYLINE: _Look(KAI, 21, "right"),
    HouseStyle.PICTURE: _Look(SONG, 21, before=120, keep=True),
    HouseStyle.CAPTION: _Look(KAI, 18, after=120),
    HouseStyle.QUOTE: _Look(KAI, 21, "both", before=120),
    HouseStyle.SOURCE: _Look(KAI, 21, "right", after=120),
    HouseStyle.TABLE_CAPTION: _Look(HEI, 18, before=120, after=60, keep=True),
    HouseStyle.CELL: _Look(SONG, 18, "left"),
    HouseStyle.NOTE: _Look(SONG, 18, "both", before=120, after=120),
    HouseStyle.CORRECTION: _Look(SONG, 18, "both", before=120),
    HouseStyle.IMPRINT: _Look(SONG, 18),
}


def style_sheet() -> bytes:
    """Return the styles: Word's own for running text, indented by two characters, and ours."""
    return xml(
        element(
            "w:styles",
            w("docDefaults", w("rPrDefault", w("rPr", _fonts(SONG), *_size(21), _language()))),
            w(
                "style",
                w("name", val="Normal"),
                w("qFormat"),
                w(
                    "pPr",
                    *(w(name, val=0) for name in ("autoSpaceDE", "autoSpaceDN")),
                    w("spacing", line=360, lineRule="auto"),
                    w("ind", firstLineChars=200, firstLine=420),
                    w("jc", val="both"),
                ),
                type="paragraph",
                default=1,
                styleId="Normal",
            ),
            *(_style(style, look) for style, look in LOOKS.items()),
            _table_style(),
            **NAMESPACES,
        )
    )


def _style(style: HouseStyle, look: _Look) -> Markup:
    outline = "" if look.level is None else w("outlineLvl", val=look.level)
    return w(
        "style",
        w("name", val=style.value),
        w("basedOn", val="Normal"),
        w("qFormat"),
        w(
            "pPr",
            w("keepNext") if look.keep else "",
            w("spacing", before=look.before, after=look.after),
            w("ind", firstLineChars=0, firstLine=0),
            w("jc", val=look.align),
            outline,
        ),
        w("rPr", _fonts(look.font), w("b") if look.bold else "", *_size(look.size)),
        type="paragraph",
        customStyle=1,
        styleId=style.name,
    )


def _table_style() -> Markup:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = (w(side, val="single", sz=4, space=0, color="auto") for side in sides)
    return w(
        "style",
        w("name", val=TABLE),
        w("tblPr", w("tblBorders", *borders)),
        w("tblStylePr", w("rPr", w("b")), type="firstRow"),
        type="table",
        customStyle=1,
        styleId="TABLE",
    )


def _fonts(chinese: str) -> Markup:
    return w("rFonts", ascii="Times New Roman", hAnsi="Times New Roman", eastAsia=chinese)


def _size(half_points: int) -> tuple[Markup, Markup]:
    return w("sz", val=half_points), w("szCs", val=half_points)


def _language() -> Markup:
    return w("lang", val="en-US", eastAsia="zh-CN")


# The rest of the package


def _content_types() -> bytes:
    types = [("rels", f"{VENDOR}-package.relationships+xml"), ("xml", "application/xml")]
    parts = [(name, f"{VENDOR}-officedocument.{kind}+xml") for name, kind in KINDS_OF_PART.items()]
    parts.append(("docProps/core.xml", f"{VENDOR}-package.core-properties+xml"))
    return xml(
        element(
            "Types",
            *(
                element("Default", Extension=extension, ContentType=kind)
                for extension, kind in [*types, *MEDIA_TYPES.items()]
            ),
            *(element("Override", PartName=f"/{name}", ContentType=kind) for name, kind in parts),
            xmlns=f"{PACKAGE}/content-types",
        )
    )


def _relations(told: Iterable[Markup]) -> bytes:
    return xml(element("Relationships", *told, xmlns=f"{PACKAGE}/relationships"))


def _relation(key: str, kind: str, target: str, *, outside: bool = False) -> Markup:
    mode = {"TargetMode": "External"} if outside else {}
    return element("Relationship", Id=key, Type=kind, Target=target, **mode)


def relations(media: Iterable[Illustration], addresses: Iterable[str]) -> bytes:
    """Return what the document's text means by its keys: pictures, addresses of links."""
    told = [
        _relation(name, f"{OFFICE}/{name}", f"{file}.xml")
        for name, file in (("styles", "styles"), ("settings", "settings"), ("footer", "footer1"))
    ]
    told += [
        _relation(f"picture{number}", f"{OFFICE}/image", f"media/{picture.name}")
        for number, picture in enumerate(media, start=1)
    ]
    told += [
        _relation(f"link{number}", f"{OFFICE}/hyperlink", address, outside=True)
        for number, address in enumerate(addresses, start=1)
    ]
    return _relations(told)


def core_properties(issue: Issue) -> bytes:
    """Return what the document says of itself; it was made on the day of the issue."""
    moment = f"{issue.date.isoformat()}T00:00:00Z"
    return xml(
        element(
            "cp:coreProperties",
            element("dc:title", f"《{issue.imprint.name}》{title_of(issue)}"),
            element("dc:creator", issue.imprint.publisher or issue.imprint.name),
            *(
                element(f"dcterms:{name}", moment, **{"xsi:type": "dcterms:W3CDTF"})
                for name in ("created", "modified")
            ),
            **{
                "xmlns:cp": f"{PACKAGE}/metadata/core-properties",
                "xmlns:dc": "http://purl.org/dc/elements/1.1/",
                "xmlns:dcterms": "http://purl.org/dc/terms/",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            },
        )
    )


def _footer() -> bytes:
    """Return the foot of every page: its number."""
    number = element("w:fldSimple", w("r", w("t", "1")), **{"w:instr": " PAGE "})
    plain = w("pPr", w("ind", firstLineChars=0, firstLine=0), w("jc", val="center"))
    return xml(element("w:ftr", w("p", plain, number), **NAMESPACES))


def _settings() -> bytes:
    """Return the settings: no document of an old Word; a line that is ended by hand stays short."""
    mode = w(
        "compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    return xml(element("w:settings", w("compat", w("doNotExpandShiftReturn"), mode), **NAMESPACES))


CONTENT_TYPES = _content_types()
PACKAGE_RELATIONS = _relations(
    [
        _relation("document", f"{OFFICE}/officeDocument", "word/document.xml"),
        _relation("core", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ]
)
FOOTER = _footer()
SETTINGS = _settings()
