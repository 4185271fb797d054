"""Check an issue from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.proofreading.alarms import Level
from desk.proofreading.report import Standing, report
from issues.models import IssuePage

UNKNOWN = 2  # the exit code for an issue that does not exist; 1 means that something must be mended


class Command(BaseCommand):
    """Print what the rules say of an issue; the exit code is 1 while something must be mended."""

    help = "检查一期的稿件，列出提示；有“必须改”而未认可的，退出码为1。只提示，不改字。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of the issue."""
        parser.add_argument("number", help="期号，如 451")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument(
            "--level", choices=[level.value for level in Level], help="只列这一级的提示"
        )
        parser.add_argument("--signed", action="store_true", help="查定稿的版本，不查最新的草稿")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the alarms, article by article."""
        number = options["number"].removeprefix("第").removesuffix("期")
        known = number.isdecimal() and len(number) <= 5
        issue = IssuePage.objects.filter(number=int(number)).first() if known else None
        if issue is None:
            raise CommandError(
                f"没有第{number}期。请核对期号；还没有建的一期，先在后台新建。", returncode=UNKNOWN
            )
        found = report(issue, signed=options["signed"])
        shown = [
            standing
            for standing in found.standings
            if options["level"] in (None, standing.alarm.level.value)
        ]
        if options["json"]:
            data = [_as_data(standing) for standing in shown]
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self._print(shown)
            counts = found.counts
            self.stdout.write(
                f"{issue}：必须改{counts.blocks}处，请核对{counts.warnings}处，"
                f"提示{counts.hints}处，已接受{len(found.accepted)}处。"
            )
        if found.blocks:
            raise SystemExit(1)

    def _print(self, standings: list[Standing]) -> None:
        for (_, title), group in groupby(standings, lambda s: (s.article_pk, s.article_title)):
            of_article = list(group)
            number = of_article[0].alarm.place.article
            self.stdout.write(f"第{number}篇《{title}》" if number is not None else "刊头")
            for standing in of_article:
                alarm = standing.alarm
                quote = f"“{standing.quote}”" if standing.quote else ""
                accepted = f"（{standing.accepted_by}认可）" if standing.is_accepted else ""
                self.stdout.write(
                    f"  {alarm.level.label}{accepted} [{alarm.code}] "
                    f"{_where(standing)}{quote}：{alarm.message}"
                )
            self.stdout.write("")


def _where(standing: Standing) -> str:
    """Return the place in words: 正文第3段."""
    place = standing.alarm.place
    return place.field_label + (f"第{place.passage + 1}段" if place.passage is not None else "")


def _as_data(standing: Standing) -> dict[str, Any]:
    alarm, place = standing.alarm, standing.alarm.place
    return {
        "level": alarm.level.value,
        "code": alarm.code,
        "message": alarm.message,
        "article": place.article,
        "title": standing.article_title,
        "field": place.field,
        "passage": place.passage,
        "start": place.start,
        "end": place.end,
        "quote": place.quote,
        "key": alarm.key,
        "accepted_by": standing.accepted_by,
    }
