"""Make up an archive of back issues out of the sentences of the sample; the same one every time.

Each issue says that it is made up, in its imprint and in a remark on each article; their numbers
begin where no paper comes to.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from interchange.readers.folder import read_folder
from interchange.schema import (
    Article,
    Byline,
    Correction,
    Crosshead,
    Folio,
    Imprint,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Prominence,
    Remark,
    RemarkKind,
    Role,
    Run,
    Table,
)
from interchange.writers.folder import write_folder
from newsroom.lunar import lunar_date

__all__ = ["MADE_UP", "make_up", "sample_words"]

SAMPLE = Path(__file__).parents[1] / "content/issue-450"
FIRST_NUMBER = 90_001
FIRST_DAY = date(2010, 1, 5)
MADE_UP = "测试数据：本期由程序拼成，不是真实出版物"
CLAUSE = re.compile("[^\\w]+")
NAMES = ("甲某", "乙某", "丙某", "丁某")


def make_up(count: int, destination: Path) -> None:
    """Write the folders of so many issues below ``destination``."""
    name = read_folder(SAMPLE).imprint.name
    sentences, titles = sample_words()
    for place in range(count):
        chance = random.Random(place)
        issue = _issue(place, chance, name, sentences, titles)
        pictures = {name: _picture(name, chance) for name in issue.images}
        write_folder(issue, destination / str(issue.number), pictures.__getitem__)


def sample_words() -> tuple[list[str], list[str]]:
    """Return the sentences of the sample, and clauses of it that can stand as titles."""
    texts = [
        passage.text
        for article in read_folder(SAMPLE).articles
        for passage in article.body
        if isinstance(passage, Paragraph)
    ]
    sentences = [
        f"{words}。"
        for text in texts
        for words in text.split("。")
        if len(words) > 8 and words[0] != "”"
    ]
    return sentences, [c for text in texts for c in CLAUSE.split(text) if 8 <= len(c) <= 24]


def _issue(
    place: int, chance: random.Random, name: str, sentences: Sequence[str], titles: Sequence[str]
) -> Issue:
    number = FIRST_NUMBER + place
    day = FIRST_DAY + timedelta(weeks=place)
    count = chance.randint(4, 8)
    return Issue(
        number=number,
        date=day,
        lunar_date=lunar_date(day),
        responsible_editor=chance.choice(NAMES),
        imprint=Imprint(
            name=name,
            strap="测试数据",
            publisher="测试数据",
            permit_number="测试第000号",
            circulation_notice=MADE_UP,
        ),
        folios=(Folio(number=1, name="要闻"), Folio(number=2, name="综合")),
        articles=tuple(
            _article(n, number, 1 + (n > count // 2), day, chance, sentences, titles)
            for n in range(1, count + 1)
        ),
    )


def _article(
    number: int,
    issue: int,
    folio: int,
    day: date,
    chance: random.Random,
    sentences: Sequence[str],
    titles: Sequence[str],
) -> Article:
    def text() -> str:
        return "".join(chance.sample(sentences, chance.randint(2, 6)))

    body: list[Passage] = [Paragraph.of(text()) for _ in range(chance.randint(4, 12))]
    if chance.random() < 0.3:
        body.insert(2, Crosshead(chance.choice(titles)))
        body.insert(1, Paragraph((Run(chance.choice(sentences), bold=True), Run(text()))))
    if chance.random() < 0.1:
        body.append(
            Table((("区县", "人数"), ("甲区", str(chance.randint(1, 999)))), has_header=True)
        )
    if chance.random() < 0.1:
        body.append(Note(chance.choice(sentences)))
    if number == 1 and issue % 10 == 0:
        body.insert(1, Photo(f"{issue}-1.png", caption=chance.choice(titles), credit="甲某 摄"))
    return Article(
        number=number,
        kicker=chance.choice(titles) if chance.random() < 0.2 else "",
        title=chance.choice(titles),
        subhead=chance.choice(titles) if chance.random() < 0.4 else "",
        standfirst=chance.choice(sentences) if chance.random() < 0.1 else "",
        folio=folio,
        section="文体" if chance.random() < 0.1 else "",
        prominence=Prominence.LEAD if number == 1 else Prominence.NORMAL,
        bylines=(Byline(name=chance.choice(NAMES), role=chance.choice(list(Role))),),
        remarks=(Remark(kind=RemarkKind.DECIDE, text=MADE_UP),),
        corrections=(Correction(date=day + timedelta(weeks=1), text="测试用的更正。"),)
        if chance.random() < 0.02
        else (),
        body=tuple(body),
    )


def _picture(name: str, chance: random.Random) -> bytes:
    colour = tuple(chance.randint(0, 255) for _ in range(3))
    file = BytesIO()
    Image.new("RGB", (320, 240), colour).save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    make_up(int(sys.argv[1]), Path(sys.argv[2]))
    print(f"已写入 {sys.argv[2]}：{sys.argv[1]}期，每期都注明是测试数据")
