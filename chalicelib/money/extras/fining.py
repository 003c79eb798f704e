"""The use cases: somebody of the city fines a family for what it did against the rules, or undoes a fine. Each with a
reason; no fine is ever deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.city.ledger.rules import checked_reason
from chalicelib.city.work.rules import Worker
from chalicelib.core.http.fields import Day, Model, OrNull, Text, Whole, check
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.core.table import transact_write_patiently
from chalicelib.money.extras import table
from chalicelib.money.extras.paid_stays import PaidStay
from chalicelib.money.extras.rules import Beside, Fine, Undone
from chalicelib.money.tariffs.families import FineEvent
from chalicelib.people.staff.rules import Staff

# Of one registration, undone ones too: they lie in one item.
MOST_FINES = 100
LONGEST_MINUTES = 600

AS_CHILD = N_("Choose a child of this registration.")
AS_NAME = N_("Choose a fine of the tariff.")
AS_DAY = N_("Choose a day of the camp that is not in the future.")
AS_MINUTES = N_("Say how many minutes, from 1 to 600.")
NO_PRICE = N_("The tariff has no price for this fine for this child. Look at its conditions.")
NOT_YET_OR_OVER = N_(
    "Fines can be entered for a child with a seat, from the first day of the camp until 60 days after its last one."
)
TOO_MANY = N_("This registration has too many fines already. Ask finance to adjust the order.")
ALREADY = N_("This fine is undone already.")

FINED = Model(
    {
        "child_id": Text(AS_CHILD, ".+", 64),
        "name": Text(AS_NAME, ".+", 200),
        "day": Day(),
        "minutes": OrNull(Whole(AS_MINUTES, 1, LONGEST_MINUTES)),
    }
)


def enter(by: Staff, stay: PaidStay, content: Mapping[str, Any], reason: str, key: str, now: datetime) -> None:
    """`content`: as FINED says. `key`: which the form was made with; sent twice, it is one fine. Raises Problem
    `invalid`, `not-now`, and `changed` if somebody else changed something meanwhile."""
    before = stay.beside
    if any(one.fine_id == key for one in before.fines):
        return
    if not stay.is_final or not stay.takes_fines(now):
        raise not_now(NOT_YET_OR_OVER)
    given = check(FINED, content)
    why = checked_reason(reason)
    kind = next((one for one in stay.fines if one.name == given["name"]), None)
    if kind is None:
        raise invalid("name", AS_NAME)
    if given["child_id"] not in stay.record.child_ids:
        raise invalid("child_id", AS_CHILD)
    if given["day"] not in stay.days or given["day"] > today(now):
        raise invalid("day", AS_DAY)
    if kind.counts_minutes and given["minutes"] is None:
        raise invalid("minutes", AS_MINUTES)
    if len(before.fines) >= MOST_FINES:
        raise not_now(TOO_MANY)
    minutes = given["minutes"] if kind.counts_minutes else 0
    fine = Fine(key, given["child_id"], kind.name, given["day"], minutes, why, _worker(by), now)
    if stay.fined(fine.child_id, FineEvent(fine.name, fine.day, fine.minutes), now) is None:
        raise invalid("name", NO_PRICE)
    _store(before.with_fine(fine), now)


def undo(by: Staff, stay: PaidStay, fine_id: str, reason: str, now: datetime) -> None:
    """Raises Problem `not-found`, `invalid`, `not-now`, `changed`."""
    found = next((one for one in stay.beside.fines if one.fine_id == fine_id), None)
    if found is None:
        raise Problem(NOT_FOUND)
    why = checked_reason(reason)
    if found.undone:
        raise not_now(ALREADY)
    if not stay.takes_fines(now):
        raise not_now(NOT_YET_OR_OVER)
    _store(stay.beside.without_fine(fine_id, Undone(_worker(by), now, why)), now)


def _store(after: Beside, now: datetime) -> None:
    try:
        transact_write_patiently([table.replacing(after, now)])
    except Refused:
        raise Problem(CHANGED) from None


def _worker(by: Staff) -> Worker:
    return Worker(by.staff_id, by.name)
