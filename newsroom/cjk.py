"""Know how Chinese copy is set: punctuation, counting, line breaks, and what must not be in it.

Nothing here changes what is stored: ``full_width``, ``headline_lines`` and ``opening`` are for
display. ``clean_line`` and ``clean_text`` are for what comes in from outside.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = [
    "clean_line",
    "clean_text",
    "count_characters",
    "full_width",
    "headline_lines",
    "opening",
]

# Han characters with the two signs written like them, and kana: one square each.
SQUARE = "々〇\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"


# Punctuation

FULL_WIDTH = dict(zip(",:;?!()", "，：；？！（）", strict=True))
HALF_WIDTH = re.compile("[,:;?!()]")

# What keeps its half-width signs: addresses on the web, telephone numbers with an area code in
# brackets, and the comma or colon between two digits (1,234 · 8:30 · 3:2).
KEPT = re.compile(
    r"(?:https?://|www\.)[!-~]*[\w/#%&=?+-]|\((?:0\d{2,3}|\+?86)\)[ -]?\d{5,}|(?<=\d)[,:](?=\d)",
    re.ASCII,
)

# Kinds of characters, a sign for each. Brackets and marks are of the same kind in either width, so
# that what has been decided for one mark does not change when others are shown full-width.
KINDS = re.compile(
    rf"([{SQUARE}、。《》〈〉「」『』【】〔〕])|(\d)|([^\W\d_])|(\s)|([(（“‘\[])|([)）”’\]])|(.)",
    re.DOTALL,
)
SIGNS = CHINESE, DIGIT, LETTER, SPACE, OPENER, CLOSER, OTHER = "H1a ()."
WORDS = CHINESE, LETTER
AT_ONCE = re.compile(r"[ (]*(.?)")


def full_width(text: str) -> str:
    """Return copy with its half-width ``, : ; ? ! ( )`` as full-width where they are Chinese.

    One character stands for one, so places in the result are places in the text; and the result
    of the result is the result. Each line is judged by itself: a mark is Chinese if the words
    before it are, or those that follow at once, or, at the end of a phrase that closes with Latin
    letters (请下载APP!), if Chinese stands in that phrase. A pair of brackets is Chinese if what it
    holds or what it follows is. Numbers, telephone numbers, addresses of the web, Latin text and
    straight quotation marks stay as they are.
    """
    return "".join(map(_full_width_line, text.splitlines(keepends=True)))


def _full_width_line(line: str) -> str:
    if not HALF_WIDTH.search(line):  # most lines of a paper that sets its marks right
        return line
    kinds = "".join(map(_kind, line))  # 请下载APP! is HHHaaa.
    chinese = _chinese_marks(line, kinds) | _chinese_brackets(line, kinds)
    for kept in KEPT.finditer(line):
        chinese.difference_update(range(*kept.span()))
    characters = list(line)
    for place in chinese:
        characters[place] = FULL_WIDTH[line[place]]
    return "".join(characters)


@lru_cache(maxsize=10_000)
def _kind(character: str) -> str:
    return SIGNS[next(n for n, found in enumerate(KINDS.findall(character)[0]) if found)]


def _chinese_marks(line: str, kinds: str) -> set[int]:
    """Return the places of the Chinese ones among ``, : ; ? !``."""
    chinese, closing = set(), set()
    for place in (found.start() for found in HALF_WIDTH.finditer(line)):
        if kinds[place] == OTHER:
            after = AT_ONCE.match(kinds, place + 1)[1]  # type: ignore[index]  # nothing fits, too
            if CHINESE in (_word_before(kinds, place), after):
                chinese.add(place)
            elif after not in (LETTER, DIGIT):
                closing.add(place)
    return chinese | closing & _in_chinese_phrase(kinds) if closing else chinese


def _chinese_brackets(line: str, kinds: str) -> set[int]:
    """Return the places of the Chinese ones among ``( )``."""
    return {
        place
        for start, end in _bracket_pairs(line)
        if kinds.find(CHINESE, start, end) >= 0
        or (before := _word_before(kinds, start)) == CHINESE
        or (not before and _word_after(kinds, end) == CHINESE)
        or line[start] == "（"
        or line[end] == "）"
        for place in (start, end)
        if line[place] in "()"
    }


def _bracket_pairs(line: str) -> Iterable[tuple[int, int]]:
    """Yield where round brackets open and close; one that stands alone is both."""
    open_places: list[int] = []
    for place, character in enumerate(line):
        if character in "(（":
            open_places.append(place)
        elif character in ")）":
            yield (open_places.pop() if open_places else place), place
    yield from zip(open_places, open_places, strict=True)


def _word_before(kinds: str, place: int) -> str:
    """Return the kind of the last word before a place, or nothing at the beginning."""
    found = max(kinds.rfind(word, 0, place) for word in WORDS)
    return kinds[found] if found >= 0 else ""


def _word_after(kinds: str, place: int) -> str:
    """Return the kind of the first word behind a place, or nothing at the end."""
    found = [at for word in WORDS if (at := kinds.find(word, place + 1)) >= 0]
    return kinds[min(found)] if found else ""


def _in_chinese_phrase(kinds: str) -> set[int]:
    """Return the places before which Chinese stands inside the same quotes or brackets."""
    told, phrases = set(), [False]
    for place, kind in enumerate(kinds):
        if kind == OPENER:
            phrases.append(False)
        elif kind == CLOSER and len(phrases) > 1:
            inner = phrases.pop()
            phrases[-1] |= inner
        elif kind == CHINESE:
            phrases[-1] = True
        if phrases[-1]:
            told.add(place)
    return told


# Counting

COUNTED = re.compile(
    rf"[{SQUARE}]"
    r"|\d+(?:[.,]\d+)*"
    rf"|[^\W\d_{SQUARE}](?:[^\W\d_{SQUARE}]|['’-](?=[^\W\d_{SQUARE}]))*"
)
INVISIBLE_CATEGORIES = ("C", "M", "Z")


def count_characters(text: str, *, punctuation: bool = True) -> int:
    """Count the characters of copy as papers do, to judge its length and to pay for it.

    Every Han character counts one, and so do a run of Latin letters (APP, Wi-Fi), a number with
    its decimal point and commas (8.5 · 1,234) and every other visible sign; the latter only with
    ``punctuation``. Spaces and line breaks never count.
    """
    words = len(COUNTED.findall(text))
    if not punctuation:
        return words
    signs = COUNTED.sub("", text)
    return words + sum(unicodedata.category(sign)[0] not in INVISIBLE_CATEGORIES for sign in signs)


# Headlines and openings

# An ordinary space beside a Latin letter or a digit parts words (APP Store). Any other, and every
# ideographic space, stands where the printed headline goes on in the next line.
NOT_LATIN = rf"[^\w\s]|[{SQUARE}]"
HEADLINE_BREAK = re.compile(rf"\s*\u3000\s*|(?<={NOT_LATIN})\s+(?={NOT_LATIN})")


def headline_lines(title: str) -> tuple[str, ...]:
    """Return the lines in which a headline was printed, known by the spaces inside it."""
    return tuple(filter(None, HEADLINE_BREAK.split(title.strip())))


ELLIPSIS = "……"
SENTENCE_END = re.compile(r"(?:[。！？]|[!?](?![A-Za-z0-9/]))+[”’」』）)]*")
CLAUSE_END = re.compile(r"[，、；：]|[,;:](?![A-Za-z0-9/])")
INSIDE_LATIN = re.compile(r"[!-~]+$")
OPENING_SIGNS = "“‘「『《（("
CLOSING_SIGNS = "”’」』》）)"
MARKS = "。！？，、；：!?,;:"


def opening(paragraphs: Iterable[str], characters: int) -> str:
    """Return the opening lines of an article, at most so many characters and an ellipsis.

    They end with a sentence, outside quotation marks and brackets, if that leaves at least a
    third of the length; otherwise ``……`` stands for the punctuation mark where they break off,
    or for a place between two characters where there is no mark. No more paragraphs are taken than
    that needs.
    """
    text = ""
    for paragraph in paragraphs:
        text += paragraph
        if len(text.strip()) > characters:
            break
    text = text.strip()
    if len(text) <= characters:
        return text
    least = characters // 3
    ends = [found.end() for found in SENTENCE_END.finditer(text, 0, characters + 1)]
    for end in reversed(ends):
        if least <= end <= characters and _closes_what_it_opens(text[:end]):
            return text[:end]
    clauses = [found.start() for found in CLAUSE_END.finditer(text, 0, characters + 1)]
    if clauses and clauses[-1] >= least:
        return text[: clauses[-1]] + ELLIPSIS
    cut = text[:characters]
    if text[characters : characters + 1].isascii():
        cut = INSIDE_LATIN.sub("", cut) or cut
    return cut.rstrip(OPENING_SIGNS + MARKS + " \u3000") + ELLIPSIS


def _closes_what_it_opens(text: str) -> bool:
    opened = sum(text.count(sign) for sign in OPENING_SIGNS)
    return opened == sum(text.count(sign) for sign in CLOSING_SIGNS)


# What comes in from outside

BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
# Controls, signs that turn the direction of text, signs without width, and halves of characters.
# A joiner stays where it makes one picture of several emoji.
INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)


def clean_line(text: str) -> str:
    """Return text for a field of one line: no breaks, no tabs, nothing invisible, no margins."""
    line = INVISIBLE.sub("", text)
    return re.sub(r"\s+", _space_for_break, line).strip()


def clean_text(text: str) -> str:
    """Return copy without what is invisible, its line breaks of one kind, all else untouched."""
    return BREAK.sub("\n", INVISIBLE.sub("", text))


def _space_for_break(space: re.Match[str]) -> str:
    """Put one space for white space with a line break or a tab in it; leave other spaces."""
    return " " if "\t" in space[0] or BREAK.search(space[0]) else space[0]
