"""How an application for a city pass stands: a mail to its family, or a letter for the desk to print."""

from datetime import UTC, datetime

from chalicelib.city.work import table as works
from chalicelib.mail import undelivered
from chalicelib.mail.city_pass_mails import episode, family_of, letter_work, mail_of
from chalicelib.mail.rendering import NoAddress
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import Message
from chalicelib.mail.sending import by_us, send
from chalicelib.money.citypass import table


def tell(message: Message) -> None:
    """As it stands now: what came before it needs no mail any more."""
    family_id, application_id = message.id.split("/")
    of, family = table.get(family_id, application_id), family_of(family_id)
    if of is None or family is None:
        return
    mark = episode(of)
    if table.is_told(family_id, application_id, mark):
        return
    try:
        send(message, mail_of(of, family, by_us()), family)
    except (NoAddress, LeftAlone):
        works.hand_in(letter_work(of, datetime.now(UTC)))
    else:
        undelivered.clear(message)
    table.mark_told(family_id, application_id, mark)
