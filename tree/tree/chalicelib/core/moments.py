"""Moments as staff type them, by the clocks of Brussels (Amsterdam's show the same). Inside all are aware, in UTC."""

from datetime import UTC, date, datetime, tzinfo


class NotAMoment(ValueError):
    """The text is no ISO 8601 moment."""


class TooFar(NotAMoment):
    """It lies on the first or the last day that Python knows, and cannot be told in UTC."""


class ClocksChange(ValueError):
    """The clocks in Brussels skip or repeat that moment; with its offset (`+02:00`) it would be plain."""


def brussels() -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - 3 ms of a cold start that most requests can do without

    return ZoneInfo("Europe/Brussels")


def today(now: datetime) -> date:
    """The day that it is in Brussels."""
    return now.astimezone(brussels()).date()


def local(moment: datetime) -> datetime:
    """The same moment by the clocks in Brussels."""
    return moment.astimezone(brussels())


def in_a_form(moment: datetime) -> str:
    """As the field of a browser has it, and as `read_moment` reads it."""
    return moment.astimezone(brussels()).strftime("%Y-%m-%dT%H:%M")


def kept(text: str | None) -> datetime | None:
    """A moment that was written down as ISO 8601, with its offset."""
    return datetime.fromisoformat(text) if text else None


def read_moment(text: str) -> datetime:
    """An ISO 8601 moment in UTC, whole seconds; without an offset it is meant as the clocks in Brussels show it.

    Raises NotAMoment or TooFar, and ClocksChange for what is skipped in March or comes twice in October.
    """
    try:
        moment = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        raise NotAMoment from None
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=brussels())
            if moment.utcoffset() != moment.replace(fold=1).utcoffset():
                raise ClocksChange
        return moment.astimezone(UTC)
    except OverflowError:
        raise TooFar from None
