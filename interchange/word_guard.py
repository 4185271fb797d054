"""Refuse what may do harm in a Word document from outside, and strip what tells on its author.

``guard`` looks and changes nothing. ``strip`` builds the document anew out of the parts that make
up its text: what nothing needs is not searched for and removed, it is never taken along.
``beginning`` cuts it short for a screen.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from .pictures import PictureRefused, redraw

__all__ = ["WordRefused", "beginning", "guard", "strip"]

MOST_BYTES = 60_000_000
MOST_BYTES_OF_PART = 40_000_000
MOST_PARTS = 2_000
MOST_NODES = 110_000  # elements and attributes; mammoth needs two seconds for them
DEEPEST_ELEMENT = 100
HIGHEST_RATIO = 200  # of a part unpacked to packed; long tables come to fifty
RATIO_COUNTS_FROM = 1_000_000

TYPES_PART = "[Content_Types].xml"
DOCUMENT_PART = "word/document.xml"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DIRECTORY_ENTRY = b"PK\x01\x02"
XML_PART = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
FOREIGN_FILE = re.compile(r"(?:^|/)(?:embeddings|activex)/", re.IGNORECASE)
DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)

NOT_WORD = "不是Word文档：请用Word或WPS另存为 .docx 再传"
DAMAGED = "Word文档已损坏，打不开：请重新保存后再传"
TOO_LARGE = "Word文档解压后过大：请压缩里面的图片，或分成几份再传"
TOO_MANY_PIXELS = "文档里的图片加起来像素太多，最多6000万：请用Word的“压缩图片”处理，或把照片单独传"
FOREIGN = "Word文档里嵌了别的文件（如Excel表格、公式、控件）：请改成文字或图片再传"
DECLARES = "Word文档含有DTD声明，可能有危险：请用Word或WPS重新保存后再传"


class WordRefused(Exception):
    """Say in Chinese why a Word document cannot be taken, and what helps."""


# Relationships

RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"

# What is a part of the text, by the last word of its relationship, with its content type.
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
TEXT_PARTS = {
    "officeDocument": WORD_TYPE.format("document.main"),
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    **{
        kind: WORD_TYPE.format(kind)
        for kind in (
            "styles",
            "numbering",
            "settings",
            "fontTable",
            "footnotes",
            "endnotes",
            "header",
            "footer",
        )
    },
}
READ_PARTS = {*TEXT_PARTS, "comments"}
FOREIGN_PARTS = {"oleObject", "package", "control", "aFChunk", "subDocument", "attachedToolbars"}
EXTERNAL_REASONS = {
    "image": "Word文档里有从网上链接来的图片，图片并不在文档里：请把图片存下来，重新插入后再传",
    "attachedTemplate": "Word文档套用了外部模板：请把全文复制到一个新建的空白文档里，保存后再传",
}
EXTERNAL = "Word文档引用了外部的文件：请断开链接，或把全文复制到新建的空白文档里再传"
SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|#)[^\s\\]*", re.IGNORECASE)


class Relationship(NamedTuple):
    """What one part of a document has to do with another part, or with the world."""

    id: str
    type: str
    target: str
    is_external: bool

    @property
    def kind(self) -> str:
        """The last word of its type; nothing for types that are no standard."""
        base, _, kind = self.type.rpartition("/")
        return kind if base in RELATIONSHIPS else ""


def _relationships(package: ZipFile, source: str) -> list[Relationship]:
    """Return the relationships of a part, or those of the whole package."""
    folder, name = posixpath.split(source)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if not _has(package, path):
        return []
    return [
        Relationship(
            element.get("Id", ""),
            element.get("Type", ""),
            element.get("Target", ""),
            element.get("TargetMode", "").lower() == "external",
        )
        for element in _parse(package.read(path)).iter("{*}Relationship")
    ]


def _has(package: ZipFile, name: str) -> bool:
    try:
        package.getinfo(name)
    except KeyError:
        return False
    return True


def _resolve(source: str, target: str) -> str:
    """Return the name of the part that a target means."""
    path = posixpath.join("/", posixpath.dirname(source), target)
    return posixpath.normpath(path).lstrip("/")


# Refusing


def guard(data: bytes) -> None:
    """Raise ``WordRefused`` unless a file is a Word document that can be read without danger."""
    if data.startswith(COMPOUND_FILE):
        raise WordRefused("Word文档有密码，或是旧的 .doc 格式：请去掉密码，另存为 .docx 再传")
    if data.count(DIRECTORY_ENTRY) > MOST_PARTS:
        raise WordRefused(TOO_LARGE)
    try:
        with ZipFile(BytesIO(data)) as package:
            _check_names(package)
            _check_sizes(package.infolist())
            _check_parts(package)
            _check_types(package)
            _check_relationships(package)
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        if isinstance(error, BadZipFile) and not data.startswith(b"PK\x03\x04"):
            raise WordRefused(NOT_WORD) from error
        raise WordRefused(DAMAGED) from error
    except (RuntimeError, MemoryError) as error:
        raise WordRefused(DAMAGED) from error


def _check_names(package: ZipFile) -> None:
    names = [part.filename for part in package.infolist()]
    for name in names:
        if re.match(r"[/\\]|\w:", name) or ".." in re.split(r"[/\\]", name):
            raise WordRefused("Word文档里有路径异常的文件：请用Word或WPS重新保存后再传")
        if "vbaproject" in name.lower():
            raise WordRefused(MACROS)
    if len(names) != len({name.casefold() for name in names}):
        raise WordRefused("Word文档里有重名的文件：请用Word或WPS重新保存后再传")
    if TYPES_PART not in names or DOCUMENT_PART not in names:
        raise WordRefused(NOT_WORD)
    if any(FOREIGN_FILE.search(name) for name in names):
        raise WordRefused(FOREIGN)


MACROS = "Word文档里有宏：请另存为不带宏的 .docx 再传"


def _check_sizes(parts: list[ZipInfo]) -> None:
    """Refuse by what the directory announces; more than that, ``zipfile`` never unpacks."""
    if any(part.flag_bits & 0x1 for part in parts):
        raise WordRefused("Word文档有密码：请去掉密码，另存为 .docx 再传")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise WordRefused(TOO_LARGE)
    for part in parts:
        if part.file_size > MOST_BYTES_OF_PART or (
            part.file_size > RATIO_COUNTS_FROM
            and part.file_size > part.compress_size * HIGHEST_RATIO
        ):
            raise WordRefused(TOO_LARGE)
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise WordRefused(DAMAGED)


def _check_parts(package: ZipFile) -> None:
    """Read every part to its end, which also tells whether it is whole."""
    nodes = 0
    for name in package.namelist():
        content = package.read(name)
        if XML_PART.search(name):
            nodes += _count_nodes(content, MOST_NODES - nodes)


def _count_nodes(content: bytes, most: int) -> int:
    """Return how many elements and attributes a part has; refuse declarations unread."""
    if any(declaration in content for declaration in DECLARATIONS):
        raise WordRefused(DECLARES)
    nodes = depth = 0

    def enter(name: str, attributes: list[str]) -> None:
        nonlocal nodes, depth
        nodes += 1 + len(attributes) // 2
        depth += 1
        if nodes > most or depth > DEEPEST_ELEMENT:
            raise WordRefused("Word文档的结构过于复杂：请把全文复制到新建的空白文档里再传")

    def leave(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*declared: object) -> None:
        raise WordRefused(DECLARES)

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.StartDoctypeDeclHandler = refuse  # in whatever encoding it is written
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise WordRefused(DAMAGED) from error
    return nodes


def _check_types(package: ZipFile) -> None:
    types = _parse(package.read(TYPES_PART))
    declared = [element.get("ContentType", "").lower() for element in types.iter("{*}*")]
    if any("macroenabled" in kind or "vbaproject" in kind for kind in declared):
        raise WordRefused(MACROS)


def _check_relationships(package: ZipFile) -> None:
    documents = []
    for path in package.namelist():
        if not path.lower().endswith(".rels"):
            continue
        folder, name = posixpath.split(path)
        source = posixpath.join(posixpath.dirname(folder), name[: -len(".rels")])
        for relationship in _relationships(package, source):
            _check_relationship(relationship)
            if not source and relationship.kind == "officeDocument":
                documents.append(_resolve(source, relationship.target))
    if documents != [DOCUMENT_PART]:
        raise WordRefused(NOT_WORD)


def _check_relationship(relationship: Relationship) -> None:
    kind, target = relationship.kind, relationship.target
    if kind in FOREIGN_PARTS:
        raise WordRefused(FOREIGN)
    if relationship.is_external and kind != "hyperlink":
        raise WordRefused(EXTERNAL_REASONS.get(kind, EXTERNAL))
    # A part that is read as XML has been looked at as XML.
    if not relationship.is_external and kind in READ_PARTS and not target.endswith(".xml"):
        raise WordRefused(DAMAGED)


def _parse(content: bytes) -> Any:
    """Return the root of a part that declares nothing, without what Word would not show."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise WordRefused(DAMAGED) from error


