"""Lay a plot out in percent of its width and in em, so that it grows with the words in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .output import shown_number

__all__ = ["Bar", "Name", "Plot", "columns", "rows"]

LINE = 2.75  # of a row: its words above its bar
WORDS = 1.4
BAR = 0.8
ROOM = 11.5  # of the tallest column, between a line of words and another
MOST_ROWS = 8
MOST_APART = 120  # columns; more of them are thinner than the gaps between them would be
LONGEST = 18  # characters of a name
MOST_WORDS = 28  # characters below standing bars, on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``x`` and ``width`` in percent, ``y`` and ``height`` in em."""

    label: str
    value: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Name:
    """Words below a standing bar."""

    label: str
    x: float
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars with what they mean in words, for those who do not see them."""

    title: str
    description: str
    height: float
    bars: tuple[Bar, ...]
    across: bool  # bars lie, each with its words above; else they stand on ``base``
    top: str = ""  # what the tallest column stands for
    base: float = 0
    names: tuple[Name, ...] = ()


def rows(title: str, values: Sequence[tuple[str, float]], *, unit: str) -> Plot | None:
    """Return lying bars of the largest of ``values``, or None when there is nothing to compare."""
    known = sorted((value for value in values if value[1] > 0), key=lambda value: -value[1])
    shown = known[:MOST_ROWS]
    if len(shown) < 2:
        return None
    if len(known) > len(shown):
        title += f"（最多的{len(shown)}位，共{len(known)}位）"
    most = shown[0][1]
    bars = tuple(
        Bar(
            label=_cut(label),
            value=shown_number(value) + unit,
            x=0,
            y=place * LINE + WORDS,
            width=round(value / most * 100, 2),
            height=BAR,
        )
        for place, (label, value) in enumerate(shown)
    )
    said = "；".join(f"{bar.label}{bar.value}" for bar in bars)
    return Plot(title, f"从多到少：{said}。", len(bars) * LINE, bars, across=True)


def columns(title: str, values: Sequence[tuple[str, float]], *, unit: str) -> Plot | None:
    """Return standing bars in the given order, or None when there is nothing to compare."""
    if len(values) < 2 or not any(value for _, value in values):
        return None
    most = max(value for _, value in values)
    step = 100 / len(values)
    gap = 0.1 if len(values) <= MOST_APART else 0
    bars = tuple(
        Bar(
            label=label,
            value=shown_number(value) + unit,
            x=round(place * step + step * gap, 3),
            y=round(ROOM - value / most * ROOM + WORDS, 2),
            width=round(step * (1 - 2 * gap), 3),
            height=round(value / most * ROOM, 2),
        )
        for place, (label, value) in enumerate(values)
    )
    tallest = max(bars, key=lambda bar: bar.height)
    said = f"从{bars[0].label}到{bars[-1].label}；最多的是{tallest.label}，{tallest.value}。"
    return Plot(
        title,
        said,
        ROOM + 2 * WORDS,
        bars,
        across=False,
        top=tallest.value,
        base=ROOM + WORDS,
        names=_names(bars),
    )


def _names(bars: Sequence[Bar]) -> tuple[Name, ...]:
    """Name each bar where there is room for it, else the first and the last."""
    if len(bars) * max(len(bar.label) for bar in bars) <= MOST_WORDS:
        return tuple(Name(bar.label, round(bar.x + bar.width / 2, 3)) for bar in bars)
    return Name(bars[0].label, 0, "start"), Name(bars[-1].label, 100, "end")


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"
