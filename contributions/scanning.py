"""Ask a virus scanner of our own about a file, where there is one (CLAMAV_URL)."""

from __future__ import annotations

import logging
from typing import BinaryIO
from urllib.parse import urlsplit

import clamd
from django.conf import settings

from .models import Attachment

logger = logging.getLogger(__name__)

PATIENCE = 20  # seconds: the sender is waiting


def scan(file: BinaryIO) -> Attachment.Scan:
    """Return what the scanner says of ``file``; 未扫描 when there is none or it is not there.

    An infected file is kept for the editors to know of, but never handed out
    (``contributions.file_views``); refusing it would tell an attacker what passes.
    """
    if not settings.CLAMAV_URL:
        return Attachment.Scan.UNSCANNED
    address = urlsplit(settings.CLAMAV_URL)
    try:
        daemon = (
            clamd.ClamdUnixSocket(address.path, timeout=PATIENCE)
            if address.scheme == "unix"
            else clamd.ClamdNetworkSocket(address.hostname, address.port or 3310, timeout=PATIENCE)
        )
        verdict, _ = daemon.instream(file)["stream"]
    except Exception as trouble:
        logger.warning("the virus scanner did not answer: %s", type(trouble).__name__)
        return Attachment.Scan.UNSCANNED
    return {"OK": Attachment.Scan.CLEAN, "FOUND": Attachment.Scan.INFECTED}.get(
        verdict, Attachment.Scan.UNSCANNED
    )
