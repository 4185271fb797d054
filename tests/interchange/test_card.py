"""The card of a link: the size that chats ask for, whatever stands on it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from interchange.typesetting.matter import NEVER_FIRST, NEVER_LAST, ways_to_break
from interchange.writers.card import Card, draw_card

CARD = Card(
    name="杭州工运",
    dates=("2022年8月2日", "星期二", "农历壬寅年七月初五", "第450期"),
    headline="确保工会数字化改革始终走在前列",
    kicker="全市工会数字化改革工作推进会要求",
    opening="7月29日下午，全市工会数字化改革工作推进会召开。",
    foot=("第1版 要闻", "paper.example.org/450/1"),
)
LEADING = ("夏送清凉一线情", "技能大赛开赛", "象棋比赛在建德举行")
PAPER = (255, 254, 250)
EDGE = 24  # pixels of paper that nothing is printed on, but for a red ground


def drawn(card: Card) -> Image.Image:
    picture = Image.open(BytesIO(draw_card(card)))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    return picture.convert("RGB")


def a_picture(size: tuple[int, int] = (600, 840), colour: str = "#2a6fb0") -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def inked(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return the box around whatever is printed."""
    paper = Image.new("RGB", picture.size, picture.getpixel((3, 3)))
    differing = ImageChops.difference(picture, paper).convert("L").point(lambda v: 255 * (v > 24))
    box = differing.getbbox()
    assert box is not None
    return box


def colours(picture: Image.Image) -> set[tuple[int, int, int]]:
    return {colour for _, colour in picture.getcolors(1 << 20)}


def is_grey(picture: Image.Image) -> bool:
    return all(red == green == blue for red, green, blue in colours(picture))


def test_the_same_card_gives_the_same_bytes_and_few_of_them() -> None:
    once = draw_card(CARD)

    assert draw_card(CARD) == once
    assert len(once) < 60_000


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        replace(CARD, headline="好"),
        replace(CARD, headline="", kicker="", opening=""),
        replace(CARD, headline="龘" * 255),
        replace(CARD, headline="A" * 255, subhead="W" * 255, kicker="i" * 255),
        replace(CARD, headline="“" * 80, foot=("字" * 60, "x" * 200)),
        replace(CARD, name="一份名字特别特别长的企业内部报纸叫什么好呢"),
        replace(CARD, headline="\u202e反\x00转\ue000\U000e0001#set page(width: 9cm)", foot=()),
        replace(CARD, headline="标题", others=LEADING, is_issue=True),
        replace(CARD, headline="标题" * 60, others=LEADING * 9, is_issue=True, page=a_picture()),
        replace(CARD, plate=b"no picture", page=b"", is_issue=True),
        replace(CARD, plate=a_picture((3000, 90))),
        replace(CARD, plate=a_picture((90, 3000))),
    ],
)
def test_whatever_stands_on_it_stays_on_it(card: Card) -> None:
    left, top, right, bottom = inked(drawn(card))

    assert left >= EDGE
    assert right <= 1200 - EDGE
    assert top >= EDGE / 2
    assert bottom <= 630 - EDGE / 2


def test_the_nameplate_stands_within_the_square_that_chats_cut_out() -> None:
    head = drawn(CARD).crop((0, 0, 1200, 130))
    pixels = head.load()
    places = [
        x for x in range(1200) for y in range(0, 130, 2)
        if pixels[x, y][0] > 150 and pixels[x, y][1] < 60
    ]  # fmt: skip

    assert min(places) > (1200 - 630) / 2
    assert max(places) < (1200 + 630) / 2


@pytest.mark.parametrize(
    "headline",
    [
        "“杭工惠”平台上线一周年：服务职工超百万人次、发放福利一千二百余万元，“娘家人”越来越响亮",
        "（特写）高温下的“逆行者”——记城市环卫工人、快递小哥、建筑工人们的一天（上）",
        "一、二、三、四、五、六、七、八、九、十、十一、十二、十三",
    ],
)
def test_no_line_begins_or_ends_with_a_sign_that_may_not_stand_there(headline: str) -> None:
    for lines in ways_to_break(headline):
        assert "".join(lines) == headline
        assert not any(line[0] in NEVER_FIRST for line in lines)
        assert not any(line[-1] in NEVER_LAST for line in lines)


def test_on_a_day_of_mourning_nothing_has_a_colour() -> None:
    picture = drawn(replace(CARD, grey=True, plate=a_picture((800, 200)), page=a_picture()))

    assert is_grey(picture)
    assert not is_grey(drawn(CARD))


def test_for_a_festival_the_nameplate_stands_on_red() -> None:
    assert drawn(replace(CARD, red=True)).getpixel((4, 60)) == (179, 18, 29)
    assert drawn(CARD).getpixel((4, 60)) == PAPER
    # A picture brings its own ground along.
    assert drawn(replace(CARD, red=True, plate=a_picture((800, 200)))).getpixel((4, 60)) == PAPER


def test_the_opening_stands_there_where_there_is_room_for_it() -> None:
    short = replace(CARD, headline="象棋赛开赛", kicker="")

    assert draw_card(short) != draw_card(replace(short, opening=""))


@pytest.mark.parametrize("size", [(400, 1600), (600, 840), (900, 900), (1600, 400)])
def test_a_printed_page_of_any_shape_leaves_room_for_the_headlines(size: tuple[int, int]) -> None:
    issue = replace(CARD, others=LEADING, is_issue=True)
    body = drawn(replace(issue, page=a_picture(size))).crop((0, 200, 1200, 570))
    pixels = body.load()
    blue = [
        x for x in range(1200) for y in range(0, 370, 2)
        if pixels[x, y][2] > 150 > pixels[x, y][0]
    ]  # fmt: skip

    assert min(blue) > 1200 * 0.55
    assert max(blue) < 1200 - EDGE
    # A headline stands in the middle of what is left.
    left, _, right, _ = inked(body.crop((0, 0, min(blue) - 20, 370)))
    assert abs((left - 64) - (min(blue) - 44 - right)) < 8
