"""A helper's link; and what a family hears of a help: that it began, and, when it is over, all that was done."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.booking.offers import timers
from chalicelib.booking.registrations import table as registrations
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkKind
from chalicelib.core import table as items
from chalicelib.core.observability import log
from chalicelib.mail import help_mails, undelivered
from chalicelib.mail.rendering import NoAddress
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import FOR_GOOD, Message
from chalicelib.mail.sending import MailRefused, by_us, post, send
from chalicelib.people.assistance import table
from chalicelib.people.assistance.keys import marking_helper
from chalicelib.people.assistance.rules import Help
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions import whose

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef

BEGUN, OVER, CAME_BACK = "begun", "over", "came-back"


def link(message: Message) -> None:
    """A second message of the same link sends it a second time: it works once all the same. A mail that SES refuses for
    good is told to whoever names helpers, and so is one that comes back (returning.py). Raises Waits, and MailRefused
    for now."""
    now = datetime.now(UTC)
    found = table.link_of(message.id)
    if found is None or found.ends_at <= now or found.helper.unreached in FOR_GOOD:
        return
    mail = help_mails.to_helper(found, by_us())
    tags: list[MessageTagTypeDef] = [
        {"Name": "kind", "Value": message.kind.value},
        {"Name": "message", "Value": message.id},
    ]
    try:
        post(message.kind, mail, found.helper.email, tags)
    except MailRefused as refusal:
        if refusal.is_for_now:
            raise
        log.error("helper_mail_refused", code=refusal.code)
        items.transact_write([marking_helper(message.id, refusal.code)])


def tell(message: Message) -> None:
    """As it stands now: at the beginning, that it began, and how to end it; when it is over, the receipt. A timer
    brings the message again when the help ends by itself. To whom no mail goes, the desk writes a letter. Raises Waits,
    and MailRefused for now."""
    now = datetime.now(UTC)
    family_id, help_id = message.id.split("/")
    of = table.find(family_id, help_id)
    if of is None:
        return
    what = OVER if of.is_over(now) else BEGUN
    if what is BEGUN:
        timers.send_at(of.ends_at, f"help-{help_id}", message.to_json())
    if of.unreached and not table.is_told(family_id, help_id, CAME_BACK):  # the desk prints what the mail said
        works.hand_in(_letter(of, CAME_BACK, now))
        table.mark_told(family_id, help_id, CAME_BACK)
    if of.unreached and what is OVER and not table.is_told(family_id, help_id, what):
        # The mail before came back, and the stream says so once: what was done goes on paper.
        works.hand_in(_letter(of, what, now))
        table.mark_told(family_id, help_id, what)
    if table.is_told(family_id, help_id, what):
        return
    family = families.get(family_id, of.pass_id)
    if family is None:
        return
    try:
        send(message, help_mails.to_family(of, family, now, by_us()), family)
    except (NoAddress, LeftAlone, MailRefused) as error:
        if isinstance(error, MailRefused) and error.is_for_now:
            raise
        works.hand_in(_letter(of, what, now))
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
