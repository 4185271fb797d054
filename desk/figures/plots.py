"""Lay a plot out, in percent of its width, so that its words keep their size on any screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Bar", "Name", "Plot", "columns", "rows"]

LINE = 40  # pixels of a row: its words above its bar
ROOM = 150  # pixels of the tallest column
FOOT = 24
MOST_ROWS = 12
LONGEST = 18  # characters of a name
MOST_WORDS = 28  # characters below standing bars, on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``x`` and ``width`` in percent, ``y`` and ``height`` in pixels."""

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
    height: int
    bars: tuple[Bar, ...]
    across: bool  # bars lie, each with its words above; else they stand on ``base``
    top: str = ""  # what the tallest column stands for
    base: int = 0
    names: tuple[Name, ...] = ()


def rows(title: str, values: Sequence[tuple[str, float]], *, unit: str) -> Plot | None:
    """Return lying bars of the largest of ``values``, or None when there is nothing to compare."""
    shown = sorted((v for v in values if v[1] > 0), key=lambda v: -v[1])[:MOST_ROWS]
    if len(shown) < 2:
        return None
    most = shown[0][1]
    bars = tuple(
        Bar(
            label=_cut(label),
            value=_told(value, unit),
            x=0,
            y=place * LINE,
            width=round(value / most * 100, 2),
            height=12,
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
    bars = tuple(
        Bar(
            label=label,
            value=_told(value, unit),
            x=round(place * step + step * 0.1, 3),
            y=round(ROOM - value / most * ROOM + FOOT, 1),
            width=round(step * 0.8, 3),
            height=round(value / most * ROOM, 1),
        )
        for place, (label, value) in enumerate(values)
    )
    tallest = max(bars, key=lambda bar: bar.height)
    said = f"从{bars[0].label}到{bars[-1].label}；最多的是{tallest.label}，{tallest.value}。"
    return Plot(
        title,
        said,
        ROOM + 2 * FOOT,
        bars,
        across=False,
        top=tallest.value,
        base=ROOM + FOOT,
        names=_names(bars),
    )


def _names(bars: Sequence[Bar]) -> tuple[Name, ...]:
    """Name each bar where there is room for it, else the first and the last."""
    if len(bars) * max(len(bar.label) for bar in bars) <= MOST_WORDS:
        return tuple(Name(bar.label, round(bar.x + bar.width / 2, 3)) for bar in bars)
    return Name(bars[0].label, 0, "start"), Name(bars[-1].label, 100, "end")


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"


def _told(value: float, unit: str) -> str:
    return f"{value:,.2f}".removesuffix(".00") + unit
