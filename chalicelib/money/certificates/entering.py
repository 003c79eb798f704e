"""A family says who pays for the care, which part, and gives the national numbers; or takes all of it back."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.core.http.fields import LINE, Model, OrNull, Several, Text, Whole, check
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.money.certificates import national
from chalicelib.money.certificates.numbers import NotANumber, OfAnotherDay, read, read_of
from chalicelib.money.certificates.papers import Payer
from chalicelib.money.certificates.payers import MOST_PAYERS, FamilyNumbers, NumberedPayer, last_day
from chalicelib.money.certificates.rules import WHOLE
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child

AS_NUMBER = N_("Give the eleven digits of the national register number, as on the back of the identity card.")
OF_ANOTHER = N_("This number is of somebody who was born on another day.")
SAME_NUMBER = N_("Two people cannot have the same number.")
AS_SHARE = N_("Give the part that the first person pays: a whole number from 0 to 100.")
_NUMBER = Text(AS_NUMBER, LINE, 30, is_required=False)
PAYER = Model(
    {
        "last_name": Text(N_("Give the last name."), LINE, 60),
        "first_name": Text(N_("Give the first name."), LINE, 60),
        "street": Text(N_("Give the street and the number."), LINE, 100),
        "postcode": Text(N_("Give a Belgian postcode of four digits."), "[1-9][0-9]{3}", 4),
        "town": Text(N_("Give the municipality."), LINE, 50),
        "number": OrNull(_NUMBER),
    }
)
GIVEN = Model(
    {
        "edition": Whole(N_("Load the page again."), 0, 1_000_000),
        "payers": Several(N_("Say who pays."), PAYER, MOST_PAYERS),
        "children": Several(
            N_("Say which child it is about."),
            Model(
                {
                    "child_id": Text(N_("Say which child it is about."), "[0-9A-Za-z]+", 20),
                    "number": OrNull(_NUMBER),
                    "share": OrNull(Whole(AS_SHARE, 0, WHOLE)),
                }
            ),
            50,
            0,
        ),
    }
)


def children_of(family_id: str) -> list[Child]:
    """Those that a proven pass of the family names, the oldest first."""
    proven = [one for one in families.of_family(family_id) if one.is_proven]
    found = {one.child_id: one for each in proven for one in each.children}
    return sorted(found.values(), key=lambda one: (one.birth_date, one.child_id))


def give(family_id: str, document: Any, now: datetime) -> date:
    """Keeps what the family gives, in the place of what it gave before; a number that is left empty stays as it is.
    Answers until when it is kept. Raises Problem `invalid`, and `changed` if somebody else changed it meanwhile."""
    content = check(GIVEN, document)
    before = national.of_family(family_id)
    if before.edition != content["edition"]:
        raise Problem(CHANGED)
    born = {one.child_id: one.birth_date for one in children_of(family_id)}
    errors: list[FieldError] = []
    payers = [_payer(one, place, before, errors) for place, one in enumerate(content["payers"])]
    rows = [(place, one) for place, one in enumerate(content["children"]) if one["child_id"] in born]
    numbers: dict[str, str] = {}
    for place, one in rows:
        number = _child(one, place, born[one["child_id"]], before, errors)
        numbers |= {one["child_id"]: number} if number else {}
    _must_differ([one.number for one in payers], numbers, [(one["child_id"], place) for place, one in rows], errors)
    if errors:
        raise Problem(INVALID, errors=errors)
    shares = {one["child_id"]: _shares(one["share"], len(payers)) for _, one in rows}
    kept_until = last_day(today(now))
    given = FamilyNumbers(tuple(payers), numbers, shares, before.edition)
    try:
        national.put(family_id, given, kept_until, now)
    except Refused:
        raise Problem(CHANGED) from None
    return kept_until


def take_back(family_id: str) -> None:
    national.erase(family_id)


def _payer(said: Mapping[str, Any], place: int, before: FamilyNumbers, errors: list[FieldError]) -> NumberedPayer:
    names = ("last_name", "first_name", "street", "postcode", "town")
    payer = Payer(*(said[name] for name in names))
    known = before.payers[place] if place < len(before.payers) else None
    # A number stays with the person that it was given for, and goes to nobody who is written in their place.
    is_same = known is not None and _named(known.payer) == _named(payer)
    number = said["number"] or (known.number if known and is_same else "")
    try:
        return NumberedPayer(payer, read(number))
    except NotANumber:
        errors.append(FieldError(f"payers[{place}].number", AS_NUMBER))
        return NumberedPayer(payer, "")


def _named(payer: Payer) -> tuple[str, str]:
    last_name, first_name = (re.sub(r"\W", "", one.casefold()) for one in (payer.last_name, payer.first_name))
    return last_name, first_name


def _child(
    said: Mapping[str, Any], place: int, born: date, before: FamilyNumbers, errors: list[FieldError]
) -> str | None:
    """None: nothing was given, and nothing is kept: no certificate is made for this child."""
    if not said["number"]:
        return before.children.get(said["child_id"])
    try:
        return read_of(said["number"], born)
    except NotANumber:
        errors.append(FieldError(f"children[{place}].number", AS_NUMBER))
    except OfAnotherDay:
        errors.append(FieldError(f"children[{place}].number", OF_ANOTHER))
    return None


def _must_differ(
    payers: Sequence[str],
    children: Mapping[str, str],
    places: Sequence[tuple[str, int]],
    errors: list[FieldError],
) -> None:
    seen: set[str] = set()
    for place, number in enumerate(payers):
        if number and number in seen:
            errors.append(FieldError(f"payers[{place}].number", SAME_NUMBER))
        seen.add(number)
    for child_id, place in places:
        number = children.get(child_id, "")
        if number and number in seen:
            errors.append(FieldError(f"children[{place}].number", SAME_NUMBER))
        seen.add(number)


def _shares(first: int | None, payers: int) -> tuple[int, ...]:
    share = WHOLE if first is None or payers == 1 else first
    return (share, WHOLE - share)[:payers]
