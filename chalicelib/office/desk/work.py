"""The desk's work: what the city's rooms handed in (city/work), the mails that reached nobody, and the children whom
several families name, in one list, the oldest due first.

Mails and namings stand where they always did; here they are read. As soon as somebody takes such a piece of work, or
writes a note, it is handed in like the others, under a key of its own; nothing is on the list twice.

What a part costs: all mails that reached nobody (half a read unit for 40 of them) and, of the AT_ONCE that are shown
and those of other municipalities between them, the registration, the pass and the seats; half a unit to two for each.
Work that concerns nobody any more (the seat is given back, the notes are there) goes when it is come upon.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from heapq import merge
from itertools import islice

from chalicelib.booking.answers import answering
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing, family_of, reference_of
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Handling, ListedWork, Work, WorkId, WorkKind, work_id
from chalicelib.core import table
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Busy, Interfered
from chalicelib.mail import undelivered
from chalicelib.mail.rules import TO_TELL, MailKind
from chalicelib.mail.undelivered import TO_PRINT, Undelivered
from chalicelib.money.citypass import table as city_passes
from chalicelib.office import scope
from chalicelib.office.desk import namings
from chalicelib.office.desk.rules import OF_SEATS, OFFERS, child_of, is_news, mail_of, of_mail, registration_of
from chalicelib.people import access
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import addressees, desk_numbers, sharing
from chalicelib.people.families import namings as named
from chalicelib.people.families import table as families
from chalicelib.people.families.addressees import Addressee
from chalicelib.people.families.namings import SharedChild
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions.rules import Session

AT_ONCE = 25
# Of mails that reached nobody, whose registrations are read together.
SOME = 50

NOTHING_KNOWN = Addressee()
DECIDE_THERE = N_("Decide on the page of the child whose it is, or leave it as it is there.")


class WorkDeed(StrEnum):
    TAKE = "take"
    LEAVE = "leave"
    NOTE = "note"
    DONE = "done"


@dataclass(frozen=True)
class WorkLine:
    """A piece of work as the desk sees it. `reason`: of a mail that reached nobody, what SES or its event said.
    `children`: those that it is about. `family`: None once it is gone."""

    work: Work
    handling: Handling
    registration: Registration | None = None
    standing: Standing | None = None
    family: Pass | None = None
    session: Session | None = None
    children: Sequence[Child] = ()
    addressee: Addressee = NOTHING_KNOWN
    reason: str | None = None

    @property
    def reference(self) -> str | None:
        return reference_of(self.registration) if self.registration else None

    @property
    def desk_number(self) -> str | None:
        return desk_numbers.number_of(self.family.family_id) if self.family and not self.family.email else None

    @property
    def mail_kind(self) -> MailKind | None:
        """The mail that reached nobody, if it is about one."""
        mail = mail_of(self.work.id)
        return mail[0] if mail else None

    @property
    def until(self) -> datetime | None:
        """When an offer ends that the work is about."""
        return self.standing.held_until if self.standing and self.mail_kind in OFFERS else None


@dataclass(frozen=True)
class WorkPart:
    """`next`: behind what the next part begins; None after the last one."""

    lines: Sequence[WorkLine]
    next: str | None


@dataclass(frozen=True)
class Found:
    """Work, and where it stands in the list: an entry that leads to nothing any more has a place all the same."""

    place: str
    listed: ListedWork
    mail: Undelivered | None = None


def municipalities(by: Staff, sessions: Iterable[Session]) -> list[str]:
    """Those of `by`'s that have a session, by name."""
    return sorted({one.municipality for one in scope.sessions_of(by, sessions)})


