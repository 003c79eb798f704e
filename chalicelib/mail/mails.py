"""The mails about a registration, to its family and to the other parent of its children; those about a family itself,
and to the city's staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage

from chalicelib.booking.registrations.rules import EndedBy, Registration, belongs_to, reference_of
from chalicelib.city.texts.rules import Texts
from chalicelib.core import settings
from chalicelib.core.languages import DEFAULT, N_, in_words, translate
from chalicelib.core.moments import today
from chalicelib.mail import opening_mails
from chalicelib.mail.calendars import CANCEL, METHOD, ZONE, CalendarEntry, calendar_file
from chalicelib.mail.rendering import (
    INVITATION,
    NEW_ADDRESS,
    SUBJECTS,
    TEMPLATES,
    TO_SWIM,
    Sending,
    lines,
    render,
    single_line,
)
from chalicelib.mail.rules import CAMP_DAYS, MailKind
from chalicelib.mail.staff import Matter
from chalicelib.mail.writing import environment, written
from chalicelib.money.orders.paying import Payable
from chalicelib.money.orders.rules import Order
from chalicelib.people.families.desk_numbers import number_of
from chalicelib.people.families.rules import VALID_DAYS, Pass
from chalicelib.people.staff.rules import StaffAddress
from chalicelib.programme.sessions.rules import Session

CALENDAR_CANCELLED = N_("Cancelled: {summary}")
CALENDAR_REFERENCE = N_("Reference: {reference}")


@dataclass(frozen=True)
class RegistrationMail:
    """Contents of a mail about a registration. `url`: where the family looks at it and cancels; None: in a letter.
    `unknown`: the children of whom the camp must still hear whom to call and what to know; `unanswered`: those of whom
    a required question is unanswered. `order`: what is charged for it, if anything is; `payable`: how that is paid, if
    anything is left to pay."""

    registration: Registration
    session: Session
    family: Pass
    url: str | None = None
    unknown: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    order: Order | None = None
    payable: Payable | None = None

    @property
    def children(self) -> list[str]:
        """First names, in the order of the registration."""
        return self.named(self.registration.child_ids)

    @property
    def missing(self) -> list[str]:
        """First names of `unknown`."""
        return self.named(self.unknown)

    def named(self, child_ids: Sequence[str]) -> list[str]:
        first_names = {child.child_id: child.first_name for child in self.family.children}
        return [first_names[child] for child in child_ids if child in first_names]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last."""
        first, last = self.session.starts_on, self.session.ends_on
        assert first is not None, "a draft has no seats"
        assert last is not None, "a draft has no seats"
        return first, last

    @property
    def price_cents(self) -> int:
        assert self.session.price_cents is not None, "a draft has no seats"
        return self.session.price_cents

    @property
    def hours(self) -> tuple[time, time] | None:
        """Both, or none: half of the hours would be read as all of them."""
        start, end = self.session.daily_from, self.session.daily_until
        return None if start is None or end is None else (start, end)


@dataclass(frozen=True)
class PaymentWords:
    """How a registration is paid, in the family's language. `label`: what its country calls the communication."""

    amount: str
    name: str
    iban: str
    label: str
    communication: str
    due: str


@dataclass(frozen=True)
class Held:
    """A seat that is held for a family: until when, and where the family answers."""

    until: datetime
    url: str


def camp_soon(booking: RegistrationMail, sending: Sending) -> EmailMessage:
    return _about(MailKind.CAMP_SOON, booking, sending)


def unpaid(booking: RegistrationMail, ends_on: date | None, sending: Sending) -> EmailMessage:
    """`ends_on`: the day until which it can still be paid before the registration ends by itself; None: it never
    does."""
    ends = in_words.day(ends_on, booking.family.language) if ends_on else None
    return _about(MailKind.UNPAID, booking, sending, ends=ends)


def offer_ends(
    booking: RegistrationMail,
    held: Held,
    sending: Sending,
    keeps: Session | None = None,
    *,
    had_more_time: bool = False,
) -> EmailMessage:
    """`keeps`: as of `offer`. `had_more_time`: it can be asked for once."""
    return _held(MailKind.OFFER_ENDS, booking, held, sending, keeps, had_more_time=had_more_time)


