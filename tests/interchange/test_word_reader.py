"""Manuscripts read from Word documents."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from PIL import Image

from interchange.readers.word import first_words, plain_text, read_word
from interchange.schema import Crosshead, Note, Paragraph, Photo, Run, Table
from interchange.word_guard import WordRefused, strip
from tests.effort import at_most


def picture(colour: str = "red", kind: str = "PNG") -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, kind)
    file.seek(0)
    return file


def saved(document: object) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def centred(document: object, text: str, points: int) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).font.size = Pt(points)


def manuscript() -> bytes:
    document = docx.Document()
    centred(document, "全市职工技能大赛开幕", 22)
    document.add_paragraph("　　5月1日，大赛在杭州开幕。")
    document.add_paragraph().add_run("以赛促训").bold = True
    mixed = document.add_paragraph("选手")
    mixed.add_run("张三").bold = True
    mixed.add_run("说：\n“很高兴。”")
    document.add_picture(picture())
    document.add_paragraph("图为比赛现场。 李四 摄")
    document.add_heading("以训促学", level=2)
    document.add_paragraph("甲", style="List Bullet")
    document.add_paragraph("乙", style="List Number")
    document.add_paragraph("丙", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ("名次", "姓名", "1", "张三"),
        strict=True,
    ):
        cell.text = text
    end = document.add_paragraph("（刘　魏）")
    end.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return saved(document)


@pytest.mark.parametrize("prepare", [bytes, strip], ids=["as sent", "stripped"])
def test_manuscript_is_read_as_what_it_looks_like(prepare: object) -> None:
    read = read_word(prepare(manuscript()))
    assert read.title == "全市职工技能大赛开幕"
    assert read.names == ("刘魏",)
    assert read.lines == (
        Paragraph.of("5月1日，大赛在杭州开幕。"),
        Crosshead("以赛促训"),
        Paragraph((Run("选手"), Run("张三", bold=True), Run("说："))),
        Paragraph.of("“很高兴。”"),
        Photo("图1.png", "图为比赛现场。 李四 摄"),
        Crosshead("以训促学"),
        Paragraph.of("· 甲"),
        Paragraph.of("1. 乙"),
        Paragraph.of("2. 丙"),
        Table((("名次", "姓名"), ("1", "张三"))),
    )
    [shown] = read.pictures
    assert (shown.name, shown.caption) == ("图1.png", "图为比赛现场。 李四 摄")
    assert Image.open(BytesIO(shown.data)).size == (40, 30)


def test_styles_tell_title_and_crossheads() -> None:
    document = docx.Document()
    document.add_heading("标题", level=0)
    document.add_heading("第一节", level=1)
    document.add_paragraph("正文。")
    read = read_word(saved(document))
    assert read.title == "标题"
    assert read.lines == (Crosshead("第一节"), Paragraph.of("正文。"))


def test_heading_after_text_is_no_title() -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    centred(document, "后面的标题", 22)
    read = read_word(saved(document))
    assert read.title == ""
    assert read.lines == (Paragraph.of("正文。"), Crosshead("后面的标题"))


def test_bold_sentence_is_no_crosshead() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("这是一句话。").bold = True
    assert read_word(saved(document)).lines == (Paragraph((Run("这是一句话。", bold=True),)),)


def test_inserted_text_is_kept_and_deleted_text_and_comments_are_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("原文")
    document.add_comment(paragraph.runs, text="批注", author="甲")
    change = 'w:id="1" w:author="甲"'
    for xml in (
        f"<w:ins {nsdecls('w')} {change}><w:r><w:t>添上</w:t></w:r></w:ins>",
        f"<w:del {nsdecls('w')} {change}><w:r><w:delText>删去</w:delText></w:r></w:del>",
    ):
        paragraph._p.append(parse_xml(xml))
    data = saved(document)
    assert read_word(data).lines == (Paragraph.of("原文添上"),)
    assert plain_text(data) == "原文添上"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("（张三）", ("张三",)),
        ("(张三、李四五)", ("张三", "李四五")),
        ("（记者 张三 通讯员 李四）", ("张三", "李四")),
        ("（刘　魏）", ("刘魏",)),
        ("（未完待续2）", ()),
        ("张三", ()),
    ],
)
def test_signature_is_the_last_line_in_brackets(line: str, names: tuple[str, ...]) -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    document.add_paragraph(line)
    read = read_word(saved(document))
    assert read.names == names
    assert len(read.lines) == (1 if names else 2)


def test_merged_cells_leave_rows_of_one_length() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for n, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(n)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "宽"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "高"
    [read] = read_word(saved(document)).lines
    assert read == Table((("宽", "", "2"), ("3", "4", "高"), ("6", "7", "")))


def test_monstrous_span_of_a_cell_is_cut() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "甲"
    span = parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="999999999"/>')
    cell._tc.get_or_add_tcPr().append(span)
    [read] = read_word(saved(document)).lines
    assert len(read.rows[0]) == 63


def test_markup_in_the_text_stays_text() -> None:
    document = docx.Document()
    document.add_paragraph("<script>alert(1)</script> &amp; 甲\u202e乙")
    data = saved(document)
    assert read_word(data).lines == (Paragraph.of("<script>alert(1)</script> &amp; 甲乙"),)
    assert plain_text(data) == "<script>alert(1)</script> &amp; 甲乙"


@pytest.mark.parametrize(
    ("address", "kept"),
    [("https://www.example.com/a", "https://www.example.com/a"), ("javascript:alert(1)", "")],
)
def test_link_is_kept_if_its_address_may_be(address: str, kept: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    link = document.part.relate_to(
        address,
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    shown = "<w:r><w:t>链接</w:t></w:r>"
    xml = f'<w:hyperlink {nsdecls("w", "r")} r:id="{link}">{shown}</w:hyperlink>'
    paragraph._p.append(parse_xml(xml))
    assert read_word(saved(document)).lines == (Paragraph((Run("链接", href=kept),)),)


def test_picture_that_is_shown_twice_is_one() -> None:
    document = docx.Document()
    for colour in ("red", "blue", "red"):
        document.add_picture(picture(colour, "JPEG"))
    read = read_word(saved(document))
    assert read.lines == (Photo("图1.jpg"), Photo("图2.jpg"), Photo("图1.jpg"))
    assert [one.name for one in read.pictures] == ["图1.jpg", "图2.jpg"]


def test_too_many_pictures_are_refused() -> None:
    document = docx.Document()
    for _ in range(61):
        document.add_picture(picture())
    with pytest.raises(WordRefused, match="图片太多"):
        read_word(saved(document))


def test_reference_to_a_missing_part_is_a_refusal() -> None:
    document = docx.Document()
    note = f'<w:r {nsdecls("w")}><w:footnoteReference w:id="9"/></w:r>'
    document.add_paragraph("甲")._p.append(parse_xml(note))
    with pytest.raises(WordRefused, match="读不出来"):
        read_word(saved(document))


def test_what_is_harmful_is_not_read() -> None:
    for read in (read_word, plain_text):
        with pytest.raises(WordRefused):
            read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_plain_text_has_a_line_for_each_paragraph_and_row() -> None:
    assert plain_text(manuscript()).split("\n") == [
        "全市职工技能大赛开幕",
        "5月1日，大赛在杭州开幕。",
        "以赛促训",
        "选手张三说：",
        "“很高兴。”",
        "",
        "图为比赛现场。 李四 摄",
        "以训促学",
        "· 甲",
        "1. 乙",
        "2. 丙",
        "名次\t姓名",
        "1\t张三",
        "（刘　魏）",
    ]


def add_footnote(document: object, paragraph: object) -> None:
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2">'
        "<w:p><w:r><w:t>见第三版。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    name = PackURI("/word/footnotes.xml")
    document.part.relate_to(Part(name, content_type, notes.encode(), document.part.package), kind)


def test_footnote_stands_at_the_end() -> None:
    document = docx.Document()
    add_footnote(document, document.add_paragraph("正文。"))
    for data in (saved(document), strip(saved(document))):
        assert read_word(data).lines == (Paragraph.of("正文。"), Note("见第三版。"))


def test_empty_document_reads_as_nothing() -> None:
    read = read_word(saved(docx.Document()))
    assert (read.title, read.names, read.lines, read.pictures) == ("", (), (), ())


# The beginning alone


def with_parts(data: bytes, **bodies: str) -> bytes:
    """Return a document with something put before all that is in some of its parts."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode(errors="surrogateescape")
            for part, body in bodies.items():
                if name == f"word/{part}.xml":
                    first = r"(<w:body>|<w:styles[^>]*>|<w:numbering[^>]*>)"
                    content = re.sub(first, lambda found, body=body: found[1] + body, content)
            new.writestr(name, content.encode(errors="surrogateescape"))
    return file.getvalue()


