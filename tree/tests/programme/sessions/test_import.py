import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given

from chalicelib.core import table as stormloop_table
from chalicelib.core.languages import translate
from chalicelib.core.refusals import Busy, Interfered
from chalicelib.programme.sessions.changes import Broken, ProgrammeRow
from chalicelib.programme.sessions.rules import Session, all_free
from chalicelib.programme.sessions.table import (
    Imported,
    SessionItem,
    _read,
    all_sessions,
    get,
    save_import,
    set_opening,
)
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Claim
from tests import dynamodb_local
from tests.programme.sessions.examples import (
    BEESTENBOEL,
    BOUWKAMP,
    HEADER,
    OMNISPORT,
    PROGRAMME,
    bouwkamp,
    numbered,
    read_rows,
    sessions,
    sheet,
)

OPENS = datetime(2019, 5, 7, 17, 0, tzinfo=UTC)


def contents() -> list[str]:
    """Every item of the table as it stands there."""
    items = [
        item
        for page in dynamodb_local.client().get_paginator("scan").paginate(TableName="stormloop")
        for item in page["Items"]
    ]
    return sorted(json.dumps(item, sort_keys=True) for item in items)


def rows_of(*sessions: Session) -> list[ProgrammeRow]:
    return [ProgrammeRow(line, session) for line, session in enumerate(sessions, 2)]


def import_sheet(data: bytes) -> Imported:
    return save_import(read_rows(data))