# Cutting short

NODES_SHOWN = 15_000  # mammoth needs a third of a second for them
NODES_READ = 40_000  # with the styles, the lists and the notes
SHOWN_PARTS = ("styles", "numbering", "footnotes", "endnotes")
NOTE_REFERENCES = {"footnotes": "footnoteReference", "endnotes": "endnoteReference"}
NO_TEXT = ("blip", "imagedata")


def beginning(data: bytes, *, characters: int) -> tuple[bytes, bool]:
    """Return a document with the first words of another, and whether there are more in that.

    It is quick to read, however long the other one is; it has no pictures.
    """
    guard(data)
    with ZipFile(BytesIO(data)) as package:
        root = _parse(package.read(DOCUMENT_PART))
        etree.strip_elements(root, *(f"{{*}}{name}" for name in NO_TEXT), with_tail=False)
        nodes, is_cut = _cut(root, NODES_SHOWN, characters)
        parts = {
            name: package.read(name)
            for name in (TYPES_PART, "_rels/.rels", "word/_rels/document.xml.rels")
            if _has(package, name)
        }
        for relationship in _relationships(package, DOCUMENT_PART):
            name = _resolve(DOCUMENT_PART, relationship.target)
            is_wanted = relationship.kind in SHOWN_PARTS and not relationship.is_external
            if is_wanted and name not in parts and _has(package, name):
                content = package.read(name)
                nodes += _count_nodes(content, MOST_NODES)
                if nodes <= NODES_READ:
                    parts[name] = content
                elif reference := NOTE_REFERENCES.get(relationship.kind):
                    etree.strip_elements(root, f"{{*}}{reference}", with_tail=False)
                    is_cut = True
        parts[DOCUMENT_PART] = _written(root)
    return _zipped(parts), is_cut


