"""The mails about a camp that is cancelled or changed: one about all that a family has there."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from chalicelib.booking.registrations.rules import reference_of
from chalicelib.core.languages import in_words
from chalicelib.mail.mails import RegistrationMail, calendar_of, words
from chalicelib.mail.rendering import Sending, lines, render
from chalicelib.mail.rules import MailKind


@dataclass(frozen=True)
class OtherCamp:
    """A camp that has seats for the same children, in the family's language. `when`: its days."""

    title: str
    when: str
    where: str
    seats: int
    url: str


@dataclass(frozen=True)
class CalledOff:
    """`why`: what the city says, in the family's language. `pays_back`: it may have paid for it."""

    why: str
    others: Sequence[OtherCamp]
    pays_back: bool


@dataclass(frozen=True)
class Corrected:
    """`changes`: label, what is so now and what was, both in words. `has_seats`: for good, not only offered or waited
    for. `elsewhere`: sentences about children that are in another camp on the new days."""

    changes: Sequence[tuple[str, str, str]]
    has_seats: bool
    elsewhere: Sequence[str]


def called_off(bookings: Sequence[RegistrationMail], what: CalledOff, sending: Sending) -> EmailMessage:
    """One mail about all that a family had in a camp that is cancelled."""
    last, values = bookings[-1], called_off_words(bookings, what)
    calendars = [calendar_of(one, sending.now, sending.sender, is_cancelled=True) for one in _in_calendars(bookings)]
    municipality = last.session.municipality
    return render(MailKind.CALLED_OFF, _id(last), last.family, sending, municipality, values, calendars)


def called_off_words(bookings: Sequence[RegistrationMail], what: CalledOff) -> dict[str, object]:
    """The values of the mail, and of the letter of who has no mail address."""
    return {
        **_words_of_all(bookings),
        "why": lines(what.why),
        "others": what.others,
        "pays_back": what.pays_back,
        "has_calendar": bool(_in_calendars(bookings)),
    }


def changed(bookings: Sequence[RegistrationMail], what: Corrected, sending: Sending) -> EmailMessage:
    """One mail about what changed of a camp in which a family has something."""
    last, values = bookings[-1], changed_words_of(bookings, what)
    calendars = [calendar_of(one, sending.now, sending.sender) for one in _in_calendars(bookings)]
    return render(MailKind.CHANGED, _id(last), last.family, sending, last.session.municipality, values, calendars)


def changed_words_of(bookings: Sequence[RegistrationMail], what: Corrected) -> dict[str, object]:
    """As of `called_off_words`."""
    return {**_words_of_all(bookings), **vars(what), "has_calendar": bool(_in_calendars(bookings))}


def _in_calendars(bookings: Sequence[RegistrationMail]) -> list[RegistrationMail]:
    """Those whose confirmation brought a calendar file."""
    return [one for one in bookings if MailKind.CONFIRMED in one.registration.mailed]


def _id(booking: RegistrationMail) -> str:
    return f"{booking.registration.registration_id}.{booking.session.sequence}"


def _words_of_all(bookings: Sequence[RegistrationMail]) -> dict[str, object]:
    """`words` of the last one, but the children and the references of all."""
    last = bookings[-1]
    references = [reference_of(one.registration) for one in bookings]
    children = dict.fromkeys(child for one in bookings for child in one.children)
    return {
        **words(last),
        "url": last.url,
        "reference": ", ".join(references),
        "children": in_words.names(list(children), last.family.language),
    }
