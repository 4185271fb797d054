"""Name the parts of an article in Word, for the print shop and for whoever reads it back."""

from __future__ import annotations

from enum import StrEnum


class HouseStyle(StrEnum):
    """The paragraph styles of the paper. Running text has Word's own, which Word calls 正文."""

    PAPER = "报头"
    DATE = "日期行"
    FOLIO = "版次"
    SECTION = "栏目"
    KICKER = "引题"
    HEADLINE = "主题"
    SUBHEAD = "副题"
    STANDFIRST = "提要"
    CROSSHEAD = "小标题"
    BYLINE = "作者"
    PICTURE = "图片行"
    CAPTION = "图说"
    QUOTE = "引文"
    SOURCE = "引文出处"
    TABLE_CAPTION = "表题"
    CELL = "表格文字"
    NOTE = "附注"
    CORRECTION = "更正"
    IMPRINT = "出版信息"


TABLE = "表格"  # the style of a table itself
# What belongs to the issue and not to an article.
AROUND = frozenset(
    {
        HouseStyle.PAPER,
        HouseStyle.DATE,
        HouseStyle.FOLIO,
        HouseStyle.SECTION,
        HouseStyle.CORRECTION,
        HouseStyle.IMPRINT,
    }
)
