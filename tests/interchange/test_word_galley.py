"""Word documents read into galleys: articles, whole issues, and what was guessed of them."""

from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from PIL import Image

from interchange.composing import compose, compose_articles
from interchange.galley import Galley, unaccounted
from interchange.galley_data import from_data, to_data
from interchange.galley_edits import settle
from interchange.readers import legacy_word
from interchange.readers.folder import read_folder
from interchange.readers.legacy_word import as_docx, office
from interchange.readers.word import plain_text
from interchange.readers.word_galley import WordGalley, read_word_galley
from interchange.schema import Article, Crosshead, Note, Paragraph, Photo, Role, Run, Table
from interchange.word_guard import COMPOUND_FILE, WordRefused
from interchange.writers.word import write_word

from .test_word_reader import add_footnote

FILES = Path(__file__).parent / "word_files"
ISSUE = read_folder(Path(__file__).parents[2] / "content/issue-450")
SOURCE = Path(__file__).parents[2] / "content/issue-450/provenance/source.txt"


def saved(document: object) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def line(document: object, text: str, points: int = 0, *, bold: bool = False, centre: bool = True):
    paragraph = document.add_paragraph()
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold = bold or None
    if points:
        run.font.size = Pt(points)


def read(data: bytes) -> WordGalley:
    """Read a document and see that nothing of it is lost, and that the galley can be kept."""
    word = read_word_galley(data)
    assert unaccounted(word.galley, plain_text(data)) == ""
    assert from_data(to_data(word.galley)) == word.galley
    return word


def codes(galley: Galley) -> list[str]:
    return [doubt.code for doubt in galley.open_doubts]


def same(article: Article, other: Article) -> bool:
    """Whether two articles have the same copy."""
    heads = ("kicker", "title", "subhead", "body")
    names = [[byline.name for byline in one.bylines] for one in (article, other)]
    return names[0] == names[1] and all(getattr(article, n) == getattr(other, n) for n in heads)


def by_styles() -> bytes:
    document = docx.Document()
    for article in ISSUE.articles:
        document.add_heading(article.title.replace("\u3000", "\n"), 1)
        if article.subhead:
            document.add_paragraph(article.subhead, style="Subtitle")
        for passage in article.body:
            if isinstance(passage, Crosshead):
                document.add_heading(passage.text, 2)
            else:
                document.add_paragraph(passage.text)
        document.add_paragraph(f"（{article.bylines[0].name}）")
    return saved(document)


def by_hand(*, byline_on_top: bool) -> bytes:
    document = docx.Document()
    for size, article in zip((26, 22, 20, 20), ISSUE.articles, strict=True):
        line(document, article.title.replace("\u3000", "\n"), size)
        if article.subhead:
            line(document, article.subhead)
        signed = f"（{article.bylines[0].name}）"
        if byline_on_top:
            line(document, signed)
        for passage in article.body:
            if isinstance(passage, Crosshead):
                line(document, passage.text, bold=True, centre=False)
            else:
                document.add_paragraph(f"　　{passage.text}")
        if not byline_on_top:
            document.add_paragraph(signed)
    return saved(document)


def unset() -> bytes:
    document = docx.Document()
    for words in SOURCE.read_text("utf-8").split("\n"):
        document.add_paragraph(words)
    return saved(document)


WHOLE_ISSUES = {
    "in Word's styles": by_styles,
    "set by hand": lambda: by_hand(byline_on_top=False),
    "set by hand, byline on top": lambda: by_hand(byline_on_top=True),
    "pasted from the page, nothing set": unset,
    "set by hand, saved by LibreOffice": (FILES / "issue.docx").read_bytes,
}


@pytest.mark.parametrize("case", WHOLE_ISSUES)
def test_whole_issue_comes_apart_into_its_articles(case: str) -> None:
    articles = compose_articles(read(WHOLE_ISSUES[case]()).galley)
    assert len(articles) == 4
    for article, wanted in zip(articles, ISSUE.articles, strict=True):
        assert same(article, wanted), article.title


def test_document_of_our_own_is_read_without_a_guess_about_its_articles() -> None:
    word = read(write_word(ISSUE, picture=lambda name: b""))
    issue = compose(word.galley)
    assert (issue.number, issue.date, issue.imprint.name) == (450, ISSUE.date, "杭州工运")
    assert issue.responsible_editor == ISSUE.responsible_editor
    assert issue.imprint.permit_number == ISSUE.imprint.permit_number
    for article, wanted in zip(issue.articles, ISSUE.articles, strict=True):
        assert (article.title, article.subhead) == (wanted.title, wanted.subhead)
        assert [byline.name for byline in article.bylines] == [b.name for b in wanted.bylines]
        assert len(article.body) == len(wanted.body)
    assert set(codes(word.galley)) == {"masthead-missing", "maybe-broken"}


