"""A family that is tried on a version before it counts: entered on a page, quoted, and kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import brussels, in_a_form
from chalicelib.money.tariffs.conditions import Between, Has, Kind, Level, Measure
from chalicelib.money.tariffs.families import (
    DayPart,
    Entitlement,
    Family,
    FamilyChild,
    FineEvent,
    ItemDay,
    QuoteItem,
)
from chalicelib.money.tariffs.faults import faults
from chalicelib.money.tariffs.pieces import NoPrice
from chalicelib.money.tariffs.quoting import NotAnItem, NoTariff, Quote, quote
from chalicelib.money.tariffs.rules import PriceRole, Unit, Version
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.quote_words import SCHOOLS, ItemInWords, called, in_items
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import municipalities, words
from chalicelib.pages.staff.tariff_form import Typed
from chalicelib.pages.staff.tariff_parts import conditions_of
from chalicelib.pages.staff.tariffs import Shown, shown_at
from chalicelib.pages.staff.tariffs import in_words as words_of_tariffs
from chalicelib.people.staff.rules import Staff

MOST_CHILDREN, MOST_CAMPS = 6, 10
ROWS = 2  # of children and of camps, before somebody asks for more
MOST_DAYS = 60
SATURDAY = 6
MORNING = time(9)
BORN = 8  # years ago: of a child that is not entered yet

PARTS_OF_DAY: Mapping[str, str] = {
    DayPart.DAY: N_("the whole day"),
    DayPart.MORNING: N_("the morning"),
    DayPart.AFTERNOON: N_("the afternoon"),
}
NOT_WHOLE = N_("Something is missing in this version. Mend it before you try a family.")
NO_CHILD = N_("Enter the birth date of one child at least.")
NO_CAMP = N_("Say who comes to one camp at least, from which day on, and on how many days.")
TOO_MANY_DAYS = N_("From 1 to 60 days.")
BACKWARDS = N_("The hours end before they begin.")
NO_PRICE = N_("There is no price for child {child} in camp {camp}: {what}.")
NO_PRICE_OF_DAY = N_("no price for coming fits")
NO_VERSION = N_("This version does not hold on {day}, on which the family registers. Choose a later moment.")
CAMP = N_("Child {child} in camp {camp}")


@dataclass(frozen=True)
class Result:
    """`items`: each with its heading."""

    quote: Quote
    items: Sequence[tuple[str, ItemInWords]]


def show(visit: Visit, by: Staff, place: str, number: str) -> Answer:
    shown = shown_at(by, place, number)
    return _page(visit, shown, _empty(visit, shown.version))


def attempt(visit: Visit, by: Staff, place: str, number: str) -> Answer:
    """Nothing is stored."""
    form = read_form(visit)
    shown = shown_at(by, place, number)
    if form.has("more"):
        return _page(visit, shown, form)
    try:
        with visit.attempting():
            result, nothing = _quoted(visit, shown, form)
    except Problem as problem:
        return _page(visit, shown, form.wrong(problem, visit.language), status=problem.kind.status)
    return _page(visit, shown, form, result, nothing)


def _quoted(visit: Visit, shown: Shown, form: Form) -> tuple[Result | None, str]:
    """The price for the family, or a sentence that says why there is none. Raises Problem `invalid`."""
    language, tariff = visit.language, shown.stored.alone
    if faults(tariff):
        return None, translate(NOT_WHOLE, language)
    typed = Typed(form)
    children = _children(typed)
    camps = _camps(typed, shown.version, [each.child_id for each in children])
    family = Family(tuple(children), _has(typed, "has"), typed.cents("income"))
    registered_at = typed.moment("registered_at") or visit.now
    if not children:
        typed.wrong("children[0].born", NO_CHILD)
    elif not camps and not typed.errors:
        typed.wrong("camps[0].first_day", NO_CAMP)
    typed.finish()
    try:
        found = quote(family, camps, tariff, registered_at)
    except NoPrice as none:
        what = translate(NO_PRICE_OF_DAY, language) if none.what in list(Unit) else none.what
        return None, translate(NO_PRICE, language, child=none.child_id, camp=none.session_id, what=what)
    except NoTariff as none:
        return None, translate(NO_VERSION, language, day=none.day)
    except NotAnItem:
        return None, translate(NO_CAMP, language)
    items = [
        (translate(CAMP, language, child=item.child_id, camp=item.session_id), item)
        for item in in_items(found, tariff, language)
    ]
    return Result(found, items), ""


def _children(typed: Typed) -> list[FamilyChild]:
    """Those whose birth date is entered, called by their numbers."""
    return [
        FamilyChild(str(number + 1), born, typed.form[f"{row}.level"], _has(typed, f"{row}.has"))
        for number, row in enumerate(_rows("children", MOST_CHILDREN))
        if (born := typed.day(f"{row}.born"))
    ]


def _has(typed: Typed, field: str) -> tuple[Entitlement, ...]:
    return tuple(Entitlement(name) for name in typed.names(field))


def _camps(typed: Typed, version: Version, children: Sequence[str]) -> list[QuoteItem]:
    """An item for each child of each row that has a first day."""
    found = []
    for number, row in enumerate(_rows("camps", MOST_CAMPS)):
        first = typed.day(f"{row}.first_day")
        days, taken = typed.whole(f"{row}.days"), typed.whole(f"{row}.taken")
        begins, ends = typed.hour(f"{row}.begins"), typed.hour(f"{row}.ends")
        if first is None:
            continue
        if not 1 <= (5 if days is None else days) <= MOST_DAYS:
            typed.wrong(f"{row}.days", TOO_MANY_DAYS)
            continue
        if (begins is None) != (ends is None) or (begins and ends and begins >= ends):
            typed.wrong(f"{row}.ends", BACKWARDS)
            continue
        dates = _weekdays(first, 5 if days is None else days)
        once, daily = _extras(version, typed.names(f"{row}.extras"))
        part = typed.choice(f"{row}.part", DayPart)
        coming = dates if taken is None else dates[: max(0, taken)]
        minutes = typed.whole(f"{row}.late")
        fines = typed.codes(f"{row}.fines", _names(version, PriceRole.FINE))
        found += [
            QuoteItem(
                str(number + 1),
                child,
                typed.text(f"{row}.kind"),
                dates,
                tuple(ItemDay(day, part, begins, ends, daily) for day in coming),
                str(first.year),
                once,
                tuple(FineEvent(name, dates[0], max(0, minutes or 0)) for name in fines),
                typed.is_true(f"{row}.by_card"),
            )
            for child in typed.codes(f"{row}.children", children)
        ]
    return found


def _weekdays(first: date, count: int) -> tuple[date, ...]:
    """So many days from the first on, without the weekends after it."""
    days = [first]
    while len(days) < count:
        day = days[-1] + timedelta(days=1)
        while day.isoweekday() >= SATURDAY:
            day += timedelta(days=1)
        days.append(day)
    return tuple(days)


def _extras(version: Version, chosen: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that count once a registration, and those of each day."""
    extras = [line for line in version.lines if line.role == PriceRole.EXTRA and line.name in chosen]
    once = dict.fromkeys(line.name for line in extras if line.unit == Unit.CAMP)
    daily = dict.fromkeys(line.name for line in extras if line.unit != Unit.CAMP)
    return tuple(once), tuple(daily)


