"""The price for a family, in words: each line of a quote, its reason, and the others that would have fitted.

For `pages/frame/quote_lines.html`, which families and staff see alike. An order's lines have the same words
(`counted`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.money.tariffs.quoting import Quote, QuoteLine
from chalicelib.money.tariffs.rules import Discount, Labels, Line, Surcharge, Tariff, Unit, Version

MOST_DAYS = 10

# One of them, and several.
UNITS: Mapping[str, tuple[str, str]] = {
    Unit.DAY: (N_("1 day"), N_("{count} days")),
    Unit.SLICE: (N_("{size} minutes, as soon as they have begun"), N_("{count} times {size} minutes that have begun")),
    Unit.WEEK: (N_("1 week"), N_("{count} weeks")),
    Unit.BLOCK: (N_("{size} days together"), N_("{count} times {size} days together")),
    Unit.CAMP: (N_("once"), N_("{count} times")),
    Unit.CARD: (N_("1 card of {size} turns"), N_("{count} cards of {size} turns")),
}
TIMES = N_("{units}, each {price}")
PUBLISHED = N_("The council published this amount for this number.")
LIMITED = N_("A day costs no more than this.")
LESS = N_("Taken off the price.")
LOWEST = N_("The lowest of the prices that fit. By another one you would pay more: {others}.")
QUOTED = N_("“{what}”")
ARTICLE = N_("Council’s decision: {article}")

# Entitlements that a price may ask for, by the names that pages offer; a city may have others, which are shown as it
# wrote them.
ENTITLEMENTS: Mapping[str, str] = {
    "resident-parent": N_("a parent lives in the municipality"),
    "resident-child": N_("the child lives in the municipality"),
    "school": N_("the child goes to school in the municipality"),
    "staff": N_("a parent works for the municipality"),
    "social": N_("social rate"),
    "pass": N_("a pass with a reduced rate, such as UiTPAS"),
    "disability": N_("a disability"),
    "foster": N_("a foster child"),
}
SCHOOLS: Mapping[str, str] = {
    "nursery": N_("nursery school"),
    "primary": N_("primary school"),
    "secondary": N_("secondary school"),
}


class CountedLine(Protocol):
    """The fields that a line of a quote and one of an order share. `unit`: a value of Unit; amounts in cents."""

    @property
    def unit(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_cents(self) -> int: ...
    @property
    def amount_cents(self) -> int: ...


@dataclass(frozen=True)
class LineInWords:
    """`label`: what the council calls it; `counted`: `5 days, each € 16,50`; `reasons`: whole sentences."""

    label: str
    counted: str
    cents: int
    days: str
    reasons: tuple[str, ...]
    article: str


@dataclass(frozen=True)
class ItemInWords:
    """The price of one child in one session."""

    session_id: str
    child_id: str
    cents: int
    lines: tuple[LineInWords, ...]


def said(label: Labels, language: str) -> str:
    """In the reader's language, else in one that the city wrote."""
    return label.said(language)


def quoted(text: str, language: str) -> str:
    return translate(QUOTED, language, what=text)


def called(name: str, language: str, words: Mapping[str, str] = ENTITLEMENTS) -> str:
    """An entitlement, or with SCHOOLS a kind of school, as people say it; as the city wrote it if it is its own."""
    return translate(words[name], language) if name in words else name


def in_items(quote: Quote, tariff: Tariff, language: str) -> list[ItemInWords]:
    """In the quote's order."""
    labels = labels_of(tariff.versions)
    several: dict[tuple[str, str], list[QuoteLine]] = {}
    for line in quote.lines:
        several.setdefault((line.session_id, line.child_id), []).append(line)
    return [
        ItemInWords(
            *key, sum(line.amount_cents for line in lines), tuple(in_line(line, labels, language) for line in lines)
        )
        for key, lines in several.items()
    ]


def in_line(line: QuoteLine, labels: Mapping[str, Labels], language: str) -> LineInWords:
    """`labels`: of `labels_of`, for the rules that the line was chosen before."""
    return LineInWords(
        said(line.label, language),
        counted(line, language),
        line.amount_cents,
        _days(line.days, language),
        tuple(_reasons(line, labels, language)),
        translate(ARTICLE, language, article=line.article),
    )


def counted(line: CountedLine, language: str) -> str:
    """`5 days, each € 16,50`; without a price where the amount is not so many times that one."""
    one, several = UNITS[line.unit]
    units = translate(one if line.quantity == 1 else several, language, count=line.quantity, size=line.size)
    if line.quantity == 1 or line.amount_cents != line.quantity * line.unit_cents:
        return units
    return translate(TIMES, language, units=units, price=in_words.money(line.unit_cents, language))


def labels_of(versions: Iterable[Version]) -> dict[str, Labels]:
    """Of every price, surcharge and discount, by its code; of two versions the later."""
    priced: list[Line | Surcharge | Discount] = []
    for version in versions:
        priced += (*version.lines, *version.surcharges, *version.discounts)
    return {each.code: each.label for each in priced}


def _reasons(line: QuoteLine, labels: Mapping[str, Labels], language: str) -> Iterable[str]:
    if line.is_published:
        yield translate(PUBLISHED, language)
    if line.is_limited:
        yield translate(LIMITED, language)
    if line.amount_cents < 0:
        yield translate(LESS, language)
    if line.instead_of:
        others = [said(labels[code], language) if code in labels else code for code in line.instead_of]
        quoted_others = (quoted(other, language) for other in dict.fromkeys(others))
        yield translate(LOWEST, language, others="; ".join(quoted_others))


def _days(days: tuple[date, ...], language: str) -> str:
    """`5 July – 9 July`, where they follow on each other; each by itself where they are few; else how they lie."""
    if not days:
        return ""
    first, last = (in_words.day(each, language, weekday=False, year=False) for each in (days[0], days[-1]))
    if len(days) == 1:
        return first
    if (days[-1] - days[0]).days == len(days) - 1 or len(days) > MOST_DAYS:
        return f"{first} – {last}"
    return ", ".join(in_words.day(each, language, weekday=False, year=False) for each in days)
