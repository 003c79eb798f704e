"""Corrections of a family: kept beside its passes, so that a correction wins nothing that identity decides.

`F#family_id / CORRECTED`, one item a family: of each child that was corrected, how it stood before the family did so
itself, and every name and date by which it is known; how often it did so this season; and all that tokens signed
earlier do not know (changes.py). The item's edition is a condition of each correction: two at once cannot both count.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import INVALID, FieldError, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.people.families import changes, identities, namings, sharing, table
from chalicelib.people.families.rules import Child, Naming, Pass, child, kept_until
from chalicelib.people.families.slips import MOST_A_SEASON, is_slip, says_another

SK = "CORRECTED"
# Of one transaction, beside what else stands in it. A family has a handful; what is left is written behind it.
MOST_PASSES = 30
# Of one transaction, which takes 100, beside the work for the desk and the ledger's entry.
MOST_WRITES = 66

NO_SLIP = N_(
    "That is more than a slip of the pen, and may be another child. You can correct a few letters, or the day, the "
    "month or the year. For more, call your municipality."
)
TOO_MANY_PASSES = N_("This family has too many passes to do that at once. Ask whoever runs the system.")
TOO_OFTEN = N_(
    "You have corrected names and dates {most} times since September. For more, call your municipality: nothing is "
    "lost."
)
KNOWN_ALREADY = N_(
    "A child with this name and birth date is known already. Call your municipality: it can see whether both are the "
    "same child, and join them."
)


class CorrectionsItem(stormloop_table.Item):
    """`children`: child_id to {was: [first name, last name, date], digests}. `year`: of the season that `times`
    counts."""

    edition = NumberAttribute()
    year = NumberAttribute()
    times = NumberAttribute()
    children = JSONAttribute()
    births = JSONAttribute()
    ids = JSONAttribute(null=True)
    postcode = UnicodeAttribute(null=True)
    expires = NumberAttribute()


@dataclass(frozen=True)
class Corrections:
    """`edition` 0: nothing was ever corrected. `was`: how a child stood before its family corrected it, or as the desk
    saw it last; `digests`: of each child those that identities.py knows it by; `ids`: as changes.py tells them."""

    edition: int = 0
    year: int = 0
    times: int = 0
    was: Mapping[str, Child] = field(default_factory=dict)
    digests: Mapping[str, Sequence[str]] = field(default_factory=dict)
    births: Mapping[str, date] = field(default_factory=dict)
    postcode: str | None = None
    ids: Mapping[str, tuple[str, int, bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """`children`: by child_id, as they are to be; `places`: of each of them in the request. None: as it is. `email`
    counts when its link is used (mailboxes.py)."""

    children: Mapping[str, Child]
    places: Mapping[str, int]
    postcode: str | None = None
    language: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Correction:
    """A correction to be written. `newly_born`: of the children whose birth date changes, the new one. `writes`: of one
    transaction, whose conditions are all that this relies on; `rest`: passes that did not fit into it."""

    newly_born: Mapping[str, date]
    writes: Sequence[Mapping[str, Any]]
    rest: Sequence[Mapping[str, Any]]


def of_family(family_id: str) -> Corrections:
    item = CorrectionsItem.find(table.PARTITION + family_id, SK)
    if item is None:
        return Corrections()
    was = {name: Child(name, first, last, date.fromisoformat(born)) for name, first, last, born in _was(item)}
    return Corrections(
        edition=int(item.edition),
        year=int(item.year),
        times=int(item.times),
        was=was,
        digests={name: tuple(one["digests"]) for name, one in item.children.items()},
        births={name: date.fromisoformat(born) for name, born in item.births.items()},
        postcode=item.postcode,
        ids={old: (new, since, first) for old, (new, since, first) in (item.ids or {}).items()},
    )


def correction(
    family_id: str, wanted: Wanted, now: datetime, *, by_desk: bool, moves_at_once: bool = False
) -> Correction:
    """The writes by which every proven pass of the family says it as wanted. `by_desk`: somebody saw the family, so
    that it may be more than a slip; from then on slips are measured from that. `moves_at_once`: so does its address.

    Raises Problem `invalid` with each child that may not be corrected so, `not-now` after too many corrections."""
    before = of_family(family_id)
    passes = [one for one in table.of_family(family_id) if one.is_proven]
    stands = {child.child_id: child for one in passes for child in one.children}
    named = {name: replace(one, child_id=name) for name, one in wanted.children.items()}
    changed = {name: one for name, one in named.items() if name in stands and stands[name] != one}
    others = {name: one for name, one in changed.items() if says_another(stands[name], one)}
    counted = _counted(before, others, now)
    if not by_desk:
        if others and counted.times > MOST_A_SEASON:
            raise not_now(TOO_OFTEN, most=MOST_A_SEASON)
        _must_be_slips(before, stands, others, wanted)
    if taken := _taken(family_id, others):
        if not by_desk:  # a refusal tells that there is such a child, so it counts: nobody tries birth dates
            stormloop_table.transact_write([_put(family_id, before, counted, now)])
        raise Problem(INVALID, errors=[FieldError(f"children[{wanted.places[one]}]", KNOWN_ALREADY) for one in taken])
    known, conditions = _identities(before, stands, others, now)
    after = _after(before if by_desk else counted, known, stands, others, wanted, by_desk=by_desk)
    said = wanted if moves_at_once else replace(wanted, email=None)
    rewritten = [(one, _said(one, named, said)) for one in reversed(passes)]
    writes = [table.correcting(was, now_) for was, now_ in rewritten if was != now_]
    if not writes:
        return Correction({}, (), ())
    told = changes.correcting(family_id, after.births, after.postcode, after.ids, now)
    first = [*writes[:MOST_PASSES], *conditions, _put(family_id, before, after, now), told]
    rest = writes[MOST_PASSES:]
    theirs = list(_of_other_parents(family_id, stands, changed, after, now))
    together = first if len(first) + len(theirs) <= MOST_WRITES else rest
    together += theirs
    born = {name: one.birth_date for name, one in others.items() if one.birth_date != stands[name].birth_date}
    return Correction(born, first, rest)


def _of_other_parents(
    family_id: str, stands: Mapping[str, Child], changed: Mapping[str, Child], after: Corrections, now: datetime
) -> Iterator[dict[str, Any]]:
    """The writes by which the passes of parents with whom a child is shared say it too, where they say what this
    family's said: what such a parent typed otherwise stays. Slips are measured from where this family's began."""
    shared: dict[str, dict[str, Child]] = {}
    for name, second in sharing.with_whom(family_id, changed).items():
        shared.setdefault(second, {})[name] = changed[name]
    for second, children in shared.items():
        known = {stands[name]: one for name, one in children.items()}
        passes = [one for one in table.of_family(second) if one.is_proven]
        rewritten = [(one, replace(one, children=tuple(known.get(its, its) for its in one.children))) for one in passes]
        writes = [table.correcting(was, now_) for was, now_ in rewritten if was != now_]
        yield from writes
        others = {name: one for name, one in children.items() if says_another(stands[name], one)}
        if not writes or not others:
            continue
        before = of_family(second)
        theirs = replace(
            before,
            edition=before.edition + 1,
            was={**before.was, **{name: after.was[name] for name in others}},
            digests={
                **before.digests,
                **{name: tuple(sorted({*before.digests.get(name, ()), *after.digests[name]})) for name in others},
            },
            births={**before.births, **{name: one.birth_date for name, one in others.items()}},
        )
        yield _put(second, before, theirs, now)
        yield changes.correcting(second, theirs.births, theirs.postcode, theirs.ids, now)


def _must_be_slips(
    before: Corrections, stands: Mapping[str, Child], others: Mapping[str, Child], wanted: Wanted
) -> None:
    errors = [
        FieldError(f"children[{wanted.places[name]}]", NO_SLIP)
        for name, one in others.items()
        if not is_slip(before.was.get(name, stands[name]), one)
    ]
    if errors:
        raise Problem(INVALID, errors=errors)


def _counted(before: Corrections, others: Mapping[str, Child], now: datetime) -> Corrections:
    year = namings.season(now)
    times = (before.times if before.year == year else 0) + len(others)
    return replace(before, edition=before.edition + 1, year=year, times=times)


def _taken(family_id: str, others: Mapping[str, Child]) -> list[str]:
    """Of the children that are corrected, those whose new name and date another child has: in the table, or in this
    same correction."""
    wanted = {name: digest(one) for name, one in others.items()}
    stand_for = identities.child_ids(family_id, wanted.values()) if wanted else {}
    named = namings.firsts(sorted(set(wanted.values()))) if wanted else {}
    repeated = Counter(wanted.values())
    return [
        name
        for name, new in wanted.items()
        if stand_for.get(new, name) != name or (new != name and new in named) or repeated[new] > 1
    ]


def _identities(
    before: Corrections, stands: Mapping[str, Child], others: Mapping[str, Child], now: datetime
) -> tuple[dict[str, set[str]], list[dict[str, Any]]]:
    """By which digests each corrected child is known from now on, and the writes that see to it: of the old name and
    of the new one, which nobody else's child may have."""
    known: dict[str, set[str]] = {}
    writes: list[dict[str, Any]] = []
    for name, one in others.items():
        old, new = digest(stands[name]), digest(one)
        known[name] = {*before.digests.get(name, ()), old, new}
        writes += [identities.knowing(one_of, name, now) for one_of in sorted({old, new})]
        writes += [namings.unnamed(new, now)] if new != name else []
    return known, writes


