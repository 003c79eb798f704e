"""What people do about what rings: look, and say in words what they found; and what they tell the watch beforehand.

A ring ends with that and with nothing else. Whoever looked at the last ring of the same thing does not look at the next
one within 90 days, so that nobody waves all of them away alone.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.core.http.problems import INVALID, NOT_FOUND, FieldError, Problem, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.watching import addresses, table
from chalicelib.front_door.watching.rules import LEAST_WORDS, MOST_WORDS, SILENCES, Finding, Ring, RingKind
from chalicelib.front_door.watching.silence.rules import MOST_YEARS
from chalicelib.front_door.watching.table import FormWatch, Link
from chalicelib.people.staff.rules import Staff

MOST_EXPECTED = 1_000_000
MOST_LINKS = 100
MOST_ADDRESS, MOST_TEXT = 500, 200
AS_WORDS = N_("Write what you did and what you found, in 10 to 1000 characters.")
AS_FINDING = N_("Choose what you found.")
AS_EXPECTED = N_("Give a number above 0, for example 12 or 0.5.")
AS_ADDRESS = N_("Give an address that begins with https:// or http://.")
AS_WHERE = N_("Say where it stands, in 1 to 200 characters.")
AS_MUST = N_("Give at most 200 characters.")
TOO_MANY = N_("There are 100 links already. Take one away first.")
ANOTHER_PERSON = N_("You looked at this the last time it rang. Somebody else looks now.")
CHANGED = N_("Somebody else changed this meanwhile. See how it stands now.")


@dataclass(frozen=True)
class Look:
    """What somebody says of a ring. `edition`: of the ring that they saw. `expected`: cases a year from now on; only of
    Finding.FEWER."""

    ring_id: str
    edition: int
    finding: Finding | None
    words: str
    expected: float | None = None


def look(said: Look, by: Staff, now: datetime) -> Ring:
    """Ends the ring. Raises Problem `not-found`, `invalid`, `not-now`."""
    ring = table.ring(said.ring_id)
    if ring is None:
        raise Problem(NOT_FOUND)
    if ring.edition != said.edition:
        raise not_now(CHANGED)
    if ring.not_by == by.staff_id:
        raise not_now(ANOTHER_PERSON)
    finding, words = _checked(ring, said)
    ended = replace(ring, looked_at=now, looked_by=by.staff_id, looked_name=by.name, finding=finding, words=words)
    form = _after(ring, finding, said.expected, today(now)) if ring.kind in SILENCES else None
    try:
        table.look(ended, [table.putting_form(form)] if form else [])
    except Interfered:
        raise not_now(CHANGED) from None
    return ended


def expect(form_id: str, number: float | None, by: Staff, now: datetime) -> None:
    """How many cases a year a form expects. That somebody said so is kept with what people looked at. Raises Problem
    `invalid`, `not-now`."""
    if number is None or not 0 < number <= MOST_EXPECTED:
        raise Problem(INVALID, errors=[FieldError("expected", AS_EXPECTED)])
    before = table.form_watch(form_id)
    day = today(now)
    unsaid = Ring(RingKind.UNSAID, form_id, day, day, {})
    open_ring = table.ring(unsaid.ring_id)
    said = {"before": "" if before.said is None else f"{before.said:g}", "expected": f"{number:g}"}
    ended = replace(
        open_ring or unsaid, said=said, looked_at=now, looked_by=by.staff_id, looked_name=by.name,
        finding=Finding.NOTHING,
    )  # fmt: skip
    changed = replace(before, said=number, edition=before.edition + 1)
    try:
        table.look(ended, [table.putting_form(changed)], is_open=open_ring is not None)
    except Interfered:
        raise not_now(CHANGED) from None


def add_link(url: str, where: str, must: str) -> None:
    """An address of the city's that is asked each day from now on. Raises Problem `invalid`, `not-now`."""
    url, where, must = url.strip(), " ".join(where.split()), " ".join(must.split())
    errors = []
    if len(url) > MOST_ADDRESS or not addresses.is_public(url):
        errors.append(FieldError("url", AS_ADDRESS))
    if not 0 < len(where) <= MOST_TEXT:
        errors.append(FieldError("where", AS_WHERE))
    if len(must) > MOST_TEXT:
        errors.append(FieldError("must", AS_MUST))
    if errors:
        raise Problem(INVALID, errors=errors)
    if len(table.links()) >= MOST_LINKS:
        raise not_now(TOO_MANY)
    table.put_link(Link(by_chance(12), url, where, must, edition=1))


def take_link_away(link_id: str) -> None:
    """Raises Problem `not-found`, `not-now`."""
    link = table.link(link_id)
    if link is None:
        raise Problem(NOT_FOUND)
    try:
        table.delete_link(link)
    except Interfered:
        raise not_now(CHANGED) from None


def _checked(ring: Ring, said: Look) -> tuple[Finding, str]:
    words = " ".join(said.words.split())
    errors = []
    is_of_silence = ring.kind in SILENCES
    if said.finding is None or (said.finding is Finding.FEWER and not is_of_silence):
        errors.append(FieldError("finding", AS_FINDING))
    if not LEAST_WORDS <= len(words) <= MOST_WORDS:
        errors.append(FieldError("words", AS_WORDS))
    if said.finding is Finding.FEWER and (said.expected is None or not 0 < said.expected <= MOST_EXPECTED):
        errors.append(FieldError("expected", AS_EXPECTED))
    if errors or said.finding is None:
        raise Problem(INVALID, errors=errors)
    return said.finding, words


def _after(ring: Ring, finding: Finding, expected: float | None, day: date) -> FormWatch:
    """How the form is watched from now on: evidence begins anew, so that it rings again if nothing changes."""
    before = table.form_watch(ring.form_id)
    changed = replace(before, judged_from=day, edition=before.edition + 1)
    match finding:
        case Finding.FAULT:
            oldest = day - timedelta(366 * (MOST_YEARS + 1))
            kept = tuple(one for one in before.faults if one[1] >= oldest)
            return replace(changed, faults=(*kept, (ring.since, day - timedelta(1))))
        case Finding.FEWER:
            return replace(changed, said=expected, known_from=day)
    return changed