def to_staff(kind: MailKind, matter: Matter, to: StaffAddress, sending: Sending) -> EmailMessage:
    values = {
        "what": translate(matter.what, to.language),
        "more": translate(matter.more, to.language),
        "title": matter.titles.get(to.language) or matter.titles[DEFAULT],
        "url": settings.public_url() + matter.path,
    }
    return render(kind, f"{matter.name.replace('#', '.')}.{to.staff.staff_id}", to, sending, "", values)


def pass_link(family: Pass, url: str, sending: Sending) -> EmailMessage:
    language = family.language
    return render(
        MailKind.PASS,
        f"{family.family_id}/{family.pass_id}",
        family,
        sending,
        "",
        {
            "children": in_words.names([child.first_name for child in family.children], language),
            "url": url,
            "invited": family.invited_by is not None,
            "moves": family.moves,
            "valid_until": in_words.day((sending.now + timedelta(days=VALID_DAYS)).astimezone(ZONE).date(), language),
        },
    )


def certificates(id_: str, year: int, url: str, family: Pass, sending: Sending) -> EmailMessage:
    """No number of anybody and no amount is in it: whoever may see them follows the link."""
    return render(MailKind.CERTIFICATES, id_, family, sending, "", {"year": year, "url": url})


def address_changes(family: Pass, address: str, url: str, sending: Sending) -> EmailMessage:
    """To the address that a family has; `address`: the one that was asked for, of which it says no more than its owner
    needs. `url`: where the family lets its links stop."""
    local, _, domain = address.rpartition("@")
    values = {"address": f"{local[:1]}…@{domain}", "url": url}
    return render(MailKind.ADDRESS, f"{family.family_id}/{family.pass_id}", family, sending, "", values)


def farewell(family: Pass, sending: Sending) -> EmailMessage:
    return render(MailKind.ERASE, f"{family.family_id}/{family.pass_id}", family, sending, "", {})


def confirmation(booking: RegistrationMail, sending: Sending) -> EmailMessage:
    calendar = calendar_of(booking, sending.now, sending.sender)
    return _about(MailKind.CONFIRMED, booking, sending, calendar, is_recalled=_is_recalled(booking, sending))


def _is_recalled(booking: RegistrationMail, sending: Sending) -> bool:
    """Whether a reminder of the camp is still to come."""
    return booking.days[0] > today(sending.now) + timedelta(days=CAMP_DAYS)


def moved(booking: RegistrationMail, before: RegistrationMail, sending: Sending) -> EmailMessage:
    """The confirmation of who had a seat in another session, `before`. Two calendar files: of the session to which they
    go now, and of the other one, where it is cancelled or names only who stays."""
    is_over = before.registration.cancelled_at is not None
    gone = calendar_of(before, sending.now, sending.sender, is_cancelled=is_over)
    return _about(
        MailKind.MOVED,
        booking,
        sending,
        calendar_of(booking, sending.now, sending.sender),
        gone,
        before=called(before.session, booking.family.language),
        stay="" if is_over else in_words.names(before.children, booking.family.language),
        is_recalled=_is_recalled(booking, sending),
    )


def called(session: Session | None, language: str) -> str:
    """ "Bouwkamp, 16 August 2027"; empty if there is none."""
    if session is None or session.starts_on is None:
        return ""
    return f"{session.title}, {in_words.day(session.starts_on, language, weekday=False)}"


def waiting_place(
    booking: RegistrationMail, position: int, sending: Sending, keeps: Session | None = None
) -> EmailMessage:
    """`keeps`: where it has a seat until it accepts one here."""
    return _about(
        MailKind.WAITLISTED, booking, sending, position=position, keeps=called(keeps, booking.family.language)
    )


def offer(booking: RegistrationMail, held: Held, sending: Sending, keeps: Session | None = None) -> EmailMessage:
    """No calendar file before the family has accepted. `keeps`: where it gives up a seat then."""
    return _held(MailKind.OFFERED, booking, held, sending, keeps)


def hold(booking: RegistrationMail, held: Held, sending: Sending, keeps: Session | None = None) -> EmailMessage:
    return _held(MailKind.HELD, booking, held, sending, keeps)


