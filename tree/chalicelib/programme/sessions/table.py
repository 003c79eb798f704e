"""The programme in the table: one item for each session, all under one key, so that the list is one query.

A session that can be booked also has its seats (`seats/table.py`). They come in the same transaction as the session
loses its `draft`: no bookable session is ever without seats, no draft ever has any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Self

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import Interfered, Refused, unless_interfered
from chalicelib.programme.sessions.rules import Session, all_free, is_session_id
from chalicelib.seats import opening as seats_opening
from chalicelib.seats.rules import HeldFor

if TYPE_CHECKING:
    from chalicelib.programme.sessions.changes import ProgrammeRow, SessionChange

PK = "PROGRAMME"
NAMES = "SESSION_NAMES"
MOST_WRITES = 100  # what DynamoDB takes in one transaction

Write = Mapping[str, Any]


@dataclass(frozen=True)
class Imported:
    """How many rows of the file were written, and how many were there already."""

    imported: int
    unchanged: int


class SessionItem(table.Item):
    """Days and hours are ISO 8601, money is in cents, `opens_at` and `deadline` in epoch seconds. `draft`: what is
    still missing; only a draft has it. What the sheet leaves empty is not there."""

    municipality = UnicodeAttribute()
    title = UnicodeAttribute()
    starts_on = UnicodeAttribute(null=True)
    ends_on = UnicodeAttribute(null=True)
    age_min = NumberAttribute(null=True)
    age_max = NumberAttribute(null=True)
    price_cents = NumberAttribute(null=True)
    capacity = NumberAttribute(null=True)
    place = UnicodeAttribute(null=True)
    daily_from = UnicodeAttribute(null=True)
    daily_until = UnicodeAttribute(null=True)
    opens_at = NumberAttribute(null=True)
    note = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    draft = ListAttribute(of=UnicodeAttribute, null=True)
    opening_id = UnicodeAttribute(null=True)
    deadline = NumberAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    contact = UnicodeAttribute(null=True)
    cancelled_at = NumberAttribute(null=True)
    sequence = NumberAttribute(null=True)
    names = ListAttribute(of=UnicodeAttribute, null=True)

    @classmethod
    def of(cls, session: Session) -> Self:
        return cls(
            PK,
            session.session_id,
            municipality=session.municipality,
            title=session.title,
            starts_on=session.starts_on.isoformat() if session.starts_on else None,
            ends_on=session.ends_on.isoformat() if session.ends_on else None,
            age_min=session.age_min,
            age_max=session.age_max,
            price_cents=session.price_cents,
            capacity=session.capacity,
            place=session.place,
            daily_from=session.daily_from.isoformat("minutes") if session.daily_from else None,
            daily_until=session.daily_until.isoformat("minutes") if session.daily_until else None,
            opens_at=int(session.opens_at.timestamp()) if session.opens_at else None,
            note=session.note or None,
            source=session.source or None,
            draft=list(session.missing) or None,
            opening_id=session.opening_id,
            deadline=int(session.deadline.timestamp()) if session.deadline else None,
            kind=session.kind,
            contact=session.contact,
            cancelled_at=int(session.cancelled_at.timestamp()) if session.cancelled_at else None,
            sequence=session.sequence or None,
            names=list(session.names) or None,
        )


class NameItem(table.Item):
    """That a session is called so, or was: by what `identify` makes of a name that is not its first one."""

    session_id = UnicodeAttribute()


def get(session_id: str, *, consistent: bool = True) -> Session | None:
    """A session or draft as it is now, one read unit, or half of one for how it was a moment ago (not `consistent`);
    None if there is none of this id. What can be no id is not looked up."""
    if not is_session_id(session_id):
        return None
    item = table.call("GetItem", Key=_key(session_id), ConsistentRead=consistent).get("Item")
    return _read(item) if item else None


def several(session_ids: Iterable[str], *, consistent: bool = True) -> dict[str, Session]:
    """Those of these sessions and drafts that there are, a read unit for each, or half of one for how they were a
    moment ago (not `consistent`)."""
    found = map(_read, table.batch_get([_key(session_id) for session_id in session_ids], consistent=consistent))
    return {session.session_id: session for session in found}


def all_sessions(consistent_read: bool = False) -> list[Session]:
    """Every session and draft. Without `consistent_read`, at half the price, what changed within the last second may be
    missing."""
    return [_read(item) for item in table.query("pk = :pk", {":pk": {"S": PK}}, ConsistentRead=consistent_read)]


def save_import(rows: Sequence["ProgrammeRow"]) -> Imported:
    """Brings `rows` into the programme; the same rows a second time change and write nothing.

    Everything is checked before the first write: raises `changes.Broken` if a published session would change, and
    writes nothing then.

    Atomic up to 100 writes (a draft is 1 write, a bookable session 2, 1 more if it takes the place of a draft that had
    no dates): after a crash, all of it is there or nothing. A longer import is several transactions, in the order of
    the rows, each of them atomic, so that no session is ever there without its seats. A crash between two leaves the
    rows of the first ones imported and the rest not; importing the same rows again does what is left. Nothing of it
    takes registrations before `set_opening`.

    Raises Interfered if the programme was changed by somebody else meanwhile, Busy and botocore's errors if DynamoDB
    does not answer; both leave what a crash leaves.
    """
    from chalicelib.programme.sessions.changes import changes  # noqa: PLC0415 - no route imports a programme

    plan = changes(rows, all_sessions(consistent_read=True))
    if save_changes(plan.changed) < len(plan.changed):
        raise Interfered
    return Imported(imported=len(plan.changed), unchanged=plan.unchanged)


def save_changes(changed: Sequence["SessionChange"]) -> int:
    """As `save_import` writes them: in few transactions, each of them all or nothing, in their order. How many of them
    are stored: all, unless somebody changed one of them meanwhile. Raises Interfered if none is."""
    stored = 0
    for number, writes in _transactions(changed):
        try:
            with unless_interfered():
                table.transact_write(writes)
        except Interfered:
            if not stored:
                raise
            return stored
        stored += number
    return stored


def writes_of(session: Session, before: Session | None) -> list[Write]:
    """The writes that put `session` in the place of `before`, for `table.transact_write`. Refused if `before` is no
    longer as it was read; if there was none, or it had another id, also if there is a session of this id by now.

    A session that is complete for the first time gets its seats with it. The first two writes of one that is new, or
    has another id, are refused where there is a session of that name, or was one.
    """
    item = SessionItem.of(session).serialize()
    new = {"ConditionExpression": "attribute_not_exists(pk)"}
    writes: list[Write] = []
    if before and before.session_id == session.session_id:
        writes.append({"Put": {"Item": item, **_as_read(before)}})
    else:
        writes += [{"Put": {"Item": item, **new}}, {"ConditionCheck": {"Key": _name_key(session.session_id), **new}}]
        if before:
            writes.append({"Delete": {"Key": _key(before.session_id), **_as_read(before)}})
    if not session.missing and (before is None or before.missing):
        writes.append(seats_opening.putting(all_free(session)))
    return writes


def naming(session_id: str, name_id: str) -> list[Write]:
    """The writes by which a published session is found by another name too, from now on and for ever. Refused where
    another session has that name, or had it."""
    item = NameItem(NAMES, name_id, session_id=session_id).serialize()
    own = {":own": {"S": session_id}}
    return [
        {"ConditionCheck": {"Key": _key(name_id), "ConditionExpression": "attribute_not_exists(pk)"}},
        {
            "Put": {
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk) OR session_id = :own",
                "ExpressionAttributeValues": own,
            }
        },
    ]


def calling_off(session: Session, at: datetime) -> Write:
    """One write of a transaction: the published session, as it was read, is cancelled."""
    item = SessionItem.of(replace(session, cancelled_at=at, sequence=session.sequence + 1)).serialize()
    return {"Put": {"Item": item, **_as_read(session)}}


def delete_draft(draft: Session) -> None:
    """Raises Interfered if it is no longer as it was read."""
    with unless_interfered():
        table.call("DeleteItem", Key=_key(draft.session_id), **_as_read(draft))


def set_opening(session_ids: Sequence[str], at: datetime, provided: Sequence[Write] = ()) -> None:
    """Registration for these sessions opens at `at` (aware; whole seconds). Doing it again changes nothing.

    One transaction for each session: what parents read and what the claim of a seat checks never differ. Raises
    LookupError at a session that does not exist or is a draft; Interfered where one of the checks `provided` fails;
    those before it have their opening then.
    """
    opens = {"N": str(int(at.timestamp()))}
    for session_id in session_ids:
        try:
            table.transact_write(
                [
                    {
                        "Update": {
                            "Key": _key(session_id),
                            "UpdateExpression": "SET opens_at = :opens",
                            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(draft)",
                            "ExpressionAttributeValues": {":opens": opens},
                        }
                    },
                    seats_opening.opening_at(session_id, at),
                    *provided,
                ]
            )
        except Refused as refused:
            if refused.items.keys() & {0, 1}:
                raise LookupError(session_id) from refused
            raise Interfered from refused


def join_opening(
    session_id: str,
    opening_id: str,
    opens_at: datetime | None,
    held_back: Mapping[HeldFor, int] | None = None,
    provided: Sequence[Write] = (),
) -> bool:
    """From now on the session is this opening's, and opens at that moment; None: it stays closed until it is drawn. So
    many of its seats are held back.

    One transaction, at most once for an opening; again and again is the same. False: nothing is changed, because there
    is no such session, another opening has it, or fewer seats are free than are to be held back. Raises Interfered
    where one of the checks `provided` fails.
    """
    values = {":opening": {"S": opening_id}}
    if opens_at:
        values[":opens"] = {"N": str(int(opens_at.timestamp()))}
    joins = {
        "Update": {
            "Key": _key(session_id),
            "UpdateExpression": "SET opening_id = :opening"
            + (", opens_at = :opens" if opens_at else " REMOVE opens_at"),
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(draft) "
            "AND attribute_not_exists(opening_id) AND attribute_not_exists(cancelled_at)",
            "ExpressionAttributeValues": values,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }
    try:
        table.transact_write([joins, seats_opening.opening_with(session_id, opens_at, held_back or {}), *provided])
    except Refused as refused:
        if not refused.items.keys() & {0, 1}:
            raise Interfered from refused
        before = refused.items.get(0, {})
        return "opening_id" in before and bool(before["opening_id"]["S"] == opening_id)
    return True


def resizing(session_id: str, before: int, capacity: int) -> Write:
    """One write of a transaction: the capacity that is published, from the one that was."""
    return _publishing(
        session_id,
        "SET #capacity = :new",
        "#capacity = :old",
        {"#capacity": "capacity"},
        {":old": {"N": str(before)}, ":new": {"N": str(capacity)}},
    )


def closing(session_id: str, at: datetime) -> Write:
    """One write of a transaction: the deadline that is published."""
    new = {":new": {"N": str(int(at.timestamp()))}}
    return _publishing(session_id, "SET #deadline = :new", "attribute_exists(pk)", {"#deadline": "deadline"}, new)


def _publishing(
    session_id: str, update: str, condition: str, names: Mapping[str, str], values: Mapping[str, Any]
) -> Write:
    return {
        "Update": {
            "Key": _key(session_id),
            "UpdateExpression": update,
            "ConditionExpression": f"{condition} AND attribute_not_exists(draft)",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def _transactions(changed: Sequence["SessionChange"]) -> Iterator[tuple[int, list[Write]]]:
    """The writes in as few transactions as they fit in, all those of one session in the same; of how many sessions."""
    together: list[Write] = []
    number = 0
    for change in changed:
        writes = _writes(change)
        if len(together) + len(writes) > MOST_WRITES:
            yield number, together
            number, together = 0, []
        together += writes
        number += 1
    if together:
        yield number, together


def _writes(change: "SessionChange") -> list[Write]:
    """Between the checks and the write somebody may have changed or published it: then that one stays."""
    item, before = SessionItem.of(change.session).serialize(), change.before
    if before and before.session_id == change.session.session_id:
        writes: list[Write] = [{"Put": {"Item": item, **_as_read(before)}}]
    else:
        writes = [{"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}]
    if not change.session.missing:
        writes.append(seats_opening.putting(all_free(change.session)))
    if before and before.session_id != change.session.session_id:
        writes.append({"Delete": {"Key": _key(before.session_id), **_as_read(before)}})
    return writes


def _as_read(session: Session) -> dict[str, Any]:
    """The condition that nothing of it has changed."""
    stored = SessionItem.of(session).serialize()
    names = {f"#{place}": name for place, name in enumerate(SessionItem.get_attributes())}
    values = {f":{place[1:]}": stored[name] for place, name in names.items() if name in stored}
    conditions = [
        f"{place} = :{place[1:]}" if name in stored else f"attribute_not_exists({place})"
        for place, name in names.items()
    ]
    return {
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _key(session_id: str) -> dict[str, Any]:
    return table.key(PK, session_id)


def _name_key(name_id: str) -> dict[str, Any]:
    return table.key(NAMES, name_id)


def _read(item: Mapping[str, Any]) -> Session:
    """As DynamoDB writes it. By hand: everybody looks at the whole programme, and PynamoDB takes four times as long."""
    texts = {name: value["S"] for name, value in item.items() if "S" in value}
    numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value}
    starts_on, ends_on = texts.get("starts_on"), texts.get("ends_on")
    daily_from, daily_until = texts.get("daily_from"), texts.get("daily_until")
    opens_at, deadline = numbers.get("opens_at"), numbers.get("deadline")
    cancelled_at = numbers.get("cancelled_at")
    return Session(
        session_id=texts["sk"],
        municipality=texts["municipality"],
        title=texts["title"],
        starts_on=date.fromisoformat(starts_on) if starts_on else None,
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
        age_min=numbers.get("age_min"),
        age_max=numbers.get("age_max"),
        price_cents=numbers.get("price_cents"),
        capacity=numbers.get("capacity"),
        place=texts.get("place"),
        daily_from=time.fromisoformat(daily_from) if daily_from else None,
        daily_until=time.fromisoformat(daily_until) if daily_until else None,
        opens_at=datetime.fromtimestamp(opens_at, UTC) if opens_at is not None else None,
        note=texts.get("note", ""),
        source=texts.get("source", ""),
        opening_id=texts.get("opening_id"),
        deadline=datetime.fromtimestamp(deadline, UTC) if deadline is not None else None,
        kind=texts.get("kind"),
        contact=texts.get("contact"),
        cancelled_at=datetime.fromtimestamp(cancelled_at, UTC) if cancelled_at is not None else None,
        sequence=numbers.get("sequence", 0),
        names=tuple(name["S"] for name in item["names"]["L"]) if "names" in item else (),
    )
