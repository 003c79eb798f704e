"""The news of a camp, to its families: that it is cancelled, or what of it changed.

What staff did is one transaction: the session, its seats, the news (programme/sessions/news.py), the ledger. The seats'
change in the stream puts `news` on the queue, and this does the rest, family by family; each step can be repeated, so
it goes on wherever it broke off:

1. Of a camp that is cancelled every registration, offer and waiting place ends: first its record says so, then what is
   to be paid back, unless an order has it (money/refunds), is handed in as work, then its family's mail is queued, and
   only then the seat or the place goes. So what is not done yet is found where the seats are. A run ends in time, and
   `news` is queued again for the rest. The last one queues a mail to each family that wishes for it in a draw to come
   (wishes_off.py).
2. Of a camp that changed the children whom it keeps despite their age are handed in as work, the days that its
   children have move, and each family's mail is queued.

A family gets one mail about a camp, whatever it has there; that it was told stands on each of its registrations. The
mail says what is true when it is sent: changes that came meanwhile are in it, and no mail goes about what is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic

from chalicelib.booking.offers import links
from chalicelib.booking.registrations import overlaps, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, family_of
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkId, WorkKind
from chalicelib.core import settings
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.observability import log
from chalicelib.mail import camp_mails, outbox, wishes_off
from chalicelib.mail.camp_mails import CalledOff, Corrected, OtherCamp
from chalicelib.mail.mails import RegistrationMail
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import MailKind, Message
from chalicelib.money.refunds import of_camps
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.sessions import changed_words, news
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.alternatives import alternatives
from chalicelib.programme.sessions.news import CampNews
from chalicelib.programme.sessions.rules import Session, is_over
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list

# Of the 60 seconds that the function has, one of the two messages of its batch may be a mail for which SES takes 26.
MOST_SECONDS = 20.0
FAMILIES_AT_ONCE = 10
# How long after a change was asked for a family may have registered by what was before.
UNSEEN_FOR = timedelta(minutes=1)
DATES = frozenset({"starts_on", "ends_on"})

OWN_OVERLAP = N_(
    "{child} is also registered for {title} on these days. We have cancelled nothing. Choose one of the two, and "
    "cancel the other one soon."
)
OTHER_OVERLAP = N_(
    "{child} is also registered for another camp on these days, by another mail address. We have cancelled nothing."
)


class NotQueued(Exception):
    """SQS did not take every message; this one comes again."""


@dataclass(frozen=True)
class CampMail:
    """`told`: what is written on each of the family's registrations once it was sent."""

    family: Pass
    mail: EmailMessage
    registration_ids: Sequence[str]
    told: Sequence[str]


def spread(session_id: str, now: datetime) -> bool:
    """Does what the news of a camp makes to do. False: there is more of it; call again."""
    session, seats = programme.get(session_id), seats_table.get([session_id]).get(session_id)
    if session is None or seats is None:
        return True
    if session.cancelled_at:
        return _end_all(session, session.cancelled_at)
    told = news.every(session_id)
    _keep_children(session, told)
    if any(DATES & one.columns.keys() for one in told):
        final = [one for one in seats.registrations if one not in seats.until]
        for record in registrations.several(final, consistent=True):
            overlaps.move(record, session, now)
    if any(one.is_told for one in told):
        _queue(MailKind.CHANGED, session_id, [min(ids) for ids in _families(seats).values()])
    return True


def _end_all(session: Session, at: datetime) -> bool:
    until = monotonic() + MOST_SECONDS
    ended = 0
    while True:
        seats = seats_table.get([session.session_id])[session.session_id]
        there = list(_families(seats).values())
        if not there:
            seats_table.end_queue(session.session_id)
            for one in news.every(session.session_id):
                if one.kept:
                    news.forget_kept(one)
            if wishes_off.queue(session.session_id, at):
                raise NotQueued
            log.info("called_off", ended=ended)
            return True
        for start in range(0, len(there), FAMILIES_AT_ONCE):
            if monotonic() > until:
                log.info("called_off", ended=ended, left=len(there) - start)
                return False
            some = there[start : start + FAMILIES_AT_ONCE]
            _end(session, seats, some, at)
            ended += len(some)


