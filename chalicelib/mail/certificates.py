"""A family hears that its tax certificates of a year are there, once for each time that they were made."""

from dataclasses import dataclass
from email.message import EmailMessage

from chalicelib.mail import mails, onward
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import MailKind, Message
from chalicelib.money.certificates import table
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass


@dataclass(frozen=True)
class CertificatesMail:
    """To whom, the mail, and what is marked on the pass."""

    family: Pass
    mail: EmailMessage
    mark: str


def due(message: Message, sending: Sending) -> CertificatesMail | None:
    """None: it was sent, there is none any more, or the family is gone. Raises NoAddress."""
    family_id, _, year = message.id.partition("/")
    edition = table.edition(family_id, int(year))
    family = next((one for one in reversed(families.of_family(family_id)) if one.is_proven), None)
    if family is None or not any(one.is_valid or one.cancelled_on for one in table.of_family(family_id, int(year))):
        return None
    mark = f"{MailKind.CERTIFICATES}#{year}#{edition}"
    if not families.begin_mail(family_id, family.pass_id, mark, sending.now):
        return None
    url = onward.by_pass(family, "/account/certificates")
    id_ = f"{family_id}.{year}.{edition}"
    return CertificatesMail(family, mails.certificates(id_, int(year), url, family, sending), mark)
