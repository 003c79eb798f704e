"""SES tells of a mail that came back, or of a complaint: what of it is stored.

SES's event names neither a family nor a registration of its own accord, so each mail carries them as tags, and a keyed
digest of its address (returned.py). The event's own words (the address, what the other server said) are neither read
nor stored. All of it is one transaction, on the condition that the pass is there which the mail was about: a mail about
a family that was erased changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.core.observability import log
from chalicelib.core.refusals import Refused
from chalicelib.front_door.cases.keys import marking_returned
from chalicelib.mail import keys
from chalicelib.mail.rules import FOR_GOOD, TO_TELL, MailKind, MailReturn, Message
from chalicelib.people.assistance.keys import marking_help, marking_helper
from chalicelib.people.families import keys as families

# After so long an address may be tried again: mailboxes are mended, and a complaint is forgotten.
LEFT_ALONE = timedelta(days=180)


@dataclass(frozen=True)
class ReturnedMail:
    """`message`: from which it came, without its session. `address`: the digest of where it went."""

    why: MailReturn
    message: Message
    family_id: str
    pass_id: str
    address: str
    at: datetime


def read(event: Mapping[str, Any]) -> ReturnedMail | None:
    """Of an event of EventBridge, whose `detail` is the record that this page describes; None for one that says nothing
    about a mail of ours that came back.

    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
    """
    detail, given = _read(event)
    try:
        kind = MailKind(given["kind"])
        message = Message(kind, given["message"].replace("_", "/"))
        of = (given["family"], given["pass"], given["address"])
    except (KeyError, ValueError):
        return None
    why = _why(detail)
    if why is None:
        return None
    at = detail["complaint" if why is MailReturn.COMPLAINT else "bounce"]["timestamp"]
    return ReturnedMail(why, message, *of, datetime.fromisoformat(at).astimezone(UTC))


def read_of_case(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """Of an event about a mail of a case, which is of no family: the case_id, and the mark for it."""
    detail, given = _read(event)
    if given.get("kind") != MailKind.CASE:
        return None
    case_id, _, number = given.get("message", "").partition("_")
    why = _why(detail)
    return (case_id, f"{number}#{why}") if why and case_id and number.isdecimal() else None


def read_of_helper(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """Of an event about a helper's link, which is of no family either: the helper_id, and why it came back."""
    detail, given = _read(event)
    why, helper_id = _why(detail), given.get("message")
    return (helper_id, why.value) if why and helper_id and given.get("kind") == MailKind.HELPER else None


def _read(event: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """What SES says of a mail, and the tags that it was sent with."""
    detail = event.get("detail", {})
    return detail, {name: values[0] for name, values in detail.get("mail", {}).get("tags", {}).items() if values}


def _why(detail: Mapping[str, Any]) -> MailReturn | None:
    match detail.get("eventType"), detail.get("bounce", {}).get("bounceType"):
        case "Complaint", _:
            return MailReturn.COMPLAINT
        case "Bounce", "Permanent":
            return MailReturn.GONE
        case "Bounce", _:
            return MailReturn.NOT_NOW
        case _:
            return None


def take(event: Mapping[str, Any]) -> None:
    """Stores what an event says; again and again is the same. Raises Busy, and Lambda tries again."""
    if of_case := read_of_case(event):
        case_id, mark = of_case  # a task of the unit, which mail/of_cases.py gives it behind the stream
        _take_alone(MailKind.CASE, marking_returned(case_id, mark), mark.partition("#")[2])
        return
    if of_helper := read_of_helper(event):
        _take_alone(MailKind.HELPER, marking_helper(*of_helper), of_helper[1])
        return
    found = read(event)
    if found is None:
        log.warning("returned_mail_unknown")
        return
    try:
        table.transact_write(list(_writes(found)))
    except Refused:
        log.info("returned_mail_of_nobody", kind=found.message.kind.value)
        return
    log.info("returned_mail", kind=found.message.kind.value, why=found.why.value)


def _take_alone(kind: MailKind, write: Mapping[str, Any], why: str) -> None:
    """What came back about no family."""
    try:
        table.transact_write([write])
    except Refused:
        log.info("returned_mail_of_nobody", kind=kind.value)
        return
    log.info("returned_mail", kind=kind.value, why=why)


def _writes(found: ReturnedMail) -> Iterator[Mapping[str, Any]]:
    key, at = families.of_pass(found.family_id, found.pass_id), int(found.at.timestamp())
    yield {"ConditionCheck": {"Key": key, "ConditionExpression": "attribute_exists(pk)"}}
    if found.why in FOR_GOOD:
        yield {
            "Put": {
                "Item": {
                    **table.key(families.PARTITION + found.family_id, keys.ADDRESS + found.address),
                    "why": {"S": found.why.value},
                    "at": {"N": f"{at}"},
                    "expires": {"N": f"{at + int(LEFT_ALONE.total_seconds())}"},
                }
            }
        }
    # Nobody waits for a link but who typed the address, and anybody can type any number of wrong ones; and an
    # announcement is public. A mail of which somebody complains has arrived.
    if found.message.kind in (*TO_TELL, MailKind.CITY_PASS) and found.why is not MailReturn.COMPLAINT:
        item = {"reason": {"S": found.why.value}, "at": {"N": f"{at}"}}
        yield {"Put": {"Item": {**keys.undelivered(found.message.kind, found.message.id), **item}}}
    if found.message.kind is MailKind.HELP and found.why is not MailReturn.COMPLAINT:  # mail/of_help.py sees to it
        family_id, _, help_id = found.message.id.partition("/")
        yield marking_help(family_id, help_id, found.why.value)
