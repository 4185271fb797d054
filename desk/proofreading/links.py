"""Find links that answered with an error when they were last tried."""

from __future__ import annotations

from collections.abc import Iterator

from interchange.schema import Paragraph

from .texts import Finding, Paper, Sheet


def dead_link(sheet: Sheet) -> Iterator[Finding]:
    """Find a link in the copy that leads nowhere."""
    for stretch, passage in zip(sheet.body, sheet.article.body, strict=True):
        if not isinstance(passage, Paragraph):
            continue
        start = 0
        for run in passage.runs:
            end = start + len(run.text)
            if answer := sheet.facts.dead_links.get(run.href) if run.href else None:
                said = f"链接 {run.href} 打不开（{answer}）。"
                yield stretch.mark(start, end, said, about=run.href)
            start = end


def dead_imprint_link(paper: Paper) -> Iterator[Finding]:
    """Find the submissions address leading nowhere."""
    address = paper.issue.imprint.submissions_url
    if answer := paper.facts.dead_links.get(address):
        start = paper.imprint.text.index(address)
        yield paper.imprint.mark(
            start, start + len(address), f"投稿网址 {address} 打不开（{answer}）。"
        )
