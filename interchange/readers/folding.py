"""Fold what is written in several ways into one, sign by sign, so that places stay the same.

For recognising only: digits, letters and brackets of either width, and the traditional forms of
the characters that labels, roles and frequent family names are written with.
"""

from __future__ import annotations

__all__ = ["fold", "width"]

TRADITIONAL = (
    "責责輯辑農农曆历歷历準准證证號号聞闻熱热線线郵邮編编網网記记訊讯員员電电攝摄圖图為为轉转報报約约譯译"
    "運运總总陰阴資资絡络頁页閏闰週周傳传發发張张劉刘陳陈楊杨趙赵黃黄吳吴孫孙馬马羅罗鄭郑謝谢韓韩馮冯"
    "於于許许鄧邓沈沈曾曾彭彭蘇苏盧卢蔣蒋賈贾葉叶閻阎鍾钟陸陆顧顾萬万錢钱湯汤賀贺龔龚龐庞樊樊蘭兰魯鲁"
    "嚴严畢毕聶聂關关費费紀纪單单葛葛範范倪倪駱骆齊齐時时莊庄許许盛盛戴戴廈厦寧宁項项續续結结選选圍围"
)
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
FOLDED: dict[int, int | str] = {
    **{ord(TRADITIONAL[n]): TRADITIONAL[n + 1] for n in range(0, len(TRADITIONAL), 2)},
    **FULL_WIDTH,
    ord("\u3000"): " ",
    ord("\xa0"): " ",
    ord("\t"): " ",
}


def fold(text: str) -> str:
    """Return text of the same length with the signs of one meaning written alike."""
    return text.translate(FOLDED)


def width(text: str) -> float:
    """Return how many squares text takes in print: a Latin letter or a digit half of one."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2
