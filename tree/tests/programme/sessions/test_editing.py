from datetime import UTC, date, datetime
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerEntry
from chalicelib.core.http.problems import Problem
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.sessions import editing, table
from chalicelib.programme.sessions.cells import RowReader, cells_of
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Seats
from tests.camps import BOUWKAMP
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


def change(session: Session, known: str | None = None, **sent: str) -> Session:
    edition = known or editing.edition(editing.get(session.session_id))
    return editing.change(session.session_id, edition, sent, LABELS)


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

    def test_another_group_of_a_camp_is_a_session_of_its_own_and_stays_it(self) -> None:
        first = editing.create(NEW, LABELS)

        second = editing.create(NEW | {"age_min": "13", "age_max": "16", "capacity": ""}, LABELS)

        assert second.session_id != first.session_id
        assert change(second, capacity="10").session_id == second.session_id
        assert len(table.all_sessions()) == 2


@pytest.mark.usefixtures("table")
class TestADraft:
    @pytest.fixture
    def draft(self) -> Session:
        return editing.create(NEW | {"starts_on": "", "capacity": ""}, LABELS)

    def test_it_changes_as_often_as_one_likes(self, draft: Session) -> None:
        changed = change(draft, place="Sporthal Lembeke", price_eur="")

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
class TestDeleting:
    def test_a_draft_goes_without_a_trace(self) -> None:
        draft = editing.create(NEW | {"capacity": ""}, LABELS)

        editing.delete(draft.session_id, editing.edition(draft))

        assert not table.all_sessions()
        assert not entries()

    def test_what_a_colleague_completed_meanwhile_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given that a draft was read, and completed by somebody else since
        draft = editing.create(NEW | {"capacity": ""}, LABELS)
        whole = change(draft, capacity="16")
        with pytest.raises(Problem) as raised:
            editing.delete(draft.session_id, editing.edition(draft))
        assert raised.value.kind.slug == "changed"
        # Also at the same moment
        monkeypatch.setattr(table, "get", lambda _: draft)
        with pytest.raises(Problem):
            editing.delete(draft.session_id, editing.edition(draft))
        assert table.all_sessions() == [whole]


def test_what_is_not_there_is_not_found(table: Any) -> None:
    for session_id in ("2345678923", "not an id"):
        with pytest.raises(Problem) as raised:
            editing.get(session_id)
        assert raised.value.kind.slug == "not-found"
