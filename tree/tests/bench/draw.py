"""What a draw costs: processor time and memory of a whole city's, and what the function asks of DynamoDB meanwhile.

The function is run on a small town, its calls are counted, and must be those that `Calls` foresees; what it foresees of
the city is then compared with the 15 minutes that Lambda gives it.
"""

import random
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from time import process_time

from chalicelib.booking.draw import drawing, seating, table
from chalicelib.booking.draw.rules import (
    Allocation,
    DrawEntry,
    DrawVerdict,
    Room,
    Start,
    allocate,
    final_seed,
    in_order,
    list_hash,
)
from chalicelib.core.canonical import canonical
from chalicelib.people.families.identity import child_id, family_id
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Bundles, Opening, OpeningKind, Plan, State, Window
from tests import dynamodb_local
from tests.bench.registration import spending
from tests.bench.table import Row
from tests.camps import BOUWKAMP, published

FAMILIES, SESSIONS = 20_000, 300
SMALL_TOWN = (500, 12)
SEATS = 20
WEEKS = 10
MONTHS = len({(date(2027, 7, 5) + timedelta(weeks=week, days=day)).month for week in range(WEEKS) for day in range(5)})
SEED = bytes(range(32))
OPENS = datetime(2027, 3, 1, 18, tzinfo=UTC)
UNTIL = datetime(2027, 3, 6, 17, tzinfo=UTC)

# What we count on, per call and per second. A batch of 25 small items takes DynamoDB some ten milliseconds.
MS_PER_CALL = 20
LAMBDA_SECONDS = 900
# Of a table on demand that is new, and of one partition (docs, limits).
UNITS_A_SECOND = 4_000
UNITS_A_SECOND_OF_A_PARTITION = 1_000
BATCH = 25


def allocation() -> list[Row]:
    """Of a city, from the list to every family's result, without DynamoDB."""
    started = process_time()
    entries, start = _city(), Start(_rooms(SESSIONS))
    building = process_time() - started
    started = process_time()
    drawn = _drawn(entries, start)
    results = drawn.results(start)
    seconds = process_time() - started
    tracemalloc.start()
    entries = _city()
    _drawn(entries, start).results(start)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    granted = sum(1 for one in results.values() if one["granted"])
    waiting = sum(map(len, drawn.waiting.values()))
    calls = Calls.of(drawn, _parts(entries), _pages(len(entries)))
    return [
        Row(
            f"draw, {FAMILIES:,} families, {SESSIONS} sessions: list, order and allocation",
            round(seconds, 2),
            "s",
            60,
            f"processor time; {granted:,} families have seats, {waiting:,} places on waiting lists",
        ),
        Row(
            "its memory at the peak, the list included", round(peak / 1e6), "MB", 1000, f"list made in {building:.1f} s"
        ),
        Row(
            "its calls of DynamoDB",
            calls.number,
            "",
            LAMBDA_SECONDS * 1000 // MS_PER_CALL,
            f"in a row, at {MS_PER_CALL} ms each {calls.number * MS_PER_CALL / 1000:.0f} s of {LAMBDA_SECONDS}",
        ),
        *_units(drawn),
    ]


def function() -> list[Row]:
    """Of a small town, all of it, at DynamoDB Local."""
    dynamodb_local.empty()
    families, sessions = SMALL_TOWN
    opening = _town(families, sessions)
    with spending() as spent:
        started = process_time()
        assert drawing.hold(opening.opening_id, UNTIL + timedelta(minutes=5))
        seconds = process_time() - started
    frozen = table.frozen(opening.opening_id)
    assert frozen is not None
    assert frozen.begun is not None
    start = table.start_of(opening.opening_id, frozen.begun)
    listed = list(table.whole_list(opening.opening_id, frozen))
    drawn = allocate(in_order(listed, final_seed(SEED, frozen.list_hash, None)), start, Bundles.ONE)
    counted, foreseen = Counter(spent.calls), Calls.of(drawn, frozen.parts, 0)
    for operation in ("BatchWriteItem", "TransactWriteItems", "BatchGetItem"):
        assert counted[operation] == foreseen.by_operation[operation], (operation, counted, foreseen)
    return [
        Row(
            f"draw, {families} families, {sessions} sessions, with DynamoDB: calls",
            len(spent.calls),
            "",
            None,
            " ".join(f"{number} {operation}" for operation, number in counted.most_common()),
        ),
        Row("its write units", spent.write_units, "WU", None, f"{spent.write_units / families:.1f} a family"),
        Row("its processor time, a family", round(1000 * seconds / families, 1), "ms"),
    ]


@dataclass(frozen=True)
class Calls:
    """What the function asks of DynamoDB, one call after the other."""

    by_operation: Counter[str]

    @classmethod
    def of(cls, drawn: Allocation, parts: int, pages: int) -> "Calls":
        """`parts`: of the published list. `pages`: that the families' wishes are read in, 1 MB each."""
        granted, children = _granted(drawn)
        found: Counter[str] = Counter()
        for session in set(granted) | set(drawn.waiting):
            waits = drawn.waiting.get(session, [])
            chunks = max(1, ceil(children[session] / seating.MOST_AT_ONCE))
            places = ceil(sum(len(one.children) for one in waits) / BATCH)
            found["BatchWriteItem"] += ceil((granted[session] + len(waits)) / BATCH) + places
            found["TransactWriteItems"] += chunks
            found["BatchGetItem"] += 1 + chunks + bool(waits)
            found["UpdateItem"] += 1 + bool(waits)
        found["BatchWriteItem"] += ceil(parts / BATCH) + parts + ceil(len(drawn.order) / BATCH)
        found["BatchGetItem"] += ceil(len(drawn.left) / 100)  # the seats, at the start
        wishing = {child for entry in drawn.order for wish in entry.wishes for child, _ in wish}
        found["BatchGetItem"] += ceil(len(wishing) * MONTHS / 100)  # the days on which they are in a camp already
        found["TransactWriteItems"] += 1 + len(drawn.left)  # that it begins; the openings of the sessions, at the end
        found["BatchWriteItem"] += 1  # what there is at the start
        found["GetItem"] += 2 * parts
        found["Query"] += pages
        return cls(found)

    @property
    def number(self) -> int:
        return sum(self.by_operation.values())


