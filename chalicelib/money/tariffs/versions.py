"""A tariff's versions on their way from a draft to what families pay by: who changed one, who accepted it, what follows
on what.

A tariff is of one municipality, or of the whole city (""). Somebody who changed a version cannot accept it, and two
people do; from then on it never changes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.core.canonical import canonical
from chalicelib.core.moments import today
from chalicelib.money.tariffs.check import TariffFinding
from chalicelib.money.tariffs.document import to_document
from chalicelib.money.tariffs.rules import Labels, Tariff, Version

WHOLE_CITY = ""
NEEDED = 2  # people who accept
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Editor:
    """Somebody of the city who changed a version."""

    staff_id: str
    name: str


@dataclass(frozen=True)
class Acceptance:
    """Somebody said that the version and what the check found are right as they stood: `digest` says how."""

    by: str  # staff_id
    name: str
    at: datetime
    digest: str


@dataclass(frozen=True)
class StoredVersion:
    """A version of a municipality's tariff. `edition` counts each change of its item. `editors`: all who changed it,
    the last one last. `is_accepted`: by two people, and so never changed any more."""

    municipality: str
    number: int
    edition: int
    name: Labels
    version: Version
    editors: tuple[Editor, ...]
    edited_at: datetime
    acceptances: tuple[Acceptance, ...] = ()
    is_accepted: bool = False

    @property
    def alone(self) -> Tariff:
        """The tariff that has this version only: for the check, and to try families on."""
        return Tariff(self.name, (self.version,))

    def changed_by(self, editor: Editor, at: datetime, name: Labels, version: Version) -> "StoredVersion":
        """Another draft, which nobody has accepted."""
        editors = *(each for each in self.editors if each.staff_id != editor.staff_id), editor
        moment = at.replace(microsecond=0)
        return replace(self, name=name, version=version, editors=editors, edited_at=moment, acceptances=())

    def is_edited_by(self, staff_id: str) -> bool:
        return any(each.staff_id == staff_id for each in self.editors)

    def is_accepted_by(self, staff_id: str) -> bool:
        return any(each.by == staff_id for each in self.acceptances)


def digest(stored: StoredVersion, findings: Sequence[TariffFinding]) -> str:
    """Of what somebody accepts: whose version, all that it says, and the findings, in hexadecimal digits."""
    accepted = {
        "municipality": stored.municipality,
        "number": stored.number,
        "tariff": to_document(stored.alone),
        "findings": [to_document(each) for each in findings],
    }
    return hashlib.sha256(canonical(accepted)).hexdigest()


def may_begin(first_day: date, now: datetime) -> bool:
    """Not before tomorrow: whoever registered today did so by what was shown today."""
    return first_day > today(now)


def combined(own: Sequence[Version], whole: Sequence[Version]) -> tuple[Version, ...]:
    """The versions in a municipality that has some of its own: those, and on the days before the first and after the
    last of them the whole city's. Both in the order of their first days, and without a gap."""
    if not own:
        return tuple(whole)
    begins, ends = own[0].first_day, own[-1].last_day
    before = tuple(_until(whole, begins - _DAY))
    after = tuple(_since(whole, ends + _DAY)) if ends is not None else ()
    return (*before, *own, *after)


def _until(versions: Sequence[Version], last_day: date) -> Iterator[Version]:
    """Those that begin by then, the last of them cut short."""
    begun = [version for version in versions if version.first_day <= last_day]
    for number, version in enumerate(begun):
        is_last = number == len(begun) - 1
        ends = last_day if version.last_day is None else min(version.last_day, last_day)
        yield replace(version, last_day=ends) if is_last else version


def _since(versions: Sequence[Version], first_day: date) -> Iterator[Version]:
    """Those that hold on that day or later, the first of them from then on."""
    for number, version in enumerate(versions):
        following = versions[number + 1].first_day if number + 1 < len(versions) else None
        ends = version.last_day or (following - _DAY if following else None)
        if ends is None or ends >= first_day:
            yield replace(version, first_day=max(version.first_day, first_day))
