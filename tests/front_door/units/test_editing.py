"""Units and their people, as a manager types them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table as items
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem
from chalicelib.front_door.cases import scope, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.forms import canary
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.editing import IN_A_CIRCLE, Darkness, as_seen, save
from chalicelib.front_door.units.rules import Unit, Widening
from chalicelib.front_door.watching import daily
from chalicelib.front_door.watching import table as watching
from chalicelib.front_door.watching.addresses import Asked
from chalicelib.front_door.watching.rules import RingKind
from tests.front_door import city
from tests.front_door.city import KOEN, NADIA, NOW, OFFICE, RIA, STREETS, YOUTH, said
from tests.interrupting import before_write

SENT: dict[str, Any] = {
    "name": said("Burgerzaken", "Population", "Civil affairs"),
    "people": ["Nadia.Baert@kaprijke.example", "nadia.baert@kaprijke.example", "koen.desmet@kaprijke.example"],
    "head": None,
    "above": "office",
    "is_confidential": False,
}


@pytest.fixture(autouse=True)
def _units(table: None) -> None:
    items.transact_write([units.putting(STREETS), units.putting(OFFICE), units.putting(YOUTH)])


def test_a_unit_has_each_person_once_in_small_letters() -> None:
    unit = save(None, SENT, Darkness(), KOEN, NOW)

    assert unit.unit_id == "burgerzaken"
    assert unit.people == ("nadia.baert@kaprijke.example", "koen.desmet@kaprijke.example")
    assert units.get("burgerzaken") == unit
    assert save(None, SENT, Darkness(), KOEN, NOW).unit_id == "burgerzaken-2"


@pytest.mark.parametrize(
    "changed",
    [
        {"name": said("") | {"fr": "Population"}},
        {"people": ["nadia"]},
        {"people": [f"p{number}@kaprijke.example" for number in range(101)]},
        {"head": "Nadia"},
        {"above": "nowhere"},
        {"name": {"nl": "<b>\n</b>", "fr": "x", "en": "x"}},
    ],
)
def test_what_is_no_unit_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(Problem) as refused:
        save(None, SENT | changed, Darkness(), KOEN, NOW)

    assert refused.value.kind is INVALID


def test_no_unit_stands_above_itself() -> None:
    circle = SENT | {"above": "streets"}  # which the office stands above
    with pytest.raises(Problem) as refused:
        save(OFFICE, circle, Darkness(), KOEN, NOW)

    assert [one.message for one in refused.value.errors] == [IN_A_CIRCLE]


def test_of_two_who_change_a_unit_the_second_one_is_told() -> None:
    save(as_seen("streets", 1), SENT, Darkness(), KOEN, NOW)

    with pytest.raises(Problem) as refused:
        as_seen("streets", 1)
    assert refused.value.kind is CHANGED
    with pytest.raises(Problem) as refused:
        save(STREETS, SENT, Darkness(), KOEN, NOW)
    assert refused.value.kind is CHANGED


CARE: dict[str, Any] = {
    "name": dict(YOUTH.name),
    "people": [RIA.email],
    "head": RIA.email,
    "above": "office",
    "is_confidential": True,
}
WHY = "Nadia vervangt Ria tot 1 mei."


def test_who_lets_somebody_read_confidential_cases_says_why_in_the_ledger_and_in_the_unit() -> None:
    joined = CARE | {"people": [RIA.email, NADIA.email]}
    with pytest.raises(Problem) as refused:
        save(YOUTH, joined, Darkness(), KOEN, NOW)
    assert [one.field for one in refused.value.errors] == ["reason"]
    assert units.get("youth") == YOUTH

    save(YOUTH, joined, Darkness(), KOEN, NOW, WHY)
    unit = save(as_seen("youth", 2), CARE, Darkness(), KOEN, NOW)  # whoever takes her away again hides nothing

    (entry,) = ledger.entries()
    assert (entry.what, entry.reason, entry.staff_name) == (LedgerAct.UNIT_WIDENED, WHY, KOEN.name)
    assert entry.details == {"units": ["youth"], "joined": 1, "no_longer_confidential": False}
    assert entry.private == {"people": {"youth": [NADIA.email]}}
    assert units.get("youth") == unit
    assert unit.widenings == (Widening(2, NOW, KOEN.name, (NADIA.email,), False, (RIA.email,)),)


def test_who_joins_the_unit_above_an_empty_one_is_written_down_there_too() -> None:
    save(YOUTH, CARE | {"people": []}, Darkness("Opgeheven."), KOEN, NOW, WHY)
    office = SENT | {"name": dict(OFFICE.name), "people": [KOEN.email, NADIA.email], "above": None}
    save(OFFICE, office, Darkness(), KOEN, NOW, WHY)

    youth, after = units.get("youth"), units.get("office")
    assert youth is not None
    assert after is not None
    assert [one.people for one in youth.widenings] == [(KOEN.email,), (NADIA.email,)]
    assert (youth.edition, after.edition, after.widenings) == (3, 2, ())


def test_nobody_joins_a_unit_while_another_below_it_is_emptied_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = units.every()
    save(YOUTH, CARE | {"people": []}, Darkness("Opgeheven."), KOEN, NOW, WHY)
    monkeypatch.setattr(units, "every", lambda: seen)  # read before

    with pytest.raises(Problem) as refused:
        save(OFFICE, SENT | {"people": [KOEN.email, NADIA.email], "above": None}, Darkness(), KOEN, NOW)

    assert refused.value.kind is CHANGED


def sent(unit: Unit) -> dict[str, Any]:
    """As the page sends a unit."""
    return {
        **SENT,
        "name": dict(unit.name),
        "people": list(unit.people),
        "above": unit.above or None,
    }


def refused_with(count: int, before: Unit, **changed: object) -> None:
    with pytest.raises(Problem) as refused:
        save(before, sent(before) | changed, Darkness("Niemand meer."), KOEN, NOW)
    assert (refused.value.kind, str(count) in refused.value.extra["why"]["en"]) == (NOT_NOW, True)


def test_who_answers_for_a_unit_without_people_leaves_it_to_nobody() -> None:
    """The office stands above the streets, which have nobody."""
    for form in city.FORMS:
        city.publish(form)
    sending.send(city.report(), NOW)
    items.transact_write([units.putting(replace(STREETS, people=(), edition=2))])
    units.forget()

    refused_with(1, OFFICE, people=[])
    refused_with(1, as_seen("streets", 2), above=None)
    assert save(as_seen("streets", 2), sent(STREETS), Darkness(), KOEN, NOW).people == STREETS.people


@pytest.mark.parametrize("above", ["office", ""])
def test_a_case_that_is_sent_while_the_last_person_leaves_is_the_unit_aboves_or_rings(above: str) -> None:
    """It is stored between the look at the inbox and the write."""
    items.transact_write([units.putting(replace(STREETS, above=above, edition=2))])
    for form in city.FORMS:
        city.publish(form)
    case: list[Case] = []
    leaves = as_seen("streets", 2)

    with before_write(0, lambda: case.append(sending.send(city.report(), NOW).case)):
        save(leaves, sent(leaves) | {"people": []}, Darkness("Niemand meer."), KOEN, NOW)

    assert [entry.case_id for entry in cases.inbox("streets")] == [case[0].case_id]
    assert scope.is_theirs(city.KOEN, "streets") is bool(above)
    with patch.object(canary, "fly", return_value=1):
        daily.look(NOW + timedelta(days=1), lambda *_, **__: Asked(None, 200))
    assert "/streets" in [one.subject for one in watching.rings() if one.kind is RingKind.PEOPLE]
