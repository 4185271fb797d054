"""The table says what was weighed."""

from bench.weights import AIDS, Weight, table


def test_the_table_is_markdown() -> None:
    whole, bare = Weight(3, html=2_000, css=1_500), Weight(2, html=2_000)
    lines = table({"issue": (whole, bare, whole)}).split("\n")
    assert lines[2] == "| issue | 3 | 2.0 | 1.5 | 0.0 | 0.0 | 3.5 | 2 | 0.0 | 0.0 | 2.0 | 0.0 |"


def test_aids_are_known_by_whatever_name_they_are_served() -> None:
    assert AIDS.search("http://127.0.0.1/static/css/aids.css")
    assert AIDS.search("http://127.0.0.1/static/js/listen.0123456789ab.js")
    assert not AIDS.search("http://127.0.0.1/static/js/folio.js")
    assert not AIDS.search("http://127.0.0.1/static/css/components.css")
