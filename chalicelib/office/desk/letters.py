"""The mails of a family without mail address, as letters to print."""

from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing, reference_of
from chalicelib.city.texts import table as texts
from chalicelib.core.languages import in_words
from chalicelib.core.printing import letters as printing
from chalicelib.mail.mails import RegistrationMail, gave_way, letter
from chalicelib.mail.rules import MailKind
from chalicelib.people.families.rules import Pass
from chalicelib.programme.sessions import table as programme


def letter_of(registration: Registration, standing: Standing, family: Pass, form: str = "html") -> str | None:
    """In the family's language, how the registration stands: a page of HTML, or plain text ("txt"). None: there is no
    such session any more."""
    session = programme.get(registration.session_id)
    if session is None:
        return None
    booking, words = RegistrationMail(registration, session, family), texts.remembered()
    match standing.status:
        case RegistrationStatus.CONFIRMED:
            return letter(MailKind.CONFIRMED, booking, words, form)
        case RegistrationStatus.WAITLISTED:
            return letter(MailKind.WAITLISTED, booking, words, form, position=standing.waitlist_position)
        case RegistrationStatus.OFFERED:
            # Of who waited: nothing that the desk registers or grants is held first.
            assert standing.held_until, "an offer has its end"
            return letter(
                MailKind.OFFERED, booking, words, form, until=in_words.moment(standing.held_until, family.language)
            )
        case RegistrationStatus.CANCELLED:
            return letter(
                MailKind.CANCELLED,
                booking,
                words,
                form,
                because=[],
                gave_way=gave_way(booking.registration),
            )


def printed(registration: Registration, standing: Standing, family: Pass) -> bytes | None:
    """The same as a PDF, to be printed and handed over."""
    text = letter_of(registration, standing, family, "txt")
    return None if text is None else printing.letter(text, reference_of(registration), family.language)
