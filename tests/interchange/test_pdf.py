"""The paper edition: a newspaper page in A3 or A4, whatever the issue holds."""

import random
import re
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from interchange.readers.folder import read_folder
from interchange.schema import (
    Article,
    Byline,
    Correction,
    Crosshead,
    Folio,
    Gallery,
    Imprint,
    Issue,
    Note,
    Paragraph,
    Photo,
    Prominence,
    Quote,
    Run,
    Table,
)
from interchange.typesetting import makeup, paper_edition, press
from interchange.typesetting.makeup import ENDLESS, Item, forever, run_through
from interchange.typesetting.matter import places_to_cut, weights
from interchange.typesetting.press import TypesettingFailed
from interchange.writers import pdf as writer
from interchange.writers.pdf import write_pdf
from newsroom.cjk import full_width

from .printed_pages import beyond_the_sheet, overprinted, printed_text

SAMPLE = Path(__file__).resolve().parents[2] / "content" / "issue-450"
PAPERS = ("A3", "A4")
HOSTILE = '#eval("1") $x$ *a* <b> @ref \\ // /* `_~[甲] #read("/etc/hostname")'
BUDGET = 500_000
EDGE = 18  # points of white around everything


@cache
def sample() -> Issue:
    return read_folder(SAMPLE)


@cache
def sentences() -> tuple[str, ...]:
    bodies = [passage for article in sample().articles for passage in article.body]
    text = "".join(passage.text for passage in bodies if isinstance(passage, Paragraph))
    return tuple(f"{one}。" for one in re.split("[。”]", text) if len(one) > 5)


def words(chance: random.Random, length: int) -> str:
    text = ""
    while len(text) < length:
        text += chance.choice(sentences())
    return text[: length - 1] + "。"


def paragraphs(chance: random.Random, length: int) -> tuple[Paragraph, ...]:
    written = []
    while length > 0:
        part = min(length, chance.randint(30, 260))
        written.append(Paragraph.of(words(chance, part)))
        length -= part
    return tuple(written)


def article(number: int, length: int, **fields: object) -> Article:
    chance = random.Random(number * 10_007 + length)
    usual = {
        "title": words(chance, chance.randint(6, 24))[:-1],
        "bylines": (Byline(name="汪燕盼"),),
        "body": paragraphs(chance, length),
    }
    return Article(number=number, **(usual | fields))


def issue(*articles: Article, **fields: object) -> Issue:
    return replace(sample(), articles=articles, **fields)


