"""The API's request for the price of a family's wishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from chalicelib.booking.registrations.handlers import AS_CHILDREN
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, FromOne, Schema
from chalicelib.core.http.fields import LINE, Day, Model, OrNull, Several, Text, check, document
from chalicelib.core.languages import N_
from chalicelib.money.quotes import asking
from chalicelib.money.quotes.asking import Outlook, Wish
from chalicelib.money.tariffs.quoting import Change, QuoteLine
from chalicelib.money.tariffs.rules import CURRENCY, Labels, Unit
from chalicelib.people.families.handlers import CHILD_ID, MOST_CHILDREN
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.sessions.rules import SESSION_ID

MOST_ITEMS = 30
MOST_DAYS = 60
MOST_EXTRAS = 10

AS_ITEMS = N_("Name one to thirty sessions.")
AS_DAYS = N_("Name one to sixty days of the session.")
AS_EXTRAS = N_("Name at most ten extras that the tariff has.")

ITEM = Model(
    {
        "session_id": SESSION_ID,
        "child_ids": Several(AS_CHILDREN, CHILD_ID, MOST_CHILDREN),
        "days": OrNull(Several(AS_DAYS, Day(), MOST_DAYS)),
        "extras": OrNull(Several(AS_EXTRAS, Text(AS_EXTRAS, LINE, 100), MOST_EXTRAS, least=0)),
    }
)
QUOTE = Model({"items": Several(AS_ITEMS, ITEM, MOST_ITEMS)})


@dataclass(frozen=True)
class ShownLine:
    """A line of the price of one child in one session."""

    session_id: str
    child_id: str
    label: Annotated[str, "In the language that was asked for."]
    quantity: Count
    unit: Annotated[Unit, "What `quantity` counts."]
    size: Annotated[FromOne, "Minutes, days or turns of one unit."]
    unit_cents: Annotated[int, "Below 0 for a discount."]
    amount_cents: int
    rule: Annotated[str, "The rule of the tariff; `price`: the session's own price."]
    article: Annotated[str, "Of the council's decision."]
    days: Annotated[Sequence[date], "The days that it is for; empty: the whole session."]


@dataclass(frozen=True)
class ShownChange:
    """What the family has already, and would pay otherwise from then on."""

    session_id: str
    child_id: str
    before_cents: int
    after_cents: int


@dataclass(frozen=True)
class ShownQuote:
    total_cents: Annotated[int, "Of the lines."]
    currency: Annotated[str, Schema(const=CURRENCY)]
    lines: Annotated[Sequence[ShownLine], "Of what was asked for, with all that the family has already."]
    difference_cents: Annotated[int, "What the family would pay more in all; below 0: less."]
    changes: Sequence[ShownChange]


def get_quote(call: Call, who: Bearer) -> Answer:
    """Stores nothing."""
    return Answer(200, shown(asking.quote_for(who, wanted(document(call.body)), call.now), call.language))


def wanted(content: Any) -> list[Wish]:
    """Raises Problem `invalid`, which names each field."""
    given = check(QUOTE, content)
    return [
        Wish(
            one["session_id"],
            tuple(one["child_ids"]),
            tuple(one["days"]) if one["days"] is not None else None,
            tuple(one["extras"]) if one["extras"] is not None else None,
        )
        for one in given["items"]
    ]


def shown(outlook: Outlook, language: str) -> ShownQuote:
    lines = [_line(line, language) for line in outlook.lines]
    changes = [_change(change) for change in outlook.others]
    return ShownQuote(outlook.total_cents, CURRENCY, lines, outlook.difference.cents, changes)


def _line(line: QuoteLine, language: str) -> ShownLine:
    return ShownLine(
        line.session_id,
        line.child_id,
        said(line.label, language),
        line.quantity,
        line.unit,
        line.size,
        line.unit_cents,
        line.amount_cents,
        line.rule,
        line.article,
        line.days,
    )


def said(label: Labels, language: str) -> str:
    """In the reader's language, else in one that the city wrote."""
    words = {"nl": label.nl, "fr": label.fr, "en": label.en}
    return words[language] or next(filter(None, words.values()), "")


def _change(change: Change) -> ShownChange:
    return ShownChange(change.session_id, change.child_id, change.before_cents, change.after_cents)
