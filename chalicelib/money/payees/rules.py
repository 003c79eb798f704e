"""To whom families pay, and by when: a municipality's own account, or the whole city's."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum


class ReferenceScheme(StrEnum):
    """BE: the structured communication of Belgian banks. NL: the Dutch betalingskenmerk."""

    BE = "be"
    NL = "nl"


class DueFrom(StrEnum):
    """The day from which the days of the city's rule are counted."""

    REGISTERED = "registered"
    FIRST_DAY = "first-day"
    LAST_DAY = "last-day"


@dataclass(frozen=True)
class DueRule:
    """`days` after the day that `counted_from` names; below 0: before it. What would be due before the day on which the
    order is made is due `AT_LEAST` after that."""

    counted_from: DueFrom = DueFrom.REGISTERED
    days: int = 14

    def due_on(self, made_on: date, first_day: date, last_day: date) -> date:
        """A rule that counts from registering ends before the first day at the latest."""
        days = timedelta(self.days)
        if self.counted_from is DueFrom.LAST_DAY:
            due = last_day + days
        elif self.counted_from is DueFrom.FIRST_DAY:
            due = first_day + days
        else:
            due = min(made_on + days, first_day - timedelta(1))
        return max(due, made_on + AT_LEAST)


# A transfer takes a day or two, and so does somebody who must first find their card reader.
AT_LEAST = timedelta(3)


# Days between the last reminder and the day on which a registration may end at the earliest.
LEAST_BETWEEN = 7


@dataclass(frozen=True)
class UnpaidRule:
    """The city's steps for an order that is not paid in time. `reminders`: after so many days past the due day a
    reminder goes out. `cancels_after`: so many days after the due day its registrations are cancelled; None: never."""

    reminders: tuple[int, ...] = (3,)
    cancels_after: int | None = None


@dataclass(frozen=True)
class Payee:
    """`municipality`: empty for the whole city. `iban`: without spaces. `postcodes`: of its residents. `since`: the
    day on which this account took the place of another one; None: of none. `formerly`: its accounts before this one,
    into which families still pay what they were once told, and whose statements still count."""

    municipality: str
    name: str
    iban: str
    scheme: ReferenceScheme = ReferenceScheme.BE
    due: DueRule = DueRule()
    unpaid: UnpaidRule = UnpaidRule()
    postcodes: tuple[str, ...] = ()
    edition: int = 0
    since: date | None = None
    formerly: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        """By whose public holidays a camp has no day (ISO 3166)."""
        return self.scheme.value.upper()

    def follows(self, before: "Payee | None") -> "Payee":
        """The same in the place of another one; None: there was none."""
        if before is None:
            return replace(self, edition=1)
        accounts = dict.fromkeys((*before.formerly, before.iban))
        formerly = tuple(one for one in accounts if one != self.iban)
        return replace(self, edition=before.edition + 1, since=before.since, formerly=formerly)


def has_same_account(one: Payee | None, other: Payee) -> bool:
    """Whether families would pay into the same account, under the same name and by the same kind of reference."""
    return one is not None and (one.name, one.iban, one.scheme) == (other.name, other.iban, other.scheme)


@dataclass(frozen=True)
class PayeeProposal:
    """A payee with another account, as somebody of finance wants it. It counts for nothing until a second person
    confirms it. `by`: the staff_id of who asked. `proposal_id`: another one for each time that somebody asks, so that
    nobody confirms what they did not see."""

    payee: Payee
    proposal_id: str
    by: str
    by_name: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Payees:
    """All of the city, by municipality."""

    by_municipality: dict[str, Payee]

    def of(self, municipality: str) -> Payee | None:
        """A municipality's own, else the whole city's; None: nothing is paid there."""
        return self.by_municipality.get(municipality) or self.by_municipality.get("")

    @property
    def accounts(self) -> frozenset[str]:
        """Of which the city has statements."""
        return frozenset(iban for payee in self.by_municipality.values() for iban in (payee.iban, *payee.formerly))

    def __bool__(self) -> bool:
        return bool(self.by_municipality)
