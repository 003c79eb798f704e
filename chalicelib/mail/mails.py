"""The mails, in the family's language, as plain text and HTML from one template each.

Both formats are written by the same sentences (templates/*.j2); only the parts that they are made of differ
(parts.html, parts.txt), so that no format can lack what the other says.

Families and sheets choose words that stand in headers. `single_line` keeps them there, and every finished mail is read
again before it leaves (`_proven`), because Python's writer of mails has surprises.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from chalicelib.booking.registrations.rules import Registration, belongs_to, reference_of
from chalicelib.city.texts.rules import Texts, defaults
from chalicelib.core import settings
from chalicelib.core.languages import DEFAULT, N_, in_words, translate
from chalicelib.core.moments import today
from chalicelib.mail.calendars import CANCEL, METHOD, ZONE, CalendarEntry, Reminder, calendar_file, reminder_file
from chalicelib.mail.headers import FOLDED
from chalicelib.mail.rules import CAMP_DAYS, TO_STAFF, MailKind
from chalicelib.mail.staff import Matter
from chalicelib.mail.writing import environment, written
from chalicelib.people.families.desk_numbers import number_of
from chalicelib.people.families.rules import VALID_DAYS, Pass
from chalicelib.people.staff.rules import StaffAddress
from chalicelib.programme.sessions.rules import Session

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
    **dict.fromkeys(TO_STAFF, N_("{what}: {title}")),
}
# Of a pass that is for nobody's child.
TO_SWIM = N_("Your link to book swimming")
# Of a pass by which another parent invites.
INVITATION = N_("An invitation about the camps of {children}")
# Of an announcement, by the action in the opening's log.
HEADLINES = {
    "pause": N_("Registration is paused"),
    "resume": N_("Registration goes on"),
    "extend": N_("More time"),
    "restart": N_("Registration begins anew"),
    "turn-into-draw": N_("The seats are drawn by lot"),
}
NEW_MOMENT = N_("New moment")
WISHES_UNTIL = N_("Wishes until")
OWN_MOMENT = N_("Your own moment")
FOR_WHAT = N_("Registration for")
REGISTER = N_("Register: {opening}")
REMINDER = N_("From {at} on you can register. Trying earlier gives no better chance.")
CALENDAR_CANCELLED = N_("Cancelled: {summary}")
CALENDAR_REFERENCE = N_("Reference: {reference}")
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}


class NotAsMeant(Exception):
    """A mail that would have other headers, or go elsewhere, than it should. Does not say what is in it."""


class NoAddress(Exception):
    """The family has no mail address: it gets a letter."""


@dataclass(frozen=True)
class Sending:
    """By whom (a bare address: the name before it is the municipality's), when, and what the city says by itself."""

    sender: str
    now: datetime
    texts: Texts = field(default_factory=defaults)


@dataclass(frozen=True)
class RegistrationMail:
    """Contents of a mail about a registration. `url`: where the family looks at it and cancels; None: in a letter.
    `unknown`: the children of whom the camp must still hear whom to call and what to know."""

    registration: Registration
    session: Session
    family: Pass
    url: str | None = None
    unknown: Sequence[str] = ()

    @property
    def children(self) -> list[str]:
        """First names, in the order of the registration."""
        return self._named(self.registration.child_ids)

    @property
    def missing(self) -> list[str]:
        """First names of `unknown`."""
        return self._named(self.unknown)

    def _named(self, child_ids: Sequence[str]) -> list[str]:
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
class Held:
    """A seat that is held for a family: until when, and where the family answers."""

    until: datetime
    url: str


@dataclass(frozen=True)
class News:
    """An incident of an opening, in the family's language: `title` is the opening's, `why` what staff tell families,
    `done` what the system did, `rule` what was promised. `moments`: `opens_at`, `wishes_until`, in ISO 8601.
    `own_moment`: the family's, if it is told and to come. `to_do`: what it can do now, in English; `url`: where."""

    action: str
    title: str
    why: str
    done: str
    rule: str
    moments: Mapping[str, str]
    own_moment: datetime | None
    to_do: str
    url: str


@dataclass(frozen=True)
class DrawResultMail:
    """The contents of a mail about a draw, in the family's language. `title`: the opening's; the others are sentences.
    `url`: of what is published."""

    title: str
    place: str
    wishes: Sequence[str]
    waiting: Sequence[str]
    nearest: str | None
    has_seats: bool
    url: str


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


@dataclass(frozen=True)
class MomentMail:
    """A family's own moment in an opening; `title`: in its language. `is_ready`: it has prepared wishes. `url`: where
    it registers, or prepares them."""

    opening_id: str
    title: str
    at: datetime
    is_ready: bool
    url: str


def own_moment(kind: MailKind, id_: str, moment: MomentMail, family: Pass, sending: Sending) -> EmailMessage:
    language = family.language
    at = in_words.moment(moment.at, language, seconds=True)
    values = {
        "at": in_words.moment(moment.at, language),
        "exactly": at,
        "title": moment.title,
        "children": in_words.names([child.first_name for child in family.children], language),
        "is_ready": moment.is_ready,
        "url": moment.url,
    }
    return _render(kind, id_, family, sending, "", values, [_moment_file(moment, family, sending)])


def _moment_file(moment: MomentMail, family: Pass, sending: Sending) -> bytes:
    reminder = Reminder(
        opening_id=moment.opening_id,
        family_id=family.family_id,
        summary=translate(REGISTER, family.language, opening=moment.title),
        description=translate(REMINDER, family.language, at=in_words.moment(moment.at, family.language, seconds=True)),
        at=moment.at,
        url=moment.url.split("?")[0],
        organizer_name=single_line(sending.texts["city_name"].texts[family.language]),
        organizer_email=sending.sender,
    )
    return reminder_file(reminder, sending.now)


def camp_soon(booking: RegistrationMail, sending: Sending) -> EmailMessage:
    return _about(MailKind.CAMP_SOON, booking, sending)


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
    return _render(kind, f"{matter.name.replace('#', '.')}.{to.staff.staff_id}", to, sending, "", values)


def pass_link(family: Pass, url: str, sending: Sending) -> EmailMessage:
    language = family.language
    return _render(
        MailKind.PASS,
        f"{family.family_id}/{family.pass_id}",
        family,
        sending,
        "",
        {
            "children": in_words.names([child.first_name for child in family.children], language),
            "url": url,
            "invited": family.invited_by is not None,
            "valid_until": in_words.day((sending.now + timedelta(days=VALID_DAYS)).astimezone(ZONE).date(), language),
        },
    )


def address_changes(family: Pass, address: str, url: str, sending: Sending) -> EmailMessage:
    """To the address that a family has; `address`: the one that was asked for, of which it says no more than its owner
    needs. `url`: where the family lets its links stop."""
    local, _, domain = address.rpartition("@")
    values = {"address": f"{local[:1]}…@{domain}", "url": url}
    return _render(MailKind.ADDRESS, f"{family.family_id}/{family.pass_id}", family, sending, "", values)


def farewell(family: Pass, sending: Sending) -> EmailMessage:
    return _render(MailKind.ERASE, f"{family.family_id}/{family.pass_id}", family, sending, "", {})


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
    return _about(MailKind.DECLINED, booking, sending, because=[], gave_way="")


def cancellation(booking: RegistrationMail, sending: Sending, because: str | None = None) -> EmailMessage:
    """`because`: what families are told of the incident by which we took the seat back."""
    return _about(
        MailKind.CANCELLED,
        booking,
        sending,
        calendar_of(booking, sending.now, sending.sender, is_cancelled=True),
        because=_lines(because),
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
    return _about(MailKind.LEFT, booking, sending, because=_lines(because), gave_way="")


def called_off(bookings: Sequence[RegistrationMail], what: CalledOff, sending: Sending) -> EmailMessage:
    """One mail about all that a family had in a camp that is cancelled."""
    last, values = bookings[-1], called_off_words(bookings, what)
    calendars = [calendar_of(one, sending.now, sending.sender, is_cancelled=True) for one in _in_calendars(bookings)]
    municipality = last.session.municipality
    return _render(MailKind.CALLED_OFF, _id(last), last.family, sending, municipality, values, calendars)


def called_off_words(bookings: Sequence[RegistrationMail], what: CalledOff) -> dict[str, object]:
    """The values of the mail, and of the letter of who has no mail address."""
    return {
        **_words_of_all(bookings),
        "why": _lines(what.why),
        "others": what.others,
        "pays_back": what.pays_back,
        "has_calendar": bool(_in_calendars(bookings)),
    }


def changed(bookings: Sequence[RegistrationMail], what: Corrected, sending: Sending) -> EmailMessage:
    """One mail about what changed of a camp in which a family has something."""
    last, values = bookings[-1], changed_words_of(bookings, what)
    calendars = [calendar_of(one, sending.now, sending.sender) for one in _in_calendars(bookings)]
    return _render(MailKind.CHANGED, _id(last), last.family, sending, last.session.municipality, values, calendars)


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


def child_left(booking: RegistrationMail, gone: Sequence[str], sending: Sending) -> EmailMessage:
    """Some of the children of a registration left it, `gone`: child ids; the others stay, unless it ended since. Its
    calendar entry names those from now on."""
    first_names = {child.child_id: child.first_name for child in booking.family.children}
    names = in_words.names([first_names[child] for child in gone if child in first_names], booking.family.language)
    ended = booking.registration.cancelled_at is not None
    has_seat = MailKind.CONFIRMED in booking.registration.mailed and not ended
    calendar = calendar_of(booking, sending.now, sending.sender) if has_seat else None
    # Another child that leaves later is another mail.
    id_ = f"{booking.registration.registration_id}.{len(booking.registration.left)}"
    values = {"url": booking.url, "gone": names, "has_calendar": has_seat, "ended": ended}
    return _render(
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
    camp is, or soon: it comes. `session` None: of where it is, nothing may be said. `before`: from where the child
    moved there. `is_changed`: of the camp, since the other parent was told that it stands so."""

    child_id: str
    stands: str
    session: Session | None
    first_day: date | None
    last_day: date | None
    reference: str
    url: str
    before: Session | None = None
    is_changed: bool = False


def other_parent(id_: str, told: OtherParent, family: Pass, sending: Sending) -> EmailMessage:
    """Of the family that registered the child it says nothing, nor of its other children; in no header either."""
    language, session = family.language, told.session
    first, last = told.first_day, told.last_day
    assert first is not None and last is not None, "a draft has no seats"  # noqa: PT018
    municipality = session.municipality if session else ""
    start, end = (session.daily_from, session.daily_until) if session else (None, None)
    values = {
        "stands": told.stands,
        "is_changed": told.is_changed,
        "before": called(told.before, language) if session else "",
        "children": in_words.names([child.first_name for child in family.children], language),
        "municipality": municipality,
        "title": session.title if session else "",
        "place": session.place if session else None,
        "date": in_words.day(first, language, weekday=False),
        "first_day": in_words.day(first, language, year=first == last or first.year != last.year),
        "last_day": in_words.day(last, language) if last != first else None,
        "hours": [in_words.hour(start, language), in_words.hour(end, language)] if start and end else [],
        "reference": told.reference if session else "",
        "url": told.url,
    }
    return _render(MailKind.OTHER_PARENT, id_, family, sending, municipality, values)


def announcement(id_: str, news: News, family: Pass, sending: Sending) -> EmailMessage:
    language = family.language
    names = {"opens_at": translate(NEW_MOMENT, language), "wishes_until": translate(WISHES_UNTIL, language)}
    facts = [(translate(FOR_WHAT, language), news.title)]
    facts += [
        (names[name], in_words.moment(datetime.fromisoformat(moment), language))
        for name, moment in news.moments.items()
    ]
    if news.own_moment:
        facts.append((translate(OWN_MOMENT, language), in_words.moment(news.own_moment, language, seconds=True)))
    return _render(
        MailKind.ANNOUNCEMENT,
        id_,
        family,
        sending,
        "",
        {
            "headline": translate(HEADLINES[news.action], language),
            "title": news.title,
            "facts": facts,
            "why": _lines(news.why),
            "done": news.done,
            "rule": _lines(news.rule),
            "to_do": translate(news.to_do, language),
            "url": news.url,
        },
    )


@dataclass(frozen=True)
class WishOff:
    """A cancelled camp that a family wishes for in a draw. `why`: the city's words; `until`: when wishes are taken no
    more, None: they are not; `url`: where the family chooses anew."""

    session: Session
    opening: str
    why: str
    until: datetime | None
    url: str


def wish_off(id_: str, what: WishOff, family: Pass, sending: Sending) -> EmailMessage:
    session, language = what.session, family.language
    values = {
        "municipality": session.municipality,
        "title": session.title,
        "date": in_words.day(session.starts_on, language, weekday=False) if session.starts_on else "",
        "opening": what.opening,
        "why": _lines(what.why),
        "until": in_words.moment(what.until, language) if what.until else None,
        "url": what.url,
    }
    return _render(MailKind.WISH_OFF, id_, family, sending, session.municipality, values)


def result(id_: str, outcome: DrawResultMail, family: Pass, sending: Sending) -> EmailMessage:
    return _render(MailKind.RESULT, id_, family, sending, "", asdict(outcome))


def _about(
    kind: MailKind,
    booking: RegistrationMail,
    sending: Sending,
    *calendars: bytes,
    **more: object,
) -> EmailMessage:
    id_, municipality = booking.registration.registration_id, booking.session.municipality
    values = {**words(booking), "url": booking.url, **more}
    return _render(kind, id_, booking.family, sending, municipality, values, calendars)


def words(booking: RegistrationMail) -> dict[str, object]:
    """The values of a template about a registration, in the family's language."""
    session, language = booking.session, booking.family.language
    first, last = booking.days
    return {
        "reference": reference_of(booking.registration),
        "children": in_words.names(booking.children, language),
        "missing": in_words.names(booking.missing, language),
        "municipality": session.municipality,
        "title": session.title,
        "place": session.place,
        "contact": session.contact,
        "date": in_words.day(first, language, weekday=False),
        "first_day": in_words.day(first, language, year=first == last or first.year != last.year),
        "last_day": in_words.day(last, language) if last != first else None,
        "hours": [in_words.hour(hour, language) for hour in booking.hours or ()],
        "price": in_words.money(booking.price_cents, language) if booking.price_cents else None,
    }


def _render(
    kind: MailKind,
    id_: str,
    family: Pass | StaffAddress,
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
    first = TO_SWIM if is_to_swim else INVITATION if is_invitation else SUBJECTS[kind]
    subject = single_line(translate(first, language, **values))
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(
        single_line(municipality or sending.texts["city_name"].texts[language]), addr_spec=sending.sender
    )
    username, _, domain = family.email.rpartition("@")
    mail["To"] = Address(username=username, domain=domain)
    mail["Subject"] = subject
    mail["Date"] = sending.now
    # The same at every try. SES puts its own in place of it and of the date; other mail servers keep it.
    mail["Message-ID"] = f"<{kind}.{id_.replace('/', '.')}@{sending.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    page = {"kind": kind, "language": language, "subject": subject, "desk_number": None, **values}
    mail.set_content(written("txt", language, TEMPLATES[kind], page, sending.texts), cte="quoted-printable")
    html = written("html", language, TEMPLATES[kind], page, sending.texts)
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


def letter(kind: MailKind, booking: RegistrationMail, texts: Texts, form: str = "html", **more: object) -> str:
    """The page of a mail for a family without mail address, in HTML or as plain text ("txt"). `more`: what the template
    of that kind asks for beside `words`."""
    language = booking.family.language
    values: dict[str, object] = {**words(booking), "url": booking.url, **more}
    subject = translate(SUBJECTS[kind], language, **values)
    # Nobody reminds by letter, nor asks for more time by one.
    own = {"desk_number": number_of(booking.family.family_id), "is_recalled": False, "had_more_time": False}
    page = {"kind": kind, "language": language, "subject": subject, **own, **values}
    return written(form, language, TEMPLATES[kind], page, texts)


def _proven(mail: EmailMessage, to: str, sender: str) -> EmailMessage:
    """`mail`, if its bytes, read again, have our headers and no others, and go from `sender` to `to`."""
    try:
        read = message_from_bytes(mail.as_bytes(), policy=SMTP)
        ways = [[f"{one.username}@{one.domain}" for one in read[name].addresses] for name in ("From", "To")]
    except (MessageError, AttributeError, LookupError):
        raise NotAsMeant from None
    if sorted(read.keys()) != sorted(HEADERS) or ways != [[sender], [to]]:
        raise NotAsMeant
    return mail


def _lines(text: str | None) -> list[str]:
    return text.split("\n") if text else []


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
    """Every English text that a mail may have: those of this file, and what is marked in the templates."""
    found = {*SUBJECTS.values(), TO_SWIM, INVITATION, *HEADLINES.values(), CALENDAR_CANCELLED, CALENDAR_REFERENCE}
    found.add(REGISTER)
    templates = environment("txt", "en")
    assert templates.loader
    for name in templates.list_templates():
        source, _, _ = templates.loader.get_source(templates, name)
        for _, _, message in templates.extract_translations(source):  # type: ignore[attr-defined]
            found.update([message] if isinstance(message, str) else filter(None, message))
    return found


def single_line(text: str) -> str:
    """Without line breaks and other control characters, whatever Unicode calls them: a header is one line. And without
    `=?`, which begins an encoded word (RFC 2047): Python decodes those before it writes, line breaks and all."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()).replace("=?", "= ?")
