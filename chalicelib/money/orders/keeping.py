"""The amount that the city keeps of a registration that was cancelled: by the tariff by which it was made, else by the
rule that a city without such a tariff has (programme/cancellation). The one home of that choice."""

from collections.abc import Iterable, Mapping
from datetime import date

from chalicelib.core.moments import today
from chalicelib.money.orders.rules import Gone, OrderLine, OrderPart
from chalicelib.money.payees.rules import Payee
from chalicelib.money.quotes.booked import holidays_of
from chalicelib.money.tariffs.cancelling import Cancelling, Settled, settle
from chalicelib.money.tariffs.rules import Labels, Tariff, Version
from chalicelib.programme.cancellation import table as cancellation
from chalicelib.programme.cancellation.rules import charge, in_force
from chalicelib.programme.sessions.rules import Session

COST = Labels("Kosten van annuleren", "Frais d'annulation", "Cost of cancelling")
NOTHING = "cancelled"


def kept_lines(
    gone: Iterable[Gone],
    sessions: Mapping[str, Session],
    tariff: Tariff | None,
    payee: Payee,
    proofs: Mapping[str, date],
) -> list[OrderLine]:
    """A line for each of which something is kept."""
    lines = (kept_line(one, sessions.get(one.session_id), tariff, payee, proofs) for one in gone if not one.free)
    return [line for line in lines if line.amount_cents]


def kept_line(
    gone: Gone, session: Session | None, tariff: Tariff | None, payee: Payee, proofs: Mapping[str, date]
) -> OrderLine:
    """Also one of nothing. `proofs`: accepted by a person, with the day on which each was handed in."""
    label, article, rule, cents = COST, "", NOTHING, gone.price_cents
    version = tariff.version(today(gone.registered_at)) if tariff else None
    if session is None or session.starts_on is None or session.ends_on is None:
        cents = 0
    elif version and version.cancelling:
        settled = _settled(gone, session, version, payee, proofs)
        cents = settled.kept_cents
        if settled.kept:
            label, article, rule = settled.kept.label, settled.kept.article, settled.kept.code
    else:
        standing = in_force(cancellation.remembered(), gone.registered_at)
        cents = charge(standing, gone.price_cents, session.starts_on, gone.cancelled_at).cents
    return OrderLine(gone.session_id, gone.child_id, label, 1, cents, cents, rule, article, "camp", 1, OrderPart.KEPT)


def _settled(gone: Gone, session: Session, version: Version, payee: Payee, proofs: Mapping[str, date]) -> Settled:
    """By the proof by which least is kept; each is handed in on a day of its own."""
    assert session.starts_on
    assert session.ends_on
    asked = Cancelling(
        registered_on=today(gone.registered_at),
        cancelled_on=today(gone.cancelled_at),
        first_day=session.starts_on,
        last_day=session.ends_on,
        holidays=frozenset().union(
            *(holidays_of(payee.country, year) for year in range(session.starts_on.year - 1, session.ends_on.year + 1))
        ),
    )
    with_proof = (
        Cancelling(**{**vars(asked), "proofs": frozenset({name}), "proven_on": day}) for name, day in proofs.items()
    )
    return min((settle(version, gone.price_cents, one) for one in (asked, *with_proof)), key=lambda one: one.kept_cents)
