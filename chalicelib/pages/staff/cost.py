"""The costs of a month or an opening: for finance. A page, and all of it as CSV and XLSX."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.core.activities import Activity
from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.insight.cost import explorer
from chalicelib.insight.cost.chargeback import Chargeback, NobodyToCharge
from chalicelib.insight.cost.figures import dollars
from chalicelib.insight.cost.prices import PriceMissing
from chalicelib.insight.cost.reading import bills, cost_so_far
from chalicelib.insight.cost.spent import MISSING, SO_FAR, CostPart, NothingKnown, Spent, month
from chalicelib.pages.frame import pictures
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import cost_tables, money
from chalicelib.pages.staff.money import Row
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, title

MONTHS = 13  # this one, and a year before it
MOST_LAYERS, REST = 4, "rest"
MOST_DAYS_NAMED = 5
ACTIVITIES = {
    Activity.LOOKING: N_("Looking at pages"),
    Activity.PREPARING: N_("Preparing: passes, children, wishes"),
    Activity.REGISTERING: N_("Registering"),
    Activity.OFFERS: N_("Offers from the waiting list"),
    Activity.SWIMMING: N_("Swimming"),
    Activity.MAILS: N_("Mails"),
    Activity.DESK: N_("Desk"),
    Activity.OFFICE: N_("Office"),
    Activity.DRAW: N_("Draws"),
    Activity.MONEY: N_("Money"),
    Activity.CASES: N_("Questions, reports and complaints"),
    Activity.ANNOUNCING: N_("Announcements after an incident"),
    Activity.SYSTEM: N_("Always on: queue, alarms, storage, counting"),
}
OF_NO_OPENING = N_("Without an opening")
SHARED = N_("Shared")
MORE_DAYS = N_("{days} and {number} more")
# Behind its time by so much: the logs of a busy day cannot be read at once, or not at all.
BEHIND = timedelta(minutes=5)
GOES_ON = N_("What was used since then could not be read in time: ask for the page again, and the count goes on.")


@dataclass(frozen=True)
class CostQuestion:
    """`month`: its first day. `opening_id`: only what that opening used, of its whole year. `openings`: every one."""

    month: date
    opening_id: str | None
    form: Form
    openings: tuple[Opening, ...]

    @property
    def time(self) -> tuple[date, date]:
        if self.opening_id:
            return date(self.month.year, 1, 1), date(self.month.year, 12, 31)
        return month(self.month.year, self.month.month)

    def titles(self, language: str) -> dict[str, str]:
        return {one.opening_id: f"{title(one.plan, language)} ({one.opening_id})" for one in self.openings}


def show(visit: Visit, by: Staff) -> Answer:
    """`?month=2027-05`, or `?opening=` for what one used in its year; without either, this month."""
    asked = _asked(visit)
    return _shown(visit, asked)


def beside_aws(visit: Visit, by: Staff) -> Answer:
    """As `show`, with what AWS itself says of that month; or that comparison as a file, `as` csv or xlsx. AWS sells the
    answer for a cent, so only a button asks."""
    ending = read_form(visit)["as"]
    asked = _asked(visit)
    if asked.opening_id:
        return redirect(visit, f"/office/cost?opening={asked.opening_id}")
    if ending not in ("csv", "xlsx"):
        return _shown(visit, asked, is_beside=True)
    try:
        found = _spent(asked, visit.now)
        table = cost_tables.beside(explorer.compared(found, explorer.ask(found.first, found.last)), visit.language)
    except (NothingKnown, PriceMissing, explorer.Unknown):
        return _shown(visit, asked, is_beside=True)
    return money.table_as_file(f"cost-{asked.month:%Y-%m}-beside-aws", ending, table)


def _shown(visit: Visit, asked: CostQuestion, *, is_beside: bool = False) -> Answer:
    try:
        found = _spent(asked, visit.now)
    except (NothingKnown, PriceMissing) as problem:
        return _page(visit, asked, found=None, missing=_words(problem, visit.language))
    names = _names(asked, visit.language)
    beside: tuple[Row, ...] = ()
    why_not = ""
    if is_beside:
        try:
            beside = _beside(found, visit.language)
        except explorer.Unknown as unknown:
            why_not = _words(unknown, visit.language)
    return _page(
        visit,
        asked,
        found=found,
        missing=_days_missing(found, visit.language),
        beside=beside,
        why_not=why_not,
        until=_until(found, visit),
        total=dollars(found.usd),
        billed=dollars(found.billed),
        per_registration=dollars(found.per_registration) if found.per_registration is not None else None,
        picture=_picture(found, asked, visit.language),
        services=[row[:3] for row in _rows(found.by_service(), lambda one: money.service(str(one), visit.language))],
        activities=_rows(found.by(lambda key: key.activity), names["activity"]),
        by_opening=_rows(found.by(lambda key: key.opening_id), names["opening"]),
        bills=None if asked.opening_id else _charged(found),
        figures=money.followed_rows(found.figures, visit.language),
        of_each={
            "activity": _followed(found.by(lambda key: key.activity), names["activity"], visit.language),
            "opening": _followed(found.by(lambda key: key.opening_id), names["opening"], visit.language),
            "municipality": _followed(found.by(lambda key: key.municipality), names["municipality"], visit.language),
        },
        taken_off=[
            (
                f"{money.service(meter[0], visit.language)}, {meter[1]}",
                money.quantity(quantity),
                money.quantity(free) if free else "–",
                dollars(usd),
            )
            for meter, quantity, free, usd in cost_tables.free_of_charge(found)
        ],
    )


def _download(visit: Visit, by: Staff, ending: str) -> Answer:
    """A row for each activity, opening, municipality and meter; or `?table=` the rows of one. Nothing is rounded."""
    asked = _asked(visit)
    try:
        found = _spent(asked, visit.now)
    except (NothingKnown, PriceMissing):
        return show(visit, by)
    name = f"cost-{asked.opening_id or format(asked.month, '%Y-%m')}"
    if table := cost_tables.TABLES.get(visit.query.get(money.TABLE, "")):
        return money.table_as_file(f"{name}-{visit.query[money.TABLE]}", ending, table(found))
    key = ("activity", "opening_id", "municipality")
    parts = found.by(lambda one: (one.activity.value, one.opening_id or "", one.municipality or ""))
    groups = [(part.key, figure) for part in parts for figure in part.figures]
    return money.as_file(name, ending, key, groups, visit.language)


as_csv, as_xlsx = money.downloads(_download)


def _page(visit: Visit, asked: CostQuestion, **values: Any) -> Answer:
    this = visit.now.date().replace(day=1)
    months = [this]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    titles = asked.titles(visit.language)
    return page(
        visit,
        "pages/staff/cost.html",
        form=asked.form,
        asked=asked,
        heading=titles[asked.opening_id] if asked.opening_id else _month(asked.month, visit.language),
        months=[(f"{one:%Y-%m}", _month(one, visit.language)) for one in months],
        openings=[(one.opening_id, titles[one.opening_id]) for one in asked.openings if one.is_live],
        **values,
    )


def _asked(visit: Visit) -> CostQuestion:
    """The month and opening asked for; a value that nobody can mean is this month."""
    form = Form(dict(visit.query))
    known = tuple(openings.every())
    if form["opening"] in {one.opening_id for one in known}:
        return CostQuestion(date(int(form["opening"][:4]), 1, 1), form["opening"], form, known)
    try:
        first = date.fromisoformat(f"{form['month']}-01")
    except ValueError:
        first = visit.now.date().replace(day=1)
    return CostQuestion(first, None, Form({**form.values, "month": f"{first:%Y-%m}"}), known)


def _spent(asked: CostQuestion, now: datetime) -> Spent:
    """Raises NothingKnown, PriceMissing."""
    whole = cost_so_far(*asked.time, now)
    _ = whole.usd  # asks for each price, so that a missing one is known before a page is begun
    return whole.only(lambda key: key.opening_id == asked.opening_id) if asked.opening_id else whole


def _words(problem: NothingKnown | PriceMissing | explorer.Unknown, language: str) -> str:
    """Days as people write them."""
    values = {
        name: in_words.day(date.fromisoformat(str(value)), language, weekday=False)
        if name in ("first", "last")
        else value
        for name, value in problem.values.items()
    }
    return translate(problem.text, language, **values)


def _beside(found: Spent, language: str) -> tuple[Row, ...]:
    """Rows of: name, ours, AWS's, the difference, and its reasons. Raises explorer.Unknown."""
    return tuple(
        (
            translate(line.what, language),
            dollars(line.our_usd),
            dollars(line.their_usd),
            dollars(line.difference),
            "; ".join(
                money.labelled(dollars(usd), translate(text, language, **values), language)
                for text, values, usd in line.because
            ),
        )
        for line in explorer.compared(found, explorer.ask(found.first, found.last))
    )


