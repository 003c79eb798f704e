"""The mail about an incident: what happened to an opening, what follows, and which rule was promised for the case."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from chalicelib.core.languages import DEFAULT, N_
from chalicelib.mail import onward, opening_mails
from chalicelib.mail.opening_mails import News
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import Message
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, State, title

LOOK = N_("How registration stands")
ENTER_WISHES = N_("Enter my wishes")
REGISTER = N_("To my moment to register")


@dataclass(frozen=True)
class AnnouncementMail:
    family: Pass
    mail: EmailMessage


def due(message: Message, sending: Sending) -> AnnouncementMail | None:
    """The mail that a message calls for, and to whom; None if it was sent, or there is nobody to send it to."""
    family_id, pass_id = message.id.split("/")
    family = families.get(family_id, pass_id)
    if family is None or families.is_mailed(family_id, pass_id, _mark(message)):
        return None
    opening_id, number = incident_of(message)
    entry, found = log.get(opening_id, number), openings.get(opening_id)
    if entry is None or found is None:
        raise LookupError("incident")
    opening, language = found[0], family.language
    plan = opening.plan
    news = News(
        action=entry.action,
        title=title(plan, language),
        why=entry.why[language],
        done=entry.done[language],
        moments=entry.moments,
        rule=plan.incident_rule.get(language) or plan.incident_rule[DEFAULT],
        own_moment=_moment_to_come(family, opening, sending.now),
        **_onward(family, opening),
    )
    mail = opening_mails.announcement(f"{message.id}/{opening_id}/{number}", news, family, sending)
    return AnnouncementMail(family, mail)


def _moment_to_come(family: Pass, opening: Opening, now: datetime) -> datetime | None:
    """Not during a pause: nobody knows how long it lasts."""
    at = None if opening.state is State.PAUSED else onward.own_moment(family, opening, now)
    return at if at and at > now else None


def _onward(family: Pass, opening: Opening) -> dict[str, str]:
    """The family's next step and its link: by its own pass, unless there is nothing but to read."""
    if opening.state is State.PAUSED:
        return {"to_do": LOOK, "url": onward.for_everybody(f"/openings/{opening.opening_id}")}
    if opening.is_to_be_drawn:
        return {"to_do": ENTER_WISHES, "url": onward.by_pass(family, f"/wishes/{opening.opening_id}")}
    return {"to_do": REGISTER, "url": onward.by_pass(family, f"/opening/{opening.opening_id}")}


def mark(message: Message) -> None:
    family_id, pass_id = message.id.split("/")
    families.mark_mailed(family_id, pass_id, _mark(message))


def because_of(incident: str, language: str) -> str:
    """The message to families about an incident, `opening_id#number`, that took a seat back; raises LookupError."""
    opening_id, _, number = incident.partition("#")
    entry = log.get(opening_id, int(number))
    if entry is None:
        raise LookupError("incident")
    return entry.why[language]


def incident_of(message: Message) -> tuple[str, int]:
    """The opening and the number of its log's entry, which stand in the place of a session."""
    opening_id, _, number = (message.session_id or "").partition("#")
    return opening_id, int(number)


def _mark(message: Message) -> str:
    return "announcement:{}:{}".format(*incident_of(message))
