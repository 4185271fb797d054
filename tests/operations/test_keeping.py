"""What nginx may keep while its disk has no room."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from operations.front.keeping import ROOM
from tests.factories import make_sample

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("free", "act", "is_kept"),
    [
        (ROOM, "", True),
        (ROOM - 1, "", False),
        (0, "renew", True),  # nginx fails to, and whoever told it of the change hears so
    ],
)
def test_what_finds_no_room_is_handed_on_and_what_is_kept_is_not_taken_for_renewed(
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
    free: int,
    act: str,
    is_kept: bool,
) -> None:
    make_sample()
    settings.FRONT_SHUT = str(tmp_path / "shut")
    asked = []

    def disk_usage(place: Path) -> Any:
        asked.append(place)
        return SimpleNamespace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    told = {"X-Paper-Keep": "1", **({"X-Paper-Renew": act} if act else {})}
    answer = Client().get("/450/1/", headers=told)
    assert answer.status_code == 200
    assert ("X-Accel-Expires" in answer, "ETag" in answer) == (is_kept, True)
    assert ("X-Paper-Unkept" in answer) is not is_kept
    assert asked == ([] if act else [tmp_path])


def test_an_nginx_of_another_machine_is_left_to_itself(settings: Any) -> None:
    make_sample()
    settings.FRONT_SHUT = "/there/is/no/such/folder/shut"
    assert "X-Accel-Expires" in Client().get("/450/1/", headers={"X-Paper-Keep": "1"})
    settings.FRONT_SHUT = ""
    assert "X-Accel-Expires" in Client().get("/450/1/", headers={"X-Paper-Keep": "1"})
