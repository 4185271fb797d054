"""Judge by its words alone what a line of a manuscript may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ..schema import Role
from .folding import fold, width

__all__ = [
    "MARGIN",
    "SURNAMES",
    "Signed",
    "glue",
    "is_between_words",
    "is_finished",
    "may_be_caption",
    "may_be_heading",
    "named",
    "signature",
    "trailing_signature",
]

MARGIN = " \u3000\t\xa0"

LONGEST_HEADING = 42
SENTENCE_MARKS = "。.!?！？,，;；:："
FINISHING_MARKS = "。.!?！？…:：;；"
CLOSING_SIGNS = "”’」』\"'"
CLOSING_BRACKETS = CLOSING_SIGNS + ")）】》〉］]"
CAPTION = re.compile(
    r"(?:图为|图片|图说|[上下左右]图|图[ \d一二三四五六七八九十①-⑩:]).{0,140}"
    r"|.{1,59}(?:摄|摄影|供图)\)?"
)

LATIN_START = re.compile(r"[A-Za-z]|\d(?=[A-Za-z ])")
LATIN_END = re.compile(r"[A-Za-z][.,;:?!)'\"’”]*$|[A-Za-z ]\d+[.,;:?!)]*$")
LONGEST_END = 20  # characters that tell how a piece ends

LONGEST_SIGNATURE = 60
BRACKETED = re.compile(r"[(（]\s*(.*?)\s*[)）]")
SEPARATORS = re.compile(r"[、，,;；:：/／|\s]+")
ROLES: dict[str, tuple[Role, ...]] = {
    "记者": (Role.REPORTER,),
    "特约记者": (Role.SPECIAL_CORRESPONDENT,),
    "通讯员": (Role.CORRESPONDENT,),
    "特约通讯员": (Role.CORRESPONDENT,),
    "作者": (Role.NONE,),
    "文": (Role.WRITER,),
    "文字": (Role.WRITER,),
    "图": (Role.PHOTOGRAPHER,),
    "图片": (Role.PHOTOGRAPHER,),
    "摄": (Role.PHOTOGRAPHER,),
    "摄影": (Role.PHOTOGRAPHER,),
    "图文": (Role.WRITER, Role.PHOTOGRAPHER),
    "编译": (Role.TRANSLATOR,),
}
ROLE = re.compile(rf"(?:本报|见习|实习)*({'|'.join(sorted(ROLES, key=len, reverse=True))})")
NO_ROLE = (Role.NONE,)
LATIN_NAME = re.compile(r"[A-Z][A-Za-z'’.-]+(?: [A-Z][A-Za-z'’.-]*){1,3}")
LATIN = re.compile(
    rf"(?:By:? |\(By |\() ?{LATIN_NAME.pattern}(?:(?:, | and | & ){LATIN_NAME.pattern}){{0,5}}\)?"
)
NAME = re.compile(r"[\u3400-\u9fff·]{2,20}")
PERSON = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)+")
# What stands in brackets at the end of a text and is nobody.
NOBODY = re.compile(
    r"(?:全文|本文)?完|(?:未完)?待续|略|图略|附.*|见.*|下转.*|上接.*|据.*|.*除外|.*新华社电"
)
# By these begin the names of nine in ten people; where a bracket at the end of a sentence may as
# well explain it （点赞）, only they are taken for somebody.
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武"
    "乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂"
    "谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解"
    "强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏"
    "栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银"
    "扬明沙薄伏岑习胥保和蔺"
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A name in a signature, and what its bearer did."""

    name: str
    role: Role = Role.NONE


def may_be_heading(line: str) -> bool:
    """Whether a line may be a heading, by its length and how it ends."""
    words = line.strip(MARGIN)
    if not words or len(words) > 2 * LONGEST_HEADING:
        return False
    bare = words.rstrip(CLOSING_SIGNS) or words
    return width(words) <= LONGEST_HEADING and bare[-1] not in SENTENCE_MARKS


def is_finished(text: str) -> bool:
    """Whether a text ends as a paragraph does."""
    words = text.rstrip(MARGIN)
    bare = words.rstrip(CLOSING_BRACKETS)
    return bare[-1:] in tuple(FINISHING_MARKS)


