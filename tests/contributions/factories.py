"""Contributions for tests; only what matters is given. Files lie in the vault of the tests."""

from __future__ import annotations

import io
import secrets
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from contributions import codes, vault
from contributions.intake import sender_digest
from contributions.models import Attachment, Contribution, Kind
from contributions.uploads import FileKind


def make_contribution(**fields: Any) -> Contribution:
    """Return a manuscript as it lies in the inbox; ``typed_code`` sets its receipt code."""
    code = codes.normalise(fields.pop("typed_code", "") or secrets.token_hex(8))
    facts = {
        "kind": Kind.MANUSCRIPT,
        "title": "车间里的劳动竞赛",
        "text": "8月1日,技术比武在二号车间开赛。",
        "identity": secrets.token_hex(32),
        "code": codes.fingerprint(code),
        **fields,
    }
    facts.setdefault("sender", sender_digest(facts.get("name", ""), facts.get("unit", "")))
    return Contribution.objects.create(**facts)


def make_tip(**fields: Any) -> Contribution:
    """Return an anonymous tip as it lies in the inbox."""
    return make_contribution(
        **{"kind": Kind.TIP, "title": "", "text": "工地上没有发防暑降温费。", **fields}
    )


def make_attachment(
    contribution: Contribution | None = None, *, content: bytes | None = None, **fields: Any
) -> Attachment:
    """Return a file that came along, a photo unless said otherwise, stored in the vault.

    ``original`` may be given as bytes.
    """
    kind = fields.setdefault("kind", FileKind.PHOTO)
    if content is None:
        content = picture() if kind == FileKind.PHOTO else b"%PDF-1.7 only for tests"
    if kind == FileKind.PHOTO:
        fields.setdefault("width", 640)
        fields.setdefault("height", 480)
    original = fields.pop("original", None)
    facts = {
        "name": "比武现场.jpg" if kind == FileKind.PHOTO else "比武.pdf",
        "size": len(content),
        **fields,
    }
    attachment = Attachment(contribution=contribution or make_contribution(), **facts)
    attachment.file.name = vault.put(ContentFile(content))
    if original is not None:
        attachment.original.name = vault.put(ContentFile(original))
    attachment.save()
    return attachment


def picture(width: int = 640, height: int = 480, *, kind: str = "JPEG") -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (170, 60, 40)).save(out, kind)
    return out.getvalue()
