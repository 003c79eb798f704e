"""Families at the desk or on the phone: the pass that somebody makes for them.

A family with a mail address is the same family as if it had asked by itself, and gets the same mails. One without gets
a number at the desk, which stands in its letters; with it, it is the same family the next time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core.http.problems import invalid
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.people import access
from chalicelib.people.families import identities, table
from chalicelib.people.families.identity import FAMILY_LENGTH, PASS_LENGTH, keyed_id
from chalicelib.people.families.mailboxes import family_of
from chalicelib.people.families.rules import VALID_DAYS, Child, Pass

UNKNOWN_NUMBER = N_("No family without a mail address has this number. It is in the family's letters.")


@dataclass(frozen=True)
class Visitor:
    """A family as staff typed it. `email` None: it gets letters; `desk_number`: by which it is known, if it is."""

    email: str | None
    desk_number: str | None
    language: str
    postcode: str
    children: tuple[Child, ...]


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

    Raises Problem `invalid` for a number that no family has.
    """
    family = _family_id(visitor, key)
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


def desk_number(family: Pass) -> str | None:
    """By which number a family without mail address is known."""
    return None if family.email else family.family_id


def _family_id(visitor: Visitor, key: str) -> str:
    if visitor.email:
        return family_of(visitor.email)
    if visitor.desk_number:
        known = table.of_family(visitor.desk_number)
        if not known or known[-1].email:
            raise invalid("desk_number", UNKNOWN_NUMBER)
        return visitor.desk_number
    return keyed_id("family at the desk", key, FAMILY_LENGTH)
