"""Issue 450 as it might come in otherwise: distortions of its text, each with what is true of it.

The truth is derived from the hand-checked folder; where the distortion changes words, it changes
the same words of the truth.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from interchange.readers.folder import read_folder
from interchange.readers.folding import width
from interchange.schema import Article, Crosshead, Issue
from newsroom.cjk import full_width

SAMPLE = Path(__file__).parents[2] / "content" / "issue-450"
SOURCE = (SAMPLE / "provenance" / "source.txt").read_text(encoding="utf-8")
HAND_CHECKED = read_folder(SAMPLE)

Change = Callable[[str], str]


@dataclass(frozen=True)
class Copy:
    """What is true of an article."""

    title: str
    kicker: str = ""
    subhead: str = ""
    names: tuple[str, ...] = ()
    body: tuple[tuple[str, str], ...] = ()  # ("crosshead" or "paragraph", its words)


@dataclass(frozen=True)
class Case:
    """A text, what is true of it, and the doubts that a reader must raise."""

    name: str
    text: str
    fields: dict[str, str]
    copies: tuple[Copy, ...]
    doubts: tuple[str, ...] = ()
    known: tuple[tuple[int, date], ...] = ()


@dataclass(frozen=True)
class Page:
    """The text of the page in pieces: masthead, then each article's blocks as they stand there."""

    head: tuple[str, ...]
    articles: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()
    gap: str = "\n\n"

    @property
    def text(self) -> str:
        blocks = [*self.head, *(block for each in self.articles for block in each), *self.foot]
        return self.gap.join(blocks) + "\n"

    def with_article(self, n: int, blocks: Sequence[str]) -> Page:
        return replace(self, articles=(*self.articles[:n], tuple(blocks), *self.articles[n + 1 :]))

    def each(self, change: Callable[[tuple[str, ...]], Sequence[str]]) -> Page:
        return replace(self, articles=tuple(tuple(change(each)) for each in self.articles))


def _page() -> Page:
    at = SOURCE.index("责任编辑:侯英帅") + len("责任编辑:侯英帅")
    head = [line for line in SOURCE[:at].split("\n") if line]
    articles: list[list[str]] = [[]]
    for block in filter(None, map(str.strip, SOURCE[at:].split("\n\n"))):
        articles[-1].append(block)
        if re.fullmatch(r"\(.{2,3}\)", block):
            articles.append([])
    return Page(tuple(head), tuple(map(tuple, articles[:-1])))


PAGE = _page()


def copy_of(article: Article) -> Copy:
    return Copy(
        article.title,
        article.kicker,
        article.subhead,
        tuple(byline.name for byline in article.bylines),
        tuple(
            ("crosshead" if isinstance(p, Crosshead) else "paragraph", getattr(p, "text", ""))
            for p in article.body
        ),
    )


def fields_of(issue: Issue) -> dict[str, str]:
    told = {
        "number": str(issue.number),
        "date": str(issue.date),
        "lunar_date": issue.lunar_date,
        "responsible_editor": issue.responsible_editor,
    }
    names = "name strap publisher permit_number address postcode hotline submissions_url"
    return told | {name: getattr(issue.imprint, name) for name in names.split()}


FIELDS = fields_of(HAND_CHECKED)
COPIES = tuple(map(copy_of, HAND_CHECKED.articles))


def changed(copy: Copy, change: Change) -> Copy:
    return Copy(
        change(copy.title),
        change(copy.kicker),
        change(copy.subhead),
        tuple(map(change, copy.names)),
        tuple((kind, change(text)) for kind, text in copy.body),
    )


def case(name: str, text: str | Page, *doubts: str, **changes: object) -> Case:
    words = text.text if isinstance(text, Page) else text
    return replace(Case(name, words, FIELDS, COPIES, doubts), **changes)  # type: ignore[arg-type]


def everywhere(name: str, change: Change, *doubts: str, source: str = SOURCE) -> Case:
    """Change all words, those of the truth too."""
    return case(
        name,
        change(source),
        *doubts,
        fields={
            key: change(value) if key not in ("number", "date") else value
            for key, value in FIELDS.items()
        },
        copies=tuple(changed(copy, change) for copy in COPIES),
    )


