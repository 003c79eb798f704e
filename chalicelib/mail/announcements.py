"""The mail about an incident: what happened to an opening, what follows, and which rule was promised for the case."""

from dataclasses import dataclass
from email.message import EmailMessage

from chalicelib.core.languages import DEFAULT
from chalicelib.mail import mails
from chalicelib.mail.mails import News, Sending
from chalicelib.mail.rules import Message
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import title


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
    plan, language = found[0].plan, family.language
    news = News(
        action=entry.action,
        title=title(plan, language),
        why=entry.why[language],
        done=entry.done[language],
        moments=entry.moments,
        rule=plan.incident_rule.get(language) or plan.incident_rule[DEFAULT],
    )
    return AnnouncementMail(family, mails.announcement(f"{message.id}/{opening_id}/{number}", news, family, sending))


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
