"""The issue as plain data, and the rules it keeps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from interchange.schema import (
    Article,
    Byline,
    Correction,
    Crosshead,
    Folio,
    Gallery,
    HotArea,
    Imprint,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Prominence,
    Quote,
    Remark,
    RemarkKind,
    Role,
    Run,
    SchemaError,
    Table,
    check,
    photos_of,
)

ARTICLE = Article(number=1, title="标题")
ISSUE = Issue(number=450, date=date(2022, 8, 2), imprint=Imprint(name="杭州工运"))


def issue_with(*passages: Passage) -> Issue:
    return replace(ISSUE, articles=(replace(ARTICLE, body=passages),))


def test_neighbouring_runs_that_are_set_alike_become_one() -> None:
    paragraph = Paragraph(
        (Run("甲"), Run("乙"), Run("", bold=True), Run("丙"), Run("丁", bold=True))
    )
    assert paragraph.runs == (Run("甲乙丙"), Run("丁", bold=True))
    assert paragraph.text == "甲乙丙丁"
    assert paragraph == Paragraph((Run("甲乙丙"), Run("丁", bold=True)))


def test_images_are_named_once_in_the_order_in_which_they_are_met() -> None:
    issue = issue_with(Gallery((Photo("b.jpg"), Photo("a.jpg"))), Photo("b.jpg"), Photo("c.png"))
    issue = replace(issue, imprint=Imprint(name="报", nameplate="n.png"))
    assert issue.images == ("n.png", "b.jpg", "a.jpg", "c.png")
    assert photos_of(Crosshead("无图")) == ()


def test_complete_issue_passes() -> None:
    check(
        Issue(
            number=451,
            date=date(2022, 8, 9),
            lunar_date="壬寅年七月十二",
            responsible_editor="侯英帅",
            imprint=Imprint(name="杭州工运", nameplate="报头.png"),
            folios=(Folio(number=1, name="要闻"), Folio(number=2, responsible_editor="某某")),
            articles=(
                Article(
                    number=2,
                    title="😀 <script> 标题",
                    standfirst="第一行\n第二行",
                    prominence=Prominence.LEAD,
                    bylines=(Byline(name="某某", role=Role.PHOTOGRAPHER, unit="某单位"),),
                    remarks=(Remark(kind=RemarkKind.PROOF, text="疑误"),),
                    corrections=(
                        Correction(date=date(2022, 8, 9), wrong="甲", right="乙", text="更正"),
                        Correction(date=date(2022, 8, 9), text="第一段\n第二段"),
                    ),
                    body=(
                        Paragraph((Run("链接", href="https://www.hzgh.org/"),)),
                        Photo("x.jpg", "说明", "某某 摄", "一张图"),
                        Quote("一句话\n两句话", "某某"),
                        Table((("甲", ""), ("", "乙\t丙\n"))),
                        Note("附注"),
                    ),
                ),
                Article(number=1, title="标题", folio=2),
            ),
        )
    )


def broken_issues() -> Iterator[tuple[Issue, str, str]]:
    """Yield issues that break one rule each, the place they break it, and the reason."""

    def article(**fields: Any) -> Issue:
        return replace(ISSUE, articles=(replace(ARTICLE, **fields),))

    yield replace(ISSUE, number=0), "number", "0不在1到99999之间"
    yield replace(ISSUE, number=-1), "number", "-1不在"
    yield replace(ISSUE, number=10**30), "number", "不在1到99999之间"
    yield replace(ISSUE, date=date(1900, 12, 31)), "date", "1900-12-31不在1901年到2100年之间"
    yield replace(ISSUE, date=date(2101, 1, 1)), "date", "不在"
    yield replace(ISSUE, imprint=Imprint(name=" \u3000")), "imprint.name", "不能为空"
    yield (
        replace(ISSUE, imprint=Imprint(name="报", nameplate="../n.png")),
        "imprint.nameplate",
        "路径",
    )
    yield replace(ISSUE, folios=(Folio(number=2), Folio(number=2))), "folios[1].number", "第2版"
    yield replace(ISSUE, articles=(ARTICLE, ARTICLE)), "articles[1].number", "篇号1用了两次"
    yield (
        replace(ISSUE, articles=(replace(ARTICLE, folio=2), replace(ARTICLE, number=2))),
        "articles[1].folio",
        "第1版排在第2版之后",
    )
    yield article(title="标" * 500), "articles[0].title", "有500个字，最多255个"
    yield article(title=""), "articles[0].title", "不能为空"
    yield article(title="两行\n标题"), "articles[0].title", "只能有一行"
    yield article(kicker="空\0字"), "articles[0].kicker", "U+0000"
    yield article(subhead="半个\ud800字"), "articles[0].subhead", "U+D800"
    yield article(folio=0), "articles[0].folio", "0不在"
    yield article(bylines=(Byline(name=""),)), "articles[0].bylines[0].name", "不能为空"
    yield (
        article(remarks=(Remark(kind=RemarkKind.GAP, text=""),)),
        "articles[0].remarks[0].text",
        "不能为空",
    )
    day = date(2022, 8, 9)
    for fields, name, reason in (
        ({"text": " \n"}, "text", "不能为空"),
        ({"text": "字" * 1001}, "text", "有1001个字，最多1000个"),
        ({"text": "空\0字"}, "text", "U+0000"),
        ({"wrong": "字" * 301}, "wrong", "最多300个"),
        ({"wrong": "两\n行"}, "wrong", "只能有一行"),
        ({"wrong": " "}, "wrong", "只有空格"),
        ({"right": "乙"}, "right", "没有“原文”"),
        ({"wrong": "甲", "right": "甲"}, "right", "一模一样"),
        ({"date": date(1900, 1, 1)}, "date", "不在1901年"),
    ):
        correction = Correction(**{"date": day, "text": "更正", **fields})
        yield article(corrections=(correction,)), f"articles[0].corrections[0].{name}", reason
    once = Correction(date=day, text="更正")
    yield article(corrections=(once, once)), "articles[0].corrections[1].text", "完全相同"
    yield (
        article(corrections=(once, Correction(date=date(2022, 8, 8), text="更早"))),
        "articles[0].corrections[1].date",
        "先后",
    )
    area = HotArea(article=2, polygon="0,0 1,0 1,1")
    for folio, place, reason in (
        (Folio(number=1, hot_areas=(area,)), "folios[0].hot_areas", "没有版面图"),
        (
            Folio(number=1, page_image="p.webp", hot_areas=(area,)),
            "folios[0].hot_areas[0].article",
            "指向第2篇",
        ),
        (Folio(number=1, page_pdf="p.webp"), "folios[0].page_pdf", "不能作版面PDF"),
    ):
        yield replace(ISSUE, articles=(ARTICLE,), folios=(folio,)), place, reason
    yield issue_with(Paragraph(())), "articles[0].body[0]", "段落里没有字"
    yield issue_with(Paragraph.of("响\x07铃")), "articles[0].body[0].runs[0].text", "U+0007"
    yield issue_with(Paragraph.of("回车\r")), "articles[0].body[0].runs[0].text", "U+000D"
    yield issue_with(Crosshead("")), "articles[0].body[0].text", "不能为空"
    yield issue_with(Gallery((Photo("a.jpg"),))), "articles[0].body[0].photos", "至少要两张"
    yield issue_with(Photo("a.jpg"), Photo("A.jpg")), "images", "只差大小写"
    yield issue_with(Table(())), "articles[0].body[0].rows", "没有格子"
    yield issue_with(Table((("",),), has_header=True)), "articles[0].body[0].rows[0]", "表头"
    yield (
        issue_with(Table((("甲",), ("乙", "丙")))),
        "articles[0].body[0].rows[1]",
        "有2格，第一行有1格",
    )
    for name in (
        "",
        "../x.jpg",
        "/x.jpg",
        "a/x.jpg",
        "a\\x.jpg",
        ".x.jpg",
        "x.svg",
        "x.jpg\n",
        "x",
    ):
        yield issue_with(Photo(name)), "articles[0].body[0].file", "不能作图片文件名"
    for href in ("javascript:alert(1)", "//evil.example", "http://a b", "data:,x", "x", "/a\\b"):
        yield (
            issue_with(Paragraph((Run("链接", href=href),))),
            "articles[0].body[0].runs[0].href",
            "不能用",
        )


@pytest.mark.parametrize(("issue", "place", "reason"), [*broken_issues()])
def test_broken_rule_is_named_with_its_place(issue: Issue, place: str, reason: str) -> None:
    with pytest.raises(SchemaError) as caught:
        check(issue)
    assert str(caught.value).partition("：")[0] == place
    assert reason in caught.value.reason
