from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, LedgerEntry
from chalicelib.core.http.problems import Problem
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.sessions import editing, table
from chalicelib.programme.sessions.cells import RowReader, cells_of
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from chalicelib.seats.rules import HeldFor, Seats
from tests.camps import BOUWKAMP, LOU, family, published
from tests.programme.sessions.examples import sessions

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ELS = Staff("sub-els", "Els Maes", frozenset({Role.MANAGER}))
REASON = "De sporthal wordt die week geverfd."
LABELS = {column: f"the {column}" for column in cells_of(BOUWKAMP)}
NEW = {
    "municipality": "Kaprijke",
    "title": "Circuskamp",
    "starts_on": "2027-07-05",
    "ends_on": "2027-07-09",
    "age_min": "6",
    "age_max": "12",
    "capacity": "16",
    "price_eur": "62,50",
    "kind": "creatief",
}


def change(session: Session, reason: str = REASON, known: str | None = None, **sent: str) -> Session:
    edition = known or editing.edition(editing.get(session.session_id))
    return editing.change(session.session_id, edition, sent, LABELS, by=ELS, reason=reason, now=NOW)


def problem_of(raised: pytest.ExceptionInfo[Problem]) -> tuple[str, dict[str, str]]:
    document = raised.value.document("en")
    return raised.value.kind.slug, {one["field"]: one["message"] for one in document.get("errors", [])}


def stored(session: Session) -> tuple[Session | None, Seats | None]:
    return table.get(session.session_id), seats.get([session.session_id]).get(session.session_id)


def entries() -> list[LedgerEntry]:
    return ledger.entries()


@given(sessions())
def test_a_session_is_read_back_from_its_cells(session: Session) -> None:
    reader = RowReader(1, cells_of(session))

    read = reader.session()

    if not reader.errors:  # such as hours that end before they begin, which Hypothesis makes and no sheet does
        assert read.session_id == session.session_id
        assert cells_of(read) == {name: _plain(cell) for name, cell in cells_of(session).items()}


def _plain(cell: str) -> str:
    return normalize("NFC", cell.strip()).replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.usefixtures("table")
class TestMaking:
    def test_what_lacks_nothing_can_be_booked_and_has_its_seats(self) -> None:
        made = editing.create(NEW, LABELS)

        session, its_seats = stored(made)
        assert session == made
        assert (made.price_cents, made.kind, made.starts_on) == (6250, "creatief", date(2027, 7, 5))
        assert its_seats is not None
        assert (its_seats.capacity, its_seats.free, its_seats.opens) == (16, 16, None)

    def test_what_lacks_something_is_a_draft_without_seats(self) -> None:
        made = editing.create(NEW | {"capacity": ""}, LABELS)

        assert stored(made) == (made, None)
        assert made.missing == ("capacity",)

    def test_each_wrong_field_is_named_in_the_words_of_the_form(self) -> None:
        with pytest.raises(Problem) as raised:
            editing.create(NEW | {"title": " ", "age_max": "4", "capacity": "many", "ends_on": "2027-07-04"}, LABELS)

        assert problem_of(raised) == (
            "invalid",
            {
                "title": "the title is missing.",
                "capacity": 'the capacity is "many". Write a whole number from 1 to 300.',
                "ends_on": "The last day must not be before the first one.",
                "age_max": "The highest age must not be below the lowest one.",
            },
        )
        assert not table.all_sessions()

    def test_a_session_has_three_hundred_places_at_most(self) -> None:
        with pytest.raises(Problem) as raised:
            editing.create(NEW | {"capacity": "301"}, LABELS)

        assert problem_of(raised)[1].keys() == {"capacity"}
        assert "Divide it into groups" in problem_of(raised)[1]["capacity"]

    def test_the_same_session_twice_is_refused(self) -> None:
        made = editing.create(NEW, LABELS)

        with pytest.raises(Problem) as raised:
            editing.create(NEW | {"title": "CIRCUSKAMP ", "capacity": "30"}, LABELS)

        assert problem_of(raised)[1] == {
            "title": "There is a session of this municipality with this title and first day already."
        }
        assert table.get(made.session_id) == made


