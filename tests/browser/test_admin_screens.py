"""Each role's screens open, and no script of theirs fails (the ``desk`` fixture looks)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.models import ArticlePage
from desk.founding import CHIEF_EDITOR, EDITOR, RESPONSIBLE_EDITOR
from issues.models import IssuePage, NewspaperPage
from tests.factories import make_article, make_issue, make_sample, make_user

PUBLISHERS = {CHIEF_EDITOR, "admin"}


@pytest.mark.parametrize("role", [EDITOR, RESPONSIBLE_EDITOR, CHIEF_EDITOR, "admin"])
def test_the_screens_of_a_role_open(desk, role) -> None:
    make_sample()
    make_article(make_issue(451))
    if role == "admin":
        make_user(username="somebody", is_superuser=True)
    else:
        make_user(role, username="somebody")
    page = desk("somebody")
    root = NewspaperPage.objects.get()
    draft = IssuePage.objects.get(number=451)
    article = ArticlePage.objects.get(issue=draft)
    screens = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore", args=[root.pk]),
        reverse("wagtailadmin_explore", args=[draft.pk]),
        reverse("wagtailadmin_pages:edit", args=[draft.pk]),
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        reverse("wagtailadmin_pages:history", args=[article.pk]),
        reverse("wagtailadmin_pages:add", args=["articles", "articlepage", draft.pk]),
        reverse("wagtailadmin_pages:view_draft", args=[draft.pk]),
        reverse("wagtailimages:index"),
        reverse("wagtailimages:add_multiple"),
        reverse("wagtailadmin_account"),
        reverse("second_factor"),
    ]
    if role in PUBLISHERS:
        screens += [reverse("security_log"), "/admin/imprints/new/", "/admin/redirects/"]
    if role == "admin":
        screens += ["/admin/users/", "/admin/groups/new/", "/admin/workflows/add/"]
    for address in screens:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
    answer = page.goto(reverse("issue_publish", args=[draft.pk]))
    offered = page.get_by_role("button", name="立即出版第451期").count()
    assert offered == (1 if role in PUBLISHERS else 0)