def _families(seats: Seats) -> dict[str, dict[str, list[str]]]:
    """By family what it has: registration to its children, in seats and in waiting places. Those with seats first."""
    found: dict[str, dict[str, list[str]]] = {}
    there = [(child, one) for child, one in seats.children.items()]
    there += [(place.child_id, place.registration_id) for place in waiting_list.places(seats.session_id)]
    for child, registration_id in there:
        found.setdefault(family_of(registration_id), {}).setdefault(registration_id, []).append(child)
    return found


def _end(session: Session, seats: Seats, some: Sequence[Mapping[str, Sequence[str]]], at: datetime) -> None:
    """In the order that the module says."""
    every = [one for ids in some for one in ids]
    records = {one.registration_id: one for one in registrations.several(every, consistent=True)}
    seated = set(seats.registrations)
    for one, record in records.items():
        if record.cancelled_at and not record.called_off:
            continue  # by its family, a moment before
        registrations.call_off(one, at)
        if session.price_cents and one in seated and one not in seats.until and not _is_in_an_order(one, session):
            about = {"family_id": family_of(one), "registration_id": one, "session_id": session.session_id}
            works.hand_in(Work(WorkKind.PAY_BACK, one, session.municipality, about, None, at))
    first = [min(known) for ids in some if (known := [one for one in ids if one in records])]
    _queue(MailKind.CALLED_OFF, session.session_id, first)
    for ids in some:
        for one, children in ids.items():
            held = [child for child in children if seats.holders.get(child) == one]
            if held:
                seats_table.release(session.session_id, held, one)
            waiting_list.leave(session.session_id, children, one)


def _is_in_an_order(registration_id: str, session: Session) -> bool:
    """Then what was paid goes back as a refund that finance releases."""
    return of_camps.goes_back_by_itself(family_of(registration_id), session.session_id, session.municipality)


def _keep_children(session: Session, told: Sequence[CampNews]) -> None:
    """Once it is done the news names them no more: it outlives their families' data."""
    for one in told:
        there = registrations.several(set(one.kept.values()), consistent=True) if one.kept else []
        standing = {record.registration_id: record.child_ids for record in there if not record.cancelled_at}
        for child, registration_id in one.kept.items():
            if child not in standing.get(registration_id, ()):
                continue
            registrations.keep_despite_age(registration_id)
            about = {
                "family_id": family_of(registration_id),
                "registration_id": registration_id,
                "session_id": session.session_id,
                "child_id": child,
            }
            key = f"{registration_id}#{child}#{one.number}"
            works.hand_in(Work(WorkKind.AGE_NO_LONGER_FITS, key, session.municipality, about, None, one.at))
        if one.kept:
            news.forget_kept(one)


def _queue(kind: MailKind, session_id: str, registration_ids: Sequence[str]) -> None:
    if outbox.queue([Message(kind, one, session_id) for one in registration_ids]):
        raise NotQueued


def called_off(message: Message, sending: Sending) -> CampMail | None:
    """The mail that a message calls for; None: its family was told. Raises LookupError without a pass, NoAddress."""
    records = [one for one in _records(message) if one.called_off and MailKind.CALLED_OFF not in one.mailed]
    bookings = _bookings(records)
    if not bookings:
        return None
    what = what_is_off(bookings, sending.now)
    mail = camp_mails.called_off(bookings, what, sending)
    return CampMail(bookings[-1].family, mail, _ids(bookings), [MailKind.CALLED_OFF])


def what_is_off(bookings: Sequence[RegistrationMail], now: datetime) -> CalledOff:
    """In the language of the last booking's family."""
    last = bookings[-1]
    session, language = last.session, last.family.language
    return CalledOff(
        why=news.why_off(session.session_id, language),
        others=_others(bookings, now),
        pays_back=_is_in_an_order(_ids(bookings)[0], session)
        or any(works.get(WorkId(WorkKind.PAY_BACK, one, family_of(one))) for one in _ids(bookings)),
    )


