"""The mails of a family without mail address, as letters to print."""

from chalicelib.confirmations.mails import Booking, letter
from chalicelib.confirmations.rules import Kind
from chalicelib.families.rules import Pass
from chalicelib.programme import table as programme
from chalicelib.registrations.rules import Registration, Standing, Status
from chalicelib.texts import table as texts


def letter_of(registration: Registration, standing: Standing, family: Pass) -> str | None:
    """A page of HTML in the family's language that says how the registration stands. None: no letter says that."""
    session = programme.get(registration.session_id)
    if session is None:
        return None
    booking, words = Booking(registration, session, family), texts.remembered()
    match standing.status:
        case Status.CONFIRMED:
            return letter(Kind.CONFIRMED, booking, words)
        case Status.WAITLISTED:
            return letter(Kind.WAITLISTED, booking, words, position=standing.waitlist_position)
        case Status.CANCELLED:
            return letter(Kind.CANCELLED, booking, words, because=[])
    return None
