"""The same year on other machinery, with prices that a reader can change: for finance."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.insight.cost import idle
from chalicelib.insight.cost.alternatives import OURS, PROVISIONED_PEAK, SERVERS, SetUp, Year, alternatives
from chalicelib.insight.cost.estimate import measured
from chalicelib.insight.cost.figures import rounded
from chalicelib.insight.cost.prices import Price, PriceList, PriceMissing, shipped
from chalicelib.pages.frame import pictures
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import money
from chalicelib.pages.staff.plan_of_cost import NO_NUMBER, OPENINGS, labels, number_of, plan_of
from chalicelib.people.staff.rules import Staff

# Letters in a picture do not go to a second line, and are large on a phone.
SHORT = {
    OURS: N_("As it is now"),
    SERVERS: N_("Two servers, always on"),
    PROVISIONED_PEAK: N_("Provisioned for the peak"),
}
MOST_DOLLARS = 1_000_000
IMPOSSIBLE_PRICE = N_("From 0 to 1,000,000 dollars, with ten decimals at most.")
FOR_UNIT = N_("{what}, for {unit}")
LISTED = N_("In the list: ${usd}, of {day}")
BY_READER = N_("entered on this page")


@dataclass(frozen=True)
class Compared:
    """`found`: ours first; empty where something is wrong with the form, or `missing` says which price there is not.
    `own`: price lines that ours has none of, as the list has them."""

    form: Form
    found: tuple[SetUp, ...] = ()
    own: tuple[Price, ...] = ()
    missing: str = ""


def show(visit: Visit, by: Staff) -> Answer:
    """`?families=` …: the plan; `?openings=`: such openings in the year; `?price-ec2-t4g-micro=`: another
    price. What is left out is as the command line has it."""
    asked = _compared(visit)
    language = visit.language
    rows, groups, picture = [], [], ""
    own = [(_field(price), _label(price, language), _hint(price, language)) for price in asked.own]
    is_changed = any(asked.form[_field(price)] != f"{price.usd:f}" for price in asked.own)
    if asked.found:
        ours = asked.found[0].usd
        rows = [
            (translate(one.name, language), f"${rounded(one.usd):,}", f"{one.usd / ours:,.0f} ×" if ours else "–")
            for one in asked.found
        ]
        groups = [(translate(one.name, language), money.followed_rows(one.figures, language)) for one in asked.found]
        about = "; ".join(f"{name}: {usd}" for name, usd, _ in rows)
        bars = [(translate(SHORT[one.name], language), float(one.usd)) for one in asked.found]
        picture = pictures.bars(translate(N_("Cost of a year"), language), about, bars, money.at_bar)
    return page(
        visit,
        "pages/staff/alternatives.html",
        422 if asked.form.errors else 200,
        form=asked.form,
        fields=labels(language, of_a_year=True) | {name: label for name, label, _ in own},
        planned=labels(language, of_a_year=True),
        own=own,
        is_changed=is_changed,
        found=asked.found,
        missing=asked.missing,
        rows=rows,
        groups=groups,
        picture=picture,
    )


def _download(visit: Visit, by: Staff, ending: str) -> Answer:
    found = _compared(visit).found
    if not found:
        return show(visit, by)
    if visit.query.get(money.TABLE) == "years":
        rows = [(translate(one.name, visit.language), one.usd) for one in found]
        return money.table_as_file("alternatives-years", ending, (("alternative", "usd"), rows))
    groups = [((translate(one.name, visit.language),), each) for one in found for each in one.figures]
    return money.as_file("alternatives", ending, ("alternative",), groups, visit.language)


as_csv, as_xlsx = money.downloads(_download)


def _compared(visit: Visit) -> Compared:
    form, plan = plan_of(visit, of_a_year=True)
    prices = shipped()
    billed = idle.packaged().billed
    try:
        ours, *others = alternatives(Year(), measured(), billed, prices)
        own = tuple(dict.fromkeys(price for one in others for price in one.prices if price not in ours.prices))
        form, changed = _changed(visit, form, own)
        if plan is None or form.errors:
            return Compared(form, own=own)
        year = Year(plan, Decimal(form[OPENINGS]))
        found = alternatives(year, measured(), billed, prices.changed_by(PriceList(prices.region, changed)))
    except PriceMissing as missing:
        return Compared(form, missing=translate(missing.text, visit.language, **missing.values))
    return Compared(form, found, own)


def _changed(visit: Visit, form: Form, own: tuple[Price, ...]) -> tuple[Form, tuple[Price, ...]]:
    """The form with these prices too, and those that a reader has others for: as of today, and without a source."""
    values, errors, changed = dict(form.values), dict(form.errors), []
    for price in own:
        name = _field(price)
        values[name] = visit.query.get(name, f"{price.usd:f}").strip()
        usd = number_of(values[name])
        if usd is None:
            errors[name] = translate(NO_NUMBER, visit.language)
        elif not (usd.is_finite() and 0 <= usd <= MOST_DOLLARS and usd == round(usd, 10)):
            errors[name] = translate(IMPOSSIBLE_PRICE, visit.language)
        else:
            values[name] = f"{usd:f}"
            if usd != price.usd:
                changed.append(_by_reader(price, usd, visit.now.date()))
    return Form(values, errors=errors), tuple(changed)


def _by_reader(price: Price, usd: Decimal, today: date) -> Price:
    return replace(price, usd=usd, published=today, source="", note=BY_READER)


def _field(price: Price) -> str:
    return f"price-{price.service}-{price.item}"


def _label(price: Price, language: str) -> str:
    what = f"{money.service(price.service, language)}, {price.item}"
    return translate(FOR_UNIT, language, what=what, unit=price.unit)


def _hint(price: Price, language: str) -> str:
    day = in_words.day(price.published, language, weekday=False)
    return translate(LISTED, language, usd=f"{price.usd:f}", day=day)