def changed(message: Message, sending: Sending) -> CampMail | None:
    """The same, about all that changed since its family registered, or was told. None also where nothing is left of it:
    what changed was changed back, or the family has nothing there any more."""
    said = [one for one in news.every(message.session_id or "") if one.is_told]
    records = _records(message)
    standings = register.standings(records, sending.now)
    stands = {
        record.registration_id: standing
        for record, standing in zip(records, standings, strict=True)
        if standing and standing.status is not RegistrationStatus.CANCELLED
    }
    untold = {one.registration_id: _untold(one, said) for one in records if one.registration_id in stands}
    bookings = _bookings([one for one in records if untold.get(one.registration_id)])
    if not bookings:
        return None
    last = bookings[-1]
    language = last.family.language
    of_any = {one.number for each in untold.values() for one in each}
    pending = [one for one in said if one.number in of_any]
    changes = changed_words.changes(last.session, pending, language)
    if last.session.cancelled_at or is_over(last.session, sending.now) or not changes:
        return None
    moved = any(DATES & one.columns.keys() for one in pending)
    what = Corrected(
        changes=changes,
        has_seats=any(stands[one].status is RegistrationStatus.CONFIRMED for one in _ids(bookings)),
        elsewhere=_elsewhere(bookings, sending.now) if moved else (),
    )
    mail = camp_mails.changed(bookings, what, sending)
    return CampMail(last.family, mail, _ids(bookings), [mark_of(one) for one in pending])


def mark(due: CampMail) -> None:
    for one in due.registration_ids:
        for told in due.told:
            registrations.mark_mailed(one, told)


def mark_of(told: CampNews) -> str:
    return f"{MailKind.CHANGED}:{told.number}"


def _untold(record: Registration, said: Sequence[CampNews]) -> list[CampNews]:
    """Who registered well after a change saw it already."""
    return [one for one in said if one.at + UNSEEN_FOR >= record.created_at and mark_of(one) not in record.mailed]


def _records(message: Message) -> list[Registration]:
    """All that the family has, or had, in this camp, the newest last."""
    every = registrations.of_family(family_of(message.id))
    return [one for one in every if one.session_id == message.session_id]


def _bookings(records: Sequence[Registration]) -> list[RegistrationMail]:
    """Raises LookupError where there is no pass, and so no address, for any of them."""
    if not records:
        return []
    session = programme.get(records[0].session_id)
    passes = families.several((one.family_id, one.pass_id) for one in records)
    if session is None or not passes:
        raise LookupError("session" if session is None else "pass")
    return [
        RegistrationMail(one, session, its_pass, links.to_registration(one.registration_id, one.pass_id))
        for one in records
        if (its_pass := passes.get((one.family_id, one.pass_id)))
    ]


def _ids(bookings: Sequence[RegistrationMail]) -> list[str]:
    return [one.registration.registration_id for one in bookings]


def _others(bookings: Sequence[RegistrationMail], now: datetime) -> list[OtherCamp]:
    """Camps that have seats for all of these children, at no time at which one of them is in another one."""
    last = bookings[-1]
    language = last.family.language
    children = {child for one in bookings for child in one.registration.child_ids}
    births = {child.child_id: child.birth_date for one in bookings for child in one.family.children}
    own = [one for one in registrations.of_family(last.family.family_id) if children.intersection(one.child_ids)]
    taken = {
        one.session_id
        for one, standing in zip(own, register.standings(own, now), strict=True)
        if standing and standing.status is not RegistrationStatus.CANCELLED
    }
    wanted = [births[child] for child in children if child in births]
    return [
        OtherCamp(
            title=one.session.title,
            when=changed_words.days(one.session, language),
            where=", ".join(filter(None, (one.session.municipality, one.session.place))),
            seats=one.seats_left,
            url=f"{settings.public_url()}/sessions/{one.session.session_id}",
        )
        for one in alternatives(last.session, wanted, taken, now)
    ]


def _elsewhere(bookings: Sequence[RegistrationMail], now: datetime) -> list[str]:
    """Overlaps with other camps, in sentences. Another family's camp is not named: it may be the other parent's."""
    sentences: list[str] = []
    for booking in bookings:
        record, language = booking.registration, booking.family.language
        names = {child.child_id: child.first_name for child in booking.family.children}
        for found in overlaps.others(record.child_ids, booking.session, now, record.registration_id):
            is_own = found.other.family_id == record.family_id
            session = programme.get(found.other.session_id) if is_own else None
            child = in_words.names([names.get(found.child_id, "")], language)
            text = OWN_OVERLAP if session else OTHER_OVERLAP
            sentences.append(translate(text, language, child=child, title=session.title if session else ""))
    return sentences
