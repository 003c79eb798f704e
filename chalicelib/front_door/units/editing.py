"""A programme manager makes units, and says who their people are.

Guarantee: a unit to which a form leads has people. Whoever takes the last one away lets the forms that lead there go
dark in the same transaction, or is refused; a form that is published at the same time is a condition of it.

A case that is sent in the very same seconds is no condition: a check of the unit would cost each case a write, and make
those of one unit wait for each other. It is the work of the unit above, or, where there is none, rings the next morning
(front_door/watching): a unit has cases in hand and no people.

Whoever lets more people read a confidential unit's cases says why: that is in the ledger and in the unit by the same
transaction, and told to those whose unit it was (office/matters.py).

A unit is never deleted: its name stays beside what it answered. One without people takes nothing.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table as items
from chalicelib.core.http.fields import LINE, Choice, Field, Model, OrNull, Several, Text, TrueOrFalse, check
from chalicelib.core.http.problems import CHANGED, Problem, existing, invalid, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.refusals import Refused
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.forms import publishing
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.units import table
from chalicelib.front_door.units.rules import MOST_PEOPLE, MOST_WIDENINGS, Unit, Widening, chain, in_charge, widened
from chalicelib.people.families.addresses import Address
from chalicelib.people.staff.rules import Staff

MOST_NAME, MOST_UNITS = 80, 200
# In the address of the page where a unit is made: no unit's id.
NEW = "new"
AS_NAME = N_("Write the unit’s name in each language, in at most 80 characters.")
AS_PEOPLE = N_("Give the mail addresses of its people, at most 100, one on each line.")
AS_ABOVE = N_("Choose one of the units.")
IN_A_CIRCLE = N_("This unit stands above that one already. Choose another one.")
TOO_MANY = N_("There is room for 200 units.")
LEADS_HERE = N_(
    "Forms lead to this unit: {forms}. Lead them to another unit first, or let them go dark: then their pages say what "
    "else people can do."
)
# Of one transaction, without its entry in the ledger.
MOST_WRITES = 99
TOO_MANY = N_("Too many units stand below this one to change it at once. Move some of them first.")
IN_HAND = N_(
    "Cases that this unit still has in hand: {count}. Give them to another unit first: nobody would answer them."
)

_MODEL: dict[str, Field] = {
    "name": Model(dict.fromkeys(LANGUAGES, Text(AS_NAME, LINE, MOST_NAME)), expects=AS_NAME),
    "people": Several(AS_PEOPLE, Address(), MOST_PEOPLE, least=0),
    "head": OrNull(Address()),
    "is_confidential": TrueOrFalse(default=False),
}


@dataclass(frozen=True)
class Darkness:
    """That forms which lead to the unit may go dark. `why`: for staff, in their words; "": they may not."""

    why: str = ""


def save(
    before: Unit | None, content: Mapping[str, Any], darkness: Darkness, by: Staff, now: datetime, reason: str = ""
) -> Unit:
    """A new unit, or `before` (as somebody saw it) changed. `reason`: for the ledger, if more people read a
    confidential unit's cases since. Raises Problem `invalid`, also for want of a reason; `changed` if it is not as it
    was seen; `not-now` if its last person would leave cases or forms behind; Busy."""
    units = table.every()
    unit = _wanted(before, content, units)
    if count := _left_to_nobody(unit, units):
        raise not_now(IN_HAND, count=count)
    after = {**units, unit.unit_id: unit}
    joined = widened(units, after)
    changed = [_widened(after[one], units.get(one), joined[one], by, now) for one in joined]
    changed += [] if unit.unit_id in joined else [unit]
    writes = [*map(table.putting, changed), *_as_read(unit.unit_id, units, after, {one.unit_id for one in changed})]
    if before and before.people and not unit.people:
        writes += _leaving(before, darkness, now)
    if len(writes) > MOST_WRITES:
        raise not_now(TOO_MANY)
    try:
        if joined:
            _record(joined, after, by, reason, now, writes)
        else:
            items.transact_write(writes)
    except Refused as refused:
        if refused.busy:
            raise refused.busy from refused
        raise Problem(CHANGED) from None
    finally:
        table.forget()
        forms.forget()
    return next(one for one in changed if one.unit_id == unit.unit_id)


def as_seen(unit_id: str, edition: int) -> Unit:
    """Raises Problem `not-found`, `changed`."""
    unit = existing(table.get(unit_id))
    if unit.edition != edition:
        raise Problem(CHANGED)
    return unit


def in_hand(unit_id: str) -> int:
    """The number of cases that it has in hand."""
    return sum(1 for _ in cases.inbox(unit_id))


def _wanted(before: Unit | None, content: Mapping[str, Any], units: Mapping[str, Unit]) -> Unit:
    others = [one for one in units if before is None or one != before.unit_id]
    given = check(Model({**_MODEL, "above": OrNull(Choice(AS_ABOVE, others))}), content)
    if before is None and len(units) >= MOST_UNITS:
        raise invalid("name.nl", TOO_MANY)
    above = given["above"] or ""
    if before and before.unit_id in chain(above, units):
        raise invalid("above", IN_A_CIRCLE)
    return Unit(
        unit_id=before.unit_id if before else _free(given["name"]["nl"], units),
        name=given["name"],
        people=tuple(dict.fromkeys(address.lower() for address in given["people"])),
        head=(given["head"] or "").lower(),
        above=above,
        is_confidential=given["is_confidential"],
        edition=before.edition + 1 if before else 1,
        widenings=before.widenings if before else (),
    )


def _left_to_nobody(unit: Unit, units: Mapping[str, Unit]) -> int:
    """The number of cases in hand that would be left by who has them now: those of a unit that loses its last person,
    and of units without people for which nobody above would be in charge any more."""
    before, after = units.get(unit.unit_id), {**units, unit.unit_id: unit}
    left = {one for one in units if in_charge(one, units) and not in_charge(one, after)}
    if before and before.people and not unit.people:
        left.add(unit.unit_id)
    return sum(map(in_hand, sorted(left)))


def _widened(after: Unit, before: Unit | None, people: tuple[str, ...], by: Staff, now: datetime) -> Unit:
    """The unit as it is written, of whose cases these people too read."""
    edition = before.edition + 1 if before else 1
    told = dict.fromkeys([*before.people, before.head] if before else [])
    is_lifted = not after.is_confidential
    widening = Widening(edition, now, by.name, people, is_lifted, tuple(one for one in told if one))
    return replace(after, edition=edition, widenings=(*after.widenings, widening)[-MOST_WIDENINGS:])


def _as_read(
    unit_id: str, before: Mapping[str, Unit], after: Mapping[str, Unit], written: set[str]
) -> list[dict[str, Any]]:
    """The conditions by which nobody changes meanwhile who reads a confidential unit's cases: the units above it are as
    they were read, and so is it."""
    ways = [
        {*chain(one, before), *chain(one, after)}
        for one, unit in after.items()
        if unit.is_confidential or (one in before and before[one].is_confidential)
    ]
    relied_on = {one for way in ways if unit_id in way for one in way} - written
    return [table.unchanged(before[one]) for one in sorted(relied_on)]


def _record(
    joined: Mapping[str, tuple[str, ...]],
    after: Mapping[str, Unit],
    by: Staff,
    reason: str,
    now: datetime,
    writes: list[dict[str, Any]],
) -> None:
    """Everybody may know that it was done and to which units, staff who."""
    lifted = [one for one in joined if not after[one].is_confidential]
    details = {"units": list(joined), "joined": sum(map(len, joined.values())), "no_longer_confidential": bool(lifted)}
    private = {"people": {unit_id: list(people) for unit_id, people in joined.items()}}
    ledger.record(LedgerAct.UNIT_WIDENED, by, reason, now, details=details, private=private, together_with=writes)


def _leaving(before: Unit, darkness: Darkness, now: datetime) -> list[dict[str, Any]]:
    """The writes by which the forms that lead there go dark."""
    leading = publishing.leading_to(before.unit_id)
    if leading and not darkness.why:
        raise not_now(LEADS_HERE, forms=", ".join(form.title["nl"] for _, form in leading))
    return [forms.putting_head(publishing.dark(head, darkness.why, now)) for head, _ in leading]


def _free(name: str, units: Mapping[str, Unit]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "-", plain)[:30].strip("-") or "unit"
    taken = {*units, NEW}
    return next(one for one in (stem, *(f"{stem}-{number}" for number in range(2, 999))) if one not in taken)
