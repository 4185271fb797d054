"""Issues for the tests of the writers: one that holds everything, one with many articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from interchange.readers.folder import read_folder
from interchange.schema import (
    Article,
    Byline,
    Correction,
    CorrectionKind,
    Crosshead,
    Folio,
    Gallery,
    Imprint,
    Issue,
    Note,
    Paragraph,
    Photo,
    Prominence,
    Quote,
    Remark,
    RemarkKind,
    Role,
    Run,
    Table,
)

SAMPLE = read_folder(Path(__file__).parents[2] / "content" / "issue-450")
# Markup of several languages, the end of a CDATA section, signs that turn the direction of text,
# what no XML may hold though the plain form does, a control character of the second block.
HOSTILE = (
    "<script>alert(1)</script> ]]> &amp; & \"'`${x} \u202eabc\u202c \ufffe\uffff\x85 &#0; {{ x }}"
)
SECRET = "只给编辑看的话"
ADDRESSES = (
    "https://example.com/?a=1&b=2",
    "https://example.com/中文/<b>?q=\"'#片段",
    "http://例子.测试:8080/[x]^{y}|z%zz%41",
    "http://user:word@example.com/",
    "http://[::1",
    "http://..../x",
    "https://example.com:99999/",
    "mailto:",
    "mailto:a@example.com?subject=你好",
    "tel:(0571)87160990",
    "/archive/",
    "/7/2/#corrections",
    "/7/",
    "#s1",
    "#nowhere",
    "#",
)


def picture(name: str) -> bytes:
    """Draw a picture in the format that its name tells, but for two that lie."""
    kind = {"jpg": "JPEG", "jpeg": "JPEG"}.get(suffix := name.rpartition(".")[2], suffix.upper())
    if name == "说谎.jpg":
        kind = "PNG"
    drawn = Image.new("RGB", (640, 420), (len(name) * 20 % 255, 90, 60))
    if name == "透明.webp":
        drawn = drawn.convert("RGBA")
        drawn.putalpha(120)
    file = BytesIO()
    exif = Image.Exif()
    if name == "相机.jpg":
        exif[0x010F] = "Camera of 张三"
        exif[0x0112] = 6  # lies on its side
        drawn.save(file, kind, exif=exif)
    else:
        drawn.save(file, kind)
    return file.getvalue()


RICH = Issue(
    number=7,
    date=date(2026, 11, 24),
    lunar_date="丙午年十月十六",
    responsible_editor="王某 & 李某",
    imprint=Imprint(
        name="工运周报",
        strap="工会 <数字> 报",
        publisher="某市总工会",
        permit_number="某企准字第1号",
        hotline="(0571)87160990",
        submissions_url="http://www.example.org/tg.htm",
        submissions_email="tg@example.org",
        circulation_notice="内部资料 免费交流",
        nameplate="报头.png",
    ),
    folios=(
        Folio(number=1, name="要闻", responsible_editor="王某"),
        Folio(number=2, name="综合 & 副刊"),
    ),
    articles=(
        Article(
            number=3,
            kicker="引题,<一>行",
            title="主题这里 有两行 & 更多",
            subhead="——副题",
            standfirst="提要第一行\n提要第二行",
            section="工运时评",
            prominence=Prominence.LEAD,
            bylines=(
                Byline(name="张三", role=Role.REPORTER, contributor=SECRET, unit=SECRET),
                Byline(name="李四", role=Role.REPORTER),
                Byline(name="王 浩", role=Role.PHOTOGRAPHER),
            ),
            remarks=(Remark(kind=RemarkKind.PROOF, after="正文", text=SECRET),),
            corrections=(
                Correction(
                    date=date(2026, 11, 25), wrong="甲<乙", right="甲>乙", text="更正一\n第二行"
                ),
                Correction(date=date(2026, 12, 1), kind=CorrectionKind.APOLOGY, text="致歉词"),
            ),
            body=(
                Photo("赛场.jpg", "图为赛场,热烈。", "赵某 摄", "跑道上\n三个人"),
                Paragraph(
                    (
                        Run("正文,有"),
                        Run("粗体", bold=True),
                        Run("和"),
                        Run("斜体", italic=True),
                        Run("、"),
                        Run(
                            "粗斜链接", bold=True, italic=True, href="https://example.com/?a=1&b=2"
                        ),
                        Run(";\n换行。"),
                    )
                ),
                Crosshead("小标题 一"),
                Paragraph.of("第二段(括号)讲数字1,234与8:30。"),
                Quote("引文第一行\n第二行", "出处"),
                Table((("姓名", "名次"), ("倪国荣", "1"), ("", "2\n并列")), True, "成绩"),
                Table((("甲", "乙"),), False, ""),
                Gallery((Photo("a.png", "左", "", "左图"), Photo("动.gif", "", "钱某 摄", "右图"))),
                Note("附注:数据截至\n11月底。"),
            ),
        ),
        Article(
            number=1,
            title=HOSTILE,
            kicker=HOSTILE,
            verbatim_punctuation=True,
            prominence=Prominence.BRIEF,
            body=(
                Paragraph.of(HOSTILE),
                Crosshead(HOSTILE),
                Photo("说谎.jpg", HOSTILE, HOSTILE[:60], HOSTILE),
                Photo("透明.webp", "", "", "透明"),
                Photo("新.avif", "", "", ""),
                Photo("相机.jpg", "", "", "相机"),
                Quote(HOSTILE, HOSTILE),
                Table(((HOSTILE, ""), ("", HOSTILE)), True, HOSTILE),
                Note(HOSTILE),
            ),
        ),
        Article(
            number=2,
            title="链接",
            folio=2,
            corrections=(Correction(date=date(2026, 11, 26), text=HOSTILE),),
            body=(
                Crosshead("去处"),
                *(
                    Paragraph((Run(f"第{n}条"), Run("去", href=href)))
                    for n, href in enumerate(ADDRESSES)
                ),
            ),
        ),
        Article(number=40, title="没有正文", folio=3),
    ),
)


def many(count: int) -> Issue:
    """Return an issue with so many articles: those of the sample again and again."""
    articles = tuple(
        replace(SAMPLE.articles[n % 4], number=n + 1, folio=n // 10 + 1) for n in range(count)
    )
    return replace(SAMPLE, articles=articles)
