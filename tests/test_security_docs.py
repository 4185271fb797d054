"""What the documents on security name is there."""

import re

import pytest
from django.conf import settings

FILE = re.compile(r"`((?:[a-z_]+/)+[\w.]+\.py|bin/[a-z-]+)`")
DOCUMENTS = ["SECURITY.md", "docs/threat-model.md", "docs/headers.md"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_and_page_that_is_named_exists(name: str) -> None:
    document = settings.BASE_DIR / name
    text = document.read_text("utf-8")
    pages = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [file for file in FILE.findall(text) if not (settings.BASE_DIR / file).is_file()] == []
    assert [page for page in pages if not (document.parent / page).is_file()] == []
    assert pages or FILE.findall(text)
