"""The live view of an opening, with figures as insight/live.py has them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.insight.live import Live, LivePoint, MailLag
from chalicelib.office.publication.public import SeatCounts
from chalicelib.pages.staff import live as page
from chalicelib.people.staff.rules import Role
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser

OPENS = datetime(2027, 3, 6, 18, tzinfo=UTC)


QUIET = Live(
    opening_id=summers.HELD,
    at=OPENS + timedelta(minutes=3),
    start=OPENS - timedelta(minutes=15),
    end=OPENS + timedelta(minutes=3),
    counts=SeatCounts(
        seats={"opening": 0, "waiting-list": 0, "desk": 0, "exception": 0, "held-back": 2, "free": 18},
        capacity=20,
        registrations=0,
        with_waiting_list=0,
    ),
)
BUSY = replace(
    QUIET,
    counts=SeatCounts(
        seats={"opening": 12, "waiting-list": 0, "desk": 1, "exception": 0, "held-back": 2, "free": 5},
        capacity=20,
        registrations=11,
        with_waiting_list=1,
    ),
    seats=[LivePoint(OPENS + timedelta(seconds=one), 2) for one in (1, 2, 5, 70, 71, 150)],
    arrivals=[LivePoint(OPENS + timedelta(seconds=10 * one), 400 - 20 * one) for one in range(18)],
    failures=[LivePoint(OPENS + timedelta(seconds=20), 3)],
    refusals={"too-early": 900, "sold-out": 40},
    refused=[LivePoint(OPENS, 700), LivePoint(OPENS + timedelta(minutes=1), 240)],
    mails=MailLag(sent=9, undelivered=0, waiting=2, oldest=OPENS + timedelta(seconds=150), lag=timedelta(seconds=30)),
)


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture
def els() -> Browser:
    return Browser("en").sign_in(Role.MANAGER)


def test_it_says_what_was_spent_so_far_and_of_what(els: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, BUSY)

    shown = els.get(f"/office/openings/{summers.HELD}/live")

    # 4,140 requests, nearly all of them refused or looked at, and nine mails: more than a cent.
    spent = re.search(r"Spent so far about \$(0\.\d+): 4.140 requests of everybody since 18:45:00", shown.text)
    assert spent
    assert 0.008 < float(spent[1]) < 0.06


def measured(monkeypatch: pytest.MonkeyPatch, live: Live) -> None:
    monkeypatch.setattr(page, "figures_of", lambda *_: live)


PATH = f"/office/openings/{summers.HELD}/live"


def test_what_happens_stands_in_pictures_and_in_tables(els: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, BUSY)

    shown = els.get(PATH)

    assert "As of 19:03:00, Saturday 6 March 2027." in shown.text
    assert "12 seats by 19:03:00; 2 of them in the last minute." in shown.text
    assert "At most 400 within ten seconds; 3 failed because of us." in shown.text
    assert "940 refusals, most often: before their moment." in shown.text
    assert "15 of 20 seats are given or held back." in shown.text
    assert "Oldest of them 30 seconds ago" in shown.text
    assert "9 are sent. 2 are under way, the oldest for 30 seconds." in shown.text
    assert "19:00 6 2100 700 3" in shown.text
    assert shown.html.count('role="img"') == 5


def test_before_anything_happened_there_is_something_to_see_too(els: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, QUIET)

    shown = els.get(PATH)

    assert shown.status == 200
    assert "Nobody was refused." in shown.text
    assert "0 seats by 19:03:00" in shown.text


def test_the_script_fetches_the_figures_alone(els: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, BUSY)
    whole = els.get(PATH)
    assert f'data-address="../../../office/openings/{summers.HELD}/live/figures"' in whole.html

    fragment = els.get(f"{PATH}/figures")

    assert fragment.html.lstrip().startswith("<p")
    assert "<html" not in fragment.html
    assert "12 seats by 19:03:00" in fragment.text


def test_a_draft_has_nothing_to_watch(els: Browser) -> None:
    shown = els.get(f"/office/openings/{summers.DRAFT}/live")

    assert shown.status == 409
    assert "This opening is not published yet" in shown.text


def test_it_is_for_staff_who_are_concerned(monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, BUSY)

    assert Browser("en").sign_in(Role.FINANCE).get(PATH).status == 403
    assert Browser("en").sign_in(Role.AUDITOR).get(PATH).status == 200


def test_acting_is_offered_to_who_may_act_and_not_to_who_only_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, BUSY)
    act = "Something is wrong: pause, extend, …"

    offered = {role for role in Role if act in Browser("en").sign_in(role).get(PATH).page.links}

    assert offered == {Role.MANAGER, Role.APPROVER}
