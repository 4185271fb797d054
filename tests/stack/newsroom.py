"""A newsroom of the paper under test: does what editors do, told by another process.

Reads a line of JSON for each act, ``["publish", {"number": 451}]``, and answers with one.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from articles.models import ArticlePage  # noqa: E402
from contributions.models import Contribution  # noqa: E402
from desk.review.signing import sign_article  # noqa: E402
from interchange.models import Edition  # noqa: E402
from issues.correcting import Wording, add_correction  # noqa: E402
from issues.models import IssuePage  # noqa: E402
from issues.placing import place  # noqa: E402
from issues.previewing import (  # noqa: E402
    make_preview_link,
    revoke_preview_links,
    token_of,
)
from issues.publishing import publish_issue, unpublish_issue  # noqa: E402
from issues.withdrawing import reinstate_article, withdraw_article  # noqa: E402
from newsroom.models import CirculationSettings, Section  # noqa: E402
from operations.front import renewing  # noqa: E402
from operations.front.models import Noted, Owed  # noqa: E402
from tests import forms  # noqa: E402
from tests.factories import make_article, make_issue, make_user  # noqa: E402
from tests.sounds import make_recording  # noqa: E402


def _article(issue: int, number: int) -> ArticlePage:
    return ArticlePage.objects.get(issue__issuepage__number=issue, number=number)


def prepare(number: int, articles: int = 2, title: str = "新闻") -> None:
    issue = make_issue(number)
    for count in range(articles):
        make_article(issue, f"第{number}期{title}{count + 1}", signed=True)


def record(number: int) -> dict[str, Any]:
    """Give the first article of an issue a recording, and sign it."""
    draft = _article(number, 1)
    draft.recording = make_recording(200)
    sign_article(article=draft, revision=draft.save_revision(), by=None)
    return {"size": draft.recording.size, "file": draft.recording.file.name}


def publish(number: int) -> None:
    publish_issue(issue=IssuePage.objects.get(number=number), by=None)


def unpublish(number: int) -> None:
    chief = make_user("总编", username=f"chief{time.time_ns()}")
    unpublish_issue(issue=IssuePage.objects.get(number=number), by=chief)


def correct(issue: int, number: int, text: str) -> None:
    wording = Wording(text=text, date=timezone.localdate())
    add_correction(article=_article(issue, number), wording=wording, by=None)


def withdraw(issue: int, number: int) -> None:
    withdraw_article(article=_article(issue, number), reason="与事实不符", by=None)


def reinstate(issue: int, number: int) -> None:
    reinstate_article(article=_article(issue, number), by=None)


def rewrite(issue: int, number: int, title: str) -> None:
    draft = _article(issue, number).get_latest_revision_as_object()
    draft.title = title
    sign_article(article=draft, revision=draft.save_revision(), by=None)


def draft(issue: int, number: int, title: str) -> str:
    """Save an article with another title and sign nothing; return where editors look at it."""
    draft = _article(issue, number).get_latest_revision_as_object()
    draft.title = title
    draft.save_revision()
    return reverse("wagtailadmin_pages:view_draft", args=[draft.pk])


def share(number: int) -> str:
    """Return the address at which an unpublished issue is read by a link, drafts too."""
    issue, chief = IssuePage.objects.get(number=number), make_user("总编")
    link = make_preview_link(issue=issue, by=chief, days=1, with_drafts=True)
    return reverse("preview_issue", args=[token_of(link)])


def share_no_more(number: int) -> int:
    return revoke_preview_links(issue=IssuePage.objects.get(number=number), by=None)


def account(name: str, role: str) -> None:
    """Make an account; its password is "x"."""
    make_user(role, username=name)


def form(issue: int, number: int, name: str) -> dict[str, Any]:
    """Return where an editor's browser asks for a preview of an article, and what it would post."""
    browser, article = Client(headers={"host": settings.ALLOWED_HOSTS[0]}), _article(issue, number)
    browser.force_login(User.objects.get(username=name), settings.AUTHENTICATION_BACKENDS[-1])
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    return {"address": address, "fields": forms.edit_form(browser, article)}


def files(number: int) -> dict[str, str]:
    """Return the downloads of an issue that are made: each with where it lies."""
    made = Edition.objects.filter(issue__number=number).exclude(digest="")
    return {edition.format: edition.file.path for edition in made}


def renumber(number: int, to: int) -> None:
    draft = IssuePage.objects.get(number=number).get_latest_revision_as_object()
    draft.number = to
    draft.full_clean()
    draft.save_revision()
    publish_issue(issue=draft, by=None)


def delete(number: int) -> None:
    IssuePage.objects.get(number=number).delete()


def section(issue: int, number: int, name: str, slug: str) -> None:
    row, _ = Section.objects.get_or_create(slug=slug, defaults={"name": name})
    place(article=_article(issue, number), section=row, by=None)


def circulate(extent: str, networks: str = "", since: int = 0) -> None:
    """Say whom the paper is for, as the form of the admin does; ``since`` an issue."""
    row = CirculationSettings.load()
    row.extent, row.networks = extent, networks
    row.since = IssuePage.objects.get(number=since).date if since else None
    row.full_clean()
    row.save()


def owed() -> list[str]:
    return sorted({*Owed.objects.values_list("address", flat=True)})


def noted() -> int:
    return Noted.objects.count()


def addresses() -> list[str]:
    return renewing.everything(anew=False)


def contributions() -> int:
    return Contribution.objects.count()


def settle() -> int:
    """Do what is owed by now, as the worker would."""
    done = renewing.find_out()
    while taken := renewing.renew_owed():
        done += taken
    return done


def main() -> None:
    for line in sys.stdin:
        name, arguments = json.loads(line)
        begun = time.monotonic()
        answer: Any
        # PostgreSQL may have been stopped since the last act.
        connections.close_all()
        try:
            answer = {"answer": globals()[name](**arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({**answer, "seconds": time.monotonic() - begun}), flush=True)


if __name__ == "__main__":
    main()
