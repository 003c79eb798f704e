"""Publication: the opening first, then its sessions, each at most once, whatever breaks off."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, NOT_NOW
from chalicelib.programme.openings import plans
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Shift, State
from chalicelib.programme.sessions import commands
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import identify
from chalicelib.seats import table as seats
from chalicelib.seats.rules import HeldFor
from tests.booking.registrations.callers import Crash
from tests.camps import BOUWKAMP, LOU, family, published, request
from tests.containers import forget
from tests.core.http.problems import is_problem
from tests.interrupting import as_it_is, before_write, crash
from tests.programme.openings.plans import DRAW, OPENS_AT, approved, publish, stored

ZEEKAMP = replace(
    BOUWKAMP,
    session_id=identify("Kaprijke", "Zeekamp", date(2027, 8, 23)),
    title="Zeekamp",
    starts_on=date(2027, 8, 23),
    ends_on=date(2027, 8, 25),
)
HELD = [{"session_id": BOUWKAMP.session_id, "staff": 2, "reduced": 1}]


@pytest.fixture
def two_camps(table):
    """Given two sessions, published but not open."""
    return [
        published(opens_at=None),
        published(opens_at=None, title="Beestenboel (Lembeke)", starts_on=date(2027, 8, 23)),
    ]


def of_both(camps, **more):
    return {"session_ids": [camp.session_id for camp in camps], "held_back": HELD, **more}


def seats_of(session):
    return seats.get([session.session_id])[session.session_id]


def is_complete(opening_id, camps):
    """That opening, sessions and seats say the same, and nothing is held back twice."""
    opening = stored(opening_id)
    assert opening.state is State.PUBLISHED
    for camp in camps:
        session = programme.get(camp.session_id)
        assert (session.opening_id, session.opens_at) == (opening_id, OPENS_AT)
        assert seats_of(camp).opens == OPENS_AT.timestamp()
        assert seats_of(camp).free + len(seats_of(camp).holders) == camp.capacity
    assert seats_of(camps[0]).holders == {"~staff-1": "~staff", "~staff-2": "~staff", "~reduced-1": "~reduced"}
    assert seats_of(camps[1]).holders == {}
    assert ledger.counts(opening_id) == {LedgerAct.PUBLISHED: 1}


def test_each_session_opens_with_the_first_window_and_loses_what_is_held_back(two_camps):
    opening_id = approved(**of_both(two_camps))

    assert publish(opening_id).json_body["state"] == "published"

    is_complete(opening_id, two_camps)


def test_publishing_again_changes_nothing(two_camps):
    opening_id = approved(**of_both(two_camps))
    first = publish(opening_id)

    assert publish(opening_id).json_body == first.json_body

    is_complete(opening_id, two_camps)


def test_a_draw_stays_closed_until_it_is_drawn_also_where_a_moment_was_set(two_camps):
    programme.set_opening([camp.session_id for camp in two_camps], OPENS_AT)
    opening_id = approved(**of_both(two_camps, **DRAW))

    publish(opening_id)

    for camp in two_camps:
        assert (seats_of(camp).opens, programme.get(camp.session_id).opens_at) == (None, None)
        assert programme.get(camp.session_id).opening_id == opening_id


def test_wherever_publication_breaks_off_publishing_again_completes_it(two_camps):
    opening_id = approved(**of_both(two_camps))
    approved_and_no_more = as_it_is()
    with before_write(1_000, lambda: None) as writes:
        assert publish(opening_id).status_code == 200

    for number in range(len(writes)):
        approved_and_no_more()
        with before_write(number, crash), pytest.raises(Crash):
            publish(opening_id)
        # Whatever was written, no session opens without its opening's rules.
        for camp in two_camps:
            assert programme.get(camp.session_id).opening_id is None or stored(opening_id).is_live

        assert publish(opening_id).status_code == 200

        forget()
        is_complete(opening_id, two_camps)
    assert len(writes) > 3


def test_two_managers_who_publish_at_once_publish_it_once(real_table):
    camps = [published(opens_at=None), published(opens_at=None, title="Beestenboel", starts_on=date(2027, 8, 23))]
    opening_id = approved(**of_both(camps))

    with ThreadPoolExecutor(2) as managers:
        answers = sorted(answer.status_code for answer in managers.map(lambda _: publish(opening_id), range(2)))

    assert answers in ([200, 200], [200, 409])
    is_complete(opening_id, camps)


def owners():
    return {item.sk: item.opening_id for item in openings.OwnerItem.query(openings.OWNERS)}


def clash():
    """Given two approved openings, the second with a session of the first."""
    for camp in (BOUWKAMP, ZEEKAMP):
        published(camp, opens_at=None)
    return approved(**of_both([BOUWKAMP, ZEEKAMP], held_back=[])), approved(session_ids=[ZEEKAMP.session_id])


def test_of_two_openings_published_in_the_same_moment_one_has_the_session_they_share(table, monkeypatch):
    monkeypatch.setattr(openings, "MOST_OWNED_AT_ONCE", 1)
    first, second = clash()
    approved_and_no_more = as_it_is()
    with before_write(1_000, lambda: None) as writes:
        assert publish(first).status_code == 200
    winners = set()

    for number in range(len(writes)):
        approved_and_no_more()
        answers: list[int] = []
        with before_write(number, lambda other=second, found=answers: found.append(publish(other).status_code)):
            answers.append(publish(first).status_code)

        live = [one for one in (first, second) if stored(one).is_live]
        assert len(live) == 1, writes[number]
        assert answers.count(200) == 1
        assert owners()[ZEEKAMP.session_id] == live[0]
        assert programme.get(ZEEKAMP.session_id).opening_id == live[0]
        assert publish(second if live == [first] else first).status_code == 409
        winners |= {live[0] == first}

    assert winners == {True, False}


def test_a_publication_that_broke_off_keeps_no_session_from_another_opening(table):
    first, second = clash()
    with before_write(1, crash), pytest.raises(Crash):
        publish(first)
    assert set(owners().values()) == {first}

    assert publish(second).status_code == 200

    assert owners() == {BOUWKAMP.session_id: first, ZEEKAMP.session_id: second}
    assert not stored(first).is_live
    assert publish(first).json_body["type"].endswith(NOT_NOW.slug)


def test_an_opening_that_an_incident_moves_while_its_sessions_join_it_does_not_open_them_at_the_moment_before(
    two_camps,
):
    opening_id = approved(**of_both(two_camps))

    def later():
        opening, edition = openings.get(opening_id)
        openings.write(replace(opening, shifts=(Shift(OPENS_AT, timedelta(days=1)),)), edition)

    with before_write(2, later):
        is_problem(publish(opening_id), CHANGED)
    assert publish(opening_id).status_code == 200

    assert {programme.get(camp.session_id).opens_at for camp in two_camps} == {OPENS_AT + timedelta(days=1)}


def test_a_session_that_vanished_meanwhile_is_named_and_the_rest_is_published(two_camps, monkeypatch):
    opening_id = approved(**of_both(two_camps))
    join = programme.join_opening
    monkeypatch.setattr(
        programme,
        "join_opening",
        lambda one, *rest, **more: one != two_camps[0].session_id and join(one, *rest, **more),
    )

    answer = publish(opening_id)

    assert answer.json_body["type"].endswith(NOT_NOW.slug)
    assert two_camps[0].session_id in answer.json_body["why"]
    assert stored(opening_id).state is State.PUBLISHED
    monkeypatch.undo()
    assert publish(opening_id).status_code == 200
    is_complete(opening_id, two_camps)


def test_a_session_joins_one_opening_and_never_holds_back_more_than_is_free(real_table):
    camp = published(opens_at=None)
    assert not programme.join_opening("nosuchcamp", "2027-abcdef", OPENS_AT)
    assert not programme.join_opening(camp.session_id, "2027-abcdef", OPENS_AT, {HeldFor.STAFF: 21})
    assert programme.get(camp.session_id).opening_id is None

    assert programme.join_opening(camp.session_id, "2027-abcdef", OPENS_AT, {HeldFor.STAFF: 20})
    assert programme.join_opening(camp.session_id, "2027-abcdef", OPENS_AT, {HeldFor.STAFF: 1})
    assert not programme.join_opening(camp.session_id, "2027-ghijkm", None)

    assert (seats_of(camp).free, len(seats_of(camp).holders)) == (0, 20)
    assert programme.get(camp.session_id).opening_id == "2027-abcdef"


def test_the_command_line_leaves_sessions_of_an_opening_alone(two_camps):
    opening_id = approved()
    publish(opening_id)

    result = CliRunner().invoke(commands.open_registration, ["--at", "now"])

    assert result.exit_code == 0
    assert "Sessions of a published opening, which alone decides when they open: 1." in result.output
    assert programme.get(BOUWKAMP.session_id).opens_at == OPENS_AT
    assert programme.get(two_camps[1].session_id).opens_at < OPENS_AT


def test_an_import_of_the_same_sheet_leaves_a_published_opening_alone(two_camps):
    publish(approved(**of_both(two_camps)))

    for camp in two_camps:
        published(camp, opens_at=None)

    assert {programme.get(camp.session_id).opens_at for camp in two_camps} == {OPENS_AT}


def test_what_is_held_back_is_nobodys_to_see_or_to_cancel(two_camps):
    publish(approved(**of_both(two_camps)))
    claeys = family(LOU)

    is_problem(claeys.cancel("~staff"), NOT_FOUND)
    is_problem(claeys.get("/api/registrations/~staff"), NOT_FOUND)

    assert request("GET", f"/api/sessions/{BOUWKAMP.session_id}").json_body["seats_left"] == 17


def test_as_many_seats_as_a_plan_may_hold_back_are_held_back_in_one_write(real_table):
    camp = published(capacity=400, opens_at=None)
    held = dict.fromkeys(HeldFor, plans.MOST_HELD)
    assert programme.join_opening(camp.session_id, "2027-abcdef", OPENS_AT, held)
    assert seats.get([camp.session_id])[camp.session_id].free == 400 - 2 * plans.MOST_HELD
