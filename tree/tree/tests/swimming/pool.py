"""Given: the pool of Eeklo, as its city made its timetable."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.swimming import rules, table, timetable
from chalicelib.swimming.rules import Pattern, SwimmingTerms, Timetable
from tests.containers import forget

# A Wednesday, by whose evening everything below is still to come.
NOW = datetime(2027, 6, 2, 16, tzinfo=UTC)
CLAEYS, PEETERS = "claeys23456", "peeters2345"


def pattern(
    lane: str = "Lane 1", weekday: int = 5, starts: str = "10:00", ends: str = "11:00", places: int = 20, **more: Any
) -> Pattern:
    first = more.get("valid_from", date(2027, 6, 1))
    last = more.get("valid_until", date(2027, 8, 31))
    begins = time.fromisoformat(starts)
    return Pattern(
        rules.pattern_id(lane, weekday, begins, first),
        lane,
        weekday,
        begins,
        time.fromisoformat(ends),
        places,
        first,
        last,
        more.get("planned_until", last),
    )


SATURDAY = pattern()
SUNDAY = pattern(weekday=6)
LATE = pattern(starts="18:00", ends="19:00")
MONDAY = pattern(weekday=0)


def opened(*patterns: Pattern, visits: int = 3, cancel_hours: int = 2, closed: Any = None) -> Timetable:
    """Given that the city has made this timetable; without patterns: Saturday at ten and at six, Sunday and Monday at
    ten."""
    made = Timetable(
        patterns=patterns or (SATURDAY, LATE, SUNDAY, MONDAY),
        closed=closed or {},
        terms=SwimmingTerms(visits, cancel_hours),
    )
    forget()
    return timetable.change(lambda _: Timetable(timetable.current().edition, made.patterns, made.closed, made.terms))


def on(one: Pattern, day: date) -> str:
    """The id of its slot on that day."""
    return rules.slot_id(one, day)


THIS_SATURDAY = on(SATURDAY, date(2027, 6, 5))
SATURDAY_EVENING = on(LATE, date(2027, 6, 5))
THIS_SUNDAY = on(SUNDAY, date(2027, 6, 6))
NEXT_MONDAY = on(MONDAY, date(2027, 6, 7))
NEXT_SATURDAY = on(SATURDAY, date(2027, 6, 12))


SEASON = date(2027, 3, 7)
SEASON_END = SEASON + timedelta(120)
CLOSED = SEASON + timedelta(3)


def weekly(lane: str, weekday: int, starts: str, ends: str, places: int) -> Pattern:
    return pattern(lane, weekday, starts, ends, places, valid_from=SEASON, valid_until=SEASON_END)


EARLY = [weekly("Baan 1 en 2", weekday, "07:30", "08:30", 24) for weekday in (0, 2, 4, 5, 6)]
MORNING = [weekly("Instructiebad", weekday, "10:00", "11:30", 40) for weekday in (0, 2, 4, 5, 6)]
EVENING = [weekly("Baan 1 en 2", weekday, "18:00", "19:00", 24) for weekday in (0, 2, 4, 5, 6)]
# On the Sunday on which it begins: what is full, and what is free; in the evening, what the family has.
FULL, FREE, OWN = (on(patterns[-1], SEASON) for patterns in (EARLY, MORNING, EVENING))
# And on the Wednesday that is closed.
OWN_CLOSED = on(EVENING[1], CLOSED)


def a_season(family_id: str) -> None:
    """Given a pool with hours on most days from that Sunday on, a closed day, a full hour, and what a family booked:
    one hour that takes place and one that does not."""
    why = {"nl": "Onderhoud van de pompen.", "fr": "Entretien des pompes.", "en": "The pumps are being serviced."}
    made = opened(*EARLY, *MORNING, *EVENING, closed={CLOSED: why})
    for number in range(3):
        table.claim(f"family{number:05}", slot_of(made, FULL), 8)
    for slot_id in (OWN, OWN_CLOSED):
        slot = slot_of(made, slot_id)
        table.enter(family_id, slot, 3, f"1-{slot_id}", most=50)
        table.claim(family_id, slot, 3)


def slot_of(timetable: Timetable, slot_id: str) -> rules.Slot:
    found = rules.slot(timetable, slot_id)
    assert found
    return found
