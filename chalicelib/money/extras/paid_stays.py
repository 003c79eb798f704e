"""A registration with the tariff by which it pays: what of extras and fines there is for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.booking.registrations.rules import Registration, RegistrationStatus
from chalicelib.core.moments import today
from chalicelib.money.extras.rules import Beside
from chalicelib.money.orders.following import STANDS_AFTER, groups_of, price_of
from chalicelib.money.payees import table as payees_table
from chalicelib.money.payees.rules import Payee, Payees
from chalicelib.money.quotes import booked as bookings
from chalicelib.money.quotes.booked import Booked, WantedItem
from chalicelib.money.tariffs import table as tariffs_table
from chalicelib.money.tariffs.families import FineEvent
from chalicelib.money.tariffs.rules import Labels, PriceRole, Tariff, Unit, Version
from chalicelib.programme.sessions.rules import Session


@dataclass(frozen=True)
class OfferedExtra:
    """`cents`: a day, or once for the registration; what the child would pay now."""

    name: str
    label: Labels
    article: str
    is_daily: bool
    cents: int


@dataclass(frozen=True)
class FineKind:
    """`counts_minutes`: its price depends on how late it was."""

    name: str
    label: Labels
    article: str
    counts_minutes: bool


@dataclass(frozen=True)
class PaidStay:
    """`began`: when its order did, by whose day it pays. `days`: of the session."""

    booked: Booked
    record: Registration
    session: Session
    payee: Payee
    payees: Payees
    tariff: Tariff
    version: Version
    began: datetime
    days: tuple[date, ...]

    @property
    def beside(self) -> Beside:
        registration_id = self.record.registration_id
        return self.booked.beside.get(registration_id) or Beside(registration_id)

    @property
    def is_final(self) -> bool:
        """Whether its seat is for good."""
        stands = self.booked.standings.get(self.record.registration_id)
        return stands is not None and stands.status is RegistrationStatus.CONFIRMED

    def takes_extras(self, now: datetime) -> bool:
        """Until the day before the first."""
        return self.is_final and today(now) < self.days[0]

    def takes_fines(self, now: datetime) -> bool:
        """Once it has begun, while its order is still worked out."""
        return self.days[0] <= today(now) <= self.days[-1] + STANDS_AFTER

    def offered(self, now: datetime) -> Mapping[str, tuple[OfferedExtra, ...]]:
        """By child: the extras for which a line of the tariff fits. What is paid by the hour is none: nobody says here
        when a child comes and goes."""
        names = {
            line.name for line in self.version.lines if line.role is PriceRole.EXTRA and line.unit is not Unit.SLICE
        }
        if not names:
            return {}
        everything = Beside(
            self.record.registration_id, {child: dict.fromkeys(sorted(names)) for child in self.record.child_ids}
        )
        booked = replace(self.booked, beside={**self.booked.beside, everything.registration_id: everything})
        places = {session.municipality for session in booked.sessions.values()}
        tariffs = {place: tariffs_table.in_force(place) for place in places}
        found = price_of(booked, list(groups_of(booked, self.payees)), tariffs, self.payees, now)
        by_code = {line.code: line for line in self.version.lines}
        offered: dict[str, dict[str, OfferedExtra]] = {}
        for child in self.record.child_ids:
            for priced in found.of(self.record.session_id, child):
                line = by_code.get(priced.rule)
                if line and line.role is PriceRole.EXTRA:
                    is_daily = line.unit is not Unit.CAMP
                    extra = OfferedExtra(line.name, line.label, line.article, is_daily, priced.unit_cents)
                    offered.setdefault(child, {}).setdefault(line.name, extra)
        return {child: tuple(named[name] for name in sorted(named)) for child, named in offered.items()}

    @property
    def fines(self) -> tuple[FineKind, ...]:
        found: dict[str, FineKind] = {}
        lines = [line for line in self.version.lines if line.role is PriceRole.FINE]
        for line in lines:
            counts = any(one.name == line.name and one.unit is Unit.SLICE for one in lines)
            found.setdefault(line.name, FineKind(line.name, line.label, line.article, counts))
        return tuple(found[name] for name in sorted(found))

    def fined(self, child_id: str, event: FineEvent, now: datetime) -> int | None:
        """Cents; None: the tariff has no price for it."""
        if child_id not in self.booked.children:
            return None
        item = WantedItem(self.session, child_id, self.began)
        lines = bookings.fine_lines(self.booked.household, item, (event,), self.tariff, self.payee, now)
        return None if lines is None else sum(line.amount_cents for line in lines)


def paid_stay(family_id: str, registration_id: str, now: datetime) -> PaidStay | None:
    """None: nobody takes money for it, or no tariff says how much. One query and two reads."""
    payees = payees_table.remembered()
    if not payees:
        return None
    booked = bookings.of_family(family_id, now)
    for group in groups_of(booked, payees):
        for record in group.records:
            if record.registration_id != registration_id:
                continue
            session, payee = booked.sessions[record.session_id], payees.of(group.municipality)
            tariff = tariffs_table.in_force(group.municipality)
            began = group.records[0].created_at
            version = tariff.version(today(began)) if tariff else None
            days = bookings.camp_days(session, payee.country if payee else "BE")
            if payee is None or tariff is None or version is None or not days:
                return None
            return PaidStay(booked, record, session, payee, payees, tariff, version, began, days)
    return None
