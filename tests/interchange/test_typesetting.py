"""Sheets set in type: the certificate of acceptance, the press it goes through, and the fonts."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from interchange.typesetting import press
from interchange.typesetting.certificate import Certificate, print_certificate
from interchange.typesetting.press import Press, TypesettingFailed, typeset

CERTIFICATE = Certificate(
    paper="杭州工运",
    publisher="杭州市总工会",
    article_title="拱墅区总工会普惠性托育解决职工难题",
    byline="李雷、韩梅梅",
    issue_title="第450期",
    issue_date="2022年8月2日",
    weekday="星期二",
    folio="第1版 要闻",
    address="https://paper.example.org/450/3/",
    issued_on="2026年11月24日",
)
HOSTILE = '#eval("1") $x$ *a* <b> @ref \\ // /* `_~[甲]'
MARGINS = (28, 22, 28, 24)  # left, bottom, right, top of the certificate, in millimetres
POINT = 72 / 25.4


def sheets(pdf: bytes) -> list[str]:
    """Return the text of each page without its white space, which only breaks lines."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return ["".join(text.split()) for text in pages]


def sheet(certificate: Certificate) -> str:
    [text] = sheets(print_certificate(certificate))
    return text


def assert_inside_margins(pdf: bytes) -> None:
    with pypdfium2.PdfDocument(pdf) as document:
        [page] = document
        width, height = page.get_size()
        left, bottom, right, top = (margin * POINT for margin in MARGINS)
        text = page.get_textpage()
        for place in range(text.count_chars()):
            if text.get_text_range(place, 1).isspace():
                continue
            box = text.get_charbox(place)
            assert box[0] > left - 1
            assert box[1] > bottom - 1
            assert box[2] < width - right + 1
            assert box[3] < height - top + 1


# The certificate


def test_certificate_says_what_appeared_where():
    text = sheet(CERTIFICATE)
    assert text.startswith("杭州工运采用证明")
    assert (
        "兹证明，李雷、韩梅梅的作品《拱墅区总工会普惠性托育解决职工难题》"
        "已在《杭州工运》2022年8月2日（第450期，星期二）第1版（要闻）刊发。" in text
    )
    assert "杭州市总工会2026年11月24日（盖章处）" in text


def test_address_is_printed_and_is_a_link():
    pdf = print_certificate(CERTIFICATE)
    assert CERTIFICATE.address in sheets(pdf)[0]
    assert f"/URI({CERTIFICATE.address})" in re.sub(r"\s+\(", "(", pdf.decode("latin-1"))


def test_kicker_and_subhead_are_named():
    text = sheet(replace(CERTIFICATE, kicker="“杭工e家”APP上线", subhead="让职工不再难"))
    assert "难题》（引题：“杭工e家”APP上线；副题：让职工不再难）已在" in text


def test_what_is_not_known_leaves_no_gap():
    text = sheet(replace(CERTIFICATE, byline="", weekday="", folio=""))
    assert "兹证明，作品《拱墅区" in text
    assert "2022年8月2日（第450期）刊发。" in text


def test_title_marks_inside_title_marks_are_the_smaller_ones():
    assert "《读〈红楼梦〉》" in sheet(replace(CERTIFICATE, article_title="读《红楼梦》"))


def test_hostile_text_is_printed_as_it_stands():
    text = sheet(replace(CERTIFICATE, article_title=HOSTILE, byline="\u202e乙\u2066\x07\ud800"))
    assert f"乙的作品《{''.join(HOSTILE.split())}》" in text


def test_whole_dash_is_kept_in_the_text():
    assert "甲——乙……丙" in sheet(replace(CERTIFICATE, article_title="甲——乙……丙"))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {
            "article_title": "职工“长标题”，《甲》——" * 20,
            "kicker": "引" * 100,
            "subhead": "副" * 150,
        },
        {"byline": "、".join(["阿不都热合曼·买买提", "龑䶮", "㛃喆"] * 12)},
        {"article_title": "W" * 255, "address": f"https://paper.example.org/{'x' * 200}/"},
        {"paper": "职工思想政治工作研究会通讯" * 2, "publisher": "杭州市总工会" * 16},
    ],
    ids=["usual", "long title", "many names", "no place to break", "long names"],
)
def test_everything_stays_inside_the_margins_of_one_sheet(change):
    assert_inside_margins(print_certificate(replace(CERTIFICATE, **change)))


def test_certificate_is_tagged_titled_and_chinese():
    pdf = print_certificate(CERTIFICATE)
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.is_tagged()
        metadata = document.get_metadata_dict()
    assert metadata["Title"] == "采用证明：拱墅区总工会普惠性托育解决职工难题"
    assert metadata["Author"] == "杭州市总工会"
    assert not metadata["CreationDate"]
    assert re.search(rb"/Lang\s*\(zh-CN\)", pdf)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


