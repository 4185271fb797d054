"""Taking in: all of it is stored or none of it, and the same thing sent twice is one."""

from __future__ import annotations

import io
import shutil
import stat
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection
from PIL import Image

from contributions import codes, intake
from contributions.intake import Submission, Upload, receive
from contributions.models import Attachment, Contribution, Kind, Mail, Message
from contributions.uploads import UploadRefused
from newsroom import sealing

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef0123456789abcdef"
TEXT = "7月27日,杭州市第十届职工运动会中国象棋比赛在建德举行,来自全市的棋手参加了比赛。"


@pytest.fixture(autouse=True)
def own_vault(settings) -> Path:
    """Empty the vault of the tests, to count the files in it."""
    place = Path(settings.STORAGES["contributions"]["OPTIONS"]["location"])
    shutil.rmtree(place, ignore_errors=True)
    return place


def photo(name: str = "赛场.jpg", colour: str = "red") -> Upload:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG")
    return Upload(name=name, content=content)


def manuscript(**fields: object) -> Submission:
    facts = {
        "key": KEY,
        "kind": Kind.MANUSCRIPT,
        "title": "象棋比赛开赛",
        "text": TEXT,
        "name": "汪燕盼",
        "unit": "杭州市总工会",
        "phone": "0571 8716 0990",
    }
    return Submission(**(facts | fields))


def files_in(place: Path) -> list[Path]:
    return [file for file in place.rglob("*") if file.is_file()]


def test_what_is_sent_is_stored_with_every_file() -> None:
    receipt = receive(manuscript(uploads=(photo(), photo("领奖.jpg", "blue"))))

    contribution = Contribution.objects.get()
    assert contribution.text == TEXT
    assert [attachment.name for attachment in contribution.attachments.all()] == list(receipt.files)
    for attachment in contribution.attachments.all():
        with attachment.file.open() as file:
            assert Image.open(file).size == (40, 30)


def test_the_receipt_finds_the_contribution_however_it_is_typed() -> None:
    receipt = receive(manuscript())
    for typed in (receipt.code, receipt.code.lower(), f" {receipt.code.replace('-', ' ')} "):
        assert intake.find(typed) == Contribution.objects.get()


@pytest.mark.parametrize("typed", ["", "K7QM", "\x00", "' OR 1=1 --", "９" * 16, "汉" * 10_000])
def test_nonsense_finds_nothing(typed: str) -> None:
    receive(manuscript())
    assert intake.find(typed) is None


def test_neither_the_code_nor_the_key_is_in_the_database() -> None:
    receipt = receive(manuscript())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contributions_contribution")
        row = "|".join(map(str, cursor.fetchone()))
    for secret in (receipt.code, codes.normalise(receipt.code), KEY):
        assert secret not in row