@cache
def jpeg(width: int, height: int) -> bytes:
    file = BytesIO()
    noise = Image.effect_noise((width // 8, height // 8), 60).convert("RGB")
    noise.resize((width, height)).save(file, "JPEG", quality=90)
    return file.getvalue()


PICTURES = {"wide.jpg": (1600, 640), "usual.jpg": (1600, 1200), "upright.jpg": (900, 1400)}


def picture(name: str) -> bytes:
    return jpeg(*PICTURES[name])


def photo(name: str = "usual.jpg") -> Photo:
    return Photo(file=name, caption="图为推进会现场,各界代表出席。", credit="侯英帅 摄")


def printed(of: Issue, paper: str = "A3") -> bytes:
    return write_pdf(of, picture=picture, paper=paper)


def without_space(text: str) -> str:
    return "".join(text.split())


def assert_sound(pdf: bytes) -> None:
    assert overprinted(pdf) == []
    assert beyond_the_sheet(pdf, EDGE) == []


def furniture(pdf: bytes) -> str:
    """Return the text as it is read, without the lines at head and foot of inner pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [without_space(page.get_textpage().get_text_range()) for page in document]
    head = "杭州工运2022年8月2日星期二第450期(?:第\\d+版(?:责任编辑：\\w+)?)?"
    foot = re.compile(r"出版：杭州市总工会准印证号：.*?责任编辑：侯英帅")
    front, *others = texts
    inner = (re.sub(f"{head}{n}", "", text, count=1) for n, text in enumerate(others, start=2))
    return "".join(foot.sub("", text) for text in (front, *inner))


# The sample issue


@pytest.fixture(scope="module", params=PAPERS)
def edition(request: pytest.FixtureRequest) -> bytes:
    return printed(sample(), request.param)


def test_same_issue_gives_same_bytes(edition):
    with pypdfium2.PdfDocument(edition) as document:
        paper = "A3" if document[0].get_width() > 800 else "A4"
    assert printed(replace(sample()), paper) == edition


def test_sheets_have_the_size_of_the_paper():
    for paper, size in (("A3", (297, 420)), ("A4", (210, 297))):
        with pypdfium2.PdfDocument(printed(sample(), paper)) as document:
            for page in document:
                assert [round(side / 72 * 25.4) for side in page.get_size()] == list(size)


def test_copy_is_read_in_its_order_and_whole(edition):
    text = furniture(edition)
    place = 0
    for one in sample().articles:
        passages = [full_width(passage.text) for passage in one.body]
        for part in (one.title, full_width(one.subhead), *passages, f"（{one.bylines[0].name}）"):
            found = text.find(without_space(part), place)
            assert found >= place, part
            place = found + len(without_space(part))


def test_front_says_what_the_printed_one_says(edition):
    text = printed_text(edition)
    assert text.startswith("杭州工会数字报出版：杭州市总工会准印证号：浙企准字第A286号杭州工运")
    assert "2022年8月2日星期二农历壬寅年七月初五第450期责任编辑：侯英帅" in text
    colophon = (
        "出版：杭州市总工会准印证号：浙企准字第A286号社址：杭州市上城区东宁路501号邮编：310017"
        "新闻热线：(0571)87160990投稿网址：http://www.hzgh.org/tg.htm责任编辑：侯英帅"
    )
    assert text.count(colophon) == 1


def test_nothing_stands_on_anything_else(edition):
    assert_sound(edition)


def test_edition_is_small_and_all_its_fonts_are_in_it(edition):
    assert len(edition) < BUDGET
    names = set(re.findall(rb"/FontName\s*/([A-Z]{6}\+)?([\w-]+)", edition))
    assert {name for _, name in names} == {
        b"NotoSerifSC-Regular",
        b"NotoSerifSC-Black",
        b"NotoSansSC-Medium",
    }
    assert all(subset for subset, _ in names)
    assert len(re.findall(rb"/FontFile2", edition)) == len(names)


def test_edition_is_tagged_titled_and_chinese(edition):
    with pypdfium2.PdfDocument(edition) as document:
        assert document.is_tagged()
        metadata = document.get_metadata_dict()
    assert metadata["Title"] == "杭州工运 第450期"
    assert metadata["Author"] == "杭州市总工会"
    assert not metadata["CreationDate"]
    assert re.search(rb"/Lang\s*\(zh-CN\)", edition)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in edition


def outline(pdf: bytes) -> list[tuple[int, str]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [(mark.level, without_space(mark.get_title())) for mark in document.get_toc()]


def test_every_article_has_a_bookmark(edition):
    marks = outline(edition)
    assert marks[0] == (0, "杭州工运")
    titles = [without_space(one.title) for one in sample().articles]
    assert [title for level, title in marks if level == 1] == titles
    assert (2, "“供”上多突破入托有多种方式可选") in marks


# Issues of every kind


def test_folios_begin_on_pages_of_their_own_and_are_named():
    several = issue(
        article(1, 500, folio=1),
        article(2, 400, folio=2, section="工会动态"),
        article(3, 300, folio=2, section="工会动态"),
        folios=(
            Folio(number=1, name="要闻"),
            Folio(number=2, name="综合", responsible_editor="李雷"),
        ),
    )
    pdf = printed(several)
    with pypdfium2.PdfDocument(pdf) as document:
        front, inner = [without_space(page.get_textpage().get_text_range()) for page in document]
    assert "第1版要闻" in front
    assert inner.startswith("杭州工运2022年8月2日星期二第450期第2版综合责任编辑：李雷2")
    assert inner.count("工会动态") == 1
    assert [title for level, title in outline(pdf) if level == 1] == ["第1版要闻", "第2版综合"]
    assert len([1 for level, _ in outline(pdf) if level == 2]) == 3


@pytest.mark.parametrize("paper", PAPERS)
def test_issue_without_articles_is_a_front_page(paper):
    pdf = printed(issue(), paper)
    assert "第450期" in printed_text(pdf)
    assert_sound(pdf)


def test_bare_imprint_leaves_no_empty_frames():
    bare = issue(
        article(1, 300, bylines=()),
        imprint=Imprint(name="工运"),
        lunar_date="",
        responsible_editor="",
    )
    text = printed_text(printed(bare))
    assert text.startswith("工运2022年8月2日星期二第450期")
    assert "：" not in text[:20]


def everything() -> Issue:
    return issue(
        article(
            1, 900, kicker="“学习贯彻新精神”系列报道", subhead="杭州市总工会在会议上作交流发言",
            standfirst="7月29日,会议以视频形式召开。" * 4, prominence=Prominence.LEAD,
        ),
        article(2, 700, body=(photo("usual.jpg"), *paragraphs(random.Random(2), 700))),
        article(3, 500, body=(*paragraphs(random.Random(3), 500), photo("upright.jpg"))),
        article(
            4, 0,
            body=(
                *paragraphs(random.Random(4), 200),
                Crosshead("“育”上做文章 提升家庭科学育儿能力"),
                *paragraphs(random.Random(5), 100),
                photo("wide.jpg"),
                photo("usual.jpg"),
                Quote("要把工会建设成为职工之家", source="刘魏"),
                Table(
                    (("名次", "单位"), ("一", "富阳"), ("二", "建德")),
                    has_header=True,
                    caption="成绩",
                ),
                Note("本次活动由市总工会主办。"),
                Gallery((photo("usual.jpg"), photo("upright.jpg"), photo("wide.jpg"))),
            ),
            corrections=(
                Correction(
                    date=date(2022, 8, 9), wrong="育托园", right="托育园", text="特此更正。"
                ),
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS)
def test_all_kinds_of_passages_are_printed(paper):
    pdf = printed(everything(), paper)
    assert_sound(pdf)
    text = printed_text(pdf)
    for part in (
        "“学习贯彻新精神”系列报道", "7月29日，会议", "“育”上做文章提升家庭科学育儿能力",
        "图为推进会现场，各界代表出席。侯英帅摄", "要把工会建设成为职工之家——刘魏",
        "成绩名次单位一富阳二建德", "本次活动由市总工会主办。", "（汪燕盼）",
        "更正（2022年8月9日）：特此更正。原文：育托园更正为：托育园",
    ):  # fmt: skip
        assert part in text
    assert text.count("侯英帅摄") == 7


def images(pdf: bytes) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            one.get_px_size()
            for page in document
            for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        ]


def test_photo_is_no_larger_than_print_shows():
    large = jpeg(4000, 3000)
    of = issue(article(1, 900, body=(photo(), *paragraphs(random.Random(1), 900))))
    pdf = write_pdf(of, picture=lambda _: large, paper="A3")
    [(width, _)] = images(pdf)
    assert 600 < width < 1400
    assert len(pdf) < 1_000_000


def test_photo_of_few_pixels_is_not_made_larger():
    of = issue(article(1, 400, body=(photo(), *paragraphs(random.Random(1), 400))))
    assert images(write_pdf(of, picture=lambda _: jpeg(240, 160))) == [(240, 160)]


def test_photo_on_its_side_stands_upright():
    file = BytesIO()
    note = Image.Exif()
    note[0x0112] = 6
    Image.new("RGB", (800, 400), "red").save(file, "JPEG", exif=note)
    of = issue(article(1, 400, body=(photo(), *paragraphs(random.Random(1), 400))))
    [(width, height)] = images(write_pdf(of, picture=lambda _: file.getvalue(), paper="A4"))
    assert height > width


@pytest.mark.parametrize("content", [b"", b"GIF89a", jpeg(800, 600)[:400], b"<svg/>"])
def test_damaged_photo_is_named(content):
    of = issue(article(1, 100, body=(photo(),)))
    with pytest.raises(TypesettingFailed, match=r"图片“usual\.jpg”打不开"):
        write_pdf(of, picture=lambda _: content)


def test_nameplate_that_is_a_picture_takes_the_place_of_the_name():
    plated = issue(
        article(1, 100), imprint=replace(sample().imprint, nameplate="wide.jpg"), lunar_date=""
    )
    pdf = printed(plated)
    assert len(images(pdf)) == 1
    assert outline(pdf)[0][0] == 0


HUGE = "关于进一步深化全市产业工人队伍建设改革推动工会数字化转型的若干意见" * 8
ENGLISH = 'The union opened a new centre on Tuesday. "It changes everything," said a worker. '
TRADITIONAL = "杭州市總工會舉辦職工運動會，來自各區縣的選手參加了比賽，現場氣氛熱烈，觀眾掌聲雷動。"
WIDE = Table(
    tuple(tuple(f"第{column}列{row}行的内容" for column in range(9)) for row in range(60)),
    has_header=True,
)
TALL = Table((("甲" * 900, "乙" * 900), ("丙", "丁")))

STRANGE = {
    "one": lambda: issue(article(1, 700)),
    "long": lambda: issue(article(1, 20_000), article(2, 600)),
    "huge headline": lambda: issue(
        article(
            1, 400, title=HUGE[:255], kicker="引" * 100, subhead="副" * 150, standfirst="提" * 300
        ),
        article(2, 300, title="W" * 255),
        article(3, 300),
    ),
    "english": lambda: issue(
        article(1, 0, title="Unions open centres", body=(Paragraph.of(ENGLISH * 12),) * 3),
        article(2, 300),
    ),
    "traditional": lambda: issue(article(1, 0, body=(Paragraph.of(TRADITIONAL * 8),) * 2)),
    "tables": lambda: issue(
        article(1, 0, body=(*paragraphs(random.Random(1), 300), WIDE, Paragraph.of("完。"))),
        article(2, 0, body=(TALL,)),
    ),
    "no copy": lambda: issue(article(1, 0), article(2, 0, bylines=()), article(3, 300)),
    "names": lambda: issue(
        article(1, 300, bylines=tuple(Byline(name=f"阿不都热合曼·买买提{n}") for n in range(12)))
    ),
    "photos only": lambda: issue(
        article(1, 0, body=(photo(),)),
        article(2, 0, body=(photo("upright.jpg"),)),
        article(3, 0, body=(Gallery((photo(),) * 7),)),
    ),
    "long quote": lambda: issue(
        article(1, 300, body=(photo(), Quote(words(random.Random(1), 900)), Note("注" * 700)))
    ),
    "crossheads": lambda: issue(
        article(1, 0, body=(*(Crosshead("很长的小标题" * 40),) * 3, photo("upright.jpg"))),
        article(2, 0, body=(*(Crosshead("小标题"),) * 9, TALL)),
    ),
    "briefs": lambda: issue(
        *(article(n, 90, prominence=Prominence.BRIEF, folio=1 + n // 14) for n in range(1, 28))
    ),
}  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", STRANGE)
def test_strange_issues_are_sound_and_lose_nothing(kind, paper):
    of = STRANGE[kind]()
    pdf = printed(of, paper)
    assert_sound(pdf)
    text = furniture(pdf)
    place = 0
    for one in of.articles:
        for passage in one.body:
            if isinstance(passage, Paragraph):
                part = without_space(full_width(passage.text))
                found = text.find(part, place)
                assert found >= place, part[:20]
                place = found + len(part)


@pytest.mark.parametrize("seed", range(8))
def test_issues_of_any_lengths_are_sound(seed):
    chance = random.Random(seed)
    lengths = [chance.choice((0, 37, 90, 233, 401, 777, 1300, 2600)) for _ in range(seed + 3)]
    articles = []
    for number, length in enumerate(lengths, start=1):
        body = list(paragraphs(chance, length))
        for extra in chance.sample(
            (photo(), photo("upright.jpg"), Crosshead("小标题"), Quote("引文")), 2
        ):
            body.insert(chance.randint(0, len(body)), extra)
        articles.append(
            article(number, length, body=tuple(body), prominence=chance.choice(list(Prominence)))
        )
    assert_sound(printed(issue(*articles), PAPERS[seed % 2]))


def test_forty_articles_keep_their_order():
    of = issue(*(article(n, 60 + 37 * n % 900, folio=1 + n // 11) for n in range(1, 41)))
    pdf = printed(of)
    assert_sound(pdf)
    titles = [title for level, title in outline(pdf) if level == 2]
    assert titles == [without_space(full_width(one.title)) for one in of.articles]


def test_first_article_of_each_folio_stands_out_where_nobody_chose():
    normal, major = Prominence.NORMAL, Prominence.MAJOR
    assert weights((article(1, 9), article(2, 9), article(3, 9, folio=2))) == (
        Prominence.LEAD,
        normal,
        major,
    )
    chosen = (article(1, 9), article(2, 9, prominence=Prominence.LEAD), article(3, 9, folio=2))
    assert weights(chosen) == (normal, Prominence.LEAD, major)
    brief = article(1, 9, prominence=Prominence.BRIEF)
    assert weights((brief, article(2, 9))) == (Prominence.BRIEF, normal)


@pytest.fixture
def short_reckoning(monkeypatch):
    """Reckon columns three lines too short."""
    rightly = makeup.balanced
    monkeypatch.setattr(makeup, "balanced", lambda items, n: max(1, rightly(items, n) - 3))


@pytest.mark.usefixtures("short_reckoning")
def test_columns_that_turn_out_too_short_are_made_longer():
    assert_sound(printed(issue(article(1, 900), article(2, 500))))


@pytest.mark.usefixtures("short_reckoning")
def test_overprinting_would_be_seen(monkeypatch):
    monkeypatch.setattr(paper_edition._Composition, "_too_short", lambda self, data: [])
    assert overprinted(printed(issue(article(1, 900), article(2, 500))))


@pytest.mark.usefixtures("short_reckoning")
def test_columns_that_stay_too_short_are_an_error(monkeypatch):
    monkeypatch.setattr(paper_edition, "PATIENCE", 1)
    with pytest.raises(TypesettingFailed, match="排不进版面"):
        printed(issue(article(1, 900)))


# Words


def test_hostile_text_is_printed_as_it_stands():
    of = issue(
        article(1, 0, title=HOSTILE, verbatim_punctuation=True, body=(Paragraph.of(HOSTILE),))
    )
    assert printed_text(printed(of)).count(without_space(HOSTILE)) == 2


def test_punctuation_is_shown_full_width_unless_it_is_to_stay():
    copy = (Paragraph((Run("今天,"), Run("晴", bold=True), Run("(8:30),好"))),)
    shown = printed_text(printed(issue(article(1, 0, body=copy))))
    kept = printed_text(printed(issue(article(1, 0, body=copy, verbatim_punctuation=True))))
    assert "今天，晴（8:30），好" in shown
    assert "今天,晴(8:30),好" in kept


RARE = "\U0002000b"  # 𠀋, in none of our own fonts


def test_missing_character_is_named_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(writer, "DEBIAN_FONTS", tmp_path / "none")
    with pytest.raises(TypesettingFailed, match=r"U\+2000B.*fonts-noto-cjk") as failure:
        printed(issue(article(1, 50, bylines=(Byline(name=f"王{RARE}"),))))
    assert failure.value.characters == (RARE,)


@pytest.mark.skipif(not press.DEBIAN_FONTS.is_dir(), reason="fonts-noto-cjk is not installed")
def test_fonts_of_debian_serve_for_rare_names():
    pdf = printed(issue(article(1, 50, bylines=(Byline(name=f"王{RARE}"),))))
    assert f"（王{RARE}）" in printed_text(pdf)


def test_character_of_no_font_at_all_is_named():
    with pytest.raises(TypesettingFailed, match=r"U\+1F600"):
        printed(issue(article(1, 50, title="笑😀")))


# The make-up


def test_text_runs_through_columns():
    items = [Item(7, breaks=True), Item(2, sticks=True), Item(5, breaks=True)]
    assert run_through(items, forever(5, 5, ENDLESS)) == [(0, 5), (2, 1)]


def test_crosshead_goes_with_the_text_under_it():
    items = [Item(3, breaks=True), Item(2, sticks=True), Item(5, breaks=True)]
    assert run_through(items, forever(5, ENDLESS)) == [(1, 0)]


def test_columns_are_no_higher_than_they_must_be():
    assert makeup.balanced([Item(10, breaks=True)], 3) == 4
    assert makeup.balanced([Item(6), Item(1, breaks=True)], 3) == 6
    assert makeup.balanced([], 3) == 1


@pytest.mark.parametrize("width", [52, 65, 74, 83])
def test_articles_side_by_side_fill_the_width(width):
    for articles in (2, 3):
        for shape in makeup.shapes(width, articles, 6):
            room = width - sum(columns.width for columns in shape)
            assert 2 * (articles - 1) <= room <= 3.4 * (articles - 1)


def test_lines_break_where_they_may():
    assert places_to_cut("甲，乙") == [2]
    assert places_to_cut("“甲”APP乙") == [3, 6]
