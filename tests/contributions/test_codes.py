"""Receipt codes: derived, shown, read as typed, kept as hashes."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contributions.codes import (
    ALPHABET,
    MOST_KEPT,
    derive_code,
    fingerprint,
    group,
    identity,
    normalise,
)

SECRET = b"only for tests"


def test_alphabet_has_32_signs_that_cannot_be_mistaken_for_each_other() -> None:
    assert set(ALPHABET) == set(string.digits + string.ascii_uppercase) - set("0O1I")
    assert len(ALPHABET) == 32


def test_code_is_what_it_has_always_been() -> None:
    # Codes are derived anew for a repeated sending: no release may change them.
    known = identity("0123456789abcdef", "f" * 64)
    assert known == "a824a477d0a50ee4bb9ad4fd75573c307835f6c1d6bfb8e95f154d3eb58ae988"
    assert derive_code(secret=SECRET, identity=known) == "HLJXK4SWGN5624TC"
    assert fingerprint("HLJXK4SWGN5624TC") == (
        "475b10ba358cc7926f0179dd41cfbb05686ea301a0e237ee29734c3134d528bd"
    )


def test_code_has_80_bits_and_all_of_them_vary() -> None:
    codes = {derive_code(secret=SECRET, identity=str(number)) for number in range(3000)}
    assert len(codes) == 3000
    assert {len(code) for code in codes} == {16}
    for place in range(16):
        assert {code[place] for code in codes} == set(ALPHABET)


def test_code_depends_on_the_secret() -> None:
    assert derive_code(secret=b"a", identity="x") != derive_code(secret=b"b", identity="x")


def test_code_without_a_secret_is_an_error() -> None:
    with pytest.raises(ValueError, match="secret"):
        derive_code(secret=b"", identity="x")


@pytest.mark.parametrize(
    "other", [("a", "bc"), ("abc", ""), ("", "abc"), ("ab\0", "c"), ("ab", "\0c"), ("c", "ab")]
)
def test_identity_tells_key_from_content(other: tuple[str, str]) -> None:
    assert identity(*other) != identity("ab", "c")


def test_code_is_shown_in_groups_of_four() -> None:
    assert group("K7QM93XHABCDEFGH") == "K7QM-93XH-ABCD-EFGH"


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM-93XH-ABCD-EFGH",
        "k7qm-93xh-abcd-efgh",
        "  K7QM 93XH\tABCD\nEFGH ",
        "Ｋ７ＱＭ－９３ＸＨ－ＡＢＣＤ－ＥＦＧＨ",
        "K7QM—93XH–ABCD‑EFGH",
        "K7QM−93XH﹣ABCD­EFGH",
        "\u200bK7QM\u200d93XH\ufeffABCD\u202eEFGH",
        "收据号：K7QM-93XH-ABCD-EFGH。",
        "K7QM93XHABCDEFGH",
    ],
)
def test_code_is_read_however_it_is_typed(typed: str) -> None:
    assert normalise(typed) == "K7QM93XHABCDEFGH"


@given(st.binary(min_size=1), st.text())
def test_every_code_is_read_as_it_is_shown(secret: bytes, known: str) -> None:
    code = derive_code(secret=secret, identity=known)
    assert normalise(group(code)) == normalise(group(code).lower()) == code


@given(st.text(st.characters()))
@example("\ufdfa" * 1_000_000)
@example("A" * 10_000_000)
@example("\ud800")
@example("")
def test_nonsense_takes_the_same_road(typed: str) -> None:
    code = normalise(typed)
    assert len(code) <= MOST_KEPT
    assert set(code) <= set(string.ascii_uppercase + string.digits)
    assert len(fingerprint(code)) == 64


def test_fingerprints_of_different_codes_differ() -> None:
    assert fingerprint("") != fingerprint("K7QM93XHABCDEFGH") != fingerprint("K7QM93XHABCDEFGJ")


def test_half_a_character_is_no_error() -> None:
    assert len(fingerprint("\ud800")) == len(identity("\ud800", "\udfff")) == 64
