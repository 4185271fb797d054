"""The issue folder, read and written; issue 450 as the sample."""

import os
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from interchange.markdown import parse_body
from interchange.readers import folder as reader
from interchange.readers.folder import FolderError, read_folder
from interchange.rules import hints
from interchange.schema import (
    Article,
    Byline,
    Correction,
    CorrectionKind,
    Crosshead,
    Folio,
    HotArea,
    Imprint,
    Issue,
    Paragraph,
    Photo,
    Prominence,
    Remark,
    RemarkKind,
    Role,
    Run,
    SchemaError,
)
from interchange.tables import key_of
from interchange.writers.folder import render, write_folder, write_folder_zip
from newsroom.lunar import lunar_date, printed_date, weekday

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "content" / "issue-450"
DOCUMENTATION = ROOT / "docs" / "issue-folder.md"

IMAGES = {
    "赛场.jpg": b"\xff\xd8 photo",
    "nameplate.png": b"\x89PNG nameplate",
    "page-1.webp": b"RIFF page",
    "page-1.pdf": b"%PDF-1.7 page",
}
EVERYTHING = Issue(
    number=7,
    date=date(2026, 11, 24),
    lunar_date="丙午年十月十六",
    imprint=Imprint(
        name="工运",
        strap='双"引号"与\\',
        submissions_email="tg@example.org",
        icp_number="浙ICP备1号-1",
        police_number="浙公网安备33010202000000号",
        circulation_notice="内部资料 免费交流",
        nameplate="nameplate.png",
    ),
    folios=(
        Folio(
            number=1,
            name="要闻",
            responsible_editor="某某",
            page_image="page-1.webp",
            page_pdf="page-1.pdf",
            hot_areas=(
                HotArea(article=2, polygon="0,0 100,0 100,50.05"),
                HotArea(article=12, polygon="0,0 9.5,0 9.5,50 0,50"),
            ),
        ),
        Folio(number=2),
    ),
    articles=(
        Article(
            number=2,
            kicker="引题",
            title="后写的头条",
            standfirst="第一行\n第二行\t末",
            verbatim_punctuation=True,
            section="身边",
            prominence=Prominence.LEAD,
            bylines=(
                Byline(name="本报记者 某某", role=Role.REPORTER, contributor="某某", unit="工会"),
                Byline(name="张三", role=Role.PHOTOGRAPHER),
            ),
            remarks=(Remark(kind=RemarkKind.GAP, after="甲,", text="缺字"),),
            corrections=(
                Correction(
                    date=date(2026, 11, 25), wrong="甲,", right='"乙"', text="第一段\n第二段"
                ),
                Correction(
                    date=date(2026, 11, 25), kind=CorrectionKind.APOLOGY, wrong="丙", text="致歉"
                ),
            ),
            body=(Paragraph((Run("甲,"), Run("乙", bold=True))), Photo("赛场.jpg", "比赛")),
        ),
        Article(number=1, title="没有正文"),
        Article(number=12, title="二版", folio=2, body=(Crosshead("小题"), Photo("赛场.jpg"))),
    ),
)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of issue 450 to spoil."""
    return shutil.copytree(SAMPLE, tmp_path / "issue-450")


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# Issue 450


def test_issue_450_is_read_whole() -> None:
    issue = read_folder(SAMPLE)
    assert (issue.number, issue.date, issue.lunar_date) == (450, date(2022, 8, 2), "壬寅年七月初五")
    assert issue.responsible_editor == "侯英帅"
    assert issue.imprint.permit_number == "浙企准字第A286号"
    assert [article.number for article in issue.articles] == [1, 2, 3, 4]
    assert [article.bylines[0].name for article in issue.articles] == [
        "汪燕盼",
        "刘魏",
        "焦利芳",
        "张晓燕",
    ]
    crossheads = [p.text for p in issue.articles[1].body if isinstance(p, Crosshead)]
    assert crossheads == [
        "“供”上多突破 入托有多种方式可选",
        "“育”上做文章 提升家庭科学育儿能力",
        "“训”上下功夫 提升从业人员素养",
    ]
    assert [len(article.remarks) for article in issue.articles] == [5, 4, 2, 3]


def test_issue_450_is_written_back_byte_for_byte(tmp_path: Path) -> None:
    write_folder(read_folder(SAMPLE), tmp_path / "450", IMAGES.__getitem__)
    expected = {
        name: content
        for name, content in files_of(SAMPLE).items()
        if not name.startswith("provenance/")
    }
    assert files_of(tmp_path / "450") == expected


def test_remarks_of_issue_450_stand_after_words_of_their_article() -> None:
    for article in read_folder(SAMPLE).articles:
        words = "\n".join(p.text for p in article.body if isinstance(p, Paragraph))
        for remark in article.remarks:
            assert words.count(remark.after) == 1 or not remark.after


def test_every_character_of_the_source_is_accounted_for() -> None:
    provenance = tomllib.loads((SAMPLE / "provenance" / "provenance.toml").read_text("utf-8"))
    source = (SAMPLE / "provenance" / "source.txt").read_bytes()
    assert sha256(source).hexdigest() == provenance["sha256"]

    issue = read_folder(SAMPLE)
    date_line = (
        f"{printed_date(issue.date)} {weekday(issue.date)} "
        f"农历{lunar_date(issue.date)} 第{issue.number}期"
    )
    assert date_line == provenance["date_line"]
    assert issue.lunar_date == lunar_date(issue.date)

    (dropped,) = provenance["dropped"]
    pieces = list(printed_pieces(issue, date_line, dropped["text"]))
    text = source.decode()
    assert Counter("".join(pieces)) == Counter(text.replace("\n", ""))
    assert "".join("".join(pieces).split()) == "".join(text.split())


def printed_pieces(issue: Issue, date_line: str, dropped: str) -> Iterator[str]:
    """Yield the words of the issue in the order in which the printed page has them."""
    imprint = issue.imprint
    yield from (imprint.name, date_line)
    yield f"新闻热线:{imprint.hotline}"
    yield f"投稿网址: {imprint.submissions_url}"
    yield imprint.strap
    yield f"出版:{imprint.publisher} 准印证号:{imprint.permit_number}"
    yield f"社址:{imprint.address} 邮编:{imprint.postcode}"
    yield f"责任编辑:{issue.responsible_editor}"
    for article in issue.articles:
        remarks = {remark.kind: remark.after for remark in article.remarks}
        headlines = [article.title, article.subhead]
        body = "".join(p.text for p in article.body if isinstance(p, Paragraph | Crosshead))
        if gap := remarks.get(RemarkKind.GAP):
            body = body.replace(gap, gap + dropped)
        if RemarkKind.MOVED in remarks:
            yield from (body, *headlines)
        else:
            yield from (*headlines, body)
        yield from (f"({byline.name})" for byline in article.bylines)


# Writing


def test_every_field_survives_the_folder(tmp_path: Path) -> None:
    write_folder(EVERYTHING, tmp_path / "deep" / "7", IMAGES.__getitem__)
    assert read_folder(tmp_path / "deep" / "7") == EVERYTHING
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["7"]


def test_canonical_form_leaves_out_what_is_empty_and_keeps_the_order_of_keys() -> None:
    files = render(EVERYTHING)
    assert list(files) == ["issue.toml", "02.md", "01.md", "12.md"]
    assert files["01.md"] == '+++\nnumber = 1\ntitle = "没有正文"\n+++\n'
    assert files["12.md"] == (
        '+++\nnumber = 12\ntitle = "二版"\nfolio = 2\n+++\n\n## 小题\n\n![](images/赛场.jpg)\n'
    )
    assert files["02.md"] == (
        "+++\nnumber = 2\n"
        'kicker = "引题"\ntitle = "后写的头条"\nstandfirst = "第一行\\n第二行\\t末"\n'
        'verbatim_punctuation = true\nsection = "身边"\nprominence = "lead"\n\n'
        '[[byline]]\nname = "本报记者 某某"\nrole = "reporter"\n'
        'contributor = "某某"\nunit = "工会"\n\n'
        '[[byline]]\nname = "张三"\nrole = "photographer"\n\n'
        '[[remark]]\nkind = "gap"\nafter = "甲,"\ntext = "缺字"\n\n'
        '[[correction]]\ndate = 2026-11-25\nwrong = "甲,"\nright = "\\"乙\\""\n'
        'text = "第一段\\n第二段"\n\n'
        '[[correction]]\ndate = 2026-11-25\nkind = "apology"\nwrong = "丙"\n'
        'text = "致歉"\n+++\n\n'
        "甲,**乙**\n\n![比赛](images/赛场.jpg)\n"
    )
    assert files["issue.toml"].startswith(
        'format = "paper-issue/1"\n\n[issue]\nnumber = 7\ndate = 2026-11-24\n'
        'lunar_date = "丙午年十月十六"\norder = [2, 1, 12]\n\n'
        '[imprint]\nname = "工运"\nstrap = "双\\"引号\\"与\\\\"\n'
    )
    assert files["issue.toml"].endswith(
        'nameplate = "nameplate.png"\n\n[[folio]]\nnumber = 1\nname = "要闻"\n'
        'responsible_editor = "某某"\npage_image = "page-1.webp"\npage_pdf = "page-1.pdf"\n\n'
        '[[folio.hot_area]]\narticle = 2\npolygon = "0,0 100,0 100,50.05"\n\n'
        '[[folio.hot_area]]\narticle = 12\npolygon = "0,0 9.5,0 9.5,50 0,50"\n\n'
        "[[folio]]\nnumber = 2\n"
    )


def test_broken_issue_is_not_written(tmp_path: Path) -> None:
    broken = replace(EVERYTHING, number=0)
    with pytest.raises(SchemaError):
        write_folder(broken, tmp_path / "0", IMAGES.__getitem__)
    with pytest.raises(KeyError):
        write_folder(EVERYTHING, tmp_path / "7", dict[str, bytes]().__getitem__)
    assert list(tmp_path.iterdir()) == []


def test_folder_of_the_same_issue_is_replaced_and_the_rest_of_it_stays(sample: Path) -> None:
    issue = read_folder(sample)
    (sample / "images").mkdir()
    (sample / "images" / "旧.jpg").write_bytes(b"old")
    (sample / "09.md").write_text("stale", "utf-8")
    untouched = (sample / "01.md").stat().st_mtime_ns
    changed = replace(issue, articles=(*issue.articles[:2], *EVERYTHING.articles[2:]))
    write_folder(changed, sample, IMAGES.__getitem__)
    assert read_folder(sample) == changed
    assert sorted(files_of(sample)) == [
        "01.md",
        "02.md",
        "12.md",
        "images/赛场.jpg",
        "issue.toml",
        "provenance/provenance.toml",
        "provenance/source.txt",
    ]
    assert (sample / "01.md").stat().st_mtime_ns == untouched
    write_folder(issue, sample, IMAGES.__getitem__)
    assert files_of(sample) == files_of(SAMPLE)


@pytest.mark.parametrize("held", ["issue.toml", "letter.txt", "450"])
def test_folder_that_holds_anything_else_is_left_alone(tmp_path: Path, held: str) -> None:
    folder = tmp_path / "folder"
    if held == "450":
        shutil.copytree(SAMPLE, folder)
    else:
        folder.mkdir()
        (folder / held).write_text("[" * 10_000, "utf-8")
    before = files_of(folder)
    with pytest.raises(FolderError, match="不是第7期的文件夹，没有写入"):
        write_folder(EVERYTHING, folder, IMAGES.__getitem__)
    assert files_of(folder) == before


def test_file_in_the_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "7").write_text("a file", "utf-8")
    with pytest.raises(FolderError, match="已有同名的文件"):
        write_folder(EVERYTHING, tmp_path / "7", IMAGES.__getitem__)
    assert (tmp_path / "7").read_text("utf-8") == "a file"


def test_images_that_lead_elsewhere_are_not_written_through(sample: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (sample / "images").symlink_to(outside)
    with pytest.raises(FolderError, match="指向别处"):
        write_folder(replace(EVERYTHING, number=450), sample, IMAGES.__getitem__)
    assert list(outside.iterdir()) == []


# Reading


def test_line_ends_of_windows_and_hidden_files_do_no_harm(sample: Path) -> None:
    for path in sample.glob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (sample / ".DS_Store").write_bytes(b"\0")
    assert read_folder(sample) == read_folder(SAMPLE)


def test_articles_stand_by_folio_and_number_unless_the_issue_says_otherwise(sample: Path) -> None:
    edit("01.md", "number = 1\n", "number = 1\nfolio = 2\n")(sample)
    assert [article.number for article in read_folder(sample).articles] == [2, 3, 4, 1]
    edit("issue.toml", "[issue]\n", "[issue]\norder = [4, 2, 3, 1]\n")(sample)
    assert [article.number for article in read_folder(sample).articles] == [4, 2, 3, 1]


Spoil = Callable[[Path], object]


def edit(name: str, old: str, new: str) -> Spoil:
    """Return what replaces the first ``old`` in a file, which must be there."""

    def spoil(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def put(name: str, content: bytes | str) -> Spoil:
    """Return what writes a file."""

    def spoil(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return spoil


def add_body(text: str) -> Spoil:
    """Return what appends blocks to article 4, whose last line is 38."""
    return lambda folder: put("04.md", (folder / "04.md").read_text("utf-8") + "\n" + text)(folder)


def link(name: str, target: str) -> Spoil:
    return lambda folder: (folder / name).symlink_to(target)


def remove(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def broken_folders() -> Iterator[tuple[Spoil, str, int | None, str]]:
    """Yield ways to spoil a folder, each with the file, line and reason to be told."""
    yield shutil.rmtree, "issue-450", None, "没有这个文件夹"
    yield lambda f: [p.unlink() for p in f.glob("*.*")], "issue.toml", None, "没有这个文件"
    yield remove("issue.toml"), "issue.toml", None, "没有这个文件"
    yield put("notes.txt", "x"), "notes.txt", None, "不认识的文件"
    yield put("1.md", "x"), "1.md", None, "不认识的文件"
    yield lambda f: (f / "drafts").mkdir(), "drafts", None, "不是普通文件"
    yield lambda f: os.mkfifo(f / "05.md"), "05.md", None, "不是普通文件"
    yield link("05.md", "/etc/passwd"), "05.md", None, "指向文件夹之外"
    yield link("images", "/etc"), "images", None, "指向文件夹之外"
    yield link("05.md", "05.md"), "05.md", None, ""
    yield put("05.md", "x" * 5_000_001), "05.md", None, "文件太大，超过5MB"
    yield put("issue.toml", b"\xef\xbb\xbfformat = 1"), "issue.toml", 1, "BOM"
    yield put("03.md", "+++\n标题\n".encode("gb18030")), "03.md", 2, "不是 UTF-8"
    yield edit("02.md", "第一家产业", "第一家\0产业"), "02.md", 35, "控制字符 U+0000"
    yield edit("02.md", "第一家产业", "第一家\r产业"), "02.md", 35, "控制字符 U+000D"

    yield put("05.md", ""), "05.md", 1, "第一行应是“+++”"
    yield put("05.md", "number = 5\n"), "05.md", 1, "第一行应是“+++”"
    yield put("05.md", "+++\nnumber = 5\n"), "05.md", 3, "没有用“+++”结束"
    yield edit("01.md", 'title = "', "title = "), "01.md", 3, "不合 TOML 的写法"
    yield edit("01.md", "number = 1", "number = 1\nnumber = 1"), "01.md", 3, "不合 TOML"
    yield edit("01.md", "number = 1", f"number = {'9' * 5000}"), "01.md", 2, "不合 TOML"
    yield put("05.md", "+++\na = " + "[" * 20_000 + "\n+++\n"), "05.md", 2, "嵌套太深"
    yield edit("01.md", "number = 1\n", ""), "01.md", 1, "number：缺少这一项"
    yield edit("01.md", "number = 1", 'number = "1"'), "01.md", 2, "number：应是一个数"
    yield edit("01.md", "number = 1", "number = true"), "01.md", 2, "number：应是一个数"
    yield edit("01.md", "number = 1", "number = 2"), "01.md", 2, "文件名却是 01.md"
    yield edit("01.md", "number = 1", "number = 1\nfolio = 0"), "01.md", 3, "0不在1到99之间"
    yield edit("01.md", "subhead", "subtitle"), "01.md", 4, "subtitle：不认识的项"
    yield edit("01.md", "subhead = ", "prominence = "), "01.md", 4, "不在可选的值之内：lead、major"
    yield edit("01.md", 'name = "汪', 'nom = "汪'), "01.md", 7, "nom：不认识的项"
    yield edit("01.md", 'name = "汪燕盼"', 'name = ""'), "01.md", 7, "name：不能为空"
    yield edit("01.md", 'name = "汪燕盼"', 'role = "记者"'), "01.md", 6, "name：缺少这一项"
    yield edit("01.md", "汪燕盼", "汪\\n燕盼"), "01.md", 7, "name：只能有一行"
    yield edit("01.md", 'kind = "rejoin"', 'kind = "join"'), "01.md", 14, "kind：“join”不在可选"
    yield edit("01.md", "[[byline]]", "[byline]"), "01.md", 6, "byline：要写成 [[ ]]"
    for lines, line, reason in (
        ('date = "昨天"\ntext = "误"', 7, "date：应是一个日期"),
        ('date = 2022-08-09T08:00:00\ntext = "误"', 7, "date：应是一个日期"),
        ('date = 1822-08-09\ntext = "误"', 7, "date：1822-08-09不在"),
        ('text = "误"', 6, "date：缺少这一项"),
        ("date = 2022-08-09", 6, "text：缺少这一项"),
        (f'date = 2022-08-09\ntext = "{"长" * 1001}"', 8, "text：有1001个字"),
        ('date = 2022-08-09\ntext = "误"\nright = "正"', 9, "right：有“更正为”"),
        ('date = 2022-08-09\ntext = "误"\nby = "某"', 9, "by：不认识的项"),
        ('date = 2022-08-09\ntext = "误"\nkind = "erratum"', 9, "kind：“erratum”不在可选"),
        ("date = 2022-08-09\ntext = [1]", 8, "text：应是一段文字"),
    ):
        spoilt = edit("01.md", "[[byline]]", f"[[correction]]\n{lines}\n\n[[byline]]")
        yield spoilt, "01.md", line, reason
    yield edit("02.md", "拱墅区总工会普惠", "长" * 300), "02.md", 3, "最多255个"

    yield add_body("第一行\n第二行"), "04.md", 40, "紧接着另一行"
    yield add_body("# 大标题"), "04.md", 40, "小标题用“## ”"
    yield add_body("**粗"), "04.md", 40, "没有结束"
    yield add_body("[甲](javascript:alert)"), "04.md", 40, "链接“javascript:alert”不能用"
    yield add_body("| 甲 | 乙 |\n| 丙 |"), "04.md", 40, "有1格，第一行有2格"
    yield add_body("![](images/x.jpg)"), "04.md", 40, "找不到文件 images/x.jpg"
    yield add_body("![](../x.jpg)"), "04.md", 40, "不在 images/ 里"
    yield add_body("![](/etc/x.jpg)"), "04.md", 40, "不在 images/ 里"
    yield add_body("![](images/../x.jpg)"), "04.md", 40, "不能作图片文件名"
    yield add_body("![](images/..\\x.jpg)"), "04.md", 40, "不能作图片文件名"
    yield (
        lambda f: [
            put("images/a.jpg", "x")(f),
            add_body("![](images/a.jpg)\n![](images/b.jpg)")(f),
        ],
        "04.md",
        41,
        "找不到文件 images/b.jpg",
    )
    yield put("images/a.jpg", "x"), "images/a.jpg", None, "没有哪一处用到"
    yield (
        lambda f: [(f / "images").mkdir(), link("images/a.jpg", "/etc/passwd")(f)],
        "images/a.jpg",
        None,
        "指向文件夹之外",
    )

    for folio, line, reason in (
        ('page_image = "p.pdf"', 21, "page_image：“p.pdf”不能作图片文件名"),
        ('page_image = "p.webp"', 21, "page_image：找不到文件 images/p.webp"),
        ('page_pdf = "p.webp"', 21, "page_pdf：“p.webp”不能作版面PDF文件名"),
        ('page_pdf = "../p.pdf"', 21, "page_pdf：“../p.pdf”不能作版面PDF"),
        ('[[folio.hot_area]]\narticle = 1\npolygon = "0,0 1,1 2,2"', 19, "没有版面图"),
        ('[[folio.hot_area]]\narticle = 1\npolygon = "0,0 1,1"', 23, "3到60个角"),
        ("[[folio.hot_area]]\narticle = 1", 21, "polygon：缺少这一项"),
    ):
        lines = f'tg.htm"\n\n[[folio]]\nnumber = 1\n{folio}\n'
        yield edit("issue.toml", 'tg.htm"\n', lines), "issue.toml", line, reason

    yield put("issue.toml", ""), "issue.toml", 1, "format：应是“paper-issue/1”"
    yield edit("issue.toml", "issue/1", "issue/2"), "issue.toml", 1, "format：应是"
    yield edit("issue.toml", "[imprint]", "[imprints]"), "issue.toml", 9, "imprints：不认识的项"
    yield put("issue.toml", 'format = "paper-issue/1"'), "issue.toml", 1, "issue：缺少这一节"
    yield edit("issue.toml", "2022-08-02", "2022-13-40"), "issue.toml", 5, "不合 TOML"
    yield edit("issue.toml", "2022-08-02", '"2022-08-02"'), "issue.toml", 5, "date：应是一个日期"
    yield edit("issue.toml", "2022-08-02", "2022-08-02T08:00:00"), "issue.toml", 5, "应是一个日期"
    yield edit("issue.toml", "2022-08-02", "1822-08-02"), "issue.toml", 5, "不在1901年到2100年"
    yield edit("issue.toml", "date = 2022-08-02\n", ""), "issue.toml", 3, "date：缺少这一项"
    yield edit("issue.toml", "number = 450", "number = -1"), "issue.toml", 4, "number：-1不在"
    yield edit("issue.toml", "postcode", "zip"), "issue.toml", 15, "zip：不认识的项"
    yield edit("issue.toml", "[issue]", "[issue]\norder = [1, 2]"), "issue.toml", 4, "各列一次"
    yield edit("issue.toml", "[issue]", '[issue]\norder = "1"'), "issue.toml", 4, "篇号的列表"
    yield (
        edit("issue.toml", "[imprint]", '[imprint]\nnameplate = "n.png"'),
        "issue.toml",
        10,
        "nameplate：找不到文件 images/n.png",
    )
    yield (
        edit(
            "issue.toml", "[imprint]", "[[folio]]\nnumber = 2\n\n[[folio]]\nnumber = 1\n[imprint]"
        ),
        "issue.toml",
        13,
        "第1版列在第2版之后",
    )


@pytest.mark.parametrize(("spoil", "file", "line", "reason"), [*broken_folders()])
def test_broken_folder_is_refused_with_file_line_and_reason(
    sample: Path, spoil: Spoil, file: str, line: int | None, reason: str
) -> None:
    spoil(sample)
    with pytest.raises(FolderError) as caught:
        read_folder(sample)
    assert (caught.value.file, caught.value.line) == (file, line)
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"{file}，第{line}行：" if line else f"{file}：")


def test_folder_of_too_many_files_is_refused(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_FILES", 5)
    with pytest.raises(FolderError, match="文件太多，超过5个"):
        read_folder(sample)


# The documentation


def test_documentation_names_every_key_and_value() -> None:
    words = DOCUMENTATION.read_text("utf-8")
    for cls in (Issue, Imprint, Folio, HotArea, Article, Byline, Remark, Correction):
        for name, hint in hints(cls).items():
            if name not in ("imprint", "articles", "body"):
                key = re.escape(key_of(name, hint))
                assert re.search(rf"`(?:{key}|\[\[(?:folio\.)?{key}\]\])`", words), key
    for choices in (Prominence, Role, RemarkKind, CorrectionKind):
        assert all(f"`{choice}`" in words for choice in choices if choice)


def test_examples_of_the_documentation_are_those_of_issue_450() -> None:
    toml, article, body = re.findall(
        r"^```(?:toml|markdown)\n(.*?)^```$",
        DOCUMENTATION.read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    assert toml == (SAMPLE / "issue.toml").read_text("utf-8")
    for line in article.replace("…", "").splitlines():
        assert line in (SAMPLE / "02.md").read_text("utf-8")
    (paragraph,) = parse_body(body)
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text.startswith("## 不是小标题,5*3 也不是斜体,“供”是粗体。见投稿网址\n")


def test_a_folder_in_one_file_holds_the_same_folder(tmp_path: Path) -> None:
    packed = write_folder_zip(EVERYTHING, picture=IMAGES.__getitem__)
    assert packed == write_folder_zip(EVERYTHING, picture=IMAGES.__getitem__)
    with ZipFile(BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    assert read_folder(tmp_path / "issue-7") == EVERYTHING
    assert (tmp_path / "issue-7" / "images" / "赛场.jpg").read_bytes() == IMAGES["赛场.jpg"]
