"""Object to publishing an issue while something in what would be printed must be mended."""

from __future__ import annotations

from collections.abc import Iterable

from issues.models import IssuePage
from issues.publishing import Objection

from .report import report, shortened

__all__ = ["object_to_alarms"]

CODE = "proofreading"
MENDED = "（新的修改里已经没有这一处，重新定稿即可。）"


def object_to_alarms(issue: IssuePage) -> Iterable[Objection]:
    """Yield an objection for each alarm of level "block" that nobody accepted.

    Asked of the signed versions: a newer draft is not what readers would get, and what is unsigned
    stays behind.
    """
    blocks = report(issue, signed=True).blocks
    if not blocks:
        return
    still = {(standing.article_pk, standing.alarm.key) for standing in report(issue).standings}
    for standing in blocks:
        alarm = standing.alarm
        where = f"《{standing.article_title}》" if standing.article_pk else "本期"
        quote = f"“{shortened(alarm.place.quote)}”" if alarm.place.quote else ""
        mended = "" if (standing.article_pk, alarm.key) in still else MENDED
        yield Objection(
            reason=f"{where}{alarm.place.field_label}{quote}：{alarm.message}{mended}",
            url=standing.url,
            code=CODE,
        )
