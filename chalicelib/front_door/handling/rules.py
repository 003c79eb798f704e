"""What the people of a unit may do with a case, and who of them may. Plain rules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from chalicelib.front_door.cases.rules import CITIZEN, STORMLOOP, TRANSITIONS, Act, Case, CaseStatus, HistoryEntry
from chalicelib.front_door.deadlines import DeadlineRule, later
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.units.rules import Unit

# Whoever did one of these to a case has handled it, and is not independent of it.
HANDLED = frozenset({Act.TAKEN, Act.ASSIGNED, Act.ASKED, Act.ANSWERED, Act.FORWARDED, Act.LENGTHENED, Act.CLOSED})


def is_independent(
    staff_id: str, email: str, case: Case, units: Mapping[str, Unit], about: Sequence[HistoryEntry]
) -> bool:
    """Whether somebody may handle a complaint: they are of no unit that it concerns, and did nothing themselves to the
    case that it is about (`about`: that one's history; empty: it is about none). Of what is no complaint everybody
    is. Awb 9:7: a complaint is handled by somebody who was not involved in what it is about."""
    if case.kind is not FormKind.COMPLAINT:
        return True
    is_concerned = any(email and units[unit_id].has(email) for unit_id in case.concerns if unit_id in units)
    return not is_concerned and staff_id not in _handlers(about)


def independent_unit(
    case: Case, units: Mapping[str, Unit], about: Sequence[HistoryEntry], ids: Mapping[str, str]
) -> str | None:
    """The unit_id of the first unit, from the case's own upwards, that has somebody who is independent. None: no unit
    has. `ids`: mail address to staff_id, of whom that is known."""
    unit_id, passed = case.unit_id, set[str]()
    while unit_id in units and unit_id not in passed:
        unit = units[unit_id]
        if any(is_independent(ids.get(email, ""), email, case, units, about) for email in unit.people):
            return unit_id
        passed.add(unit_id)
        unit_id = unit.above
    return None


def may_become(case: Case, status: CaseStatus) -> bool:
    return status in TRANSITIONS[case.status]


def most_more_days(case: Case, rule: DeadlineRule) -> int:
    """By how many days its deadline may still be lengthened."""
    return max(0, rule.most_more_days - case.more_days) if case.is_in_hand else 0


def lengthened(case: Case, rule: DeadlineRule, days: int) -> date:
    """The new deadline: so many of the rule's days after the one that it has."""
    return later(rule, case.answer_by, days)


def is_late(answer_by: date, today: date) -> bool:
    return today > answer_by


def merged_here(history: Iterable[HistoryEntry]) -> list[str]:
    """The case_ids of the duplicates that were merged into a case. Its own history says so."""
    return [entry.note for entry in history if entry.act is Act.MERGED and entry.note]


def _handlers(history: Iterable[HistoryEntry]) -> set[str]:
    return {entry.by for entry in history if entry.act in HANDLED and entry.by not in (CITIZEN, STORMLOOP)}
