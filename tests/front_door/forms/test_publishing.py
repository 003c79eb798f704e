"""A form is published only if it leads to people, after a canary went each of its ways; it goes dark with its unit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core import table as items
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem, not_now
from chalicelib.core.refusals import Refused
from chalicelib.front_door.cases import acting, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.forms import canary, editing, publishing, table
from chalicelib.front_door.forms.examples import EXAMPLES
from chalicelib.front_door.forms.rules import Form, FormHead, PlaceRule, RoutingRule
from chalicelib.front_door.mapping import places
from chalicelib.front_door.mapping import table as maps
from chalicelib.front_door.routing import areas
from chalicelib.front_door.routing import editing as drawing
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.routing.branches import Branch, branches
from chalicelib.front_door.units import editing as staffing
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.editing import Darkness
from chalicelib.front_door.units.rules import Unit
from tests.core.http.conftest import stored
from tests.front_door import city
from tests.front_door.city import COMPLAINT, KOEN, NOW, OFFICE, STREET, STREETS, YOUTH, said
from tests.front_door.routing.test_branches import area
from tests.front_door.routing.test_geojson import feature, file

WEST = area("west", 3.0, 3.2)


@pytest.fixture(autouse=True)
def _units(table: None) -> None:
    for unit in city.UNITS:
        items.transact_write([units.putting(unit)])
    items.transact_write([areas.putting(WEST)])


def drafted(form: Form, edition: int = 1) -> None:
    head = FormHead(form.form_id, 0, None, 0, form.version, None, "", 1)
    items.transact_write([table.putting(form, edition), table.putting_head(head)])


def emptied(unit: Unit, darkness: str = "") -> Unit:
    now = units.get(unit.unit_id)
    assert now is not None
    content: dict[str, Any] = {
        "name": dict(now.name),
        "people": [],
        "head": None,
        "above": None,
        "is_confidential": False,
    }
    return staffing.save(now, content, Darkness(darkness), KOEN, NOW, "Het team is opgeheven.")


def refused(do: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as problem:
        do()
    return problem.value


def test_a_form_is_published_after_a_canary_went_each_way_and_nothing_of_them_is_left() -> None:
    form = replace(STREET, routing=(*STREET.routing, RoutingRule("youth", {}, ("west",))))
    drafted(form)
    flown: list[str] = []

    def watched(sent: Case, branch: Branch, now: object) -> None:
        flown.append(sent.unit_id)
        assert sent.is_canary
        assert [one.case_id for one in cases.whole_inbox(sent.unit_id)] == [sent.case_id]
        assert list(cases.inbox(sent.unit_id)) == []
        through(sent, branch, NOW)

    through = canary._through
    with mock.patch.object(canary, "_through", watched):
        publishing.publish("street", 1, NOW)

    assert flown == ["office", "youth", "streets"]
    assert not [item for item in stored() if item["pk"]["S"].startswith(("CASE#", "INBOX#"))]
    assert table.published()["street"] == form
    sent = sending.send(city.report(), NOW).case
    assert sent.unit_id == "streets"


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"title": said("") | {"nl": "Een klacht"}}, "texts"),
        ({"questions": ()}, "questions"),
        ({"owner": ""}, "answering"),
        ({"owner": "gone"}, "answering"),
        ({"deadline": replace(COMPLAINT.deadline, days=0)}, "answering"),
        ({"receipt": {}}, "receipt"),
        ({"if_not": {"nl": "Bel.", "fr": " ", "en": "Call."}}, "receipt"),
        ({"closes_on": date(2027, 3, 7)}, "dates"),
        ({"at_once_link": "https://overheid.example/"}, "dates"),
        ({"routing": (RoutingRule("gone", {"story": ("x",)}),)}, "routing"),
    ],
)
def test_what_is_missing_is_named_with_the_page_where_it_is_entered(changed: dict[str, object], part: str) -> None:
    drafted(replace(COMPLAINT, **changed))  # type: ignore[arg-type]

    problem = refused(lambda: publishing.publish("complaint", 1, NOW))

    assert (problem.kind, {one.field for one in problem.errors}) == (INVALID, {part})
    assert table.published() == {}


def test_a_shipped_form_needs_a_unit_and_nothing_else() -> None:
    for name, form in EXAMPLES.items():
        drafted(replace(form, form_id=name, owner="office"))
        publishing.publish(name, 1, NOW)

    assert set(table.published()) == set(EXAMPLES)


@pytest.mark.parametrize(
    ("broken", "step"),
    [
        ((cases, "putting_new", Refused({})), "sent"),
        ((cases, "in_inbox", False), "inbox"),
        ((acting, "change", not_now(acting.NOT_FROM_HERE)), "answered"),
        ((sending, "opened", Problem(CHANGED)), "receipt"),
    ],
)
def test_a_canary_that_is_lost_publishes_nothing_and_is_removed(broken: tuple[object, str, object], step: str) -> None:
    drafted(COMPLAINT)
    module, name, result = broken
    how = {"side_effect": result} if isinstance(result, Exception) else {"return_value": result}

    with mock.patch.object(module, name, **how):
        problem = refused(lambda: publishing.publish("complaint", 1, NOW))

    assert (problem.kind, problem.extra["why"]["en"]) == (NOT_NOW, canary.LOST[step])
    assert not [item for item in stored() if item["pk"]["S"].startswith(("CASE#", "INBOX#"))]
    assert table.published() == {}


def test_nobody_publishes_an_edition_that_no_canary_went_through() -> None:
    drafted(COMPLAINT)
    with mock.patch.object(table, "mark_passed"):
        assert refused(lambda: publishing.publish("complaint", 1, NOW)).kind is CHANGED

    found = editing.draft("complaint")
    table.mark_passed(found.form, 1)
    editing.change(found, "texts", content(COMPLAINT), 1, KOEN)  # the mark is of the edition before
    with pytest.raises(Refused):
        items.transact_write([table.publishing(COMPLAINT, 2, NOW)])


def content(form: Form) -> dict[str, object]:
    return {"kind": form.kind.value, "title": dict(form.title), "intro": dict(form.intro)}


def test_a_unit_that_loses_its_last_person_while_somebody_publishes_keeps_the_form_out() -> None:
    drafted(COMPLAINT)

    def meanwhile(*_: object) -> int:
        emptied(OFFICE)
        return 1

    with mock.patch.object(canary, "fly", meanwhile):
        problem = refused(lambda: publishing.publish("complaint", 1, NOW))

    assert [one.message for one in problem.errors] == [publishing.NO_PEOPLE]
    assert table.published() == {}


def test_nobody_empties_a_unit_to_which_a_form_was_published_since_they_looked() -> None:
    drafted(COMPLAINT)

    def meanwhile(unit_id: str) -> list[object]:
        publishing.publish("complaint", 1, NOW)
        return []

    with mock.patch.object(publishing, "leading_to", meanwhile):
        assert refused(lambda: emptied(OFFICE)).kind is CHANGED

    office = units.get("office")
    assert office is not None
    assert office.people


def test_the_last_person_leaves_only_when_the_forms_go_dark_and_both_are_one() -> None:
    drafted(COMPLAINT)
    drafted(STREET)  # one of its rules leads to the office
    publishing.publish("complaint", 1, NOW)
    publishing.publish("street", 1, NOW)

    problem = refused(lambda: emptied(OFFICE))
    assert problem.kind is NOT_NOW
    assert "Een klacht, Iets op straat" in problem.extra["why"]["nl"]

    emptied(OFFICE, "Het secretariaat is opgeheven.")

    assert table.published() == {}
    head = table.head("complaint")
    assert head is not None
    assert (head.dark_since, head.dark_why) == (NOW, "Het secretariaat is opgeheven.")
    assert refused(lambda: sending.send(city.complaint(), NOW)).kind is NOT_NOW


def test_a_form_that_is_dark_comes_back_only_with_people() -> None:
    drafted(COMPLAINT)
    publishing.publish("complaint", 1, NOW)
    emptied(OFFICE, "Niemand meer.")

    assert refused(lambda: publishing.relight("complaint", 3, NOW)).kind is INVALID

    office = units.get("office")
    assert office is not None
    items.transact_write([units.putting(replace(office, people=(KOEN.email,), edition=office.edition + 1))])
    publishing.relight("complaint", 3, NOW)
    assert set(table.published()) == {"complaint"}
    assert refused(lambda: publishing.relight("complaint", 3, NOW)).kind is CHANGED


def test_a_unit_with_cases_in_hand_keeps_its_people() -> None:
    city.publish(COMPLAINT)
    sending.send(city.complaint(), NOW)

    assert "in hand: 1." in refused(lambda: emptied(OFFICE, "Weg.")).extra["why"]["en"]


def test_a_form_is_withdrawn_and_says_why_to_staff() -> None:
    drafted(COMPLAINT)
    publishing.publish("complaint", 1, NOW)

    publishing.withdraw("complaint", 2, "De campagne is voorbij.", NOW)

    assert table.published() == {}
    assert refused(lambda: publishing.withdraw("complaint", 3, "Nog eens.", NOW)).kind is NOT_NOW
    assert refused(lambda: publishing.withdraw("complaint", 2, "Nog eens.", NOW)).kind is CHANGED


def test_what_is_sent_by_the_version_before_goes_to_whom_the_new_one_leads() -> None:
    drafted(COMPLAINT)
    publishing.publish("complaint", 1, NOW)
    editing.begin_version("complaint", KOEN)
    draft = editing.draft("complaint")
    items.transact_write([table.putting(replace(draft.form, owner="youth"), 2)])
    publishing.publish("complaint", 2, NOW)
    emptied(OFFICE)  # nothing leads there any more

    late = replace(city.complaint(), version=1)
    assert sending.send(late, NOW + timedelta(days=2)).case.unit_id == "youth"


def test_an_area_stays_while_a_form_is_routed_by_it() -> None:
    form = replace(COMPLAINT, place=PlaceRule.OPTIONAL, routing=(RoutingRule("youth", {}, ("west",)),))
    drafted(form)
    publishing.publish("complaint", 1, NOW)

    assert refused(lambda: drawing.remove("west", 1)).kind is CHANGED  # the form relies on it since
    assert "Een klacht" in refused(lambda: drawing.remove("west", 2)).extra["why"]["nl"]
    publishing.withdraw("complaint", 2, "Voorbij.", NOW)
    drawing.remove("west", 2)
    problem = refused(lambda: publishing.relight("complaint", 3, NOW))
    assert {one.field for one in problem.errors} == {"routing"}


STEPS = st.sampled_from(
    ["publish", "version", "dark", "empty", "people", "withdraw", "relight", "route", "area", "redraw"]
)
# What "redraw" makes of the area, by the step's unit: the last one lies outside the city.
DRAWINGS = {
    "streets": [[3.0, 51.0], [3.1, 51.0], [3.1, 51.1], [3.0, 51.0]],
    "office": [[2.8, 50.8], [3.05, 50.8], [3.05, 51.3], [2.8, 51.3], [2.8, 50.8]],
    "youth": [[3.3, 51.0], [3.4, 51.0], [3.4, 51.1], [3.3, 51.0]],
}
CITY = {"type": "Polygon", "coordinates": [[[2.9, 50.9], [3.2, 50.9], [3.2, 51.2], [2.9, 51.2], [2.9, 50.9]]]}


def test_a_form_is_not_published_by_an_area_that_was_drawn_anew_since_its_ways_were_looked_for() -> None:
    drafted(replace(COMPLAINT, place=PlaceRule.OPTIONAL, routing=(RoutingRule("youth", {}, ("west",)),)))

    def meanwhile(*_: object) -> int:
        drawing.take(file(feature("west", DRAWINGS["youth"])))
        return 1

    with mock.patch.object(canary, "fly", meanwhile):
        assert refused(lambda: publishing.publish("complaint", 1, NOW)).kind is CHANGED

    assert table.published() == {}


def test_a_rule_that_another_border_of_the_city_leaves_without_cases_stops_the_canary() -> None:
    form = replace(COMPLAINT, place=PlaceRule.OPTIONAL, routing=(RoutingRule("youth", {}, ("west",)),))
    maps.put(maps.CityMap(border={"type": "Polygon", "coordinates": [DRAWINGS["youth"]]}))

    with pytest.raises(canary.CanaryLost) as lost:
        canary.fly(form, NOW)

    assert (lost.value.step, lost.value.branch.unit_id) == ("rule", "youth")


@settings(max_examples=8)
@given(st.lists(st.tuples(STEPS, st.sampled_from((STREETS, OFFICE, YOUTH))), min_size=8, max_size=20))
def test_whatever_managers_do_each_form_that_is_there_leads_to_people(steps: list[tuple[str, Unit]]) -> None:
    for item in stored():
        items.call("DeleteItem", Key={"pk": item["pk"], "sk": item["sk"]})
    for unit in city.UNITS:
        items.transact_write([units.putting(unit)])
    items.transact_write([areas.putting(WEST)])
    maps.put(maps.CityMap(border=CITY))
    drafted(STREET)
    publishing._forget()

    for step, unit in steps:
        try:
            _step(step, unit)
        except Problem:
            continue
        people = {one.unit_id for one in units.every().values() if one.people}
        for form in table.published().values():
            assert set(form.units) <= people
            ways, wrong = branches(form, areas.every(), places.border())
            assert wrong == []  # each rule has a place within the border, as the areas are drawn now
            assert {way.rule for way in ways} >= set(range(len(form.routing)))


def _step(step: str, unit: Unit) -> None:
    head = table.head("street")
    now = units.get(unit.unit_id)
    assert head is not None
    assert now is not None
    if step == "publish":
        publishing.publish("street", editing.draft("street").edition, NOW)
    elif step == "version":
        editing.begin_version("street", KOEN)
    elif step in ("dark", "empty"):
        emptied(unit, "Niemand meer." if step == "dark" else "")
    elif step == "people":
        items.transact_write([units.putting(replace(now, people=unit.people, edition=now.edition + 1))])
    elif step == "withdraw":
        publishing.withdraw("street", head.edition, "Voorbij.", NOW)
    elif step == "relight":
        publishing.relight("street", head.edition, NOW)
    elif step == "redraw":
        drawing.take(file(feature("west", DRAWINGS[unit.unit_id])))
    elif step == "area":
        known: Area | None = areas.every().get("west")
        if known:
            drawing.remove("west", known.edition)
        else:
            items.transact_write([areas.putting(WEST)])
    else:
        draft = editing.draft("street")
        rules = [RoutingRule(unit.unit_id, {"sort": ("lamp",)}), RoutingRule("youth", {}, ("west",))]
        editing.route(draft, rules, draft.edition, KOEN)
