"""Word documents from outside: the harmful refused, the harmless kept without their authors."""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import docx
import mammoth
import pytest
from docx.shared import Cm
from PIL import Image

from interchange.word_guard import WordRefused, beginning, guard, strip
from tests.effort import at_most

DOCUMENT = "word/document.xml"
RELATIONSHIPS = "word/_rels/document.xml.rels"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PICTURE_TEXT = "hidden-in-the-picture"


def picture(kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, kind, **options)
    return file.getvalue()


def located() -> bytes:
    """Return a photograph that tells where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PICTURE_TEXT
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def document() -> bytes:
    written = docx.Document()
    written.core_properties.author = "张三丰"
    written.core_properties.last_modified_by = "李四光"
    written.core_properties.comments = "内部资料"
    paragraph = written.add_paragraph("正文第一段。")
    written.add_comment(paragraph.runs, text="删掉这句", author="王五", initials="WW")
    written.add_picture(BytesIO(located()), width=Cm(3))
    written.sections[0].header.paragraphs[0].text = "页眉"
    file = BytesIO()
    written.save(file)
    return file.getvalue()


def with_parts(
    data: bytes | None = None, compression: int = ZIP_DEFLATED, **changes: str | bytes
) -> bytes:
    """Return a document with parts added or replaced, by name."""
    file = BytesIO()
    with ZipFile(BytesIO(data or document())) as old, ZipFile(file, "w", compression) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return file.getvalue()


def edited(name: str, edit: Callable[[str], str], data: bytes | None = None) -> bytes:
    data = data or document()
    return with_parts(data, **{name: edit(part(data, name))})


def part(data: bytes, name: str) -> str:
    with ZipFile(BytesIO(data)) as package:
        return package.read(name).decode()


def with_body(xml: str) -> bytes:
    return edited(DOCUMENT, lambda old: re.sub(r"(<w:body>)", rf"\1{xml}", old))


def related(kind: str, target: str, mode: str = "External") -> bytes:
    added = f'<Relationship Id="rX" Type="{TYPE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return edited(
        RELATIONSHIPS, lambda old: old.replace("</Relationships>", f"{added}</Relationships>")
    )


def declared(declaration: str) -> str:
    return f"<?xml version='1.0'?>{declaration}<w:document xmlns:w='x'/>"


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(12)
)
XXE = declared('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
BILLION = f"<!DOCTYPE d [{LAUGHS}]><d>&l11;</d>"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "不是Word文档"),
    "no zip": (lambda: b"\x7fELF" + bytes(500), "不是Word文档"),
    "another zip": (lambda: only({"a.txt": "甲"}), "不是Word文档"),
    "a spreadsheet": (lambda: spreadsheet(), "不是Word文档"),
    "an encrypted document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "密码"),
    "an encrypted zip": (lambda: encrypted(), "密码"),
    "half a document": (lambda: document()[:9_000], "已损坏"),
    "a changed byte": (lambda: changed_byte(), "已损坏"),
    "another compression": (lambda: with_parts(compression=ZIP_BZIP2), "已损坏"),
    "broken xml": (lambda: with_parts(**{DOCUMENT: "<w:document>"}), "已损坏"),
    "an external entity": (lambda: with_parts(**{DOCUMENT: XXE}), "DTD"),
    "an entity in utf-16": (lambda: with_parts(**{DOCUMENT: XXE.encode("utf-16")}), "DTD"),
    "an entity in relationships": (lambda: with_parts(**{RELATIONSHIPS: XXE}), "DTD"),
    "an entity in a part of no use": (lambda: with_parts(**{"customXml/a.xml": XXE}), "DTD"),
    "a billion laughs": (lambda: with_parts(**{"word/styles.xml": BILLION}), "DTD"),
    "a zip bomb": (lambda: with_parts(**{"word/media/a.png": bytes(39_000_000)}), "过大"),
    "one large part": (lambda: with_parts(**{"a.bin": bytes(41_000_000)}), "过大"),
    "many parts": (lambda: with_parts(**{f"p{n}.bin": "" for n in range(2_001)}), "过大"),
    "many elements": (lambda: with_many_elements(), "过于复杂"),
    "deep elements": (lambda: with_body("<w:ins>" * 300 + "</w:ins>" * 300), "过于复杂"),
    "a way out": (lambda: with_parts(**{"word/../../etc/passwd": "x"}), "路径异常"),
    "a way out of windows": (lambda: with_parts(**{"word\\..\\a": "x"}), "路径异常"),
    "an absolute name": (lambda: with_parts(**{"/etc/passwd": "x"}), "路径异常"),
    "a drive": (lambda: with_parts(**{"C:/a": "x"}), "路径异常"),
    "names that differ by case": (lambda: with_parts(**{"WORD/document.xml": "<a/>"}), "重名"),
    "macros": (lambda: with_parts(**{"word/vbaProject.bin": "x"}), "宏"),
    "macros by type": (lambda: with_macro_type(), "宏"),
    "an embedded file": (lambda: with_parts(**{"word/embeddings/a.bin": "x"}), "嵌了别的文件"),
    "a control": (lambda: with_parts(**{"word/activeX/activeX1.xml": "<a/>"}), "嵌了别的文件"),
    "an object elsewhere": (lambda: related("oleObject", "a.bin", "Internal"), "嵌了别的文件"),
    "a chunk of html": (lambda: related("aFChunk", "a.html", "Internal"), "嵌了别的文件"),
    "a picture of the web": (lambda: related("image", "http://evil.example/a.png"), "链接来的图片"),
    "a file of this machine": (lambda: related("image", "file:///etc/passwd"), "链接来的图片"),
    "a template": (lambda: related("attachedTemplate", "http://evil.example/a.dotm"), "外部模板"),
    "a frame": (lambda: related("frame", "http://evil.example/"), "外部的文件"),
    "styles that are no xml": (lambda: related("styles", "media/a.png", "Internal"), "已损坏"),
}  # fmt: skip


def only(parts: dict[str, str]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def with_many_elements() -> bytes:
    return with_body("".join(f"<w:p w:a='{n}'/>" for n in range(110_001)))


def spreadsheet() -> bytes:
    return only({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"})


def with_macro_type() -> bytes:
    usual = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return edited("[Content_Types].xml", lambda old: old.replace(usual, MACRO_TYPE))


def encrypted() -> bytes:
    data = bytearray(document())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def changed_byte() -> bytes:
    data = bytearray(document())
    place = data.index(DOCUMENT.encode()) + len(DOCUMENT) + 60
    data[place] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize("case", HOSTILE)
def test_harmful_document_is_refused_at_once_with_the_reason(case: str) -> None:
    make, reason = HOSTILE[case]
    data = make()
    with at_most(1), pytest.raises(WordRefused, match=reason):
        guard(data)


def test_part_that_stands_twice_is_refused() -> None:
    file = BytesIO(document())
    with ZipFile(file, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(DOCUMENT, "<a/>")
    with pytest.raises(WordRefused, match="重名"):
        guard(file.getvalue())


def test_good_document_passes() -> None:
    guard(document())
    guard(related("hyperlink", "https://www.example.com/"))


@pytest.mark.parametrize("length", range(0, 12_000, 997))
def test_nothing_but_a_refusal_comes_of_a_cut_document(length: int) -> None:
    with pytest.raises(WordRefused):
        strip(document()[:length])


# Stripping


def everything(data: bytes) -> bytes:
    """Return all that is in a document, names and contents."""
    with ZipFile(BytesIO(data)) as package:
        return b"\n".join(name.encode() + package.read(name) for name in package.namelist())


def test_stripped_document_reads_as_before() -> None:
    stripped = strip(document())
    opened = docx.Document(BytesIO(stripped))
    assert [paragraph.text for paragraph in opened.paragraphs] == ["正文第一段。", ""]
    assert opened.sections[0].header.paragraphs[0].text == "页眉"
    assert len(opened.inline_shapes) == 1
    converted = mammoth.convert_to_html(BytesIO(stripped))
    assert "<img" in converted.value
    guard(stripped)


@pytest.mark.parametrize(
    "told",
    ["张三丰", "李四光", "内部资料", "王五", "删掉这句", "WW", "comment", PICTURE_TEXT, "rsid"],
)
def test_stripped_document_does_not_tell(told: str) -> None:
    original = document()
    if told != "rsid":
        assert told.encode() in everything(original)
    assert told.encode() not in everything(strip(original))


def test_stripped_document_has_no_properties() -> None:
    properties = docx.Document(BytesIO(strip(document()))).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


def test_tracked_changes_stay_by_nobody() -> None:
    change = 'w:id="7" w:author="张三丰" w:date="2024-05-01T08:00:00Z"'
    stripped = part(
        strip(
            with_body(
                f"<w:p w:rsidR='00AB12CD'><w:ins {change}><w:r><w:t>添</w:t></w:r></w:ins>"
                f"<w:del {change}><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
            )
        ),
        DOCUMENT,
    )
    assert stripped.count('w:author="作者"') == 2
    assert "添" in stripped
    assert "删" in stripped
    for told in ("张三丰", "2024-05-01", "00AB12CD"):
        assert told not in stripped


def test_field_leaves_its_text_and_no_code() -> None:
    stripped = part(
        strip(
            with_body(
                '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                '<w:r><w:instrText>DDEAUTO c:\\\\\\\\cmd "/k calc"</w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>结果</w:t></w:r>'
                '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
                '<w:fldSimple w:instr="USERNAME"><w:r><w:t>名</w:t></w:r></w:fldSimple></w:p>'
            )
        ),
        DOCUMENT,
    )
    assert "结果" in stripped
    assert "名" in stripped
    for code in ("DDEAUTO", "fldChar", "USERNAME"):
        assert code not in stripped


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://www.example.com/", True),
        ("file:///C:/Users/me/a.docx", False),
        ("javascript:a()", False),
    ],
)
def test_link_stays_if_it_leads_to_the_web(address: str, is_kept: bool) -> None:
    data = related("hyperlink", address)
    shown = "<w:r><w:t>链接</w:t></w:r>"
    link = f'<w:p><w:hyperlink xmlns:r="{TYPE}" r:id="rX">{shown}</w:hyperlink></w:p>'
    stripped = strip(edited(DOCUMENT, lambda old: old.replace("<w:body>", f"<w:body>{link}"), data))
    assert "链接" in part(stripped, DOCUMENT)
    assert (address.encode() in everything(stripped)) is is_kept
    assert ("w:hyperlink" in part(stripped, DOCUMENT)) is is_kept


@pytest.mark.parametrize("wrapping", ["customXml", "smartTag"])
def test_name_of_a_form_around_text_is_not_told(wrapping: str) -> None:
    stripped = part(
        strip(
            with_body(
                f'<w:{wrapping} w:uri="urn:secret" w:element="secret"><w:{wrapping}Pr>'
                f'<w:attr w:name="secret" w:val="secret"/></w:{wrapping}Pr>'
                f"<w:p><w:{wrapping} w:element='secret'><w:r><w:t>里</w:t></w:r></w:{wrapping}>"
                f"<w:r><w:t>外</w:t></w:r></w:p></w:{wrapping}>"
            )
        ),
        DOCUMENT,
    )
    assert "secret" not in stripped
    assert wrapping not in stripped
    assert stripped.index("里") < stripped.index("外") < stripped.index("正文第一段")


BUSY = {
    "fields": "<w:p>" + "<w:fldSimple/>" * 60_000 + "</w:p>",
    "fields with text": "<w:p>" + "<w:fldSimple><w:r/></w:fldSimple>" * 28_000 + "</w:p>",
    "fields in fields": ("<w:fldSimple>" * 90 + "</w:fldSimple>" * 90) * 380,
    "missing parts deep down": (
        f"<w:p xmlns:r='{TYPE}'>" + "<w:r>" * 90 + "<w:t r:id='no'/>" * 30_000
        + "</w:r>" * 90 + "</w:p>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BUSY)
def test_document_made_to_keep_the_server_busy_does_not(case: str) -> None:
    data = with_body(BUSY[case])
    with at_most(3):
        strip(data)


# Cutting short


def test_whole_of_a_short_document_is_its_beginning() -> None:
    begun, is_cut = beginning(document(), characters=100)
    assert not is_cut
    assert mammoth.extract_raw_text(BytesIO(begun)).value.split() == ["正文第一段。"]
    assert b"word/media" not in everything(begun)


def test_beginning_ends_after_so_many_characters() -> None:
    data = with_body("<w:p><w:r><w:t>一二三四五</w:t></w:r></w:p>" * 20)
    begun, is_cut = beginning(data, characters=12)
    assert is_cut
    assert part(begun, DOCUMENT).count("一二三四五") == 3


def test_picture_keeps_its_turn_and_nothing_else() -> None:
    with ZipFile(BytesIO(strip(document()))) as package:
        [name] = [name for name in package.namelist() if name.startswith("word/media/")]
        image = Image.open(BytesIO(package.read(name)))
    assert dict(image.getexif()) == {0x0112: 6}
    assert image.size == (40, 30)


def test_picture_of_another_kind_is_left_out_with_its_place() -> None:
    written = docx.Document()
    written.add_paragraph("前")
    written.add_picture(BytesIO(picture("GIF")))
    file = BytesIO()
    written.save(file)
    stripped = strip(file.getvalue())
    assert b"GIF8" not in everything(stripped)
    assert "w:drawing" not in part(stripped, DOCUMENT)
    assert docx.Document(BytesIO(stripped)).paragraphs[0].text == "前"


def test_broken_picture_is_named() -> None:
    with ZipFile(BytesIO(document())) as package:
        [name] = [name for name in package.namelist() if name.startswith("word/media/")]
    with pytest.raises(WordRefused, match=r"image1\.jpg"):
        strip(with_parts(**{name: b"\xff\xd8\xff\xe0" + bytes(100)}))


PATH = r'"C:\Users\张三\a.jpg"'


def test_path_in_the_description_of_a_picture_is_not_told() -> None:
    data = edited(DOCUMENT, lambda old: old.replace('"Picture 1"', PATH))
    stripped = everything(strip(data)).decode(errors="ignore")
    assert "张三" not in stripped
    assert 'name="a.jpg"' in stripped


def test_macro_document_is_refused_by_strip_as_well() -> None:
    with pytest.raises(WordRefused, match="宏"):
        strip(with_parts(**{"word/vbaProject.bin": "x"}))
