"""A family is corrected: what its passes say of its children, its postcode and its language.

A child keeps its id, so registrations, places on waiting lists, offers, wishes and what the camp must know follow by
themselves, and nothing that identity decides is won. Where a corrected birth date no longer fits what the child has,
the seat stays and the desk gets work in the same transaction; wishes of a draw that would no longer fit are taken back
by the family first, because what is drawn is written out as it was published.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.booking.draw import table as draws
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkKind
from chalicelib.core import table
from chalicelib.core.http.fields import Choice, Model, OrNull, Several, check
from chalicelib.core.http.problems import CHANGED, Problem, invalid, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.people.families import changes, corrections, limits, mailboxes
from chalicelib.people.families import table as families
from chalicelib.people.families.addresses import Address
from chalicelib.people.families.corrections import Correction, Wanted
from chalicelib.people.families.handlers import (
    AS_CHILD,
    AS_CHILDREN,
    AS_LANGUAGE,
    CHILD,
    CHILD_ID,
    MOST_CHILDREN,
    MOST_PASSES_AN_HOUR,
    Postcode,
    children_of,
)
from chalicelib.people.families.identity import PASS_LENGTH
from chalicelib.people.families.proving import pass_of
from chalicelib.people.families.rules import Bearer, Pass
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State, title
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table

LIST_CLOSED = N_("The list of the draw {opening} is closed. Correct the birth date when the result is there.")
NO_CHILDREN = N_("To book swimming with another address, ask for a link with that one.")
WISH_MISFITS = N_("With this birth date {session} is not for this child. Take that wish back first.")

# As it stands in the family's passes.
NAMED_CHILD = Model({"child_id": CHILD_ID, **CHILD.fields}, expects=AS_CHILDREN)
CORRECTIONS = Model(
    {
        "children": OrNull(Several(AS_CHILDREN, NAMED_CHILD, MOST_CHILDREN)),
        "postcode": OrNull(Postcode()),
        "language": OrNull(Choice(AS_LANGUAGE, LANGUAGES)),
        "email": OrNull(Address()),
    }
)
# Of one transaction, which takes 100 writes: 30 passes, three for each of ten children, and a few more stand in it.
MOST_WORKS = 15
# Of these a camp counts on the child's age.
STANDS = (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED, RegistrationStatus.WAITLISTED)


@dataclass(frozen=True)
class Misfit:
    """A registration that is no longer for the child's age: it stays, and the desk looks at it."""

    registration_id: str
    session: Session
    child_id: str


def wanted(content: Any, day: date) -> Wanted:
    """The corrections that were sent or typed; raises Problem `invalid` that names what is wrong."""
    return wanted_of(check(CORRECTIONS, content), day)


def wanted_of(given: Mapping[str, Any], day: date) -> Wanted:
    """The same of what was checked."""
    sent = given["children"] or []
    ids = [one.pop("child_id") for one in sent]
    for place, child_id in enumerate(ids):
        if child_id in ids[:place]:
            raise invalid(f"children[{place}].child_id", AS_CHILD)
    named = dict(zip(ids, children_of(sent, day), strict=True))
    places = {child_id: place for place, child_id in enumerate(ids)}
    return Wanted(named, places, given["postcode"], given["language"], given["email"])


def correct(who: Bearer, asked: Wanted, now: datetime, source: str) -> tuple[Bearer, list[Misfit]]:
    """The family corrects itself; answers who it is now, and what no longer fits. Another mail address gets a
    link, and counts when that is used. Raises Problem `invalid`, `not-now`, `changed`; nothing is stored then. And
    `too-many` or `busy` where too many links are asked for (`source`, an IP address): all but the address is stored.
    """
    for child_id, place in asked.places.items():
        if child_id not in who.children:
            raise invalid(f"children[{place}].child_id", AS_CHILD)
    found = corrections.correction(who.family_id, asked, datetime.now(UTC), by_desk=False)
    misfits = misfits_of(who.family_id, asked, found, now)
    store(found, works_of(who.family_id, misfits, now))
    born = {child: found.newly_born.get(child, born) for child, born in who.children.items()}
    now_is = replace(who, children=born, postcode=asked.postcode or who.postcode)
    if asked.email:
        ask_to_move(pass_of(now_is), asked.email, now, source)
    return now_is, misfits


