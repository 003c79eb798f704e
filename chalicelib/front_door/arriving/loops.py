"""Whether a machine sent a mail (RFC 3834), so that no two machines ever write to one another. Plain rules.

What a machine certainly sent makes no case and continues none. What a list sent, or what asks for no answer of a
machine, may be a person's words: it makes a case, and is never answered by mail. What has no way back and is nothing
else of a machine's (the contact form of another website) is shown to staff.
"""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.front_door.arriving.reading import ArrivedMail

# Of every mail that we send about a case: whoever sends it back to us sends back ours.
OURS = "x-loop"
MACHINES = ("mailer-daemon", "postmaster", "double-bounce")
# Nobody reads there, but what comes from there may be somebody's words: a school's contact form, a scanner.
NOT_READ = ("noreply", "no-reply", "donotreply", "do-not-reply")
OF_LISTS = ("list-id", "list-unsubscribe", "list-post", "list-help", "feedback-id")
OF_MANY = ("bulk", "junk", "list", "auto_reply")
# Of Exchange: whoever sent it wants no answer of a machine, and often is one.
SUPPRESS, SUPPRESSED = "x-auto-response-suppress", ("oof", "autoreply", "all")


class Sender(StrEnum):
    PERSON = "person"
    LIST = "list"
    MACHINE = "machine"
    NOBODY = "nobody"


def sender_of(mail: ArrivedMail, domain: str) -> Sender:
    """`domain`: ours, by which mails come."""
    if _is_machine(mail, domain):
        return Sender.MACHINE
    if mail.headers.get("return-path", "").replace(" ", "") == "<>":
        return Sender.NOBODY
    precedence = mail.headers.get("precedence", "").lower()
    is_read = mail.sender and mail.sender.partition("@")[0] not in NOT_READ
    suppressed = {one.strip().lower() for one in mail.headers.get(SUPPRESS, "").split(",")}
    if precedence in OF_MANY or any(name in mail.headers for name in OF_LISTS) or not is_read:
        return Sender.LIST
    if suppressed & set(SUPPRESSED):
        return Sender.LIST
    return Sender.PERSON


def _is_machine(mail: ArrivedMail, domain: str) -> bool:
    headers: Mapping[str, str] = mail.headers
    submitted = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    local, _, host = mail.sender.partition("@")
    return (
        submitted not in ("", "no")
        or mail.kind == "multipart/report"
        or (bool(domain) and domain in headers.get(OURS, "").lower())
        or "x-autoreply" in headers
        or "x-autorespond" in headers
        or local in MACHINES
        or (bool(domain) and (host == domain or mail.message_id.lower().endswith(f"@{domain}>")))
    )
