"""Areas of a printed page: written one way, refused in every other."""

import pytest

from issues.hot_areas import areas_fault, polygon_fault, read_polygon, write_polygon

SQUARE = "10,10.5 90,10.5 90,20.25 10,20.25"


def test_a_polygon_is_read_and_written_the_same():
    assert read_polygon(SQUARE) == ((10, 10.5), (90, 10.5), (90, 20.25), (10, 20.25))
    assert write_polygon(read_polygon(SQUARE)) == SQUARE


def test_what_lies_outside_the_page_is_drawn_to_its_edge():
    assert write_polygon([(-3, -0.0), (100.4, 33.333), (0.005, 1e9)]) == "0,0 100,33.33 0.01,100"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,1 2,2",
        "1,1 2,2 3,3 ",
        "1,1  2,2 3,3",
        "1,1 2,2 3",
        "1,1 2,2 100.1,3",
        "1,1 2,2 -1,3",
        "1,1 2,2 3.10,3",
        "1,1 2,2 03,3",
        "1,1 2,2 3.,3",
        "1,1 2,2 nan,3",
        "1,1 2,2 1e1,3",
        "１,1 2,2 3,3",
        '1,1 2,2 3,3"/><script>',
        " ".join(["1,1"] * 61),
        "1,1 " * 100_000,
    ],
)
def test_anything_else_is_refused_in_words(text):
    assert "热区要写成" in polygon_fault(text)
    with pytest.raises(ValueError, match="热区要写成"):
        read_polygon(text)


@pytest.mark.parametrize(
    "areas",
    [
        None,
        {},
        "[]",
        [1],
        [{"article": 1}],
        [{"article": "1", "polygon": SQUARE}],
        [{"article": True, "polygon": SQUARE}],
        [{"article": 0, "polygon": SQUARE}],
        [{"article": 1, "polygon": None}],
        [{"article": 1, "polygon": "0,0"}],
        [{"article": 1, "polygon": SQUARE, "more": 1}],
        [{"article": 1, "polygon": SQUARE}] * 201,
    ],
)
def test_stored_areas_of_another_shape_are_refused(areas):
    assert areas_fault(areas)
    assert not areas_fault([{"article": 1, "polygon": SQUARE}])