def same_words(name: str, change: Change, *doubts: str) -> Case:
    """Change only how the words are set out."""
    return case(name, change(SOURCE), *doubts)


def without_names(*places: int) -> tuple[Copy, ...]:
    return tuple(replace(copy, names=()) if n in places else copy for n, copy in enumerate(COPIES))


def with_copy(n: int, **changes: object) -> tuple[Copy, ...]:
    new = replace(COPIES[n], **changes)  # type: ignore[arg-type]
    return (*COPIES[:n], new, *COPIES[n + 1 :])


# How the lines are set out


def settings() -> Iterator[Case]:
    yield case("as printed", SOURCE)
    yield same_words("CRLF", lambda text: text.replace("\n", "\r\n"))
    yield same_words("CR alone", lambda text: text.replace("\n", "\r"))
    yield case("single newlines", replace(PAGE, gap="\n"))
    yield case("three empty lines", replace(PAGE, gap="\n\n\n\n"))
    yield case("indented by two squares", "\n".join(_indented()))
    yield same_words(
        "margins of spaces and tabs", lambda t: re.sub("(?m)^(.+)$", "  \t\\1 \xa0", t)
    )
    yield same_words("lines of spaces between", lambda t: t.replace("\n\n", "\n \u3000\n"))
    zero = lambda t: "\ufeff" + t.replace("工会", "工\u200b会")  # noqa: E731
    yield same_words("byte order mark, no-width spaces", zero, "invisible")
    bidi = lambda t: t.replace("。", "。\u202e\x00")  # noqa: E731
    yield same_words("bidi signs and NUL", bidi, "invisible")
    yield same_words("quoted mail", lambda t: re.sub("(?m)^", "> ", t), "quoted-mail")
    yield same_words(
        "forwarded mail",
        lambda t: (
            "---- 原始邮件 ----\n发件人: 市总工会\n发送时间: 2022年8月1日\n主题: 450期大样\n\n" + t
        ),
        "mail-head",
    )
    for size in (20, 32):
        for gap, indent in (("\n", "\u3000\u3000"), ("\n\n", ""), ("\n", "")):
            name = f"lines of {size}" + ("" if indent else ", not indented")
            name += ", gaps" if gap == "\n\n" else ""
            yield case(name, gap.join(_wrapped(size, indent)), "column")
    yield case("all in one line", SOURCE.replace("\n", " "))


def _indented() -> Iterator[str]:
    yield from PAGE.head
    for blocks in PAGE.articles:
        for block in blocks:
            yield ("" if is_line(block) else "\u3000\u3000") + block


def _wrapped(size: int, indent: str) -> Iterator[str]:
    yield from PAGE.head
    for blocks in PAGE.articles:
        for block in blocks:
            yield "\n".join(_lines(("" if is_line(block) else indent) + block, size))


def _lines(words: str, size: int) -> Iterator[str]:
    """Break words where a column of so many squares ends, but never before a stop or a comma."""
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and (
            width(words[start : end + 1]) <= size or words[end] in ",。、;:?)”"
        ):
            end += 1
        yield words[start:end]
        start = end


# Signs


TRADITIONAL = str.maketrans(
    "杭州工运动会数报责编辑农历号闻热线网址证准邮区总员职杨余张陈汪焦刘开学习务时习书记国华东来为这个们与对过进发给经"
    "还从实业际级创领导队赛荣标题关头体种带说话电视频话议党组织记者训师",
    "杭州工運動會數報責編輯農曆號聞熱線網址證準郵區總員職楊餘張陳汪焦劉開學習務時習書記國華東來爲這個們與對過進發給經"
    "還從實業際級創領導隊賽榮標題關頭體種帶說話電視頻話議黨組織記者訓師",
)


def signs() -> Iterator[Case]:
    yield everywhere("full-width punctuation", full_width)
    yield everywhere("full-width digits", lambda t: t.translate(_digits("0123456789")))
    yield everywhere("straight quotation marks", lambda t: re.sub("[“”]", '"', t))
    yield everywhere("corner quotation marks", lambda t: t.translate(str.maketrans("“”", "「」")))
    yield everywhere("traditional characters", lambda t: t.translate(TRADITIONAL))
    yield everywhere("spaces for commas", lambda t: _keep_head(t, lambda b: b.replace(",", " ")))
    confusions = str.maketrans({"日": "曰", "己": "已", "人": "入", "未": "末", "0": "O"})
    yield _ocr("OCR: look-alikes", confusions)
    yield _lost_marks()
    yield everywhere(
        "OCR: stops for commas", lambda t: _keep_head(t, lambda b: b.replace(",", "."))
    )