@pytest.mark.usefixtures("table")
class TestADraft:
    @pytest.fixture
    def draft(self) -> Session:
        return editing.create(NEW | {"starts_on": "", "capacity": ""}, LABELS)

    def test_it_changes_as_often_as_one_likes_without_a_reason(self, draft: Session) -> None:
        changed = change(draft, reason="", place="Sporthal Lembeke", price_eur="")

        assert table.get(draft.session_id) == changed
        assert (changed.place, changed.price_cents) == ("Sporthal Lembeke", None)
        assert not entries()

    def test_with_another_name_it_has_another_id_and_stands_there_once(self, draft: Session) -> None:
        changed = change(draft, title="Circus en theater")

        assert [one.session_id for one in table.all_sessions()] == [changed.session_id]

    def test_the_change_that_completes_it_publishes_it(self, draft: Session) -> None:
        whole = change(draft, starts_on="2027-07-05", capacity="16")

        session, its_seats = stored(whole)
        assert session == whole
        assert its_seats is not None
        assert its_seats.free == 16
        assert len(table.all_sessions()) == 1

    def test_it_does_not_take_the_place_of_another_session(self, draft: Session) -> None:
        other = editing.create(NEW, LABELS)

        with pytest.raises(Problem) as raised:
            change(draft, starts_on="2027-07-05", capacity="99")

        assert problem_of(raised)[0] == "invalid"
        assert table.get(other.session_id) == other
        assert table.get(draft.session_id) == draft

    def test_who_looked_at_an_older_version_is_told(self, draft: Session) -> None:
        seen = editing.edition(draft)
        change(draft, place="Sporthal Lembeke")

        with pytest.raises(Problem) as raised:
            change(draft, known=seen, place="Sporthal Eeklo")
        assert raised.value.kind.slug == "changed"

    def test_of_two_at_the_same_moment_one_is_told(self, draft: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given that both have read the draft as it was
        seen = editing.edition(draft)
        change(draft, place="Sporthal Lembeke")
        monkeypatch.setattr(table, "get", lambda _: draft)
        # When the second one writes
        with pytest.raises(Problem) as raised:
            change(draft, known=seen, place="Sporthal Eeklo")
        # Then the condition of the write refuses it
        assert raised.value.kind.slug == "changed"
        assert [one.place for one in table.all_sessions()] == ["Sporthal Lembeke"]


@pytest.mark.usefixtures("table")
class TestAPublishedSession:
    ANY_TIME: Mapping[str, str] = {
        "place": "Sporthal Eeklo",
        "daily_from": "09:00",
        "daily_until": "16:30",
        "kind": "kleuters",
        "note": "Kansentarief 15.00\r\nVraag ernaar.",
    }

    def test_place_hours_kind_and_note_change_also_when_families_are_in(self) -> None:
        session = published()
        family(LOU).register(session, LOU)

        changed = change(session, **self.ANY_TIME)

        found, its_seats = stored(session)
        assert found == changed
        assert (changed.place, changed.daily_until, changed.kind) == ("Sporthal Eeklo", time(16, 30), "kleuters")
        assert changed.note == "Kansentarief 15.00\nVraag ernaar."
        assert changed.opens_at == session.opens_at
        assert its_seats is not None
        assert len(its_seats.holders) == 1

    def test_the_ledger_has_who_and_why_and_publicly_what(self) -> None:
        session = published()

        change(session, note="Kansentarief 15.00", source="https://www.kaprijke.be/sportkampen")

        (entry,) = entries()
        assert (entry.what, entry.session_id) == (LedgerAct.SESSION_CHANGED, session.session_id)
        assert (entry.staff_name, entry.reason) == ("Els Maes", REASON)
        assert entry.details == {"note": {"from": "", "to": "Kansentarief 15.00"}}  # families read it beside the price
        assert entry.private == {"source": {"from": session.source, "to": "https://www.kaprijke.be/sportkampen"}}

    def test_without_a_reason_nothing_changes(self) -> None:
        session = published()

        with pytest.raises(Problem) as raised:
            change(session, reason="omdat", place="Sporthal Eeklo")

        assert problem_of(raised)[1].keys() == {"reason"}
        assert table.get(session.session_id) == session

    def test_what_is_so_already_needs_no_entry(self) -> None:
        session = published()

        assert change(session, reason="", place="Lembeke") == session
        assert not entries()

    @pytest.mark.parametrize(
        ("column", "value"), [("title", "Danskamp"), ("municipality", "Eeklo"), ("starts_on", "2027-08-17")]
    )
    def test_what_names_it_stays(self, column: str, value: str) -> None:
        session = published()

        with pytest.raises(Problem) as raised:
            change(session, **{column: value})

        assert problem_of(raised)[1] == {
            column: "This identifies the session, and cannot change once the session is published. "
            "Make another session instead."
        }

    def test_the_number_of_places_is_the_desks_exception(self) -> None:
        with pytest.raises(Problem) as raised:
            change(published(), capacity="30")

        assert problem_of(raised)[1] == {"capacity": "The number of seats is changed separately, with its reason."}

    def test_one_that_has_more_places_than_others_may_can_be_changed_otherwise(self) -> None:
        session = published(capacity=250)

        assert change(session, place="De Kring").capacity == 250

    @pytest.mark.parametrize("column", ["age_max", "price_eur", "ends_on"])
    def test_it_cannot_lose_what_it_needs(self, column: str) -> None:
        with pytest.raises(Problem) as raised:
            change(published(), **{column: ""})

        assert problem_of(raised)[1] == {column: "A published session cannot do without this."}


@pytest.mark.usefixtures("table")
class TestAgesPriceAndLastDay:
    CHANGES: Mapping[str, str] = {"age_min": "4", "age_max": "8", "price_eur": "50", "ends_on": "2027-08-20"}

    def test_they_change_while_nobody_is_in_and_the_seats_with_them(self) -> None:
        session = published()

        changed = change(session, **self.CHANGES)

        found, its_seats = stored(session)
        assert found == changed
        assert (changed.age_min, changed.age_max, changed.price_cents) == (4, 8, 5000)
        assert its_seats is not None
        assert (its_seats.born_from, its_seats.born_until) == (date(2018, 8, 17), date(2023, 8, 16))

    @pytest.mark.parametrize("column", CHANGES)
    def test_they_stay_once_a_family_is_in(self, column: str) -> None:
        session = published()
        family(LOU).register(session, LOU)

        with pytest.raises(Problem) as raised:
            change(session, **{column: self.CHANGES[column]})

        assert problem_of(raised)[1] == {
            column: "Families are registered or wait, so this cannot change any more.",
        }
        assert table.get(session.session_id) == session

    def test_they_stay_while_a_family_waits(self) -> None:
        session = published()
        seats.queue(session.session_id)

        with pytest.raises(Problem) as raised:
            change(session, **self.CHANGES)
        assert problem_of(raised)[1].keys() == self.CHANGES.keys()

    def test_they_stay_once_a_published_opening_gives_the_session(self) -> None:
        session = published(opens_at=None)
        table.join_opening(session.session_id, "2027-abcdef", None)

        with pytest.raises(Problem) as raised:
            change(session, **self.CHANGES)

        assert set(problem_of(raised)[1].values()) == {
            "This session is part of a published opening, so this stays as announced."
        }

    def test_seats_that_are_held_back_are_nobodys_yet(self) -> None:
        session = published(opens_at=None)
        table.join_opening(session.session_id, "2027-abcdef", None, {HeldFor.STAFF: 1})
        table.SessionItem(table.PK, session.session_id).update([table.SessionItem.opening_id.remove()])

        assert change(session, age_max="8").age_max == 8

    def test_a_family_that_registers_at_the_same_moment_comes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given that the seats were read when they were all free
        session = published()
        read = seats.get([session.session_id])
        family(LOU).register(session, LOU)
        monkeypatch.setattr(seats, "get", lambda *_, **__: read)
        # When the ages change
        with pytest.raises(Problem) as raised:
            change(session, age_min="5", age_max="6")
        # Then nothing of it is written
        assert raised.value.kind.slug == "changed"
        monkeypatch.undo()
        found, its_seats = stored(session)
        assert found == session
        assert its_seats is not None
        assert its_seats.born_until == read[session.session_id].born_until
        assert not entries()


def test_what_is_not_there_is_not_found(table: Any) -> None:
    for session_id in ("2345678923", "not an id"):
        with pytest.raises(Problem) as raised:
            editing.get(session_id)
        assert raised.value.kind.slug == "not-found"
