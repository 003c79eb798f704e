"""Attendance lists: who is expected in a session on a day, and what whoever looks after them must know. Plain rules."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.booking.answers.rules import AnswerValue, each_of, in_text, offered
from chalicelib.people.child_info.rules import Care, Contact
from chalicelib.people.families.names import by_last_name
from chalicelib.people.families.rules import Child
from chalicelib.people.staff.rules import Role
from chalicelib.programme.questions.rules import Purpose, Question
from chalicelib.programme.sessions.rules import Session, normalise
from chalicelib.seats.rules import age

# A leader reads the list of a session from so many days before its first day, to prepare, until so many after its last.
DAYS_BEFORE, DAYS_AFTER = 14, 7
# These read the lists of the municipalities that they work for.
BY_MUNICIPALITY = (Role.DESK, Role.MANAGER)
# In the place of a group_id: the children that are not yet in a group.
NO_GROUP = "none"


@dataclass(frozen=True)
class ReadAnswer:
    """`question`: as it was asked when this was answered."""

    question: Question
    value: AnswerValue


@dataclass(frozen=True)
class AnswerCount:
    """How many children of a list have this answer to a question for the kitchen; the answers in the reader's words."""

    question: Question
    answer: str
    children: int


@dataclass(frozen=True)
class AttendanceRow:
    """A child that has a seat. `child` None: its registration or pass is not in the table (any more), only its
    reference; somebody must look it up. `is_final`: False while its family has not accepted the seat yet.
    `medical` None: not for who asked; empty: none. `care_entered`: False if its family never said anything. `answers`:
    by the question's key, to those that are for who asked. `unanswered`: a required question is open."""

    reference: str
    child: Child | None
    age: int | None
    is_final: bool
    contacts: tuple[Contact, ...]
    pick_up: tuple[str, ...]
    medical: str | None
    care_entered: bool
    child_id: str = ""
    registration_id: str = ""
    group_id: str | None = None
    answers: Mapping[str, ReadAnswer] = field(default_factory=dict)
    unanswered: bool = False


@dataclass(frozen=True)
class AttendanceList:
    """`rows`: by last name, then by first name. `groups`: group_id to name, of a session that has them. `group`: the
    name of the one whose list this is; empty: of the children that are not yet in one; None: of all. `questions`: those
    of the city whose answers are for who asked."""

    session: Session
    day: date
    rows: tuple[AttendanceRow, ...]
    with_medical: bool
    groups: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    questions: tuple[Question, ...] = ()


def for_the_kitchen(of: AttendanceList, language: str) -> list[AnswerCount]:
    """What the kitchen has to count, in the order of the questions and of their choices; who chose several counts for
    each. Words that families wrote themselves come in the order of the alphabet."""
    found = []
    for question in of.questions:
        if question.purpose is Purpose.KITCHEN:
            counts = Counter(text for row in of.rows for text in _counted(row.answers.get(question.key), language))
            to_choose = [in_text(question, value, language) for value in offered(question)]
            ordered = [*to_choose, *sorted(text for text in counts if text not in to_choose)]
            found += [AnswerCount(question, text, counts[text]) for text in ordered]
    return found


def _counted(answer: ReadAnswer | None, language: str) -> list[str]:
    if answer is None:
        return []
    return [in_text(answer.question, one, language) for one in each_of(answer.value)]


def takes_place(session: Session, day: date) -> bool:
    """Whether children are expected that day: from the first day to the last, whatever day of the week it is."""
    return session.starts_on is not None and session.ends_on is not None and session.starts_on <= day <= session.ends_on


def that_day(sessions: Iterable[Session], day: date, municipality: str | None) -> list[Session]:
    """The sessions of that day, everywhere or in one municipality, by municipality, hour and title."""
    found = [
        one
        for one in sessions
        if not one.missing
        and takes_place(one, day)
        and (not municipality or normalise(one.municipality) == normalise(municipality))
    ]
    return sorted(found, key=lambda one: (one.municipality, str(one.daily_from or ""), one.title, one.session_id))


def counting(roles: Iterable[Role], session: Session, today: date, *, is_theirs: bool, leads: bool) -> frozenset[Role]:
    """Those of somebody's roles by which they read the list of this session today; none: they do not.

    `is_theirs`: it is of a municipality that they work for; `leads`: it names them as its leader."""
    if session.starts_on is None or session.ends_on is None:
        return frozenset()
    first, last = session.starts_on - timedelta(days=DAYS_BEFORE), session.ends_on + timedelta(days=DAYS_AFTER)
    counts = {**dict.fromkeys(BY_MUNICIPALITY, is_theirs), Role.LEADER: leads and first <= today <= last}
    return frozenset(role for role in roles if counts.get(role, False))


def row(
    reference: str, child: Child | None, day: date, *, is_final: bool, care: Care | None, with_medical: bool
) -> AttendanceRow:
    return AttendanceRow(
        reference=reference,
        child=child,
        age=age(child.birth_date, day) if child else None,
        is_final=is_final,
        contacts=care.contacts if care else (),
        pick_up=care.pick_up if care else (),
        medical=(care.medical if care else "") if with_medical else None,
        care_entered=care is not None,
    )


def of_group(of: AttendanceList, group_id: str) -> AttendanceList:
    """The list of one group; NO_GROUP: of the children that are not yet in one; empty, or a group that there is not
    (any more): of all."""
    if group_id != NO_GROUP and group_id not in of.groups:
        return of
    wanted = None if group_id == NO_GROUP else group_id
    return replace(of, rows=tuple(one for one in of.rows if one.group_id == wanted), group=of.groups.get(group_id, ""))


def by_group(of: AttendanceList) -> list[AttendanceList]:
    """A list for each group, and one of the children that are not yet in a group, if there are any; without groups, the
    list itself."""
    lists = [of_group(of, group_id) for group_id in of.groups]
    rest = of_group(of, NO_GROUP)
    return [*lists, *([rest] if rest.rows else [])] if lists else [of]


def in_order(rows: Iterable[AttendanceRow]) -> tuple[AttendanceRow, ...]:
    """By last name and first name, accents and capitals aside; who is not known by name comes last."""
    return tuple(sorted(rows, key=_place))


def _place(one: AttendanceRow) -> tuple[bool, str, str, str]:
    if one.child is None:
        return True, "", "", one.reference
    return False, *by_last_name(one.child), one.child.child_id


def tomorrow(today: date) -> date:
    return today + timedelta(days=1)
