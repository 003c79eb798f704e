"""The mail about a draw: the family's place in the order, what became of each of its wishes, and why."""

from collections.abc import Sequence
from email.message import EmailMessage

from chalicelib.booking.draw import reasons
from chalicelib.booking.draw import table as draws
from chalicelib.booking.draw.rules import DrawVerdict
from chalicelib.core import settings
from chalicelib.core.languages import in_words
from chalicelib.mail import opening_mails
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import Message
from chalicelib.people.families import leaving
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import title
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session


def due(message: Message, sending: Sending) -> tuple[Pass, EmailMessage] | None:
    """To whom, and the mail; None if it was sent, or there is nothing to say.

    Raises LookupError: without the pass there is no address, without the opening nothing to name.
    """
    opening_id, family_id = message.id.split("/")
    entered = draws.entry_of(opening_id, family_id)
    if entered is None or entered.result is None or entered.is_mailed:
        return None
    family, found = families.get(family_id, entered.pass_id), openings.get(opening_id)
    if family is None and leaving.asked(family_id):
        return None  # it is erased as soon as the draw is over
    if family is None or found is None:
        raise LookupError("pass" if family is None else "opening")
    language, result = family.language, entered.result
    wished = [list(dict.fromkeys(session for _, session in wish)) for wish in entered.all_wishes]
    sessions = programme.several(
        {session for wish in wished for session in wish}.union(
            session for _, about in result["wishes"] for session in about
        ).union((result["nearest"] or [])[:1])
    )

    def named(ids: Sequence[str]) -> str:
        return in_words.names([_name(sessions[one], language) for one in ids if one in sessions], language)

    outcome = opening_mails.DrawResultMail(
        title=title(found[0].plan, language),
        place=reasons.place(result, language),
        wishes=[
            reasons.of_wish(number, one, wish, language, named)
            for number, (one, wish) in enumerate(zip(result["wishes"], wished, strict=True), 1)
        ],
        waiting=reasons.waiting(result, language, named),
        nearest=reasons.nearest(result, language, named),
        has_seats=any(reached == DrawVerdict.GRANTED for reached, _ in result["wishes"]),
        url=f"{settings.public_url()}/openings/{opening_id}",
    )
    return family, opening_mails.result(message.id, outcome, family, sending)


def mark(message: Message) -> None:
    draws.mark_mailed(*message.id.split("/"))


def _name(session: Session, language: str) -> str:
    """`Bouwkamp (Lembeke) (16 augustus 2027)`."""
    if session.starts_on is None:
        return ""
    name = f"{session.title} ({in_words.day(session.starts_on, language, weekday=False)})"
    return reasons.named_as_it_stands(name, session, language)