def _digits(figures: str) -> dict[int, int]:
    return {ord(each): ord(each) + 0xFEE0 for each in figures}


def _keep_head(text: str, change: Change) -> str:
    """Change copy, but not what stands in the masthead."""
    if text in FIELDS.values():
        return text
    if len(text) < 4000:
        return change(text)
    at = text.index("责任编辑:侯英帅")
    return text[:at] + change(text[at:])


def _ocr(name: str, confusions: dict[int, int | str]) -> Case:
    told = everywhere(name, lambda text: text.translate(confusions), "date-line")
    return replace(told, text=told.text.replace("曰 星期", "日 星期"))


def _lost_marks() -> Case:
    """Lose the mark at the end of every fourth paragraph."""
    lost = {text for copy in COPIES for _, text in copy.body[::4] if text.endswith("。")}
    text = SOURCE
    for paragraph in lost:
        text = text.replace(paragraph[-20:], paragraph[-20:-1])
    cut = lambda words: words[:-1] if words in lost else words  # noqa: E731
    return case("OCR: stops lost", text, copies=tuple(changed(copy, cut) for copy in COPIES))


# Who signs


def signatures() -> Iterator[Case]:
    for n in range(4):
        page = PAGE.with_article(n, PAGE.articles[n][:-1])
        yield case(f"no byline, article {n + 1}", page, copies=without_names(n))
    yield case(
        "no bylines at all",
        PAGE.each(lambda blocks: blocks[:-1]),
        "no-byline",
        copies=without_names(0, 1, 2, 3),
    )
    yield case("byline below the headline, 1", PAGE.with_article(0, _on_top(PAGE.articles[0])))
    yield case("byline below the headline, 2", PAGE.with_article(1, _on_top(PAGE.articles[1])))
    yield case("bylines below the headlines", PAGE.each(_on_top))
    prefixed = PAGE.each(lambda blocks: (*blocks[:-1], f"(本报记者 {blocks[-1][1:]}"))
    yield case("(本报记者 …)", prefixed)
    bare = PAGE.each(lambda b: (*b[:-1], f"本报记者 {b[-1][1:-1]} 通讯员 王小明"))
    two = tuple(replace(copy, names=(*copy.names, "王小明")) for copy in COPIES)
    yield case("本报记者 … 通讯员 …", bare, copies=two)
    both = PAGE.each(lambda b: (*b[:-1], f"({b[-1][1:-1]} 王小明)"))
    yield case("two names", both, copies=two)
    spaced = PAGE.with_article(1, (*PAGE.articles[1][:-1], "(刘\u3000魏)"))
    yield case("spaced name", spaced)
    glued = PAGE.each(lambda b: (*b[:-2], b[-2] + b[-1]) if len(b[-2]) > 45 else b)
    yield case("bylines glued to the text", glued)
    dateline = PAGE.each(_datelined)
    text = tuple(
        replace(copy, names=(), body=(("paragraph", _dated(copy.body[0][1])), *copy.body[1:]))
        for copy in COPIES
    )
    yield case("本报讯（记者 …） and no bylines", dateline, "dateline", copies=text)
    photographed = PAGE.with_article(3, (*PAGE.articles[3], "(王小明 摄)"))
    yield case("photographer below the byline", photographed, "caption")


def _on_top(blocks: tuple[str, ...]) -> tuple[str, ...]:
    titles = [n for n, block in enumerate(blocks[:-1]) if is_title(block)]
    heads = [blocks[n] for n in titles]
    body = [block for n, block in enumerate(blocks[:-1]) if n not in titles]
    return (*heads, blocks[-1], *body)


def is_line(block: str) -> bool:
    """Whether a block is no paragraph."""
    crossheads = (text for copy in COPIES for kind, text in copy.body if kind == "crosshead")
    return is_title(block) or block[0] == "(" or block in crossheads


