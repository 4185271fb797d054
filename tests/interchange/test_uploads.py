"""Files of any kind that copy comes in, one or several at once."""

from io import BytesIO
from pathlib import Path

import docx
import pytest
from PIL import Image

from interchange.composing import compose_articles
from interchange.galley_data import from_data, to_data
from interchange.galley_edits import settle
from interchange.readers import legacy_word
from interchange.readers.folder import read_folder
from interchange.readers.uploads import READERS, UploadRefused, read_uploads
from interchange.schema import Photo, photos_of
from interchange.writers.pdf import write_pdf

from .hostile_pdfs import encrypted

FILES = Path(__file__).parent / "word_files"
SAMPLE = Path(__file__).parents[2] / "content/issue-450"
ISSUE = read_folder(SAMPLE)
TITLES = [article.title for article in ISSUE.articles]


def word(title: str, colour: str = "red") -> bytes:
    document = docx.Document()
    document.add_paragraph(title, style="Title")
    document.add_paragraph("正文一段。")
    picture = BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    document.add_paragraph(f"图为{title}。")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def test_several_files_become_articles_in_their_order() -> None:
    text = "四月的事\n\n四月里的一件事。\n（张三）\n"
    files = [("b.docx", word("三月的事")), ("a.txt", text.encode("gb18030"))]
    galley = read_uploads(files).galley
    assert [article.title for article in compose_articles(galley)] == ["三月的事", "四月的事"]
    assert from_data(to_data(galley)) == galley


def test_pictures_of_one_name_are_told_apart() -> None:
    files = [("1.docx", word("一")), ("2.DOCX", word("二", "blue")), ("3.docx", word("三"))]
    read = read_uploads(files)
    shown = [
        photo.file
        for article in compose_articles(read.galley)
        for passage in article.body
        for photo in photos_of(passage)
    ]
    assert shown == ["图1.png", "图1-2.png", "图1.png"]
    assert set(read.pictures) == set(shown)
    colours = [Image.open(BytesIO(read.pictures[name])).getpixel((0, 0)) for name in shown]
    assert colours == [(255, 0, 0), (0, 0, 255), (255, 0, 0)]


def test_doubts_of_the_second_file_are_about_it() -> None:
    files = [("1.docx", word("一")), ("issue.docx", (FILES / "issue.docx").read_bytes())]
    galley = read_uploads(files).galley
    assert [article.title for article in compose_articles(galley)] == ["一", *TITLES]
    doubt = next(doubt for doubt in galley.open_doubts if doubt.code == "border")
    merged = compose_articles(settle(galley, doubt.id, 1))
    assert [article.title for article in merged] == ["一", TITLES[0], *TITLES[2:]]


def test_page_pdf_is_read_as_its_articles() -> None:
    data = write_pdf(ISSUE, picture=lambda name: b"", paper="A4")
    articles = compose_articles(read_uploads([("450.pdf", data)]).galley)
    # A headline that is broken by hand is set with a wide space.
    assert [article.title.replace("\u3000", " ") for article in articles] == TITLES


def test_pasted_page_in_a_text_file() -> None:
    data = (SAMPLE / "provenance/source.txt").read_bytes()
    read = read_uploads([("source.txt", b"\xef\xbb\xbf" + data)])
    assert [one.title for one in compose_articles(read.galley)] == TITLES


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xls", b"", "“a.xls”不是能读的文件"),
        ("a", b"", "不是能读的文件"),
        ("a.docx", b"PK", "“a.docx”读不了：不是Word文档"),
        ("a.docx", (FILES / "article.doc").read_bytes(), "另存为 .docx"),
        ("a.doc", b"{\\rtf1}", "“a.doc”读不了：不是Word或WPS的文档"),
        ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式读不了"),
        ("a.pdf", b"PK", "“a.pdf”读不了：不是PDF"),
        ("a.pdf", encrypted(), "有密码"),
        ("a.txt", b"\xff\xff\xff", "不是文本文件"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UploadRefused, match=reason):
        read_uploads([("好.txt", "一。".encode()), (name, data)])


def test_doc_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_word, "office", lambda: "")
    with pytest.raises(UploadRefused, match="没有装LibreOffice"):
        read_uploads([("a.doc", (FILES / "article.doc").read_bytes())])


def test_fault_in_a_reader_is_not_taken_for_an_unknown_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(name: str, content: bytes) -> None:
        raise KeyError(name)

    monkeypatch.setitem(READERS, "txt", fails)
    with pytest.raises(KeyError):
        read_uploads([("a.txt", b"")])


def test_photo_keeps_its_caption() -> None:
    [article] = compose_articles(read_uploads([("1.docx", word("一"))]).galley)
    assert article.body[-1] == Photo("图1.png", "图为一。")
