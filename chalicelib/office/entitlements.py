"""Declarations of families on which a price depends, as staff see them: those that wait, and the decisions.

Somebody may look and decide with a municipality that they work for, or with the whole city's account where families of
a municipality of theirs pay to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.booking.registrations import table as registrations
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkKind
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.moments import today
from chalicelib.money.entitlements import declaring, table
from chalicelib.money.entitlements.declaring import Judgement, Place, Verdict
from chalicelib.money.entitlements.rules import Declaration, Declared
from chalicelib.money.payees import table as payees
from chalicelib.office import scope
from chalicelib.people import access
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import whose

AT_ONCE = 25
# Within which a family hears why its proof was refused.
TELL_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class SeenDeclaration:
    """A declaration and the child that it is about, if it is about one."""

    declaration: Declaration
    child: Child | None


@dataclass(frozen=True)
class WaitingFamily:
    """A declaration that waits, with its family. `family`: None once it is gone."""

    seen: SeenDeclaration
    family: Pass | None


@dataclass(frozen=True)
class WaitingPart:
    """`next`: behind what the next part begins; None after the last one."""

    waiting: Sequence[WaitingFamily]
    next: str | None


@dataclass(frozen=True)
class FamilyConditions:
    """The declarations of a family with places of the person who looks, the newest first."""

    family: Pass
    places: Sequence[Place]
    seen: Sequence[SeenDeclaration]

    @property
    def children(self) -> Mapping[str, Child]:
        return {child.child_id: child for child in self.family.children}


def places(by: Staff, now: datetime) -> list[Place]:
    """The places where this person may decide."""
    is_theirs = scope.theirs(by)
    found = declaring.places(payees.remembered(), (each.municipality for each in whose.every()), today(now))
    return [place for place in found if any(map(is_theirs, place.covers or (place.municipality,)))]


def waiting(by: Staff, now: datetime, after: str = "") -> WaitingPart:
    """The oldest first, in parts of AT_ONCE."""
    found, behind = table.waiting([place.municipality for place in places(by, now)], after, AT_ONCE)
    known = {family_id: newest(family_id) for family_id in {each.family_id for each in found}}
    for each in found:
        access.about(each.family_id, [each.declared.child_id] if each.declared.child_id else [])
    return WaitingPart(
        [WaitingFamily(_seen(each, known[each.family_id]), known[each.family_id]) for each in found], behind
    )


def of_family(by: Staff, family_id: str, now: datetime) -> FamilyConditions:
    """Raises Problem `not-found` for a family of whom no pass is kept."""
    family = newest(family_id)
    if family is None:
        raise Problem(NOT_FOUND)
    own = places(by, now)
    theirs = {place.municipality for place in own}
    access.about(family_id, [child.child_id for child in family.children])
    found = [each for each in table.of_family(family_id) if each.declared.municipality in theirs]
    return FamilyConditions(family, own, [_seen(declaring.tidied(each), family) for each in reversed(found)])


def newest(family_id: str) -> Pass | None:
    """The newest pass that was proven, if one is; not the other parent's invitation if there is another."""
    passes = families.of_family(family_id)[::-1]
    own = [each for each in passes if not each.invited_by] or passes
    return next((each for each in own if each.is_proven), own[0] if own else None)


def paper(by: Staff, family_id: str, declaration_id: str, now: datetime) -> bytes:
    """The proof that the family uploaded. Raises Problem `not-found`."""
    return declaring.paper_of(_theirs(by, family_id, declaration_id, now))


def was_shown(by: Staff, family_id: str, declared: Declared, what: str, now: datetime) -> None:
    """At the desk. Raises Problem `invalid`, `not-now`, `changed`."""
    access.about(family_id, [declared.child_id] if declared.child_id else [])
    declaring.seen(by, family_id, declared, what, now)


def judge(by: Staff, family_id: str, declaration_id: str, judgement: Judgement, now: datetime) -> None:
    """A refusal becomes work of the desk in the same transaction: somebody tells the family. Raises Problem
    `not-found`, `invalid`, `changed`."""
    found = _theirs(by, family_id, declaration_id, now)
    more = works.puts_of(_to_tell(by, found, now)) if judgement.verdict is Verdict.REFUSED else []
    declaring.judge(by, found, judgement, now, more)


def _theirs(by: Staff, family_id: str, declaration_id: str, now: datetime) -> Declaration:
    found = table.get(family_id, declaration_id) if declaring.is_id(declaration_id) else None
    if found is None or found.declared.municipality not in {place.municipality for place in places(by, now)}:
        raise Problem(NOT_FOUND)
    access.about(family_id, [found.declared.child_id] if found.declared.child_id else [])
    return found


def _to_tell(by: Staff, declaration: Declaration, now: datetime) -> Work:
    about = {"family_id": declaration.family_id}
    if declaration.declared.child_id:
        about["child_id"] = declaration.declared.child_id
    key = f"{declaration.declaration_id}#{declaration.edition}"
    whose_desk = _desk(by, declaration, now)
    return Work(WorkKind.PROOF_REFUSED, key, whose_desk, about, today(now) + TELL_WITHIN, now)


def _desk(by: Staff, declaration: Declaration, now: datetime) -> str:
    """The municipality where it was declared; with the whole city, that of the family's newest registration among those
    that pay to it."""
    (place,) = (each for each in places(by, now) if each.municipality == declaration.declared.municipality)
    if place.municipality or not place.covers:
        return place.municipality
    of_session = {each.session_id: each.municipality for each in whose.every() if each.municipality in place.covers}
    known = registrations.of_family(declaration.family_id)
    found = [of_session[each.session_id] for each in known if each.session_id in of_session]
    return found[-1] if found else place.covers[0]


def _seen(declaration: Declaration, family: Pass | None) -> SeenDeclaration:
    children = family.children if family else ()
    child = next((each for each in children if each.child_id == declaration.declared.child_id), None)
    return SeenDeclaration(declaration, child)
