"""The pages for those who write to the paper: sending, and asking what became of it.

They set no cookie and ask for none: a sender leaves no trace in the browser but the text, and the
form works where cookies are refused. Forging a request on somebody's behalf would gain nothing,
since nobody is logged in here; what a robot may do, the guard decides.
"""

from __future__ import annotations

import errno
import logging
import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db.models import Count
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from interchange.typesetting.press import TypesettingFailed
from newsroom.limits import address_of
from newsroom.page_facts import page_facts

from . import codes, guard, intake, proof, receiving
from .certificates import certificate_of
from .forms import AnswerForm, ContributionForm, LookUpForm, new_key, uploads
from .models import Contribution
from .refusals import Refused
from .uploads import MOST_BYTES, MOST_BYTES_TOGETHER, MOST_FILES, UploadRefused

logger = logging.getLogger(__name__)

SENDING_FAILED = (
    "本报的服务器这会儿出了故障，这一次没有收到，所以没有回执码。"
    "您写的内容还在：请不要关闭本页，过几分钟再按一次“提交”。"
)
NO_ROOM = (
    "本报的服务器暂时存不下附件，这一次没有收到，所以没有回执码。您写的内容还在："
    "可以先去掉附件，只提交文字，附件以后凭回执码补；也可以过几分钟再提交。"
)
LOOK_UP_FAILED = (
    "本报的服务器这会儿出了故障，这一次没有成功，您的来稿还在。请过几分钟再试，回执码照样有用。"
)
CODE_UNKNOWN = "没有查到这个回执码。请照着回执再核对一遍：一共四组，每组四个，大小写都可以。"
NOT_PRINTABLE = (
    "这份采用证明里有生僻字，自动排版排不出来。请拨打新闻热线，报回执码，由编辑部为您开具。"
)
RETRY_AFTER = 120  # seconds: a restart is over by then
FILE_LIMITS = {
    "most_files": MOST_FILES,
    "most_bytes": MOST_BYTES,
    "most_bytes_together": MOST_BYTES_TOGETHER,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the dialogue as its sender sees it: no name of an editor."""

    from_newsroom: bool
    text: str
    sent_at: datetime
    files: int


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest) -> HttpResponse:
    """Take a tip or a manuscript, and give the receipt for it."""
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        form = ContributionForm(initial={"kind": kind, "key": new_key()})
        response = _form_page(request, form)
        # The browser may bring it back with what was typed. Anybody may find the empty form.
        response["Cache-Control"] = "private, max-age=0"
        del response["X-Robots-Tag"]
        return response
    form = None
    try:
        receiving.receive(request)
        form = ContributionForm(request.POST, request.FILES)
        return _take(request, form)
    except receiving.BodyRefused as refused:
        # What came of the text before the line broke is shown again.
        return _form_page(request, form or _what_came(request), problem=refused)
    except Refused as refused:
        return _form_page(request, form, problem=refused)
    except Exception as trouble:
        _report(trouble)
        is_full = isinstance(trouble, OSError) and trouble.errno == errno.ENOSPC
        said = NO_ROOM if is_full else SENDING_FAILED
        return _form_page(request, form, problem=_trouble(said))


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Show how far a contribution is to whoever has its receipt code, and take an answer."""
    if request.method != "POST":
        return _status_page(request)
    contribution = form = None
    try:
        receiving.receive(request)
        contribution = _found(request)
        if request.POST.get("act") == "answer":
            form = AnswerForm(request.POST, request.FILES)
            return _answer(request, contribution, form)
        return _status_page(request, contribution)
    except Refused as refused:
        return _status_page(request, contribution, form=form, problem=refused)
    except Exception as trouble:
        _report(trouble)
        return _status_page(request, problem=_trouble(LOOK_UP_FAILED))


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["POST"])
def certificate(request: HttpRequest) -> HttpResponse:
    """Give the 采用证明 of a contribution that was printed, as a PDF to print."""
    try:
        receiving.receive(request)
        contribution = _found(request)
        if contribution.printed is None:
            return _status_page(request, contribution)
        pdf = certificate_of(contribution.printed, address=request.build_absolute_uri)
    except Refused as refused:
        return _status_page(request, problem=refused)
    except TypesettingFailed as failed:
        logger.error("a certificate lacks characters: %s", "".join(failed.characters))
        return _status_page(request, contribution, problem=Refused(NOT_PRINTABLE, status=422))
    except Exception as trouble:
        _report(trouble)
        return _status_page(request, problem=_trouble(LOOK_UP_FAILED))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, "采用证明.pdf")
    return _private(response)


for view in (contribute, status, certificate):
    view.guards_its_body = True  # what came of a text that was cut is shown again (receiving)


class NotFound(Refused):
    """No contribution has this code; said of a wrong and of an unknown one alike."""

    def __init__(self) -> None:
        super().__init__(CODE_UNKNOWN, status=404)


def _trouble(said: str) -> Refused:
    """Return what is said when something of ours is broken."""
    return Refused(said, status=503, retry_after=RETRY_AFTER)


def _found(request: HttpRequest) -> Contribution:
    """Return the contribution whose code was typed, or raise NotFound.

    Only what is not found is counted: whoever has a code is let in, however many others guess.
    """
    contribution = intake.find(request.POST.get("code", ""))
    if contribution is None:
        guard.count("look_up", address_of(request))
        raise NotFound
    return contribution


def _what_came(request: HttpRequest) -> ContributionForm | None:
    return ContributionForm(request.POST) if request.POST else None


