"""Find the masthead among the lines of a page: at the top, at the foot, or in both places."""

from __future__ import annotations

from collections.abc import Sequence

from ..galley import Choice, Part
from .folding import fold
from .masthead import Facts, facts_of, part_of
from .reading import Piece, Reading, as_it_is, become, quoted
from .wording import may_be_heading

__all__ = ["mark_masthead"]

LONGEST_NAME = 12  # of a paper
LONGEST_UNNAMED = 30
MOST_BETWEEN = 2  # other short lines between two lines of a masthead
FOOT = 12  # pieces at the end among which an imprint may stand
PAPERS = "报刊版讯工运"  # what the names of papers, and their straps, end in


def mark_masthead(reading: Reading) -> None:
    """Mark what belongs to the issue and not to an article."""
    pieces = [piece for piece in reading.pieces if piece.part is None]
    parts = [part_of(piece.text) for piece in pieces]
    strong = [n for n, part in enumerate(parts) if part is Part.DATE_LINE and _is_strong(pieces[n])]
    start = strong[0] if strong else next((n for n, part in enumerate(parts[:8]) if part), None)
    taken: list[int] = []
    if start is not None:
        taken = _cluster(pieces, parts, start)
        _take(reading, pieces, parts, taken)
    _take_imprint_at_the_foot(pieces, parts, taken)
    for n, piece in enumerate(pieces):
        if piece.part is None and parts[n] is Part.RESPONSIBLE_EDITOR:
            piece.part = Part.RESPONSIBLE_EDITOR
    others = 0
    for n in strong[1:]:
        if pieces[n].part is None:
            first = facts_of(pieces[strong[0]].text)
            others += _take_another(reading, pieces, parts, n, first, is_third=others > 0)
    for n, part in enumerate(parts):
        if pieces[n].part is None and part is Part.DATE_LINE and facts_of(pieces[n].text).date_text:
            pieces[n].part = Part.PARAGRAPH
            told = f"{quoted(pieces[n].text)}单独一行，当作正文（落款日期）。"
            reading.doubt(
                "lone-date",
                pieces[n],
                told,
                as_it_is("是正文"),
                become("是刊头的日期", (pieces[n], Part.DATE_LINE)),
                become("删去", (pieces[n], Part.DROPPED)),
            )


def _is_strong(piece: Piece) -> bool:
    return facts_of(piece.text).tells_date >= 2


def _cluster(pieces: Sequence[Piece], parts: Sequence[Part | None], start: int) -> list[int]:
    """Return where the lines of the masthead around one of them are, others between them too."""
    taken = [start]
    for step in (1, -1):
        between: list[int] = []
        n = start + step
        while 0 <= n < len(pieces) and len(between) <= MOST_BETWEEN:
            if parts[n] and not (parts[n] is Part.DATE_LINE and _is_strong(pieces[n])):
                taken += [*between, n]
                between = []
            elif may_be_heading(pieces[n].text) and len(pieces[n].text) <= LONGEST_UNNAMED:
                between.append(n)
            else:
                break
            n += step
        if step < 0 and n < 0:
            taken += between  # the paper's name on top of it all
        elif step < 0 and between and _names_paper(pieces[between[0]].text):
            taken.append(between[0])
    return sorted(taken)


def _names_paper(text: str) -> bool:
    return fold(text)[-1] in PAPERS and len(text) <= LONGEST_NAME


def _take(
    reading: Reading, pieces: Sequence[Piece], parts: Sequence[Part | None], taken: Sequence[int]
) -> None:
    unnamed = [Part.STRAP, Part.NAMEPLATE]
    for n in taken:
        rest = facts_of(pieces[n].text).rest if parts[n] is Part.DATE_LINE else ""
        if rest and n == taken[0] and pieces[n].text.startswith(rest):
            following = reading.cut({pieces[n].id: len(rest)})[pieces[n].id]
            pieces[n].part, following.part = unnamed.pop(), Part.DATE_LINE
            told = f"{quoted(rest)}和日期印在一行，当作报名。"
            reading.doubt("name-in-date-line", pieces[n], told, as_it_is("是报名"))
        else:
            pieces[n].part = parts[n] or (unnamed.pop() if unnamed else Part.IMPRINT)
            if parts[n] is None:
                _doubt_name(reading, pieces[n])


