"""The columns of an attendance list, in words: the same in each of its forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.booking.answers.rules import in_text
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.office.attendance.rules import AttendanceList, AttendanceRow
from chalicelib.people.families.names import last_name, plain
from chalicelib.programme.questions.rules import Question, said

LAST_NAME, FIRST_NAME, AGE = N_("Last name"), N_("First name"), N_("Age")
PRESENT, GONE_HOME = N_("Present"), N_("Gone home")
TO_CALL, PICK_UP, MEDICAL, REMARK = N_("To call"), N_("May pick up"), N_("Medical notes"), N_("Remark")
NOT_KNOWN = N_("No longer known: look up reference {reference}")
NOT_FINAL = N_("Has not accepted the seat yet")
NOTHING_SAID = N_("The family has filled in nothing")
FOR_THE_KITCHEN = N_("For the kitchen")
UNANSWERED = N_("Required questions are not answered")
GROUP, NOT_YET, EVERYBODY = N_("Group"), N_("Not yet in a group"), N_("All")
CHILDREN = N_("Children: {number}")
CONFIDENTIAL = N_("Confidential: for the people who look after the children. Destroy this list after the camp.")


@dataclass(frozen=True)
class Column:
    """`is_ticked`: empty, for whoever holds the pen. `question`: of the city, whose text is the title."""

    title: str
    is_ticked: bool = False
    question: Question | None = None


def columns(of: AttendanceList) -> list[Column]:
    """In English, as the catalogues know them."""
    shown = [Column(LAST_NAME), Column(FIRST_NAME), Column(AGE)]
    shown += [Column(GROUP)] if shows_groups(of) else []
    shown += [Column(PRESENT, True), Column(GONE_HOME, True), Column(TO_CALL), Column(PICK_UP)]
    shown += [Column(MEDICAL)] if of.with_medical else []
    return [*shown, *(Column("", question=one) for one in of.questions), Column(REMARK)]


def shows_groups(of: AttendanceList) -> bool:
    """Whether a list says of each child in which group it is: of all children of a session that has groups."""
    return bool(of.groups) and of.group is None


def titles(of: AttendanceList, language: str) -> list[str]:
    return [
        said(one.question.label, language) if one.question else translate(one.title, language) for one in columns(of)
    ]


def cells(of: AttendanceList, row: AttendanceRow, language: str) -> list[str]:
    """One for each column, in their order. A cell may have several lines."""
    names = [last_name(row.child), row.child.first_name] if row.child else ["?", "?"]
    texts = [*names, "" if row.age is None else str(row.age)]
    texts += [group_name(of, row, language)] if shows_groups(of) else []
    texts += ["", ""]
    texts += ["\n".join(f"{one.name} {one.phone}" for one in row.contacts), "\n".join(row.pick_up)]
    texts += [row.medical or ""] if of.with_medical else []
    texts += [answer_of(row, one, language) for one in of.questions]
    return [*texts, "\n".join(remarks(row, language))]


def answer_of(row: AttendanceRow, question: Question, language: str) -> str:
    """As it was given; empty: not answered."""
    answer = row.answers.get(question.key)
    return in_text(answer.question, answer.value, language) if answer else ""


def group_name(of: AttendanceList, row: AttendanceRow, language: str) -> str:
    return of.groups[row.group_id] if row.group_id else translate(NOT_YET, language)


def remarks(row: AttendanceRow, language: str) -> list[str]:
    found = []
    if row.child is None:
        found.append(translate(NOT_KNOWN, language, reference=row.reference))
    if not row.is_final:
        found.append(translate(NOT_FINAL, language))
    if not row.care_entered:
        found.append(translate(NOTHING_SAID, language))
    if row.unanswered:
        found.append(translate(UNANSWERED, language))
    return found


def heading(of: AttendanceList, language: str) -> str:
    of_whom = "" if of.group is None else f" – {of.group or translate(NOT_YET, language)}"
    return f"{of.session.title}{of_whom}, {in_words.day(of.day, language)}"


def facts(of: AttendanceList, language: str) -> Sequence[str]:
    """Where, when, how many."""
    session = of.session
    hours = [in_words.hour(one, language) for one in (session.daily_from, session.daily_until) if one]
    number = translate(CHILDREN, language, number=len(of.rows))
    return [part for part in (session.municipality, session.place, " – ".join(hours), number) if part]


def file_name(of: AttendanceList, ending: str) -> str:
    """Without letters that a disk, or a header, may not take: `2027-08-16-bouwkamp-lembeke.csv`."""
    said = f"{of.session.title} {of.group or ''}"
    title = plain(said).encode("ascii", "ignore").decode().replace(" ", "-")[:40].strip("-")
    return f"{of.day.isoformat()}-{title or of.session.session_id}.{ending}"


def day_file_name(day: date, ending: str) -> str:
    return f"{day.isoformat()}.{ending}"
