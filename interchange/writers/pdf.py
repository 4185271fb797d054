"""Write an issue as the newspaper it is: a PDF in A3 or A4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from newsroom.cjk import full_width
from newsroom.looks import Look
from newsroom.lunar import printed_date, weekday

from ..for_readers import date_line, title_of
from ..schema import Imprint, Issue
from ..typesetting.matter import matter_of, weights
from ..typesetting.paper_edition import FORMATS, Edition, Front
from ..typesetting.plates import ratio_of
from ..typesetting.press import DEBIAN_FONTS, TypesettingFailed

__all__ = ["Paper", "write_pdf"]

Paper = Literal["A3", "A4"]


def write_pdf(
    issue: Issue,
    *,
    picture: Callable[[str], bytes],
    paper: Paper = "A3",
    look: Look = Look.PLAIN,
) -> bytes:
    """Return the paper edition of an issue; the same issue and pictures give the same bytes.

    ``picture`` returns the content of an image file by its name. Where a character is in none of
    the fonts, ``TypesettingFailed`` names it.
    """
    edition = _edition(issue, picture, paper, look)
    try:
        return edition.print(fallback=False)
    except TypesettingFailed as failure:
        if not failure.characters:
            raise
        if not DEBIAN_FONTS.is_dir():
            raise TypesettingFailed(
                f"{failure}人名、地名中的罕用字，也可以请技术人员在服务器上安装字体包"
                "fonts-noto-cjk（apt install fonts-noto-cjk），再重新生成。",
                failure.characters,
            ) from failure
    return edition.print(fallback=True)


def _edition(issue: Issue, picture: Callable[[str], bytes], paper: Paper, look: Look) -> Edition:
    ratios = {name: ratio_of(name, picture(name)) for name in issue.pictures}
    matter = []
    before = (0, "")
    for article, weight in zip(issue.articles, weights(issue.articles), strict=True):
        here = (article.folio, article.section)
        matter.append(matter_of(article, weight, article.section if here != before else "", ratios))
        before = here
    return Edition(
        front=_front(issue),
        matter=matter,
        folio_of=[article.folio for article in issue.articles],
        picture=picture,
        format=FORMATS[paper],
        look=look,
    )


def _front(issue: Issue) -> Front:
    imprint = issue.imprint
    numbers = {article.folio for article in issue.articles}
    described = {folio.number: folio for folio in issue.folios}
    folios = {}
    for folio in sorted(numbers):
        head = described.get(folio)
        name = f"第{folio}版" + (f"\u3000{head.name}" if head and head.name else "")
        folios[folio] = (name, _labelled("责任编辑", head.responsible_editor if head else ""))
    shows_folios = len(numbers) > 1 or any(
        head.name for folio, head in described.items() if folio in numbers
    )
    editor = _labelled("责任编辑", issue.responsible_editor)
    return Front(
        title=f"{imprint.name} {title_of(issue)}",
        author=imprint.publisher or imprint.name,
        name=imprint.name,
        dates=" ".join([printed_date(issue.date), weekday(issue.date), title_of(issue)]),
        dateline=date_line(issue),
        editor=editor,
        ears=_ears(imprint),
        colophon=(*_colophon(imprint), *filter(None, [editor])),
        plate=imprint.nameplate,
        folios=folios,
        shows_folios=shows_folios,
    )


def _ears(
    imprint: Imprint,
) -> tuple[list[tuple[float, str, str]], list[tuple[float, str, str]]]:
    """Return what stands to the left and to the right of the nameplate: size, typeface, words."""
    left = [
        (1.45, "song", imprint.strap),
        (1.0, "hei", _labelled("出版", imprint.publisher)),
        (1.0, "hei", _labelled("准印证号", imprint.permit_number)),
        (1.0, "hei", imprint.circulation_notice),
    ]
    right = [
        (1.0, "hei", "新闻热线：" if imprint.hotline else ""),
        (1.3, "hei", imprint.hotline),
        (1.0, "hei", "投稿网址：" if imprint.submissions_url else ""),
        (1.0, "hei", imprint.submissions_url),
        (1.0, "hei", _labelled("投稿邮箱", imprint.submissions_email)),
    ]
    return [row for row in left if row[2]], [row for row in right if row[2]]


def _colophon(imprint: Imprint) -> list[str]:
    lines = [
        _labelled("出版", imprint.publisher),
        _labelled("准印证号", imprint.permit_number),
        _labelled("社址", imprint.address),
        _labelled("邮编", imprint.postcode),
        _labelled("新闻热线", imprint.hotline),
        _labelled("投稿网址", imprint.submissions_url),
        _labelled("投稿邮箱", imprint.submissions_email),
        imprint.circulation_notice,
        imprint.icp_number,
        imprint.police_number,
    ]
    return [full_width(line) for line in lines if line]


def _labelled(label: str, words: str) -> str:
    return f"{label}：{words}" if words else ""