def part(
    by: Staff,
    sessions: Sequence[Session],
    now: datetime,
    after: str = "",
    kinds: Collection[WorkKind] = (),
    municipality: str | None = None,
    most: int = AT_ONCE,
) -> WorkPart:
    """At most `most` pieces of work of `by`'s, the oldest due first. `sessions`: all of the programme. `kinds`: only
    these; `municipality`: only its work. `after`: what `next` of the part before said."""
    own = [one for one in municipalities(by, sessions) if municipality in (None, one)]
    theirs = {one.session_id: one for one in sessions if one.municipality in own}
    every = merge(
        _handed_in(own, after, kinds, most),
        _mails(theirs, after, kinds),
        _shared(by, now, after, kinds, municipality),
        key=lambda one: one.place,
    )
    lines: list[WorkLine] = []
    place = after
    while some := list(islice(every, most)):
        for found, line in zip(some, _lines(some, theirs, now), strict=True):
            if line is None:
                continue
            if len(lines) == most:
                return WorkPart(lines, place)
            lines.append(line)
            place = found.place
    return WorkPart(lines, None)


def of_family(by: Staff, family_id: str, sessions: Sequence[Session], now: datetime) -> list[WorkLine]:
    """The open work about a family in municipalities of `by`'s."""
    own = municipalities(by, sessions)
    theirs = {one.session_id: one for one in sessions if one.municipality in own}
    listed = [one for one in works.of_family(family_id) if one.work.municipality in own and not one.handling.done_at]
    return [line for line in _lines([Found("", one) for one in listed], theirs, now) if line]


def handle(by: Staff, typed: str, edition: int, do: WorkDeed, text: str, now: datetime) -> None:
    """Takes it, leaves it to others, or says that it is done; notes `text` beside it first, if that is another text, or
    notes it alone. `typed`: a WorkId; `edition`: as `by` saw it.

    Raises Problem `not-found` for what is not theirs, `changed` if a colleague came first, and `not-now` for a child
    whom several families name: that is decided, not done.
    """
    try:
        wanted = work_id(typed)
    except ValueError:
        raise Problem(NOT_FOUND) from None
    if do is WorkDeed.DONE and wanted.kind is WorkKind.TWICE_NAMED:
        raise not_now(DECIDE_THERE)
    _must_be_theirs(by, wanted, now)
    try:
        if text and do is not WorkDeed.NOTE and text != works.handlings([wanted]).get(wanted, Handling()).note:
            works.note(wanted, text, now, edition)
            edition += 1
        match do:
            case WorkDeed.TAKE:
                works.take(wanted, by, now, edition)
            case WorkDeed.LEAVE:
                works.leave(wanted, now, edition)
            case WorkDeed.NOTE:
                works.note(wanted, text, now, edition)
            case WorkDeed.DONE:
                works.finish(wanted, by, now, edition)
                if mail := mail_of(wanted):
                    undelivered.forget(*mail)
    except Interfered:
        raise Problem(CHANGED) from None


def _must_be_theirs(by: Staff, wanted: WorkId, now: datetime) -> None:
    """Hands in what was only found elsewhere so far. Raises Problem `not-found`."""
    if wanted.family_id:
        access.about(wanted.family_id)
    if wanted.kind is WorkKind.TWICE_NAMED and not wanted.family_id:
        scope.of_whole_city(by, now)
        namings.of_child(wanted.key)
        return
    known = works.get(wanted) if wanted.family_id else None
    if known:
        if not scope.theirs(by)(known.work.municipality):
            raise Problem(NOT_FOUND)
        return
    mail = mail_of(wanted)
    found = undelivered.get(*mail) if mail else None
    if found is None or _id_of(found) != wanted:
        raise Problem(NOT_FOUND)
    record = registrations.get(registration_of(found.id))
    if record is None:
        raise Problem(NOT_FOUND)
    works.hand_in(_work_of(found, wanted, scope.must_have(by, record.session_id), record))


def _handed_in(own: Sequence[str], after: str, kinds: Collection[WorkKind], at_once: int) -> Iterator[Found]:
    following: str | None = after
    while following is not None:
        found, following = works.open_work(own, following, at_once, kinds)
        yield from (Found(works.place(one.work), one) for one in found)


