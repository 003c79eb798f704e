"""When something goes wrong: each action on a page, with what families are told; what cannot be undone, by two."""

from collections.abc import Iterator

import pytest

from chalicelib.people.staff.rules import Role
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import OpeningKind, State
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser

REASON = "De site antwoordt al vijf minuten niet."


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture
def els() -> Browser:
    return Browser("en").sign_in(Role.MANAGER, name="Els Maes")


@pytest.fixture
def bram() -> Browser:
    return Browser("en").sign_in(Role.APPROVER, name="Bram Wouters")


def incidents(opening_id: str) -> str:
    return f"/office/openings/{opening_id}/incidents"


def state(opening_id: str) -> State:
    found = openings.get(opening_id)
    assert found
    return found[0].state


def test_a_pause_takes_one_sentence_and_tells_families_in_three_languages(els: Browser) -> None:
    els.get(incidents(summers.HELD))
    form = els.follow("Pause")
    assert "It takes effect ten seconds after you send it" in form.text

    done = els.submit({"reason": REASON}, "Pause")

    assert "It has taken effect, and families are being told." in done.text
    assert state(summers.HELD) is State.PAUSED
    entry = log.every(summers.HELD)[-1]
    assert entry.why["nl"] != entry.why["fr"] != entry.why["en"]
    assert entry.why["en"].startswith("Registration is paused")


def test_a_reason_is_asked_for_and_what_was_typed_stays(els: Browser) -> None:
    els.get(f"{incidents(summers.HELD)}?action=pause")

    shown = els.submit({"reason": "", "why.nl": "Even geduld: we zoeken het uit."}, "Pause")

    assert shown.status == 422
    assert state(summers.HELD) is State.PUBLISHED
    assert dict(shown.page.forms[-1].fields)["why.nl"] == "Even geduld: we zoeken het uit."


def test_a_paused_opening_is_resumed(els: Browser) -> None:
    shown = els.get(incidents(summers.PAUSED))
    assert "Pause" not in shown.page.links
    els.follow("Resume")

    els.submit({"reason": REASON}, "Resume")

    assert state(summers.PAUSED) is State.PUBLISHED


def test_more_time_is_a_number_of_minutes(els: Browser) -> None:
    els.get(f"{incidents(summers.LATER)}?action=extend")
    wrong = els.submit({"minutes": "een uur", "reason": REASON}, "Extend")
    assert "Give a whole number of minutes from 1 to 10080, which is a week." in wrong.text

    done = els.submit({"minutes": "60"}, "Extend")

    assert "It has taken effect" in done.text
    assert "Minutes more 60" in done.text


def test_a_number_may_have_spaces_around_it_and_a_field_of_spaces_is_empty(els: Browser) -> None:
    els.get(f"{incidents(summers.LATER)}?action=extend")
    empty = els.submit({"minutes": "  ", "reason": REASON}, "Extend")
    assert "This is missing." in empty.text

    done = els.submit({"minutes": " 60 "}, "Extend")

    assert "Minutes more 60" in done.text


def test_what_makes_no_sense_is_refused_in_words(els: Browser) -> None:
    els.get(f"{incidents(summers.PAUSED)}?action=pause")

    shown = els.submit({"reason": REASON}, "Pause")

    assert shown.status == 409
    assert "This opening is paused already." in shown.text


def test_a_draw_instead_takes_effect_when_somebody_else_confirms_it(els: Browser, bram: Browser) -> None:
    # Given a proposal
    els.get(f"{incidents(summers.LATER)}?action=turn-into-draw")
    proposed = els.submit({"wishes_until": "2027-05-14T19:00", "keep_given": "false", "reason": REASON}, "Propose it")
    assert "It waits for a second person" in proposed.text
    assert "Confirm number 2" not in {label for form in proposed.page.forms for label in form.buttons}
    # When an approver looks at it and confirms
    shown = bram.get(incidents(summers.LATER))
    assert "waits for a second person" in shown.text
    done = bram.submit({}, "Confirm number 2")
    # Then it is a draw
    assert "It has taken effect" in done.text
    found = openings.get(summers.LATER)
    assert found
    assert found[0].kind is OpeningKind.DRAW


def test_whoever_proposed_it_cannot_confirm_it(els: Browser) -> None:
    both = Browser("en").sign_in(Role.MANAGER, Role.APPROVER, name="Els Maes")
    both.get(incidents(summers.LATER))

    shown = both.submit({}, "Confirm number 1")

    assert shown.status == 409
    assert "The person who proposed it cannot confirm it too." in shown.text


def test_families_who_were_not_told_are_told_when_staff_ask_again(els: Browser) -> None:
    els.get(incidents(summers.PAUSED))

    done = els.submit({}, "Tell the families that were not told yet (number 1)")

    assert "The families that were not told yet are being told." in done.text


def test_an_auditor_reads_and_does_nothing(els: Browser) -> None:
    shown = Browser("en").sign_in(Role.AUDITOR).get(f"{incidents(summers.PAUSED)}?action=resume")

    assert shown.status == 200
    assert "Resume" not in {label for form in shown.page.forms for label in form.buttons}
    assert Browser("en").sign_in(Role.DESK).get(incidents(summers.PAUSED)).status == 403
