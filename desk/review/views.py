"""The editor of an article with its signature: what Wagtail's views lack for that."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.widgets.button import Button, HeaderButton

from articles.models import ArticlePage
from issues.edit_view import OneWriterEditView

from .signing import SigningRefused, recall_article, sign_article

STALE = (
    "没有定稿：您打开之后，别人又保存过这篇稿件。您的修改还在这个页面上，没有保存；"
    "请先把要留的文字复制出来，再重新打开稿件，看过别人的改动后定稿。"
)


class ArticleEditView(OneWriterEditView):
    """Wagtail's editor, where signing means the very text on the screen."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Lead back to the issue, and on to its next article."""
        issue = self.parent.specific
        listing = reverse("wagtailadmin_explore", args=[issue.pk])
        buttons = [HeaderButton(f"{issue}稿件", listing, icon_name="list-ul", priority=1)]
        if issue.permissions_for_user(self.request.user).can_add_subpage():
            another = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", issue.pk])
            buttons.append(HeaderButton("再写一篇", another, icon_name="plus", priority=2))
        return buttons

    @cached_property
    def is_out_of_date(self) -> bool:
        """Know the revision that this very page saved by itself (edit_partials.html).

        Wagtail tells it with the next saving by itself, but not when a button is pressed.
        """
        posted = self.request.POST
        if "overwrite_revision_id" not in posted and (own := posted.get("autosaved_revision_id")):
            return self.latest_revision is None or own != str(self.latest_revision.pk)
        return bool(super().is_out_of_date)

    @property
    def action_name_and_method(self) -> tuple[str, Any]:
        if self.request.POST.get("action-sign") and self.page_perms.can_sign():
            return ("sign", self.sign_action)
        return super().action_name_and_method

    def sign_action(self) -> HttpResponse:
        """Save what is on the screen and sign it, or neither."""
        try:
            with transaction.atomic():
                self._refuse_stale()
                self._save_for_signing()
                sign_article(
                    article=self.page,
                    revision=self.page.get_latest_revision(),
                    by=self.request.user,
                )
        except SigningRefused as refused:
            return self._refused(refused)
        messages.success(self.request, f"《{self.page.title}》已定稿，随本期一起出版。")
        response = self.run_hook("after_edit_page", self.request, self.page)
        return response or self.redirect_away()

    def submit_action(self) -> HttpResponse:
        """Hand the article in; a review without any step must be told, not be an error page."""
        try:
            with transaction.atomic():
                return super().submit_action()
        except SigningRefused as refused:
            return self._refused(refused)

    def perform_workflow_action(self) -> HttpResponse:
        """Let an approval sign what the approver has before them."""
        try:
            with transaction.atomic():
                self._refuse_stale()
                state = self.page.current_workflow_task_state
                state.revision = self.latest_revision
                state.save()
                return super().perform_workflow_action()
        except SigningRefused as refused:
            return self._refused(refused)

    def _save_for_signing(self) -> None:
        self.page = self.form.save(commit=not self.page.live)
        self.subscription.save()
        if self.has_content_changes or self.latest_revision is None:
            revision = self.page.save_revision(
                user=self.request.user, log_action=True, previous_revision=self.previous_revision
            )
            if "comments" in self.form.formsets:
                changes = self.get_commenting_changes()
                self.log_commenting_changes(changes, revision)
                self.send_commenting_notifications(changes)

    def _refuse_stale(self) -> None:
        if self.is_out_of_date:
            raise SigningRefused(STALE)

    def _refused(self, refused: SigningRefused) -> HttpResponse:
        """Show the form again with all that was typed, as old as it was before."""
        messages.error(self.request, str(refused))
        posted = self.request.POST
        if (autosaved := posted.get("autosaved_revision_id", "")).isdecimal():
            self.page.latest_revision_id = int(autosaved)
        elif (loaded := posted.get("loaded_revision_id", "")).isdecimal():
            self.page.latest_revision_id = int(loaded)
            self.latest_revision_created_at = posted.get("loaded_revision_created_at", "")
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data())


class ArticleWorkflowActionView(WorkflowActionView):
    """Approving from a list, where a refusal must be told and not be an error page."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except SigningRefused as refused:
            messages.error(request, str(refused))
            return redirect(self.redirect_url_name, self.object.pk)


def recall(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask, then take the signature of an article back."""
    article = get_object_or_404(ArticlePage, pk=page_id)
    if not article.permissions_for_user(request.user).can_sign():
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "desk/recall.html", {"article": article})
    try:
        recall_article(article=article, by=request.user)
    except SigningRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"《{article.title}》已退回草稿，改好后请重新定稿。")
    return redirect("wagtailadmin_explore", article.get_parent().pk)
