"""Find what an internal publication (内部资料性出版物) must print, and what it must not.

The rules are those of the 内部资料性出版物管理办法 (2015), articles 14 and 15: it bears its permit
number and the words 内部资料，免费交流; it does not call itself 本报 or 本刊, is not sold, carries
no advertising and claims no serial number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .texts import Finding, Paper, Sheet, Stretch

ADVERTISING = re.compile(
    r"广告(?=热线|电话|刊登|招商|部[:,。]|经营许可|价格|垂询|代理|合作|位招|投放|联系)"
    r"|(?:刊登|承接|承揽|招揽|软文|登载|分类)广告|^[ \u3000]*(?:公益)?广告[ \u3000]*$"
    r"|(?:招商|加盟|订购|抢购|销售|购买|团购|预订)(?:热线|电话)|全国统一(?:零售|销售)价",
    re.MULTILINE,
)
PRICE = re.compile(
    r"^[ \u3000]*(?:定价|零售价|售价|订价|工本费|全年订价):?[ \u3000]*[\d.]+元"
    r"|(?:本报|本刊|每期|每份|全年)[^。,]{0,4}(?:定价|售价|订价|零售价)"
    r"|邮发代号|欢迎(?:广大)?(?:读者|职工)?订阅|(?:本报|本刊|报刊|报纸)(?:征订|订阅)|订阅(?:热线|电话|价)",
    re.MULTILINE,
)
SERIAL = re.compile(
    r"国内统一(?:连续出版物号|刊号)|国内统一刊|CN\s?\d{2}[-—]\d{4}"
    r"|ISSN\s?\d{4}[-—]?\d{3}[\dXx]|(?:本报|本刊)刊号|^[ \u3000]*刊号:",
    re.MULTILINE,
)
# 本报 and 本刊 as words of their own: not in 成本报表, 基本报告, 日本刊物, nor before 告.
SELF = {
    "本报": re.compile(
        r"(?<![成基资日样文书原版剧课脚根读一两几每这那])本报(?![告表销酬考名到废修账价])"
    ),
    "本刊": re.compile(r"(?<![日样文书原版基剧一两几每这那])本刊(?![登物])"),
}
NOTICE = ("内部资料", "免费交流")


def missing_permit(paper: Paper) -> Iterator[Finding]:
    """Find an imprint without a permit number (准印证号)."""
    if not paper.issue.imprint.permit_number.strip():
        yield paper.imprint.mark(0, 0, "出版信息里没有准印证号。", about="准印证号")


def missing_notice(paper: Paper) -> Iterator[Finding]:
    """Find an imprint that does not say 内部资料，免费交流."""
    if not all(words in paper.imprint.text for words in NOTICE):
        yield paper.imprint.mark(0, 0, "出版信息里没有“内部资料，免费交流”字样。", about="内部资料")


def advertising(paper: Paper) -> Iterator[Finding]:
    """Find words of an advertisement."""
    yield from _everywhere(paper, ADVERTISING, "像是广告用语")


def price(paper: Paper) -> Iterator[Finding]:
    """Find a price of the paper, or a call to subscribe."""
    yield from _everywhere(paper, PRICE, "是售价或征订用语")


def serial_number(paper: Paper) -> Iterator[Finding]:
    """Find a claim to a serial number, which belongs to public periodicals."""
    yield from _everywhere(paper, SERIAL, "是公开出版物才有的刊号")


def own_name(sheet: Sheet) -> Iterator[Finding]:
    """Find the paper calling itself 本报 or 本刊, other than the house lays down."""
    own = sheet.house.own_name
    if not own:
        return
    for stretch in sheet.stretches:
        for name, pattern in SELF.items():
            if name == own:
                continue
            for found in pattern.finditer(stretch.text):
                said = (
                    f"本社自称“{own}”，这里写的是“{name}”。"
                    if own in SELF
                    else f"内部资料不得自称“{name}”。"
                )
                yield stretch.mark(*found.span(), said)


def _everywhere(paper: Paper, pattern: re.Pattern[str], said: str) -> Iterator[Finding]:
    stretches: list[Stretch] = [paper.imprint, *paper.stretches]
    for stretch in stretches:
        for found in pattern.finditer(stretch.folded):
            words = stretch.text[found.start() : found.end()].strip()
            yield stretch.mark(*found.span(), f"“{words}”{said}。")