def _after(
    before: Corrections,
    known: Mapping[str, set[str]],
    stands: Mapping[str, Child],
    others: Mapping[str, Child],
    wanted: Wanted,
    *,
    by_desk: bool,
) -> Corrections:
    """`before`: with this correction counted, if it counts."""
    origins = others if by_desk else {name: before.was.get(name, stands[name]) for name in others}
    return replace(
        before,
        edition=before.edition + by_desk,
        was={**before.was, **origins},
        digests={**before.digests, **{name: tuple(sorted(one)) for name, one in known.items()}},
        births={**before.births, **{name: one.birth_date for name, one in others.items()}},
        postcode=wanted.postcode or before.postcode,
    )


def renaming(family_id: str, old: str, new: str, naming: Naming, now: datetime) -> list[Mapping[str, Any]]:
    """Writes of a transaction: a child of the family has another id from now on, in its passes and for its tokens.
    `naming`: how the family names it under that one. Raises Problem `not-now` for more passes than one transaction
    takes."""
    before = of_family(family_id)
    passes = [one for one in table.of_family(family_id) if one.is_proven and old in one.namings]
    if len(passes) > MOST_PASSES:
        raise not_now(TOO_MANY_PASSES)

    def named(one: str) -> str:
        return new if one == old else one

    moved = {one: (named(now_is), since, first) for one, (now_is, since, first) in before.ids.items()}
    moved.pop(new, None)  # it is what it once was
    after = replace(
        before,
        edition=before.edition + 1,
        was={named(name): one for name, one in before.was.items()},
        digests={named(name): one for name, one in before.digests.items()},
        births={named(name): one for name, one in before.births.items()},
        ids={**moved, old: (new, naming.since, naming.first is None)},
    )
    told = changes.correcting(family_id, after.births, after.postcode, after.ids, now)
    rewritten = [table.correcting(one, _renamed(one, old, new, naming)) for one in passes]
    return [*rewritten, _put(family_id, before, after, now), told]


