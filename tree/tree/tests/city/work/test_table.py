from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Handling, Work, WorkId, WorkKind
from chalicelib.core import table as core_table
from chalicelib.core.refusals import Interfered
from chalicelib.people.staff.rules import Staff

FAMILY, OTHER = "g2bxdsa4e9v", "h3cyets5f9w"
NOW = datetime(2027, 6, 30, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
AN = Staff("sub-an", "An Claeys", frozenset())
JAN = Staff("sub-jan", "Jan Maes", frozenset())


def letter(key: str = "k2m4p6r8", due: date | None = date(2027, 7, 2), family: str = FAMILY) -> Work:
    return Work(WorkKind.LETTER, key, "Brugge", {"family_id": family, "registration_id": family + key}, due, NOW)


def to_do(**asked: object) -> list[Work]:
    return [one.work for one in works.open_work(["Brugge"], **asked)[0]]  # type: ignore[arg-type]


def lines() -> int:
    return len(list(core_table.query("pk = :list", {":list": {"S": "WORK#brugge"}})))


def test_the_oldest_due_comes_first_of_all_municipalities_and_in_parts(table):
    works.hand_in(letter("third", date(2027, 7, 9)))
    works.hand_in(replace(letter("second"), municipality="De Panne"))
    works.hand_in(letter("first", None))

    first, after = works.open_work(["Brugge", "De Panne", "BRUGGE"], most=2)
    rest, end = works.open_work(["Brugge", "De Panne"], after or "", most=2)

    assert [one.work.key for one in first] == ["first", "second"]
    assert ([one.work.key for one in rest], end) == (["third"], None)


def test_only_what_is_asked_for_is_listed(table):
    works.hand_in(letter())
    works.hand_in(replace(letter("k2m4p6r9"), kind=WorkKind.PAY_BACK))

    assert [one.kind for one in to_do(kinds=[WorkKind.PAY_BACK])] == [WorkKind.PAY_BACK]
    assert works.open_work(["Gent"]) == ([], None)


def test_handed_in_again_it_is_the_same_and_stays_who_has_it(table):
    works.hand_in(letter())
    works.take(letter().id, AN, NOW, edition=0)
    works.hand_in(replace(letter(due=date(2027, 7, 12)), since=LATER))

    (one,), _ = works.open_work(["Brugge"])

    assert (one.work.due, one.work.since) == (date(2027, 7, 12), NOW)
    assert one.handling.taken_by is not None
    assert one.handling.taken_by.name == "An Claeys"
    assert lines() == 1  # the one of the former day went when it was come upon


def test_what_is_done_leaves_the_list_and_is_never_opened_again(table):
    works.hand_in(letter())
    works.finish(letter().id, AN, NOW, edition=0)
    works.hand_in(letter())

    assert to_do() == []
    assert lines() == 0
    kept = works.get(letter().id)
    assert kept is not None
    assert kept.handling.done_at == NOW


def test_two_clerks_do_not_take_the_same(table):
    works.hand_in(letter())
    works.take(letter().id, AN, NOW, edition=0)

    with pytest.raises(Interfered):
        works.take(letter().id, JAN, NOW, edition=0)
    works.take(letter().id, JAN, LATER, edition=1)  # having seen that An has it

    kept = works.get(letter().id)
    assert kept is not None
    assert kept.handling.taken_by is not None
    assert kept.handling.taken_by.staff_id == "sub-jan"


def test_a_note_is_written_over_the_one_that_was_seen(table):
    works.hand_in(letter())
    works.note(letter().id, "Calls back on Monday.", NOW, edition=0)
    works.leave(letter().id, NOW, edition=1)

    with pytest.raises(Interfered):
        works.note(letter().id, "Nobody answers.", NOW, edition=0)
    assert works.handlings([letter().id])[letter().id] == Handling(
        taken_at=NOW, note="Calls back on Monday.", edition=2
    )


@pytest.mark.parametrize("change", ["take", "finish", "note"])
def test_nothing_is_done_with_what_nobody_handed_in(table, change):
    does = {
        "take": lambda: works.take(letter().id, AN, NOW, edition=0),
        "finish": lambda: works.finish(letter().id, AN, NOW, edition=0),
        "note": lambda: works.note(letter().id, "Calls back.", NOW, edition=0),
    }

    with pytest.raises(Interfered):
        does[change]()
    assert works.of_family(FAMILY) == []


def test_what_is_found_elsewhere_has_only_its_handling_here(table):
    named_twice = WorkId(WorkKind.TWICE_NAMED, "c4k7m2p9rt")
    works.take(named_twice, AN, NOW, edition=0)

    assert works.handlings([named_twice])[named_twice].taken_by is not None
    assert works.get(named_twice) is None


def test_what_needs_nobody_any_more_is_withdrawn_unless_it_is_done(table):
    works.hand_in(letter("one"))
    works.hand_in(letter("two"))
    works.finish(letter("two").id, AN, NOW, edition=0)

    for key in ("one", "two", "three"):
        works.withdraw(letter(key).id)

    assert [one.work.key for one in works.of_family(FAMILY)] == ["two"]
    assert lines() == 0


def test_a_family_is_erased_with_its_lines(table):
    works.hand_in(letter())
    works.hand_in(letter(family=OTHER))

    works.erase(FAMILY)

    assert works.of_family(FAMILY) == []
    assert to_do() == [letter(family=OTHER)]
    assert lines() == 1


def test_work_of_a_family_that_was_erased_otherwise_is_come_upon_and_goes(table):
    works.hand_in(letter())
    core_table.call("DeleteItem", Key=core_table.key(f"F#{FAMILY}", "WORK#letter#k2m4p6r8"))

    assert to_do() == []
    assert lines() == 0