def _units(drawn: Allocation) -> list[Row]:
    """A record is 0.4 KB, a place 0.1 KB, an entry with its result 2 KB at most, a session's seats 2 KB."""
    granted, _ = _granted(drawn)
    places = sum(len(one.children) for waits in drawn.waiting.values() for one in waits)
    records = sum(granted.values()) + sum(map(len, drawn.waiting.values()))
    own = 2 * len(drawn.order) + 8 * len(drawn.left)
    units = records + places + own
    return [
        Row(
            "its write units",
            units,
            "WU",
            LAMBDA_SECONDS * UNITS_A_SECOND,
            f"{units / UNITS_A_SECOND:.0f} s at {UNITS_A_SECOND:,} a second, a new table's",
        ),
        Row(
            "of these in the opening's own partition",
            own,
            "WU",
            LAMBDA_SECONDS * UNITS_A_SECOND_OF_A_PARTITION,
            f"{own / UNITS_A_SECOND_OF_A_PARTITION:.0f} s at {UNITS_A_SECOND_OF_A_PARTITION:,} a second",
        ),
    ]


def _granted(drawn: Allocation) -> tuple[Counter[str], Counter[str]]:
    """Session to how many registrations have seats there, and to how many children."""
    registrations: Counter[str] = Counter()
    children: Counter[str] = Counter()
    for entry, outcomes in zip(drawn.order, drawn.outcomes, strict=True):
        for wish, outcome in zip(entry.wishes, outcomes, strict=True):
            if outcome.reached is DrawVerdict.GRANTED:
                registrations.update({session for _, session in wish})
                children.update(session for _, session in wish)
    return registrations, children


def _drawn(entries: list[DrawEntry], start: Start) -> Allocation:
    return allocate(in_order(entries, final_seed(SEED, list_hash(entries), None)), start, Bundles.ONE)


def _city() -> list[DrawEntry]:
    sessions = [f"session{number:03d}" for number in range(SESSIONS)]
    return [
        DrawEntry(
            f"family{number:06d}",
            (f"family{number:06d}",),
            _wishes(number, [f"c{number:06d}{n}" for n in "abc"], sessions),
        )
        for number in range(FAMILIES)
    ]


def _wishes(number: int, children: list[str], sessions: list[str]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Of a family with one to three children: three to six wishes, each for all of them in one week; every third one in
    two weeks."""
    dice = random.Random(number)
    own = children[: dice.choice((1, 1, 2, 2, 3))]
    by_week = [sessions[week::WEEKS] for week in range(WEEKS)]
    wishes = []
    for _ in range(dice.randint(3, 6)):
        weeks = dice.sample(range(WEEKS), dice.choice((1, 1, 2)))
        wishes.append(tuple(sorted((child, dice.choice(by_week[week])) for week in weeks for child in own)))
    return tuple(dict.fromkeys(wishes))


def _rooms(number: int) -> dict[str, Room]:
    rooms = {}
    for one in range(number):
        first = date(2027, 7, 5) + timedelta(weeks=one % WEEKS)
        rooms[f"session{one:03d}"] = Room(SEATS, SEATS, 0, str(first), str(first + timedelta(days=4)))
    return rooms


def _parts(entries: list[DrawEntry]) -> int:
    return ceil(sum(len(canonical(one.to_document())) for one in entries) / table.PART_BYTES)


def _pages(entries: int) -> int:
    return ceil(entries * 1000 / 1e6)


def _town(families: int, sessions: int) -> Opening:
    """Given an opening, and what its families entered."""
    camps = []
    for number in range(sessions):
        first = date(2027, 7, 5) + timedelta(weeks=number % WEEKS)
        camps.append(
            published(
                BOUWKAMP,
                opens_at=None,
                title=f"Kamp {number}",
                starts_on=first,
                ends_on=first + timedelta(days=4),
                capacity=SEATS,
            )
        )
    ids = [camp.session_id for camp in camps]
    opening = Opening(
        opening_id="2027-k7m2xq",
        version=1,
        plan=Plan(
            kind=OpeningKind.DRAW,
            titles={"nl": "Zomer"},
            country="BE",
            session_ids=tuple(ids),
            windows=(Window(OPENS, timedelta(0)),),
            passes_until=OPENS,
            expected_families=families,
            incident_rule={"nl": "…"},
            wishes_until=UNTIL,
        ),
        state=State.PUBLISHED,
        seed=SEED,
    )
    openings.create(opening)
    for number in range(families):
        family = family_id(f"ouder{number}@example.be")
        own = [child_id(f"Lou {letter}", f"Claeys {number}", "2022-05-01") for letter in "abc"]
        wishes = _wishes(number, own, ids)
        table.put_entry(
            table.Entered(
                opening_id=opening.opening_id,
                family_id=family,
                pass_id="pass23456789",
                children={child: date(2022, 5, 1) for child in own},
                wishes=wishes,
                updated_at=OPENS,
            )
        )
    return opening
