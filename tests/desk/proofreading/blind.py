"""A second set of mistakes and of correct copy, written before the rules' code was read.

``BLIND_SEEDS`` puts mistakes of every kind that the paper asked for into issue 450,
``BLIND_COPY`` is correct copy of the sorts a newspaper prints and a checker stumbles over.
``FIRST_RUN`` is what the rules made of them before they were mended by what they missed here; from
then on this set is no longer blind.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cache
from typing import Any

from desk.proofreading.alarms import Alarm
from desk.proofreading.checking import check_article, check_issue
from desk.proofreading.facts import Facts, Neighbour, Neighbours
from desk.proofreading.house import NEITHER
from interchange.schema import (
    Article,
    Byline,
    Crosshead,
    Gallery,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Run,
    Table,
)
from tests.desk.proofreading.seeded import (
    HOUSE,
    NEIGHBOURS,
    Change,
    Seed,
    fields,
    insert,
    line,
    of_imprint,
    of_issue,
    repeat,
    sample,
    split,
    swap,
)

BLIND_HOUSE = replace(
    HOUSE,
    own_name=NEITHER,
    corrections=(("帐号", "账号"), ("渡假", "度假"), ("既使", "即使")),
    banned=(("打工仔", "说“务工人员”"), ("特困户", ""), ("盲人", "说“视障人士”")),
)

LINK = "https://www.hzgh.example/huodong/2022.html"


# The rules that are right to find a mistake of a kind.
KINDS = {
    "无标题": {"no-headline"},
    "无署名": {"no-byline"},
    "无替代文字": {"no-alt"},
    "无摄影者": {"no-photographer"},
    "空段": {"empty-paragraph"},
    "段末无标点": {"no-end-mark"},
    "重复段落": {"repeated-paragraph", "repeated-fragment"},
    "重复语句": {"repeated-fragment", "overlap", "doubled-clause"},
    "叠词": {"doubled-word", "doubled-character"},
    "引号": {"unbalanced", "straight-quotes"},
    "括号": {"unbalanced", "mixed-width"},
    "书名号": {"unbalanced"},
    "标点全半角": {"mixed-width", "latin-full-stop", "doubled-mark"},
    "日期星期": {"wrong-weekday"},
    "日期不存在": {"impossible-date"},
    "农历": {"issue-lunar", "wrong-lunar", "impossible-date"},
    "期号": {"issue-number", "issue-date"},
    "数目不符": {"wrong-count"},
    "序号": {"skipped-number"},
    "人名两写": {"two-spellings", "leader-name"},
    "错词": {"wrong-word"},
    "禁用词": {"banned-word"},
    "职务有误": {"wrong-post"},
    "职务重复": {"doubled-post"},
    "排序有误": {"precedence"},
    "内部资料:准印证号": {"no-permit"},
    "内部资料:本报本刊": {"own-name"},
    "内部资料:广告": {"advertising"},
    "内部资料:售价": {"price"},
    "坏链接": {"dead-link"},
}
# How many of each kind were missed at first; of the others none was.
FIRST_RUN = {
    "空段": 1,
    "段末无标点": 1,
    "重复语句": 3,
    "农历": 1,
    "数目不符": 2,
    "序号": 2,
    "人名两写": 3,
    "职务有误": 1,
    "职务重复": 1,
    "内部资料:本报本刊": 2,
}
# What was said of correct copy at first, by rule.
FIRST_FALSE = {
    "doubled-character": 12,
    "doubled-word": 1,
    "mixed-width": 1,
    "own-name": 1,
    "two-spellings": 1,
    "unbalanced": 1,
}
# What is still missed: words that an article says twice at a distance, as good copy does too; and
# what is still said: two people of one family, 为|为民服务.
STILL_MISSED = {"重复语句": 1}
STILL_FALSE = {"doubled-character": 1, "two-spellings": 1}


def mistake(kind: str, article: int | None, words: str, change: Change, **more: Any) -> Seed:
    """Return a mistake of a kind; ``words`` are those that it consists of."""
    return Seed(kind, article, words, change, house=BLIND_HOUSE, **more)


def linked(text: str) -> Paragraph:
    """Return a paragraph with a link."""
    return Paragraph((Run("报名请看"), Run(text, href=LINK), Run("。")))


BLIND_SEEDS = (
    # missing headline, byline
    mistake("无标题", 2, "", fields(2, title="")),
    mistake("无标题", 4, "", fields(4, title="　 ")),
    mistake("无署名", 3, "", fields(3, bylines=())),
    mistake("无署名", 1, "", fields(1, bylines=(Byline(name=" "),))),
    # pictures
    mistake(
        "无替代文字",
        4,
        "",
        insert(4, 2, Photo("qi.jpg", caption="选手在比赛中。", credit="张晓燕")),
    ),
    mistake(
        "无替代文字",
        2,
        "",
        insert(
            2,
            3,
            Gallery(
                (
                    Photo("a.jpg", caption="教室一角。", credit="刘魏", alt="教室里的小床"),
                    Photo("b.jpg", caption="户外活动。", credit="刘魏"),
                )
            ),
        ),
    ),
    mistake(
        "无摄影者",
        4,
        "",
        insert(4, 3, Photo("qi.jpg", caption="选手在比赛中。", alt="两名选手对弈")),
    ),
    mistake(
        "无摄影者",
        1,
        "",
        insert(1, 1, Gallery((Photo("h.jpg", caption="会场。", alt="会场全景"),))),
    ),
    # empty paragraph
    mistake("空段", 1, "", insert(1, 2, Paragraph.of(""))),
    mistake("空段", 3, "", insert(3, 2, Paragraph.of("　　"))),
    mistake("空段", 4, "", insert(4, 2, Paragraph.of("\u200b\u00a0"))),
    # not ended
    mistake("段末无标点", 4, "出席开幕式", swap(4, "出席开幕式。", "出席开幕式")),
    mistake("段末无标点", 1, "举行,", line(1, "会议在市工人文化宫举行,")),
    mistake("段末无标点", 3, "先进集体、", line(3, "会上还表彰了一批先进个人和先进集体、")),
    mistake("段末无标点", 2, "接送孩子", line(2, "下一步,托育园还将安排班车,方便职工接送孩子")),
    mistake("段末无标点", 2, "职工负担", split(2, ",提高“教”的质量")),
    # repeated paragraph
    mistake("重复段落", 4, "开幕式结束后", repeat(4, 2, into=4)),
    mistake("重复段落", 3, "孩子上幼儿园前由谁照顾", repeat(2, 1, into=3)),
    mistake(
        "重复段落",
        4,
        "最终,富阳区总工会队",
        line(
            4,
            "最终,富阳区总工会队倪国荣个人赛排名第一,建德市总工会一队吴天雄、余杭区总工会一队"
            "钱永铭分获个人第二、三名;余杭区总工会一队夺得团体冠军,富阳区总工会队、政法工会队"
            "分获团体第二、三名。",
        ),
    ),
    # repeated or overlapping fragment
    mistake(
        "重复语句",
        3,
        "坚持源头治理、精准防控、标本兼治",
        swap(
            3,
            "坚持源头治理、精准防控、标本兼治,",
            "坚持源头治理、精准防控、标本兼治,坚持源头治理、精准防控、标本兼治,",
        ),
    ),
    mistake(
        "重复语句",
        1,
        "应用场景越来越丰富",
        swap(1, "工作机制越来越健全,", "应用场景越来越丰富,工作机制越来越健全,"),
    ),
    mistake(
        "重复语句",
        3,
        "工会援助律师定期到人社部门案件受理大厅",
        split(3, "开展法律咨询、法律援助宣传", twice="工会援助律师定期到人社部门案件受理大厅"),
    ),
    mistake(
        "重复语句",
        4,
        "赛场下交流心得、互相提高",
        line(4, "不少选手表示,赛场下交流心得、互相提高,呈现了良好氛围,值得珍惜。"),
    ),
    mistake(
        "重复语句",
        2,
        "婴幼儿照护服务机构184家,实际可提供托位数4820个",
        line(2, "据了解,全区有各类婴幼儿照护服务机构184家,实际可提供托位数4820个。"),
    ),
    # doubled words
    mistake("叠词", 1, "进一步进一步", swap(1, "要进一步激发", "要进一步进一步激发")),
    mistake("叠词", 2, "孩子孩子", swap(2, "“孩子进托育园", "“孩子孩子进托育园")),
    mistake("叠词", 3, "的的", swap(3, "全市上下联动、左右贯通的", "全市上下联动、左右贯通的的")),
    mistake("叠词", 4, "了了", swap(4, "展现了杭州职工", "展现了了杭州职工")),
    mistake("叠词", 1, "数字化数字化", swap(1, "全体工会干部", "全体数字化数字化工会干部")),
    mistake("叠词", 3, "提供提供", swap(3, "劳动者提供劳动用工", "劳动者提供提供劳动用工")),
    mistake("叠词", 2, "在在", swap(2, "在平时的走访", "在在平时的走访")),
    mistake("叠词", 4, "比赛比赛", swap(4, "参加了本次比赛", "参加了本次比赛比赛")),
    mistake(
        "叠词", 3, "工会工会", fields(3, subhead="杭州市总工会工会在领导小组办公室会议作交流发言")
    ),
    mistake(
        "叠词",
        4,
        "选手选手",
        insert(4, 2, Photo("q.jpg", caption="选手选手在比赛中。", credit="张晓燕", alt="两人对弈")),
    ),
    # quotes
    mistake("引号", 1, "“杭工e家", swap(1, "“杭工e家”", "“杭工e家")),
    mistake("引号", 3, "平安杭州”", swap(3, "“平安杭州”", "平安杭州”")),
    mistake("引号", 4, "”静“", swap(4, "“静”", "”静“")),
    mistake("引号", 2, "““育”", swap(2, "“育”上做文章", "““育”上做文章")),
    mistake("引号", 4, "“以棋会友", fields(4, title="“以棋会友 中国象棋比赛在建德举行")),
    mistake(
        "引号",
        2,
        "‘点单",
        line(2, "陆志瑛说:“职工‘点单,工会送课,我们还会一直做下去。”"),
    ),
    mistake("引号", 3, '"暖蜂行动"', swap(3, "“暖蜂行动”", '"暖蜂行动"')),
    # brackets
    mistake("括号", 2, "(北软园区", swap(2, "(北软园区)", "(北软园区")),
    mistake("括号", 3, "街道)工会", swap(3, "乡镇(街道)工会", "乡镇街道)工会")),
    mistake("括号", 1, "(市）", swap(1, "各区县(市)", "各区县(市）")),
    mistake("括号", 4, "【", line(4, "【新闻链接:象棋是我国传统棋类益智游戏。")),
    # book-title marks
    mistake(
        "书名号",
        3,
        "《保障农民工工资支付条例",
        swap(3, "《保障农民工工资支付条例》", "《保障农民工工资支付条例"),
    ),
    mistake(
        "书名号",
        3,
        "工会劳动法律监督意见书》",
        swap(3, "《工会劳动法律监督意见书》", "工会劳动法律监督意见书》"),
    ),
    mistake(
        "书名号",
        1,
        "《关于推进数字化改革的意见",
        line(1, "会议印发了《关于推进数字化改革的意见和《工作要点》。"),
    ),
    # mixed punctuation
    mistake("标点全半角", 1, "，", swap(1, "出席会议并讲话,", "出席会议并讲话，")),
    mistake(
        "标点全半角",
        4,
        "；",
        line(4, "据了解,比赛设个人赛和团体赛；共有87名选手参加;下一届将在桐庐举行。"),
    ),
    mistake("标点全半角", 2, ".", swap(2, "我很放心。”", "我很放心.”")),
    mistake("标点全半角", 3, "。。", line(3, "这项工作将长期坚持下去。。")),
    mistake("标点全半角", 3, ",。", line(3, "这项工作将长期坚持下去,。")),
    mistake("标点全半角", 4, ",,", swap(4, "广大职工群众的文化生活,", "广大职工群众的文化生活,,")),
    # dates
    mistake("日期星期", 1, "星期四", swap(1, "7月29日,", "7月29日(星期四),")),
    mistake("日期星期", 3, "周二", line(3, "座谈会定于8月1日(周二)下午举行。")),
    mistake("日期星期", 4, "2022年7月27日星期二", line(4, "比赛于2022年7月27日星期二开赛。")),
    mistake("日期星期", 2, "8月5日,星期六", line(2, "下一场讲座将在8月5日,星期六举行。")),
    mistake("日期不存在", 2, "6月31日", swap(2, "7月8日", "6月31日")),
    mistake("日期不存在", 3, "2月29日", line(3, "专项行动从2022年2月29日起开展。")),
    mistake("日期不存在", 4, "13月", line(4, "下一届比赛拟于13月7日举行。")),
    # lunar dates
    mistake("农历", None, "", of_issue(lunar_date="壬寅年七月初六")),
    mistake("农历", None, "", of_issue(lunar_date="辛丑年七月初五")),
    mistake("农历", 4, "农历七月初八", line(4, "8月4日(农历七月初八),选手们将再次相聚。")),
    mistake("农历", 4, "农历七月三十一", line(4, "活动将持续到农历七月三十一。")),
    # number of the issue
    mistake("期号", None, "", of_issue(number=452)),
    mistake("期号", None, "", of_issue(number=449)),
    mistake(
        "期号",
        None,
        "",
        of_issue(date=datetime.date(2022, 7, 26), lunar_date="壬寅年六月廿八"),
        neighbours=Neighbours(
            Neighbour(448, datetime.date(2022, 7, 19)),
            Neighbour(451, datetime.date(2022, 8, 9)),
            (Neighbour(449, datetime.date(2022, 7, 26)),),
        ),
    ),
    # counts that disagree
    mistake("数目不符", 3, "以下四个方面", swap(3, "以下五个方面", "以下四个方面")),
    mistake("数目不符", 4, "三个问题", line(4, "会议指出三个问题:一是场地不足,二是裁判偏少。")),
    # numbers out of sequence
    mistake("序号", 1, "四是", swap(1, "三是要建立", "四是要建立")),
    mistake("序号", 3, "五是", swap(3, "四是突出重点群体", "五是突出重点群体")),
    mistake(
        "序号",
        4,
        "(四)",
        insert(
            4,
            9,
            Paragraph.of("(一)报名办法。"),
            Paragraph.of("(二)参赛资格。"),
            Paragraph.of("(四)奖励办法。"),
        ),
    ),
    mistake(
        "序号",
        2,
        "三、",
        insert(
            2,
            8,
            Crosshead("一、报名办法"),
            Paragraph.of("向基层工会报名。"),
            Crosshead("三、优惠办法"),
            Paragraph.of("凭会员卡打折。"),
        ),
    ),
    mistake(
        "序号",
        1,
        "第四",
        line(1, "工作有三点不足:第一,认识不到位;第二,力量不够强;第四,机制不健全。"),
    ),
    mistake("序号", 3, "4.", line(3, "申请时须带:1.身份证;2.劳动合同;4.工资条。")),
    mistake("序号", 4, "④", line(4, "规则是:①先手执红;②限时落子;④和棋加赛。")),
    # a name in two spellings
    mistake("人名两写", 2, "陆志英", swap(2, "陆志瑛坦言", "陆志英坦言")),
    mistake("人名两写", 1, "戴建萍", swap(1, "戴建平要求", "戴建萍要求")),
    mistake("人名两写", 4, "吴天熊", line(4, "个人赛亚军吴天熊说,明年还要来参赛。")),
    mistake("人名两写", 2, "谢小燕", line(2, "和谢小燕一样,许多职工把孩子带到园区。")),
    mistake("人名两写", 3, "郑荣欣", line(3, "市总工会党组书记、常务副主席郑荣欣作了交流发言。")),
    # the house list
    mistake("错词", 1, "帐号", line(1, "职工可用工会会员帐号登录。")),
    mistake("错词", 2, "渡假", fields(2, title="拱墅区总工会组织职工渡假疗养")),
    mistake("错词", 4, "既使", line(4, "既使输了,也要握手致意。")),
    mistake("禁用词", 3, "打工仔", swap(3, "新就业形态劳动者“娘家人”", "打工仔“娘家人”")),
    mistake("禁用词", 1, "特困户", insert(1, 1, Note("本活动面向特困户。"))),
    mistake(
        "禁用词",
        4,
        "盲人",
        insert(4, 4, Table((("姓名", "组别"), ("李明", "盲人组")), has_header=True)),
    ),
    # names and posts
    mistake("职务有误", 1, "戴建平", line(1, "会后,市总工会副主席戴建平走访了企业。")),
    mistake("职务有误", 3, "郑荣新", line(3, "市总工会党组书记、主席郑荣新参加会议。")),
    mistake(
        "职务有误",
        4,
        "吕建月",
        swap(4, "建德市人大常委会副主任、总工会主席吕建月", "建德市政协副主席、总工会主席吕建月"),
    ),
    mistake("职务重复", 1, "戴建平", line(1, "市总工会主席戴建平主席看望了大家。")),
    mistake("职务重复", 4, "王卫安", line(4, "副主席、副主席王卫安宣布开赛。")),
    mistake("排序有误", 1, "戴建平", line(1, "郑荣新、戴建平等参加慰问。")),
    mistake("排序有误", 4, "王卫安", line(4, "出席闭幕式的领导有吕建月、王卫安、余小途。")),
    # an internal publication
    mistake("内部资料:准印证号", None, "", of_imprint(permit_number="")),
    mistake("内部资料:本报本刊", 1, "本报讯", swap(1, "7月29日,全市", "本报讯 7月29日,全市")),
    mistake("内部资料:本报本刊", 3, "本刊", line(3, "敬请读者继续关注本刊报道。")),
    mistake("内部资料:本报本刊", 2, "本报记者", fields(2, bylines=(Byline(name="本报记者 刘魏"),))),
    mistake("内部资料:广告", 4, "广告", line(4, "广告热线:0571-87160990,欢迎各界刊登广告。")),
    mistake("内部资料:售价", 4, "定价", insert(4, 1, Note("定价:2.00元"))),
    mistake("内部资料:售价", 3, "售价", line(3, "本期每份售价1元,全年订费48元。")),
    # links
    mistake(
        "坏链接",
        4,
        "",
        insert(4, 9, linked("活动页面")),
        facts=Facts(dead_links={LINK: "404 页面不存在"}),
    ),
    mistake(
        "坏链接", 1, "", insert(1, 1, linked(LINK)), facts=Facts(dead_links={LINK: "连接不上"})
    ),
)


def prose(*texts: str) -> tuple[Passage, ...]:
    """Return paragraphs."""
    return tuple(map(Paragraph.of, texts))


BLIND_COPY: tuple[tuple[Passage, ...], ...] = (
    # reduplications and words that look doubled
    *map(
        prose,
        (
            "家家户户张灯结彩，大街小巷干干净净，孩子们蹦蹦跳跳，老人们乐乐呵呵。",
            "师傅常常对徒弟说：“慢慢来，先试试、看看、想想，再动手。”",
            "他们研究研究、讨论讨论，又商量商量，终于定下了方案。",
            "一件件实事、一桩桩好事，件件暖心；一个个项目、一处处工地，处处火热。",
            "工会的会员、会员的会费、会费的用途，样样公开。",
            "三天三夜、一趟一趟、一遍又一遍，他走遍了全镇的沟沟坎坎、坡坡岭岭。",
            "妈妈在厂里当焊工，爸爸开公交，爷爷奶奶帮着带孩子，哥哥姐姐也懂事。",
            "杭州的的士司机都知道，的确凉的的确确流行过。",
            "人人讲安全、个个会应急，天天有检查、月月有评比。",
            "“谢谢谢师傅！”听到这声谢谢，谢师傅笑了。",
            "这件事要好好地讲清楚，不能含含糊糊。",
            "他将将军衔授予大会的请柬收好，和和气气地走进会场。",
            "省总工会会员服务中心、市总工会会议室、区人大大会议厅同步设分会场。",
            "产业工人人数突破十万，技能人才才是企业的底气。",
            "他把把手拧紧，又从从化赶回车间，为为民服务窗口送去材料。",
            "农民工工资支付、职工工伤认定、女职工工作、工会会费收缴都有新办法。",
            "中国国家铁路集团、浙江江南造船厂、上海海事局、南京京剧团派员参加。",
            "要做到事事有回音、件件有着落，不能“等等看”，更不能“拖一拖、缓一缓”。",
            "“嘀嘀嘀……”手机响个不停，“喂喂，听得见吗？”他一遍遍地喊。",
            "高高兴兴上班去，平平安安回家来。",
        ),
    ),
    # names, posts
    *map(
        prose,
        (
            "会议由市总工会党组书记、常务副主席郑荣新主持，市总工会主席戴建平讲话。",
            "王卫安陪同戴建平看望了坚守岗位的环卫工人。",
            "张晓燕、张晓雁姐妹俩同在一家纺织厂工作，姐姐张晓燕是班长。",
            "李明和李敏是同事，李明负责喷漆，李敏负责质检。",
            "戴建平主席在调研时说，工会就是职工的“娘家”。",
            "市人大常委会副主任、市总工会主席戴建平，市总工会副主席王卫安参加。",
            "欧阳春、司马青衫、阿依古丽·买买提等获评“最美职工”。",
            "原主席高小平退休后当起了志愿者，高小萍是他的女儿。",
            "会前，郑荣新到会场检查准备情况；会上，戴建平为获奖者颁奖。",
        ),
    ),
    # numbers, amounts, codes
    *map(
        prose,
        (
            "全市新增托位1.2万个，同比增长15.6%，其中普惠托位占68%。",
            "比赛以3∶2结束，用时1小时45分30秒，气温36.5℃。",
            "咨询电话：0571-12351；地址：东宁路501号3幢2单元301室。",
            "型号为G20-A/B的设备，功率7.5kW，误差不超过±0.05mm。",
            "二十世纪八九十年代，厂里有三四千人，十七八岁的青工占了三分之一。",
            "会议听取了第一、第二、第四分会的汇报，第三分会书面汇报。",
            "他获得第一名，比第四名多3分；第二、三名分别是王强、赵勇。",
            "这一数字从2019年的1000余家升至2021年的2000多家，翻了一番。",
            "杭总工发〔2022〕15号文件规定，困难职工每户补助2000—5000元。",
            "网址是http://www.hzgh.org/tg.htm，邮箱是tg@hzgh.org，来稿请注明“征文”。",
            "全市10个区、2个县、1个县级市的5G基站，平均每平方公里有6.8个。",
        ),
    ),
    # dates
    *map(
        prose,
        (
            "8月4日（星期四，农历七月初七）是七夕节，园区办起了集体婚礼。",
            "7月31日（周日）至8月5日（周五），报名系统开放。",
            "去年8月2日是星期一，今年8月2日是星期二。",
            "2020年2月29日，他在方舱医院度过了四年一遇的生日。",
            "2022年2月1日是农历正月初一，车间里没有停机。",
            "农历八月十五中秋节、九月初九重阳节，工会都会上门慰问。",
            "每月5日、15日、25日和每周三下午为接待日。",
            "从1月31日到2月28日，从一季度到四季度，指标月月增长。",
            "1921年7月，中国共产党成立；1925年5月1日至7日，第二次全国劳动大会在广州召开。",
            "活动时间：8月6日—7日（周六、周日）9:00—17:00。",
        ),
    ),
    # quotes, brackets, titles
    *map(
        prose,
        (
            "他说：“师傅告诉我：‘干一行，爱一行。’这句话我记了20年。”",
            "《〈工会法〉释义》和《工会法（修正案）》已发到基层。",
            "“我们要把‘最多跑一次’变成‘一次都不跑’。”陆志瑛说，“这才叫服务。”",
            "获奖作品有《车间里的歌》《师徒》《大国工匠（节选）》等。",
            "会议强调：（一）提高认识；（二）压实责任；（三）狠抓落实。",
            "“学习强国”“浙里办”“杭工e家”等平台同步直播。",
            "她笑着说：“累是累了点（每天要走两万步），可是值！”",
            "什么是“工匠精神”？——就是“择一事、终一生”。",
            "习题共分A)、B)两类，1)选择题，2)填空题，均在线作答。",
            "“‘五一’到了，厂里放假吗？”“不放！”",
            "诗人写道：“劳动是一切幸福的源泉……”全场响起掌声。",
        ),
    ),
    # advertisements, this paper, prices that are the news itself
    *map(
        prose,
        (
            "据日本报纸报道，该国基本报酬水平有所提高。",
            "样本报告显示，资本报表和成本报价均属正常。",
            "广告公司的设计师陈亮设计了一批公益广告，提醒大家系好安全带。",
            "平台以虚假广告招工，被市场监管部门责令整改。",
            "职工超市的鸡蛋售价比市场低一成，一箱定价30元。",
            "她写的剧本刊登在内部刊物上，一本刊物、一本报告，都是心血。",
            "全市开展“本行业、本单位、本岗位”技能比武，本期培训为期三天。",
        ),
    ),
    # paragraphs: lists, poems, letters, questions
    prose(
        "采访中，职工最关心三件事：",
        "一是工资能不能按时发。",
        "二是孩子有没有人带。",
        "三是技能有没有地方学。",
    ),
    prose(
        "本次活动要求如下：",
        "1.参赛者须为工会会员；",
        "2.每人限报一项；",
        "3.作品须为原创。",
    ),
    prose(
        "机器轰鸣，",
        "是车间的晨曲；",
        "汗水滴落，",
        "是岁月的诗行。",
        "啊，我的工厂——",
        "我的青春，我的故乡！",
    ),
    prose("夜班归来", "路灯把我的影子", "拉得很长很长", "像一根不肯断的纱线"),
    prose(
        "编辑同志：",
        "我是一名货车司机，想问问工会能不能帮我讨薪。",
        "此致",
        "敬礼！",
    ),
    prose(
        "问：职工互助保障怎么参加？",
        "答：由基层工会统一组织。",
        "问：多少人起保？",
        "答：由基层工会统一组织，10人起保。",
    ),
    (
        Crosshead("一、提高认识"),
        *prose("要提高认识，落实责任。"),
        Crosshead("二、落实责任"),
        *prose("要落实责任，一级抓一级。"),
        Crosshead("三、强化保障"),
        *prose("要强化保障，确保实效。"),
    ),
    (
        *prose("获奖名单公布如下。"),
        Table((("名次", "姓名"), ("一", "王强"), ("二", "王强（余杭）")), has_header=True),
    ),
    (
        *prose("一位老工人在留言簿上写道。"),
        Quote("好好学习，天天向上", source="一位老工人"),
    ),
    (
        *prose("比赛吸引了众多职工观看。"),
        Photo("q.jpg", caption="选手在比赛中。张晓燕/摄", alt="两名选手对弈"),
    ),
    (
        *prose("比赛吸引了众多职工观看。"),
        Photo(
            "q.jpg", caption="选手在比赛中（本版图片由主办单位提供）", credit="资料图片", alt="对弈"
        ),
    ),
    prose(
        "一要学，学理论、学政策、学技能；二要干，干在实处、走在前列；三要拼，拼速度、拼质量。",
        "一要抓早抓小，二要抓常抓长。",
    ),
    prose(
        "拱墅区总工会主席表示，要把好事办好、实事办实。",
        "余杭区总工会主席表示，要把难事办妥、急事办快。",
    ),
    prose("“我们的目标是——”主持人把话筒递向台下。", "“不让一名职工掉队！”"),
)


# How they are judged


def check(issue: Issue, seed: Seed | None = None) -> list[Alarm]:
    """Return what the rules say of an issue, with what a mistake says about its surroundings."""
    return check_issue(
        issue,
        BLIND_HOUSE,
        neighbours=seed.neighbours if seed else NEIGHBOURS,
        facts=seed.facts if seed else Facts(),
    )


@cache
def said_before() -> frozenset[tuple[str, int | None, str]]:
    """Return what the rules say of the issue without these mistakes."""
    return frozenset((a.code, a.place.article, a.place.quote) for a in check(sample()))


def is_found(seed: Seed) -> bool:
    """Tell whether a rule of its kind speaks up in the article of a mistake because of it."""
    return any(
        alarm.code in KINDS[seed.code]
        and alarm.place.article == seed.article
        and (alarm.code, alarm.place.article, alarm.place.quote) not in said_before()
        for alarm in check(seed.change(sample()), seed)
    )


def alarms_of_copy(body: tuple[Passage, ...]) -> list[Alarm]:
    """Return what is said of an article of that body, alone in its issue."""
    article = Article(number=9, title="职工之家", bylines=(Byline(name="汪燕盼"),), body=body)
    return check_article(article, BLIND_HOUSE, issue=replace(sample(), articles=(article,)))
