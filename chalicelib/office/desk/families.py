"""Families at the desk or on the phone: the pass that somebody makes for them.

A family with a mail address is the same family as if it had asked by itself, and gets the same mails. One without gets
a number at the desk, which stands in its letters and can be said on the phone (people/families/desk_numbers.py); with
it, it is the same family the next time. Of such a family the desk keeps whom to write to, where, and which phone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core.http.problems import BUSY, NOT_FOUND, Problem, invalid
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.people import access
from chalicelib.people.families import addressees, desk_numbers, identities, table
from chalicelib.people.families.addressees import Addressee
from chalicelib.people.families.identity import FAMILY_LENGTH, PASS_LENGTH, is_family_id, keyed_id
from chalicelib.people.families.mailboxes import family_of
from chalicelib.people.families.rules import VALID_DAYS, Child, Pass, kept_until

# Of two families whose numbers are one, the second gets another id: one in millions does.
MOST_TRIES = 5
UNKNOWN_NUMBER = N_("No family without a mail address has this number. It is in the family's letters.")


@dataclass(frozen=True)
class Visitor:
    """A family as staff typed it. `email` None: it gets letters; `desk_number`: by which it is known, if it is, with or
    without dashes, or the family's id, as older letters have it. `addressee`: None: nobody said."""

    email: str | None
    desk_number: str | None
    language: str
    postcode: str
    children: tuple[Child, ...]
    addressee: Addressee | None = None


@dataclass(frozen=True)
class DeskFamily:
    """`is_new`: the pass is not stored yet. `children`: those that were typed, with the ids that they have."""

    family: Pass
    is_new: bool
    children: tuple[Child, ...]


def pass_of(visitor: Visitor, key: str, now: datetime) -> DeskFamily:
    """The family's latest pass, if it was proven and is as they say today; or else a new one, which has named nobody
    yet (proving.py: `naming`). What was only asked for in its name may hold other families' children.
    `key`: makes one family of repeated tries, where nothing else does.

    A family without mail address is known by its number from then on. Raises Problem `invalid` for a number that no
    family has.
    """
    family = _family_id(visitor, key, now)
    children = identities.known(family, visitor.children)
    access.about(family, [one.child_id for one in children])
    email, postcode = visitor.email or "", visitor.postcode
    for earlier in reversed(table.of_family(family)):
        is_valid = earlier.created_at > now - timedelta(days=VALID_DAYS)
        same = (earlier.email, earlier.language, earlier.postcode) == (email, visitor.language, postcode)
        if earlier.is_proven and is_valid and same and set(children) <= set(earlier.children):
            return DeskFamily(earlier, is_new=False, children=children)
    new = Pass(
        pass_id=by_chance(PASS_LENGTH),
        family_id=family,
        email=email,
        language=visitor.language,
        postcode=postcode,
        children=children,
        created_at=now,
        namings={},
    )
    return DeskFamily(new, is_new=True, children=children)


def keep_addressee(visitor: Visitor, family: Pass, now: datetime) -> None:
    """Of a family without mail address, whom to write to and where, if somebody said it; what nobody said now stays as
    it was. Half a read unit, one write unit."""
    if visitor.addressee and not family.email:
        known = vars(addressees.get(family.family_id))
        said = {name: text for name, text in vars(visitor.addressee).items() if text}
        addressees.put(family.family_id, Addressee(**{**known, **said}), kept_until(now))


def change_addressee(family_id: str, known: Addressee, now: datetime) -> None:
    """Of a family without mail address, in the place of what was known. Raises Problem `not-found` for another one."""
    passes = table.of_family(family_id)
    if not passes or passes[-1].email:
        raise Problem(NOT_FOUND)
    access.about(family_id)
    addressees.put(family_id, known, kept_until(now))


def desk_number(family: Pass) -> str | None:
    """By which number a family without mail address is known."""
    return None if family.email else desk_numbers.number_of(family.family_id)


def _family_id(visitor: Visitor, key: str, now: datetime) -> str:
    if visitor.email:
        return family_of(visitor.email)
    if visitor.desk_number:
        typed = visitor.desk_number
        known = desk_numbers.family_of(typed) or typed.lower()
        passes = table.of_family(known) if is_family_id(known) else []
        if not passes or passes[-1].email:
            raise invalid("desk_number", UNKNOWN_NUMBER)
        desk_numbers.give(known, kept_until(now))
        return known
    for number in range(MOST_TRIES):
        new = keyed_id("family at the desk", f"{key}#{number}" if number else key, FAMILY_LENGTH)
        if desk_numbers.give(new, kept_until(now)):
            return new
    raise Problem(BUSY, retry_after=1)  # whoever repeats it with another key gets another number
