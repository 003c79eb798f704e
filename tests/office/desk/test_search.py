"""Finding a family by what it says on the phone."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.booking.registrations.rules import reference
from chalicelib.office.desk import search
from chalicelib.people.families.rules import child
from tests.camps import JEF, LOU, NOOR, family, published
from tests.office.attendance.camp import DESK
from tests.office.attendance.test_reading import counted
from tests.office.desk.counter import register, reserve

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
    """The programme, the seats, one waiting list, the registrations, the passes; then how the one that is found
    stands: its seats, and its pass."""
    a_summer()

    with counted() as calls:
        find("jef claeys")

    assert calls == ["Query", "BatchGetItem", "Query", "BatchGetItem", "BatchGetItem", "BatchGetItem", "GetItem"]


def test_a_search_by_mail_address_reads_the_family_alone():
    a_summer()

    with counted() as calls:
        find("an.claeys@example.be")

    # Whose mailbox it is; and whose the sessions are.
    assert calls == ["GetItem", "Query", "Query", "BatchGetItem", "GetItem"]
