"""A mail came to one of the city's addresses: it becomes a case, or a word in one; or staff are shown it."""

from datetime import datetime

from chalicelib.core import settings
from chalicelib.core.observability import log
from chalicelib.front_door.arriving import reading, table, taking
from chalicelib.front_door.arriving.taking import Why
from chalicelib.mail import arrived

# What no person sent, nobody need see; SES keeps it for as long as the others.
UNSEEN = (Why.MACHINE,)


def take(name: str, now: datetime) -> None:
    """`name`: of the mail in its bucket. Raises Busy and Interfered; then the queue hands it in again."""
    content = arrived.get(name)
    if content is None:
        log.error("arrived_mail_gone")
        return
    mail = reading.read(content)
    taken = taking.take(mail, settings.mail_domain(), now, name)
    log.info("mail_arrived", what=taken.why or ("new" if taken.is_new else "added"))
    if taken.why and taken.why not in UNSEEN:
        table.leave(name, taken.why, taking.digest(mail), now)