def _mails(theirs: Mapping[str, Session], after: str, kinds: Collection[WorkKind]) -> Iterator[Found]:
    """The mails that reached nobody, but for those that were handed in."""
    ids = {one: its_id for one in undelivered.every() if one.kind in TO_TELL and (its_id := _id_of(one))}
    wanted = sorted(
        (place, one)
        for one, its_id in ids.items()
        if (not kinds or its_id.kind in kinds) and (place := _place(one, its_id)) > after
    )
    for start in range(0, len(wanted), SOME):
        some = [one for _, one in wanted[start : start + SOME]]
        records = {one.registration_id: one for one in registrations.several({registration_of(one.id) for one in some})}
        known = works.handlings([ids[one] for one in some])
        for place, one in wanted[start : start + SOME]:
            record = records.get(registration_of(one.id))
            session = theirs.get(record.session_id) if record else None
            if record and session and ids[one] not in known:
                yield Found(place, ListedWork(_work_of(one, ids[one], session, record)), one)


def _id_of(one: Undelivered) -> WorkId | None:
    """None: the child is shared no more with the parent who was written to."""
    whose = _other_parent(one.kind, one.id)
    if one.kind is MailKind.OTHER_PARENT and whose is None:
        return None
    return of_mail(one.kind, one.id, is_letter=one.reason == TO_PRINT, family_id=whose)


def _other_parent(kind: MailKind, id_: str) -> str | None:
    """The family of the parent whom a mail was for with whom the child is shared. One read, for those mails alone."""
    child = child_of(kind, id_)
    return sharing.with_whom(family_of(registration_of(id_)), [child]).get(child) if child else None


def _place(one: Undelivered, its_id: WorkId) -> str:
    """As `works.place` writes it, without the municipality, which a mail does not say."""
    return works.place(Work(its_id.kind, its_id.key, "", {"family_id": its_id.family_id}, None, one.at))


def address_of(one: Undelivered, family: Pass) -> str | None:
    """Where a mail went that reached nobody. `family`: of the registration that it is about."""
    if one.kind is not MailKind.OTHER_PARENT:
        return family.email or None
    second = _other_parent(one.kind, one.id)
    found = _newest(second) if second else None
    return found.email or None if found else None


def _work_of(one: Undelivered, its_id: WorkId, session: Session, record: Registration) -> Work:
    about = {
        "family_id": its_id.family_id,
        "registration_id": record.registration_id,
        "session_id": session.session_id,
    }
    if child := child_of(one.kind, one.id):
        about["child_id"] = child
    return Work(its_id.kind, its_id.key, session.municipality, about, None, one.at)


def _shared(
    by: Staff, now: datetime, after: str, kinds: Collection[WorkKind], municipality: str | None
) -> Iterator[Found]:
    """Children whom several families name, for whoever works for the whole city: they are no municipality's."""
    if municipality is not None or (kinds and WorkKind.TWICE_NAMED not in kinds):
        return
    try:
        scope.of_whole_city(by, now)
    except Problem:
        return
    every = [_of_child(one) for one in named.named_by_several() if not one.is_seen]
    behind = sorted((place, one.key, one) for one in every if (place := works.place(one)) > after)
    for start in range(0, len(behind), SOME):
        some = behind[start : start + SOME]
        known = works.handlings([one.id for _, _, one in some])
        yield from (Found(place, ListedWork(one, known.get(one.id, Handling()))) for place, _, one in some)


def _of_child(one: SharedChild) -> Work:
    about = {"family_id": "", "child_id": one.child_id}
    return Work(WorkKind.TWICE_NAMED, one.child_id, "", about, None, datetime.fromtimestamp(one.since, UTC))


def _lines(some: Sequence[Found], theirs: Mapping[str, Session], now: datetime) -> Iterator[WorkLine | None]:
    """Each as the desk sees it, or None for what concerns nobody any more. What they are about is read together."""
    about = [one.listed.work.about for one in some]
    records = {
        one.registration_id: one
        for one in registrations.several({one["registration_id"] for one in about if "registration_id" in one})
    }
    passes = families.several((one.family_id, one.pass_id) for one in records.values())
    stands = dict(zip(records, register.standings(list(records.values()), now), strict=True))
    reached = addressees.several(one.family_id for one in passes.values() if not one.email)
    cared = _cared_for(some)
    lacking = answering.lacking(_to_answer(some, records), now)
    for one in some:
        work = one.listed.work
        if not work.id.family_id:
            yield _line_of_child(one)
            continue
        record = records.get(work.about.get("registration_id", ""))
        standing = stands.get(record.registration_id) if record else None
        mail = one.mail or _mail(work.id)
        is_said = work.id in cared or (record is not None and _is_answered(work, record, lacking))
        if not _stands(work, record, standing, mail, is_said=is_said):
            _withdraw(one)
            yield None
            continue
        is_theirs = record is not None and record.family_id == work.id.family_id
        family = passes.get((record.family_id, record.pass_id)) if record and is_theirs else _newest(work.id.family_id)
        session = theirs.get(work.about.get("session_id") or (record.session_id if record else ""))
        children = _children(work, record, family)
        access.about(work.id.family_id, [child.child_id for child in children], work.about.get("session_id"))
        yield WorkLine(
            work=work,
            handling=one.listed.handling,
            registration=record,
            standing=standing,
            family=family,
            session=session,
            children=children,
            addressee=reached.get(work.id.family_id, NOTHING_KNOWN),
            reason=mail.reason if mail else None,
        )


