"""The mails of a family without mail address, as letters to print."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.booking.answers import answering
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing, reference_of
from chalicelib.city.face import table as faces
from chalicelib.city.texts import table as texts
from chalicelib.core.languages import in_words
from chalicelib.core.printing import letters as printing
from chalicelib.mail.camp_mails import called_off_words
from chalicelib.mail.camps import what_is_off
from chalicelib.mail.mails import RegistrationMail, gave_way, letter
from chalicelib.mail.payments import with_payment
from chalicelib.mail.rules import MailKind
from chalicelib.money.orders.account import slip_of
from chalicelib.money.orders.slip import sheets_of
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import addressees
from chalicelib.people.families.rules import Pass
from chalicelib.programme.sessions import table as programme


def letter_of(registration: Registration, standing: Standing, family: Pass, form: str = "html") -> str | None:
    """In the family's language, how the registration stands: a page of HTML, or plain text ("txt"). None: there is no
    such session any more."""
    booking = _booking(registration, standing, family)
    return _text(booking, standing, form) if booking else None


def _booking(registration: Registration, standing: Standing, family: Pass) -> RegistrationMail | None:
    session = programme.get(registration.session_id)
    if session is None:
        return None
    booking = RegistrationMail(registration, session, family)
    return with_payment(booking) if standing.status is RegistrationStatus.CONFIRMED else booking


def _text(booking: RegistrationMail, standing: Standing, form: str) -> str | None:
    registration, session, family = booking.registration, booking.session, booking.family
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
    """The same as a PDF, to be printed and handed over; behind it a payment slip, if anything is to pay."""
    booking = _booking(registration, standing, family)
    text = _text(booking, standing, "txt") if booking else None
    if text is None or booking is None:
        return None
    language = family.language
    slip = sheets_of(slip_of(booking.payable.order_id, language), language) if booking.payable else ()
    known = addressees.get(family.family_id)
    to = [known.name, known.street, f"{family.postcode} {known.town}"] if known.has_address else []
    sender = faces.remembered().letterhead(booking.session.municipality, texts.remembered(), language)
    return printing.letter(text, reference_of(registration), language, to, sender, slip)
