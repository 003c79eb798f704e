"""What a programme manager changes of a session's seats, each with its reason."""

from collections.abc import Iterator

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.people.staff.rules import Role
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import HeldFor, Seats
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, Shown

PAGE = f"/office/sessions/{summers.OPEN}/seats"
WHY = "De wethouder vroeg het in de raad van maandag."


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def change(link: str, **filled: str) -> Shown:
    browser = Browser("en").sign_in(Role.MANAGER)
    browser.get(PAGE)
    browser.follow(link)
    return browser.submit({"reason": WHY, **filled}, button=link)


def seats() -> Seats:
    return seats_table.get([summers.OPEN])[summers.OPEN]


def test_the_page_says_how_the_seats_stand() -> None:
    text = Browser("en").sign_in(Role.MANAGER).get(PAGE).text

    for said in ("Seats 20", "Taken 3", "Free 17", "Registration closes"):
        assert said in text


def test_a_seat_is_granted_whatever_the_age() -> None:
    family = {
        "email": "j.peeters@example.be",
        "postcode": "9970",
        "children[0].first_name": "Łukasz",
        "children[0].last_name": "Peeters",
        "children[0].birth_date": "2012-05-01",
    }
    assert change("Grant a seat out of order", **family).status == 403

    shown = change("Grant a seat out of order", despite_age="true", **family)

    assert "Reference: " in shown.text
    assert ledger.entries()[-1].what is LedgerAct.SEAT_GRANTED
    assert seats().free == 16


def test_seats_are_held_back() -> None:
    shown = change("Hold seats back", held_for="reduced", seats="4")

    assert "Held back for reduced rates 4" in shown.text
    assert len(HeldFor.REDUCED.of(seats())) == 4


def test_there_are_more_seats() -> None:
    assert "Seats 24" in change("Change the number of seats", capacity="24").text
    assert (seats().capacity, seats().free) == (24, 21)


def test_the_deadline_is_moved() -> None:
    assert "12:00" in change("Move the deadline", closes_at="2027-08-01T12:00").text
    assert ledger.entries()[-1].what is LedgerAct.DEADLINE_MOVED


@pytest.mark.parametrize(
    ("link", "filled", "field"),
    [
        ("Change the number of seats", {"capacity": "many"}, "capacity"),
        ("Hold seats back", {"seats": ""}, "seats"),
        ("Move the deadline", {"closes_at": "2027-13-01T12:00"}, "closes_at"),
        ("Change the number of seats", {"capacity": "24", "reason": "zo"}, "reason"),
        ("Grant a seat out of order", {"postcode": "99"}, "postcode"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(link: str, filled: dict[str, str], field: str) -> None:
    shown = change(link, **filled)

    assert shown.status == 422
    assert f'id="f-{field}-error"' in shown.html
    assert seats().capacity == 20


def test_fewer_than_are_taken_is_refused_in_words() -> None:
    shown = change("Change the number of seats", capacity="2")

    assert shown.status == 409
    assert "It cannot have fewer." in shown.text


def test_a_session_that_there_is_not_is_not_found() -> None:
    assert Browser().sign_in(Role.MANAGER).get("/office/sessions/zzzzzzzzzz/seats").status == 404
