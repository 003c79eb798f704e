"""From the first line of a plan to a published opening, by three people on pages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chalicelib.pages.frame.forms import Form
from chalicelib.pages.staff import plan_form
from chalicelib.people.staff.rules import Role
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import State
from tests.camps import BOUWKAMP, published
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, Shown


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture
def els() -> Browser:
    return Browser("en").sign_in(Role.MANAGER, name="Els Maes")


@pytest.fixture
def anna() -> Browser:
    return Browser("en").sign_in(Role.APPROVER, name="Anna Pauwels")


@pytest.fixture
def bram() -> Browser:
    return Browser("en").sign_in(Role.APPROVER, name="Bram Wouters")


def typed(**changed: object) -> dict[str, object]:
    return {
        "titles.nl": "Herfstkampen 2027",
        "titles.fr": "Camps d’automne 2027",
        "titles.en": "Autumn camps 2027",
        "session_ids": [published(title="Schaakkamp", opens_at=None).session_id],
        "windows[0].opens_at": "2027-05-07T19:00",
        "windows[0].spread_minutes": "30",
        "windows[0].postcodes": "9970, 9971",
        "passes_until": "2027-05-06T20:00",
        "expected_families": "2000",
        "incident_rule.nl": "Valt het systeem uit, dan telt elke poging.",
        "incident_rule.fr": "En cas de panne, chaque tentative compte.",
        "incident_rule.en": "If the system fails, every attempt counts.",
        **changed,
    }


def draft(els: Browser, **changed: object) -> Shown:
    els.get("/office/openings/new")
    return els.submit(typed(**changed), "Save")


def id_of(shown: Shown) -> str:
    return shown.path.split("/")[3].partition("?")[0]


class TestAPlan:
    def test_it_is_stored_as_a_draft_that_is_checked(self, els: Browser) -> None:
        shown = draft(els)

        assert shown.heading == "Autumn camps 2027"
        assert "The draft is stored." in shown.text
        assert "The check finds no problem." in shown.text
        assert (
            "Good to know: Round 1: Only for these postcodes : The last round is for some postcodes only" in shown.text
        )
        found = openings.get(id_of(shown))
        assert found
        assert found[0].plan.windows[0].postcodes == ("9970", "9971")
        assert found[0].plan.expected_families == 2000

    def test_an_ordinary_opening_takes_eight_fields_and_has_a_value_for_the_rest(self, els: Browser) -> None:
        asked = els.get("/office/openings/new").html.partition('<details class="site-filters">\n<summary>More: ')[0]
        assert len(set(re.findall(r'id="f-[^"]+" name="([^"]+)"', asked)) - {"session_ids"}) == 7  # and the sessions

        given = {name: value for name, value in typed().items() if name in plan_form.ORDINARY or "titles" in name}
        shown = els.submit(given, "Save")

        found = openings.get(id_of(shown))
        assert found
        plan = found[0].plan
        assert "The check finds no problem." in shown.text
        assert plan.passes_until == datetime(2027, 5, 7, 16, tzinfo=UTC)
        assert plan.incident_rule["nl"].startswith("Loopt er bij de opening iets mis")

    def test_a_moment_that_is_corrected_takes_the_end_of_preparing_along(self, els: Browser) -> None:
        given = {name: value for name, value in typed().items() if name in plan_form.ORDINARY or "titles" in name}
        els.get("/office/openings/new")
        made = els.submit({**given, "windows[0].opens_at": "2027-03-06T19:01"}, "Save")  # too soon

        els.submit({"windows[0].opens_at": "2027-05-07T19:00"}, "Save")

        found = openings.get(id_of(made))
        assert found
        assert found[0].plan.passes_until == datetime(2027, 5, 7, 16, tzinfo=UTC)

    def test_what_is_no_plan_is_said_beside_its_field_and_what_was_typed_stays(self, els: Browser) -> None:
        shown = draft(els, **{"titles.nl": "", "windows[0].postcodes": "99", "expected_families": "veel"})

        assert shown.status == 422
        assert "Title: nl : This is missing." in shown.text
        assert "Round 1: Only for these postcodes : Give the four digits of a postcode." in shown.text
        assert "How many families may come : Give how many families may come" in shown.text
        fields = dict(shown.page.forms[-1].fields)
        assert (fields["windows[0].postcodes"], fields["expected_families"]) == ("99", "veel")

    def test_what_the_check_finds_stands_beside_its_field(self, els: Browser) -> None:
        shown = draft(els, **{"titles.fr": "", "windows[0].opens_at": "2027-03-06T19:01"})

        assert "As long as something is wrong, nobody can approve this version." in shown.text
        assert "Title: fr : This text is missing." in shown.text
        assert 'id="f-windows-0-opens_at-error">This must be at least five minutes ahead.' in shown.html

    def test_rows_are_added_and_removed_without_a_script(self, els: Browser) -> None:
        els.get("/office/openings/new")

        more = els.submit(typed(), "Add a round")
        assert "Round 2" in more.text
        assert dict(more.page.forms[-1].fields)["titles.nl"] == "Herfstkampen 2027"
        els.submit({"windows[1].opens_at": "2027-05-08T19:00", "windows[1].spread_minutes": "15"}, "Hold seats back")
        kept = els.submit({"windows[0].remove": "true", "held_back[0].staff": "2"}, "Save")

        assert kept.status == 422
        assert "Seats held back 1: Session : This is missing." in kept.text
        stored = els.submit({"held_back[0].remove": "true"}, "Save")
        found = openings.get(id_of(stored))
        assert found
        (window,) = found[0].plan.windows
        assert (window.opens_at.isoformat(), window.postcodes) == ("2027-05-08T17:00:00+00:00", ())

    def test_all_sessions_of_a_municipality_are_chosen_at_once(self, els: Browser) -> None:
        draft_of_a_camp = published(title="Duinenkamp", opens_at=None, capacity=None)
        els.get("/office/openings/new")

        shown = els.submit(typed(session_ids=[]), "Choose all sessions of Kaprijke")

        chosen = [value for name, value in shown.page.forms[-1].fields if name == "session_ids"]
        assert BOUWKAMP.session_id in chosen
        assert draft_of_a_camp.session_id not in chosen

    def test_two_who_change_it_at_once_learn_of_each_other(self, els: Browser) -> None:
        opening_id = id_of(draft(els))
        wim = Browser("en").sign_in(Role.MANAGER, name="Wim Willems")
        wim.get(f"/office/openings/{opening_id}")
        els.get(f"/office/openings/{opening_id}")
        wim.submit({"expected_families": "3000"}, "Save")

        shown = els.submit({"expected_families": "4000"}, "Save")

        assert shown.status == 409
        assert "A colleague stored version 2." in shown.text
        assert "How many families may come 3000 4000" in shown.text
        els.submit({}, "Save")
        found = openings.get(opening_id)
        assert found
        assert (found[0].version, found[0].plan.expected_families) == (3, 4000)


class TestTwoApprovals:
    def test_two_approve_and_a_manager_publishes(self, els: Browser, anna: Browser, bram: Browser) -> None:
        path = f"/office/openings/{id_of(draft(els))}"
        assert "Publish version" not in els.get(path).text

        anna.get(path)
        assert "You have approved this version." in anna.submit({}, "Approve version 1").text
        bram.get(path)
        assert "Approved by 2 of the 2 different people" in bram.submit({}, "Approve version 1").text
        els.get(path)
        done = els.submit({}, "Publish version 1")

        assert "The opening is published" in done.text
        assert "Save" not in done.page.forms[-1].buttons
        found = openings.get(path.rpartition("/")[2])
        assert found
        assert found[0].state is State.PUBLISHED

    def test_nobody_approves_twice(self, els: Browser, anna: Browser) -> None:
        anna.get(f"/office/openings/{id_of(draft(els))}")
        anna.submit({}, "Approve version 1")

        again = anna.submit({}, "Approve version 1")

        assert again.status == 409
        assert "You have approved this version already." in again.text

    def test_what_was_approved_is_what_was_on_the_page(self, els: Browser, anna: Browser) -> None:
        path = f"/office/openings/{id_of(draft(els))}"
        anna.get(path)
        els.get(path)
        els.submit({"expected_families": "3000"}, "Save")

        shown = anna.submit({}, "Approve version 1")

        assert shown.status == 409
        assert "Somebody else changed this meanwhile" in shown.text
        assert "Approve version 2" in shown.page.forms[-1].buttons

    def test_an_approver_reads_the_plan_and_does_not_write_it(self, els: Browser, anna: Browser) -> None:
        shown = anna.get(f"/office/openings/{id_of(draft(els))}")

        assert "families are let in over 30 minutes, for 9970, 9971" in shown.text
        assert "Save" not in {label for form in shown.page.forms for label in form.buttons}
        assert anna.get("/office/openings/new").status == 403


class TestADraw:
    def test_the_public_value_is_entered_by_two_and_the_draw_is_held(self, els: Browser, anna: Browser) -> None:
        # Given a draw whose list is closed, and a value that a manager entered
        path = f"/office/openings/{summers.CLOSING}"
        anna.get(path)
        # When somebody else enters another one, and then the same
        other = anna.submit({"value": "1 2 3"}, "Enter the value")
        assert "This is not the value that was entered first." in other.text
        done = anna.submit({"value": "3 8 17 22 30 41"}, "Enter the value")
        # Then it stands, and the draw goes on
        assert "Both values are the same." in done.text
        els.get(path)
        assert "The draw is being held." in els.submit({}, "Go on with the draw").text

    def test_a_draw_that_is_over_says_so(self, els: Browser) -> None:
        assert "The draw is over, and its result stands." in els.get(f"/office/openings/{summers.DRAWN}").text


class TestTheList:
    def test_it_says_how_far_each_is(self, els: Browser) -> None:
        shown = els.get("/office/openings")

        assert "the check found: 2" in shown.text
        assert "approved by 2 of 2" in shown.text
        assert "paused" in shown.text

    def test_what_waits_for_a_manager(self, els: Browser) -> None:
        text = els.get("/office").text

        assert "Correct what the check finds (2): Techniek" in text
        assert "Publish, because it is approved: Camps summer 2027" in text
        assert "Paused: Camps summer 2027" in text
        assert "Hold the draw, because its wishes are closed: Camps summer 2027" in text

    def test_what_waits_for_an_approver(self, els: Browser) -> None:
        opening_id = id_of(draft(els))
        bram = Browser("en").sign_in(Role.APPROVER, name="Bram Wouters")

        shown = bram.get("/office")

        assert "Approve: Autumn camps 2027" in shown.text
        assert "Confirm an incident: Restart at another moment, Camps summer 2027" in shown.text
        assert bram.follow("Approve: Autumn camps 2027").path == f"/office/openings/{opening_id}"

    def test_nothing_waits_for_the_desk(self) -> None:
        assert "Waiting for you" not in Browser("en").sign_in(Role.DESK).get("/office").text


def test_what_no_page_of_ours_sends_is_no_plan_and_no_mistake_of_ours() -> None:
    strange = Form({"windows": "all", "titles": "x", "held_back[0].staff": "2", "held_back[0].colour": "red"})

    assert plan_form.document(strange) == {
        "windows": [],
        "titles": {},
        "incident_rule": {},
        "held_back": [{"staff": 2}],
        "may_overlap": False,
        "session_ids": [],
    }