def _renamed(one: Pass, old: str, new: str, naming: Naming) -> Pass:
    """Where it has both, that one stays."""
    has_both = new in one.namings
    children = [
        replace(child, child_id=new) if child.child_id == old else child
        for child in one.children
        if not (has_both and child.child_id == old)
    ]
    namings_of = {name: known for name, known in one.namings.items() if name != old}
    return replace(one, children=tuple(children), namings={new: naming, **namings_of})


def digest(one: Child) -> str:
    """The id that identity.py makes of its name and date, whatever its id is."""
    return child(one.first_name, one.last_name, one.birth_date).child_id


def _said(one: Pass, named: Mapping[str, Child], wanted: Wanted) -> Pass:
    return replace(
        one,
        children=tuple(named.get(child.child_id, child) for child in one.children),
        postcode=wanted.postcode or one.postcode,
        language=wanted.language or one.language,
        email=wanted.email or one.email,
    )


def _put(family_id: str, before: Corrections, after: Corrections, now: datetime) -> dict[str, Any]:
    content = {
        name: {"was": [one.first_name, one.last_name, one.birth_date.isoformat()], "digests": after.digests[name]}
        for name, one in after.was.items()
    }
    item = CorrectionsItem(
        table.PARTITION + family_id,
        SK,
        edition=after.edition,
        year=after.year,
        times=after.times,
        children=content,
        births={name: born.isoformat() for name, born in after.births.items()},
        postcode=after.postcode,
        ids={old: list(one) for old, one in after.ids.items()},
        expires=kept_until(now),
    )
    return {"Put": {"Item": item.serialize(), **stormloop_table.as_read("edition", before.edition)}}


def _was(item: CorrectionsItem) -> Iterator[tuple[str, str, str, str]]:
    for name, one in item.children.items():
        first, last, born = one["was"]
        yield name, first, last, born
