"""Back issues taken in from an archive, in whatever form they were kept, and written out again."""

import datetime
import shutil
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from articles.models import ArticlePage
from bench.made_up_archive import MADE_UP, make_up
from desk import archiving
from interchange.comparing import differences
from interchange.readers.archive import find_entries
from interchange.readers.folder import read_folder
from interchange.writers.folder import write_folder
from interchange.writers.pdf import write_pdf
from issues.models import IssuePage
from tests.factories import SAMPLE, make_imprint

ISSUE = read_folder(SAMPLE)
SOURCE = SAMPLE / "provenance/source.txt"


def run(command: str, *arguments: object) -> tuple[str, int]:
    """Run a command; return what it says and its exit status."""
    out = StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def picture(colour: str = "white", kind: str = "JPEG") -> bytes:
    file = BytesIO()
    Image.new("RGB", (160, 226), colour).save(file, kind)
    return file.getvalue()


def put(folder: Path, **files: bytes | str) -> Path:
    """Write files, by names in which ``__`` stands for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


# Names


@pytest.mark.parametrize(
    ("name", "number", "date"),
    [
        ("450", 450, None),
        ("第450期", 450, None),
        ("2022-08-02", None, datetime.date(2022, 8, 2)),
        ("20220802", None, datetime.date(2022, 8, 2)),
        ("2022年8月2日", None, datetime.date(2022, 8, 2)),
        ("450_2022-08-02", 450, datetime.date(2022, 8, 2)),
        ("2022.08.02 第450期", 450, datetime.date(2022, 8, 2)),
        ("杭州工运第４５０期（2022年8月2日）", 450, datetime.date(2022, 8, 2)),
        ("2022-13-40", None, None),
        ("合订本", None, None),
    ],
)
def test_name_tells_number_and_date(
    name: str, number: int | None, date: datetime.date | None, tmp_path: Path
) -> None:
    put(tmp_path / name, a__txt="一。")
    [entry] = find_entries(tmp_path)
    if name != "2022-13-40":  # no date; its figures may be anything
        assert entry.number == number
    assert entry.date == date


def test_files_of_one_issue_are_found_together(tmp_path: Path) -> None:
    files = {
        "450-2__jpg": b"",
        "450-1__pdf": b"",
        "450__docx": b"",
        "451__txt": b"",
        "~$450__docx": b"",
    }
    put(tmp_path, **files)
    first, second = find_entries(tmp_path)
    assert [path.name for path in first.files] == ["450-1.pdf", "450-2.jpg", "450.docx"]
    assert second.number == 451


def test_folders_of_years_are_opened(tmp_path: Path) -> None:
    put(tmp_path / "2022/08/450", a__txt="")
    put(tmp_path / "2023/451", a__txt="")
    assert [entry.name for entry in find_entries(tmp_path)] == ["2022/08/450", "2023/451"]


def test_link_out_of_the_archive_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "outside", a__txt="")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive/450").symlink_to(tmp_path / "outside")
    assert find_entries(tmp_path / "archive") == []


# Taking in


def test_issue_folders_come_in_and_go_out_the_same(db: None, tmp_path: Path) -> None:
    make_up(3, tmp_path / "in")
    shutil.copytree(SAMPLE, tmp_path / "in/第450期")
    told, status = run("import_archive", tmp_path / "in")
    assert (told.strip(), status) == ("共4期：新收4期。", 0)
    told, status = run("export_archive", tmp_path / "out", "--compare-with", tmp_path / "in")
    assert "逐字节相同" in told
    assert status == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "450",
        "90001",
        "90002",
        "90003",
    ]


def test_second_import_changes_nothing(db: None, tmp_path: Path) -> None:
    make_up(2, tmp_path)
    run("import_archive", tmp_path)
    before = list(ArticlePage.objects.values_list("pk", "latest_revision"))
    assert run("import_archive", tmp_path) == ("共2期：没有改动2期。\n", 0)
    assert list(ArticlePage.objects.values_list("pk", "latest_revision")) == before


def test_dry_run_writes_nothing(db: None, tmp_path: Path) -> None:
    make_up(2, tmp_path)
    told, _ = run("import_archive", tmp_path, "--dry-run")
    assert told == "共2期：新收2期。这是试运行，什么都没有写。\n"
    assert not IssuePage.objects.exists()
    run("import_archive", tmp_path)
    file = tmp_path / "90001/01.md"
    file.write_text(file.read_text("utf-8").replace("。\n", "！\n", 1), "utf-8")
    told, _ = run("import_archive", tmp_path, "--dry-run")
    assert told.startswith("共2期：有改动1期，没有改动1期。")


def test_broken_issue_is_refused_alone_and_taken_once_mended(db: None, tmp_path: Path) -> None:
    make_up(3, tmp_path)
    file = tmp_path / "90002/02.md"
    whole = file.read_text("utf-8")
    file.write_text(whole.replace("+++", "", 1), "utf-8")
    report = tmp_path.parent / f"{tmp_path.name}.txt"
    told, status = run("import_archive", tmp_path, "--report", report)
    assert status == 1
    assert told.startswith("共3期：新收2期，没有收1期。\n没有收：第90002期（90002）：02.md，第1行")
    assert report.read_text("utf-8") == told
    assert sorted(IssuePage.objects.values_list("number", flat=True)) == [90_001, 90_003]
    file.write_text(whole, "utf-8")
    assert run("import_archive", tmp_path) == ("共3期：新收1期，没有改动2期。\n", 0)


def test_interrupted_import_keeps_what_is_done_and_goes_on(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_up(3, tmp_path)
    load = archiving.load_issue
    loaded = []

    def interrupt(**arguments: Any) -> Any:
        if len(loaded) == 2:
            raise KeyboardInterrupt
        loaded.append(1)
        return load(**arguments)

    monkeypatch.setattr(archiving, "load_issue", interrupt)
    told, status = run("import_archive", tmp_path)
    assert status == 130
    assert "新收2期" in told
    assert "再运行一次" in told
    monkeypatch.setattr(archiving, "load_issue", load)
    assert run("import_archive", tmp_path) == ("共3期：新收1期，没有改动2期。\n", 0)


def test_issue_that_fails_halfway_leaves_nothing(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_up(1, tmp_path)

    def fails(*arguments: Any) -> Any:
        raise archiving.ImportRefused("图片打不开")

    monkeypatch.setattr("interchange.pages._put_in_order", fails)
    told, _ = run("import_archive", tmp_path)
    assert "图片打不开" in told
    assert not IssuePage.objects.exists()
    assert not ArticlePage.objects.exists()


def test_published_ones_are_public_and_signed_by_the_operator(db: None, tmp_path: Path) -> None:
    make_up(2, tmp_path)
    told, _ = run("import_archive", tmp_path, "--publish")
    assert told == "共2期：新收2期。其中2期已出版。\n"
    issue = IssuePage.objects.get(number=90_001)
    assert issue.live
    assert not ArticlePage.objects.child_of(issue).filter(live=False).exists()
    assert issue.imprint.circulation_notice == MADE_UP


def test_drafts_of_an_earlier_import_are_published_later(db: None, tmp_path: Path) -> None:
    make_up(1, tmp_path)
    run("import_archive", tmp_path)
    assert not IssuePage.objects.get().live
    told, _ = run("import_archive", tmp_path, "--publish")
    assert told == "共1期：没有改动1期。其中1期已出版。\n"


def test_what_may_not_be_published_stays_a_draft_and_says_why(db: None, tmp_path: Path) -> None:
    make_up(1, tmp_path)
    file = tmp_path / "90001/issue.toml"
    lines = file.read_text("utf-8").split("\n")
    file.write_text("\n".join(line for line in lines if "permit_number" not in line), "utf-8")
    told, _ = run("import_archive", tmp_path, "--publish")
    assert "收为草稿，没有出版" in told
    assert "准印证号" in told
    issue = IssuePage.objects.get()
    assert not issue.live
    assert not ArticlePage.objects.child_of(issue).filter(live=True).exists()


# Other forms


def test_pasted_text_becomes_an_issue(db: None, tmp_path: Path) -> None:
    shutil.copy(SOURCE, tmp_path / "450.txt")
    told, _ = run("import_archive", tmp_path)
    assert "新收：第450期（450.txt）：有" in told
    assert "处疑点，已写成稿件的注记" in told
    issue = IssuePage.objects.get()
    assert (issue.number, issue.date) == (450, ISSUE.date)
    titles = list(
        ArticlePage.objects.child_of(issue).in_print_order().values_list("title", flat=True)
    )
    assert titles == [article.title for article in ISSUE.articles]


def test_issue_that_is_there_is_not_guessed_over(db: None, tmp_path: Path) -> None:
    shutil.copy(SOURCE, tmp_path / "450.txt")
    run("import_archive", tmp_path)
    ArticlePage.objects.filter(number=1).update(title="编辑改过的标题")
    assert run("import_archive", tmp_path) == ("共1期：已有，未动1期。\n", 0)
    (tmp_path / "450.txt").rename(tmp_path / "2022-08-02.txt")  # the number is in the text alone
    assert run("import_archive", tmp_path) == ("共1期：已有，未动1期。\n", 0)
    assert ArticlePage.objects.get(number=1).title == "编辑改过的标题"


def article(title: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(title, style="Title")
    document.add_paragraph("这是一段正文。")
    file = BytesIO()
    picture_file = BytesIO(picture("red", "PNG"))
    document.add_picture(picture_file)
    document.save(file)
    return file.getvalue()


def test_word_files_in_a_folder_are_the_articles_of_an_issue(db: None, tmp_path: Path) -> None:
    files = {"1 春__docx": article("春"), "2 夏__docx": article("夏"), "10 秋__docx": article("秋")}
    put(tmp_path / "451_2022-08-09", **files)
    told, _ = run("import_archive", tmp_path)
    assert "没有印报名，用当时的出版信息" in told
    issue = IssuePage.objects.get()
    assert (issue.number, str(issue.date)) == (451, "2022-08-09")
    titles = ArticlePage.objects.child_of(issue).in_print_order().values_list("title", flat=True)
    assert list(titles) == ["春", "夏", "秋"]
    out = tmp_path.parent / f"{tmp_path.name}-out"
    run("export_archive", out)
    assert [path.name for path in (out / "451/images").iterdir()] == ["图1.png"]


def test_page_pdf_becomes_folios_without_articles(db: None, tmp_path: Path) -> None:
    put(tmp_path, 版面__pdf=write_pdf(ISSUE, picture=lambda name: b"", paper="A3"))
    told, _ = run("import_archive", tmp_path, "--publish")
    assert (
        told == "共1期：新收1期。其中1期已出版。\n新收：第450期（版面.pdf）：只有版面，没有稿件。\n"
    )
    issue = IssuePage.objects.get()
    assert (issue.number, issue.date, issue.lunar_date) == (450, ISSUE.date, ISSUE.lunar_date)
    assert [folio.number for folio in issue.folios.all()] == [1, 2]
    assert all(folio.page_image and folio.page_pdf for folio in issue.folios.all())
    assert not ArticlePage.objects.exists()


def test_imprint_that_is_not_printed_is_never_a_later_one(db: None, tmp_path: Path) -> None:
    make_imprint(permit_number="旧证", since=datetime.date(2010, 1, 1))
    make_imprint(permit_number="新证", since=datetime.date(2020, 1, 1))
    for name in ("1_2009-12-29", "2_2015-01-06", "3_2021-01-05"):
        put(tmp_path / name, a__jpg=picture())
    run("import_archive", tmp_path)
    permits = IssuePage.objects.order_by("number").values_list("imprint__permit_number", flat=True)
    assert list(permits) == ["", "旧证", "新证"]


def test_pages_beside_a_text_get_areas(db: None, tmp_path: Path) -> None:
    pdf = write_pdf(ISSUE, picture=lambda name: b"", paper="A3")
    put(tmp_path / "450", 版__pdf=pdf, 文__txt=SOURCE.read_bytes())
    run("import_archive", tmp_path)
    first, second = IssuePage.objects.get().folios.all()
    assert [area["article"] for area in first.hot_areas] == [1, 2]
    assert [area["article"] for area in second.hot_areas] == [2, 3, 4]


def test_pictures_of_pages_become_folios(db: None, tmp_path: Path) -> None:
    pages = {"2__jpg": picture(), "10__jpg": picture("grey"), "第1版__png": picture("red", "PNG")}
    put(tmp_path / "第300期 2019-08-06", **pages, 说明__xls=b"")
    told, status = run("import_archive", tmp_path)
    assert status == 0
    assert "“说明.xls”不是能读的文件，没有收入" in told
    assert [folio.number for folio in IssuePage.objects.get().folios.all()] == [1, 2, 10]
    out = tmp_path.parent / f"{tmp_path.name}-out"
    run("export_archive", out)
    assert (out / "300/images/page-2.jpg").read_bytes() == pages["2__jpg"]


def test_hint_tells_what_no_name_does(db: None, tmp_path: Path) -> None:
    hint = "number = 7\ndate = 2012-03-06\n"
    put(tmp_path / "旧报", a__jpg=picture(), about__toml=hint)
    run("import_archive", tmp_path)
    issue = IssuePage.objects.get()
    assert (issue.number, str(issue.date)) == (7, "2012-03-06")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a__jpg": picture()}, "看不出期号和日期：请把文件夹改名为“450_2022-08-02”"),
        ({"a__jpg": picture(), "about__toml": "number = 3\n"}, "看不出日期"),
        ({"a__jpg": picture(), "about__toml": "nummer = 3\n"}, "about.toml里只能写"),
        ({"a__jpg": picture(), "about__toml": "number = \n"}, "不合TOML的写法"),
        ({"a__xls": b""}, "里面没有能读的文件"),
        ({"a__docx": b"PK"}, "不是Word文档"),
        ({"a__pdf": b"PK"}, "不是PDF"),
        ({"a__jpg": b"GIF", "about__toml": "number = 3\ndate = 2012-03-06\n"}, "打不开"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(
    files: dict[str, Any], reason: str, db: None, tmp_path: Path
) -> None:
    put(tmp_path / "旧报", **files)
    told, status = run("import_archive", tmp_path)
    assert status == 1
    assert reason in told
    assert not IssuePage.objects.exists()


def test_name_that_differs_from_what_is_printed_is_told(db: None, tmp_path: Path) -> None:
    shutil.copy(SOURCE, tmp_path / "451_2022-08-09.txt")
    told, _ = run("import_archive", tmp_path)
    assert "文中印的是第450期，按文件名作第451期" in told
    assert "文中印的日期是2022年8月2日，按文件名作2022年8月9日" in told
    assert IssuePage.objects.get().number == 451


def test_missing_folder_is_told(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有这个文件夹"):
        call_command("import_archive", str(tmp_path / "none"))


def test_bar_is_drawn_on_a_terminal_only(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    make_up(2, tmp_path)
    run("import_archive", tmp_path)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run("import_archive", tmp_path)
    shown = capsys.readouterr().err
    assert "1/2 90002" in shown
    assert shown.endswith("\r\x1b[K")


# Comparing


def test_every_difference_is_named(tmp_path: Path) -> None:
    make_up(3, tmp_path / "a")
    make_up(2, tmp_path / "b")
    assert list(differences(tmp_path / "a", tmp_path / "a")) == []
    file = tmp_path / "b/90001/01.md"
    file.write_text(file.read_text("utf-8") + "x", "utf-8")
    (tmp_path / "b/90002/02.md").unlink()
    assert list(differences(tmp_path / "a", tmp_path / "b")) == [
        "第90001期：01.md 不一样",
        "第90002期：02.md 只有一边有",
        f"第90003期：只在 {tmp_path / 'a'} 里有",
    ]


def test_made_up_archive_is_the_same_every_time_and_says_what_it_is(tmp_path: Path) -> None:
    make_up(12, tmp_path / "a")
    make_up(12, tmp_path / "b")
    assert list(differences(tmp_path / "a", tmp_path / "b")) == []
    for folder in (tmp_path / "a").iterdir():
        issue = read_folder(folder)
        assert issue.imprint.circulation_notice == MADE_UP
        assert all(any(MADE_UP in r.text for r in article.remarks) for article in issue.articles)
        write_folder(
            issue,
            tmp_path / "c" / folder.name,
            lambda name, f=folder: (f / "images" / name).read_bytes(),
        )
    assert list(differences(tmp_path / "a", tmp_path / "c")) == []
