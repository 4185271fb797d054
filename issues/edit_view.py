"""Wagtail's page editor, one writer at a time."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.pages.edit import EditView

from articles.models import ArticlePage

from .locking import lock_article, lock_issues


class OneWriterEditView(EditView):
    """Wagtail's editor, holding the page from reading its row to writing it.

    A save writes every column. Without the lock, one that is under way (autosave always is)
    would bring back what a signature, a publication or a move changed meanwhile.
    """

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().dispatch(request, page_id, **kwargs)
        with transaction.atomic():
            if ArticlePage.objects.filter(pk=page_id).exists():
                lock_article(page_id)
            else:
                lock_issues(page_id)
            return super().dispatch(request, page_id, **kwargs)
