"""What everybody sees follows the case behind the stream: what may not be shown any more goes, whoever forgot it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.core import table as items
from chalicelib.front_door.cases import acting, ending, sending
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.reports import showing, table
from tests.front_door import city
from tests.front_door.city import NADIA, NOW


@pytest.fixture
def shown(table: None) -> Case:
    city.a_city()
    case = sending.send(city.report(), NOW).case
    return showing.show(case, NADIA, case.edition, "Een losse tegel", [], NOW)


def seen(case: Case) -> bool:
    return table.get(table.id_of(case)) is not None


@pytest.mark.parametrize(
    "changes",
    [{"merged_into": "ACDEFGHJKMNPR"}, {"is_confidential": True}, {"is_public": False}],
    ids=["merged", "confidential", "taken back"],
)
def test_what_may_not_be_shown_any_more_is_gone(shown: Case, changes: dict[str, object]) -> None:
    """By a change that says nothing of the report."""
    after = acting.change(shown, Deed(Act.NOTED, acting.actor(NADIA), NOW, changes=changes))
    assert seen(shown)

    table.follow(after)

    assert not seen(shown)


def test_a_late_message_takes_nothing_away_that_was_shown_again(shown: Case) -> None:
    hidden = showing.hide(shown, NADIA, shown.edition, NOW)
    again = showing.show(hidden, NADIA, hidden.edition, "Toch wel", [], NOW)

    table.follow(hidden)

    assert seen(again)


def test_nothing_of_an_ended_case_is_seen_and_no_message_brings_it_back(shown: Case) -> None:
    answered = Deed(Act.ANSWERED, acting.actor(NADIA), NOW, CaseStatus.ANSWERED, "Hersteld.")
    done = acting.change(shown, replace(answered, changes={"answered_on": NOW.date()}))
    daybook.note(done)

    assert ending.end(datetime(2029, 4, 2, 3, tzinfo=UTC)) == 1
    table.follow(done)

    assert not seen(shown)


@pytest.mark.usefixtures("table")
def test_a_case_that_nobody_ever_saw_costs_no_write(monkeypatch: pytest.MonkeyPatch) -> None:
    city.a_city()
    case = sending.send(city.report(), NOW).case
    taken = acting.change(case, Deed(Act.TAKEN, acting.actor(NADIA), NOW, CaseStatus.IN_PROGRESS))
    monkeypatch.setattr(items.Item, "delete", lambda *_, **__: pytest.fail("a write"))

    for each in (case, taken):
        table.follow(each)
