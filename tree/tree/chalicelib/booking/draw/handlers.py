"""Wishes, the beacon and the draw, as requests; and what the function for draws is called with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from chalicelib.booking.draw import drawing, starting, table, wishes
from chalicelib.booking.draw.entered import result_of, shown
from chalicelib.booking.draw.rules import DrawEntry, Room
from chalicelib.booking.draw.starting import drawn_opening
from chalicelib.core import metering
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, FromOne, Schema, Sha256
from chalicelib.core.http.fields import Model, WholeInQuery, document, queried
from chalicelib.core.http.problems import existing, invalid
from chalicelib.core.languages import N_
from chalicelib.core.observability import naming_nobody
from chalicelib.people.families.rules import Bearer
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings.rules import Bundles, State

# Of the published list: some 1,500 entries each, and Lambda answers 6 MB at most.
MOST_PARTS = 8
CACHED = {"Cache-Control": "public, max-age=60"}

AS_PART = N_("Give the number that the part before it gives as the next one.")
PART = Model({"part": WholeInQuery(AS_PART, 0, 9999, is_required=False)})


SessionAndNumber = Annotated[tuple[str, int], Schema(maxItems=2)]


@dataclass(frozen=True)
class PublicResult:
    entry: str
    granted: Annotated[Sequence[FromOne], "The numbers of the granted wishes, from 1."]
    place: FromOne
    waiting: Annotated[Sequence[SessionAndNumber], "A session, and the number on its waiting list."]
    barred: Annotated[
        Sequence[FromOne],
        "The numbers of the wishes that were not possible, whatever was free, because of what a child has without this "
        "entry.",
    ]
    not_waiting: Annotated[
        Sequence[SessionAndNumber],
        "A session and the number of a wish: no child of it waits there by this entry, because one has a seat or waits "
        "there without it.",
    ]


@dataclass(frozen=True)
class PublicDraw:
    """The public view of a draw: from `seed` on, once it is drawn."""

    opening_id: str
    bundles: Bundles
    commitment: Sha256
    list_hash: Annotated[Sha256, "The hash of the list, public before the beacon's value is known."]
    number_of_entries: Count
    frozen_at: datetime
    beacon_named: Annotated[str | None, "The public value that is mixed in."]
    seed: Annotated[Sha256 | None, "Null until it is drawn."] = None
    beacon: str | None = None
    sessions: Annotated[Mapping[str, Room], "The seats as they were when the draw began."] = field(default_factory=dict)
    entries: Sequence[DrawEntry] = ()
    results: Sequence[PublicResult] = ()
    next: Annotated[FromOne | None, "The `part` to ask for next; null after the last one."] = None


def put_wishes(call: Call, who: Bearer, opening_id: str) -> Answer:
    entered = wishes.enter(who, opening_id, wishes.wanted(document(call.body)), call.now)
    return Answer(200, shown(entered))


def get_wishes(call: Call, who: Bearer, opening_id: str) -> Answer:
    """The family's wishes and, once the draw is over, their result."""
    opening, entered = wishes.look_up(who, opening_id, call.now)
    return Answer(200, shown(entered, result_of(entered, opening, call.language)))


def delete_wishes(call: Call, who: Bearer, opening_id: str) -> Answer:
    wishes.withdraw(who, opening_id, call.now)
    return Answer(204)


def enter_beacon(call: Call, who: Staff, opening_id: str) -> Answer:
    """202 after the first of the two who enter it, 200 after the second."""
    value = starting.beacon_wanted(document(call.body))
    entered = starting.enter_beacon(opening_id, value, who, call.now)
    return Answer(200 if entered.is_confirmed else 202, entered)


def start_draw(call: Call, who: Staff, opening_id: str) -> Answer:
    """202: the list is being frozen, or drawn from; ask again to see how far it is. 200: it is over."""
    state = starting.start_draw(opening_id, who, call.now)
    return Answer(200 if state.is_drawn else 202, state)


def get_draw(call: Call, opening_id: str) -> Answer:
    """Everything that anybody needs to recompute the draw, in parts if it is long. Before it is held: the hash of the
    list, so that everybody knows that it was not changed after the beacon was."""
    first = queried(PART, call.query)["part"] or 0
    opening = drawn_opening(opening_id)
    frozen = existing(table.valid_list(opening))
    announced = PublicDraw(
        opening_id=opening_id,
        bundles=opening.plan.bundles,
        commitment=opening.commitment,
        list_hash=frozen.list_hash,
        number_of_entries=frozen.entries,
        frozen_at=frozen.frozen_at.replace(microsecond=0),
        beacon_named=opening.plan.beacon,
    )
    if opening.state is not State.DRAWN or frozen.begun is None:
        return Answer(200, announced, CACHED)
    if first and first >= frozen.parts:
        raise invalid("part", AS_PART)
    last = min(first + MOST_PARTS, frozen.parts)
    parts = range(first, last)
    start = table.start_of(opening_id, frozen.begun)
    drawn = replace(
        announced,
        seed=opening.seed.hex(),
        beacon=table.confirmed_beacon(opening_id, frozen.frozen_at),
        sessions=start.rooms,
        entries=[one for part in parts for one in table.part_of_list(opening_id, frozen, part)],
        results=[PublicResult(**one) for part in parts for one in table.part_of_results(opening_id, part)],
        next=last if last < frozen.parts else None,
    )
    return Answer(200, drawn, CACHED)


def draw(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The function: {"opening_id": …}. Lambda calls it again when it fails, and it goes on where it broke off."""
    with naming_nobody(), metering.line(context, "worked"):
        metering.about(opening_id=event["opening_id"])
        return {"is_drawn": drawing.hold(event["opening_id"], datetime.now(UTC))}
