"""Take in what people send: all of it is on the disk before anybody is told so."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from newsroom.cjk import count_characters
from newsroom.sealing import sealing_keys

from . import codes, vault
from .duplicates import leave_traces
from .models import Attachment, Contribution, Mail, Message
from .outbox import owe
from .scanning import scan
from .uploads import Budget, FileKind, clean_upload

PIECE = 1024 * 1024  # bytes read at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came: its name, and its bytes to be read from the beginning."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A tip or manuscript whose fields are valid.

    ``key`` is the form's own; ``hidden`` names what could not be seen in the text and was left out.
    """

    key: str
    kind: str
    text: str
    title: str = ""
    genre: str = ""
    place: str = ""
    occasion: str = ""
    name: str = ""
    unit: str = ""
    phone: str = ""
    email: str = ""
    signed_off: bool = False
    signed_off_by: str = ""
    keep_originals: bool = False
    uploads: Sequence[Upload] = ()
    hidden: str = ""

    @cached_property
    def identity(self) -> str:
        """What makes it the same one when it is sent again: its key and its content.

        The content counts, so that a text mended after the back button is not answered with the
        receipt of what was sent before it was mended.
        """
        return codes.identity(self.key, _digest([_fields(self), *map(_hash, self.uploads)]))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a sender is told; ``code`` is known at this moment only."""

    code: str
    received_at: datetime
    kind: str
    title: str
    characters: int
    files: tuple[str, ...]


def receive(submission: Submission) -> Receipt:
    """Store ``submission`` with every file, durably, and return its receipt.

    Files are stored before the row that names them, so a crash at any moment leaves either all
    or files without a row, which ``retention.remove_orphans`` finds. The same submission sent
    again is not stored again: the first receipt comes back.

    Raises UploadRefused for a file that cannot be taken (nothing is stored then), and whatever
    the disk or the database raises when they fail: there is no receipt then.
    """
    identity = submission.identity
    if (again := _receipt_given(identity)) is not None:
        return again
    code = codes.derive_code(secret=_secret(sealing_keys()[0], "receipt code"), identity=identity)
    attachments = _store(submission.uploads, keep_originals=submission.keep_originals)
    try:
        with _rows_for(attachments):
            contribution = Contribution.objects.create(
                **_fields(submission),
                sender=sender_digest(submission.name, submission.unit),
                identity=identity,
                code=codes.fingerprint(code),
            )
            for attachment in attachments:
                attachment.contribution = contribution
                attachment.save()
            if submission.hidden:
                contribution.notes.create(text=submission.hidden)
            leave_traces(contribution=contribution)
            owe(contribution=contribution, occasion=Mail.Occasion.ARRIVAL)
    except IntegrityError:
        # It came in twice at once, and the other one was faster.
        again = _receipt_given(identity)
        if again is None:
            raise
        return again
    return _receipt(contribution, code, [attachment.name for attachment in attachments])


def receipt_of(submission: Submission) -> Receipt | None:
    """Return the receipt that was given for this very submission, or None if it is new."""
    return _receipt_given(submission.identity)


def answer(
    *, contribution: Contribution, key: str, text: str, uploads: Sequence[Upload] = ()
) -> Message:
    """Store the sender's answer in the dialogue about ``contribution``; sent twice, it is one.

    Raises what ``receive`` raises.
    """
    identity = _identity_of_answer(contribution, key, text, uploads)
    if (again := Message.objects.filter(identity=identity).first()) is not None:
        return again
    attachments = _store(uploads, keep_originals=False)
    try:
        with _rows_for(attachments):
            message = Message.objects.create(
                contribution=contribution, from_newsroom=False, text=text, identity=identity
            )
            for attachment in attachments:
                attachment.contribution = contribution
                attachment.message = message
                attachment.save()
            Contribution.objects.filter(pk=contribution.pk).update(unread=True)
            owe(contribution=contribution, occasion=Mail.Occasion.ANSWER)
            log(instance=contribution, action="contributions.answer")
    except IntegrityError:
        again = Message.objects.filter(identity=identity).first()
        if again is None:
            raise
        return again
    return message


def answer_given(
    contribution: Contribution, *, key: str, text: str, uploads: Sequence[Upload] = ()
) -> Message | None:
    """Return this very answer if it is stored already."""
    identity = _identity_of_answer(contribution, key, text, uploads)
    return Message.objects.filter(identity=identity).first()


def find(typed: str) -> Contribution | None:
    """Return the contribution whose receipt code was typed; any nonsense takes the same road."""
    code = codes.fingerprint(codes.normalise(typed))
    return Contribution.objects.filter(code=code).select_related("article__issue").first()


def sender_digest(name: str, unit: str) -> str:
    """Return what tells one sender's contributions from others' without telling the name.

    A keyed hash, so that nobody finds a name by trying all names without the key; "" without one.
    """
    return next(iter(sender_digests(name, unit)), "")


def sender_digests(name: str, unit: str) -> list[str]:
    """Return a sender's digest under each of our keys, the one in use first; [] without a name."""
    if not name.strip():
        return []
    person = "\n".join("".join(part.split()) for part in (name, unit)).encode()
    secrets = (_secret(key, "sender") for key in sealing_keys())
    return [hmac.digest(secret, person, "sha256").hex() for secret in secrets]