def _take(request: HttpRequest, form: ContributionForm) -> HttpResponse:
    """Store what a form holds and show the receipt, or show the form again with what is wrong.

    What was received before is looked up first: whoever sends again because the answer was lost
    gets the receipt, however often and however fast.
    """
    for name, reason in request.refused_files:
        form.add_error("files", f"“{name}”{reason}")
    if not form.is_valid():
        return _form_page(request, form)
    submission = form.submission()
    receipt = intake.receipt_of(submission)
    if receipt is None:
        token = request.POST.get("token", "")
        try:
            guard.check_honeypot(request.POST.get(guard.HONEYPOT, ""))
            guard.check_token(token)
            guard.count("send", address_of(request))
            proof.check_proof(request, token=token, number=request.POST.get(proof.PROOF, ""))
        except guard.GuardRefused:
            # Its twin may have come in meanwhile, and spent the token.
            receipt = intake.receipt_of(submission)
            if receipt is None:
                raise
    if receipt is None:
        try:
            with guard.spending(token, on=submission.identity):
                receipt = intake.receive(submission)
        except UploadRefused as refused:
            form.add_error("files", str(refused))
            return _form_page(request, form)
    page = page_facts(request, None, title="已经收到")
    context = {**page, "receipt": receipt}
    return _private(_drawn(request, "contributions/receipt.html", context))


def _answer(request: HttpRequest, contribution: Contribution, form: AnswerForm) -> HttpResponse:
    """Store the sender's answer and show the dialogue with it."""
    for name, reason in request.refused_files:
        form.add_error("files", f"“{name}”{reason}")
    if not form.is_valid():
        return _status_page(request, contribution, form=form)
    answer = {
        "key": form.cleaned_data["key"],
        "text": form.cleaned_data["text"],
        "uploads": uploads(form.cleaned_data["files"]),
    }
    if intake.answer_given(contribution, **answer) is None:
        guard.check_honeypot(request.POST.get(guard.HONEYPOT, ""))
        guard.count("answer", address_of(request))
    try:
        intake.answer(contribution=contribution, **answer)
    except UploadRefused as refused:
        form.add_error("files", str(refused))
        return _status_page(request, contribution, form=form)
    return _status_page(request, contribution, answered=True)


def _form_page(
    request: HttpRequest, form: ContributionForm | None, *, problem: Refused | None = None
) -> HttpResponse:
    """Show the form with all that was typed, and what is wrong with it."""
    if form is None:
        form = ContributionForm(initial={"key": new_key()})
    token = form.data.get("token", "") if problem is None and form.is_bound else ""
    context = {
        **page_facts(request, None, title="投稿与新闻线索"),
        "form": form,
        "token": token or guard.new_token(),
        "honeypot": guard.HONEYPOT,
        "proof": proof.PROOF if proof.is_asked(request) else "",
        "problem": problem.message if problem else "",
        # A browser never sends a chosen file twice by itself.
        "files_again": form.is_bound and _had_files(request),
        "keep_days": settings.CONTRIBUTIONS_KEEP_DAYS,
        "keep_contact_days": settings.CONTRIBUTIONS_KEEP_CONTACT_DAYS,
        **FILE_LIMITS,
    }
    return _answered(request, "contributions/form.html", context, problem, form)


def _status_page(
    request: HttpRequest,
    contribution: Contribution | None = None,
    *,
    form: AnswerForm | None = None,
    answered: bool = False,
    problem: Refused | None = None,
) -> HttpResponse:
    """Show the look-up, and what was found: the progress and the dialogue, nothing else."""
    context = {
        **page_facts(request, None, title="来稿进展"),
        "look_up": LookUpForm(),
        "problem": problem.message if problem else "",
        "answered": answered,
        "files_again": form is not None and _had_files(request),
        # Without the dialogue to show it in, an answer is handed back to be copied.
        "unsent": request.POST.get("text", "") if contribution is None and problem else "",
        "honeypot": guard.HONEYPOT,
        **FILE_LIMITS,
    }
    if contribution is not None:
        context |= {
            # Only whoever typed the code sees it again, to answer with.
            "code": codes.normalise(request.POST.get("code", "")),
            "progress": contribution.progress,
            "received_at": contribution.received_at,
            "turns": [
                Turn(message.from_newsroom, message.text, message.sent_at, message.files)
                for message in contribution.messages.annotate(files=Count("attachments"))
            ],
            "form": form or AnswerForm(initial={"key": new_key()}),
        }
    return _answered(request, "contributions/status.html", context, problem, form)


def _had_files(request: HttpRequest) -> bool:
    """Whether files came along, accepted or not."""
    return bool(request.FILES or getattr(request, "refused_files", ()))


def _answered(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    problem: Refused | None,
    form: Form | None,
) -> HttpResponse:
    """Render a page with the status that fits."""
    if problem is not None:
        code = problem.status
    else:
        code = 422 if form is not None and form.is_bound and not form.is_valid() else 200
    response = _drawn(request, template, context, status=code)
    _private(response)
    if problem is not None and problem.retry_after:
        response["Retry-After"] = str(problem.retry_after)
    return response


def _drawn(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page; without the database too, when that is down."""
    try:
        return render(request, template, context, status=status)
    except DatabaseTrouble as trouble:  # InterfaceError is no DatabaseError
        # Without the paper's own name and telephone, but with all there is to tell.
        _report(trouble)
        return render(request, template, {**context, "paper": None}, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of every cache, list and Referer."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _report(trouble: Exception) -> None:
    """Log what failed and where, but no word of an error that might quote what was sent."""
    frames = "".join(traceback.format_tb(trouble.__traceback__))
    logger.error("a page of the contributions failed: %s\n%s", type(trouble).__name__, frames)