def _cut(root: Any, most_nodes: int, most_characters: int) -> tuple[int, bool]:
    """Remove what comes after so many nodes or characters; return the nodes left, and if it did."""
    nodes = characters = 0
    for element in _elements(root):
        nodes += 1 + len(element.attrib)
        if nodes > most_nodes or characters > most_characters:
            _remove_from(element)
            return nodes, True
        characters += len(element.text or "")
    return nodes, False


def _remove_from(element: Any) -> None:
    """Remove an element and all that follows it."""
    for outer in [element, *element.iterancestors()][:-1]:
        parent = outer.getparent()
        start = parent.index(outer) + (outer is not element)
        del parent[start:]


# Stripping

AUTHOR = "作者"  # what Word itself puts for a removed name

WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
OFFICE = "urn:schemas-microsoft-com:office:office"

# Comments, who may edit what, data behind the text; and the codes of fields, of which the text
# they came to stays: a field may fetch files or start programs (DDEAUTO, INCLUDEPICTURE).
LEFT_OUT = {
    "commentRangeStart",
    "commentRangeEnd",
    "commentReference",
    "annotationRef",
    "permStart",
    "permEnd",
    "dataBinding",
    "rsid",
    "fldChar",
    "instrText",
    "delInstrText",
    "altChunk",
    "subDoc",
    "customXmlPr",
    "smartTagPr",
}
# What is around text and says whose form or dictionary it is from; the text stays.
WRAPPINGS = {"fldSimple", "customXml", "smartTag"}
KEPT_SETTINGS = {
    "zoom",
    "trackRevisions",
    "defaultTabStop",
    "evenAndOddHeaders",
    "drawingGridHorizontalSpacing",
    "drawingGridVerticalSpacing",
    "displayHorizontalDrawingGridEvery",
    "displayVerticalDrawingGridEvery",
    "characterSpacingControl",
    "noLineBreaksAfter",
    "noLineBreaksBefore",
    "footnotePr",
    "endnotePr",
    "compat",
    "mathPr",
    "themeFontLang",
    "clrSchemeMapping",
    "decimalSymbol",
    "listSeparator",
}
OBJECTS = ("ext", "drawing", "pict", "object")  # what goes as a whole if it shows a missing part
LINKS = {"hlinkClick", "hlinkHover", "hlinkMouseOver"}
TOLD_ATTRIBUTES = {"date", "dateUtc", "initials"}
FOLDERS = re.compile(r"^(?:[A-Za-z]:|\\\\|file:|/).*[\\/]", re.DOTALL)
NAMING_ATTRIBUTES = {"name", "descr", "title", f"{{{OFFICE}}}title"}