def errors_of(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(Broken) as raised:
        import_sheet(data)
    return [(error.line, translate(error.text, "en", **error.values)) for error in raised.value.errors]


class Calls:
    """Lets `allowed` transactions through and then fails as the network does, before or after the write."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, allowed: int | None = None, lost: bool = False) -> None:
        self.made: list[list[Mapping[str, Any]]] = []
        write = stormloop_table.transact_write

        def counted(writes: list[Mapping[str, Any]]) -> None:
            if allowed is not None and len(self.made) >= allowed:
                if lost:
                    write(writes)
                raise EndpointConnectionError(endpoint_url="https://dynamodb")
            self.made.append(writes)
            write(writes)

        monkeypatch.setattr(stormloop_table, "transact_write", counted)


@given(session=sessions())
def test_an_item_reads_back_as_the_session_it_was(session: Session) -> None:
    assert _read(SessionItem.of(session).serialize()) == session


def test_the_item_is_as_the_architecture_says() -> None:
    session = bouwkamp(place="Sporthal", daily_from=time(9), daily_until=time(16, 30), opens_at=OPENS, note="n")

    assert SessionItem.of(session).serialize() == {
        "pk": {"S": "PROGRAMME"},
        "sk": {"S": session.session_id},
        "municipality": {"S": "Kaprijke"},
        "title": {"S": "Bouwkamp (Lembeke)"},
        "starts_on": {"S": "2019-08-19"},
        "ends_on": {"S": "2019-08-21"},
        "age_min": {"N": "3"},
        "age_max": {"N": "6"},
        "price_cents": {"N": "4500"},
        "capacity": {"N": "20"},
        "place": {"S": "Sporthal"},
        "daily_from": {"S": "09:00"},
        "daily_until": {"S": "16:30"},
        "opens_at": {"N": "1557248400"},
        "note": {"S": "n"},
        "source": {"S": "https://www.kaprijke.be/kleutersportkamp"},
    }


@pytest.mark.usefixtures("table")
class TestImport:
    def test_the_real_programme_becomes_drafts_which_have_no_seats(self) -> None:
        # When the lists as published are imported
        assert import_sheet(PROGRAMME.read_bytes()) == Imported(imported=17, unchanged=0)
        # Then each row is there as it was read, and nothing else
        assert {s.session_id: s for s in all_sessions()} == {
            row.session.session_id: row.session for row in read_rows(PROGRAMME.read_bytes())
        }
        assert len(contents()) == 17
        assert '"draft": {"L": [{"S": "capacity"}]}' in "".join(contents())

    def test_a_bookable_session_comes_with_its_seats(self) -> None:
        import_sheet(sheet(BOUWKAMP))

        session = bouwkamp()
        assert get(session.session_id) == session
        assert seats_table.get([session.session_id]) == {session.session_id: all_free(session)}
        assert "draft" not in "".join(contents())

    def test_importing_twice_changes_and_writes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given a programme of drafts and a bookable session, which somebody has opened
        data = PROGRAMME.read_bytes() + b"Kaprijke,Zwemkamp,2027-07-05,2027-07-09,6,12,20,60.00,,\n"
        assert import_sheet(data) == Imported(18, 0)
        set_opening([s.session_id for s in all_sessions() if not s.missing], OPENS)
        before = contents()
        calls = Calls(monkeypatch)
        # When the same file comes again
        assert import_sheet(data) == Imported(imported=0, unchanged=18)
        # Then nothing is written
        assert calls.made == []
        assert contents() == before

    @pytest.mark.parametrize(
        "broken",
        [
            BEESTENBOEL.replace(",20,", ",-1,"),
            BEESTENBOEL.replace("30.00", "30.000"),
            BEESTENBOEL.replace("2019-08-23", "2019-08-32"),
            BEESTENBOEL.replace(",3,6,", ",6,3,"),
            BOUWKAMP,
        ],
    )
    def test_one_broken_row_leaves_the_table_byte_for_byte_the_same(self, broken: str) -> None:
        import_sheet(PROGRAMME.read_bytes())
        before = contents()

        with pytest.raises(Broken):
            import_sheet(sheet(BOUWKAMP, broken))

        assert contents() == before

    def test_a_draft_that_is_complete_now_becomes_bookable(self) -> None:
        # Given a list without capacities
        import_sheet(sheet(BOUWKAMP.replace(",20,", ",,"), BEESTENBOEL.replace(",20,", ",,")))
        # When one session has got one
        assert import_sheet(sheet(BOUWKAMP, BEESTENBOEL.replace(",20,", ",,"))) == Imported(1, 1)
        # Then it can be booked and the other one cannot
        assert [s.title for s in all_sessions() if not s.missing] == ["Bouwkamp (Lembeke)"]
        assert list(seats_table.get(s.session_id for s in all_sessions())) == [bouwkamp().session_id]

    def test_a_draft_whose_details_changed_is_replaced(self) -> None:
        import_sheet(sheet(OMNISPORT))

        assert import_sheet(sheet(OMNISPORT.replace("60.00", "65.00"))) == Imported(1, 0)

        (session,) = all_sessions()
        assert session.price_cents == 6500

    def test_a_draft_without_dates_goes_when_its_dates_are_known(self) -> None:
        # Given the Omnisportkamp of Buggenhout, "per week", without dates
        import_sheet(sheet(OMNISPORT, BOUWKAMP))
        # When the city hands in its weeks
        weeks = [OMNISPORT.replace(",,,7,12,,", f",2027-07-{day:02},2027-07-{day + 4:02},7,12,24,") for day in (5, 12)]
        assert import_sheet(sheet(*weeks)) == Imported(2, 0)
        # Then the weeks stand in its place
        assert sorted(s.starts_on for s in all_sessions()) == [date(2019, 8, 19), date(2027, 7, 5), date(2027, 7, 12)]
        assert import_sheet(sheet(*weeks)) == Imported(0, 2)

    def test_a_draft_without_dates_stays_while_the_file_has_it(self) -> None:
        import_sheet(sheet(OMNISPORT))
        week = OMNISPORT.replace(",,,7,12,,", ",2027-07-05,2027-07-09,7,12,24,")

        assert import_sheet(sheet(OMNISPORT, week)) == Imported(1, 1)

        assert len(all_sessions()) == 2

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (BOUWKAMP.replace(",20,", ",25,"), "Already published with capacity 20, and the file says 25."),
            (BOUWKAMP.replace(",20,", ",,"), "Already published with capacity 20, and the file leaves it empty."),
            (BOUWKAMP.replace("45.00", "50.00"), "Already published with price_eur 45.00, and the file says 50.00."),
            (
                BOUWKAMP.replace("2019-08-21", "2019-08-22"),
                "Already published with ends_on 2019-08-21, and the file says 2019-08-22.",
            ),
            (
                BOUWKAMP.replace("Bouwkamp", "BOUWKAMP"),
                'Already published with title "Bouwkamp (Lembeke)", and the file says "BOUWKAMP (Lembeke)".',
            ),
            (
                BOUWKAMP.replace(",45.00,,", ",45.00,nieuw,"),
                'Already published without note, and the file says "nieuw".',
            ),
        ],
    )
    def test_a_published_session_is_not_changed(self, row: str, sentence: str) -> None:
        # Given a session that families may have registered for
        import_sheet(sheet(BOUWKAMP))
        before = contents()
        # When a file says something else of it, then nothing of that file is imported
        assert errors_of(sheet(BEESTENBOEL, row)) == [
            (3, f"{sentence} A published session is not changed by an import.")
        ]
        assert contents() == before

    def test_every_difference_from_what_is_published_is_listed(self) -> None:
        import_sheet(sheet(BOUWKAMP, BEESTENBOEL))

        found = errors_of(sheet(BEESTENBOEL.replace(",20,", ",8,"), BOUWKAMP.replace(",3,6,20,", ",4,7,20,")))

        assert [line for line, _ in found] == [2, 3, 3]

    def test_what_is_not_in_the_file_stays(self) -> None:
        import_sheet(sheet(BOUWKAMP))
        import_sheet(sheet(BEESTENBOEL))

        assert len(all_sessions()) == 2

    def test_fifty_sessions_are_one_transaction(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = Calls(monkeypatch)

        save_import(rows_of(*map(numbered, range(50))))

        assert [len(writes) for writes in calls.made] == [100]

    @pytest.mark.parametrize("lost", [False, True])
    def test_a_crash_of_an_import_that_fits_in_one_transaction_leaves_all_or_nothing(
        self, monkeypatch: pytest.MonkeyPatch, lost: bool
    ) -> None:
        rows = rows_of(*map(numbered, range(50)))
        with monkeypatch.context() as patch:
            Calls(patch, allowed=0, lost=lost)
            with pytest.raises(EndpointConnectionError):
                save_import(rows)
        assert len(contents()) == (100 if lost else 0)

        assert save_import(rows) == (Imported(0, 50) if lost else Imported(50, 0))
        assert len(contents()) == 100

    @pytest.mark.parametrize("allowed", [1, 2])
    @pytest.mark.parametrize("lost", [False, True])
    def test_a_crash_between_transactions_is_mended_by_the_same_import(
        self, monkeypatch: pytest.MonkeyPatch, allowed: int, lost: bool
    ) -> None:
        # Given a file of 12 sessions, some of them drafts, some in the place of a draft without dates
        undated = [numbered(number, starts_on=None, ends_on=None) for number in range(0, 12, 7)]
        save_import(rows_of(*undated))
        rows = rows_of(*(numbered(number, capacity=None if number % 5 == 0 else 20) for number in range(12)))
        monkeypatch.setattr("chalicelib.programme.sessions.table.MOST_WRITES", 7)
        # When the import stops after some of its transactions
        with monkeypatch.context() as patch:
            Calls(patch, allowed=allowed, lost=lost)
            with pytest.raises(EndpointConnectionError):
                save_import(rows)
        # Then each session that can be booked has its seats, no draft has any, and no title is there twice
        there = all_sessions()
        assert 0 < len([s for s in there if s.starts_on]) < 12
        assert set(seats_table.get(s.session_id for s in there)) == {s.session_id for s in there if not s.missing}
        assert len({s.title for s in there}) == len(there)
        # And the same import does what is left, and then no more
        done = save_import(rows)
        assert done.imported + done.unchanged == 12
        assert {s.session_id: s for s in all_sessions()} == {row.session.session_id: row.session for row in rows}
        assert save_import(rows) == Imported(0, 12)

    def test_who_publishes_meanwhile_is_not_overwritten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given an import that has done its checks
        write = stormloop_table.transact_write

        def meanwhile(writes: list[Mapping[str, Any]]) -> None:
            monkeypatch.setattr(stormloop_table, "transact_write", write)
            import_sheet(sheet(BOUWKAMP))
            write(writes)

        monkeypatch.setattr(stormloop_table, "transact_write", meanwhile)
        # When somebody else publishes one of its sessions before it writes
        with pytest.raises(Interfered):
            import_sheet(sheet(BEESTENBOEL, BOUWKAMP.replace(",20,", ",25,")))
        # Then that one stays, and nothing of the import is there
        assert all_sessions() == [bouwkamp()]

    def test_what_dynamodb_refuses_for_another_reason_is_no_interference(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(writes: object) -> None:
            raise Busy(is_conflict=True)

        monkeypatch.setattr(stormloop_table, "transact_write", refuse)
        with pytest.raises(Busy):
            import_sheet(sheet(BOUWKAMP))

    def test_a_programme_of_several_pages_is_read_to_its_end(self) -> None:
        for number in range(15):
            SessionItem.of(numbered(number, note="n" * 100_000)).save()

        assert len(all_sessions()) == 15

    def test_there_is_no_session_of_an_unknown_id(self) -> None:
        assert get("2222222222") is None


@pytest.mark.usefixtures("table")
class TestOpening:
    def test_parents_and_claims_see_the_same_opening(self) -> None:
        import_sheet(sheet(BOUWKAMP))
        session_id = bouwkamp().session_id

        set_opening([session_id], OPENS)

        assert get(session_id) == bouwkamp(opens_at=OPENS)
        assert seats_table.get([session_id])[session_id].opens == int(OPENS.timestamp())

    def test_setting_it_again_changes_nothing(self) -> None:
        import_sheet(sheet(BOUWKAMP, BEESTENBOEL))
        session_ids = [session.session_id for session in all_sessions()]
        set_opening(session_ids, OPENS)
        before = contents()

        set_opening(session_ids, OPENS)

        assert contents() == before

    def test_seats_that_are_taken_stay_taken(self) -> None:
        import_sheet(sheet(BOUWKAMP))
        session_id = bouwkamp().session_id
        set_opening([session_id], OPENS)
        now = int(OPENS.timestamp())
        assert seats_table.claim(Claim(session_id, "registration", {"child": date(2014, 5, 1)}, now)) is None

        set_opening([session_id], OPENS + timedelta(days=1))

        seats = seats_table.get([session_id])[session_id]
        assert (seats.free, seats.holders, seats.opens) == (19, {"child": "registration"}, now + 24 * 3600)

    def test_a_draft_cannot_open(self) -> None:
        import_sheet(sheet(BOUWKAMP.replace(",20,", ",,")))
        before = contents()

        with pytest.raises(LookupError):
            set_opening([bouwkamp().session_id], OPENS)

        assert contents() == before

    def test_a_session_that_does_not_exist_cannot_open(self) -> None:
        with pytest.raises(LookupError):
            set_opening(["2222222222"], OPENS)

        assert contents() == []


@pytest.mark.usefixtures("real_table")
def test_amazons_own_engine_takes_the_same_import_and_opening() -> None:
    """moto forgives expressions and transactions that DynamoDB refuses."""
    # Given drafts, one without dates
    import_sheet(sheet(OMNISPORT, BOUWKAMP.replace(",20,", ",,")))
    # When they are completed, together with new sessions, and opened
    week = OMNISPORT.replace(",,,7,12,,", ",2027-07-05,2027-07-09,7,12,24,")
    assert import_sheet(sheet(week, BOUWKAMP, BEESTENBOEL)) == Imported(3, 0)
    assert import_sheet(sheet(week, BOUWKAMP, BEESTENBOEL)) == Imported(0, 3)
    set_opening([session.session_id for session in all_sessions()], OPENS)
    # Then all can be booked, and what is published stays
    assert [session.missing for session in all_sessions()] == [(), (), ()]
    seats = seats_table.get(session.session_id for session in all_sessions())
    assert [one.opens for one in seats.values()] == [int(OPENS.timestamp())] * 3
    before = contents()
    assert len(errors_of(sheet(week, BOUWKAMP.replace(",20,", ",25,")))) == 1
    with pytest.raises(LookupError):
        set_opening(["2222222222"], OPENS)
    assert contents() == before
    assert save_import(rows_of(*map(numbered, range(60)))) == Imported(60, 0)


@pytest.mark.usefixtures("table")
class TestColumnsThatTheFileLacks:
    """It says nothing about them, so what is known stays."""

    def test_a_published_session_keeps_its_place_and_kind(self) -> None:
        save_import(rows_of(bouwkamp(place="Sporthal Lembeke", kind="kleuters")))

        assert import_sheet(sheet(BOUWKAMP)) == Imported(imported=0, unchanged=1)
        assert [(one.place, one.kind) for one in all_sessions()] == [("Sporthal Lembeke", "kleuters")]

    def test_a_column_that_is_there_and_empty_does_say_something(self) -> None:
        save_import(rows_of(bouwkamp(kind="kleuters")))

        with pytest.raises(Broken):
            import_sheet(sheet(f"{BOUWKAMP},", header=f"{HEADER},kind"))

    def test_a_draft_that_gets_its_first_day_keeps_them_too(self) -> None:
        save_import(rows_of(bouwkamp(starts_on=None, place="Sporthal Lembeke")))

        import_sheet(sheet(BOUWKAMP))

        assert all_sessions() == [bouwkamp(place="Sporthal Lembeke")]