def glue(first: str, second: str) -> str:
    """Join two pieces of one paragraph; Latin words keep a space between them."""
    return f"{first} {second}" if is_between_words(first, second) else first + second


def is_between_words(first: str, second: str) -> bool:
    """Whether a space belongs between two pieces, both being Latin there."""
    return bool(LATIN_START.match(second) and LATIN_END.search(first[-LONGEST_END:]))


def may_be_caption(line: str) -> bool:
    """Whether a line may be what stands below a picture: 图为…, … 摄."""
    return CAPTION.fullmatch(fold(line)) is not None


def signature(line: str) -> tuple[Signed, ...]:
    """Return who signs in a line such as （记者 张三 通讯员 李四） or 记者：张三, or nobody.

    Without brackets the line must begin by saying what its people did.
    """
    words = line.strip(MARGIN)
    if len(words) > LONGEST_SIGNATURE:
        return ()
    bracketed = BRACKETED.fullmatch(words)
    if LATIN.fullmatch(words):
        return tuple(Signed(found[0]) for found in LATIN_NAME.finditer(words, 2))
    if bracketed:
        return _people(bracketed[1], NAME)
    begins = ROLE.match(fold(words))
    if begins and SEPARATORS.match(words, begins.end()):
        return _people(words, PERSON)
    return ()


def named(line: str) -> tuple[Signed, ...]:
    """Return the people of a line that is known to be a signature, whatever it looks like."""
    words = line.strip(MARGIN)
    bracketed = BRACKETED.fullmatch(words)
    inside = bracketed[1] if bracketed else words
    told = [
        word for word in re.split(r"[、，,;；\s]+", inside) if word and not ROLE.fullmatch(word)
    ]
    return tuple(Signed(word) for word in dict.fromkeys(told))


def trailing_signature(paragraph: str) -> tuple[str, str] | None:
    """Part a paragraph from the signature in brackets behind its last sentence, or return None."""
    words = paragraph.rstrip(MARGIN)
    start = max(words.rfind(sign, -LONGEST_SIGNATURE) for sign in "(（")
    before = words[:start].rstrip(MARGIN) if start > 0 else ""
    if not before or before.rstrip(CLOSING_SIGNS)[-1:] not in tuple(SENTENCE_MARKS + "…"):
        return None
    inside = BRACKETED.fullmatch(words, start)
    people = _people(inside[1], PERSON) if inside else ()
    if all(person.role or fold(person.name[0]) in SURNAMES for person in people) and people:
        return before, words[start:]
    return None


def _people(words: str, name: re.Pattern[str]) -> tuple[Signed, ...]:
    """Return the people whom ``words`` name; nobody if anything else is said there too."""
    told = list(_joined(filter(None, SEPARATORS.split(words))))
    begins, ends = (ROLE.fullmatch(fold(told[n])) if told else None for n in (0, -1))
    behind = ends is not None and begins is None  # 王某 文 李某 摄
    groups: list[tuple[list[Role], list[str]]] = [([], [])]
    for word in reversed(told) if behind else told:
        if known := ROLE.fullmatch(fold(word)):
            if groups[-1][1]:
                groups.append(([], []))
            groups[-1][0].extend(ROLES[known[1]])
        elif name.fullmatch(word) and not NOBODY.fullmatch(word):
            groups[-1][1].append(word)
        else:
            return ()
    if len(groups) > 1 and not groups[-1][1]:  # 记者 王某 摄
        groups[-2][0].extend(groups.pop()[0])
    signed = [
        Signed(word, role) for roles, names in groups for word in names for role in roles or NO_ROLE
    ]
    return tuple(dict.fromkeys(reversed(signed) if behind else signed))


def _joined(words: Iterator[str]) -> Iterator[str]:
    """Join a name that is spaced out to the width of three characters: 刘　魏."""
    for is_single, alike in groupby(
        words, key=lambda word: len(word) == 1 and fold(word) not in ROLES
    ):
        if is_single:
            yield "".join(alike)
        else:
            yield from alike