def _held(
    kind: MailKind,
    booking: RegistrationMail,
    held: Held,
    sending: Sending,
    keeps: Session | None,
    *,
    had_more_time: bool = False,
) -> EmailMessage:
    language = booking.family.language
    until = in_words.moment(held.until, language)
    kept = called(keeps, language)
    return _about(kind, booking, sending, until=until, url=held.url, keeps=kept, had_more_time=had_more_time)


def lapse(booking: RegistrationMail, sending: Sending) -> EmailMessage:
    return _about(MailKind.LAPSED, booking, sending)


def declining(booking: RegistrationMail, sending: Sending) -> EmailMessage:
    return _about(MailKind.DECLINED, booking, sending, because=[], gave_way=gave_way(booking.registration))


def cancellation(booking: RegistrationMail, sending: Sending, because: str | None = None) -> EmailMessage:
    """`because`: what families are told of the incident by which we took the seat back."""
    return _about(
        MailKind.CANCELLED,
        booking,
        sending,
        calendar_of(booking, sending.now, sending.sender, is_cancelled=True),
        because=lines(because),
        gave_way=gave_way(booking.registration),
    )


def gave_way(record: Registration) -> str:
    """For the words: "own" if it gave way to another registration of its family, "other" to one of another family; else
    empty."""
    if record.gave_way_to is None:
        return ""
    return "own" if belongs_to(record.gave_way_to, record.family_id) else "other"


def leaving(booking: RegistrationMail, sending: Sending, because: str | None = None) -> EmailMessage:
    """Off the waiting list; without a calendar file, because there was none. `because`: as above."""
    return _about(MailKind.LEFT, booking, sending, because=lines(because), gave_way="")


def child_left(booking: RegistrationMail, gone: Sequence[str], sending: Sending) -> EmailMessage:
    """Some of the children of a registration left it, `gone`: child ids; the others stay, unless it ended since. Its
    calendar entry names those from now on."""
    language, by_other = booking.family.language, booking.registration.left_by_other
    ended = booking.registration.cancelled_at is not None
    has_seat = MailKind.CONFIRMED in booking.registration.mailed and not ended
    calendar = calendar_of(booking, sending.now, sending.sender) if has_seat else None
    # Another child that leaves later is another mail.
    id_ = f"{booking.registration.registration_id}.{len(booking.registration.left)}"
    values = {"url": booking.url, "has_calendar": has_seat, "ended": ended}
    values["gone"] = in_words.names(booking.named(gone), language)
    values["gone_by_other"] = in_words.names(booking.named([one for one in gone if one in by_other]), language)
    return render(
        MailKind.CHILD_LEFT,
        id_,
        booking.family,
        sending,
        booking.session.municipality,
        {**words(booking), **values},
        [calendar] if calendar else (),
    )


@dataclass(frozen=True)
class OtherParent:
    """The news for the other parent of a child. `stands`: confirmed, waitlisted, offered, cancelled, called-off: the
    camp is, or soon: it comes. `before`: from where the child moved there. `is_changed`: of the camp, since the other
    parent was told that it stands so."""

    first_name: str
    stands: str
    session: Session
    reference: str
    url: str
    before: Session | None = None
    is_changed: bool = False


def other_parent(id_: str, told: OtherParent, family: Pass, sending: Sending) -> EmailMessage:
    """Of the family that registered the child it says nothing, nor of its other children; in no header either."""
    language, session = family.language, told.session
    first, last = session.starts_on, session.ends_on
    assert first is not None and last is not None, "a draft has no seats"  # noqa: PT018
    start, end = session.daily_from, session.daily_until
    values = {
        "stands": told.stands,
        "is_changed": told.is_changed,
        "before": called(told.before, language),
        "children": in_words.names([told.first_name], language),
        "municipality": session.municipality,
        "title": session.title,
        "place": session.place,
        "date": in_words.day(first, language, weekday=False),
        "first_day": in_words.day(first, language, year=first == last or first.year != last.year),
        "last_day": in_words.day(last, language) if last != first else None,
        "hours": [in_words.hour(start, language), in_words.hour(end, language)] if start and end else [],
        "reference": told.reference,
        "url": told.url,
    }
    return render(MailKind.OTHER_PARENT, id_, family, sending, session.municipality, values)


