"""List every rule in one place: its code, its level, and what it tells the editor to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import (
    amounts,
    characters,
    completeness,
    dates,
    endings,
    enumeration,
    internal,
    leaders,
    links,
    marks,
    names,
    numbering,
    pairs,
    repetition,
    variants,
    words,
)
from .alarms import Level
from .texts import Finding, Paper, Sheet

__all__ = ["GROUPS", "RULES", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: ``title`` names it in settings, ``advice`` ends each of its messages."""

    code: str
    level: Level
    title: str
    advice: str
    in_article: Callable[[Sheet], Iterator[Finding]] | None = None
    in_issue: Callable[[Paper], Iterator[Finding]] | None = None
    internal: bool = False


BLOCK, WARN, HINT = Level.BLOCK, Level.WARN, Level.HINT

# As the settings show them.
GROUPS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    (
        "缺漏",
        (
            Rule("no-headline", BLOCK, "缺主题", "请填主题。", completeness.missing_headline),
            Rule(
                "no-body",
                BLOCK,
                "缺正文",
                "请补正文，或从本期撤下这篇。",
                completeness.missing_body,
            ),
            Rule(
                "no-byline",
                WARN,
                "缺署名",
                "请填作者；确实不署名的，点“原文如此”。",
                completeness.missing_byline,
            ),
            Rule("byline-twice", WARN, "署名重复", "请删去一个。", completeness.repeated_byline),
            Rule(
                "no-alt",
                WARN,
                "图片缺替代文字",
                "请写一句话说明图片内容，供看不见图片的读者听。",
                completeness.missing_alt,
            ),
            Rule(
                "no-photographer",
                WARN,
                "图片缺摄影者",
                "请在图片的“摄影”一栏写明摄影者或供图单位。",
                completeness.missing_photographer,
            ),
            Rule("no-caption", HINT, "图片缺说明", "请补图片说明。", completeness.missing_caption),
            Rule(
                "no-responsible-editor",
                WARN,
                "缺责任编辑",
                "请填责任编辑。",
                in_issue=completeness.missing_responsible_editor,
            ),
            Rule(
                "no-area",
                HINT,
                "稿件在版面图上没有热区",
                "请到“版面”里画上它的热区；版面上确实没有的，不必理会。",
                in_issue=completeness.missing_area,
            ),
            Rule(
                "area-of-nothing",
                HINT,
                "热区指向没有的稿件",
                "请到“版面”里改选稿件，或删去这块热区。",
                in_issue=completeness.area_of_nothing,
            ),
            Rule("empty-paragraph", WARN, "空段", "请删去空段。", completeness.empty_paragraph),
        ),
    ),
    (
        "句子和标题",
        (
            Rule(
                "no-end-mark",
                WARN,
                "段末没有标点",
                "请补上句末标点；如果是断开的段落，请与下一段接上。",
                endings.missing_end_mark,
            ),
            Rule(
                "faked-crosshead",
                HINT,
                "像小标题的段落",
                "如果是小标题，请改用“小标题”；否则请补标点。",
                endings.heading_as_paragraph,
            ),
            Rule(
                "heading-mark",
                HINT,
                "标题末尾有标点",
                "标题末尾一般不用逗号、句号、冒号，请删去。",
                endings.heading_with_end_mark,
            ),
        ),
    ),
    (
        "重复和序号",
        (
            Rule(
                "repeated-paragraph",
                WARN,
                "重复的段落",
                "请删去多余的一段。",
                in_issue=repetition.repeated_paragraph,
            ),
            Rule(
                "repeated-fragment",
                WARN,
                "重复的文字",
                "请核对是否多排了，或这里漏了别的字。",
                in_issue=repetition.repeated_fragment,
            ),
            Rule("overlap", WARN, "上下段首尾重叠", "请删去重复的文字。", repetition.overlap),
            Rule("doubled-word", WARN, "叠词", "请核对是否多了一个。", repetition.doubled_word),
            Rule("doubled-clause", WARN, "连说两遍的话", "请删去一遍。", repetition.doubled_clause),
            Rule(
                "doubled-character",
                HINT,
                "叠字",
                "请看看是否多了一个字。",
                repetition.doubled_character,
            ),
            Rule("repeated-item", WARN, "并列项重复", "请删去一个。", repetition.repeated_item),
            Rule(
                "skipped-number",
                WARN,
                "序号不连续",
                "请核对是否漏了一条，或序号写错。",
                enumeration.skipped_number,
            ),
            Rule(
                "wrong-count",
                WARN,
                "数目与条数不符",
                "请核对数目，或是否漏了一条。",
                enumeration.wrong_count,
            ),
        ),
    ),
    (
        "标点",
        (
            Rule(
                "unbalanced", WARN, "引号、括号、书名号不成对", "请补上另一半。", pairs.unbalanced
            ),
            Rule(
                "within-alike", HINT, "引号、书名号的里外层", "请改里层的标点。", pairs.within_alike
            ),
            Rule("doubled-mark", WARN, "标点连用", "请只留一个。", marks.doubled_mark),
            Rule(
                "mixed-width",
                HINT,
                "标点半角全角混用",
                "网页上会统一显示为全角；原稿请统一。",
                marks.mixed_width,
            ),
            Rule("ellipsis", HINT, "省略号、破折号写法", "请用“……”和“——”。", marks.ellipsis),
            Rule("latin-full-stop", WARN, "西文句点", "请改为“。”。", marks.latin_full_stop),
            Rule("straight-quotes", HINT, "直引号", "请改为“”。", marks.straight_quotes),
            Rule("before-etc", HINT, "“等”前的标点", "请删去。", marks.mark_before_etc),
            Rule("after-numeral", HINT, "序号后的标点", "请删去标点。", marks.mark_after_numeral),
            Rule(
                "full-width-digits", HINT, "全角数字、字母", "请改为半角。", marks.full_width_digits
            ),
            Rule("space", HINT, "中文里的空格", "请删去空格。", marks.space_inside),
            Rule(
                "typed-indent", HINT, "手打的缩进", "缩进由版式给出，请删去。", marks.typed_indent
            ),
        ),
    ),
    (
        "字词",
        (
            Rule(
                "stray-character",
                WARN,
                "看不见的字符",
                "请删去，或重新输入这个字。",
                characters.stray_character,
            ),
            Rule(
                "traditional",
                HINT,
                "繁体字",
                "请改为简体，或确认是人名、书名。",
                characters.traditional_character,
            ),
            Rule("wrong-word", WARN, "错词（本社词表）", "请改正。", words.wrong_word),
            Rule("banned-word", BLOCK, "禁用词（本社词表）", "请改换说法。", words.banned_word),
            Rule("common-error", WARN, "常见错别字", "请核对。", words.common_error),
            Rule("amount", HINT, "数量说法", "请改成一种说法。", amounts.doubtful_amount),
        ),
    ),
    (
        "人名、职务和用语",
        (
            Rule(
                "wrong-post",
                WARN,
                "领导职务不符",
                "请与名单核对；名单过时的，请改名单。",
                leaders.wrong_post,
            ),
            Rule("doubled-post", WARN, "领导职务重复", "请删去一个。", leaders.doubled_post),
            Rule(
                "precedence",
                WARN,
                "领导排名顺序",
                "请按名单的顺序排列。",
                leaders.out_of_precedence,
            ),
            Rule(
                "leader-name",
                WARN,
                "领导姓名写错",
                "请核对姓名。",
                in_issue=leaders.misspelled_leader,
            ),
            Rule(
                "two-spellings",
                WARN,
                "同一人名两种写法",
                "请核对后统一；确是两个人的，点“原文如此”。",
                in_issue=names.two_spellings,
            ),
            Rule("two-terms", HINT, "同一用语两种写法", "请统一。", in_issue=variants.two_terms),
            Rule(
                "nearly-alike",
                HINT,
                "只差一字的名称",
                "请核对是否同一个名称。",
                in_issue=variants.nearly_alike,
            ),
            Rule(
                "exchanged",
                HINT,
                "颠倒的字",
                "请核对。",
                in_issue=variants.exchanged_characters,
            ),
        ),
    ),
    (
        "日期和期号",
        (
            Rule("impossible-date", WARN, "不存在的日期、时刻", "请核对。", dates.impossible_date),
            Rule("strange-year", WARN, "不寻常的年份", "请核对。", dates.strange_year),
            Rule(
                "wrong-weekday", WARN, "日期与星期不符", "请核对日期和星期。", dates.wrong_weekday
            ),
            Rule("wrong-lunar", WARN, "日期与农历不符", "请核对。", dates.wrong_lunar_date),
            Rule(
                "issue-lunar",
                WARN,
                "本期农历不符",
                "请改农历或出版日期；报纸上就是这样印的，点“原文如此”。",
                in_issue=numbering.wrong_issue_lunar,
            ),
            Rule(
                "no-issue-lunar",
                HINT,
                "本期缺农历",
                "请填农历，或点“原文如此”。",
                in_issue=numbering.missing_issue_lunar,
            ),
            Rule(
                "issue-number",
                WARN,
                "期号不连续",
                "请核对期号和日期。",
                in_issue=numbering.number_out_of_sequence,
            ),
            Rule(
                "issue-date",
                HINT,
                "出版日期不合刊期",
                "请确认出版日期没有填错。",
                in_issue=numbering.date_out_of_rhythm,
            ),
        ),
    ),
    (
        "链接",
        (
            Rule("dead-link", WARN, "打不开的链接", "请改正或去掉链接。", links.dead_link),
            Rule(
                "dead-imprint-link",
                WARN,
                "打不开的投稿网址",
                "请在出版信息里改正。",
                in_issue=links.dead_imprint_link,
            ),
        ),
    ),
    (
        "内部资料的规定",
        (
            Rule(
                "no-permit",
                BLOCK,
                "缺准印证号",
                "内部资料必须印准印证号，请在出版信息里补上。",
                in_issue=internal.missing_permit,
                internal=True,
            ),
            Rule(
                "no-notice",
                HINT,
                "缺“内部资料，免费交流”",
                "请在出版信息的“内部资料声明”里补上。",
                in_issue=internal.missing_notice,
                internal=True,
            ),
            Rule(
                "own-name",
                WARN,
                "本报、本刊",
                "请改用刊名或单位名；本社的自称在“设置”的“校对规则”里定。",
                internal.own_name,
                internal=True,
            ),
            Rule(
                "advertising",
                WARN,
                "广告用语",
                "内部资料不得刊登广告，请改写或删去。",
                in_issue=internal.advertising,
                internal=True,
            ),
            Rule(
                "price",
                WARN,
                "售价、征订",
                "内部资料不得定价、收费或征订，请删去。",
                in_issue=internal.price,
                internal=True,
            ),
            Rule(
                "serial-number",
                WARN,
                "刊号",
                "内部资料没有国内统一刊号，请核对。",
                in_issue=internal.serial_number,
                internal=True,
            ),
        ),
    ),
)
RULES = tuple(rule for _, rules in GROUPS for rule in rules)
