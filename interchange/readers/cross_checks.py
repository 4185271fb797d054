"""Compare what a masthead says with itself and with the issues before: date, weekday, number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from newsroom.lunar import OutOfLunarRange, lunar_date, printed_date, weekday

from ..galley import Part
from ..schema import RemarkKind
from .folding import fold
from .masthead import Facts, facts_of, gathered
from .reading import Piece, Reading, as_it_is, quoted

__all__ = ["KnownIssue", "cross_check"]

KnownIssue = tuple[int, date]  # the number and the day of an issue that the paper has
SOURCES = (Part.DATE_LINE, Part.IMPRINT, Part.RESPONSIBLE_EDITOR)
LABELS = {
    "responsible_editor": "责任编辑",
    "hotline": "新闻热线",
    "submissions_url": "投稿网址",
    "submissions_email": "投稿邮箱",
    "publisher": "出版",
    "permit_number": "准印证号",
    "address": "社址",
    "postcode": "邮编",
    "icp_number": "备案号",
    "circulation_notice": "内部资料字样",
}
EXPECTED = ("responsible_editor", "publisher", "permit_number", "address", "postcode", "hotline")
SUBMISSIONS = ("submissions_url", "submissions_email")


def cross_check(reading: Reading, known: Iterable[KnownIssue] = ()) -> None:
    """Doubt what does not fit together."""
    if not reading.pieces:
        return
    lines = [piece for piece in reading.pieces if piece.part in SOURCES]
    facts = gathered(piece.text for piece in lines)
    dated = [piece for piece in lines if piece.part is Part.DATE_LINE]
    place = (dated or lines or reading.pieces)[0]
    for told in (*_misread(facts), *_within(facts), *_among(facts, tuple(known))):
        reading.doubt("date-line", place, told, as_it_is("印的就是这样"), kind=RemarkKind.PROOF)
    _doubt_missing(reading, facts, place)
    _doubt_repeated(reading, lines)


def _misread(facts: Facts) -> Iterable[str]:
    """Yield what could only be guessed."""
    for text, label in ((facts.number_text, "期号"), (facts.date_text, "日期")):
        if any(sign in fold(text) for sign in "OoIl"):
            yield f"{label}印作“{text}”，字母当作数字读，请核对。"
    if facts.date_text and facts.date is None:
        yield f"“{facts.date_text}”不是一个日期，请核对。"
    if facts.date is not None and not 1901 <= facts.date.year <= 2100:
        yield f"“{facts.date_text}”的年份不对，请核对。"


def _within(facts: Facts) -> Iterable[str]:
    day = facts.date
    if day is None:
        return
    if facts.weekday and f"星期{facts.weekday}" != weekday(day):
        printed = f"星期{facts.weekday}"
        yield f"{printed_date(day)}是{weekday(day)}，印的是{printed}：日期和星期有一个不对。"
    try:
        reckoned = lunar_date(day)
    except OutOfLunarRange:
        return
    printed = fold(facts.lunar_date).replace(" ", "")
    if printed and printed not in (reckoned, reckoned.split("年")[1]):
        yield f"{printed_date(day)}是农历{reckoned}，印的是“{facts.lunar_date}”：有一个不对。"


def _among(facts: Facts, known: Sequence[KnownIssue]) -> Iterable[str]:
    if facts.number is None or facts.date is None:
        return
    for number, day in known:
        if number == facts.number and day != facts.date:
            yield f"第{number}期已经有了，是{printed_date(day)}的：期号或日期有一个不对。"
        elif number != facts.number and day == facts.date:
            yield f"{printed_date(day)}已有第{number}期：期号或日期有一个不对。"
    by_day = sorted(known, key=lambda one: one[1])
    before = next((one for one in reversed(by_day) if one[1] < facts.date), None)
    after = next((one for one in by_day if one[1] > facts.date), None)
    this = f"这一期却是第{facts.number}期，请核对。"
    if before and before[0] >= facts.number:
        yield f"之前{printed_date(before[1])}是第{before[0]}期，{this}"
    elif before and before[0] + 1 != facts.number:
        yield f"期号不连续：之前一期是第{before[0]}期（{printed_date(before[1])}），请核对。"
    if after and after[0] <= facts.number:
        yield f"之后{printed_date(after[1])}是第{after[0]}期，{this}"


def _doubt_missing(reading: Reading, facts: Facts, place: Piece) -> None:
    missing = [LABELS[name] for name in EXPECTED if name not in facts.labelled]
    parts = {piece.part for piece in reading.pieces}
    told = (
        ("期号", facts.number),
        ("日期", facts.date_text),
        ("星期", facts.weekday),
        ("农历", facts.lunar_date),
        ("报名", Part.NAMEPLATE in parts),
        ("标语", Part.STRAP in parts),
        ("投稿网址或邮箱", any(name in facts.labelled for name in SUBMISSIONS)),
    )
    missing = [label for label, fact in told if not fact] + missing
    if missing:
        reading.doubt(
            "masthead-missing",
            place,
            f"刊头里没有认出{'、'.join(missing)}。",
            as_it_is("没有印"),
        )
    if facts.unplaced:
        lines = "、".join(quoted(text) for text in facts.unplaced)
        reading.doubt(
            "unplaced", place, f"刊头里的{lines}没有地方放，没有收入。", as_it_is("知道了")
        )


def _doubt_repeated(reading: Reading, lines: Sequence[Piece]) -> None:
    """Doubt what is told twice and differently; what is told first counts."""
    told: dict[str, str] = {}
    for piece in lines:
        facts = facts_of(piece.text)
        values = {LABELS[name]: value for name, value in facts.labelled.items()}
        if piece.part is Part.DATE_LINE:
            values |= {"期号": str(facts.number or ""), "日期": str(facts.date or "")}
            values |= {"农历": facts.lunar_date, "星期": facts.weekday}
        for label, value in values.items():
            first = told.setdefault(label, value) if value else ""
            if value and first != value:
                text = f"{label}印了两次：“{first}”和“{value}”，用前一个。"
                reading.doubt("told-twice", piece, text, as_it_is("用前一个"))