def _names(version: Version, role: PriceRole) -> list[str]:
    return list(dict.fromkeys(line.name for line in version.lines if line.role == role))


def _rows(field: str, most: int) -> list[str]:
    return [f"{field}[{number}]" for number in range(most)]


def _empty(visit: Visit, version: Version) -> Form:
    """Registered as soon as the version holds; one child in one camp of five days."""
    first = datetime.combine(version.first_day, MORNING, brussels()).astimezone(UTC)
    monday = version.first_day + timedelta(days=(8 - version.first_day.isoweekday()) % 7)
    values = {"registered_at": in_a_form(max(first, visit.now)), "camps[0].first_day": monday.isoformat()}
    boxes = {"camps[0].children": ["1"]}
    values |= {"children[0].born": monday.replace(year=monday.year - BORN, day=1).isoformat()}
    for row in _rows("camps", MOST_CAMPS):
        values[f"{row}.days"] = "5"
    return Form(values, boxes)


def _page(
    visit: Visit, shown: Shown, form: Form, result: Result | None = None, nothing: str = "", status: int = 200
) -> Answer:
    version, language = shown.version, visit.language
    asked = conditions_of(version)
    entitlements = dict.fromkeys(name for leaf in asked if isinstance(leaf, Has) for name in leaf.any_of)
    levels = dict.fromkeys(name for leaf in asked if isinstance(leaf, Level) for name in leaf.any_of)
    kinds = dict.fromkeys(name for leaf in asked if isinstance(leaf, Kind) for name in leaf.any_of)
    children, camps = (_shown(form, field) for field in ("children", "camps"))
    return page(
        visit,
        "pages/staff/tariff_family.html",
        status,
        face_of=shown.municipality,
        called=municipalities.called(shown.municipality),
        shown=shown,
        form=form,
        result=result,
        nothing=nothing,
        children=range(min(MOST_CHILDREN, children)),
        camps=range(min(MOST_CAMPS, camps)),
        has_room=children < MOST_CHILDREN or camps < MOST_CAMPS,
        entitlements=[(name, called(name, language)) for name in entitlements],
        levels=[("", "–"), *((name, called(name, language, SCHOOLS)) for name in levels)] if levels else [],
        kinds=[("", "–"), *((name, name) for name in kinds)] if kinds else [],
        asks_income=any(isinstance(leaf, Between) and leaf.measure == Measure.INCOME for leaf in asked),
        has_cards=any(line.unit == Unit.CARD for line in version.lines),
        extras=[(name, name) for name in _names(version, PriceRole.EXTRA)],
        fines=[(name, name) for name in _names(version, PriceRole.FINE)],
        parts_of_day=list(words.in_language(PARTS_OF_DAY, language).items()),
        **words_of_tariffs(visit),
    )


def _shown(form: Form, field: str) -> int:
    """How many rows: those that there were, and two more where somebody asked for more."""
    numbers = [number for number in range(MOST_CAMPS) if form.has(f"{field}[{number}].shown")]
    there = (numbers[-1] + 1) if numbers else ROWS
    return there + ROWS if form.has("more") else there
