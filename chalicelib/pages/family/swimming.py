"""Swimming, for anyone: which hours there are, booking one, a family's bookings. Two taps for a family that comes back:
the hour, and the confirmation; how many people come is remembered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from chalicelib.city.texts.showing import on_page
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import Model, WholeInQuery, check
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.moments import today
from chalicelib.mail.calendars import Swim, swim_file
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.addresses import Address
from chalicelib.people.families.handlers import WantedPass, ask_for, known_bearer
from chalicelib.swimming import booking, rules, timetable
from chalicelib.swimming.booking import Booking
from chalicelib.swimming.hours import Hour, day_of, hour_of, monday_of
from chalicelib.swimming.rules import MOST_PEOPLE

AS_PEOPLE = N_("Give the number of people, 1 to 10.")
PEOPLE = Model({"people": WholeInQuery(AS_PEOPLE, 1, MOST_PEOPLE)})
ADDRESS = Model({"email": Address()})
CACHE_SECONDS = 5
CALENDAR = "text/calendar; charset=utf-8"
MINE, LINK = "/swimming/bookings", "/swimming/pass"
SWIM = N_("Swimming, for {people}")
SWIM_ONE = N_("Swimming, for one")
UNTIL = N_("You can change or cancel it until {moment}.")


@dataclass(frozen=True)
class DayShown:
    """`why`: what visitors are told of a closed day, in their language; None on other days."""

    day: date
    why: str | None
    hours: Sequence[Hour]


def show(visit: Visit) -> Answer:
    """The hours of a week, `?week=` any of its days. `?instead=`: of the booking that another hour is looked for."""
    family = _family(visit)
    now = today(visit.now)
    monday = monday_of(day_of(visit.query.get("week")) or now)
    days = list(_days(visit, monday, family))
    if "week" not in visit.query and not any(one for day in days for one in day.hours if not one.is_over):
        monday += timedelta(7)  # of this week nothing is left
        days = list(_days(visit, monday, family))
    last = max((one.valid_until for one in timetable.remembered().patterns), default=now)
    return page(
        visit,
        "pages/family/swimming.html",
        cache_seconds=None if family else CACHE_SECONDS,
        monday=monday,
        days=days,
        earlier=monday - timedelta(7) if monday > monday_of(now) else None,
        later=monday + timedelta(7) if monday + timedelta(7) <= last else None,
        instead=_held(visit, family, visit.query.get("instead")),
        has_pass=family is not None,
        visits_a_week=timetable.remembered().terms.visits_a_week,
    )


def choose(visit: Visit, slot_id: str) -> Answer:
    """One hour: for whoever is known, how many come, and the confirmation."""
    return _chosen(visit, slot_id, None)


def book(visit: Visit, slot_id: str) -> Answer:
    form = read_form(visit)
    family = _family(visit)
    if family is None:
        return redirect(visit, LINK)
    try:
        people = check(PEOPLE, {"people": form["people"]})["people"]
        if form["instead"]:
            booking.move(family, form["instead"], slot_id, people, visit.now)
        else:
            booking.book(family, slot_id, people, visit.now)
    except Problem as problem:
        return _chosen(visit, slot_id, form.wrong(problem, visit.language), problem.kind.status)
    return redirect(visit, f"{MINE}?done={slot_id}")


def show_bookings(visit: Visit) -> Answer:
    """The family's bookings; `?done=` and `?cancelled=`: what it did a moment ago."""
    family = _family(visit)
    if family is None:
        return redirect(visit, LINK)
    shown = [(hour_of(one.slot, visit.now, own=one.people), one) for one in booking.bookings(family, visit.now)]
    done = next((hour for hour, one in shown if one.slot.slot_id == visit.query.get("done")), None)
    gone = rules.slot(timetable.remembered(), visit.query.get("cancelled", ""))
    return page(
        visit,
        "pages/family/swimming_bookings.html",
        bookings=shown,
        done=done,
        cancelled=hour_of(gone, visit.now) if gone and not any(one.slot == gone for _, one in shown) else None,
        cancel_hours=timetable.remembered().terms.cancel_hours,
    )


def show_booking(visit: Visit, slot_id: str) -> Answer:
    family = _family(visit)
    if family is None:
        return redirect(visit, LINK)
    return _one_booking(visit, booking.own(family, slot_id, visit.now), None)


