"""From values to a mail, in the reader's language, as plain text and HTML from one template each.

Both formats are written by the same sentences (templates/*.j2); only the parts that they are made of differ
(parts.html, parts.txt), so that no format can lack what the other says.

Families and sheets choose words that stand in headers. `single_line` keeps them there, and every finished mail is read
again before it leaves (`_proven`), because Python's writer of mails has surprises.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from chalicelib.city.face.rules import Faces
from chalicelib.city.texts.rules import Texts, defaults
from chalicelib.core.languages import N_, translate
from chalicelib.front_door.cases.rules import Contact
from chalicelib.mail.calendars import CANCEL, METHOD
from chalicelib.mail.headers import FOLDED
from chalicelib.mail.rules import TO_STAFF, MailKind
from chalicelib.mail.writing import written
from chalicelib.people.assistance.rules import Helper
from chalicelib.people.families.rules import Pass
from chalicelib.people.staff.rules import StaffAddress

TEMPLATES = {
    MailKind.PASS: "pass.j2",
    MailKind.ADDRESS: "address.j2",
    MailKind.CONFIRMED: "confirmed.j2",
    MailKind.WAITLISTED: "waitlisted.j2",
    MailKind.OFFERED: "offered.j2",
    MailKind.HELD: "held.j2",
    MailKind.LAPSED: "lapsed.j2",
    MailKind.DECLINED: "cancelled.j2",
    MailKind.CANCELLED: "cancelled.j2",
    MailKind.LEFT: "cancelled.j2",
    MailKind.CHILD_LEFT: "child_left.j2",
    MailKind.MOVED: "moved.j2",
    MailKind.OTHER_PARENT: "other_parent.j2",
    MailKind.ANNOUNCEMENT: "announcement.j2",
    MailKind.RESULT: "result.j2",
    MailKind.ERASE: "farewell.j2",
    MailKind.CALLED_OFF: "called_off.j2",
    MailKind.CHANGED: "changed.j2",
    MailKind.WISH_OFF: "wish_off.j2",
    MailKind.MOMENT: "moment.j2",
    MailKind.MOMENT_SOON: "moment.j2",
    MailKind.OFFER_ENDS: "offered.j2",
    MailKind.CAMP_SOON: "camp_soon.j2",
    MailKind.UNPAID: "unpaid.j2",
    MailKind.CERTIFICATES: "certificates.j2",
    MailKind.CITY_PASS: "city_pass.j2",
    MailKind.CASE: "case.j2",
    MailKind.HELPER: "helper.j2",
    MailKind.HELP: "help.j2",
    **dict.fromkeys(TO_STAFF, "staff.j2"),
}
SUBJECTS = {
    MailKind.PASS: N_("Your pass to register for the camps"),
    MailKind.ADDRESS: N_("Your mail address is to be changed"),
    MailKind.CONFIRMED: N_("Confirmed: {title}, {date}"),
    MailKind.WAITLISTED: N_("On the waiting list: {title}, {date}"),
    MailKind.OFFERED: N_("A seat for you until {until}: {title}, {date}"),
    MailKind.HELD: N_("Held for you until {until}: {title}, {date}"),
    MailKind.LAPSED: N_("No longer held for you: {title}, {date}"),
    MailKind.DECLINED: N_("Given up: {title}, {date}"),
    MailKind.CANCELLED: N_("Cancelled: {title}, {date}"),
    MailKind.LEFT: N_("No longer on the waiting list: {title}, {date}"),
    MailKind.OTHER_PARENT: N_("About {children}'s camp: {date}"),
    MailKind.MOVED: N_("Moved to: {title}, {date}"),
    MailKind.CHILD_LEFT: N_("{gone} will not come: {title}, {date}"),
    MailKind.ANNOUNCEMENT: N_("{headline}: {title}"),
    MailKind.RESULT: N_("The result of the draw: {title}"),
    MailKind.ERASE: N_("Your data is being deleted"),
    MailKind.CALLED_OFF: N_("This camp does not take place: {title}, {date}"),
    MailKind.CHANGED: N_("Changed: {title}, {date}"),
    MailKind.WISH_OFF: N_("A camp that you wish for does not take place: {title}"),
    MailKind.MOMENT: N_("Your moment to register: {at}"),
    MailKind.MOMENT_SOON: N_("Soon you can register: {at}"),
    MailKind.OFFER_ENDS: N_("Answer before {until}: {title}, {date}"),
    MailKind.CAMP_SOON: N_("Soon: {title}, {date}"),
    MailKind.UNPAID: N_("Not paid yet: {title}, {date}"),
    MailKind.CERTIFICATES: N_("Your tax certificates of {year}"),
    MailKind.CITY_PASS: N_("Your city pass: {how}"),
    MailKind.CASE: N_("{headline}: {named}"),
    MailKind.HELPER: N_("Your link to help families"),
    MailKind.HELP: N_("Somebody helps you: {helper}"),
    **dict.fromkeys(TO_STAFF, N_("{what}: {title}")),
}
# Of a pass that is for nobody's child.
TO_SWIM = N_("Your link to book swimming")
# Of a pass by which another parent invites.
INVITATION = N_("An invitation about the camps of {children}")
# Of a pass by which a family's address is corrected.
NEW_ADDRESS = N_("Confirm your new mail address")
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
# What Exchange goes by before it says that somebody is away; others go by Auto-Submitted (RFC 3834).
NO_MACHINES = "X-Auto-Response-Suppress"


class NotAsMeant(Exception):
    """A mail that would have other headers, or go elsewhere, than it should. Does not say what is in it."""


class NoAddress(Exception):
    """The family has no mail address: it gets a letter."""


@dataclass(frozen=True)
class Sending:
    """By whom (a bare address: the name before it is the municipality's), when, what the city says by itself, and what
    each municipality looks like."""

    sender: str
    now: datetime
    texts: Texts = field(default_factory=defaults)
    faces: Faces = field(default_factory=Faces)


def render(
    kind: MailKind,
    id_: str,
    family: Pass | StaffAddress | Contact | Helper,
    sending: Sending,
    municipality: str,
    values: Mapping[str, object],
    calendars: Sequence[bytes] = (),
) -> EmailMessage:
    """Raises NoAddress, and NotAsMeant."""
    if not family.email:
        raise NoAddress
    language = family.language
    is_to_swim = kind is MailKind.PASS and not values["children"]
    is_invitation = kind is MailKind.PASS and values["invited"]
    moves = kind is MailKind.PASS and values["moves"]
    first = TO_SWIM if is_to_swim else INVITATION if is_invitation else NEW_ADDRESS if moves else SUBJECTS[kind]
    subject = single_line(translate(first, language, **values))
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(
        single_line(sending.faces.name_of(municipality, sending.texts, language)), addr_spec=sending.sender
    )
    username, _, domain = family.email.rpartition("@")
    mail["To"] = Address(username=username, domain=domain)
    mail["Subject"] = subject
    mail["Date"] = sending.now
    # The same at every try. SES puts its own in place of it and of the date; other mail servers keep it.
    mail["Message-ID"] = f"<{kind}.{id_.replace('/', '.')}@{sending.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if reply_to := values.get("reply_to"):
        mail["Reply-To"] = Address(addr_spec=str(reply_to))
        mail[NO_MACHINES] = "OOF, AutoReply"
    page = {"kind": kind, "language": language, "subject": subject, "desk_number": None, **values}
    face, said = sending.faces.of(municipality), sending.faces.texts_of(municipality, sending.texts)
    mail.set_content(written("txt", language, TEMPLATES[kind], page, said), cte="quoted-printable")
    html = written("html", language, TEMPLATES[kind], page, said, face.action)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    for number, calendar in enumerate(calendars, 1):
        params = {"charset": "utf-8", "method": CANCEL if kind is MailKind.CALLED_OFF else METHOD}
        filename = "kamp.ics" if number == 1 else f"kamp-{number}.ics"
        mail.add_attachment(calendar, maintype="text", subtype="calendar", filename=filename, params=params)
    mail.policy = FOLDED  # of what is written; contents are encoded by now, in lines that are short
    try:
        return _proven(mail, family.email, sending.sender)
    except NotAsMeant:
        # Python's writer loses a quote where it breaks some long names in two; such a mail goes without the name.
        mail.replace_header("From", Address(addr_spec=sending.sender))
        return _proven(mail, family.email, sending.sender)


def _proven(mail: EmailMessage, to: str, sender: str) -> EmailMessage:
    """`mail`, if its bytes, read again, have our headers and no others, and go from `sender` to `to`."""
    try:
        read = message_from_bytes(mail.as_bytes(), policy=SMTP)
        ways = [[f"{one.username}@{one.domain}" for one in read[name].addresses] for name in ("From", "To")]
    except (MessageError, AttributeError, LookupError):
        raise NotAsMeant from None
    ours = {*HEADERS, *({"Reply-To", NO_MACHINES} & set(mail.keys()))}
    if sorted(read.keys()) != sorted(ours) or ways != [[sender], [to]]:
        raise NotAsMeant
    return mail


def lines(text: str | None) -> list[str]:
    return text.split("\n") if text else []


def single_line(text: str) -> str:
    """Without line breaks and other control characters, whatever Unicode calls them: a header is one line. And without
    `=?`, which begins an encoded word (RFC 2047): Python decodes those before it writes, line breaks and all."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()).replace("=?", "= ?")
