"""Judge what a trial left behind: each receipt stands for one contribution, whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from contributions import codes, retention, vault
from contributions.models import Attachment, Contribution

from .sending import BROKEN, Sending, Submission

OLD_ENOUGH = timedelta(days=30)  # for a file without a row to be an orphan, and no upload under way


@dataclass(slots=True)
class Verdict:
    """What became of a number of submissions."""

    scenario: str
    sent: int = 0
    requests: int = 0
    at_first: int = 0  # receipts before anybody sent again
    acknowledged: int = 0
    found: int = 0
    lost: int = 0
    duplicated: int = 0
    untold: int = 0  # stored at first, though the sender got no receipt
    orphans: int = 0  # files without a row, found and removed
    errors: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    violations: list[str] = field(default_factory=list)


def judge(scenario: str, sendings: Sequence[Sending]) -> Verdict:
    """Compare what the senders were told with what is stored, and have orphans removed."""
    connection.close()  # the database may have been away since
    verdict = Verdict(scenario, sent=len(sendings))
    for sending in sendings:
        _judge_stored(sending, verdict)
    verdict.violations += _files_missing()
    verdict.orphans, remaining = _remove_orphans()
    verdict.violations += remaining
    connection.close()
    return verdict


def judge_answers(sendings: Sequence[Sending], verdict: Verdict) -> None:
    """Look at each answer by itself: what is no receipt is an error, said in Chinese."""
    for sending in sendings:
        verdict.requests += len(sending.answers)
        for answer in sending.answers:
            verdict.slowest = max(verdict.slowest, answer.seconds)
            verdict.violations += answer.faults
            if answer.code:
                continue
            verdict.errors[answer.kind] += 1
            if answer.kind not in (BROKEN, "503", "400"):
                verdict.violations.append(f"{answer.kind} and no receipt")
            if answer.kind == "400" and not answer.cut:
                verdict.violations.append("a whole body was refused with 400")
        if len(sending.codes) > 1:
            verdict.violations.append("two receipts for one submission")


def clear() -> None:
    """Forget what earlier trials stored."""
    for name in list(vault.names_in_vault()):
        vault.discard(name)
    Contribution.objects.all().delete()
    connection.close()


def _judge_stored(sending: Sending, verdict: Verdict) -> None:
    """Look for what was sent: by its receipts, and by its text, which is like no other."""
    by_text = list(Contribution.objects.filter(text=sending.submission.text))
    if len(by_text) > 1:
        verdict.duplicated += 1
        verdict.violations.append(f"stored {len(by_text)} times")
    if not sending.codes:
        verdict.untold += bool(by_text)
        for contribution in by_text:
            verdict.violations += _differences(contribution, sending.submission)
        return
    verdict.acknowledged += 1
    prints = [codes.fingerprint(codes.normalise(code)) for code in sending.codes]
    by_code = list(Contribution.objects.filter(code__in=prints))
    if len(by_code) != 1 or by_code != by_text:
        verdict.lost += 1
        verdict.violations.append(f"a receipt that finds {len(by_code)} contributions")
        return
    if different := _differences(by_code[0], sending.submission):
        verdict.lost += 1
        verdict.violations += different
    else:
        verdict.found += 1


def _differences(contribution: Contribution, submission: Submission) -> list[str]:
    """Return what of a submission is not there as it was sent."""
    different = []
    if (contribution.kind, contribution.text) != (submission.kind, submission.text):
        different.append("another text than was sent")
    if submission.kind == "manuscript" and contribution.name != submission.fields["name"]:
        different.append("another name than was sent")
    attachments = list(contribution.attachments.order_by("pk"))
    if len(attachments) != len(submission.photos):
        different.append(f"{len(attachments)} photos of {len(submission.photos)}")
        return different
    for attachment, (name, photo) in zip(attachments, submission.photos, strict=True):
        if attachment.name != name:
            different.append("a photo of another name")
        try:
            with attachment.file.open() as file:
                whole = photo.is_shown_by(file.read())
        except (OSError, ValueError) as error:
            different.append(f"a photo that cannot be opened: {type(error).__name__}")
        else:
            if not whole:
                different.append("another photo than was sent")
    return different


def _files_with_a_row() -> set[str]:
    return {name for each in Attachment.objects.all() for name in each.stored_names}


def _files_missing() -> list[str]:
    missing = _files_with_a_row() - set(vault.names_in_vault())
    return [f"{len(missing)} rows without their file"] if missing else []


def _remove_orphans() -> tuple[int, list[str]]:
    """Let the paper clean up; return how many files went, and what is wrong afterwards."""
    before = set(vault.names_in_vault()) - _files_with_a_row()
    retention.remove_orphans(at=timezone.now() + OLD_ENOUGH, even_most=True)
    after = set(vault.names_in_vault())
    wrong = []
    if without_row := after - _files_with_a_row():
        wrong.append(f"{len(without_row)} files without a row after remove_orphans")
    if missing := _files_with_a_row() - after:
        wrong.append(f"remove_orphans took {len(missing)} files that have a row")
    return len(before), wrong
