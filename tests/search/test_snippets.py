"""What a result shows of its text: whole clauses around the words, each word at least once."""

from __future__ import annotations

from search.snippets import clause_around, fragments

TEXT = (
    "“孩子进托育园有专业的照护,费用又合理,太好了。”得知拱墅区总工会跟托育机构签订了协议,"
    "工会会员的托育费有优惠,正在为无人照顾女儿而发愁的王安毅十分高兴。\n"
    "孩子上幼儿园前由谁照顾?这是摆在不少双职工家庭面前的一道难题。"
)


def places(text: str, *words: str) -> list[tuple[int, int]]:
    found = [
        (at, at + len(word))
        for word in words
        for at in range(len(text))
        if text.startswith(word, at)
    ]
    return sorted(found)


def shown(text: str, *words: str) -> list[str]:
    return [f"{f.before}{f.text}{f.after}" for f in fragments(text, places(text, *words))]


def test_a_fragment_begins_and_ends_at_marks() -> None:
    assert shown(TEXT, "王安毅") == ["……正在为无人照顾女儿而发愁的王安毅十分高兴。"]


def test_it_says_where_it_breaks_off() -> None:
    assert shown(TEXT, "拱墅区") == ["得知拱墅区总工会跟托育机构签订了协议……"]


def test_it_stays_within_its_paragraph() -> None:
    assert shown(TEXT, "幼儿园") == [
        "孩子上幼儿园前由谁照顾?这是摆在不少双职工家庭面前的一道难题。"
    ]


def test_a_long_run_without_marks_is_cut_between_characters() -> None:
    text = "工" * 60 + "会" + "运" * 60

    (only,) = fragments(text, [(60, 61)])

    assert (only.before, only.text, only.after) == ("……", "工" * 25 + "会" + "运" * 25, "……")


def test_each_word_is_shown_before_one_is_shown_again() -> None:
    text = "托育。" * 30 + "这里是拱墅区。"

    assert [f.hits for f in fragments(text, places(text, "托育", "拱墅区"))][-1]
    assert "拱墅区" in "".join(shown(text, "托育", "拱墅区"))
    assert len(shown(text, "托育", "拱墅区")) == 2


def test_no_more_fragments_than_asked_for() -> None:
    text = "\n".join(f"第{n}段" * 20 for n in range(9))
    words = [f"第{n}段" for n in range(9)]

    assert len(fragments(text, places(text, *words), most=3)) == 3


def test_neighbouring_words_share_a_fragment_that_marks_both() -> None:
    (only,) = fragments(TEXT, places(TEXT, "签订", "协议"))

    assert [only.text[s:e] for s, e in only.hits] == ["签订", "协议"]
    assert TEXT[only.start : only.start + len(only.text)] == only.text


def test_hits_name_places_in_the_fragment() -> None:
    for fragment in fragments(TEXT, places(TEXT, "托育", "照顾")):
        assert {fragment.text[s:e] for s, e in fragment.hits} <= {"托育", "照顾"}


def test_nothing_found_shows_nothing() -> None:
    assert fragments(TEXT, []) == ()
    assert fragments("", []) == ()


def test_a_decimal_point_and_a_time_are_no_place_to_cut() -> None:
    text = "早上8:30开门," + "人" * 22 + "托育费8.5折,持续3年。"

    assert "8.5折" in shown(text, "托育")[0]


def test_the_clause_around_a_hit_holds_no_marks() -> None:
    (place, *_) = places(TEXT, "拱墅区")

    assert clause_around(TEXT, *place) == "得知拱墅区总工会跟托育机构签订了协议"


def test_the_clause_around_a_hit_with_marks_in_it_is_whole() -> None:
    text = "职工登录“浙里办”APP,搜索“托育一件事”。"
    at = text.index("浙里办")

    assert clause_around(text, at, at + len("浙里办”APP")) == "浙里办”APP"
