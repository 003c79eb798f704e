"""What an opening costs before anybody is let in: admission checks a second, and the units of refused attempts."""

import json
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter, process_time, sleep
from typing import Any

import app
from chalicelib.people.families.rules import child
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import admission
from chalicelib.programme.openings.rules import Opening, OpeningKind, Plan, State, Window
from chalicelib.seats import table as seats
from tests import dynamodb_local
from tests.bench.registration import Spent, event, spending
from tests.bench.table import Row
from tests.camps import JEF, LOU, NOOR, family, named_by, published

CHECKS = 20_000
REQUESTS = 400
WARM_UP = 50
# Of hammering on one session in one container: attempts a second, for so many seconds.
HAMMERED_EVERY = 0.02
HAMMERED_FOR = 4.0


def admission_checks() -> list[Row]:
    """In one process: the check by itself, with three children whom two families named, and the whole request of a
    family that comes too early."""
    dynamodb_local.empty()
    given = opening("checks", "a-session", timedelta(minutes=-5))
    namings = [*named_by("k7mxfar3ct9", "lou", "jef").values(), *named_by("9wqpzn4hk2b", "noor").values()]
    started = process_time()
    for _ in range(CHECKS):
        admission(given, namings, "9970")
    checks = CHECKS / (process_time() - started)
    request = early_attempt()
    took = []
    for _ in range(REQUESTS + WARM_UP):
        began = process_time()
        answer = app.app(request, None)
        took.append(process_time() - began)
        assert answer["statusCode"] == 425, answer
    own = median(took[WARM_UP:])
    return [
        Row("admission checks of one process", round(checks), "/s", None, "three children, named by two families"),
        Row("requests of one process that are refused early", round(1 / own), "/s", None, f"{1000 * own:.2f} ms each"),
    ]


def units_of_early_attempts() -> list[Row]:
    """In a container that does not know the opening yet, and in one that does."""
    dynamodb_local.empty()
    request = early_attempt()
    openings.forget()
    rows = []
    for what, limit in (("the first in five seconds of a container", None), ("after it", 0)):
        with spending() as spent:
            answer = app.app(request, None)
        assert answer["statusCode"] == 425, answer
        calls = "+".join(spent.calls) or "no call"
        rows.append(Row(f"early attempt, {what}: units", spent.read_units + spent.write_units, "", limit, calls))
    return rows


def units_of_sold_out_attempts() -> list[Row]:
    """One session without a seat left, hammered in one container by families that want no waiting list."""
    dynamodb_local.empty()
    session = published(capacity=1)
    openings.create(opening("hammered", session.session_id, timedelta(minutes=-30)))
    openings.forget()
    taken = app.app(event(family(LOU).token, session.session_id, [LOU.child_id], "the seat"), None)
    assert taken["statusCode"] == 201, taken
    seats.forget()
    attempts = [sold_out_attempt(number, session.session_id) for number in range(int(HAMMERED_FOR / HAMMERED_EVERY))]
    spent = []
    begun = perf_counter()
    for number, attempt in enumerate(attempts):
        sleep(max(0.0, begun + number * HAMMERED_EVERY - perf_counter()))
        with spending() as one:
            answer = app.app(attempt, None)
        assert answer["statusCode"] == 409, answer
        spent.append(one)
    paid = sum(bool(one.calls) for one in spent)
    units = sum(map(_units, spent))
    dearest = max(spent, key=_units)
    rate = f"{1 / HAMMERED_EVERY:.0f}/s for {HAMMERED_FOR:.0f} s in one container"
    return [
        Row("sold-out attempts that cost a unit at all", round(100 * paid / len(spent), 1), "%", 10, rate),
        Row("sold-out attempt: units, on average", round(units / len(spent), 2), "", None, f"{len(spent)} attempts"),
        Row("sold-out attempt: units, at most", _units(dearest), "", None, "+".join(dearest.calls)),
    ]


def opening(name: str, session_id: str, begun: timedelta) -> Opening:
    """Published; it began so long ago (or will), over 15 minutes."""
    now = datetime.now(UTC)
    plan = Plan(
        kind=OpeningKind.FIRST_COME,
        titles={"nl": "Zomer 2027", "fr": "Été 2027", "en": "Summer 2027"},
        country="BE",
        session_ids=(session_id,),
        windows=(Window(now + begun, timedelta(minutes=15)),),
        passes_until=now - timedelta(days=1),
        expected_families=50_000,
        incident_rule={"nl": "Een nieuw moment.", "fr": "Un nouveau moment.", "en": "A new moment."},
    )
    return Opening(f"{now.year}-{name}", 1, plan, State.PUBLISHED, seed=bytes(32), published_at=now)


def early_attempt() -> dict[str, Any]:
    """Given an opening that begins in an hour, and a family that asks for three seats now."""
    session = published()
    openings.create(opening("early", session.session_id, timedelta(hours=1)))
    claeys = family(LOU, JEF, NOOR)
    return event(claeys.token, session.session_id, [one.child_id for one in (LOU, JEF, NOOR)], "early")


def sold_out_attempt(number: int, session_id: str) -> dict[str, Any]:
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
    own = child(f"Lou {letters}", "Claeys", date(2022, 5, 1))
    asked = event(family(own, email=f"ouder{number}@example.be").token, session_id, [own.child_id], f"key-{number}")
    return {**asked, "body": json.dumps({**json.loads(asked["body"]), "waitlist": False})}


def _units(spent: Spent) -> float:
    return spent.read_units + spent.write_units
