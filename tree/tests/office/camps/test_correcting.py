"""What changes of a published camp, what stays, and what is asked about; who is told: tests/mail/test_camps.py."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, LedgerEntry
from chalicelib.core.http.problems import Problem
from chalicelib.office.camps import correcting
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, State
from chalicelib.programme.sessions import editing, table
from chalicelib.programme.sessions.cells import cells_of
from chalicelib.programme.sessions.changes import Fate, ProgrammeRow, judge
from chalicelib.programme.sessions.rules import Session, closes_at, identify
from chalicelib.seats import table as seats
from chalicelib.seats.rules import HeldFor, Seats
from tests.camps import BOUWKAMP, LOU, family, published
from tests.office.incidents.conftest import given_opening

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ELS = Staff("sub-els", "Els Maes", frozenset({Role.MANAGER}))
REASON = "De sporthal wordt die week geverfd."
LABELS = {column: f"the {column}" for column in cells_of(BOUWKAMP)}


def change(session: Session, reason: str = REASON, now: datetime = NOW, **sent: str) -> Session:
    known = editing.edition(editing.get(session.session_id))
    return correcting.correct(session.session_id, known, sent, LABELS, by=ELS, reason=reason, tell=False, now=now)


def given_an_opening() -> tuple[Opening, Session]:
    """It opens on Friday 7 May 2027 at 19:00, over half an hour."""
    opening = given_opening()
    return opening, editing.get(BOUWKAMP.session_id)


def problem_of(raised: pytest.ExceptionInfo[Problem]) -> tuple[str, dict[str, str]]:
    document = raised.value.document("en")
    return raised.value.kind.slug, {one["field"]: one["message"] for one in document.get("errors", [])}


def stored(session: Session) -> tuple[Session | None, Seats | None]:
    return table.get(session.session_id), seats.get([session.session_id]).get(session.session_id)


def entries() -> list[LedgerEntry]:
    return ledger.entries()


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

    def test_whose_it_is_stays(self) -> None:
        with pytest.raises(Problem) as raised:
            change(published(), municipality="Eeklo")

        assert problem_of(raised)[1].keys() == {"municipality"}

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
    def test_they_stay_as_announced_until_the_opening_is_held(self, column: str) -> None:
        opening, session = given_an_opening()

        with pytest.raises(Problem) as raised:
            change(session, **{column: self.CHANGES[column]})
        assert problem_of(raised)[1] == {
            column: "The session's opening is published and not held yet: until then this stays as announced."
        }

        assert change(session, now=opening.spread_ends_at, **{column: self.CHANGES[column]}) != session

    def test_what_the_opening_does_not_go_by_changes_before(self) -> None:
        _, session = given_an_opening()

        assert change(session, title="Bouwen", place="De Kring", contact="09 377 12 34").title == "Bouwen"

    def test_an_incident_at_the_same_moment_comes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An opening that was held begins anew: its days are as announced again."""
        opening, session = given_an_opening()
        read = openings.get(opening.opening_id)
        assert read
        openings.write(replace(read[0], state=State.PAUSED, paused_at=NOW), read[1])
        monkeypatch.setattr(openings, "get", lambda _: read)

        with pytest.raises(Problem) as raised:
            change(session, now=opening.spread_ends_at, age_max="9")

        assert raised.value.kind.slug == "busy"
        found = table.get(session.session_id)
        assert found
        assert found.age_max == 6

    def test_seats_that_are_held_back_are_nobodys_yet(self) -> None:
        session = published(opens_at=None)
        table.join_opening(session.session_id, "2027-abcdef", None, {HeldFor.STAFF: 1})
        table.SessionItem(table.PK, session.session_id).update([table.SessionItem.opening_id.remove()])

        assert change(session, age_max="8").age_max == 8

    def test_a_child_that_comes_at_the_same_moment_is_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given that the seats were read when they were all free, and Lou got one since
        session = published()
        stale = seats.get([session.session_id])
        family(LOU).register(session, LOU)
        reads = iter([stale])
        real = seats.get
        monkeypatch.setattr(seats, "get", lambda *given, **more: next(reads, None) or real(*given, **more))
        # When the ages change so that she does not fit
        with pytest.raises(Problem) as raised:
            change(session, age_min="6")
        # Then the write is refused, and she is named
        assert raised.value.extra["child_ids"] == [LOU.child_id]
        assert not entries()


