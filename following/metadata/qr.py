"""Draw the address of an issue or an article as a QR code."""

from __future__ import annotations

from io import BytesIO

import segno

__all__ = ["MEDIA_TYPE", "qr_code"]

MEDIA_TYPE = "image/svg+xml"
# Readable from creased paper, in the dimmest screen: a sixth may be lost, a white frame around it.
CORRECTION, FRAME = "m", 4


def qr_code(address: str, title: str) -> bytes:
    """Return a drawing (SVG) of ``address``, black on white in every mode of the page around it."""
    drawn = BytesIO()
    segno.make(address, error=CORRECTION, micro=False).save(
        drawn,
        kind="svg",
        border=FRAME,
        dark="#000",
        light="#fff",
        title=title,
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return drawn.getvalue()