def _until(found: Spent, visit: Visit) -> str:
    """As far as it was counted; and what to do where that is not until now."""
    said = translate(SO_FAR, visit.language, until=in_words.moment(found.until, visit.language))
    is_behind = visit.now.date() <= found.last and visit.now - found.until > BEHIND
    return f"{said} {translate(GOES_ON, visit.language)}" if is_behind else said


def _days_missing(found: Spent, language: str) -> str:
    if not found.missing:
        return ""
    named = ", ".join(in_words.day(one, language, weekday=False) for one in found.missing[:MOST_DAYS_NAMED])
    more = len(found.missing) - MOST_DAYS_NAMED
    days = translate(MORE_DAYS, language, days=named, number=more) if more > 0 else named
    return translate(MISSING, language, days=days)


def _rows(parts: Sequence[CostPart], name: Callable[[object], str]) -> list[tuple[str, str, str, str]]:  # type: ignore[type-arg]
    """Rows of: name, cost to the cent so that the column adds up, the same more exactly, number of registrations."""
    return [
        (
            name(part.key),
            f"${part.cents}",
            dollars(part.usd),
            money.quantity(part.registrations) if part.registrations else "–",
        )
        for part in parts
    ]


def _followed(parts: Sequence[CostPart[Any]], name: Callable[[object], str], language: str) -> list[Row]:
    """Each row's figures, one below the other, with whose they are before them."""
    return [(name(part.key), *row) for part in parts for row in money.followed_rows(part.figures, language)]


