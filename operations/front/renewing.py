"""Find out where changes show, and have nginx take those addresses anew.

    noted --find_out--> owed --renew_owed--> told to nginx, twice --> nothing is owed

Each step is committed before the next, so whoever comes later goes on where one was ended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from wagtail.contrib.frontend_cache.backends import BaseBackend
from wagtail.contrib.frontend_cache.utils import get_backends

from articles.models import ArticlePage, Byline
from issues.models import IssuePage
from newsroom.circulating import may_keep_for_everybody
from newsroom.models import Section

from . import gathering
from .addresses import LIST, QR_CODE, RECORDING, TIMELY, of_everything, of_list
from .changes import changed
from .facts import Issue, as_data, from_data, listed
from .models import Kept, Noted, Owed
from .nginx import FORGET, KEEP, RENEW, Act, NginxBackend
from .purging import purge

__all__ = [
    "act",
    "everything",
    "find_out",
    "owe_new_day",
    "owe_timely",
    "renew_owed",
    "shut",
    "tell",
]

logger = logging.getLogger(__name__)

DIRECTLY = 120  # addresses that whoever made the change waits for
AT_ONCE = 200
CLAIM = timedelta(seconds=60)  # longer than taking AT_ONCE of them
AGAIN = timedelta(seconds=3)
MADE = timedelta(seconds=60)  # after which files of an issue are there again
MANY_TRIES = 30  # after which somebody has to look
LONGEST_PAUSE = 300
HAS_NO_LOOK = (QR_CODE, RECORDING, ".ris", ".bib")
PAPER = 0  # in place of an issue


def act() -> None:
    """Act on what was just committed: the most urgent at once, the rest by the worker."""
    if find_out():
        renew_owed(most=DIRECTLY)
        go_on.using(run_after=timezone.now() + AGAIN).enqueue()
        if Owed.objects.filter(due__lte=timezone.now()).exists():
            go_on.enqueue()


@task(backend="front")
def go_on() -> None:
    """Do what is owed."""
    find_out()
    while renew_owed():
        pass
    soon = Owed.objects.filter(due__lte=timezone.now() + 2 * AGAIN)
    if soon.exists():
        go_on.using(run_after=timezone.now() + AGAIN).enqueue()
    open_when_done()


@transaction.atomic
def find_out() -> int:
    """Turn what was noted into addresses that are owed; return how many notes there were."""
    notes = list(Noted.objects.select_for_update().order_by("pk"))
    if not notes:
        return 0
    kinds = {note.what for note in notes}
    if Noted.What.ALL in kinds:
        shut()
        _owe_everything()
    elif Noted.What.PAPER in kinds:
        _follow_today()
    _owe(_lists_of(notes))
    _compare(_touched(notes))
    Noted.objects.filter(pk__in=[note.pk for note in notes]).delete()
    return len(notes)


def renew_owed(*, most: int = AT_ONCE) -> int:
    """Tell nginx some of what is due; return how much was taken."""
    now = timezone.now()
    with transaction.atomic():
        due = Owed.objects.select_for_update(skip_locked=_can_skip()).filter(due__lte=now)
        rows = list(due.order_by("rank", "pk")[:most])
        Owed.objects.filter(pk__in=[row.pk for row in rows]).update(due=now + CLAIM)
    taken = 0
    for is_forgotten in (True, False):
        some = [row for row in rows if row.forget is is_forgotten]
        if not some:
            continue
        addresses = list(dict.fromkeys(row.address for row in some))
        failed = set(tell(addresses, FORGET if is_forgotten else RENEW))
        _note_outcome(some, failed, now)
        taken += len(addresses) - len(failed)
    return taken


def tell(addresses: Iterable[str], how: Act = RENEW) -> list[str]:
    """Tell every nginx, then every cache before it; return what one nginx did not take.

    In this order: whatever such a cache forgets, it asks nginx for.
    """
    urls = {urljoin(settings.WAGTAILADMIN_BASE_URL, address): address for address in addresses}
    failed: set[str] = set()
    caches: dict[str, BaseBackend] = {}
    for name, backend in _backends():
        if isinstance(backend, NginxBackend):
            failed.update(urls[url] for url in backend.tell(urls, how))
        else:
            caches[name] = backend
    if how != KEEP:
        for name, cache in caches.items():
            purge(name, cache, list(urls))
    return sorted(failed)


def _backends() -> Iterator[tuple[str, BaseBackend]]:
    """Yield those whom the settings name; one that they name wrongly keeps none from being told."""
    for name, described in settings.WAGTAILFRONTENDCACHE.items():
        try:
            yield from get_backends({name: described}).items()
        except Exception as error:
            logger.error("%s cannot be told of changes (FRONT_CDN): %r", name, error)


def shut() -> None:
    """Have nginx hand out nothing that it keeps, until all of it was taken anew."""
    if not settings.FRONT_SHUT:
        # No nginx of ours (settings): a CDN knows no such file, and is told of each address.
        logger.warning("without FRONT_SHUT a CDN hands out what it keeps until all was purged")
        return
    Path(settings.FRONT_SHUT).touch()


def open_when_done() -> int:
    """Let nginx hand out again what it keeps, once nothing is owed; return whether it was shut.

    It stays shut, pictures too, as long as some of the paper is not for everybody.
    """
    if settings.FRONT_SHUT and not may_keep_for_everybody():
        shut()
        return 0
    if not settings.FRONT_SHUT or Owed.objects.exists() or Noted.objects.exists():
        return 0
    was_shut = Path(settings.FRONT_SHUT).exists()
    Path(settings.FRONT_SHUT).unlink(missing_ok=True)
    return int(was_shut)


@transaction.atomic
def everything(*, anew: bool) -> list[str]:
    """Return every address there is, and note what they show now; ``anew`` also where known."""
    issues = list(gathering.all_issues())
    rows = [Kept(issue=issue.key, facts=as_data(issue)) for issue in issues]
    rows.append(Kept(issue=PAPER, facts=gathering.of_today()))
    if anew:
        Kept.objects.all().delete()
    Kept.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return list(dict.fromkeys(of_everything(issues, gathering.whole_paper())))


def owe_timely() -> int:
    """Owe what changes by time alone; return how many addresses."""
    paper = gathering.paper_of([])
    years = {place.date[:4] for place in paper.issues}
    _owe(dict.fromkeys((*TIMELY, "/archive/", *(f"/archive/{year}/" for year in years)), 9))
    return len(TIMELY) + 1 + len(years)


@transaction.atomic
def owe_new_day() -> int:
    """Owe everything if the day brought another imprint, or another look.

    Otherwise the pages of the archive that mark which day it is.
    """
    return _follow_today()


def _follow_today() -> int:
    """Owe where it shows that every page, or the day, is not as it was when pages were made.

    Where the whole paper turns grey, or back, nobody is to get a page of yesterday from nginx
    while thousands are made: it asks for each until they are.
    """
    now = gathering.of_today()
    row = Kept.objects.select_for_update().filter(issue=PAPER).first()
    # An earlier version stored a list, or a text; then every page was plain.
    known = row.facts if row and isinstance(row.facts, dict) else {}
    if known == now:
        return 0
    Kept.objects.update_or_create(issue=PAPER, defaults={"facts": now})
    if known.get("look", "") != now["look"]:
        shut()
        return _owe_everything(but=HAS_NO_LOOK)
    if known.get("imprint") != now["imprint"]:
        return _owe_everything()
    years = {place.date[:4] for place in gathering.paper_of([]).issues}
    days = {known["day"][:4], now["day"][:4]}
    marked = ["/archive/", *(f"/archive/{year}/" for year in years & days)]
    _owe(dict.fromkeys(marked, LIST))
    return len(marked)


def _owe_everything(*, but: tuple[str, ...] = ()) -> int:
    """Owe all that is there, and all that was, ``but`` for addresses that end so."""
    known = Kept.objects.exclude(issue=PAPER).order_by("-issue").values_list("facts", flat=True)
    before = [from_data(facts) for facts in known]
    addresses = list(
        dict.fromkeys([*everything(anew=True), *of_everything(before, listed(before))])
    )
    addresses = [address for address in addresses if not address.endswith(but)]
    ranks = {address: min(rank, 9_000) for rank, address in enumerate(addresses)}
    _owe(ranks, settled_from=DIRECTLY)
    return len(addresses)


def _touched(notes: list[Noted]) -> set[int]:
    """Return the issues that the notes are about, also of what is there no longer."""
    by_kind: dict[str, set[str]] = {}
    for note in notes:
        by_kind.setdefault(note.what, set()).add(note.key)
    pages = {int(key) for key in by_kind.get(Noted.What.PAGE, ())}
    touched = set(IssuePage.objects.filter(pk__in=pages).values_list("pk", flat=True))
    articles = dict(ArticlePage.objects.filter(pk__in=pages).values_list("pk", "issue_id"))
    touched |= set(articles.values())
    gone = pages - touched - set(articles)
    if gone:
        touched |= set(Kept.objects.filter(issue__in=gone).values_list("issue", flat=True))
    sections, people = (
        {int(key) for key in by_kind.get(kind, ())}
        for kind in (Noted.What.SECTION, Noted.What.CONTRIBUTOR)
    )
    if sections or people:
        named = Q(section__in=sections) | Q(
            pk__in=Byline.objects.filter(contributor__in=people).values("article")
        )
        touched |= set(ArticlePage.objects.filter(named).values_list("issue_id", flat=True))
    if people:
        # Of one who was deleted, only what is kept still says where they stood.
        for key, facts in Kept.objects.exclude(issue=PAPER).values_list("issue", "facts"):
            if any(people.intersection(article["contributors"]) for article in facts["articles"]):
                touched.add(key)
    return touched


def _lists_of(notes: list[Noted]) -> dict[str, int]:
    """Return the lists that are headed by the names of what the notes are about."""
    keys = [note.key for note in notes if note.what == Noted.What.SECTION]
    slugs = set(Section.objects.filter(pk__in=keys).values_list("slug", flat=True))
    people = {int(note.key) for note in notes if note.what == Noted.What.CONTRIBUTOR}
    if not slugs and not people:
        return {}
    paper = gathering.paper_of([], sections=slugs, contributors=people)
    lists = [(f"/sections/{slug}/", paper.sections.get(slug, {})) for slug in slugs]
    lists += [(f"/contributors/{key}/", paper.contributors.get(key, {})) for key in people]
    owed = {address: rank for each in lists for rank, address in of_list(*each)}
    return {**owed, "/sections/": 3} if slugs else owed


def _compare(touched: set[int]) -> None:
    """Owe where it shows that issues are not as they were kept; keep them as they are."""
    if not touched:
        return
    before = {
        row.issue: from_data(row.facts)
        for row in Kept.objects.select_for_update().filter(issue__in=touched)
    }
    after = gathering.public_issues(touched)
    differing = [key for key in touched if before.get(key) != after.get(key)]
    if not differing:
        return
    shown: list[Issue] = [each[key] for each in (before, after) for key in differing if key in each]
    paper = gathering.paper_of(shown)
    for key in differing:
        found = changed(before.get(key), after.get(key), paper)
        _owe(found.ranks)
        _owe(dict.fromkeys(found.forget, 0), forget=True)
    Kept.objects.filter(issue__in=set(differing) - set(after)).delete()
    for key in differing:
        if key in after:
            Kept.objects.update_or_create(issue=key, defaults={"facts": as_data(after[key])})


def _owe(ranks: dict[str, int], *, forget: bool = False, settled_from: int = 10_000) -> None:
    """Owe addresses by their ranks; from a rank on they are taken only once."""
    now = timezone.now()
    Owed.objects.bulk_create(
        [
            Owed(address=address, rank=rank, due=now, forget=forget, settled=rank >= settled_from)
            for address, rank in sorted(ranks.items(), key=lambda pair: pair[1])
        ],
        batch_size=500,
    )


def _note_outcome(rows: list[Owed], failed: set[str], now: datetime) -> None:
    keys: dict[str, list[int]] = {"done": [], "again": [], "made": []}
    for row in rows:
        if row.address in failed:
            _put_off(row, now)
        elif row.forget:
            keys["made"].append(row.pk)
        else:
            keys["done" if row.settled else "again"].append(row.pk)
    found = Owed.objects.filter
    found(pk__in=keys["done"]).delete()
    found(pk__in=keys["again"]).update(settled=True, due=now + AGAIN, tries=0)
    # Made by then, unless that failed; then whoever asks for it has it made.
    found(pk__in=keys["made"]).update(forget=False, settled=True, due=now + MADE, tries=0)


def _put_off(row: Owed, now: datetime) -> None:
    """Owe it on, for as long as it takes: nginx may come back with what was withdrawn meanwhile."""
    if row.tries == MANY_TRIES:
        logger.error("nginx was told in vain, %s times, to take %s anew", row.tries, row.address)
    pause = timedelta(seconds=min(2 ** min(row.tries, MANY_TRIES), LONGEST_PAUSE))
    tries = min(row.tries, MANY_TRIES) + 1  # told of once
    Owed.objects.filter(pk=row.pk).update(due=now + pause, tries=tries)


def _can_skip() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)