def is_title(block: str) -> bool:
    return any(block in (copy.title, copy.subhead) for copy in COPIES)


def _datelined(blocks: tuple[str, ...]) -> tuple[str, ...]:
    first = next(n for n, block in enumerate(blocks) if not is_title(block))
    return (*blocks[:first], _dated(blocks[first]), *blocks[first + 1 : -1])


def _dated(text: str) -> str:
    return f"本报讯(记者 王小明) {text}"


# The masthead


def mastheads() -> Iterator[Case]:
    yield case("wrong weekday", SOURCE.replace("星期二", "星期三"), "date-line")
    wrong = "壬寅年七月初六"
    told = FIELDS | {"lunar_date": wrong}
    yield case(
        "wrong lunar date", SOURCE.replace(FIELDS["lunar_date"], wrong), "date-line", fields=told
    )
    day = date(2022, 8, 2)
    yield case("number out of turn", SOURCE, "date-line", known=((450, day - timedelta(7)),))
    yield case("number left out", SOURCE, "date-line", known=((448, day - timedelta(7)),))
    yield case(
        "wrong day",
        SOURCE.replace("8月2日 ", "8月3日 "),
        "date-line",
        fields=FIELDS | {"date": "2022-08-03"},
    )
    yield case(
        "impossible day",
        SOURCE.replace("8月2日 ", "8月32日 "),
        "date-line",
        fields=FIELDS | {"date": ""},
    )
    yield case(
        "no date line",
        SOURCE.replace(PAGE.head[1] + "\n", ""),
        "masthead-missing",
        fields=FIELDS | {"date": "", "lunar_date": "", "number": ""},
    )
    yield case(
        "no masthead", replace(PAGE, head=()), "masthead-missing", fields=dict.fromkeys(FIELDS, "")
    )
    yield case("masthead at the end", replace(PAGE, head=(), foot=PAGE.head))
    imprint = tuple(line for line in PAGE.head[2:] if line != FIELDS["strap"])
    yield case(
        "imprint at the foot",
        replace(PAGE, head=PAGE.head[:2], foot=imprint),
        fields=FIELDS | {"strap": ""},
    )
    yield case(
        "editor below each article",
        _editors(),
    )
    name = f"{PAGE.head[0]} {PAGE.head[1]}"
    yield case("name and date in one line", replace(PAGE, head=(name, *PAGE.head[2:])))
    spread = tuple(part for line in PAGE.head for part in _spread(line))
    yield case("each fact in its line", replace(PAGE, head=spread))
    one = "  ".join(PAGE.head[1:3] + PAGE.head[5:])
    yield case(
        "all facts in one line",
        replace(PAGE, head=(PAGE.head[0], one)),
        fields=FIELDS | {"strap": "", "submissions_url": ""},
    )
    chinese = SOURCE.replace("2022年8月2日", "二〇二二年八月二日").replace(
        "第450期", "第四百五十期"
    )
    yield case("date and number in Chinese numerals", chinese)
    yearly = SOURCE.replace("第450期", "第31期(总第450期)")
    yield case("number within the year too", yearly)
    other = SOURCE.replace(
        "2022年8月2日 星期二 农历壬寅年七月初五 第450期",
        "2022年8月9日 星期二 农历壬寅年七月十二 第451期",
    )
    yield case(
        "two issues in one paste",
        SOURCE + "\n\n" + other,
        "second-issue",
        copies=(*COPIES, *COPIES),
    )


def _editors() -> Page:
    return replace(PAGE, head=PAGE.head[:-1]).with_article(0, (*PAGE.articles[0], PAGE.head[-1]))


def _spread(line: str) -> list[str]:
    if line == FIELDS["strap"]:
        return [line]
    return re.split(" (?=星期|农历|第|准印|邮编)", line)


# What stands between the copy


CAPTION = "图为象棋比赛现场。 王小明 摄"
ENGLISH = (
    "Hangzhou Trade Unions Open Nurseries for Working Parents",
    "Trade unions in Gongshu District have signed agreements with three nurseries this year. "
    "Members pay 15 percent less for three years.",
    "The first nursery inside an industrial park has 40 places, said Lu Zhiying, "
    "vice chairwoman of the district federation.",
    "(Wang Xiaoming)",
)


