"""The price of a choice, shown before the family chooses: line by line, with reasons, and the other prices that
change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.money.orders.leaving import LeavingOutlook
from chalicelib.money.payees import table as payees
from chalicelib.money.quotes import asking
from chalicelib.money.quotes import booked as bookings
from chalicelib.money.quotes.asking import Outlook, Wish
from chalicelib.money.quotes.booked import Booked
from chalicelib.money.tariffs import table as tariffs
from chalicelib.money.tariffs.quoting import Change, Quote
from chalicelib.money.tariffs.rules import Labels, Tariff
from chalicelib.pages.frame.quote_words import ItemInWords, in_items, said
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.sessions.rules import Session

NO_TARIFF = Tariff(Labels("", "", ""))


@dataclass(frozen=True)
class ChangedPrice:
    """A place that the family has already, and whose price would change. `session`: None: it is not known any more."""

    session: Session | None
    child_id: str
    before_cents: int
    after_cents: int


@dataclass(frozen=True)
class OwnPrice:
    """`items`: each child that is asked for. `proven_cents`: what they cost once all that it declared is proven; None:
    no less."""

    items: Sequence[ItemInWords]
    total_cents: int
    changes: Sequence[ChangedPrice]
    difference_cents: int
    proven_cents: int | None


def own_price(who: Bearer, session: Session, child_ids: Iterable[str], now: datetime, language: str) -> OwnPrice | None:
    """None where nobody takes money, where nobody is asked for, and where the tariff has no price for them: then the
    municipality says what it costs. One query; none where nobody takes money."""
    wish = Wish(session.session_id, tuple(child_ids))
    if payees.of(session.municipality) is None or not wish.child_ids:
        return None
    has = bookings.at_a_glance(bookings.read(who.family_id), who.family_id, now)
    try:
        outlook = asking.outlook(who, has, [wish], now)
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return None
    quote = Quote(outlook.total_cents, outlook.lines)
    return OwnPrice(
        in_items(quote, tariffs.in_force(session.municipality) or NO_TARIFF, language),
        outlook.total_cents,
        changed(outlook.others, has.sessions),
        outlook.difference.cents,
        _once_proven(who, has, wish, outlook, now),
    )


def changed(changes: Iterable[Change], sessions: Mapping[str, Session]) -> list[ChangedPrice]:
    return [
        ChangedPrice(sessions.get(one.session_id), one.child_id, one.before_cents, one.after_cents) for one in changes
    ]


def kept_in_words(outlook: LeavingOutlook | None, language: str) -> list[tuple[str, str, int]]:
    """The amounts that the city keeps: label, article, cents."""
    lines = outlook.kept if outlook else ()
    return [(said(line.label, language), line.article, line.amount_cents) for line in lines]


def _once_proven(who: Bearer, has: Booked, wish: Wish, outlook: Outlook, now: datetime) -> int | None:
    proven = asking.once_proven(has)
    if proven is None:
        return None
    then = asking.outlook(who, proven, [wish], now).total_cents
    return then if then < outlook.total_cents else None
