"""Mistakes put into the real copy of issue 450, and correct sentences that look like mistakes.

``SEEDS`` names for each mistake the rule that should find it and the words at which it should;
``BEYOND`` holds mistakes that no rule of ours finds; ``CORRECT`` must stay quiet. All are judged
by the tests and printed by ``python -m bench.proofreading``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from desk.proofreading.alarms import Alarm
from desk.proofreading.checking import check_article, check_issue
from desk.proofreading.facts import NOTHING_KNOWN, Facts, Neighbour, Neighbours
from desk.proofreading.house import House, Person
from interchange.readers.folder import read_folder
from interchange.schema import (
    Article,
    Byline,
    Crosshead,
    Folio,
    Gallery,
    HotArea,
    Issue,
    Paragraph,
    Passage,
    Photo,
    Run,
)

FOLDER = Path(__file__).parents[3] / "content" / "issue-450"

HOUSE = House(
    corrections=(("一本帐", "一本账"), ("即查找到", "即可查找到"), ("聚全之力", "聚全市之力")),
    banned=(("外来务工群体", "说“新就业群体”或“农民工”"), ("残废", "说“残疾”"), ("民工潮", "")),
    own_name="本报",
    people=(
        Person("戴建平", "市人大常委会副主任、市总工会主席", 1),
        Person("郑荣新", "市总工会党组书记、常务副主席", 2),
        Person("王卫安", "市总工会党组成员、副主席", 3),
        Person("吕建月", "建德市人大常委会副主任、总工会主席", 4),
        Person("余小途", "建德市总工会党组书记、常务副主席", 5),
    ),
)
NEIGHBOURS = Neighbours(
    Neighbour(449, datetime.date(2022, 7, 26)), Neighbour(451, datetime.date(2022, 8, 9))
)

Change = Callable[[Issue], Issue]


@dataclass(frozen=True, eq=False)
class Seed:
    """A mistake: which rule should find it, in which article, at which words, how it is made."""

    code: str
    article: int | None
    words: str
    change: Change
    house: House = HOUSE
    facts: Facts = NOTHING_KNOWN
    neighbours: Neighbours = NEIGHBOURS
    also: tuple[str, ...] = ()  # other rules that are right to speak up

    @property
    def name(self) -> str:
        """How a table calls it."""
        return f"{self.code}: {self.words or '（缺）'}"


@cache
def sample() -> Issue:
    """Return issue 450 with the circulation notice that it was printed without."""
    issue = read_folder(FOLDER)
    imprint = replace(issue.imprint, circulation_notice="内部资料 免费交流")
    return replace(issue, imprint=imprint)


def as_printed() -> Issue:
    """Return issue 450 as it stands in the folder."""
    return read_folder(FOLDER)


# How mistakes are made


def change_article(number: int, change: Callable[[Article], Article]) -> Change:
    """Change one article."""

    def changed(issue: Issue) -> Issue:
        return replace(
            issue,
            articles=tuple(change(a) if a.number == number else a for a in issue.articles),
        )

    return changed


def fields(number: int, **values: Any) -> Change:
    """Set fields of one article."""
    return change_article(number, lambda article: replace(article, **values))


def swap(number: int, old: str, new: str) -> Change:
    """Put ``new`` for the first ``old`` in the body of one article, which must have it."""

    def change(article: Article) -> Article:
        body: list[Passage] = list(article.body)
        for place, passage in enumerate(body):
            if isinstance(passage, Paragraph | Crosshead) and old in passage.text:
                text = passage.text.replace(old, new, 1)
                body[place] = (
                    Paragraph.of(text) if isinstance(passage, Paragraph) else Crosshead(text)
                )
                return replace(article, body=tuple(body))
        raise LookupError(old)

    return change_article(number, change)


def insert(number: int, place: int, *passages: Passage) -> Change:
    """Put passages into the body of one article."""
    return change_article(
        number,
        lambda article: replace(
            article, body=(*article.body[:place], *passages, *article.body[place:])
        ),
    )


def split(number: int, before: str, *, twice: str = "") -> Change:
    """Break a paragraph before some words, and begin the rest with ``twice``."""

    def change(article: Article) -> Article:
        body: list[Passage] = []
        for passage in article.body:
            if isinstance(passage, Paragraph) and before in passage.text:
                head, _, tail = passage.text.partition(before)
                body += [Paragraph.of(head), Paragraph.of(twice + before + tail)]
            else:
                body.append(passage)
        assert len(body) == len(article.body) + 1
        return replace(article, body=tuple(body))

    return change_article(number, change)


def line(number: int, text: str) -> Change:
    """Add a paragraph at the end of one article."""
    return change_article(
        number, lambda article: replace(article, body=(*article.body, Paragraph.of(text)))
    )


def of_issue(**values: Any) -> Change:
    """Set facts of the issue."""
    return lambda issue: replace(issue, **values)


def of_imprint(**values: Any) -> Change:
    """Set facts of the imprint."""
    return lambda issue: replace(issue, imprint=replace(issue.imprint, **values))


def repeat(number: int, passage: int, *, into: int) -> Change:
    """Add a paragraph of one article to the end of another."""

    def change(issue: Issue) -> Issue:
        source = next(article for article in issue.articles if article.number == number)
        again = source.body[passage]
        return change_article(into, lambda article: replace(article, body=(*article.body, again)))(
            issue
        )

    return change


PHOTO = Photo("a.jpg", "比赛现场", "张三", "两名棋手在对弈")
L51 = "为更好地服务职工,今年,拱墅区总工会与辖区内3家托育"


def page(*articles: int) -> Folio:
    """Return a folio with a picture, on which these articles have an area."""
    areas = tuple(HotArea(article=number, polygon="0,0 9,0 9,9") for number in articles)
    return Folio(
        number=1, name="要闻", responsible_editor="侯英帅", page_image="p.webp", hot_areas=areas
    )


SEEDS: tuple[Seed, ...] = (
    # What is missing
    Seed("no-headline", 1, "", fields(1, title="")),
    Seed("no-headline", 2, "", fields(2, title="　 ")),
    Seed("no-body", 4, "", fields(4, body=())),
    Seed("no-byline", 3, "", fields(3, bylines=())),
    Seed("byline-twice", 3, "焦利芳", fields(3, bylines=(Byline(name="焦利芳"),) * 2)),
    Seed("no-alt", 4, "", insert(4, 1, replace(PHOTO, alt=""))),
    Seed("no-alt", 4, "", insert(4, 1, Gallery((PHOTO, replace(PHOTO, file="b.jpg", alt=""))))),
    Seed("no-photographer", 4, "", insert(4, 1, replace(PHOTO, credit=""))),
    Seed("no-caption", 4, "", insert(4, 1, replace(PHOTO, caption=""))),
    Seed("no-responsible-editor", None, "第450期", of_issue(responsible_editor="")),
    Seed(
        "no-responsible-editor",
        None,
        "第1版",
        of_issue(responsible_editor="", folios=(Folio(number=1, name="要闻"),)),
    ),
    Seed("no-area", None, "第1版", of_issue(folios=(page(1, 2, 3),))),
    Seed("area-of-nothing", None, "第1版", of_issue(folios=(page(1, 2, 3, 4, 9),))),
    Seed("empty-paragraph", 2, "", insert(2, 1, Paragraph(()))),
    Seed("empty-paragraph", 2, "　　", insert(2, 1, Paragraph.of("　　"))),
    # Sentences and headings
    Seed("no-end-mark", 1, "工作专班,", split(1, "增强场景建设的策划协调")),
    Seed("no-end-mark", 4, "睿智的思绪,", split(4, "果断的决策")),
    Seed("no-end-mark", 2, "3家托育", split(2, "机构签订协议")),
    Seed("no-end-mark", 3, "交流发言", swap(3, "进行了交流发言。", "进行了交流发言")),
    Seed("no-end-mark", 1, "如下:", line(1, "会议对下一步工作提出要求,具体如下:")),
    Seed(
        "faked-crosshead",
        3,
        "强化组织领导",
        insert(3, 2, Paragraph.of("强化组织领导 凝聚各方合力")),
    ),
    Seed("heading-mark", 2, "。", fields(2, title="拱墅区总工会普惠性托育解决职工难题。")),
    Seed("heading-mark", 2, ",", insert(2, 1, Crosshead("职工需求在哪里,"))),
    # What stands twice
    Seed("repeated-paragraph", 2, "除此之外", repeat(2, 6, into=2)),
    Seed("repeated-paragraph", 4, "戴建平强调", repeat(1, 2, into=4)),
    Seed("repeated-fragment", 2, L51, swap(2, "陆志瑛介绍,", "陆志瑛介绍," + L51)),
    Seed(
        "repeated-fragment",
        4,
        "加强源头治理",
        line(
            4,
            "此外,加强源头治理,夯实根治欠薪体制机制。成立由市总工会党组书记任组长的工作专班,各地都要落实。",
        ),
    ),
    Seed(
        "repeated-fragment",
        4,
        "第一轮个人赛紧锣密鼓",
        line(4, "据悉,开幕式结束后,第一轮个人赛紧锣密鼓地拉开帷幕,观众很多。"),
    ),
    Seed(
        "overlap", 1, "增强场景建设的策划", split(1, "协调、服务供给", twice="增强场景建设的策划")
    ),
    Seed("overlap", 4, "睿智的思绪", split(4, "果断的决策", twice="睿智的思绪,")),
    Seed("doubled-word", 1, "应用应用", swap(1, "重大应用场景", "重大应用应用场景")),
    Seed("doubled-word", 2, "托育机构托育机构", swap(2, "送进托育机构", "送进托育机构托育机构")),
    Seed("doubled-word", 3, "领导领导", swap(3, "强化组织领导", "强化组织领导领导")),
    Seed("doubled-word", 4, "棋艺棋艺", swap(4, "尽情展现棋艺", "尽情展现棋艺棋艺")),
    Seed("doubled-word", 3, "杭州市杭州市", fields(3, subhead="杭州市杭州市总工会作交流发言")),
    Seed(
        "doubled-clause",
        4,
        "赛场上激烈搏杀",
        swap(4, "赛场上激烈搏杀,", "赛场上激烈搏杀,赛场上激烈搏杀,"),
    ),
    Seed("doubled-character", 1, "的的", swap(1, "有待提升", "的的有待提升")),
    Seed("doubled-character", 2, "在在", swap(2, "挥手作别后", "在在挥手作别后")),
    Seed("doubled-character", 3, "和和", swap(3, "和新疆", "和和新疆")),
    Seed("doubled-character", 4, "比比", swap(4, "象棋比赛更多", "象棋比比赛更多")),
    Seed("doubled-character", 4, "了了", swap(4, "激发了斗志", "激发了了斗志")),
    Seed("repeated-item", 1, "余杭区", swap(1, "余杭区、临平区", "余杭区、余杭区、临平区")),
    Seed(
        "repeated-item",
        3,
        "劳动关系信息员",
        swap(3, "劳动法律监督员、", "劳动关系信息员、劳动法律监督员、"),
    ),
    Seed("skipped-number", 1, "四", swap(1, "三是要建立", "四是要建立")),
    Seed("skipped-number", 3, "五", swap(3, "四是突出重点群体。", "")),
    Seed(
        "skipped-number",
        2,
        "三",
        insert(2, 1, Crosshead("一、需求"), Crosshead("三、对策")),
    ),
    Seed("skipped-number", 1, "4", line(1, "流程为:(1)报名;(2)审核;(4)公示。")),
    Seed(
        "skipped-number",
        1,
        "3",
        insert(1, 3, Paragraph.of("1.报名时间为8月。"), Paragraph.of("3.报名地点在工会。")),
    ),
    Seed("wrong-count", 3, "六个方面工作", swap(3, "以下五个方面", "以下六个方面")),
    Seed(
        "wrong-count",
        1,
        "四项要求",
        line(1, "会议提出四项要求:一是加强学习;二是加强管理;三是加强监督。"),
    ),
    Seed("wrong-count", 2, "3点体会", line(2, "他谈了3点体会。一是要快,二是要准。")),
    # Punctuation
    Seed("unbalanced", 1, "“", swap(1, "“杭工e家”", "“杭工e家")),
    Seed("unbalanced", 1, "”", swap(1, "“一盘棋”", "一盘棋”")),
    Seed("unbalanced", 3, "《", swap(3, "《保障农民工工资支付条例》", "《保障农民工工资支付条例")),
    Seed("unbalanced", 3, "）", swap(3, "(区、市)", "区、市）")),
    Seed("unbalanced", 2, "(", swap(2, "(北软园区)", "(北软园区")),
    Seed("unbalanced", 2, "“", swap(2, "我很放心。”", "我很放心。")),
    Seed("unbalanced", 4, "“", swap(4, "必论高低输赢", "必论“高低输赢“")),
    Seed("unbalanced", 2, "“", insert(2, 1, Crosshead("“学上见真章"))),
    Seed("unbalanced", 4, "“", swap(4, "受益匪浅的。”", "受益匪浅的。")),
    Seed("within-alike", 3, "《", line(3, "会上宣读了《关于贯彻《工会法》的通知》。")),
    Seed("within-alike", 4, "“", line(4, "他说:“我们要办好“职工之家”这件事。”")),
    Seed("doubled-mark", 1, ",,", swap(1, "会议还邀请了", "会议还,,邀请了")),
    Seed("doubled-mark", 2, "。。", swap(2, "十分高兴。", "十分高兴。。")),
    Seed("doubled-mark", 3, "，。", swap(3, "交流发言。", "交流发言，。")),
    Seed("doubled-mark", 4, "、、", swap(4, "兵来卒往、", "兵来卒往、、")),
    Seed("doubled-mark", 2, "。”。", swap(2, "我很放心。”", "我很放心。”。")),
    Seed("mixed-width", 3, "，", swap(3, "7月28日,", "7月28日，")),
    Seed("mixed-width", 1, "（", swap(1, "各区县(市)", "各区县（市）")),
    Seed("ellipsis", 4, "。。。", swap(4, "大家参与的积极性", "大家。。。参与的积极性")),
    Seed("ellipsis", 4, "...", swap(4, "大家参与的积极性", "大家...参与的积极性")),
    Seed("ellipsis", 4, "--", swap(4, "大家参与的积极性", "大家--参与的积极性")),
    Seed("latin-full-stop", 4, ".", swap(4, "拉开帷幕。", "拉开帷幕.")),
    Seed("straight-quotes", 1, '"', swap(1, "“一盘棋”", '"一盘棋"')),
    Seed("before-etc", 2, "、等", swap(2, "公益课堂讲座等", "公益课堂讲座、等")),
    Seed("before-etc", 4, "……等", swap(4, "炮飞马跳,", "炮飞马跳……等,")),
    Seed("after-numeral", 3, "、", insert(3, 1, Crosshead("（一）、加强源头治理"))),
    Seed("full-width-digits", 4, "２９", swap(4, "29支代表队", "２９支代表队")),
    Seed("space", 3, "工 会", swap(3, "杭州工会深刻", "杭州工 会深刻")),
    Seed("space", 3, "动， 今", swap(3, "公益法律服务", "专项行动， 今年公益法律服务")),
    Seed("typed-indent", 1, "　　", swap(1, "7月29日,全市", "　　7月29日,全市")),
    # Characters and words
    Seed("stray-character", 1, "\u200b", swap(1, "会议还邀请了", "会议还\u200b邀请了")),
    Seed("stray-character", 1, "\ufffd", swap(1, "会议还邀请了", "会议\ufffd邀请了")),
    Seed("traditional", 1, "會", swap(1, "会议还邀请了", "會议还邀请了")),
    Seed("wrong-word", 4, "聚全之力", swap(4, "最终,", "最终,聚全之力,")),
    Seed("wrong-word", 3, "一本帐", swap(3, "下一步,", "下一步,建好一本帐,")),
    Seed("banned-word", 4, "残废", swap(4, "高手同台", "残废高手同台")),
    Seed("banned-word", 2, "民工潮", fields(2, kicker="应对民工潮")),
    Seed("common-error", 1, "布署", swap(1, "决策部署", "决策布署")),
    Seed("common-error", 3, "截止7月", line(3, "截止7月底,平台已上线。")),
    Seed("common-error", 4, "己经", line(4, "他们己经准备好了。")),
    Seed("common-error", 2, "一如继往", line(2, "工会将一如继往地服务职工。")),
    Seed("common-error", 2, "反应", line(2, "职工反应了不少问题。")),
    Seed("amount", 2, "近30余", swap(2, "有30余家", "有近30余家")),
    Seed("amount", 3, "倍", line(3, "今年欠薪案件比去年减少了3倍。")),
    Seed("amount", 4, "左右", line(4, "现场约500名左右职工观战。")),
    # People and terms
    Seed("wrong-post", 1, "副主席戴建平", swap(1, "市总工会主席戴建平", "市总工会副主席戴建平")),
    Seed("wrong-post", 1, "主席戴建平", swap(1, "市总工会主席戴建平", "省总工会主席戴建平")),
    Seed("wrong-post", 4, "王卫安", swap(4, "副主席王卫安", "常务书记、主席王卫安")),
    Seed("wrong-post", 3, "郑荣新主席", line(3, "郑荣新主席参加会议。")),
    Seed("wrong-post", 4, "余杭区总工会主席戴建平", line(4, "余杭区总工会主席戴建平到场观战。")),
    Seed("wrong-post", 1, "副主席", line(1, "市政协副主席、市总工会主席戴建平讲话。")),
    Seed("doubled-post", 1, "主席戴建平主席", swap(1, "主席戴建平出席", "主席戴建平主席出席")),
    Seed("doubled-post", 1, "党组书记、党组书记", line(1, "党组书记、党组书记郑荣新主持会议。")),
    Seed("precedence", 3, "戴建平", line(3, "郑荣新、戴建平、王卫安参加会议。")),
    Seed(
        "precedence",
        4,
        "吕建月",
        swap(4, "出席开幕式", "出席开幕式。余小途,建德市总工会主席吕建月观摩"),
    ),
    Seed("leader-name", 1, "戴建国", line(1, "市总工会主席戴建国参加座谈。")),
    Seed("two-spellings", 4, "张小燕", line(4, "(记者 张小燕)")),
    Seed("two-spellings", 2, "陆志英", swap(2, "副主席陆志瑛介绍", "副主席陆志英介绍")),
    Seed("two-spellings", 2, "谢小燕", line(2, "“我很满意。”谢小燕说。")),
    Seed("two-spellings", 4, "倪国蓉", line(4, "富阳区总工会队倪国蓉是卫冕冠军。")),
    Seed("two-spellings", 4, "钱永明", line(4, "钱永明和队友紧紧拥抱。")),
    Seed("two-spellings", 1, "戴健平", line(1, "市总工会主席戴健平最后作了总结。")),
    Seed("two-terms", 1, "区、县(市)", swap(1, "各区县(市)", "各区、县(市)")),
    Seed(
        "two-terms",
        3,
        "创新性企业",
        line(3, "一家创新型企业参加。又一家创新型企业,还有创新性企业。"),
    ),
    Seed("nearly-alike", 3, "支付条理", line(3, "会议解读了《保障农民工工资支付条理》。")),
    Seed("nearly-alike", 3, "杭工E家", swap(3, "“杭工e家”", "“杭工E家”")),
    Seed("exchanged", 4, "动劳者", line(4, "动劳者最光荣。")),
    # Dates and numbers
    Seed("impossible-date", 4, "7月32日", swap(4, "7月27日", "7月32日")),
    Seed("impossible-date", 3, "2月30日", line(3, "条例自2021年2月30日起施行。")),
    Seed("impossible-date", 3, "2021年2月29日", line(3, "条例自2021年2月29日起施行。")),
    Seed("impossible-date", 2, "8点70分", swap(2, "8点10分", "8点70分")),
    Seed("impossible-date", 2, "农历腊月三十二", line(2, "农历腊月三十二是除夕。")),
    Seed("strange-year", 1, "2107年", swap(1, "2017年7月", "2107年7月")),
    Seed("wrong-weekday", 1, "7月29日(星期四)", swap(1, "7月29日,", "7月29日(星期四),")),
    Seed("wrong-weekday", 3, "2022年7月28日 周五", swap(3, "7月28日,", "2022年7月28日 周五,")),
    Seed("wrong-lunar", 4, "农历七月初五", swap(4, "7月27日,", "7月27日(农历七月初五),")),
    Seed("wrong-lunar", 2, "农历七月二十二", line(2, "8月18日(农历七月二十二)举行。")),
    Seed("issue-lunar", None, "壬寅年七月初六", of_issue(lunar_date="壬寅年七月初六")),
    Seed(
        "issue-lunar",
        None,
        "壬寅年七月初五",
        of_issue(date=datetime.date(2022, 8, 3)),
        also=("issue-date",),
    ),
    Seed("no-issue-lunar", None, "", of_issue(lunar_date="")),
    Seed("issue-number", None, "第452期", of_issue(number=452)),
    Seed("issue-number", None, "第449期", of_issue(number=449)),
    Seed("issue-number", None, "第45期", of_issue(number=45)),
    Seed(
        "issue-date",
        None,
        "2022年8月3日",
        of_issue(date=datetime.date(2022, 8, 3)),
        also=("issue-lunar",),
    ),
    Seed(
        "issue-date",
        None,
        "2022年8月2日",
        lambda issue: issue,
        neighbours=replace(NEIGHBOURS, same_day=(Neighbour(999, datetime.date(2022, 8, 2)),)),
    ),
    # Links
    Seed(
        "dead-link",
        4,
        "报名页面",
        insert(4, 1, Paragraph((Run("请见"), Run("报名页面", href="http://x.cn/a"), Run("。")))),
        facts=Facts(dead_links={"http://x.cn/a": "404 页面不存在"}),
    ),
    Seed(
        "dead-imprint-link",
        None,
        "http://www.hzgh.org/tg.htm",
        lambda issue: issue,
        facts=Facts(dead_links={"http://www.hzgh.org/tg.htm": "无法连接"}),
    ),
    # An internal publication
    Seed("no-permit", None, "", of_imprint(permit_number="")),
    Seed("no-notice", None, "", of_imprint(circulation_notice="")),
    Seed("own-name", 4, "本刊", line(4, "欢迎向本刊投稿。")),
    Seed("advertising", 4, "广告热线", line(4, "广告热线:87160990")),
    Seed("advertising", 2, "招商电话", line(2, "园区招商电话:87160990")),
    Seed("price", 4, "定价:2元", line(4, "定价:2元")),
    Seed("price", 4, "欢迎订阅", line(4, "2023年度报纸开始发行,欢迎订阅。")),
    Seed("serial-number", None, "CN33-0001", of_imprint(strap="国内统一刊号 CN33-0001")),
)

# What the rules do not find, each with the rule that would have to: sense broken, words lost or
# exchanged, what good Chinese doubles too, what only somebody who was there can know.
BEYOND: tuple[Seed, ...] = (
    Seed("common-error", 1, "", swap(1, "数字化改革是省委、省政府", "数字化改革省委、省政府")),
    Seed("common-error", 2, "高性", swap(2, "十分高兴", "十分高性")),
    Seed("common-error", 1, "厂景", swap(1, "增强场景建设", "增强厂景建设")),
    Seed("common-error", 4, "再一次", swap(4, "让我再一次感受到", "让再一次感受到")),
    Seed("two-terms", 4, "富阳区工会队", swap(4, "富阳区总工会队倪国荣", "富阳区工会队倪国荣")),
    Seed("amount", 3, "8871家", swap(3, "8817家", "8871家")),
    Seed("amount", 4, "19支", swap(4, "29支代表队", "19支代表队")),
    Seed("impossible-date", 4, "7月17日", swap(4, "7月27日", "7月17日")),
    Seed("doubled-word", 2, "关心关心", swap(2, "十分高兴", "十分关心关心")),
    Seed("doubled-character", 4, "天天", swap(4, "选手们各显身手", "选手们天天各显身手")),
    Seed("two-spellings", 1, "王昊", line(1, "专家王昊介绍了经验。")),
    Seed("two-spellings", 2, "虞某", swap(2, "虞女士", "余女士")),
    Seed("repeated-fragment", 4, "低头深思", swap(4, "步步为营,", "步步为营,冷静观察,低头深思,")),
    Seed("wrong-count", 4, "三支队伍", line(4, "获奖的三支队伍是余杭队、富阳队。")),
)

CORRECT: tuple[str, ...] = (
    "工会会员天天都来练一练,人人都说职工之家越来越好。",
    "请大家研究研究、讨论讨论,再把意见一条条报上来。",
    "为了了解职工工资发放情况,市总工会会同人社部门走访了企业。",
    "杭州市市长、各区区长和银行行长参加了座谈。",
    "企业业务骨干与学校校长、医院院长面对面交流。",
    "他把工具擦得干干净净,码得整整齐齐,一步一步教给徒弟。",
    "全国国有企业职工工作委员会会议在杭州召开。",
    "农民工工资支付、员工工伤保险、女职工工间休息都有了保障。",
    "在工作中中国工会始终把职工放在心上,网上上传材料即可办理。",
    "民主主义、社会会风、法院院训,都写进了讲义。",
    "8月2日(星期二),市总工会召开会议。",
    "活动于2022年7月29日(周五)至31日(周日)举行。",
    "7月29日至7月31日(周五至周日),职工食堂照常开放。",
    "1月5日(星期三)和12月28日(星期三)各办一场。",
    "2020年2月29日,他出生在建德;2000年2月29日,他的哥哥出生。",
    "2021年的7月29日(星期四),他们也在这里比赛。",
    "农历二月三十日,村里照例唱戏。8月4日(农历七月初七)是七夕。",
    "比赛以3:2结束,用时1:30:25,投票率为98.5%,奖金1,200元。",
    "新闻热线:(0571)87160990,投稿网址:http://www.hzgh.org/tg.htm。",
    "他说:“师傅常讲‘慢工出细活’,我一直记着。”",
    "会议审议了《杭州市总工会关于贯彻〈中华人民共和国工会法〉的意见》。",
    "活动分三步:1)报名;2)培训;3)考核。",
    "“这是真的吗?!”他惊讶地问,“太好了!!”",
    "他沉默了……过了好一会儿才开口——原来证书丢了。",
    "“尊法守法 携手筑梦”服务农民工行动启动,“中国梦 劳动美”展演同时举行。",
    "本报记者 张 三 通讯员 李建国",
    "市人大常委会副主任、市总工会主席戴建平,市总工会党组书记、常务副主席郑荣新出席会议。",
    "会议由郑荣新主持,戴建平作了讲话。",
    "戴建平、郑荣新、王卫安等参加会议。",
    "原市总工会副主席戴建平回忆起当年的情景。",
    "市总工会党组成员、副主席王卫安宣读决定,建德市总工会主席吕建月致辞。",
    "企业在成本报表里列出了培训费,并提交了年度基本报告。",
    "广告公司职工李明获得“五一劳动奖章”,他设计的公益广告获奖。",
    "农产品售价上涨,农户每亩增收3000元,超市定价也有所调整。",
    "截至7月底,全市已建成爱心驿站1200余家,覆盖职工50多万人。",
    "自己经历过困难,所以更懂得帮助他人;他来自己亲身参与的项目组。",
    "严峻工作形势下,干部暑期不休息,防犯罪宣传进了工地。",
    "以经济建设为中心,以经验交流为抓手,公布署名文章。",
    "现场有近30家企业、约500名职工,超过一半的人当场报名。",
    "减少了三成,下降了20%,比去年同期少了一半。",
    "职工们唱啊唱啊,笑哈哈地说:“加油!加油!”",
    "帐篷里,医护人员为骑手测血压;蚊帐也送到了宿舍。",
    "一是加强领导。二是加强宣传。三是加强督查。",
    "一要坚定信心,二要真抓实干,三要久久为功。",
    "第一产业、第二产业、第三产业协调发展,第二,第三名另行公布。",
    "先进个人有张伟、李伟、王伟,三人同名不同姓。",
    "省总工会、市总工会、区总工会三级联动,市、区、街道三级覆盖。",
    "创新型企业重视创新性成果,服务型组织提供综合性服务。",
    "读者可登录“杭工e家”APP报名;登陆点在海边,部队清晨登陆。",
    "联系电话:0571-87160990",
    "(汪燕盼)",
    "——编者按",
    "详见http://www.hzgh.org/tg.htm",
    "你们要、等待的人也要,等候区在二楼,甲等、乙等、丙等各一名。",
    "他的的确确是一把好手,说起话来地地道道,为人坦坦荡荡。",
    "熠熠生辉的奖章、沉甸甸的果实、红彤彤的喜报,都属于他们。",
    "各地地方工会、各级级别不同的单位,都可以提出出色的方案。",
    "7×24小时服务,App Store和Wi-Fi全覆盖,CPI同比上涨1.5%。",
    "第十届职工运动会设12个大项、26个小项,共有87名选手参赛。",
    "1.2万名职工参与。3.5%的人获奖。",
    "来了一批又一批、一茬又一茬的青年工人,年年如此,代代相传。",
    "8月18日(农历七月二十一)这天,农历腊月三十那天,他都在岗位上。",
    "他提出两点建议:一是增设站点,二是延长时间。",
    "三个问题要分清:什么是根本?怎么落实?谁来负责?",
    "会议围绕三个方面展开讨论。一是好事,二是难事,大家都说了。",
    "好消息,好消息!他反复念叨:“一定要平安回来,一定要平安回来。”",
    "第1、2、3名获得奖金;4、5、6名获得奖品;3.5公里组另设。",
    "王晓燕和王小燕是两姐妹,王晓燕在纺织厂。",
    "市人大常委会副主任、市总工会主席戴建平和副主席王卫安参加。",
    "“双减”之后,托管班怎么办?“托起明天的太阳”——记者走访了三所小学。",
)


# How they are judged


@cache
def alarms_of(seed: Seed) -> list[Alarm]:
    """Return what is found in the issue with the mistake."""
    return check_issue(
        seed.change(sample()), seed.house, neighbours=seed.neighbours, facts=seed.facts
    )


@cache
def alarms_before(house: House = HOUSE) -> frozenset[tuple[str, int | None, str]]:
    """Return what is found in the issue without a mistake of ours."""
    found = check_issue(sample(), house, neighbours=NEIGHBOURS)
    return frozenset(map(_sign, found))


def is_found(seed: Seed, alarms: list[Alarm]) -> bool:
    """Tell whether the rule named by the seed speaks up at its words."""
    return any(_hits(seed, alarm) and _sign(alarm) not in alarms_before() for alarm in alarms)


def false_alarms(seed: Seed, alarms: list[Alarm]) -> list[Alarm]:
    """Return what the mistake made other rules say elsewhere, or its rule at other words."""
    return [
        alarm
        for alarm in alarms
        if _sign(alarm) not in alarms_before()
        and alarm.code not in seed.also
        and not _touches(seed, alarm)
    ]


def alarms_of_sentence(text: str) -> list[Alarm]:
    """Return what is found in an article that consists of one sentence."""
    article = Article(
        number=9, title="职工之家", bylines=(Byline(name="汪燕盼"),), body=(Paragraph.of(text),)
    )
    issue = replace(sample(), articles=(article,))
    return check_article(article, HOUSE, issue=issue)


def _hits(seed: Seed, alarm: Alarm) -> bool:
    return alarm.code == seed.code and alarm.place.article == seed.article and _touches(seed, alarm)


def _touches(seed: Seed, alarm: Alarm) -> bool:
    """Tell whether an alarm stands at the words of the seed."""
    if alarm.place.article != seed.article:
        return False
    quote = alarm.place.quote.strip() if seed.words.strip() else alarm.place.quote
    if not seed.words.strip() or not quote:
        return not quote.strip() and not seed.words.strip()
    return seed.words in quote or quote in seed.words


def _sign(alarm: Alarm) -> tuple[str, int | None, str]:
    return alarm.code, alarm.place.article, alarm.place.quote