def furniture() -> Iterator[Case]:
    yield case("caption between paragraphs", _with(3, 3, CAPTION), "caption")
    yield case("caption in a broken paragraph", _with(3, 6, CAPTION), "caption")
    yield case("caption below the headline", _with(0, 2, "市总工会供图 王小明 摄"), "caption")
    yield case("jump note where a paragraph breaks", _with(0, 7, "(下转第2版)"), "jump")
    yield case("jump note glued to a paragraph", _glued_jump(), "jump")
    yield case("jump and continuation", _jumped(headline=False), "jump", "continued")
    yield case("jump, continuation with its own headline", _jumped(headline=True), "jump")
    yield case("folio lines", _folio_lines("第{n}版 综合新闻"), "folio-line")
    yield case(
        "folio lines with the date", _folio_lines("杭州工运 2022年8月2日 第{n}版"), "folio-line"
    )
    yield case("page numbers", _folio_lines("- {n} -"), "folio-line")
    yield case("footer in a broken paragraph", _with(0, 7, "第 1 页 共 2 页"), "folio-line")
    yield case(
        "English article",
        replace(PAGE, articles=(*PAGE.articles, ENGLISH)),
        copies=(*COPIES, _english()),
    )
    notice = (
        "职工象棋培训班报名启事",
        "报名时间:8月10日至8月20日",
        "报名电话:0571-87160990",
        "地址:杭州市上城区东宁路501号",
        "欢迎广大职工报名参加。",
        "(王小明)",
    )
    truth = Copy(notice[0], names=("王小明",), body=tuple(("paragraph", n) for n in notice[1:-1]))
    yield case(
        "notice with labels",
        replace(PAGE, articles=(*PAGE.articles[:2], notice, *PAGE.articles[2:])),
        copies=(*COPIES[:2], truth, *COPIES[2:]),
    )
    prizes = ("一等奖 倪国荣", "二等奖 吴天雄", "三等奖 钱永铭")
    blocks = PAGE.articles[3]
    body = COPIES[3].body
    yield case(
        "list of prizes",
        PAGE.with_article(3, (*blocks[:-2], *prizes, *blocks[-2:])),
        copies=with_copy(3, body=(*body[:-1], *(("paragraph", p) for p in prizes), body[-1])),
    )
    letter = (*PAGE.articles[0][:-1], "2022年7月30日", PAGE.articles[0][-1])
    yield case(
        "date below the text",
        PAGE.with_article(0, letter),
        "lone-date",
        copies=with_copy(0, body=(*COPIES[0].body, ("paragraph", "2022年7月30日"))),
    )


def _with(article: int, place: int, words: str) -> Page:
    blocks = PAGE.articles[article]
    return PAGE.with_article(article, (*blocks[:place], words, *blocks[place:]))


def _glued_jump() -> Page:
    blocks = list(PAGE.articles[0])
    blocks[6] += "(下转第2版)"
    return PAGE.with_article(0, blocks)


def _jumped(*, headline: bool) -> Page:
    """Continue the first article after all others."""
    blocks = PAGE.articles[0]
    begun = (*blocks[:7], "(下转第2版)")
    title = ("确保工会数字化改革始终走在前列",) if headline else ()
    rest = (*title, "(上接第1版)", *blocks[7:]) if headline else ("(上接第1版)", *blocks[7:])
    return replace(PAGE, articles=(begun, *PAGE.articles[1:], rest))


def _folio_lines(form: str) -> Page:
    blocks = PAGE.articles
    return replace(
        PAGE,
        articles=tuple(
            (*each, form.format(n=n)) if n < len(blocks) else each
            for n, each in enumerate(blocks, start=1)
        ),
    )


def _english() -> Copy:
    return Copy(
        ENGLISH[0],
        names=("Wang Xiaoming",),
        body=tuple(("paragraph", text) for text in ENGLISH[1:-1]),
    )


# Headlines and paragraphs