CORE_PART = "docProps/core.xml"
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
CORE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}
MOST_PIXELS = 60_000_000  # in all pictures together
REDRAWN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def _freely(pixels: int) -> None:
    """Let a picture be read whatever it costs."""


def strip(data: bytes, *, spend: Callable[[int], None] = _freely) -> bytes:
    """Return a guarded document without its metadata, comments and the names of its authors.

    Changes that were tracked stay, by nobody. Pictures are redrawn; those that are neither JPEG
    nor PNG are left out. The codes of fields are left out, so that page numbers stand still.
    ``spend`` is told the pixels of each picture before they are read, as by ``redraw``.
    """
    guard(data)
    with ZipFile(BytesIO(data)) as package:
        rebuilt = _Rebuilt(package, spend)
        rebuilt.add_text_part(DOCUMENT_PART, "officeDocument")
        return rebuilt.written()


@dataclass
class _Rebuilt:
    """A document that is being put together out of parts of another."""

    package: ZipFile
    spend: Callable[[int], None]
    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)  # old names to new, "" if left out
    pixels: int = 0

    def add_text_part(self, name: str, kind: str) -> None:
        """Add a part, cleaned, with all parts that it has to do with."""
        self.types[name] = TEXT_PARTS[kind]
        root = _parse(self.package.read(name))
        relationships = _element(PACKAGE_RELATIONSHIPS, "Relationships")
        kept: set[str] = set()
        for relationship in _relationships(self.package, name):
            if target := self._keep(name, relationship):
                kept.add(relationship.id)
                _add_relationship(relationships, relationship, target)
        if kind == "settings":
            for setting in list(root):
                if _local(setting) not in KEPT_SETTINGS:
                    root.remove(setting)
        _clean(root, kept)
        self.parts[name] = _written(root)
        if len(relationships):
            folder, file = posixpath.split(name)
            self.parts[f"{folder}/_rels/{file}.rels"] = _written(relationships)

    def _keep(self, source: str, relationship: Relationship) -> str:
        """Return the target of a relationship in the new document, or nothing if it has none."""
        if relationship.is_external:
            return relationship.target if SAFE_LINK.fullmatch(relationship.target) else ""
        name = _resolve(source, relationship.target)
        if not name.startswith("word/") or not _has(self.package, name):
            return ""
        if relationship.kind == "image":
            name = self._add_picture(name)
        elif source != DOCUMENT_PART or relationship.kind not in TEXT_PARTS:
            return ""
        elif name not in self.types:
            self.add_text_part(name, relationship.kind)
        return posixpath.relpath(name, posixpath.dirname(source)) if name else ""

    def _add_picture(self, name: str) -> str:
        """Add a picture, redrawn, and return its new name."""
        if name not in self.pictures:
            content = self.package.read(name)
            self.pictures[name] = ""
            if content.startswith(REDRAWN):
                try:
                    picture = redraw(content, upright=False, spend=self._spend)
                except PictureRefused as error:
                    reason = f"Word文档里的图片“{posixpath.basename(name)}”不能收：{error}"
                    raise WordRefused(reason) from error
                new = f"word/media/image{len(self.pictures)}{picture.extension}"
                self.pictures[name] = new
                self.parts[new] = picture.content
        return self.pictures[name]

    def _spend(self, pixels: int) -> None:
        self.pixels += pixels
        if self.pixels > MOST_PIXELS:
            raise PictureRefused(TOO_MANY_PIXELS)
        self.spend(pixels)

    def written(self) -> bytes:
        """Return the new document."""
        types = _element(TYPES, "Types")
        media = MEDIA_TYPES | {".rels": "application/vnd.openxmlformats-package.relationships+xml"}
        for extension, kind in media.items():
            _add(types, TYPES, "Default", Extension=extension[1:], ContentType=kind)
        for name, kind in (self.types | {CORE_PART: CORE_TYPE}).items():
            _add(types, TYPES, "Override", PartName=f"/{name}", ContentType=kind)
        top = _element(PACKAGE_RELATIONSHIPS, "Relationships")
        [document] = [
            one for one in _relationships(self.package, "") if one.kind == "officeDocument"
        ]
        core = Relationship(
            f"{document.id}-core",
            f"{PACKAGE_RELATIONSHIPS}/metadata/core-properties",
            CORE_PART,
            False,
        )
        for relationship in (document, core):
            _add_relationship(top, relationship, relationship.target)
        parts = {
            TYPES_PART: _written(types),
            "_rels/.rels": _written(top),
            CORE_PART: _written(_element(CORE_NAMESPACE, "coreProperties")),
            **self.parts,
        }
        return _zipped(parts)


