"""A helper's link; and what a family hears of a help: that it began, and, when it is over, all that was done."""

from datetime import UTC, datetime

from chalicelib.booking.offers import timers
from chalicelib.booking.registrations import table as registrations
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkKind
from chalicelib.mail import help_mails, undelivered
from chalicelib.mail.rendering import NoAddress
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import Message
from chalicelib.mail.sending import by_us, post, send
from chalicelib.people.assistance import table
from chalicelib.people.assistance.rules import Help
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions import whose

BEGUN, OVER = "begun", "over"


def link(message: Message) -> None:
    """A second message of the same link sends it a second time: it works once all the same."""
    now = datetime.now(UTC)
    found = table.link_of(message.id)
    if found is None or found.ends_at <= now:
        return
    mail = help_mails.to_helper(found, by_us())
    post(message.kind, mail, found.helper.email, [{"Name": "kind", "Value": message.kind.value}])


def tell(message: Message) -> None:
    """As it stands now: at the beginning, that it began, and how to end it; when it is over, the receipt. A timer
    brings the message again when the help ends by itself."""
    now = datetime.now(UTC)
    family_id, help_id = message.id.split("/")
    of = table.find(family_id, help_id)
    if of is None:
        return
    what = OVER if of.is_over(now) else BEGUN
    if what is BEGUN:
        timers.send_at(of.ends_at, f"help-{help_id}", message.to_json())
    if table.is_told(family_id, help_id, what):
        return
    family = families.get(family_id, of.pass_id)
    if family is None:
        return
    try:
        send(message, help_mails.to_family(of, family, now, by_us()), family)
    except (NoAddress, LeftAlone):
        works.hand_in(_letter(of, what, now))
    else:
        undelivered.clear(message)
    table.mark_told(family_id, help_id, what)


def _letter(of: Help, what: str, now: datetime) -> Work:
    about = {"family_id": of.family_id, "help_id": of.help_id}
    return Work(WorkKind.HELP_LETTER, f"{of.help_id}#{what}", _whose(of.family_id), about, None, now)


def _whose(family_id: str) -> str:
    """Whose desk prints it: that of the family's newest registration, or else of whoever is first in the programme."""
    newest = max(registrations.of_family(family_id), key=lambda one: one.created_at, default=None)
    session = programme.get(newest.session_id) if newest else None
    return session.municipality if session else next((one.municipality for one in whose.every()), "")
