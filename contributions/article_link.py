"""Lead from an article back to the contribution it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from wagtail.admin.widgets import Button
from wagtail.models import Page

from articles.models import ArticlePage

from .models import Contribution
from .permissions import may_read

if TYPE_CHECKING:
    from accounts.models import User


def contribution_button(
    page: Page, user: User, view_name: str = "", next_url: str | None = None
) -> Iterator[Button]:
    """Yield the button for the header of an article, for those who may read contributions."""
    # Not page.contribution: it would load the whole of it, opening what is sealed.
    if not (isinstance(page, ArticlePage) and page.pk and may_read(user)):
        return
    key = Contribution.objects.filter(article=page.pk).values_list("pk", flat=True).first()
    if key is not None:
        yield Button(
            "来稿",
            reverse("contributions_admin:detail", args=[key]),
            icon_name="mail",
            priority=40,
        )