def _stands(
    work: Work, record: Registration | None, standing: Standing | None, mail: Undelivered | None, *, is_said: bool
) -> bool:
    """Whether anything of it is still to be done."""
    if work.kind is WorkKind.CITY_PASS:
        of = city_passes.get(work.id.family_id, work.about["application_id"])
        return of is not None and of.is_undecided and city_passes.work_key(of) == work.key
    status = standing.status if standing else None
    if work.kind in OF_SEATS:
        if record and work.about.get("child_id") in record.left:
            return False
        return status not in (None, RegistrationStatus.CANCELLED) and not is_said
    if mail_of(work.id):
        if mail is None or (mail.kind is MailKind.OTHER_PARENT and _id_of(mail) != work.id):
            return False
        child = child_of(mail.kind, mail.id)
        if child and record and child not in record.child_ids:
            status = RegistrationStatus.CANCELLED
        return is_news(mail.kind, mail.id, status)
    return True


def _withdraw(one: Found) -> None:
    """Nobody waits for it: whoever looks next does it if it cannot be done now. A mail that was not handed in ends by
    itself (mail/undelivered.py)."""
    if one.mail is None:
        with suppress(Interfered, Busy):
            works.withdraw(one.listed.work.id)


def _mail(wanted: WorkId) -> Undelivered | None:
    about = mail_of(wanted)
    return undelivered.get(*about) if about else None


def _newest(family_id: str) -> Pass | None:
    return next(reversed(families.of_family(family_id)), None)


def _children(work: Work, record: Registration | None, family: Pass | None) -> list[Child]:
    """The one that it is about, or those of the registration, or of the family."""
    ids = [work.about["child_id"]] if "child_id" in work.about else record.child_ids if record else None
    return [one for one in family.children if ids is None or one.child_id in ids] if family else []


def _cared_for(some: Sequence[Found]) -> set[WorkId]:
    """The work for which somebody said by now what the camp must know. Half a read unit for each 4 KB."""
    wanted = {
        (work.id.family_id, work.about["child_id"]): work.id
        for work in (one.listed.work for one in some)
        if work.kind is WorkKind.CARE_MISSING and "child_id" in work.about
    }
    items = table.batch_get([cares.key(*one) for one in wanted], consistent=False)
    return {wanted[cares.read(item)[:2]] for item in items}


def _to_answer(some: Sequence[Found], records: Mapping[str, Registration]) -> list[Registration]:
    """The registrations of work about required questions."""
    ids = {
        one.listed.work.about.get("registration_id", "")
        for one in some
        if one.listed.work.kind is WorkKind.ANSWERS_MISSING
    }
    return [record for registration_id, record in records.items() if registration_id in ids]


def _is_answered(work: Work, record: Registration, lacking: Mapping[str, Sequence[str]]) -> bool:
    is_asked = work.kind is WorkKind.ANSWERS_MISSING
    return is_asked and work.about.get("child_id") not in lacking.get(record.registration_id, ())


def _line_of_child(one: Found) -> WorkLine | None:
    try:
        found = namings.of_child(one.listed.work.key)
    except Problem:  # fewer than two families name it by now
        return None
    return WorkLine(one.listed.work, one.listed.handling, children=[found.child] if found.child else [])