def ask_to_move(known: Pass, email: str, now: datetime, source: str | None) -> bool:
    """Sends a link to this address, by which it becomes the family's. False: it is the family's already, or the family
    asked for too many links this hour. `source` None: the desk asks. Raises Problem `too-many` or `busy`."""
    if email == known.email:
        return False
    if not known.children:
        raise invalid("email", NO_CHILDREN)
    if source is not None:
        limits.admit(source, now)
    # Of the mailbox too: whoever has several families must not flood it.
    for one in dict.fromkeys((mailboxes.family_of(email), known.family_id)):
        if not families.count_asked(one, now, MOST_PASSES_AN_HOUR):
            return False
    asked = replace(
        known, pass_id=by_chance(PASS_LENGTH), email=email, created_at=now, namings={}, moves=True, invited_by=None
    )
    families.put(asked)
    return True


def misfits_of(family_id: str, asked: Wanted, found: Correction, now: datetime) -> list[Misfit]:
    """The registrations that a corrected birth date no longer fits. Raises Problem `not-now` where a draw goes by the
    date, and `invalid` where wishes do."""
    if not found.newly_born:
        return []
    for opening in openings.every():
        if opening.is_live and opening.kind is OpeningKind.DRAW and opening.state is not State.DRAWN:
            _must_fit_draw(opening, family_id, asked, found.newly_born, now)
    return list(_misfits(family_id, found.newly_born, now))


def works_of(family_id: str, misfits: Sequence[Misfit], now: datetime) -> list[Mapping[str, Any]]:
    """The writes of a transaction by which the desk gets each as work. What does not fit into one is handed in at once:
    work too much is seen, work too little is not."""
    for one in misfits[MOST_WORKS:]:
        works.hand_in(_work(family_id, one, now))
    return [write for one in misfits[:MOST_WORKS] for write in works.puts_of(_work(family_id, one, now))]


def store(found: Correction, more: Sequence[Mapping[str, Any]]) -> None:
    """Raises Problem `changed` if somebody came in between; nothing is stored then."""
    if not found.writes:
        return
    try:
        table.transact_write([*found.writes, *more])
    except Refused:
        raise Problem(CHANGED) from None
    finally:
        changes.forget()
    store_rest(found)


def store_rest(found: Correction) -> None:
    """The older passes of a family that has very many. Should it break off, the same correction again does the
    rest."""
    for write in found.rest:
        try:
            table.transact_write([write])
        except Refused:
            raise Problem(CHANGED) from None


def _must_fit_draw(opening: Opening, family_id: str, asked: Wanted, born: Mapping[str, date], now: datetime) -> None:
    entered = draws.entry_of(opening.opening_id, family_id)
    pairs = [(child, session) for wish in entered.all_wishes for child, session in wish] if entered else []
    concerned = [(child, session) for child, session in pairs if child in born]
    if not concerned:
        return
    if opening.wishes_until is not None and now >= opening.wishes_until:
        raise not_now(LIST_CLOSED, opening=title(opening.plan, LANGUAGES[0]))
    seats = seats_table.get({session for _, session in concerned})
    for child, session_id in concerned:
        found = seats.get(session_id)
        if found and not found.born_from <= born[child] <= found.born_until:
            session = programme.get(session_id)
            field = f"children[{asked.places[child]}].birth_date"
            raise invalid(field, WISH_MISFITS, session=session.title if session else session_id)


def _misfits(family_id: str, born: Mapping[str, date], now: datetime) -> Iterator[Misfit]:
    standing = _standing(family_id, set(born), now)
    seats = seats_table.get({one.session_id for one in standing}) if standing else {}
    sessions = programme.several({one.session_id for one in standing}) if standing else {}
    for one in standing:
        found, session = seats.get(one.session_id), sessions.get(one.session_id)
        if found is None or session is None or (session.ends_on and session.ends_on < today(now)):
            continue
        for child_id in one.child_ids:
            if child_id in born and not found.born_from <= born[child_id] <= found.born_until:
                yield Misfit(one.registration_id, session, child_id)


def _standing(family_id: str, children: set[str], now: datetime) -> list[Registration]:
    who = Bearer("", family_id, "", "", {}, {})
    return [
        one
        for one, stands in register.all_of(who, now)
        if stands.status in STANDS and children.intersection(one.child_ids)
    ]


def _work(family_id: str, misfit: Misfit, now: datetime) -> Work:
    """Each correction is an occasion of its own: what the desk settled once comes back with another date."""
    return Work(
        WorkKind.AGE_NO_LONGER_FITS,
        f"{misfit.registration_id}#{misfit.child_id}#{int(now.timestamp())}",
        misfit.session.municipality,
        {
            "family_id": family_id,
            "registration_id": misfit.registration_id,
            "session_id": misfit.session.session_id,
            "child_id": misfit.child_id,
        },
        None,
        now,
    )
