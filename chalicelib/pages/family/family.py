"""A family's own page: its children, its openings with its own moment in each, its wishes, its registrations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.booking.answers import answering
from chalicelib.booking.registrations import register, shared
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing, reference_of
from chalicelib.booking.wishes import table as prepared_wishes
from chalicelib.booking.wishes.preparing import Registered
from chalicelib.booking.wishes.rules import Prepared
from chalicelib.city.texts.showing import on_page
from chalicelib.core.http.answering import Answer, Page
from chalicelib.core.http.problems import existing
from chalicelib.core.languages import in_words, translate
from chalicelib.mail.calendars import Reminder, reminder_file
from chalicelib.mail.opening_mails import REGISTER, REMINDER
from chalicelib.money.payees import table as payees
from chalicelib.pages.family import wished
from chalicelib.pages.family.wish_words import Words
from chalicelib.pages.family.wished import Wished
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families import sharing
from chalicelib.people.families.proving import seen_pass
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.passes import OwnMoment, OwnPass, first_moment, with_moments, with_warnings
from chalicelib.programme.openings.rules import Opening, State, title
from chalicelib.programme.sessions import handlers as programme
from chalicelib.programme.sessions.rules import Session

# An opening and what it brought is told of for so long; then the summer is over.
DAYS_SHOWN = 150
# What is asked about a child must be answered then.
SEATED = (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)


@dataclass(frozen=True)
class Own:
    """An opening as one family sees it. `at`: when the first of its wishes can be registered, or of its children;
    None: not told yet, or everybody is admitted already (`is_open`). `is_for`: whether it is for the family's postcode
    at all. `is_closed`: a draw that
    takes no wishes any more. `is_drawn`: its result stands. `is_over`: none of its camps takes anybody any more."""

    opening: Opening
    title: str
    at: datetime | None
    wished: Wished
    is_open: bool
    is_for: bool
    is_closed: bool
    is_drawn: bool
    is_over: bool


@dataclass(frozen=True)
class RegistrationCard:
    """`unanswered`: whether a required question about a child of it is open."""

    registration: Registration
    standing: Standing
    session: Session
    unanswered: bool

    @property
    def reference(self) -> str:
        return reference_of(self.registration)


def show(visit: Visit, who: Bearer) -> Answer:
    known = with_warnings(with_moments(who, visit.now, visit.language, seen_pass))
    # Each change has a page of its own that says so; here it may be seen a second later.
    registered = register.all_of(who, visit.now, consistent=False)
    prepared = prepared_wishes.of_family(who.family_id, consistent=False)
    # What the other parent registered is not for a helper.
    shared_children = [] if visit.help else shared.children_of(who.family_id)
    shared_with_me = shared.of_children(who.family_id, shared_children, visit.now)
    sessions = programme.seen({one.session_id for one, _ in registered}) if registered else {}
    lacking = answering.lacking([one for one, stands in registered if stands.status in SEATED], visit.now)
    return page(
        visit,
        "pages/family/family.html",
        children=known.children,
        named_by_others=_named_by_others(who, known),
        words=Words(visit.language, known.names),
        postcode=who.postcode,
        own=[
            own(visit, who, known, opening, _wished(visit, who, opening, registered, prepared))
            for opening in sorted(openings.remembered(visit.now), key=lambda one: (one.opens_at, one.opening_id))
            if _is_of_interest(opening, visit.now)
        ],
        registrations=[
            RegistrationCard(one, standing, sessions[one.session_id], one.registration_id in lacking)
            for one, standing in reversed(registered)
            if one.session_id in sessions
        ],
        has_account=bool(payees.remembered()),
        shared_children=shared_children,
        shared_with_me=shared_with_me,
        may_cancel_shared=bool(shared_with_me) and shared.may_cancel(),
    )


def _named_by_others(who: Bearer, known: OwnPass) -> list[str]:
    """First names of the children that another mailbox names too, unless two parents share them."""
    named = [child for child in known.children if child.named_elsewhere]
    agreed = sharing.agreed(who.family_id, [child.child_id for child in named])
    return [child.first_name for child in named if child.child_id not in agreed]


def _wished(
    visit: Visit,
    who: Bearer,
    opening: Opening,
    registered: Sequence[Registered],
    prepared: Mapping[str, Prepared],
) -> Wished:
    seen = prepared.get(opening.opening_id) or Prepared(opening.opening_id, who.family_id)
    return wished.wished(visit, who, opening, registered, seen)


def calendar(visit: Visit, who: Bearer, opening_id: str) -> Answer:
    """The family's moment for its calendar. Raises Problem `not-found` while it is not told."""
    opening = wished.opening_of(visit, opening_id)
    wishes = wished.wished(visit, who, opening)
    at = existing(moment_of(with_moments(who, visit.now, visit.language, seen_pass).moments(opening_id), wishes))
    reminder = Reminder(
        opening_id=opening_id,
        family_id=who.family_id,
        summary=translate(REGISTER, visit.language, opening=title(opening.plan, visit.language)),
        description=translate(REMINDER, visit.language, at=in_words.moment(at, visit.language)),
        at=at,
        url=f"{visit.base}/opening/{opening_id}",
        organizer_name=on_page("city_name", visit.language),
        organizer_email=on_page("city_mail", visit.language),
    )
    headers = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{opening_id}.ics"',
    }
    return Answer(200, Page(reminder_file(reminder, visit.now).decode()), headers)


def own(visit: Visit, who: Bearer, known: OwnPass, opening: Opening, wishes: Wished) -> Own:
    admitted = known.moments(opening.opening_id)
    return Own(
        opening=opening,
        title=title(opening.plan, visit.language),
        at=moment_of(admitted, wishes),
        wished=wishes,
        is_open=is_open(opening, moment_of(admitted, wishes), visit.now),
        is_for=opening.plan.is_for(who.postcode),
        is_closed=wished.is_closed_draw(opening, visit.now),
        is_drawn=opening.state is State.DRAWN,
        is_over=is_over(opening, visit.now),
    )


def moment_of(admitted: Sequence[OwnMoment], wishes: Wished) -> datetime | None:
    return first_moment(admitted, [[child for child, _ in row.pairs] for row in wishes.rows])


def is_open(opening: Opening, at: datetime | None, now: datetime) -> bool:
    """Whether a wish of the family may be registered now. `at`: its moment."""
    if wished.is_open_draw(opening) or opening.is_paused(now):
        return False
    return now >= at if at else opening.state is State.DRAWN or now >= opening.spread_ends_at


def is_over(opening: Opening, now: datetime) -> bool:
    """Whether none of its camps takes registrations any more. Asks for nothing before everybody had a turn."""
    if wished.is_open_draw(opening) or now < opening.spread_ends_at:
        return False
    return not any(
        one.closes and now < one.closes for one in programme.published() if one.session_id in opening.plan.session_ids
    )


def _is_of_interest(opening: Opening, now: datetime) -> bool:
    return (now - (opening.wishes_until or opening.spread_ends_at)).days < DAYS_SHOWN
