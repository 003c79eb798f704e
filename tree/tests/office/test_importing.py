"""What a file would do, what somebody accepts of it, and what becomes of the rest."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.office import importing
from chalicelib.office.importing import ANOTHER, Accepted, Asked, Looked
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.files.grid import HandedIn
from chalicelib.programme.files.headers import LEFT_OUT
from chalicelib.programme.files.reading import open_file
from chalicelib.programme.sessions import table
from chalicelib.programme.sessions.cells import LABELS
from chalicelib.programme.sessions.changes import ProgrammeRow
from chalicelib.programme.sessions.rules import Session
from tests.programme.sessions.examples import BEESTENBOEL, BOUWKAMP, PROGRAMME, bouwkamp, read_rows, sheet

NOW = datetime(2019, 3, 1, 12, tzinfo=UTC)
ELS = Staff("els", "Els", frozenset({Role.MANAGER}), municipalities=frozenset({"kaprijke"}))
EVERYWHERE = replace(ELS, municipalities=frozenset({"*"}))
REASON = "De raad besliste het gisteren."
NO_TITLE = BEESTENBOEL.replace("Beestenboel (Lembeke)", "")

pytestmark = pytest.mark.usefixtures("table")


def file(data: bytes) -> HandedIn:
    return open_file(data, "kampen.csv")


def look(*rows: str, by: Staff = ELS, **asked: object) -> Looked:
    return importing.look(by, file(sheet(*rows)), Asked(**asked), NOW)  # type: ignore[arg-type]


def shown(looked: Looked) -> list[tuple[int, str, str]]:
    return [(row.place[1], row.name, row.fate.value) for row in looked.comparison.rows]


def accept(*rows: str, keys: set[str] | None = None, by: Staff = ELS, **said: Any) -> importing.Done:
    """All its rows, unless `keys` names them."""
    looked = look(*rows, by=by)
    every = {row.key for row in looked.comparison.rows}
    accepted = Accepted(every if keys is None else keys, said.pop("same", {}), **said)
    return importing.accept(by, file(sheet(*rows)), Asked(), looked.comparison.digest, accepted, LABELS, NOW)


def published(*sessions: Session) -> None:
    table.save_import([ProgrammeRow(line, session) for line, session in enumerate(sessions, 2)])


def there() -> set[tuple[str, int | None]]:
    return {(one.title, one.price_cents) for one in table.all_sessions()}


class TestLooking:
    def test_each_row_says_what_becomes_of_it(self) -> None:
        # Given a programme with the Bouwkamp, and a draft of the Beestenboel that lacks its price
        published(bouwkamp())
        table.save_import(read_rows(sheet(BEESTENBOEL.replace("30.00", ""))))
        # When a file has both of them, another one, and what cannot be
        found = look(BOUWKAMP, BEESTENBOEL, BOUWKAMP.replace("Bouw", "Zee"), NO_TITLE)
        # Then
        assert shown(found) == [
            (2, "Kaprijke, Bouwkamp (Lembeke)", "unchanged"),
            (3, "Kaprijke, Beestenboel (Lembeke)", "changed"),
            (4, "Kaprijke, Zeekamp (Lembeke)", "new"),
            (5, "Kaprijke", "wrong"),
        ]
        assert found.comparison.rows[1].changed == ["price_eur"]

    def test_it_writes_nothing(self) -> None:
        look(BOUWKAMP)

        assert not table.all_sessions()

    def test_a_published_session_that_would_change_says_how_and_for_how_many(self) -> None:
        published(bouwkamp())

        (row,) = look(BOUWKAMP.replace("45.00", "50.00").replace(",3,6,", ",3,7,")).comparison.rows

        assert (row.fate.value, row.changed) == ("corrected", ["age_max", "price_eur"])
        assert look(BOUWKAMP.replace("45.00", "50.00")).families == {bouwkamp().session_id: 0}

    def test_what_is_no_longer_in_the_file_is_said(self) -> None:
        published(
            bouwkamp(), bouwkamp(title="Zeekamp"), bouwkamp(title="Later", starts_on=date(2019, 10, 1), ends_on=None)
        )

        found = look(BOUWKAMP, BEESTENBOEL)

        assert [one.title for one in found.comparison.gone] == ["Zeekamp"]

    def test_what_is_over_another_municipalitys_or_only_written_wrongly_is_not_gone(self) -> None:
        published(bouwkamp(title="Beestenboel (Lembeke)", starts_on=date(2019, 8, 22)), bouwkamp(municipality="Eeklo"))

        found = look(BOUWKAMP, BEESTENBOEL.replace(",20,", ",veel,"), BOUWKAMP.replace("2019-08-19", "2019-08-20"))

        assert not found.comparison.gone
        late = importing.look(EVERYWHERE, file(sheet(BOUWKAMP)), Asked(), NOW.replace(year=2020))
        assert not late.comparison.gone

    def test_a_file_of_another_municipality_is_refused(self) -> None:
        with pytest.raises(Problem) as raised:
            look(BOUWKAMP.replace("Kaprijke", "Eeklo"))
        assert raised.value.kind.slug == "not-allowed"

    def test_a_municipality_that_is_only_chosen_is_refused_too(self) -> None:
        with pytest.raises(Problem):
            look(BOUWKAMP, municipality="Eeklo")


class TestAccepting:
    def test_what_was_looked_at_is_imported(self) -> None:
        data = file(PROGRAMME.read_bytes())
        looked = importing.look(EVERYWHERE, data, Asked(), NOW)
        every = {row.key for row in looked.comparison.rows}

        imported = importing.accept(
            EVERYWHERE, data, Asked(), looked.comparison.digest, Accepted(every, {}), LABELS, NOW
        )

        assert imported == importing.Done(imported=17, unchanged=0, refused=[])
        assert len(table.all_sessions()) == 17

    def test_only_what_was_accepted_is_imported_and_the_rest_another_time(self) -> None:
        assert accept(BOUWKAMP, BEESTENBOEL, NO_TITLE, keys={"0-2"}).imported == 1
        assert there() == {("Bouwkamp (Lembeke)", 4500)}

        assert accept(BOUWKAMP, BEESTENBOEL) == importing.Done(imported=1, unchanged=1, refused=[])

    def test_a_row_that_is_wrong_cannot_be_accepted(self) -> None:
        with pytest.raises(Problem) as raised:
            accept(NO_TITLE)
        assert [one.field for one in raised.value.errors] == ["rows"]

    def test_what_is_published_changes_with_a_reason_and_not_without(self) -> None:
        published(bouwkamp())
        changed = BOUWKAMP.replace("45.00", "50.00")

        with pytest.raises(Problem) as raised:
            accept(changed)
        assert [one.field for one in raised.value.errors] == ["reason"]
        assert there() == {("Bouwkamp (Lembeke)", 4500)}
        assert accept(changed, reason=REASON).imported == 1

        assert there() == {("Bouwkamp (Lembeke)", 5000)}
        assert ledger.entries()[-1].what is LedgerAct.SESSION_CHANGED

    def test_the_number_of_seats_is_not_for_an_import(self) -> None:
        published(bouwkamp())
        found = look(BOUWKAMP.replace(",20,45.00", ",25,50.00"))

        assert found.corrects(found.comparison.rows[0]) == ["price_eur"]
        accept(BOUWKAMP.replace(",20,45.00", ",25,50.00"), reason=REASON)

        (session,) = table.all_sessions()
        assert (session.capacity, session.price_cents) == (20, 5000)

    def test_what_is_gone_is_withdrawn_or_deleted_if_somebody_says_so(self) -> None:
        zee, draft = bouwkamp(title="Zeekamp"), bouwkamp(title="Boskamp", capacity=None)
        published(bouwkamp(), zee, draft)
        found = look(BOUWKAMP)
        assert found.empty == {zee.session_id, draft.session_id}

        accept(BOUWKAMP, gone={zee.session_id, draft.session_id}, reason=REASON)

        assert {one.title: bool(one.cancelled_at) for one in table.all_sessions()} == {
            "Bouwkamp (Lembeke)": False,
            "Zeekamp": True,
        }
        assert not look(BOUWKAMP).comparison.gone

    def test_what_cannot_be_done_says_so_and_stops_nothing_else(self, monkeypatch: pytest.MonkeyPatch) -> None:
        published(bouwkamp(), bouwkamp(title="Zeekamp"))
        correct = importing.correcting.correct

        def meanwhile(session_id: str, *given: Any, **more: Any) -> Session:
            if session_id == bouwkamp().session_id:
                raise Problem(NOT_FOUND)
            return correct(session_id, *given, **more)

        monkeypatch.setattr(importing.correcting, "correct", meanwhile)
        dear = [
            BOUWKAMP.replace("45.00", "50.00"),
            BOUWKAMP.replace("45.00", "50.00").replace("Bouwkamp (Lembeke)", "Zeekamp"),
        ]

        done = accept(*dear, BEESTENBOEL, reason=REASON)

        assert (done.imported, [one.name for one in done.refused]) == (2, ["Bouwkamp (Lembeke)"])
        assert there() == {("Bouwkamp (Lembeke)", 4500), ("Zeekamp", 5000), ("Beestenboel (Lembeke)", 3000)}

    def test_a_long_file_that_breaks_off_says_what_is_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given a file of two transactions, and a colleague who makes the second session meanwhile
        monkeypatch.setattr(table, "MOST_WRITES", 2)
        write = stormloop_table.transact_write

        def meanwhile(writes: Any) -> None:
            write(writes)
            monkeypatch.setattr(stormloop_table, "transact_write", write)
            published(bouwkamp(title="Beestenboel (Lembeke)", starts_on=date(2019, 8, 22), ends_on=date(2019, 8, 23)))

        monkeypatch.setattr(stormloop_table, "transact_write", meanwhile)

        done = accept(BOUWKAMP, BEESTENBOEL)

        assert (done.imported, [one.name for one in done.refused]) == (1, ["Beestenboel (Lembeke)"])
        assert there() == {("Bouwkamp (Lembeke)", 4500), ("Beestenboel (Lembeke)", 4500)}

    def test_a_draft_that_a_colleague_changed_meanwhile_is_not_overwritten(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = bouwkamp(capacity=None)
        published(draft)
        write = stormloop_table.transact_write

        def meanwhile(writes: Any) -> None:
            monkeypatch.setattr(stormloop_table, "transact_write", write)
            published(replace(draft, price_cents=9900))
            write(writes)

        monkeypatch.setattr(stormloop_table, "transact_write", meanwhile)

        with pytest.raises(Problem) as raised:
            accept(BOUWKAMP)
        assert raised.value.kind.slug == "changed"
        assert there() == {("Bouwkamp (Lembeke)", 9900)}

    def test_a_camp_that_is_cancelled_does_not_come_back(self) -> None:
        published(bouwkamp(), bouwkamp(title="Zeekamp"))
        accept(BOUWKAMP, gone={bouwkamp(title="Zeekamp").session_id}, reason=REASON)

        found = look(BOUWKAMP, BOUWKAMP.replace("Bouwkamp (Lembeke)", "Zeekamp").replace("45.00", "50.00"))

        assert [row.fate.value for row in found.comparison.rows] == ["unchanged", "wrong"]

    def test_a_file_that_would_do_something_else_by_now_is_looked_at_again(self) -> None:
        digest = look(BOUWKAMP, BEESTENBOEL).comparison.digest
        published(bouwkamp())

        with pytest.raises(Problem) as raised:
            importing.accept(
                ELS, file(sheet(BOUWKAMP, BEESTENBOEL)), Asked(), digest, Accepted({"0-2", "0-3"}, {}), LABELS, NOW
            )
        assert raised.value.kind.slug == "changed"
        assert there() == {("Bouwkamp (Lembeke)", 4500)}

    def test_the_same_file_again_changes_nothing(self) -> None:
        accept(BOUWKAMP)

        assert shown(look(BOUWKAMP)) == [(2, "Kaprijke, Bouwkamp (Lembeke)", "unchanged")]

    def test_two_groups_of_one_camp_are_two_sessions_and_stay_so(self) -> None:
        groups = [BOUWKAMP, BOUWKAMP.replace(",3,6,", ",7,12,")]
        accept(*groups)

        assert [row.fate.value for row in look(*groups).comparison.rows] == ["unchanged", "unchanged"]
        assert [row.fate.value for row in look(*groups[::-1]).comparison.rows] == ["unchanged", "unchanged"]
        ids = {one.session_id for one in table.all_sessions()}
        assert len(ids) == 2
        assert bouwkamp().session_id in ids

    def test_a_second_group_beside_one_that_is_published_is_new(self) -> None:
        published(bouwkamp())

        found = look(BOUWKAMP.replace(",3,6,", ",7,12,"), BOUWKAMP)

        assert [row.fate.value for row in found.comparison.rows] == ["new", "unchanged"]


class TestRenaming:
    RENAMED = BOUWKAMP.replace("Bouwkamp", "Bouwen en timmeren")
    MOVED = BOUWKAMP.replace("2019-08-19", "2019-08-20").replace("2019-08-21", "2019-08-22")

    def test_a_new_title_on_the_same_days_is_asked(self) -> None:
        published(bouwkamp())

        (row,) = look(self.RENAMED).comparison.rows

        assert [one.title for one in row.perhaps] == ["Bouwkamp (Lembeke)"]
        with pytest.raises(Problem) as raised:
            accept(self.RENAMED)
        assert [one.field for one in raised.value.errors] == ["same-0-2"]
        assert there() == {("Bouwkamp (Lembeke)", 4500)}

    def test_so_are_new_days_of_the_same_title(self) -> None:
        published(bouwkamp(), bouwkamp(title="Zeekamp", starts_on=date(2019, 8, 23), ends_on=date(2019, 8, 23)))

        row = look(self.MOVED, BOUWKAMP.replace("2019-08", "2019-07")).comparison.rows[0]

        assert [one.title for one in row.perhaps] == ["Bouwkamp (Lembeke)"]

    def test_another_session_is_made_if_somebody_says_so(self) -> None:
        published(bouwkamp())

        accept(self.RENAMED, same={"0-2": ANOTHER})

        assert {title for title, _ in there()} == {"Bouwkamp (Lembeke)", "Bouwen en timmeren (Lembeke)"}

    def test_a_draft_gets_its_new_title(self) -> None:
        table.save_import(read_rows(sheet(BOUWKAMP.replace(",20,", ",,"))))
        before = bouwkamp().session_id

        accept(self.RENAMED, same={"0-2": before})

        (session,) = table.all_sessions()
        assert session.title == "Bouwen en timmeren (Lembeke)"
        assert not session.missing

    def test_a_published_one_is_renamed_and_keeps_its_id_and_what_the_file_does_not_say(self) -> None:
        published(bouwkamp(place="Sporthal"))

        before = bouwkamp().session_id
        accept(self.RENAMED, same={"0-2": before}, gone={before}, reason=REASON)

        (session,) = table.all_sessions()
        assert (session.session_id, session.title) == (bouwkamp().session_id, "Bouwen en timmeren (Lembeke)")
        assert (session.place, session.cancelled_at) == ("Sporthal", None)
        # And both the new file and the old one are about it
        assert [row.fate.value for row in look(self.RENAMED).comparison.rows] == ["unchanged"]
        assert [row.fate.value for row in look(BOUWKAMP).comparison.rows] == ["unchanged"]

    def test_one_group_of_two_can_be_corrected(self) -> None:
        groups = [BOUWKAMP, BOUWKAMP.replace(",3,6,", ",7,12,")]
        accept(*groups)
        dear = [one.replace("45.00", "50.00") for one in groups]

        assert accept(*dear, reason=REASON).refused == []

        assert {one.price_cents for one in table.all_sessions()} == {5000}
        assert [row.fate.value for row in look(*dear).comparison.rows] == ["unchanged", "unchanged"]


class TestMatching:
    DATA = file(b"Wat;Wanneer?;Voor wie\r\nBouwkamp;5-9 juli 2027;6-12 jaar\r\n")
    SAID = {0: {0: "title", 1: "days", 2: LEFT_OUT}}  # noqa: RUF012

    def test_what_was_said_of_columns_is_remembered_once_it_was_accepted(self) -> None:
        asked = Asked("Kaprijke", self.SAID)
        looked = importing.look(ELS, self.DATA, asked, NOW)
        assert importing.look(ELS, self.DATA, Asked("Kaprijke"), NOW).reading.errors

        importing.accept(ELS, self.DATA, asked, looked.comparison.digest, Accepted({"0-2"}, {}), LABELS, NOW)

        again = importing.look(ELS, self.DATA, Asked("KAPRIJKE"), NOW)
        assert [one.column for one in again.reading.sheets[0].header.columns] == ["title", "days", LEFT_OUT]
        assert shown(again) == [(2, "Kaprijke, Bouwkamp", "unchanged")]

    def test_another_municipality_says_it_for_itself(self) -> None:
        asked = Asked("Kaprijke", self.SAID)
        looked = importing.look(ELS, self.DATA, asked, NOW)
        importing.accept(ELS, self.DATA, asked, looked.comparison.digest, Accepted({"0-2"}, {}), LABELS, NOW)

        assert importing.look(EVERYWHERE, self.DATA, Asked("Eeklo"), NOW).reading.errors
