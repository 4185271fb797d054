"""Find amounts that contradict themselves: 近30余人, 下降3倍."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .texts import Finding, Sheet

NUMBER = r"(?:(?<![\d.,])\d[\d.,]{0,15}|[一二两三四五六七八九十百千万]{1,5})"
UNIT = r"[万亿千百十]?"
TWICE = (
    (rf"(?:近|约|大约|将近|接近|约有|超过|逾){NUMBER}{UNIT}(?:余|多)(?![少元])", "概数说了两遍"),
    (rf"(?:大约|约|近){NUMBER}{UNIT}[\u4e00-\u9fff%]{{0,3}}左右", "概数说了两遍"),
    (rf"(?:超过|逾|多达|突破){NUMBER}{UNIT}[\u4e00-\u9fff%]{{0,3}}以上", "概数说了两遍"),
    (rf"(?<!近|约|逾|过){NUMBER}{UNIT}余[\u4e00-\u9fff]?多", "概数说了两遍"),
    (rf"(?:不足|不到|最多){NUMBER}{UNIT}[\u4e00-\u9fff]{{0,2}}以上", "说法自相矛盾"),
    (rf"(?:减少|下降|降低|缩小|缩短|减)了?{NUMBER}倍", "减少不能用倍数"),
    (r"截[止至]到?目前为止", "“截至”和“为止”重复"),
)
PATTERNS = tuple((re.compile(pattern), said) for pattern, said in TWICE)


def doubtful_amount(sheet: Sheet) -> Iterator[Finding]:
    """Find an amount that is approximate twice over, contradicts itself, or shrinks manifold."""
    for stretch in sheet.stretches:
        for pattern, said in PATTERNS:
            for found in pattern.finditer(stretch.folded):
                words = stretch.text[found.start() : found.end()]
                yield stretch.mark(*found.span(), f"“{words}”：{said}。")
