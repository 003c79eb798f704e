"""A published camp is corrected: first what it would change and for whom, then one act.

What stays as it was published is said here, by column (`fixed`):

- The municipality is whose work the camp is; the number of seats changes by itself (office/desk/exceptions.py).
- In an opening that is not held yet, days, ages and price stay as announced. The draw's arithmetic, who may wish for
  it and when it closes go by the days and the ages; and by the price families choose before they have anything there
  that they could be told about. Nothing that an opening promises goes by the title, the place, the hours, the contact
  or the note, so these change; when it is held, all does, and who has something there is told.

A session keeps its id whatever it is called. Another name of a published one is taken for ever
(programme/sessions/table.py, `naming`), so an import finds it by each of its names, and nobody makes another one of
them.

The session, its seats' ages and deadline, what families are told, the ledger's entry and that the opening is the one
that was looked at are one transaction. Who does not fit the ages any more is looked for among those who are in it; the
write is refused if anybody came or left since. Nobody is ever removed: whoever changes the ages says by id which of
these children stay, or nothing is changed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.booking.registrations import overlaps
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.problems import BUSY, CHANGED, INVALID, NOT_FOUND, FieldError, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.office.camps import concerned
from chalicelib.office.camps.concerned import Concerned, ConcernedChild
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, State
from chalicelib.programme.sessions import editing, handlers, news, table
from chalicelib.programme.sessions.cells import cells_of
from chalicelib.programme.sessions.changed_words import TOGETHER
from chalicelib.programme.sessions.changes import missing
from chalicelib.programme.sessions.news import CampNews
from chalicelib.programme.sessions.rules import Session, all_free, closes_at, has_name, identify
from chalicelib.seats import table as seats_table
from chalicelib.seats.changing import correcting
from chalicelib.seats.rules import Seats

TRIES = 5
# Families go by these: whoever has something in the camp hears of it, whether or not anybody thought of telling them.
ALWAYS_TOLD = frozenset({"starts_on", "ends_on", "daily_from", "daily_until", "place"})
# The others that a mail can tell of.
TELLABLE = frozenset(column for columns in TOGETHER.values() for column in columns)
AS_ANNOUNCED = ("starts_on", "ends_on", "age_min", "age_max", "price_eur")
# Of these nobody but staff is told, in the ledger: a contact may be somebody's own phone.
PRIVATE = ("source", "contact")

WHOSE = N_("This says whose session it is, and stays. Cancel the session, and make another one.")
BY_EXCEPTION = N_("The number of seats is changed separately, with its reason.")
IN_AN_OPENING = N_("The session's opening is published and not held yet: until then this stays as announced.")
NEEDED = N_("A published session cannot do without this.")
IS_CANCELLED = N_("This camp is cancelled, and changes no more.")
IS_DRAFT = N_("This is a draft: it changes without any of this.")
NO_LONGER_OF_AGE = N_(
    "Children of this session do not fit these ages: {number}. Look at them, and say which of them stay, or leave the "
    "ages and the first day as they are."
)


@dataclass(frozen=True)
class ChildElsewhere:
    """A child that is in another camp on the new days."""

    child: ConcernedChild
    other_session_id: str


@dataclass(frozen=True)
class CorrectionPreview:
    """`columns`: those that would change, to what is and what would be, as the sheet writes it. `is_told`: each of
    `concerned` gets a mail. `misfits`: who fits its ages now, and would not any more."""

    before: Session
    after: Session
    columns: Mapping[str, tuple[str, str]]
    concerned: Concerned
    is_told: bool
    misfits: Sequence[ConcernedChild]
    elsewhere: Sequence[ChildElsewhere]


@dataclass(frozen=True)
class _Proposal:
    before: Session
    after: Session
    seats: Seats
    columns: Mapping[str, tuple[str, str]]
    opening: Opening | None
    edition: int

    @property
    def moves_ages(self) -> bool:
        return bool({"starts_on", "age_min", "age_max"} & self.columns.keys())

    @property
    def moves_days(self) -> bool:
        return bool({"starts_on", "ends_on"} & self.columns.keys())

    def is_told(self, tell: bool) -> bool:
        return bool(ALWAYS_TOLD & self.columns.keys()) or (tell and bool(TELLABLE & self.columns.keys()))


def preview(
    session_id: str, known: str, sent: Mapping[str, str], labels: Mapping[str, str], *, tell: bool, now: datetime
) -> CorrectionPreview:
    """The effect that `correct` would have, and on whom; nothing is written. Raises the Problems of `correct`, but for
    children who do not fit: they are in it."""
    proposal = _proposal(session_id, known, sent, labels, now)
    there = concerned.of(proposal.seats, now)
    misfits, elsewhere = _misfits(proposal, there), _elsewhere(proposal, there, now)
    for one in (*misfits, *(other.child for other in elsewhere)):
        access.about(one.family_id, [one.child_id], session_id)
    return CorrectionPreview(
        before=proposal.before,
        after=proposal.after,
        columns=proposal.columns,
        concerned=there,
        is_told=proposal.is_told(tell),
        misfits=misfits,
        elsewhere=elsewhere,
    )


def correct(  # noqa: PLR0913 a correction is all of this
    session_id: str,
    known: str,
    sent: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    by: Staff,
    reason: str,
    tell: bool,
    now: datetime,
    keep: Collection[str] = (),
) -> Session:
    """The published session with the columns of `sent`; those that are not in it stay. `known`: the edition that the
    sender saw (programme/sessions/editing.py). `labels`: column to what the sender knows it by, for messages. `tell`:
    families hear of it, also of what they do not go by. `keep`: the children who stay although they do not fit.

    Raises Problem `changed` for another edition; `invalid` for what is wrong or must stay, with the column; `not-now`,
    with `child_ids`, where a child does not fit that is not in `keep`, and for what is a draft or cancelled;
    `not-found`; `busy`. Nothing is written then, nor if nothing is changed.
    """
    now = now.replace(microsecond=0)
    for _ in range(TRIES):
        proposal = _proposal(session_id, known, sent, labels, now, reason)
        if not proposal.columns:
            return proposal.before
        misfits = _misfits(proposal, concerned.of(proposal.seats, now)) if proposal.moves_ages else []
        if unsaid := sorted({one.child_id for one in misfits}.difference(keep)):
            raise _no_longer_of_age(unsaid)
        if _write(proposal, misfits, by, reason, tell, now):
            handlers.forget()
            seats_table.forget()
            return editing.get(session_id)
    raise Problem(BUSY, retry_after=1)


def _no_longer_of_age(child_ids: Sequence[str]) -> Problem:
    problem = not_now(NO_LONGER_OF_AGE, number=len(child_ids))
    return Problem(problem.kind, {**problem.extra, "child_ids": list(child_ids)})


def fixed(session: Session, now: datetime) -> dict[str, str]:
    """The columns that cannot be changed now, each with the reason: an English text, to be translated."""
    if session.missing:
        return {}
    opening, _ = _opening_of(session)
    return _fixed(session, opening, now)


def _fixed(session: Session, opening: Opening | None, now: datetime) -> dict[str, str]:
    stays = {"municipality": WHOSE, "capacity": BY_EXCEPTION}
    if session.opening_id and not (opening and _is_held(opening, now)):
        return stays | dict.fromkeys(AS_ANNOUNCED, IN_AN_OPENING)
    return stays


def _is_held(opening: Opening, now: datetime) -> bool:
    """Whether its seats are drawn, or all families are admitted: what is left is for whoever comes."""
    if opening.is_to_be_drawn or opening.state is State.PAUSED:
        return False
    return opening.state is State.DRAWN or now >= opening.spread_ends_at


def _opening_of(session: Session) -> tuple[Opening | None, int]:
    found = openings.get(session.opening_id) if session.opening_id else None
    return found or (None, 0)


def _proposal(
    session_id: str,
    known: str,
    sent: Mapping[str, str],
    labels: Mapping[str, str],
    now: datetime,
    reason: str | None = None,
) -> _Proposal:
    """`reason`: None if none is asked for yet."""
    before = editing.get(session_id)
    if editing.edition(before) != known:
        raise Problem(CHANGED)
    if before.missing:
        raise not_now(IS_DRAFT)
    if before.cancelled_at:
        raise not_now(IS_CANCELLED)
    seats = seats_table.get([session_id]).get(session_id)
    if seats is None:
        raise Problem(NOT_FOUND)
    opening, edition = _opening_of(before)
    typed = editing.as_typed({**cells_of(before), **sent}, labels)
    old, new = cells_of(before), cells_of(typed)
    columns = {column: (old[column], new[column]) for column in old if old[column] != new[column]}
    _check(columns, typed, _fixed(before, opening, now), reason if columns else None)
    return _Proposal(before, _after(before, typed), seats, columns, opening, edition)


def _check(columns: Iterable[str], typed: Session, stays: Mapping[str, str], reason: str | None) -> None:
    errors = [FieldError(column, stays[column]) for column in columns if column in stays]
    errors += [FieldError(column, NEEDED) for column in missing(typed) if column not in stays]
    try:
        if reason is not None:
            checked_reason(reason)
    except Problem as problem:
        errors += problem.errors
    if errors:
        raise Problem(INVALID, errors=errors)


def _after(before: Session, typed: Session) -> Session:
    """The typed session as that which it is: what no column says stays. A deadline that staff set stays too, unless it
    would be later than the new first day."""
    names = {*before.names}
    if has_name(typed) != has_name(before):
        names |= {identify(typed.municipality, typed.title, typed.starts_on)} - {before.session_id}
    deadline = before.deadline
    if deadline and typed.starts_on and deadline > closes_at(typed.starts_on + timedelta(days=1)):
        deadline = None
    return replace(
        typed,
        session_id=before.session_id,
        opens_at=before.opens_at,
        opening_id=before.opening_id,
        deadline=deadline,
        sequence=before.sequence,
        names=tuple(sorted(names)),
    )


def _misfits(proposal: _Proposal, there: Concerned) -> list[ConcernedChild]:
    if not proposal.moves_ages:
        return []
    seats, ages = proposal.seats, all_free(proposal.after)
    return [
        one
        for one in concerned.children_of(there.registrations)
        if seats.born_from <= one.birth_date <= seats.born_until
        and not ages.born_from <= one.birth_date <= ages.born_until
    ]


def _elsewhere(proposal: _Proposal, there: Concerned, now: datetime) -> list[ChildElsewhere]:
    """Of the children that have seats, those that are in another camp on the new days; each with the other camp."""
    if not proposal.moves_days:
        return []
    children = {one.child_id: one for one in concerned.children_of(there.confirmed)}
    taken = overlaps.elsewhere({child: [proposal.after] for child in children}, now)
    found: list[ChildElsewhere] = []
    for child in sorted({child for child, _ in taken}):
        others = overlaps.others([child], proposal.after, now, children[child].registration_id)
        found += [ChildElsewhere(children[child], one.other.session_id) for one in others]
    return found


def _write(
    proposal: _Proposal, misfits: Sequence[ConcernedChild], by: Staff, reason: str, tell: bool, now: datetime
) -> bool:
    """False: somebody changed the session, its seats or its opening since they were read."""
    before, seats, columns = proposal.before, proposal.seats, proposal.columns
    is_told = proposal.is_told(tell)
    has_news = is_told or bool(misfits)
    after = replace(proposal.after, sequence=before.sequence + is_told)
    its_seats = replace(seats, news=seats.news + has_news)
    if proposal.moves_ages:
        ages = all_free(after)
        its_seats = replace(its_seats, born_from=ages.born_from, born_until=ages.born_until, closes=ages.closes)
    writes: list[Mapping[str, Any]] = [*table.writes_of(after, before)]
    if its_seats != seats:
        writes.append(correcting(seats, its_seats))
    new_name = identify(after.municipality, after.title, after.starts_on)
    name_at = len(writes)
    has_new_name = has_name(after) != has_name(before) and new_name not in (before.session_id, *before.names)
    if has_new_name:
        writes += table.naming(before.session_id, new_name)
    if has_news:
        told = {column: values for column, values in columns.items() if column in TELLABLE}
        kept = {one.child_id: one.registration_id for one in misfits}
        writes.append(news.putting(CampNews(before.session_id, its_seats.news, now, {}, told, kept, is_told)))
    if proposal.opening:
        writes.append(openings.unchanged(proposal.opening.opening_id, proposal.edition))
    try:
        ledger.record(
            LedgerAct.SESSION_CHANGED,
            by,
            reason,
            now,
            opening_id=before.opening_id,
            session_id=before.session_id,
            details=_told(columns, is_private=False) | ({"kept_despite_age": len(misfits)} if misfits else {}),
            private=_told(columns, is_private=True)
            | ({"kept_despite_age": [one.child_id for one in misfits]} if misfits else {}),
            together_with=writes,
        )
    except Refused as refused:
        if has_new_name and {name_at, name_at + 1} & refused.items.keys():
            raise Problem(INVALID, errors=[FieldError("title", editing.EXISTS)]) from None
        return False
    return True


def _told(columns: Mapping[str, tuple[str, str]], *, is_private: bool) -> dict[str, Any]:
    return {
        column: {"from": was, "to": now} for column, (was, now) in columns.items() if (column in PRIVATE) is is_private
    }
