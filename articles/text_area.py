"""Running text in the editor: spaces come back as they were stored."""

from __future__ import annotations

import json
import re
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from .copy import STORED_LINE

WORDS = re.compile(r">[^<]+<")
# Each kind of space, and the private character that stands in for it on the way.
HELD = {" ": "\ue000", "\u3000": "\ue001", "\xa0": "\ue002", "\t": "\ue003"}


class FaithfulConverter(ContentstateConverter):
    """Wagtail's converter, which reads stored text as a browser would, but for its spaces.

    A browser makes one space of several and drops those at the edges of a line; then opening an
    article and saving it would change copy that nobody touched.
    """

    def from_database_format(self, html: str) -> str:
        held = STORED_LINE.sub(lambda line: WORDS.sub(_hold, line[0]), html)
        contents = super().from_database_format(held)
        for space, stand_in in HELD.items():
            contents = contents.replace(json.dumps(stand_in)[1:-1], json.dumps(space)[1:-1])
        return contents


class TextArea(DraftailRichTextArea):
    """The editor of running text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.converter = FaithfulConverter(self.features)


def _hold(words: re.Match[str]) -> str:
    return words[0].translate({ord(space): stand_in for space, stand_in in HELD.items()})