def _zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(ZipInfo(name, LONG_AGO), content, ZIP_DEFLATED)
    return file.getvalue()


def _add_relationship(relationships: Any, relationship: Relationship, target: str) -> None:
    attributes = {"TargetMode": "External"} if relationship.is_external else {}
    attributes |= {"Id": relationship.id, "Type": relationship.type, "Target": target}
    _add(relationships, PACKAGE_RELATIONSHIPS, "Relationship", **attributes)


def _clean(root: Any, kept: set[str]) -> None:
    """Remove from a part what is left out, what tells on people, and what leads nowhere."""
    for element in list(_elements(root)):
        if element.getparent() is None:  # removed with something around it; or the root
            continue
        name = _local(element)
        if name in LEFT_OUT:
            _remove(element)
        elif name in WRAPPINGS:
            _unwrap(element)
        elif any(value and value not in kept for value in _references(element)):
            if name == "hyperlink":
                _unwrap(element)
            else:
                _remove(element if name in LINKS else _whole(element))
        else:
            _clean_attributes(element)


def _clean_attributes(element: Any) -> None:
    for attribute, value in element.items():
        name = etree.QName(attribute)
        is_word = name.namespace in WORD
        if is_word and name.localname == "author":
            element.set(attribute, AUTHOR)
        elif name.namespace and (
            name.localname in TOLD_ATTRIBUTES or (is_word and name.localname.startswith("rsid"))
        ):
            del element.attrib[attribute]
        elif attribute in NAMING_ATTRIBUTES and FOLDERS.match(value):
            element.set(attribute, FOLDERS.sub("", value))


def _references(element: Any) -> list[str]:
    """Return the relationships that an element uses."""
    return [
        value
        for attribute, value in element.items()
        if etree.QName(attribute).namespace in RELATIONSHIPS or attribute == f"{{{OFFICE}}}relid"
    ]


def _whole(element: Any) -> Any:
    """Return the smallest object around an element that can be missed as a whole."""
    return next(element.iterancestors(*(f"{{*}}{name}" for name in OBJECTS)), element)


def _remove(element: Any) -> None:
    """Remove an element with all that is in it, which thereby has no parent."""
    for inner in list(_elements(element)):
        inner.getparent().remove(inner)


def _unwrap(element: Any) -> None:
    """Put what is in an element in its place, wherever among thousands that is."""
    for inner in list(element):
        element.addprevious(inner)
    element.getparent().remove(element)


def _elements(root: Any) -> Iterator[Any]:
    """Yield an element and all in it; a document has nothing else after parsing."""
    yield from root.iter("{*}*")


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _element(namespace: str, name: str) -> Any:
    return etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace})


def _add(parent: Any, namespace: str, name: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
