"""What is done to several contributions at once: all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.forms import ChoiceField, Form
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.bulk_action import BulkAction

from . import triage
from .detail_forms import AssignForm, DeclineForm
from .filters import picked_out
from .models import Contribution, Kind
from .retention import erase
from .triage import TriageRefused

if TYPE_CHECKING:
    from accounts.models import User

MOST_NAMED = 20
# Fit for a tip and a manuscript alike.
REASONS_FOR_BOTH = (
    "感谢您写来。这一次未能采用，欢迎继续与我们联系。",
    "感谢您写来。内容与本报已刊发的相近，不再重复刊用，欢迎继续与我们联系。",
)


class InboxAction(BulkAction):
    """An act on what is ticked in the list, or on all that its filters leave."""

    models = [Contribution]
    template_name = "contributions/admin/bulk.html"
    permission = "contributions.change_contribution"
    icon = "mail"
    question = ""
    warning = ""
    button = ""
    done = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse before anything is looked up."""
        if not request.user.has_perms(["contributions.view_contribution", self.permission]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model: type[Contribution], object_ids: list[Any]) -> Any:
        """Return what is there of the ticked ones, in the order of the list."""
        keys = [key for key in object_ids if str(key).isdecimal() and int(key) < 2**63]
        return model.objects.filter(pk__in=keys).newest_first()

    def get_all_objects_in_listing_query(self, parent_id: object) -> list[int]:
        """Return what the filters leave, on all pages of the list."""
        return list(picked_out(self.request).values_list("pk", flat=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        chosen = [item["item"] for item in context["items"]]
        return context | {
            "action": self,
            "question": self.question.format(len(chosen)),
            "named": chosen[:MOST_NAMED],
            "unnamed": max(0, len(chosen) - MOST_NAMED),
            "action_button_text": self.button,
            "action_button_class": " ".join(self.classes),
            "no_action_button_text": "不做了",
        }

    def get_execution_context(self) -> dict[str, Any]:
        return {"by": self.request.user, "data": self.cleaned_form.cleaned_data}

    @classmethod
    def execute_action(
        cls, objects: list[Contribution], *, by: User, data: dict[str, Any], **kwargs: Any
    ) -> tuple[int, int]:
        """Do it, in the transaction that Wagtail opened."""
        return cls.act(objects, by, data), 0

    @classmethod
    def act(cls, contributions: list[Contribution], by: User, data: dict[str, Any]) -> int:
        """Do it through a verb; return how many it concerned."""
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        """Say why, where a verb refuses; what was done by then is undone with its transaction."""
        try:
            return super().form_valid(form)
        except TriageRefused as refused:
            form.add_error(None, f"{refused}这一次一件也没有处理。")
            return self.form_invalid(form)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return self.done.format(num_parent_objects)


class Assign(InboxAction):
    """指派."""

    display_name = "指派"
    action_type = "assign"
    aria_label = "把选中的来稿指派给经办人"
    action_priority = 10
    icon = "user"
    form_class = AssignForm
    question = "把这{}件来稿交给谁经办？"
    button = "指派"
    done = "{}件来稿换了经办人。"

    @classmethod
    def act(cls, contributions: list[Contribution], by: User, data: dict[str, Any]) -> int:
        return triage.assign(contributions=contributions, to=data["assignee"], by=by)


class InboxDeclineForm(DeclineForm):
    """A reason that fits all that were chosen."""

    def __init__(self, *args: Any, kinds: set[str], **kwargs: Any) -> None:
        super().__init__(*args, kind=min(kinds, default=Kind.MANUSCRIPT), **kwargs)
        if len(kinds) > 1:
            reason = cast(ChoiceField, self.fields["reason"])
            *_, own_words = cast(list[tuple[str, str]], reason.choices)
            reason.choices = [*((each, each) for each in REASONS_FOR_BOTH), own_words]


class Decline(InboxAction):
    """不采用."""

    display_name = "不采用"
    action_type = "decline"
    aria_label = "不采用选中的来稿，告诉投稿人理由"
    action_priority = 20
    icon = "undo"
    form_class = InboxDeclineForm
    question = "这{}件来稿都不采用？"
    warning = "投稿人凭回执码会看到理由；留了邮箱的，还会收到邮件。"
    button = "不采用"
    done = "{}件来稿不采用，投稿人凭回执码会看到理由。"

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen, _ = self.get_actionable_objects()
        return super().get_form_kwargs() | {"kinds": {each.kind for each in chosen}}

    @classmethod
    def act(cls, contributions: list[Contribution], by: User, data: dict[str, Any]) -> int:
        return triage.decline(contributions=contributions, reason=data["told"], by=by)


class MarkSpam(InboxAction):
    """标为垃圾."""

    display_name = "标为垃圾"
    action_type = "spam"
    aria_label = "把选中的来稿标为垃圾"
    action_priority = 30
    icon = "warning"
    question = "把这{}件来稿标为垃圾？"
    warning = "它们不再出现在列表里；要找回来，在筛选里选进展“垃圾”。不会通知投稿人。"
    button = "标为垃圾"
    done = "{}件来稿已标为垃圾。"

    @classmethod
    def act(cls, contributions: list[Contribution], by: User, data: dict[str, Any]) -> int:
        return triage.mark_spam(contributions=contributions, by=by)


class Erase(InboxAction):
    """彻底删除."""

    display_name = "彻底删除"
    action_type = "erase"
    aria_label = "彻底删除选中的来稿"
    action_priority = 40
    classes = {"serious"}
    permission = "contributions.delete_contribution"
    icon = "bin"
    question = "彻底删除这{}件来稿？"
    warning = (
        "文字、联系方式、附件和往来都会删掉，不能恢复；投稿人的回执码从此查不到。"
        "已经转成的稿件和它用的照片会留下；要一并删去，请打开那件来稿逐件删除。"
    )
    button = "彻底删除"
    done = "{}件来稿已彻底删除。"

    @classmethod
    def act(cls, contributions: list[Contribution], by: User, data: dict[str, Any]) -> int:
        for contribution in contributions:
            erase(contribution=contribution, by=by)
        return len(contributions)
