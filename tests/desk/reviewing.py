"""Walk an article through its review in tests, by the verbs or through the admin's screens."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import ArticlePage
from desk.review.approving import approve
from desk.review.signatures import digest_of
from desk.review.submitting import submit_article
from tests import forms
from tests.factories import make_user


@dataclass(frozen=True)
class Readers:
    """One person for each step, and the one who wrote it."""

    writer: User
    first: User
    second: User
    third: User

    @property
    def in_order(self) -> tuple[User, User, User]:
        return self.first, self.second, self.third


def make_readers() -> Readers:
    return Readers(
        make_user("编辑", username="写稿", last_name="李"),
        make_user("编辑", username="一审", last_name="张"),
        make_user("责任编辑", username="二审", last_name="钱"),
        make_user("总编", username="三审", last_name="赵"),
    )


def stands(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def step_of(article: ArticlePage) -> str:
    """Return the name of the step the article waits at, or its status."""
    task = stands(article).current_workflow_task
    return task.name if task else stands(article).status_string


def sign_through(article: ArticlePage, readers: Readers, *, steps: int = 3) -> ArticlePage:
    """Hand the article in, unless it is, and have the first steps signed."""
    if not stands(article).workflow_in_progress:
        submit_article(article=stands(article), by=readers.writer)
    for reader in readers.in_order[:steps]:
        approve(task_state=stands(article).current_workflow_task_state, by=reader)
    return stands(article)


def change(article: ArticlePage, title: str, by: User | None = None) -> ArticlePage:
    """Save a newer draft, as somebody else's editor would."""
    draft = stands(article).get_latest_revision_as_object()
    draft.title = title
    draft.save_revision(user=by)
    return stands(article)


def log_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def approve_in_list(browser: Client, article: ArticlePage) -> str:
    """Approve where Wagtail's own lists do it; return what is told."""
    state = stands(article).current_workflow_task_state
    answer = browser.post(
        reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk]),
        {"comment": ""},
    )
    return forms.messages_of(answer)


def seen_of(article: ArticlePage) -> str:
    """Return the mark of the text that somebody has who opens the reviewer's page now."""
    return digest_of(stands(article).get_latest_revision())


def judge(browser: Client, article: ArticlePage, verdict: str = "approve", **said: object) -> str:
    """Press a button of the reviewer's page; return what is told."""
    posted = {"seen": seen_of(article), "verdict": verdict, "comment": "", **said}
    return forms.messages_of(browser.post(reverse("desk_review", args=[article.pk]), posted))