def calendar(visit: Visit, slot_id: str) -> Answer:
    """The hour for the family's calendar."""
    family = _family(visit)
    if family is None:
        return redirect(visit, LINK)
    one = booking.own(family, slot_id, visit.now)
    until = rules.changes_until(one.slot, timetable.remembered().terms)
    swim = Swim(
        slot_id=slot_id,
        family_id=family,
        summary=translate(SWIM if one.people > 1 else SWIM_ONE, visit.language, people=one.people),
        description=translate(UNTIL, visit.language, moment=in_words.moment(until, visit.language)),
        starts=one.slot.starts,
        ends=one.slot.ends,
        lane=one.slot.lane,
        organizer_name=on_page("city_name", visit.language),
        organizer_email=on_page("city_mail", visit.language),
    )
    return Answer(200, File(swim_file(swim, visit.now), CALENDAR, f"{slot_id}.ics"))


def change_booking(visit: Visit, slot_id: str) -> Answer:
    """Another number of people, or none: the button `cancel`."""
    form = read_form(visit)
    family = _family(visit)
    if family is None:
        return redirect(visit, LINK)
    try:
        if form.has("cancel"):
            booking.cancel(family, slot_id, visit.now)
            return redirect(visit, f"{MINE}?cancelled={slot_id}")
        people = check(PEOPLE, {"people": form["people"]})["people"]
        booking.move(family, slot_id, slot_id, people, visit.now)
    except Problem as problem:
        wrong = form.wrong(problem, visit.language)
        return _one_booking(visit, booking.own(family, slot_id, visit.now), wrong, problem.kind.status)
    return redirect(visit, f"{MINE}?done={slot_id}")


def ask_for_link(visit: Visit) -> Answer:
    return page(visit, "pages/family/swimming_pass.html", form=Form(), asked=visit.query.get("asked") == "yes")


def send_link(visit: Visit) -> Answer:
    """A mail address is all that it takes: nothing about children."""
    form = read_form(visit)
    try:
        email = check(ADDRESS, {"email": form["email"]})["email"]
    except Problem as problem:
        wrong = form.wrong(problem, visit.language)
        return page(visit, "pages/family/swimming_pass.html", problem.kind.status, form=wrong, asked=False)
    ask_for(WantedPass(email, visit.language), visit.now, visit.source)
    return redirect(visit, f"{LINK}?asked=yes")


def _chosen(visit: Visit, slot_id: str, form: Form | None, status: int = 200) -> Answer:
    family = _family(visit)
    choice = booking.choice(slot_id, family)
    instead = _held(visit, family, form["instead"] if form else visit.query.get("instead"))
    if form is None:
        people = (instead.people if instead else None) or (booking.people_last_time(family) if family else None)
        form = Form({"people": str(people or 1)})
    return page(
        visit,
        "pages/family/swimming_slot.html",
        status,
        form=form,
        hour_=hour_of(choice.slot, visit.now, choice.left, choice.own),
        why=choice.slot.why.get(visit.language),
        unavailable=_word(rules.unavailable(choice.slot, visit.now)),
        instead=hour_of(instead.slot, visit.now, own=instead.people) if instead else None,
        has_pass=family is not None,
        until=rules.changes_until(choice.slot, timetable.remembered().terms),
    )


def _one_booking(visit: Visit, one: Booking, form: Form | None, status: int = 200) -> Answer:
    return page(
        visit,
        "pages/family/swimming_booking.html",
        status,
        form=form or Form({"people": str(one.people)}),
        hour_=hour_of(one.slot, visit.now, own=one.people),
        may_change=one.may_change,
        off=_word(one.slot.off),
        why=one.slot.why.get(visit.language),
        until=rules.changes_until(one.slot, timetable.remembered().terms),
    )


def _held(visit: Visit, family: str | None, slot_id: str | None) -> Booking | None:
    """The booking that is to be changed, if the family has it."""
    try:
        return booking.own(family, slot_id, visit.now) if family and slot_id else None
    except Problem:
        return None


def _family(visit: Visit) -> str | None:
    """Whose browser this is, if it is known; its pass may have ended."""
    who = known_bearer(visit)
    return who.family_id if who else None


def _days(visit: Visit, monday: date, family: str | None) -> Iterator[DayShown]:
    for day, group in groupby(booking.week(monday, family), lambda one: one.slot.day):
        choices = list(group)
        why: Mapping[str, str] = choices[0].slot.why
        hours = [hour_of(one.slot, visit.now, one.left, one.own) for one in choices]
        yield DayShown(day, why.get(visit.language) if choices[0].slot.off else None, hours)


def _word(why: rules.BookingRefusal | rules.Off | None) -> str | None:
    return why.value if why else None