@pytest.mark.usefixtures("table")
class TestItsName:
    def test_it_keeps_its_id_and_is_found_by_each_of_its_names(self) -> None:
        session = published()
        change(session, title="Bouwen en timmeren")
        change(session, title="Timmeren", starts_on="2027-08-17")

        (found,) = table.all_sessions()
        assert (found.session_id, found.title) == (session.session_id, "Timmeren")
        for title, first in (
            ("Bouwkamp (Lembeke)", date(2027, 8, 16)),
            ("bouwen en  timmeren", date(2027, 8, 16)),
            ("Timmeren", date(2027, 8, 17)),
        ):
            row = replace(BOUWKAMP, session_id=identify("Kaprijke", title, first), title=title, starts_on=first)
            (judged,) = judge([ProgrammeRow(2, row)], [found])
            assert judged.fate is not Fate.NEW
            assert judged.row.session.session_id == session.session_id

    def test_an_import_by_an_earlier_name_undoes_nothing(self) -> None:
        session = published()
        change(session, title="Timmeren", starts_on="2027-08-17", ends_on="2027-08-19")
        (found,) = table.all_sessions()

        (judged,) = judge([ProgrammeRow(2, replace(BOUWKAMP))], [found])

        assert judged.fate is Fate.UNCHANGED

    def test_the_name_of_another_session_is_refused(self) -> None:
        published(title="Danskamp")
        session = published()

        with pytest.raises(Problem) as raised:
            change(session, title="DANSKAMP")

        assert problem_of(raised)[1].keys() == {"title"}
        assert not entries()

    @pytest.mark.parametrize("title", ["Bouwkamp (Lembeke)", "Timmeren"])
    def test_nobody_makes_another_session_of_one_of_its_names(self, title: str) -> None:
        change(published(), title="Timmeren")
        new = {**cells_of(BOUWKAMP), "title": title}

        with pytest.raises(Problem) as raised:
            editing.create(new, LABELS)

        assert problem_of(raised)[1].keys() == {"title"}
        assert len(table.all_sessions()) == 1

    def test_its_own_earlier_name_is_its_own(self) -> None:
        session = published()
        change(session, title="Timmeren")

        assert change(session, title="Bouwkamp (Lembeke)").title == "Bouwkamp (Lembeke)"
        assert change(session, title="Timmeren").title == "Timmeren"


@pytest.mark.usefixtures("table")
class TestThePreview:
    def test_it_says_for_whom_and_writes_nothing(self, accesses: list[dict[str, Any]]) -> None:
        session = published()
        family(LOU).register(session, LOU)
        known = editing.edition(editing.get(session.session_id))

        found = correcting.preview(session.session_id, known, {"age_min": "6"}, LABELS, tell=False, now=NOW)

        assert found.concerned.families == 1
        assert [one.first_name for one in found.misfits] == ["Lou"]
        assert not found.is_told
        assert editing.edition(editing.get(session.session_id)) == known

    def test_the_deadline_moves_with_the_first_day_unless_staff_set_it(self) -> None:
        session = published()
        change(session, starts_on="2027-08-17")

        assert seats.get([session.session_id])[session.session_id].closes == closes_at(date(2027, 8, 17)).timestamp()


def test_a_draft_is_not_corrected_here(table: None) -> None:
    draft = editing.create({**cells_of(BOUWKAMP), "capacity": ""}, LABELS)

    with pytest.raises(Problem) as raised:
        change(draft, place="De Kring")
    assert raised.value.kind.slug == "not-now"
