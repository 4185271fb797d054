"""The screens of one contribution: reading it, working on it, and making an article of it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from wagtail.admin import messages
from wagtail.log_actions import registry as log_registry

from issues.models import NewspaperPage
from newsroom.sealing import Unreadable

from . import triage
from .attached_words import ShownFile, show_files
from .conversion import ConversionRefused, accept_as_article, photos_of
from .detail_forms import TEXT_SOURCE, AskForm, AssignForm, ConvertForm, DeclineForm, NoteForm
from .models import Attachment, Contribution, Kind, Message, Status
from .permissions import may_erase, may_read, may_work
from .records import contributor_of
from .retention import erase
from .triage import TriageRefused
from .unprinted import why_article_stays
from .visits import note_reading

MOST_HISTORY = 100

DIALLED = re.compile(r"[+\d][\d ()-]*")


@dataclass(frozen=True, slots=True)
class Contact:
    """How a sender can be reached; ``dial`` and ``write`` are addresses to follow, or nothing."""

    name: str
    unit: str
    phone: str
    email: str
    dial: str
    write: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the dialogue, with the files that came with it."""

    message: Message
    files: list[ShownFile]


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history."""

    at: datetime.datetime
    actor: str
    what: str


@dataclass(slots=True)
class Desk:
    """The forms of the screen; one that was sent and refused holds what was typed."""

    assign: AssignForm
    decline: DeclineForm
    ask: AskForm
    note: NoteForm


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a contribution, and do what the pressed button says."""
    if not may_read(request.user):
        raise PermissionDenied
    contribution = _find(pk)
    if contribution is None:
        return _gone(request)
    if request.GET.get("step") == "erase" or request.POST.get("act") == "erase":
        return _erase(request, contribution)
    desk = _desk(request, contribution)
    if request.method == "POST":
        if not may_work(request.user):
            raise PermissionDenied
        try:
            if done := _act(request, contribution, desk):
                messages.success(request, done)
                return redirect("contributions_admin:detail", contribution.pk)
        except TriageRefused as refused:
            messages.error(request, str(refused))
            return redirect("contributions_admin:detail", contribution.pk)
    note_reading(contribution=contribution, by=request.user)
    return render(request, "contributions/admin/detail.html", _screen(request, contribution, desk))


