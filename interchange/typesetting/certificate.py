"""Print the certificate (采用证明) that a manuscript was accepted and appeared in the paper."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from newsroom.cjk import clean_line

from .press import typeset

__all__ = ["Certificate", "print_certificate"]


# What stands in 《》 takes the smaller 〈〉 within (GB/T 15834).
INNER_MARKS = str.maketrans("《》", "〈〉")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is certified, each value as it is printed; what is not required may be left empty."""

    paper: str  # 杭州工运
    publisher: str  # who seals it
    article_title: str
    byline: str  # 李雷、韩梅梅
    issue_title: str  # 第450期
    issue_date: str  # 2022年8月2日
    address: str  # the absolute link of the article
    issued_on: str  # 2026年11月24日
    weekday: str = ""  # 星期二
    folio: str = ""  # 第1版 要闻
    kicker: str = ""
    subhead: str = ""


def print_certificate(certificate: Certificate) -> bytes:
    """Return the certificate as a PDF of one sheet A4; equal certificates are equal bytes."""
    lines = {name: clean_line(value) for name, value in asdict(certificate).items()}
    lines["article_title"] = lines["article_title"].translate(INNER_MARKS)
    return typeset("certificate", lines)