def _names(asked: CostQuestion, language: str) -> Mapping[str, Callable[[object], str]]:
    """How the rows of a table are called."""
    titles = asked.titles(language)
    return {
        "activity": lambda one: translate(ACTIVITIES[Activity(str(one))], language),
        "opening": lambda one: titles.get(str(one), str(one)) if one else translate(OF_NO_OPENING, language),
        "municipality": lambda one: str(one) if one else translate(SHARED, language),
    }


def _charged(found: Spent) -> Chargeback | None:
    try:
        return bills(found)
    except NobodyToCharge:
        return None


def _picture(found: Spent, asked: CostQuestion, language: str) -> str:
    """Cost by day, stacked by service: the four that cost most, and the rest."""
    by_day = found.by_day_and_service()
    dear = [str(part.key) for part in found.by_service()][:MOST_LAYERS]
    names = {one: money.service(one, language) for one in dear}
    columns = []
    for day, services in by_day.items():
        layers = {one: float(services.get(one, Decimal(0))) for one in dear}
        layers[REST] = float(sum((usd for one, usd in services.items() if one not in dear), Decimal(0)))
        columns.append((in_words.day(day, language, weekday=False, year=False), layers))
    if any(layers[REST] for _, layers in columns):
        names[REST] = translate(N_("the rest"), language)
    about = "; ".join(f"{name}: {dollars(sum((s.get(one, Decimal(0)) for s in by_day.values()), Decimal(0)))}"
                      for one, name in names.items() if one != REST)  # fmt: skip
    heading = translate(N_("Cost by day, by service"), language)
    return pictures.stacked(heading, about, columns, names, lambda usd: dollars(Decimal(str(usd))))


def _month(first: date, language: str) -> str:
    from babel.dates import format_skeleton  # noqa: PLC0415 a page of finance alone

    return format_skeleton("yMMMM", first, locale=language)