def copies() -> Iterator[Case]:
    yield case("headlines below the text", PAGE.each(_heads_below), "headline-below")
    yield case(
        "articles the other way round",
        replace(PAGE, articles=PAGE.articles[::-1]),
        copies=COPIES[::-1],
    )
    kicker = "数字化改革"
    yield case(
        "kicker, headline, subhead",
        _with(0, 0, kicker),
        "headline-lines",
        copies=with_copy(0, kicker=kicker),
    )
    yield case(
        "headline that asks",
        SOURCE.replace(COPIES[1].title, "孩子谁来带?"),
        copies=with_copy(1, title="孩子谁来带?"),
    )
    plain = lambda text: re.sub("^“(.)”", "\\1", text) if len(text) < 25 else text  # noqa: E731
    yield case(
        "crossheads without quotation marks",
        "\n\n".join(map(plain, SOURCE.split("\n\n"))),
        copies=(COPIES[0], changed(COPIES[1], plain), *COPIES[2:]),
    )
    numbered = {
        text: f"{'一二三'[n]}、{text}"
        for n, text in enumerate(t for k, t in COPIES[1].body if k == "crosshead")
    }
    yield case(
        "numbered crossheads",
        "\n\n".join(numbered.get(b, b) for b in SOURCE.split("\n\n")),
        copies=(COPIES[0], changed(COPIES[1], lambda t: numbered.get(t, t)), *COPIES[2:]),
    )
    yield case("broken at commas everywhere", PAGE.each(lambda b: _broken(b, ",")))
    yield case("broken in the middle of words", PAGE.each(lambda b: _broken(b, "")))
    yield case("broken at semicolons", PAGE.each(lambda b: _broken(b, ";")))
    yield case("broken inside quotations", PAGE.each(lambda b: _broken(b, "。”", before=True)))
    blocks = PAGE.articles[2]
    yield case(
        "a paragraph twice",
        PAGE.with_article(2, (*blocks[:2], blocks[1], *blocks[2:])),
        "repeated",
        copies=with_copy(2, body=(*COPIES[2].body[:2], COPIES[2].body[1], *COPIES[2].body[2:])),
    )
    stump = COPIES[3].body[1][1][-26:-1]
    tail = [b + stump if n == 3 else b for n, b in enumerate(PAGE.articles[3])]
    yield case(
        "another stump of a column", PAGE.with_article(3, [*tail[:4], stump, *tail[4:]]), "stump"
    )
    yield case(
        "marks before headlines",
        _marked("◆"),
        copies=tuple(replace(copy, title=f"◆{copy.title}") for copy in COPIES),
    )
    yield _shuffled()


def _heads_below(blocks: tuple[str, ...]) -> tuple[str, ...]:
    titles = [block for block in blocks if is_title(block)]
    return (*(b for b in blocks[:-1] if b not in titles), *titles, blocks[-1])


def _broken(blocks: tuple[str, ...], sign: str, *, before: bool = False) -> list[str]:
    """Break each long paragraph after a sign near its middle."""
    told = []
    for block in blocks:
        at = block.find(sign, len(block) // 3)
        while not sign and block[at - 1] in "。!?”":  # there no reader can see it
            at += 1
        if before:
            at = next((m.start() for m in re.finditer("。(?=[^“]*”)", block)), -1)
            at = -1 if at + 2 >= len(block) else at
        if len(block) < 80 or at < 0 or at + 2 > len(block):
            told.append(block)
        else:
            end = at + (1 if before else len(sign))
            told += [block[:end], block[end:]]
    return told


def _marked(sign: str) -> str:
    text = SOURCE
    for copy in COPIES:
        text = text.replace(f"\n{copy.title}\n", f"\n{sign}{copy.title}\n")
    return text


def _shuffled() -> Case:
    """Set the blocks of an article in any order: what they are can still be told."""
    chance = random.Random(450)
    blocks = list(PAGE.articles[3][1:-1])
    chance.shuffle(blocks)
    broken = {PAGE.articles[3][n] for n in (5, 6)}
    kept = [block for block in blocks if block not in broken]
    page = PAGE.with_article(3, (PAGE.articles[3][0], *kept, PAGE.articles[3][-1]))
    return case(
        "paragraphs in another order",
        page,
        copies=with_copy(3, body=tuple(("paragraph", block) for block in kept)),
    )


CASES: tuple[Case, ...] = (
    *settings(),
    *signs(),
    *signatures(),
    *mastheads(),
    *furniture(),
    *copies(),
)