def _identity_of_answer(
    contribution: Contribution, key: str, text: str, uploads: Sequence[Upload]
) -> str:
    return codes.identity(key, _digest([contribution.pk, text, *map(_hash, uploads)]))


def _fields(submission: Submission) -> dict[str, Any]:
    """Return what of ``submission`` the row keeps as it is."""
    kept = asdict(replace(submission, uploads=()))
    for name in ("key", "keep_originals", "uploads", "hidden"):
        del kept[name]
    return kept


def _store(uploads: Sequence[Upload], *, keep_originals: bool) -> list[Attachment]:
    """Clean each file and put it into the vault; return the rows to save. All or none."""
    attachments: list[Attachment] = []
    budget = Budget()
    try:
        for upload in uploads:
            upload.content.seek(0)
            clean = clean_upload(upload.content, name=upload.name, budget=budget)
            attachment = Attachment(
                kind=clean.kind,
                name=clean.name,
                size=len(clean.content),
                width=clean.width,
                height=clean.height,
                scan=_scanned(upload),
            )
            attachments.append(attachment)
            attachment.file.name = vault.put(ContentFile(clean.content))
            if keep_originals and clean.kind == FileKind.PHOTO:
                upload.content.seek(0)
                attachment.original.name = vault.put(ContentFile(upload.content.read()))
    except BaseException:
        _discard(attachments)
        raise
    return attachments


def _scanned(upload: Upload) -> Attachment.Scan:
    """Have the file scanned as it came: neither what is kept nor the original holds more."""
    upload.content.seek(0)
    return scan(upload.content)


@contextmanager
def _rows_for(attachments: Sequence[Attachment]) -> Iterator[None]:
    """Save the rows of stored files in one durable transaction, or remove the files again.

    If the commit itself was cut off, nobody knows here whether it took place: the files stay, and
    without a row ``retention.remove_orphans`` finds them.
    """
    complete = False
    try:
        with transaction.atomic(durable=True):
            yield
            complete = True
    except BaseException as error:
        if not complete or isinstance(error, IntegrityError):
            _discard(attachments)
        raise


def _discard(attachments: Sequence[Attachment]) -> None:
    vault.discard(*(name for attachment in attachments for name in attachment.stored_names))


def _receipt_given(identity: str) -> Receipt | None:
    """Return the receipt of what is stored under ``identity``, its code derived once more."""
    contribution = Contribution.objects.filter(identity=identity).first()
    if contribution is None:
        return None
    derived = (
        codes.derive_code(secret=_secret(key, "receipt code"), identity=identity)
        for key in sealing_keys()
    )
    # None fits where the key of then was retired since: the code was shown at the time.
    given = (code for code in derived if codes.fingerprint(code) == contribution.code)
    names = contribution.attachments.filter(message=None).values_list("name", flat=True)
    return _receipt(contribution, next(given, ""), names)


def _receipt(contribution: Contribution, code: str, names: Iterable[str]) -> Receipt:
    """Return the receipt without asking the database: after the commit it may be gone."""
    return Receipt(
        code=codes.group(code),
        received_at=contribution.received_at,
        kind=contribution.get_kind_display(),
        title=contribution.title,
        characters=count_characters(contribution.text),
        files=tuple(names),
    )


def _secret(key: bytes, purpose: str) -> bytes:
    """Return a secret of its own for each purpose, made of one of the vault's keys."""
    return hmac.digest(key, f"contributions: {purpose}".encode(), "sha256")


def _digest(content: object) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _hash(upload: Upload) -> str:
    upload.content.seek(0)
    digest = hashlib.sha256()
    while piece := upload.content.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
