"""The price list that all figures are made with: for finance."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.printing import sheets
from chalicelib.insight.cost.prices import Price, shipped
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import money
from chalicelib.people.staff.rules import Staff

OLD_DAYS = 365
COLUMNS = ("service", "item", "unit", "usd", "free_per_month", "begins", "published", "source", "note")
WIDTHS = (16, 28, 14, 14, 14, 16, 12, 40, 60)
FROM_ON = N_("from {begins} on")


def show(visit: Visit, by: Staff) -> Answer:
    found = shipped()
    days = [price.published for price in found.prices]
    return page(
        visit,
        "pages/staff/prices.html",
        found=found,
        oldest=min(days),
        newest=max(days),
        old=[price for price in found.prices if (visit.now.date() - price.published).days > OLD_DAYS],
        rows=[_row(price, visit.language) for price in found.prices],
    )


def _download(visit: Visit, by: Staff, ending: str) -> Answer:
    rows = [
        (
            price.service,
            price.item,
            price.unit,
            price.usd,
            price.free,
            price.begins,
            str(price.published),
            price.source,
            price.note,
        )
        for price in shipped().prices
    ]
    return Answer(200, sheets.as_file("prices", ending, COLUMNS, rows, WIDTHS))


as_csv, as_xlsx = money.downloads(_download)


def _row(price: Price, language: str) -> tuple[str, ...]:
    tier = translate(FROM_ON, language, begins=money.quantity(price.begins)) if price.begins else ""
    return (
        money.labelled(money.service(price.service, language), price.item, language),
        tier,
        money.unit_price(price, language),
        money.quantity(price.free) if price.free else "–",
        in_words.day(price.published, language, weekday=False),
        ". ".join(filter(None, (price.source, price.note))),
    )
