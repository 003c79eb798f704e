"""Everything that is kept of a family is deleted, and what it had is given back.

Guarantee: it is done in the end, and repeating it is harmless. `F#family / ERASING` says that it was asked for, and
goes last; each step finds its work in what is still there, so whatever breaks off goes on with the next message. A
message does a bounded part; a family with more than that gets another one.

Order: what leads to something else goes after it. A registration's record is silenced first (no mail follows), then its
seats are given back, then it goes; passes, which name the children, go last.

Of a day on which a child attended it stays that it was there, under the child's code, because bookkeeping rests on it
(docs/privacy.md); who marked it, when, with which note and by which registration goes. Tax certificates that were
given stay as long; the national numbers go.

A draw whose list is frozen needs its entries until it is over: it must give what it published. So such an entry waits,
an hour at a time, and what it wins is given back afterwards.
"""

from datetime import datetime, timedelta

from chalicelib.booking.answers import table as answers
from chalicelib.booking.draw import table as draws
from chalicelib.booking.presence import table as presence
from chalicelib.booking.registrations import days, ended
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.city.work import table as works
from chalicelib.core.moments import today
from chalicelib.mail.rules import MailKind
from chalicelib.money.certificates import national
from chalicelib.money.citypass import table as city_passes
from chalicelib.money.citypass import voucher_table
from chalicelib.money.entitlements import forgetting
from chalicelib.money.extras import table as extras
from chalicelib.people.assistance import helping
from chalicelib.people.families import (
    changes,
    corrections,
    desk_numbers,
    identities,
    leaving,
    mailboxes,
    namings,
    sharing,
)
from chalicelib.people.families import table as families
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, State
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.swimming import table as swimming

# Of one message: some ten seconds of the sixty that the function has.
MOST_REGISTRATIONS = 100
MOST_ITEMS = 500
UNTIL_THE_DRAW = timedelta(hours=1)


def erase(family_id: str, now: datetime) -> datetime | None:
    """Erases the family as far as it can be now. Answers when to go on, or None: nothing is left. Raises Busy."""
    state = leaving.asked(family_id)
    draws_wait = [one for one in openings.every() if not _leaves_draw(one, family_id, now)]
    if state and state.rest_is_gone:
        return _late(family_id, now, still_waits=bool(draws_wait))
    records = registrations.of_family(family_id)
    for record in records[:MOST_REGISTRATIONS]:
        give_back(record, now, days_alone=True)
    if len(records) > MOST_REGISTRATIONS:
        return now
    for visits in swimming.weeks(family_id):
        swimming.erase(family_id, visits)
    sharing.forget(family_id)
    known_by = corrections.of_family(family_id).digests
    for child_id in {child.child_id for one in families.of_family(family_id) for child in one.children}:
        namings.forget(child_id, family_id)
        if not namings.namers(child_id):
            identities.forget(known_by.get(child_id, ()), child_id)
    for joined in mailboxes.of_family(family_id):
        if families.of_family(joined):  # what the desk joined to it goes with it
            leaving.ask(joined, now)
    mailboxes.forget(family_id)
    changes.forget_corrected(family_id)
    helping.erase(family_id)
    voucher_table.erase(family_id)
    city_passes.erase(family_id)
    works.erase(family_id)
    forgetting.erase(family_id)
    national.erase(family_id)
    desk_numbers.forget(family_id)
    if not leaving.erase_rest(family_id, MOST_ITEMS):
        return now
    if draws_wait:
        leaving.note_rest_gone(family_id)
        return now + UNTIL_THE_DRAW
    leaving.finish(family_id)
    return None


def _late(family_id: str, now: datetime, *, still_waits: bool) -> datetime | None:
    """Only what a draw gave the family that left: it came by a pass that is gone. Whoever came again since has one."""
    if still_waits:
        return now + UNTIL_THE_DRAW
    passes = {one.pass_id for one in families.of_family(family_id)}
    for record in registrations.of_family(family_id):
        if record.pass_id not in passes:
            give_back(record, now, days_alone=True)
    leaving.finish_late(family_id)
    return None


def _leaves_draw(opening: Opening, family_id: str, now: datetime) -> bool:
    """Takes the family's entry out of a draw. False: the draw needs it, until it is over."""
    if not opening.is_live or draws.entry_of(opening.opening_id, family_id) is None:
        return True
    if opening.state is State.DRAWN:
        draws.erase(opening.opening_id, family_id)
        return True
    is_open = opening.wishes_until is not None and now < opening.wishes_until and draws.valid_list(opening) is None
    return is_open and draws.withdraw(opening.opening_id, family_id)


def give_back(record: Registration, now: datetime, *, days_alone: bool = False) -> None:
    """Deletes a registration and whatever its children have by it. No mail follows. `days_alone`: of who was there too
    nothing but the day stays; else that ends by session (sweeping.py)."""
    registration_id, session_id = record.registration_id, record.session_id
    registrations.silence(registration_id, MailKind, now)
    session = programme.get(session_id)
    is_over = session is not None and session.ends_on is not None and session.ends_on < today(now)
    for current in seats.get([session_id]).values():
        held = [child for child, holder in current.holders.items() if holder == registration_id]
        if held:
            (seats.make_nameless if is_over else seats.release)(session_id, held, registration_id)
    waiting_list.leave(session_id, record.child_ids, registration_id)
    seats.forget_lapsed(session_id, registration_id)
    waiting_list.forget_offer(session_id, registration_id)
    for child in record.every_child:
        days.forget(child, registration_id)
    ended.forget(session_id, registration_id, record.cancelled_at or now)
    if days_alone:
        presence.keep_days_alone(session_id, registration_id)
        presence.leave_groups(session_id, registration_id)
    if record.continues:
        registrations.forget_reference(registration_id)
    answers.delete(registration_id)
    registrations.erase(registration_id)
    extras.delete(registration_id)  # behind it: while it is there, its order would cost less without them
