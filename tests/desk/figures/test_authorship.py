"""Who wrote an article and who took its pictures follows from its bylines and credits."""

from __future__ import annotations

import pytest

from desk.figures.authorship import Named, Person, authors_of
from interchange.schema import Role

ZHANG, LI, WANG = (Person(name, "总工会", key) for key, name in enumerate(["张三", "李四", "王五"]))


def known(name: str) -> Person | None:
    return {"王五": WANG}.get(name)


def wrote(*bylines: tuple[Person, str], credits: tuple[str, ...] = ()) -> dict[str, bool]:
    named = [Named(person, person.name, role) for person, role in bylines]
    return {author.person.name: author.writes for author in authors_of(named, credits, known)}


def took(*bylines: tuple[Person, str], credits: tuple[str, ...]) -> dict[str, int]:
    named = [Named(person, person.name, role) for person, role in bylines]
    return {
        author.person.name: author.pictures
        for author in authors_of(named, credits, known)
        if author.pictures
    }


def test_photographers_and_editors_do_not_write() -> None:
    assert wrote((ZHANG, Role.REPORTER), (LI, Role.PHOTOGRAPHER), (WANG, Role.EDITOR)) == {
        "张三": True,
        "李四": False,
        "王五": False,
    }


def test_unless_nobody_else_is_named() -> None:
    assert wrote((ZHANG, Role.PHOTOGRAPHER), (LI, Role.EDITOR)) == {"张三": True, "李四": False}
    assert wrote((LI, Role.EDITOR)) == {"李四": True}
    assert wrote() == {}


def test_someone_named_twice_is_one_author_with_both_roles() -> None:
    (author,) = authors_of(
        [Named(ZHANG, "张三", Role.WRITER), Named(ZHANG, "张三", Role.PHOTOGRAPHER)], [""], known
    )

    assert author.writes
    assert author.roles == {"writer", "photographer"}
    assert author.pictures == 1


@pytest.mark.parametrize(
    "credit",
    [
        *("张三", "张三 摄", "张三摄", "张三/摄", "摄影：张三", "记者 张三 摄", "本报记者张三摄"),
        *("（张三 摄）", "通讯员 张三 供图", "张三摄影", "特约记者张三 提供"),
    ],
)
def test_a_credit_names_somebody_of_the_byline(credit: str) -> None:
    assert took((ZHANG, ""), (LI, ""), credits=(credit,)) == {"张三": 1}


def test_a_credit_may_name_a_contributor_who_is_not_in_the_byline() -> None:
    assert took((ZHANG, ""), credits=("王五 摄",)) == {"王五": 1}
    assert wrote((ZHANG, ""), credits=("王五 摄",)) == {"张三": True, "王五": False}


@pytest.mark.parametrize("credit", ["新华社发", "资料图片", "建德市总工会供图", "摄", "/", "……"])
def test_what_names_nobody_we_know_is_nobodys(credit: str) -> None:
    assert took((ZHANG, ""), (LI, Role.PHOTOGRAPHER), credits=(credit,)) == {}


def test_without_a_credit_it_is_the_photographers() -> None:
    assert took((ZHANG, ""), (LI, Role.PHOTOGRAPHER), credits=("", "")) == {"李四": 2}
    assert took((ZHANG, ""), credits=("", "")) == {}


def test_several_photographers_take_turns() -> None:
    assert took((ZHANG, ""), (LI, ""), credits=("张三 李四 摄",) * 3) == {"张三": 2, "李四": 1}


def test_a_printed_name_that_is_no_contributors_is_an_author_too() -> None:
    (author,) = authors_of([Named(Person("某某"), "某某")], [], known)

    assert author.person.contributor is None
    assert author.writes