def _doubt_name(reading: Reading, piece: Piece) -> None:
    """Doubt a name, a strap, or a line that is neither, unless it looks as such lines do."""
    if piece.part is not Part.IMPRINT and _names_paper(piece.text):
        return
    told = {
        Part.NAMEPLATE: f"{quoted(piece.text)}当作报名。",
        Part.STRAP: f"{quoted(piece.text)}当作报名旁边的标语（如“数字报”）。",
    }.get(piece.part or Part.IMPRINT, f"刊头里的{quoted(piece.text)}不知道是什么，没有收入。")
    reading.doubt("masthead-line", piece, told, as_it_is("就这样"), *_other_parts(piece))


def _other_parts(piece: Piece) -> list[Choice]:
    labels = {
        Part.NAMEPLATE: "是报名",
        Part.STRAP: "是标语",
        Part.TITLE: "是标题",
        Part.DROPPED: "删去",
    }
    return [
        become(label, (piece, part)) for part, label in labels.items() if part is not piece.part
    ]


def _take_imprint_at_the_foot(
    pieces: Sequence[Piece], parts: Sequence[Part | None], taken: Sequence[int]
) -> None:
    foot = [n for n in range(max(0, len(pieces) - FOOT), len(pieces)) if n not in taken]
    labelled = [n for n in foot if parts[n] in (Part.IMPRINT, Part.RESPONSIBLE_EDITOR)]
    if len(labelled) > 1 or (labelled and labelled[-1] == len(pieces) - 1):
        for n in labelled:
            pieces[n].part = parts[n]


def _take_another(
    reading: Reading,
    pieces: Sequence[Piece],
    parts: Sequence[Part | None],
    place: int,
    first: Facts,
    *,
    is_third: bool,
) -> bool:
    """Take a second date line: that of a folio, or of another issue, with its masthead.

    Returns whether it is that of another issue.
    """
    date_line = pieces[place]
    facts = facts_of(date_line.text)
    if facts.number in (None, first.number) and facts.date in (None, first.date):
        date_line.part = Part.FOLIO_LINE
        told = f"{quoted(date_line.text)}又印了一次日期，当作报眉，没有收入正文。"
        reading.doubt("folio-line", date_line, told, as_it_is("是报眉"))
        return False
    if is_third:
        date_line.part = Part.FOLIO_LINE
        told = f"{quoted(date_line.text)}又是另一期的日期，没有收入正文。"
        reading.doubt("folio-line", date_line, told, as_it_is("知道了"))
        return True
    masthead = [n for n in _cluster(pieces, parts, place) if pieces[n].part is None]
    unnamed = [pieces[n] for n in masthead if parts[n] is None]
    for n in masthead:
        is_labelled = parts[n] in (Part.IMPRINT, Part.RESPONSIBLE_EDITOR)
        pieces[n].part = parts[n] if is_labelled else Part.FOLIO_LINE
    at = reading.pieces.index(pieces[masthead[0]])
    before, after = reading.pieces[:at], reading.pieces[at:]
    told = f"这里又有一条日期{quoted(date_line.text)}：像是把两期贴在一起了。请只留一期。"
    reading.doubt(
        "second-issue",
        date_line,
        told,
        as_it_is("都是这一期的"),
        become("只留前面的一期", *((one, Part.DROPPED) for one in after)),
        become(
            "只留后面的一期",
            *((one, Part.DROPPED) for one in before),
            (date_line, Part.DATE_LINE),
            *zip(unnamed, (Part.NAMEPLATE, Part.STRAP), strict=False),
        ),
    )
    return True
