"""Slots as pages show them, by the clocks of Brussels."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chalicelib.core.moments import brussels
from chalicelib.swimming.rules import Slot


@dataclass(frozen=True)
class Hour:
    """`left`: places; `own`: how many this family has; `is_over`: it has begun."""

    slot: Slot
    starts: time
    ends: time
    left: int = 0
    own: int = 0
    is_over: bool = False


def hour_of(slot: Slot, now: datetime, left: int = 0, own: int = 0) -> Hour:
    starts, ends = (moment.astimezone(brussels()).time() for moment in (slot.starts, slot.ends))
    return Hour(slot, starts, ends, left, own, now >= slot.starts)


def day_of(text: str | None) -> date | None:
    """A day in an address, `2027-06-05`; None for anything else."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%d").date()  # noqa: DTZ007 a day has no offset
    except ValueError:
        return None


def monday_of(day: date) -> date:
    """The first day of its week. Of a day so far away that no timetable reaches it, whichever."""
    near = min(max(day, date(2000, 1, 1)), date(2999, 1, 1))
    return near - timedelta(days=near.weekday())
