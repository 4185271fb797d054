"""Write the documents that LibreOffice is to save again (README.md)."""

import sys
from io import BytesIO
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from PIL import Image

from interchange.readers.folder import read_folder
from interchange.schema import Article, Crosshead, Issue

ISSUE = Path(__file__).parents[3] / "content/issue-450"


def centred(document: object, text: str, points: int) -> None:
    """Add a line as people set a headline."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size = Pt(points)
    run.bold = points > 16


def whole_issue(issue: Issue) -> object:
    """Return a whole issue, set by hand."""
    document = docx.Document()
    centred(document, issue.imprint.name, 48)
    centred(document, "2022年8月2日　星期二　农历壬寅年七月初五　第450期", 12)
    for size, article in zip((26, 24, 22, 22), issue.articles, strict=True):
        centred(document, article.title.replace("\u3000", "\n"), size)
        if article.subhead:
            centred(document, article.subhead, 16)
        for passage in article.body:
            if isinstance(passage, Crosshead):
                document.add_paragraph().add_run(passage.text).bold = True
            else:
                document.add_paragraph(f"　　{passage.text}")
        signed = document.add_paragraph(f"（{article.bylines[0].name}）")
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return document


def one_article(article: Article) -> object:
    """Return an article in Word's own styles, with what else there is."""
    document = docx.Document()
    document.add_paragraph(article.title, style="Title")
    document.add_paragraph(article.subhead, style="Subtitle")
    first, second = article.body[:2]
    document.add_paragraph(first.text)
    document.add_heading("三项任务", level=2)
    for item in ("搭建平台", "培训干部"):
        document.add_paragraph(item, style="List Number")
    file = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(file, "PNG")
    file.seek(0)
    document.add_picture(file, width=Cm(4))
    document.add_paragraph("图为会议现场。 张三 摄")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ("区县", "场景", "拱墅区", "托育一件事"),
        strict=True,
    ):
        cell.text = text
    paragraph = document.add_paragraph(second.text)
    paragraph.runs[0].add_text("（")
    paragraph.add_run("加粗的话").bold = True
    paragraph.add_run("）。")
    document.add_paragraph(f"（{article.bylines[0].name}）")
    return document


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    sample = read_folder(ISSUE)
    whole_issue(sample).save(folder / "issue.docx")
    one_article(sample.articles[0]).save(folder / "article.docx")
