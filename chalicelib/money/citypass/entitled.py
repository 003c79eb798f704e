"""The entitlement that a valid city pass gives in tariffs: a name from the city's rule (`kansenpas`), proven, from the
first to the last day of the pass, for each child that is in it.

So that a price asks for it like for any other entitlement, and nobody proves twice what the pass has proven. A child of
the family that lives elsewhere is in no pass of this household, and has no reduction by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from chalicelib.money.citypass import applying
from chalicelib.money.citypass.applications import Application
from chalicelib.money.tariffs.families import Entitlement, Family

# child_id to what it has by a pass.
ByPass = Mapping[str, tuple[Entitlement, ...]]


def by_pass(applications: Iterable[Application]) -> ByPass:
    """Of every pass that a family has or had: their days say when each counts; one that a person ended counts
    until then, so that camps before it cost what they cost. Reads the version of a pass's rule, which never changes and
    is remembered. (A member of a pass who is a child has its child_id.)"""
    found: dict[str, tuple[Entitlement, ...]] = {}
    for one in applications:
        if one.since is not None and one.last_day is not None and one.since <= one.last_day:
            name = applying.rule_of(one).entitlement
            for member in one.members:
                had = found.get(member.person_id, ())
                found[member.person_id] = (*had, Entitlement(name, True, one.since, one.last_day))
    return found


def with_passes(family: Family, passes: ByPass) -> Family:
    """The same, with what its children have by a pass beside what was declared."""
    if not passes:
        return family
    children = tuple(
        replace(one, entitlements=(*one.entitlements, *passes.get(one.child_id, ()))) for one in family.children
    )
    return replace(family, children=children)
