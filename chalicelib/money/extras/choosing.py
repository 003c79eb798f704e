"""The use case: a family chooses extras for the children of a registration, until the day before the camp."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.core.table import transact_write_patiently
from chalicelib.money.extras import table
from chalicelib.money.extras.paid_stays import PaidStay, paid_stay
from chalicelib.money.extras.rules import Beside, ChildExtras
from chalicelib.people.families.rules import Bearer

TOO_LATE = N_("Extras can be chosen for a confirmed seat, until the day before the camp.")
NO_SUCH_EXTRA = N_("This child cannot take this extra, or not on this day.")


def of(who: Bearer, registration_id: str, now: datetime) -> PaidStay:
    """Raises Problem `not-found`, also where there are no extras."""
    found = paid_stay(who.family_id, registration_id, now)
    if found is None or not any(found.offered(now).values()):
        raise Problem(NOT_FOUND)
    return found


def chosen(stay: PaidStay, taken: Mapping[str, ChildExtras], now: datetime) -> Beside:
    """The extras and fines that would be stored. `taken`: of each child all that it takes from now on. Raises Problem
    `not-now`, `invalid` for what is not offered."""
    if not stay.takes_extras(now):
        raise not_now(TOO_LATE)
    offered = stay.offered(now)
    for child, named in taken.items():
        known = {extra.name: extra for extra in offered.get(child, ())}
        for name, days in named.items():
            if name not in known or (days is not None and not (known[name].is_daily and set(days) <= set(stay.days))):
                raise invalid(f"extras.{child}", NO_SUCH_EXTRA)
    return stay.beside.with_extras(taken)


def choose(stay: PaidStay, after: Beside, now: datetime) -> None:
    """Refused, and nothing stored, if its registration ended or lost a child since, or others chose: Problem
    `changed`."""
    if after.edition == stay.beside.edition:
        return  # as it is already
    try:
        transact_write_patiently([table.replacing(after, now), registrations.unchanged(stay.record)])
    except Refused:
        raise Problem(CHANGED) from None
