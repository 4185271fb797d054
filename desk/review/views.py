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

from .approving import send_back
from .refusals import Overtaken, SigningRefused
from .signing import recall_article
from .submitting import SubmittingRefused, next_up, submit_article

STALE = (
    "没有签字：您打开之后，{who}又保存过这篇稿件，稿件已退回重审。您的修改还在这个页面上，没有保存；"
    "请先把要留的文字复制出来，再重新打开稿件，看过改动后再签。"
)


class ArticleEditView(OneWriterEditView):
    """Wagtail's editor, where signing means the very text on the screen."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Lead back to the issue's board, to the review, and on to the next article."""
        issue = self.parent.specific
        board = reverse("desk_board", args=[issue.pk])
        review = reverse("desk_review", args=[self.page.pk])
        buttons = [
            HeaderButton("组版台", board, icon_name="grid", priority=1),
            HeaderButton("审稿与校对", review, icon_name="check", priority=3),
        ]
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

    def submit_action(self) -> HttpResponse:
        """Save what is on the screen and hand it in, or neither."""
        try:
            with transaction.atomic():
                self._save_as_posted()
                submit_article(article=self.page, by=self.request.user)
        except (SigningRefused, SubmittingRefused) as refused:
            return self._refused(refused)
        self._say_where_it_is("已提交审核")
        response = self.run_hook("after_edit_page", self.request, self.page)
        return response or self.redirect_away()

    def perform_workflow_action(self) -> HttpResponse:
        """Let an approval sign what the approver has before them."""
        try:
            with transaction.atomic():
                self._refuse_stale()
                state = self.page.current_workflow_task_state
                state.revision = self.latest_revision
                state.save()
                response = super().perform_workflow_action()
        except SigningRefused as refused:
            if isinstance(refused, Overtaken):
                send_back(article=self.page, by=self.request.user, reason=str(refused))
            return self._refused(refused)
        self._say_where_it_is("已退回" if self.workflow_action == "reject" else "已签字")
        return response

    def add_save_confirmation_message(self) -> None:
        """Leave the telling to who knows more, where a signature was given."""
        if self.action_name != "perform_workflow_action":
            super().add_save_confirmation_message()

    def _say_where_it_is(self, done: str) -> None:
        article = ArticlePage.objects.get(pk=self.page.pk)
        messages.success(
            self.request, f"《{article.draft_title}》{done}。现在：{next_up(article)}。"
        )

    def _save_as_posted(self) -> None:
        self.page = self.form.save(commit=not self.page.live)
        self.subscription.save()
        revision = self.page.save_revision(
            user=self.request.user, log_action=True, previous_revision=self.previous_revision
        )
        if self.has_content_changes and "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)

    def _refuse_stale(self) -> None:
        if self.is_out_of_date:
            who = getattr(self.latest_revision, "user", None) or "别人"
            raise Overtaken(STALE.format(who=who))

    def _refused(self, refused: PermissionDenied) -> HttpResponse:
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
                response = super().post(request, *args, **kwargs)
        except SigningRefused as refused:
            tell_refusal(request, self.object, refused)
            return redirect("desk_review", self.object.pk)
        article = ArticlePage.objects.get(pk=self.object.pk)
        messages.success(request, f"《{article.draft_title}》现在：{next_up(article)}。")
        return response


def tell_refusal(request: HttpRequest, article: ArticlePage, refused: SigningRefused) -> None:
    """Tell why nothing was signed; a text that was changed meanwhile goes back to be read."""
    if isinstance(refused, Overtaken):
        send_back(article=article, by=request.user, reason=str(refused))
    messages.error(request, str(refused))


def recall(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask, then take the signature of an article back."""
    article = get_object_or_404(ArticlePage, pk=page_id)
    if not article.permissions_for_user(request.user).can_recall():
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "desk/recall.html", {"article": article})
    try:
        recall_article(article=article, by=request.user)
    except SigningRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"《{article.title}》已退回草稿，改好后再重新提交审核。")
    return redirect("wagtailadmin_explore", article.get_parent().pk)
