"""The deeds that a unit's people may do to a case, and who of them may. Plain rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.front_door.cases.rules import CITIZEN, STORMLOOP, TRANSITIONS, Act, Case, CaseStatus, HistoryEntry
from chalicelib.front_door.deadlines import DeadlineRule, later
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.units.rules import Unit, in_charge

# Whoever did one of these to a case has handled it, and is not independent of it.
HANDLED = frozenset(
    {
        *(Act.TAKEN, Act.ASSIGNED, Act.ASKED, Act.ANSWERED, Act.FORWARDED, Act.LENGTHENED, Act.CLOSED),
        *(Act.MERGED, Act.REOPENED),
    }
)


@dataclass(frozen=True)
class AboutCase:
    """A case that a complaint is about, with its history."""

    case: Case
    history: Sequence[HistoryEntry]


@dataclass(frozen=True)
class Concerned:
    """Whom a complaint is about. `unit_ids`: units, all of whose people are. `emails`: mail addresses in small letters
    of these people, and of whoever handled the case that it is about; `staff_ids`: of the latter. All empty: nobody,
    as far as anybody wrote down."""

    unit_ids: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    staff_ids: frozenset[str] = frozenset()

    def has(self, staff_id: str, email: str) -> bool:
        return staff_id in self.staff_ids or email.lower() in self.emails

    def covers(self, other: "Concerned") -> bool:
        """Whether nobody is concerned by `other` who is not concerned by this too."""
        return other.unit_ids <= self.unit_ids and other.emails <= self.emails and other.staff_ids <= self.staff_ids

    def leaves(self, unit: Unit) -> bool:
        """Whether a unit has somebody who is independent."""
        return any(email not in self.emails for email in unit.people)


def concerned_by(case: Case, units: Mapping[str, Unit], about: Iterable[AboutCase]) -> Concerned:
    """Awb 9:7: a complaint is handled by somebody who was not involved in what it is about. So it concerns the people
    of the units that it is about, as they were when that was written down and as they are now; and the unit of the case
    that it is about, and whoever handled that (`about`: empty: none). By what is no complaint nobody is concerned."""
    if case.kind is not FormKind.COMPLAINT:
        return Concerned()
    every = list(about)
    unit_ids = {*case.concerns, *(one.case.unit_id for one in every)}
    people = {email for unit_id in unit_ids if unit_id in units for email in units[unit_id].people}
    by_city = [one for each in every for one in each.history if one.by not in (CITIZEN, STORMLOOP)]
    handled = [one for one in by_city if one.act in HANDLED]
    given = {one.note.lower() for one in handled if one.act is Act.ASSIGNED}
    emails = {*case.concerned, *people, *given, *(one.by_email for one in handled)} - {""}
    return Concerned(frozenset(unit_ids), frozenset(emails), frozenset(one.by for one in handled))


def independent_unit(case: Case, units: Mapping[str, Unit], concerned: Concerned) -> str | None:
    """The unit_id of the first unit, from the case's own upwards, whose work is done by people of whom somebody is
    independent. None: no unit is."""
    unit_id, passed = case.unit_id, set[str]()
    while unit_id in units and unit_id not in passed:
        acting = in_charge(unit_id, units)
        if acting and concerned.leaves(acting):
            return unit_id
        passed.add(unit_id)
        unit_id = units[unit_id].above
    return None


def may_become(case: Case, status: CaseStatus) -> bool:
    return status in TRANSITIONS[case.status]


def most_more_days(case: Case, rule: DeadlineRule) -> int:
    """By how many days its deadline may still be lengthened."""
    return max(0, rule.most_more_days - case.more_days) if case.is_in_hand else 0


def lengthened(case: Case, rule: DeadlineRule, days: int) -> date:
    """The new deadline: all days by which it was and is lengthened, counted from the first one. Counted from the last
    one, a Friday that is lengthened by a day again and again would win each weekend."""
    return later(rule, case.first_due or case.answer_by, case.more_days + days)


def is_late(answer_by: date, today: date) -> bool:
    return today > answer_by


def merged_here(history: Iterable[HistoryEntry]) -> list[str]:
    """The case_ids of the duplicates that were merged into a case. Its own history says so."""
    return [entry.note for entry in history if entry.act is Act.MERGED and entry.note]
