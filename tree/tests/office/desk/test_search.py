"""Finding a family by what it says on the phone."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.booking.registrations import ended
from chalicelib.booking.registrations.rules import Ended, EndedBy, reference
from chalicelib.core.moments import today
from chalicelib.office.desk import search
from chalicelib.people.families.rules import child
from chalicelib.rights import erasing
from tests.camps import JEF, LOU, NOOR, family, published
from tests.office.attendance.camp import DESK
from tests.office.attendance.test_reading import counted
from tests.office.desk.counter import cancel, register, reserve

pytestmark = pytest.mark.usefixtures("table")

LUKASZ = child("Łukasz", "De Şimşek", date(2022, 3, 3))


def find(typed: str, session_id: str | None = None) -> list[str]:
    """The registrations that are found."""
    results = search.find(DESK, typed, session_id, datetime.now(UTC))
    return [one.registration.registration_id for one in results.found]


def a_summer() -> dict[str, str]:
    """Given three families; answers their registrations."""
    session, full = published(), published(title="Danskamp", capacity=1)
    lukasz = family(LUKASZ, email="simsek@example.be")
    return {
        "claeys": family(LOU, JEF).register(session, LOU, JEF).json_body["registration_id"],
        "lukasz": lukasz.register(full, LUKASZ).json_body["registration_id"],
        "waiting": family(NOOR, email="fatima@example.be").register(full, NOOR).json_body["registration_id"],
    }


def test_by_mail_address_however_it_is_written():
    summer = a_summer()

    assert find(" An.Claeys@Example.be ") == [summer["claeys"]]
    assert find("nobody@example.be") == []


@pytest.mark.parametrize("typed", ["lukasz", "Łukasz De Şimşek", "simsek", "SIMSEK luk", "de sim"])
def test_by_a_childs_name_without_its_accents(typed):
    summer = a_summer()

    assert find(typed) == [summer["lukasz"]]


def test_by_the_name_of_a_brother_or_sister_in_the_same_registration():
    summer = a_summer()

    assert find("jef claeys") == [summer["claeys"]]


def test_who_waits_is_found_too():
    summer = a_summer()

    assert find("El Amrani") == [summer["waiting"]]


def test_by_a_reference_or_the_characters_that_a_family_reads_out():
    summer = a_summer()
    whole = reference(summer["claeys"])

    for typed in (whole, whole.lower(), whole.replace("-", ""), whole[:7], whole[-4:], f" {whole[:3]} {whole[4:7]} "):
        assert summer["claeys"] in find(typed), typed
    assert find(whole) == [summer["claeys"]]


def test_by_the_number_of_a_family_without_mail():
    registered = register(published(), LOU, email=None).json_body

    assert find(registered["desk_number"]) == [registered["registration_id"]]


def test_only_in_a_session():
    summer = a_summer()
    other = published(title="Kookkamp")
    again = family(LOU, JEF).register(other, LOU).json_body["registration_id"]

    assert set(find("claeys")) == {summer["claeys"], again}
    assert find("claeys", other.session_id) == [again]


@pytest.mark.parametrize("typed", ["", "  ", "lo", "zzz", "Peeters", "W#", "../etc"])
def test_what_nobody_is_called_finds_nobody(typed):
    a_summer()

    assert find(typed) == []


def test_in_a_session_that_there_is_not_nobody_is_found():
    a_summer()

    assert [find("claeys", session_id) for session_id in ("zzzzzzzzzz", "x" * 3000)] == [[], []]


def test_seats_that_are_held_back_are_nobodys():
    session = published()
    reserve(session, 2)

    assert find("staff") == []


def test_a_search_by_name_reads_in_batches_and_scans_nothing():
    """The programme, the seats, one waiting list, what ended this year, the registrations, the passes; then how the one
    that is found stands: its seats, and its pass."""
    a_summer()

    with counted() as calls:
        find("jef claeys")

    there = ["Query", "BatchGetItem", "Query", "Query"]
    assert calls == [*there, "BatchGetItem", "BatchGetItem", "BatchGetItem", "GetItem"]


def test_a_search_by_mail_address_reads_the_family_alone():
    a_summer()

    with counted() as calls:
        find("an.claeys@example.be")

    # Whose mailbox it is; whose the sessions are; its passes.
    assert calls == ["GetItem", "Query", "Query", "BatchGetItem", "GetItem", "Query"]


def test_what_was_cancelled_is_found_and_says_by_whom():
    session, claeys = published(), family(LOU, JEF)
    by_itself = claeys.register(session, LOU).json_body["registration_id"]
    at_the_desk = claeys.register(session, JEF).json_body["registration_id"]
    claeys.cancel(by_itself)
    cancel(at_the_desk, "Mevrouw belde: Jef is ziek")

    for typed in ("claeys", reference(by_itself)[:7]):
        assert by_itself in find(typed), typed
    assert at_the_desk in find("jef", session.session_id)
    results = search.find(DESK, "an.claeys@example.be", None, datetime.now(UTC))
    assert {one.registration.registration_id: one.registration.ended for one in results.found} == {
        by_itself: Ended(EndedBy.FAMILY),
        at_the_desk: Ended(EndedBy.DESK, "Tom De Wilde", "Mevrouw belde: Jef is ziek"),
    }


def test_an_erased_family_is_not_found_among_what_ended():
    session, claeys = published(), family(LOU)
    claeys.cancel(claeys.register(session, LOU).json_body["registration_id"])

    erasing.erase(claeys.pass_.family_id, datetime.now(UTC))

    assert list(ended.of_session(session.session_id, today(datetime.now(UTC)).year)) == []
