"""The mails that remind: each is measured against what is true when it is sent, so that nobody is reminded of what does
not concern them any more. Whoever makes one asks first whether it is theirs to send: two messages send one mail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage

from chalicelib.booking.offers import links
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.booking.wishes import table as wishes
from chalicelib.core.moments import today
from chalicelib.mail import mails, onward, opening_mails
from chalicelib.mail.mails import RegistrationMail
from chalicelib.mail.opening_mails import MomentMail
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State, title
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats

# Kinds of mail that stand for a registration that came to be: one without any is a try that failed.
CAME_TO_BE = frozenset({MailKind.CONFIRMED, MailKind.WAITLISTED, MailKind.OFFERED, MailKind.HELD})


@dataclass(frozen=True)
class Reminder:
    """To whom, and the mail. `of`: the registration that is marked; None: the pass."""

    family: Pass
    mail: EmailMessage
    of: str | None = None


def of_moment(message: Message, sending: Sending) -> Reminder | None:
    """That the family's own moment is known, or comes; None: it is over or moved to another day, there is none, every
    child is registered already, or the family is gone."""
    family_id, pass_id = message.id.split("/")
    opening_id, _, day = (message.session_id or "").partition("#")
    family, opening = families.get(family_id, pass_id), openings.one_remembered(opening_id, sending.now)
    if family is None or opening is None:
        return None
    if opening.kind is OpeningKind.DRAW or opening.state is not State.PUBLISHED or _has_all(family, opening):
        return None
    at = onward.own_moment(family, opening, sending.now)
    if at is None or at <= sending.now or (day and today(at) != date.fromisoformat(day)):
        return None
    if not families.begin_mail(family_id, pass_id, mark_of(message), sending.now):
        return None
    is_ready = bool(wishes.get(family_id, opening_id).wishes)
    moment = MomentMail(
        opening_id=opening_id,
        title=title(opening.plan, family.language),
        at=at,
        is_ready=is_ready,
        url=onward.by_pass(family, f"/{'opening' if is_ready else 'wishes'}/{opening_id}"),
    )
    id_ = f"{message.id}/{mark_of(message)}"
    return Reminder(family, opening_mails.own_moment(message.kind, id_, moment, family, sending))


def mark_of(message: Message) -> str:
    """On the pass. A moment that moves to another day is told anew."""
    return f"{message.kind}:{message.session_id}"


def of_camp(message: Message, sending: Sending) -> Reminder | None:
    """That the camp comes, what to bring and what is missing: one mail for all that the family has there. None: it has
    no seat there any more, was reminded already, or the camp has begun."""
    assert message.session_id is not None
    asked = registrations.get(message.id)
    session = programme.get(message.session_id)
    if asked is None or session is None or session.starts_on is None or session.starts_on <= today(sending.now):
        return None
    final = _final(asked.family_id, message.session_id, sending.now)
    passes = {one.pass_id: one for one in families.of_family(asked.family_id)}
    if not final or any(MailKind.CAMP_SOON in one.mailed for one in final) or final[0].pass_id not in passes:
        return None
    if not registrations.begin_mail(final[0].registration_id, MailKind.CAMP_SOON, sending.now):
        return None
    family = passes[final[0].pass_id]
    named = {child.child_id: child for one in passes.values() for child in one.children}
    children = tuple(dict.fromkeys(child for one in final for child in one.child_ids))
    booking = RegistrationMail(
        registration=replace(final[0], child_ids=children),
        session=session,
        family=replace(family, children=tuple(named.values())),
        url=links.to_registration(final[0].registration_id, final[0].pass_id),
        unknown=cares.unknown(asked.family_id, children),
    )
    return Reminder(family, mails.camp_soon(booking, sending), final[0].registration_id)


def _final(family_id: str, session_id: str, now: datetime) -> Sequence[Registration]:
    """Those of a family that have seats in the session for good, in an order that stays."""
    found = seats.get([session_id]).get(session_id)
    if found is None:
        return []
    final = found.final(int(now.timestamp()))
    own = [one for one in registrations.of_family(family_id) if one.registration_id in final and not one.cancelled_at]
    return sorted(own, key=lambda one: (one.created_at, one.registration_id))


def _has_all(family: Pass, opening: Opening) -> bool:
    """Whether each of its children is registered in the opening already, or waits there: the desk may have done it."""
    has = {
        child
        for one in registrations.of_family(family.family_id)
        if one.session_id in opening.plan.session_ids and one.cancelled_at is None and CAME_TO_BE & one.mailed
        for child in one.child_ids
    }
    return has.issuperset(child.child_id for child in family.children)
