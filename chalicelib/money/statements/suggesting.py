"""Whose an entry may be whose reference says nothing: by its amount, and by the name of who paid. Only ever a
suggestion, which a person accepts.

To look is a read unit for 4 KB of what is owed, and one for each order and family of that amount; only when somebody of
finance asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements import receivables, table, tasks
from chalicelib.money.statements.movements import MovementState, StoredMovement
from chalicelib.people.families.names import plain

# Of the same amount; more are no help.
MOST_ORDERS = 100
MOST_SHOWN = 10
# A word of a name that says something: not "de", "van" or an initial.
LEAST_LETTERS = 3


@dataclass(frozen=True)
class Suggestion:
    """`names`: of the children. `is_named`: the payer has a name of theirs."""

    order: Order
    names: str
    is_named: bool


@dataclass(frozen=True)
class Suggestions:
    """`opposite`: open entries that went the other way, by the same amount."""

    orders: Sequence[Suggestion]
    opposite: Sequence[StoredMovement]


def suggestions(stored: StoredMovement) -> Suggestions:
    """Those with the payer's name first, the earliest due before the others."""
    if stored.state is not MovementState.OPEN:
        return Suggestions((), ())
    ids = list(islice(_of_amount(stored), MOST_ORDERS))
    orders, names = orders_table.several(ids), receivables.names(ids)
    found = [
        Suggestion(order, names.get(order_id, ""), is_named(stored.movement.name, names.get(order_id, "")))
        for order_id in ids
        if (order := orders.get(order_id))
    ]
    found.sort(key=lambda one: (not one.is_named, one.order.due_on))
    return Suggestions(found[:MOST_SHOWN], _opposite(stored))


def is_named(payer: str, children: str) -> bool:
    """Whether a last name of the children, or another word of their names, is one of the payer's."""
    said = _words(payer)
    return bool(said & _words(children))


def _words(name: str) -> set[str]:
    return {word for word in plain(name.replace(",", " ")).split() if len(word) >= LEAST_LETTERS}


def _of_amount(stored: StoredMovement) -> Iterable[str]:
    """Orders of which just so much is owed; or, for what went out, of which so much is to go back."""
    look = orders_table.owing if stored.cents > 0 else orders_table.overpaid
    for municipality in receivables.municipalities():
        for owed in look(municipality):
            if owed.cents == abs(stored.cents):
                yield owed.order_id


def _opposite(stored: StoredMovement) -> list[StoredMovement]:
    ids = [task.movement_id for task in tasks.every() if task.cents == -stored.cents and task.movement_id]
    found = [
        one
        for one in table.several(ids[:MOST_ORDERS]).values()
        if one.state is MovementState.OPEN and one.account == stored.account
    ]
    found.sort(key=lambda one: one.movement.iban != stored.movement.iban)
    return found[:MOST_SHOWN]