def test_masthead_of_a_word_file_tells_the_issue() -> None:
    issue = compose(read((FILES / "issue.docx").read_bytes()).galley)
    assert (issue.number, issue.date, issue.imprint.name) == (450, ISSUE.date, "杭州工运")


def test_article_saved_by_libreoffice() -> None:
    word = read((FILES / "article.docx").read_bytes())
    [article] = compose_articles(word.galley)
    first, second = (passage.text for passage in ISSUE.articles[0].body[:2])
    assert article.title == ISSUE.articles[0].title
    assert article.subhead == ISSUE.articles[0].subhead
    assert [byline.name for byline in article.bylines] == ["汪燕盼"]
    assert article.body == (
        Paragraph.of(first),
        Crosshead("三项任务"),
        Paragraph.of("1. 搭建平台"),
        Paragraph.of("2. 培训干部"),
        Photo("图1.png", "图为会议现场。 张三 摄"),
        Table((("区县", "场景"), ("拱墅区", "托育一件事"))),
        Paragraph((Run(f"{second}（"), Run("加粗的话", bold=True), Run("）。"))),
    )
    assert Image.open(BytesIO(word.pictures["图1.png"])).size == (60, 40)
    assert codes(word.galley) == ["photo-caption", "headline-lines", "crosshead"]


@pytest.mark.skipif(not office(), reason="LibreOffice is not installed")
def test_doc_is_read_as_the_docx_it_becomes() -> None:
    data = as_docx((FILES / "article.doc").read_bytes())
    [article] = compose_articles(read(data).galley)
    [wanted] = compose_articles(read((FILES / "article.docx").read_bytes()).galley)
    assert (article.title, article.subhead, article.bylines) == (
        wanted.title,
        wanted.subhead,
        wanted.bylines,
    )
    assert article.body == wanted.body


OLD = COMPOUND_FILE + bytes(600) + "WordDocument".encode("utf-16-le")


def test_doc_without_libreoffice_says_how_to_save(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_word, "office", lambda: "")
    with pytest.raises(WordRefused, match=r"没有装LibreOffice.*另存为.*\.docx"):
        as_docx(OLD)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{\\rtf1 text}", "不是Word或WPS的文档"),
        (COMPOUND_FILE + bytes(600), "旧格式读不了"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        (OLD + bytes(20_000_000), "文档太大"),
    ],
    ids=["rtf", "a spreadsheet", "encrypted", "too large"],
)
def test_what_is_no_old_word_file_is_not_handed_on(
    data: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy_word, "office", lambda: "/bin/false")
    with pytest.raises(WordRefused, match=reason):
        as_docx(data)


def test_docx_named_doc_is_read_as_it_is() -> None:
    data = (FILES / "article.docx").read_bytes()
    assert as_docx(data) is data


@pytest.mark.parametrize("program", ["/bin/false", "/bin/true"])
def test_conversion_that_fails_is_told(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_word, "office", lambda: program)
    with pytest.raises(WordRefused, match=r"转换不了.*另存为"):
        as_docx(OLD)


# Guesses


def article(*lines: str) -> docx.Document:
    document = docx.Document()
    line(document, "职工技能大赛开幕", 22)
    for words in lines:
        document.add_paragraph(words)
    return document


def test_kicker_and_subhead_are_told_by_size() -> None:
    document = docx.Document()
    line(document, "全市工会系统", 16)
    line(document, "职工技能大赛开幕", 26)
    line(document, "三千名选手同台竞技", 16)
    document.add_paragraph("5月1日，大赛开幕。")
    galley = read(saved(document)).galley
    [read_article] = compose_articles(galley)
    assert read_article.kicker == "全市工会系统"
    assert read_article.title == "职工技能大赛开幕"
    assert read_article.subhead == "三千名选手同台竞技"
    [doubt] = [doubt for doubt in galley.open_doubts if doubt.code == "headline-lines"]
    place = [choice.label for choice in doubt.choices].index("主题＋副题＋小标题")
    [other] = compose_articles(settle(galley, doubt.id, place))
    assert (other.title, other.subhead) == ("全市工会系统", "职工技能大赛开幕")


def test_second_large_headline_begins_an_article_that_one_click_takes_back() -> None:
    document = article("5月1日，大赛开幕。")
    line(document, "工会送清凉到工地", 22)
    document.add_paragraph("7月1日，高温。")
    galley = read(saved(document)).galley
    assert [one.title for one in compose_articles(galley)] == [
        "职工技能大赛开幕",
        "工会送清凉到工地",
    ]
    [doubt] = [doubt for doubt in galley.open_doubts if doubt.code == "border"]
    [whole] = compose_articles(settle(galley, doubt.id, 1))
    assert Crosshead("工会送清凉到工地") in whole.body


