"""A camp is cancelled for which families wish in a draw that is still to come: each is told, and can choose anew.

The news of the camp (camps.py) queues a message for each entry that names it. An entry is its family's alone to change,
so the wish stays there, and gets nothing. That the family was told stands on its entry.
"""

from datetime import datetime
from email.message import EmailMessage

from chalicelib.booking.draw import table as draws
from chalicelib.mail import onward, opening_mails, outbox
from chalicelib.mail.opening_mails import WishOff
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.families import leaving
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import title
from chalicelib.programme.sessions import news
from chalicelib.programme.sessions import table as programme


def queue(session_id: str, now: datetime) -> int:
    """Reads all entries of the draw, where the camp's opening is one that is still to come. Answers how many messages
    SQS did not take; again is the same."""
    opening = openings.of_session(session_id, now)
    if opening is None:
        return 0
    entered = draws.wishing(opening, session_id)
    return outbox.queue([Message(MailKind.WISH_OFF, f"{opening.opening_id}/{one}", session_id) for one in entered])


def due(message: Message, sending: Sending) -> tuple[Pass, EmailMessage] | None:
    """To whom, and the mail; None if it was sent, the family chose anew or is erased, or the draw is over. Raises
    LookupError without a pass."""
    opening_id, family_id = message.id.split("/")
    session_id = message.session_id or ""
    entered, found, session = draws.entry_of(opening_id, family_id), openings.get(opening_id), programme.get(session_id)
    if entered is None or found is None or session is None or not session.cancelled_at:
        return None
    opening = found[0]
    if not opening.is_to_be_drawn or not entered.wishes_for(session_id) or session_id in entered.told:
        return None
    family = families.get(family_id, entered.pass_id)
    if family is None and leaving.asked(family_id):
        return None  # it is erased as soon as the draw is over
    if family is None:
        raise LookupError("pass")
    until = opening.wishes_until
    what = WishOff(
        session=session,
        opening=title(opening.plan, family.language),
        why=news.why_off(session_id, family.language),
        until=until if until and sending.now < until else None,
        url=onward.by_pass(family, f"/wishes/{opening_id}"),
    )
    return family, opening_mails.wish_off(f"{family_id}.{session_id}", what, family, sending)


def mark(message: Message) -> None:
    opening_id, family_id = message.id.split("/")
    draws.mark_told(opening_id, family_id, message.session_id or "")