def test_first_words_of_a_short_document_are_all_of_them() -> None:
    data = manuscript()
    assert first_words(data, most=20_000) == (plain_text(data).strip(), False)


def test_first_words_say_that_more_follow() -> None:
    words, is_cut = first_words(manuscript(), most=8)
    assert is_cut
    assert words == "全市职工技能大赛"


PARAGRAPH = "<w:p><w:r><w:t>字</w:t></w:r></w:p>"
LONG = {
    "paragraphs": {"document": "".join(PARAGRAPH.replace("字", f"{n}字") for n in range(20_000))},
    "empty paragraphs": {"document": "".join(f"<w:p w:a='{n}'/>" for n in range(30_000))},
    "one paragraph": {"document": f"<w:p>{'<w:r><w:t>字</w:t></w:r>' * 30_000}</w:p>"},
    "one table": {
        "document": f"<w:tbl>{f'<w:tr><w:tc>{PARAGRAPH}</w:tc></w:tr>' * 12_000}</w:tbl>"
    },
    "styles": {"styles": "<w:style><w:name w:val='a'/></w:style>" * 20_000},
    "lists": {"numbering": "<w:abstractNum><w:lvl><w:start/></w:lvl></w:abstractNum>" * 15_000},
}


@pytest.mark.parametrize("case", LONG)
def test_first_words_of_a_long_document_are_read_in_a_moment(case: str) -> None:
    data = with_parts(manuscript(), **LONG[case])
    with at_most(2):
        words, is_cut = first_words(data, most=20_000)
    assert is_cut or "大赛在杭州开幕" in words
