"""The mails of a family without mail address, as letters to print."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.booking.answers import answering
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing, reference_of
from chalicelib.city.face import table as faces
from chalicelib.city.face.rules import MAIL, PHONE
from chalicelib.city.texts import table as texts
from chalicelib.core.languages import in_words
from chalicelib.core.printing import letters as printing
from chalicelib.mail.camp_mails import called_off_words
from chalicelib.mail.camps import what_is_off
from chalicelib.mail.mails import RegistrationMail, gave_way, letter
from chalicelib.mail.rules import MailKind
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import addressees
from chalicelib.people.families.rules import Pass
from chalicelib.programme.sessions import table as programme


def letter_of(registration: Registration, standing: Standing, family: Pass, form: str = "html") -> str | None:
    """In the family's language, how the registration stands: a page of HTML, or plain text ("txt"). None: there is no
    such session any more."""
    session = programme.get(registration.session_id)
    if session is None:
        return None
    booking = RegistrationMail(registration, session, family)
    words = faces.remembered().texts_of(session.municipality, texts.remembered())
    if standing.status in (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED):
        booking = replace(booking, unanswered=answering.of_several([registration], datetime.now(UTC)))
    match standing.status:
        case RegistrationStatus.CONFIRMED:
            booking = replace(booking, unknown=cares.unknown(registration.family_id, registration.child_ids))
            return letter(MailKind.CONFIRMED, booking, words, form)
        case RegistrationStatus.WAITLISTED:
            return letter(MailKind.WAITLISTED, booking, words, form, position=standing.waitlist_position)
        case RegistrationStatus.OFFERED:
            # Of who waited: nothing that the desk registers or grants is held first.
            assert standing.held_until, "an offer has its end"
            return letter(
                MailKind.OFFERED, booking, words, form, until=in_words.moment(standing.held_until, family.language)
            )
        case RegistrationStatus.CANCELLED if registration.called_off:
            what = what_is_off([booking], datetime.now(UTC))
            return letter(MailKind.CALLED_OFF, booking, words, form, **called_off_words([booking], what))
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
    if text is None:
        return None
    known = addressees.get(family.family_id)
    to = [known.name, known.street, f"{family.postcode} {known.town}"] if known.has_address else []
    return printing.letter(
        text, reference_of(registration), family.language, to, _sender(registration, family.language)
    )


def _sender(registration: Registration, language: str) -> list[str]:
    """Who writes: the municipality, with its phone and mail as far as it has said them."""
    session = programme.get(registration.session_id)
    if session is None:
        return []
    every, words = faces.remembered(), texts.remembered()
    said = every.texts_of(session.municipality, words)
    ways = [said[name].texts[language] for name in (PHONE, MAIL)]
    return [every.name_of(session.municipality, words, language), *filter(None, ways)]
