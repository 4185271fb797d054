"""Find what in the date line disagrees with itself, or with the issues before and after."""

from __future__ import annotations

from collections.abc import Iterator

from newsroom.lunar import FIRST_YEAR, LAST_YEAR, lunar_date, printed_date, weekday

from .texts import Finding, Paper


def wrong_issue_lunar(paper: Paper) -> Iterator[Finding]:
    """Find a lunar date of the issue that is not the one of its day."""
    issue = paper.issue
    if not FIRST_YEAR <= issue.date.year <= LAST_YEAR or not issue.lunar_date:
        return
    reckoned = lunar_date(issue.date)
    if issue.lunar_date != reckoned:
        start = paper.date_line.text.index(issue.lunar_date)
        yield paper.date_line.mark(
            start,
            start + len(issue.lunar_date),
            f"农历填的是“{issue.lunar_date}”，而{printed_date(issue.date)}是“{reckoned}”。",
        )


def missing_issue_lunar(paper: Paper) -> Iterator[Finding]:
    """Find an issue without its lunar date."""
    if not paper.issue.lunar_date.strip():
        yield paper.date_line.mark(0, 0, "没有农历日期，报头上将不印农历。", about="农历")


def number_out_of_sequence(paper: Paper) -> Iterator[Finding]:
    """Find a number that does not follow the issue before, or reaches the one after."""
    if paper.neighbours is None:
        return
    number, line = paper.issue.number, paper.date_line
    start = line.text.rindex(f"第{number}期")
    end = start + len(f"第{number}期")
    before, after = paper.neighbours.previous, paper.neighbours.following
    if before and number <= before.number:
        told = f"之前的{printed_date(before.date)}已是第{before.number}期，本期却是第{number}期。"
        yield line.mark(start, end, told)
    elif before and number != before.number + 1:
        told = f"期号不连续：前一期是第{before.number}期，本期是第{number}期。"
        yield line.mark(start, end, told)
    if after and number >= after.number:
        told = f"之后的{printed_date(after.date)}是第{after.number}期，本期却是第{number}期。"
        yield line.mark(start, end, told)


def date_out_of_rhythm(paper: Paper) -> Iterator[Finding]:
    """Find a date that another issue bears, that is out of order, or on another weekday."""
    if paper.neighbours is None:
        return
    issue, line = paper.issue, paper.date_line
    end = len(printed_date(issue.date))
    for other in paper.neighbours.same_day:
        told = f"{printed_date(issue.date)}已有第{other.number}期。同一天出两期（号外）是可以的。"
        yield line.mark(0, end, told)
    before, after = paper.neighbours.previous, paper.neighbours.following
    if (before and before.date > issue.date) or (after and after.date < issue.date):
        yield line.mark(0, end, "出版日期与前后两期的先后不符。")
    elif before and before.date.weekday() != issue.date.weekday():
        usual = weekday(before.date)
        told = f"前一期（第{before.number}期）是{usual}出的，本期是{weekday(issue.date)}。"
        yield line.mark(0, end, told, about="星期")