def _about(
    kind: MailKind,
    booking: RegistrationMail,
    sending: Sending,
    *calendars: bytes,
    **more: object,
) -> EmailMessage:
    id_, municipality = booking.registration.registration_id, booking.session.municipality
    values = {**words(booking), "url": booking.url, **more}
    return render(kind, id_, booking.family, sending, municipality, values, calendars)


def words(booking: RegistrationMail) -> dict[str, object]:
    """The values of a template about a registration, in the family's language."""
    session, language = booking.session, booking.family.language
    first, last = booking.days
    ended = booking.registration.ended
    return {
        "by_other_parent": ended is not None and ended.by is EndedBy.OTHER_PARENT,
        "by_unpaid": ended is not None and ended.by is EndedBy.UNPAID,
        "reference": reference_of(booking.registration),
        "children": in_words.names(booking.children, language),
        "missing": in_words.names(booking.missing, language),
        "unanswered": in_words.names(booking.named(booking.unanswered), language),
        "municipality": session.municipality,
        "title": session.title,
        "place": session.place,
        "contact": session.contact,
        "date": in_words.day(first, language, weekday=False),
        "first_day": in_words.day(first, language, year=first == last or first.year != last.year),
        "last_day": in_words.day(last, language) if last != first else None,
        "hours": [in_words.hour(hour, language) for hour in booking.hours or ()],
        "price": in_words.money(booking.price_cents, language) if booking.price_cents else None,
        "charged": in_words.money(booking.order.amount_cents, language) if booking.order else None,
        "payment": payment_words(booking.payable, language) if booking.payable else None,
    }


def payment_words(payable: Payable, language: str) -> PaymentWords:
    return PaymentWords(
        amount=in_words.money(payable.cents, language),
        name=payable.name,
        iban=payable.iban,
        label=translate(payable.label, language),
        communication=payable.communication,
        due=in_words.day(payable.due_on, language),
    )


def letter(kind: MailKind, booking: RegistrationMail, texts: Texts, form: str = "html", **more: object) -> str:
    """The page of a mail for a family without mail address, in HTML or as plain text ("txt"). `texts`: as the session's
    municipality says them. `more`: what the template of that kind asks for beside `words`."""
    language = booking.family.language
    values: dict[str, object] = {**words(booking), "url": booking.url, **more}
    subject = translate(SUBJECTS[kind], language, **values)
    # Nobody reminds by letter, nor asks for more time by one.
    own = {"desk_number": number_of(booking.family.family_id), "is_recalled": False, "had_more_time": False}
    page = {"kind": kind, "language": language, "subject": subject, **own, **values}
    return written(form, language, TEMPLATES[kind], page, texts)


def calendar_of(
    booking: RegistrationMail, now: datetime, sender: str | None = None, is_cancelled: bool = False
) -> bytes:
    """The calendar file of a registration. `sender`: of the mail that carries it, if one does."""
    session, language = booking.session, booking.family.language
    first, last = booking.days
    summary = f"{session.title}: {in_words.names(booking.children, language)}"
    entry = CalendarEntry(
        registration_id=booking.registration.registration_id,
        summary=translate(CALENDAR_CANCELLED, language, summary=summary) if is_cancelled else summary,
        description=translate(CALENDAR_REFERENCE, language, reference=reference_of(booking.registration)),
        starts_on=first,
        ends_on=last,
        hours=booking.hours,
        place=session.place,
        organizer_name=single_line(session.municipality),
        organizer_email=sender,
        is_cancelled=is_cancelled,
        sequence=session.sequence + len(booking.registration.left),
        method=CANCEL if booking.registration.called_off else METHOD,
    )
    return calendar_file(entry, now)


def texts() -> set[str]:
    """Every English text that a mail may have: subjects, calendars, and what is marked in the templates."""
    found = {*SUBJECTS.values(), TO_SWIM, INVITATION, NEW_ADDRESS, CALENDAR_CANCELLED, CALENDAR_REFERENCE}
    found |= opening_mails.TEXTS
    templates = environment("txt", "en")
    assert templates.loader
    for name in templates.list_templates():
        source, _, _ = templates.loader.get_source(templates, name)
        for _, _, message in templates.extract_translations(source):  # type: ignore[attr-defined]
            first = message if isinstance(message, str) else message[0]  # a catalogue knows a plural by its singular
            found.update([first] if first else [])
    return found