def test_contact_data_lies_sealed_in_the_database() -> None:
    receive(manuscript(email="wang@example.org", signed_off=True, signed_off_by="包敏华"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contributions_contribution")
        row = "|".join(map(str, cursor.fetchone()))
    for known in ("汪燕盼", "8716", "wang@", "包敏华"):
        assert known not in row
    assert Contribution.objects.get().name == "汪燕盼"


def test_the_same_submission_sent_twice_is_one_with_one_receipt(own_vault: Path) -> None:
    first = receive(manuscript(uploads=(photo(),)))
    second = receive(manuscript(uploads=(photo(),)))

    assert second == first
    assert Contribution.objects.count() == 1
    assert len(files_in(own_vault)) == 1


def test_a_text_mended_after_the_back_button_is_not_given_the_old_receipt() -> None:
    first = receive(manuscript())
    second = receive(manuscript(text=TEXT + "比赛为期两天。"))

    assert second.code != first.code
    assert Contribution.objects.filter(text=TEXT + "比赛为期两天。").exists()


def test_a_resend_with_the_photo_that_was_missing_is_kept_whole() -> None:
    first = receive(manuscript())
    second = receive(manuscript(uploads=(photo(),)))

    assert second.code != first.code
    assert second.files == ("赛场.jpg",)


def test_the_receipt_can_be_given_again_after_the_keys_were_rotated(settings) -> None:
    first = receive(manuscript())
    new = "bmV3LWtleS1mb3ItdGVzdHMtbmV3LWtleS1mb3ItdHQ="
    settings.CONTRIBUTIONS_KEYS = [new, *settings.CONTRIBUTIONS_KEYS]
    assert receive(manuscript()) == first

    settings.CONTRIBUTIONS_KEYS = [new]
    assert receive(manuscript()).code == "", "an old code is never answered by another one"
    assert Contribution.objects.count() == 1


def test_without_the_key_nothing_sealed_is_lost(settings) -> None:
    receive(manuscript())
    ours = settings.CONTRIBUTIONS_KEYS
    settings.CONTRIBUTIONS_KEYS = ["bmV3LWtleS1mb3ItdGVzdHMtbmV3LWtleS1mb3ItdHQ="]
    contribution = Contribution.objects.get()
    assert contribution.name == sealing.UNREADABLE
    contribution.save()

    settings.CONTRIBUTIONS_KEYS = ours
    assert Contribution.objects.get().name == "汪燕盼"


def test_a_refused_file_leaves_nothing(own_vault: Path) -> None:
    page = Upload(name="网页.html", content=io.BytesIO(b"<script>alert(1)</script>"))
    with pytest.raises(UploadRefused, match="网页"):
        receive(manuscript(uploads=(photo(), page)))

    assert not Contribution.objects.exists()
    assert files_in(own_vault) == []


def test_a_full_disk_leaves_nothing(own_vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def full(handle: int) -> None:
        written.append(handle)
        if len(written) > 2:  # the file, its folder, and then no more
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("contributions.vault.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        receive(manuscript(uploads=(photo(), photo("领奖.jpg", "blue"))))

    assert not Contribution.objects.exists()
    assert files_in(own_vault) == []


def test_attachments_leave_room_for_texts(own_vault: Path, settings) -> None:
    settings.CONTRIBUTIONS_LEAST_FREE_MB = 2**40
    with pytest.raises(OSError, match="No space"):
        receive(manuscript(uploads=(photo(),)))
    receive(manuscript())

    assert Contribution.objects.count() == 1
    assert files_in(own_vault) == []


def test_a_database_that_fails_gives_no_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(intake, "leave_traces", fail)
    with pytest.raises(DatabaseError):
        receive(manuscript(uploads=(photo(),)))

    assert not Contribution.objects.exists()
    assert not Attachment.objects.exists()


def test_two_at_once_are_one(own_vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other request stores the same submission after this one looked for it."""
    looked = []
    given = intake._receipt_given

    def not_yet(identity: str) -> intake.Receipt | None:
        looked.append(identity)
        return None if len(looked) == 2 else given(identity)

    first = receive(manuscript(uploads=(photo(),)))
    looked.clear()
    looked.append("")
    monkeypatch.setattr(intake, "_receipt_given", not_yet)

    assert receive(manuscript(uploads=(photo(),))) == first
    assert Contribution.objects.count() == 1
    assert len(files_in(own_vault)) == 1


def test_another_integrity_error_is_no_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(intake, "leave_traces", fail)
    with pytest.raises(IntegrityError):
        receive(manuscript())


def test_stored_files_are_for_us_alone(own_vault: Path) -> None:
    receive(manuscript(uploads=(photo(),)))
    for file in files_in(own_vault):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert len(file.name) == 32
        assert "." not in file.name


def test_a_stored_file_has_no_address() -> None:
    receive(manuscript(uploads=(photo(),)))
    with pytest.raises(ValueError, match="no address"):
        _ = Attachment.objects.get().file.url


def test_the_original_is_kept_only_where_the_sender_agrees(own_vault: Path) -> None:
    receive(manuscript(uploads=(photo(),)))
    assert not Attachment.objects.get().original

    receive(manuscript(key=KEY[::-1], uploads=(photo(),), keep_originals=True))
    original = Attachment.objects.latest("pk").original
    upload = photo()
    upload.content.seek(0)
    with original.open() as file:
        assert file.read() == upload.content.read()


def test_a_text_that_came_before_is_flagged_and_taken() -> None:
    long = TEXT * 3 + "比赛为期两天,共有一百二十名棋手报名,分男子组和女子组进行七轮角逐。"
    receive(manuscript(text=long))
    receive(manuscript(key=KEY[::-1], text=long.replace(",", "，") + "（续报）"))

    earlier, later = Contribution.objects.order_by("pk")
    assert later.duplicate_of == earlier
    assert earlier.duplicate_of is None


def test_the_newsroom_is_owed_a_mail_for_each() -> None:
    receive(manuscript())
    assert [mail.occasion for mail in Mail.objects.all()] == [Mail.Occasion.ARRIVAL]


def test_signs_that_nobody_sees_are_told_to_the_editors() -> None:
    receive(manuscript(hidden="来稿里夹有看不见的字符"))
    assert Contribution.objects.get().notes.get().author is None


def test_an_answer_sent_twice_is_one() -> None:
    receive(manuscript())
    contribution = Contribution.objects.get()
    Contribution.objects.update(unread=False)
    for _ in range(2):
        intake.answer(contribution=contribution, key=KEY, text="照片是我拍的。", uploads=(photo(),))

    message = Message.objects.get()
    assert message.text == "照片是我拍的。"
    assert message.attachments.count() == 1
    contribution.refresh_from_db()
    assert contribution.unread


def test_one_sender_is_known_again_without_the_name_in_the_database() -> None:
    assert intake.sender_digest("汪 燕盼", "市总工会") == intake.sender_digest("汪燕盼", "市总工会")
    assert intake.sender_digest("汪燕盼", "市总工会") != intake.sender_digest("汪燕盼", "")
    assert intake.sender_digest("汪燕盼", "市总工会") != intake.sender_digest("汪燕", "盼市总工会")
    assert intake.sender_digest("", "市总工会") == ""


def test_migrations_are_complete() -> None:
    call_command("makemigrations", "contributions", check=True, dry_run=True, verbosity=0)
