"""What is done for a message about a family itself: its link, and its last mail."""

from datetime import UTC, datetime
from email.message import EmailMessage
from importlib import import_module

from chalicelib.booking.offers import timers
from chalicelib.mail import mails, onward, undelivered
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import MailKind, Message
from chalicelib.mail.sending import MailRefused, by_us, send
from chalicelib.people.families import leaving as erasures
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass


def pass_link(message: Message) -> None:
    family_id, pass_id = message.id.split("/")
    found = families.to_mail(family_id, pass_id)
    if found is None or MailKind.PASS in found[1]:
        return
    family, mailed = found
    if family.moves and MailKind.ADDRESS not in mailed:
        _tell_old_address(message, family)
        families.mark_mailed(family_id, pass_id, MailKind.ADDRESS)
    url = onward.by_pass(family, "/family" if family.children else "/swimming")
    send(message, mails.pass_link(family, url, by_us()), family)
    families.mark_mailed(family_id, pass_id)
    undelivered.clear(message)


def _tell_old_address(message: Message, asked: Pass) -> None:
    """Before the new one gets its link: whoever else has a link of the family cannot take it away unseen. An address
    that takes no mail, which may be why it is changed, keeps nobody from that."""
    family = next((one for one in reversed(families.of_family(asked.family_id)) if one.is_proven and one.email), None)
    if family is None or family.email == asked.email:
        return
    url = onward.by_pass(family, "/family/data")
    _send_if_it_can_be(message, mails.address_changes(family, asked.email, url, by_us()), family)


def erase(message: Message) -> None:
    """A last mail, while there is an address; then all that is kept of the family, in rooms above this one too. What it
    is of is called by its name, as routes call their use cases (people/callers.py). What is left, because it is much or
    because a draw needs it, has a timer."""
    leaving = erasures.asked(message.id)
    if leaving is None:
        return
    if not leaving.is_told:
        _say_farewell(message)
        erasures.note_told(message.id)
    undelivered.erase(message.id)
    again: datetime | None = import_module("chalicelib.rights.erasing").erase(message.id, datetime.now(UTC))
    if again:
        timers.send_at(again, message.id, message.to_json())


def _say_farewell(message: Message) -> None:
    """An address that SES refuses for good, or that we write to no more, keeps nobody from being erased."""
    family = next((one for one in reversed(families.of_family(message.id)) if one.email), None)
    if family is not None:
        _send_if_it_can_be(message, mails.farewell(family, by_us()), family)


def _send_if_it_can_be(message: Message, mail: EmailMessage, family: Pass) -> None:
    """Raises what `send` raises, but nothing for an address that takes no mail of ours, now or ever: what follows does
    not wait for it."""
    try:
        send(message, mail, family)
    except MailRefused as refused:
        if refused.is_for_now:
            raise
        undelivered.clear(message)
    except LeftAlone:
        pass