# The press


def test_same_data_gives_same_bytes():
    assert print_certificate(CERTIFICATE) == print_certificate(replace(CERTIFICATE))


def test_missing_character_is_named():
    with pytest.raises(TypesettingFailed, match=r"“𠀋”（U\+2000B）、“😀”（U\+1F600）") as failure:
        print_certificate(replace(CERTIFICATE, article_title="甲𠀋乙😀𠀋"))
    assert failure.value.characters == ("𠀋", "😀")


def test_character_without_shape_is_named_by_its_number():
    with pytest.raises(TypesettingFailed, match=r"U\+E000"):
        print_certificate(replace(CERTIFICATE, byline="\ue000"))


@pytest.fixture
def template(tmp_path, monkeypatch):
    """Stand a template of the test in the place of ours."""

    def write(markup: str) -> str:
        head = '#set document(title: "x")\n#set text(font: "Noto Serif SC")\n'
        (tmp_path / "test.typ").write_text(head + markup, encoding="utf-8")
        return "test"

    monkeypatch.setattr(press, "HERE", tmp_path)
    return write


def test_picture_is_read_by_its_name(template):
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    name = template('#figure(image("pictures/甲.svg", alt: "甲"))')
    assert typeset(name, {}, pictures={"甲.svg": picture}).startswith(b"%PDF")


def test_picture_must_not_lead_out_of_its_folder(template):
    with pytest.raises(ValueError, match=r"\.\./x"):
        typeset(template("甲"), {}, pictures={"../x": b""})


def test_fault_of_a_template_is_told_in_chinese(template):
    with pytest.raises(
        TypesettingFailed, match="请把这句话告诉技术人员：unknown variable: nothing"
    ):
        typeset(template("#nothing"), {})


def test_template_reads_no_file_of_the_machine(template):
    with pytest.raises(TypesettingFailed):
        typeset(template('#read("/etc/hostname")'), {})


def test_deep_data_loses_what_is_invisible(template):
    name = template("#let d = json(bytes(sys.inputs.data)); #d.a.at(0).b #d.n")
    assert sheets(typeset(name, {"a": [{"b": "甲\u202e\u200b乙"}], "n": 3})) == ["甲乙3"]


def test_moment_is_given_from_outside(template):
    name = template("甲")
    moment = datetime(2022, 8, 2, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with pypdfium2.PdfDocument(typeset(name, {}, at=moment)) as document:
        assert document.get_metadata_value("CreationDate").startswith("D:20220802043000")
    assert typeset(name, {}) == typeset(name, {})


def test_press_answers_before_it_prints(template, tmp_path):
    workshop = tmp_path / "workshop"
    workshop.mkdir()
    asked = Press(workshop, template("#metadata(sys.inputs.data.len())<length>"))
    assert asked.ask({"a": "甲"}, "length") == [len('{"a": "甲"}'.encode())]
    assert asked.print({}).startswith(b"%PDF")


def test_fault_met_while_asking_is_told_in_chinese(template, tmp_path):
    workshop = tmp_path / "workshop"
    workshop.mkdir()
    with pytest.raises(TypesettingFailed, match="请把这句话告诉技术人员"):
        Press(workshop, template("#nothing")).ask({}, "length")


# The fonts

FONTS = sorted(press.FONTS.glob("*.ttf"))


def gb2312() -> set[str]:
    cells = (bytes((row, cell)) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF))
    return {pair.decode("gb2312", "ignore") for pair in cells} - {""}


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_font_has_the_characters_of_a_chinese_newspaper(path):
    assert len(gb2312()) == 7445
    lines = (press.FONTS / "characters.txt").read_text(encoding="utf-8").splitlines()
    listed = {sign for line in lines if not line.startswith("#") for sign in line}
    marks = "〇·—…“”‘’《》〈〉【】「」『』（），。、；：？！￥％～　①⑩℃㎡№"
    names = "龑䶮㛃喆堃珺玥珮淼垚"
    with TTFont(path, lazy=True) as font:
        covered = set(map(chr, font.getBestCmap()))
    assert gb2312() | listed | set(marks + names) | set(map(chr, range(0x20, 0x7F))) <= covered


def test_fonts_stay_small_and_come_with_their_licence():
    assert [path.stem for path in FONTS] == [
        "NotoSansSC_500Medium",
        "NotoSerifSC_400Regular",
        "NotoSerifSC_900Black",
    ]
    assert sum(path.stat().st_size for path in FONTS) < 12_000_000
    for name in ("OFL.txt", "OFL-NotoSansSC.txt"):
        licence = Path(press.FONTS / name).read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
