"""Changes of a camp, as families read them: what is so now, and what was."""

from collections.abc import Mapping, Sequence
from datetime import date, time

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.programme.sessions.cells import LABELS, cells_of
from chalicelib.programme.sessions.news import CampNews
from chalicelib.programme.sessions.rules import Session

# What families read as one thing, by the columns of the sheet that it is made of; what is not here, they are not told.
TOGETHER: Mapping[str, tuple[str, ...]] = {
    N_("What"): ("title",),
    N_("When"): ("starts_on", "ends_on"),
    N_("Hours"): ("daily_from", "daily_until"),
    N_("Where"): ("place",),
    N_("Ages"): ("age_min", "age_max"),
    N_("Price"): ("price_eur",),
    N_("About the price"): ("note",),
    LABELS["contact"]: ("contact",),
}
UNTIL = N_("{first} to {last}")
FROM_TO = N_("from {start} to {end}")
YEARS = N_("{youngest} to {oldest} years")
ONE_AGE = N_("{age} years")
NOT_KNOWN = N_("not known yet")


def changes(session: Session, said: Sequence[CampNews], language: str) -> list[tuple[str, str, str]]:
    """Label, what is so now and what was before `said`, the oldest first; nothing of what is as it was."""
    now = cells_of(session)
    was = dict(now)
    for one in reversed(said):
        was |= {column: before for column, (before, _) in one.columns.items()}
    return [
        (translate(label, language), in_words_of(label, now, language), in_words_of(label, was, language))
        for label, columns in TOGETHER.items()
        if any(now[column] != was[column] for column in columns)
    ]


def between(session: Session, after: Mapping[str, str], language: str) -> list[tuple[str, str, str]]:
    """Label, what is and what would be, of each column of `after`, for staff: also those that families are not told."""
    now = cells_of(session)
    new = {**now, **after}
    found = [
        (translate(label, language), in_words_of(label, now, language), in_words_of(label, new, language))
        for label, columns in TOGETHER.items()
        if any(column in after for column in columns)
    ]
    told = {column for columns in TOGETHER.values() for column in columns}
    return found + [
        (translate(LABELS[column], language), now[column], value)
        for column, value in after.items()
        if column not in told
    ]


def days(session: Session, language: str) -> str:
    return in_words_of("When", cells_of(session), language)


def in_words_of(label: str, cells: Mapping[str, str], language: str) -> str:
    """`label`: one of TOGETHER."""
    values = [cells[column] for column in TOGETHER[label]]
    if not all(values):
        return translate(NOT_KNOWN, language)
    match label:
        case "When":
            first, last = map(date.fromisoformat, values)
            if first == last:
                return in_words.day(first, language)
            start = in_words.day(first, language, year=first.year != last.year)
            return translate(UNTIL, language, first=start, last=in_words.day(last, language))
        case "Hours":
            start, end = (in_words.hour(time.fromisoformat(one), language) for one in values)
            return translate(FROM_TO, language, start=start, end=end)
        case "Ages":
            if values[0] == values[1]:
                return translate(ONE_AGE, language, age=values[0])
            return translate(YEARS, language, youngest=values[0], oldest=values[1])
        case "Price":
            euros, _, cents = values[0].partition(".")
            return in_words.money(int(euros) * 100 + int(cents), language)
    return values[0]
