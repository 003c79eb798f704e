"""What a valid city pass entitles to in tariffs: a name that the city's rule gives it (`kansenpas`), proven, from the
first to the last day of the pass, for the household and for each of its members.

So that a price asks for it like for any other entitlement, and nobody proves twice what the pass has proven.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.money.citypass import applying, table
from chalicelib.money.citypass.applications import PassStatus
from chalicelib.money.tariffs.families import Entitlement


@dataclass(frozen=True)
class PassEntitlements:
    """`of_household`: of the family as a whole; `by_child`: child_id to those of a child that is in the pass. (A member
    of a pass who is a child has its child_id.)"""

    of_household: tuple[Entitlement, ...]
    by_child: Mapping[str, tuple[Entitlement, ...]]


def of_family(family_id: str) -> PassEntitlements:
    """Of every pass that the family has or had: their days say when each counts. One query, and the rule's version,
    which is remembered."""
    passes = [one for one in table.of_family(family_id) if one.status is PassStatus.GRANTED]
    each = {
        one.application_id: Entitlement(applying.rule_of(one).entitlement, True, one.since, one.until) for one in passes
    }
    by_child: dict[str, list[Entitlement]] = {}
    for one in passes:
        for member in one.members:
            by_child.setdefault(member.person_id, []).append(each[one.application_id])
    return PassEntitlements(tuple(each.values()), {person: tuple(some) for person, some in by_child.items()})