def convert(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the issue and the source of the words, and make an article there."""
    if not (may_read(request.user) and may_work(request.user)):
        raise PermissionDenied
    contribution = _find(pk)
    if contribution is None:
        return _gone(request)
    here = reverse("contributions_admin:detail", args=[contribution.pk])
    if contribution.article_id is not None:
        messages.info(request, "这件来稿已经转成报纸的稿件。")
        return redirect(here)
    form = ConvertForm(request.POST or None, contribution=contribution)
    if form.is_valid():
        issue, source = form.cleaned_data["issue"], form.cleaned_data["source"]
        try:
            article = accept_as_article(
                contribution=contribution,
                issue=issue,
                by=request.user,
                source=TEXT_SOURCE if source == TEXT_SOURCE else int(source),
            )
        except ConversionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                f"已转为{issue}的稿件《{article.title}》，投稿人会看到“拟用”。请核对后定稿。",
                buttons=[messages.button(here, "回到来稿")],
            )
            return redirect("wagtailadmin_pages:edit", article.pk)
    return render(
        request,
        "contributions/admin/convert.html",
        {
            "contribution": contribution,
            "form": form,
            "photos": len(photos_of(contribution)),
            "add_issue_url": _add_issue_url(request),
            **_header(contribution, "转为稿件"),
        },
    )


# Acting


def _desk(request: HttpRequest, contribution: Contribution) -> Desk:
    """Return the forms, the one whose button was pressed with what was typed."""
    act = request.POST.get("act")

    def typed(name: str) -> Any:
        return request.POST if act == name else None

    return Desk(
        AssignForm(
            typed("assign"), prefix="assign", initial={"assignee": contribution.assignee_id}
        ),
        DeclineForm(typed("decline"), prefix="decline", kind=contribution.kind),
        AskForm(typed("ask"), prefix="ask"),
        NoteForm(typed("note"), prefix="note"),
    )


def _act(request: HttpRequest, contribution: Contribution, desk: Desk) -> str | None:
    """Do what the pressed button says; return the message, or None for a form to mend."""
    these, by = [contribution], request.user
    match request.POST.get("act"):
        case "review":
            triage.begin_review(contributions=these, by=by)
            return "已进入一审，投稿人查进展时会看到。"
        case "take":
            triage.assign(contributions=these, to=by, by=by)
            return "这件来稿由您经办。"
        case "assign" if desk.assign.is_valid():
            to = desk.assign.cleaned_data["assignee"]
            triage.assign(contributions=these, to=to, by=by)
            return f"已指派给{to}。" if to else "这件来稿现在无人经办。"
        case "star" | "unstar" as act:
            triage.star(contribution=contribution, starred=act == "star", by=by)
            return "已加星标。" if act == "star" else "已去掉星标。"
        case "decline" if desk.decline.is_valid():
            triage.decline(contributions=these, reason=desk.decline.cleaned_data["told"], by=by)
            return "已告诉投稿人不采用，凭回执码可以看到理由。"
        case "spam":
            triage.mark_spam(contributions=these, by=by)
            return "已标为垃圾，不会通知投稿人。"
        case "ask" if desk.ask.is_valid():
            triage.ask(contribution=contribution, text=desk.ask.cleaned_data["text"], by=by)
            return "留言已发出，投稿人凭回执码可以看到并答复。"
        case "note" if desk.note.is_valid():
            triage.note(contribution=contribution, text=desk.note.cleaned_data["text"], by=by)
            return "备注已记下，投稿人看不到。"
        case "clear_flag":
            triage.clear_flag(contribution=contribution, by=by)
            return "已取消重复标记。"
    return None


def _erase(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Ask once more, then erase everything of the contribution, and its draft if so wished."""
    if not may_erase(request.user):
        raise PermissionDenied
    if request.method == "POST":
        try:
            erase(
                contribution=contribution,
                by=request.user,
                with_article="with_article" in request.POST,
            )
        except TriageRefused as refused:
            messages.error(request, str(refused))
            return redirect("contributions_admin:detail", contribution.pk)
        messages.success(request, "这件来稿连同附件已彻底删除。")
        return redirect("contributions_inbox:index")
    article = contribution.article
    stays = why_article_stays(contribution, by=request.user) if article else ""
    return render(
        request,
        "contributions/admin/erase.html",
        {
            "contribution": contribution,
            "draft": article if not stays else None,
            "stays": stays,
            **_header(contribution, "彻底删除"),
        },
    )


# Showing


def _find(key: int) -> Contribution | None:
    files = Prefetch("attachments", Attachment.objects.order_by("pk"))
    return (
        Contribution.objects.filter(pk=key)
        .select_related("assignee", "article__issue", "duplicate_of", "printed_before__issue")
        .prefetch_related(files, "messages__author", "notes__author")
        .first()
    )


def _gone(request: HttpRequest) -> HttpResponse:
    """Say that there is no such contribution (any more)."""
    context = {
        "header_title": "没有这件来稿",
        "header_icon": "mail",
        "breadcrumbs_items": [inbox_step(), {"url": "", "label": "没有这件来稿"}],
    }
    return render(request, "contributions/admin/gone.html", context, status=404)


def _screen(request: HttpRequest, contribution: Contribution, desk: Desk) -> dict[str, Any]:
    """Return what the screen shows of a contribution, and what this editor may do there."""
    user = request.user
    newer, older = _neighbours(contribution)
    files = _files(contribution)
    works = may_work(user)
    is_open = contribution.article_id is None
    article = contribution.article
    return {
        **_header(contribution),
        "contribution": contribution,
        "contact": _contact(contribution),
        "contributor": contributor_of(contribution),
        "files": [file for file in files if file.attachment.message_id is None],
        "turns": [
            Turn(message, [f for f in files if f.attachment.message_id == message.pk])
            for message in contribution.messages.all()
        ],
        "notes": contribution.notes.all(),
        "history": _history(contribution),
        "newer": newer,
        "older": older,
        "desk": desk,
        "is_mine": contribution.assignee_id == user.pk,
        "is_spam": contribution.status == Status.SPAM,
        "is_declined": contribution.status == Status.DECLINED,
        "is_tip": contribution.kind == Kind.TIP,
        "may_work": works,
        "may_decide": works and is_open,
        "may_review": works and is_open and contribution.status != Status.REVIEWING,
        "may_convert": works and is_open and contribution.status != Status.SPAM,
        "may_spam": works and is_open and contribution.status != Status.SPAM,
        "may_erase": may_erase(user),
        "may_edit_article": article is not None and article.permissions_for_user(user).can_edit(),
    }


def _header(contribution: Contribution, step: str = "") -> dict[str, Any]:
    """Return what Wagtail's header shows: the way here from the inbox."""
    here = reverse("contributions_admin:detail", args=[contribution.pk])
    steps = [{"url": here, "label": str(contribution)}]
    if step:
        steps.append({"url": "", "label": step})
    return {
        "header_title": step or str(contribution),
        "header_icon": "mail",
        "breadcrumbs_items": [inbox_step(), *steps],
    }


def inbox_step() -> dict[str, str]:
    return {"url": reverse("contributions_inbox:index"), "label": "来稿"}


def _files(contribution: Contribution) -> list[ShownFile]:
    return show_files(contribution.attachments.all())


def _contact(contribution: Contribution) -> Contact:
    phone, email = contribution.phone, contribution.email
    number = None if isinstance(phone, Unreadable) else DIALLED.match(phone)
    return Contact(
        name=contribution.name,
        unit=contribution.unit,
        phone=phone,
        email=email,
        dial=f"tel:{re.sub(r'[^+0-9]', '', number[0])}" if number else "",
        write=""
        if isinstance(email, Unreadable) or not email
        else f"mailto:{quote(email, safe='@+')}",
    )


def _neighbours(contribution: Contribution) -> tuple[int | None, int | None]:
    """Return the keys of the one before and the one after in the inbox, the newest first."""
    at, key = contribution.received_at, contribution.pk
    others = Contribution.objects.exclude(status=Status.SPAM)
    newer = Q(received_at__gt=at) | Q(received_at=at, pk__gt=key)
    older = Q(received_at__lt=at) | Q(received_at=at, pk__lt=key)
    return (
        others.filter(newer).order_by("received_at", "pk").values_list("pk", flat=True).first(),
        others.filter(older).newest_first().values_list("pk", flat=True).first(),
    )


def _history(contribution: Contribution) -> list[Event]:
    """Return who did what, the last first."""
    entries = log_registry.get_logs_for_instance(contribution).select_related("user")
    return [
        Event(
            entry.timestamp,
            str(entry.user) if entry.user else _absent(entry),
            "：".join(filter(None, [str(entry.message), str(entry.data.get("status", ""))])),
        )
        for entry in entries.order_by("-timestamp", "-pk")[:MOST_HISTORY]
    ]


def _absent(entry: Any) -> str:
    """Return who did something and has no account, or none any more."""
    if entry.user_id:
        return "已离开的同事"
    return "投稿人" if entry.action == "contributions.answer" else "系统"


def _add_issue_url(request: HttpRequest) -> str:
    """Return where the next issue is made, for those who may."""
    paper = NewspaperPage.objects.first()
    if paper is None or not paper.permissions_for_user(request.user).can_add_subpage():
        return ""
    return reverse("desk_next_issue")
