"""Take in a table of old addresses: all of it or, unless that is wanted, nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log

from issues.models import NewspaperPage

from .models import BrokenAddress
from .probes import is_probe
from .spellings import LONGEST, as_stored, spellings
from .tables import Row
from .targets import PLACE, Target, TargetRefused, Targets

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["Fault", "Outcome", "import_addresses"]

BATCH = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be taken in, and why, in Chinese."""

    row: Row
    reason: str


@dataclass(slots=True)
class Outcome:
    """What an import did."""

    made: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    is_written: bool = False


@transaction.atomic
def import_addresses(
    *, rows: Iterable[Row], by: User | None, skip_faulty: bool = False, elsewhere: bool = False
) -> Outcome:
    """Have each old address of ``rows`` lead where its row says.

    A faulty row keeps all of them out, unless ``skip_faulty``. ``elsewhere`` lets addresses lead
    to other sites. What an address leads to already is changed. ``by`` None is the operator.
    """
    # One import at a time: nothing in the database keeps two from making the same redirect.
    paper = NewspaperPage.objects.select_for_update().get()
    outcome = Outcome()
    wanted = _wanted(rows, outcome, elsewhere=elsewhere)
    if outcome.faults and not skip_faulty:
        return outcome
    # Not by old_path__in: a table may be longer than a database takes in a query.
    known: dict[str, Redirect] = {}
    double: list[int] = []
    for row in Redirect.objects.filter(site=None).order_by("pk"):
        if row.old_path in wanted and known.setdefault(row.old_path, row) is not row:
            double.append(row.pk)
    for start in range(0, len(double), BATCH):
        Redirect.objects.filter(pk__in=double[start : start + BATCH]).delete()
    new, changed = [], []
    for old, target in wanted.items():
        leads = known.get(old)
        if leads is None:
            leads = Redirect(old_path=old)
            new.append(leads)
        elif (leads.redirect_page_id, leads.redirect_page_route_path, leads.redirect_link) == (
            target.page,
            target.route,
            target.link,
        ):
            outcome.same += 1
            continue
        else:
            changed.append(leads)
        leads.redirect_page_id = target.page
        leads.redirect_page_route_path = target.route
        leads.redirect_link = target.link
        leads.automatically_created = False
    Redirect.objects.bulk_create(new, batch_size=BATCH)
    Redirect.objects.bulk_update(
        changed,
        ["redirect_page", "redirect_page_route_path", "redirect_link", "automatically_created"],
        batch_size=BATCH,
    )
    _forget(wanted)
    outcome.made, outcome.changed, outcome.is_written = len(new), len(changed), True
    if by is not None and (new or changed):
        log(
            instance=paper,
            action="following.import_addresses",
            user=by,
            data={"made": len(new), "changed": len(changed), "faulty": len(outcome.faults)},
        )
    return outcome


def _wanted(rows: Iterable[Row], outcome: Outcome, *, elsewhere: bool) -> dict[str, Target]:
    """Return what is to lead where; note the rows from which that cannot be known."""
    targets = Targets()
    wanted: dict[str, Target] = {}
    lines: dict[str, int] = {}
    for row in rows:
        try:
            old = _stored(row.old, "旧网址写得不对") if row.old else ""
            _check_old(old, targets)
            target = targets.find(row.new, elsewhere=elsewhere)
            if old in wanted and wanted[old] != target:
                raise TargetRefused(f"第{lines[old]}行已经把这个旧网址转到别处")
            if target.link and _stored(target.link, "要转到的网址写得不对") == old:
                raise TargetRefused("转到了它自己")
        except TargetRefused as refused:
            outcome.faults.append(Fault(row, str(refused)))
            continue
        wanted.setdefault(old, target)
        lines.setdefault(old, row.line)
    return wanted


def _stored(address: str, said: str) -> str:
    try:
        return as_stored(address)
    except ValueError:
        raise TargetRefused(said) from None


def _check_old(old: str, targets: Targets) -> None:
    if not old:
        raise TargetRefused("没有写旧网址")
    if old == "/":
        raise TargetRefused("旧网址是首页，首页总是打得开，不用转")
    if len(old) > LONGEST:
        raise TargetRefused(f"旧网址太长，最多{LONGEST}个字符")
    if is_probe(old):
        raise TargetRefused("这类网址多半是扫描程序在试，本站一律不转")
    if not old.isprintable():
        raise TargetRefused("旧网址里有看不见的字符")
    found = PLACE.fullmatch(old)
    if found and int(found[1]) in targets.issues and "folio" not in old:
        key = (int(found[1]), int(found[2])) if found[2] else None
        if key is None or key in targets.articles:
            raise TargetRefused("这个网址现在就打得开，不用转")


def _forget(wanted: Iterable[str]) -> None:
    """Take what leads somewhere now off the list of addresses that lead nowhere."""
    leads = set(wanted)
    found = [
        row.pk
        for row in BrokenAddress.objects.only("path")
        if leads.intersection(spellings(row.path))
    ]
    for start in range(0, len(found), BATCH):
        BrokenAddress.objects.filter(pk__in=found[start : start + BATCH]).delete()
