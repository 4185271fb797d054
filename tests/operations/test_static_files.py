"""Static files go by the names they were collected under."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations.static_files import CollectedFiles


def test_a_name_is_looked_up_once_and_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    files = CollectedFiles(location=tmp_path, base_url="/static/")
    files.hashed_files = {"css/base.css": "css/base.4f53.css"}

    assert files.url("css/base.css") == "/static/css/base.4f53.css"
    files.hashed_files = {}
    assert files.url("css/base.css") == "/static/css/base.4f53.css"
    for _ in range(2):
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            files.url("css/nothing.css")