def test_smaller_centred_line_is_a_crosshead() -> None:
    document = article("5月1日，大赛开幕。")
    line(document, "以赛促训", 18)
    document.add_paragraph("选手们说。")
    galley = read(saved(document)).galley
    [read_article] = compose_articles(galley)
    assert read_article.body[1] == Crosshead("以赛促训")
    assert "crosshead" in codes(galley)


def test_several_crossheads_are_asked_about_once() -> None:
    document = article("第一段。")
    for words in ("以赛促训", "以训促学"):
        line(document, words, bold=True, centre=False)
        document.add_paragraph("又一段。")
    galley = read(saved(document)).galley
    [doubt] = [doubt for doubt in galley.open_doubts if doubt.code == "crossheads"]
    [read_article] = compose_articles(settle(galley, doubt.id, 1))
    assert not any(isinstance(passage, Crosshead) for passage in read_article.body)


def test_headline_that_is_not_set_apart_is_known_by_its_words() -> None:
    document = docx.Document()
    document.add_paragraph("职工技能大赛开幕")
    document.add_paragraph("本报记者 张三")
    document.add_paragraph("5月1日，大赛开幕。")
    line(document, "以赛促训", bold=True, centre=False)
    document.add_paragraph("选手们说。")
    [read_article] = compose_articles(read(saved(document)).galley)
    assert read_article.title == "职工技能大赛开幕"
    assert [(byline.name, byline.role) for byline in read_article.bylines] == [
        ("张三", Role.REPORTER)
    ]
    assert read_article.body[1] == Crosshead("以赛促训")


def test_question_may_be_a_headline() -> None:
    document = docx.Document()
    line(document, "孩子谁来带？", 22)
    document.add_paragraph("这是一道难题。")
    [read_article] = compose_articles(read(saved(document)).galley)
    assert read_article.title == "孩子谁来带？"


def test_contribution_without_a_date_line_has_no_masthead() -> None:
    galley = read(saved(article("正文。", "责任编辑：李四", "（张三）"))).galley
    assert "masthead-missing" not in codes(galley)


def test_list_is_not_joined_and_not_doubted() -> None:
    document = docx.Document()
    document.add_paragraph("获奖名单")
    document.add_paragraph("5月1日，大赛结束。")
    for name in ("张三，一等奖", "李四，二等奖"):
        document.add_paragraph(name, style="List Bullet")
    galley = read(saved(document)).galley
    [read_article] = compose_articles(galley)
    assert read_article.body[1:] == (
        Paragraph.of("· 张三，一等奖"),
        Paragraph.of("· 李四，二等奖"),
    )
    assert "rejoined" not in codes(galley)
    assert "unfinished" not in codes(galley)


def with_picture(document: object, kind: str = "PNG") -> None:
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, kind)
    file.seek(0)
    document.add_picture(file)


def test_photo_between_two_articles_can_be_moved() -> None:
    document = article("正文。", "（张三）")
    with_picture(document)
    line(document, "工会送清凉到工地", 22)
    document.add_paragraph("7月1日，高温。")
    galley = read(saved(document)).galley
    first, second = compose_articles(galley)
    assert Photo("图1.png") in first.body
    [doubt] = [doubt for doubt in galley.open_doubts if doubt.code == "place"]
    first, second = compose_articles(settle(galley, doubt.id, 1))
    assert Photo("图1.png") not in first.body
    assert Photo("图1.png") in second.body


def test_picture_that_is_left_out_is_told() -> None:
    document = article("正文。")
    with_picture(document, "GIF")
    word = read(saved(document))
    assert word.pictures == {}
    assert "lost-pictures" in codes(word.galley)


def test_setting_is_kept_on_both_sides_of_a_signature_that_is_cut_off() -> None:
    document = docx.Document()
    line(document, "职工技能大赛开幕", 22)
    paragraph = document.add_paragraph("　　大赛")
    paragraph.add_run("开幕").bold = True
    paragraph.add_run("了。（张三）")
    galley = read(saved(document)).galley
    [read_article] = compose_articles(galley)
    assert read_article.body == (Paragraph((Run("大赛"), Run("开幕", bold=True), Run("了。"))),)
    assert [byline.name for byline in read_article.bylines] == ["张三"]


def test_note_goes_to_the_last_article_and_is_asked_about() -> None:
    document = article("正文。", "（张三）")
    line(document, "工会送清凉到工地", 22)
    add_footnote(document, document.add_paragraph("7月1日，高温。"))
    galley = read(saved(document)).galley
    assert Note("见第三版。") in compose_articles(galley)[1].body
    [doubt] = [doubt for doubt in galley.open_doubts if doubt.code == "place"]
    assert Note("见第三版。") in compose_articles(settle(galley, doubt.id, 1))[0].body


def test_empty_document_is_an_empty_galley() -> None:
    assert read(saved(docx.Document())).galley.blocks == ()
