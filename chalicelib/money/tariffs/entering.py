"""A manager enters a version of a tariff; two others accept it, as it stands and with what the check found.

Each change is a write whose condition is the edition that the page showed. What somebody accepts is a digest of the
version and the findings: who looked at another one accepted nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem, existing, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.money.tariffs import table
from chalicelib.money.tariffs.check import TariffFinding, check
from chalicelib.money.tariffs.document import MOST_LONG, TOO_LONG, NotATariff, read_draft, written
from chalicelib.money.tariffs.faults import EMPTY, Fault, faults
from chalicelib.money.tariffs.rules import Labels, Tariff, Version
from chalicelib.money.tariffs.versions import NEEDED, Acceptance, Editor, StoredVersion, digest, may_begin
from chalicelib.people.staff.rules import Staff

IS_ACCEPTED = N_("This version is accepted, so it never changes. Make a new version.")
YOURS = N_("You changed this version. Two people who did not change it accept it.")
TWICE = N_("You accepted this version already. Somebody else has to accept it too.")
NOT_WHOLE = N_("Something is missing in this version. Mend it first: it is named on this page.")
BEGUN = N_("A version begins tomorrow at the earliest. Give it another first day.")
ONE_VERSION = N_("Send one version at a time. This file has {count}.")

OF_VERSION = "versions[0]."
T = TypeVar("T")


class Part(StrEnum):
    """The parts of a version that have several elements."""

    LINES = "lines"
    SURCHARGES = "surcharges"
    DISCOUNTS = "discounts"
    PUBLISHED = "published"
    CANCELLING = "cancelling"


@dataclass(frozen=True)
class Deed:
    """Who changes a draft, when, and the edition of it that they looked at."""

    by: Staff
    edition: int
    now: datetime

    @property
    def editor(self) -> Editor:
        return Editor(self.by.staff_id, self.by.name)


@dataclass(frozen=True)
class LookedAt:
    """A version as somebody judges it. `faults`: while there are any, it is not checked and cannot be accepted; their
    places are those in the version. `digest`: what is accepted. `accepted`: those whose acceptance is of this."""

    stored: StoredVersion
    faults: tuple[Fault, ...]
    findings: tuple[TariffFinding, ...]
    digest: str

    @property
    def accepted(self) -> tuple[Acceptance, ...]:
        return tuple(each for each in self.stored.acceptances if each.digest == self.digest)


def look(municipality: str, number: int) -> LookedAt:
    """Raises Problem `not-found`."""
    return judged(existing(table.get(municipality, number)))


def judged(stored: StoredVersion) -> LookedAt:
    """With what is missing in it, or else what the check finds; that takes seconds for hundreds of prices."""
    found = () if stored.is_accepted else _faults(stored)
    findings = () if found else check(stored.alone)
    return LookedAt(stored, found, findings, digest(stored, findings))


def begin(municipality: str, by: Staff, now: datetime) -> StoredVersion:
    """An empty draft, from the first day of the next year on, until somebody says another day."""
    return _create(municipality, Labels("", "", ""), Version(date(today(now).year + 1, 1, 1), "", ()), by, now)


def copy(municipality: str, number: int, by: Staff, now: datetime) -> StoredVersion:
    """A draft of all that this version has; its days and the council's decision are to be said anew. Whoever changed a
    draft that is copied has changed the copy too, or they could accept their own prices in it. Raises Problem
    `not-found`."""
    of = existing(table.get(municipality, number))
    version = replace(of.version, first_day=date(today(now).year + 1, 1, 1), last_day=None, decision="")
    before = () if of.is_accepted else tuple(each for each in of.editors if each.staff_id != by.staff_id)
    return _create(municipality, of.name, version, by, now, before)


def paste(municipality: str, text: str, by: Staff, now: datetime) -> StoredVersion:
    """A draft as `document.py` writes it, with one version, perhaps not whole yet. Raises Problem `invalid`."""
    try:
        tariff = read_draft(text)
    except NotATariff as wrong:
        raise Problem(INVALID, errors=_in_the_file(wrong.faults)) from None
    if len(tariff.versions) != 1:
        raise Problem(INVALID, errors=[FieldError("document", ONE_VERSION, {"count": len(tariff.versions)})])
    return _create(municipality, tariff.name, tariff.versions[0], by, now)


def change(
    municipality: str,
    number: int,
    edit: Callable[[Version], Version],
    place: str,
    deed: Deed,
    name: Labels | None = None,
) -> StoredVersion:
    """The draft with what `edit` makes of it, and perhaps another name; nobody has accepted it then. What is wrong at
    `place` (`lines[3]`; "" is what there is one of) is refused with Problem `invalid`, the fields named from there on;
    what is missing elsewhere may still come. Raises Problem `not-found`, `not-now` and `changed`."""
    before = _draft(municipality, number, deed)
    after = before.changed_by(deed.editor, deed.now, name or before.name, edit(before.version))
    found = {_field(each, place): each for each in (*faults(after.alone), *_not_to_be_read(after))}
    if errors := [FieldError(field, each.text, dict(each.values)) for field, each in found.items() if field]:
        raise Problem(INVALID, errors=errors)
    return _unless_changed(lambda: table.write(after))


def delete(municipality: str, number: int, deed: Deed) -> None:
    """Raises Problem `not-found`, `not-now` and `changed`."""
    draft = _draft(municipality, number, deed)
    _unless_changed(lambda: table.delete(draft))


def accept(municipality: str, number: int, accepted_digest: str, by: Staff, now: datetime) -> StoredVersion:
    """One of two people says that it is right. The second acceptance is the write by which it holds. Raises Problem
    `not-found`; `not-now` for who changed it, who accepted it, what is not whole or begins too early; `changed` if it
    is another one than they looked at."""
    seen = look(municipality, number)
    if seen.stored.is_accepted:
        raise not_now(IS_ACCEPTED)
    if seen.digest != accepted_digest:
        raise Problem(CHANGED)
    if seen.faults:
        raise not_now(NOT_WHOLE)
    if seen.stored.is_edited_by(by.staff_id):
        raise not_now(YOURS)
    if any(each.by == by.staff_id for each in seen.accepted):
        raise not_now(TWICE)
    if not may_begin(seen.stored.version.first_day, now):
        raise not_now(BEGUN)
    acceptance = Acceptance(by.staff_id, by.name, now.replace(microsecond=0), seen.digest)
    after = replace(seen.stored, acceptances=(*seen.accepted, acceptance))
    if len(after.acceptances) < NEEDED:
        return _unless_changed(lambda: table.write(after))
    try:
        return _unless_changed(lambda: table.accept(after))
    except NotATariff:
        # Another version was accepted since it was looked at, on which this one does not follow.
        raise not_now(NOT_WHOLE) from None


# The parts that have several elements.


def several(version: Version, part: Part) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(version, part.value)
    return found


def put(version: Version, part: Part, place: int | None, element: object) -> Version:
    """In the place of what stands there; None: at the end."""
    found = list(several(version, part))
    if place is None:
        found.append(element)
    else:
        found[place] = element
    return _with(version, part, found)


def taken_away(version: Version, part: Part, place: int) -> Version:
    found = list(several(version, part))
    del found[place]
    return _with(version, part, found)


def moved_up(version: Version, part: Part, place: int) -> Version:
    """Before the one that stands before it; the first one stays."""
    found = list(several(version, part))
    found.insert(max(0, place - 1), found.pop(place))
    return _with(version, part, found)


def _with(version: Version, part: Part, found: Sequence[object]) -> Version:
    changed: Mapping[str, Any] = {part.value: tuple(found)}
    return replace(version, **changed)


def _create(
    municipality: str, name: Labels, version: Version, by: Staff, now: datetime, before: tuple[Editor, ...] = ()
) -> StoredVersion:
    if len(written(Tariff(name, (version,))).encode()) > MOST_LONG:
        raise Problem(INVALID, errors=[FieldError("document", TOO_LONG)])
    return table.create(municipality, name, version, (*before, Editor(by.staff_id, by.name)), now)


def _draft(municipality: str, number: int, deed: Deed) -> StoredVersion:
    found = existing(table.get(municipality, number))
    if found.is_accepted:
        raise not_now(IS_ACCEPTED)
    if found.edition != deed.edition:
        raise Problem(CHANGED)
    return found


def _faults(stored: StoredVersion) -> tuple[Fault, ...]:
    """Of the version itself, and of how it follows on those that were accepted."""
    before = [one.version for one in table.accepted(stored.municipality)]
    whole = faults(Tariff(stored.name, (*before, stored.version)))
    prefix = f"versions[{len(before)}]."
    return tuple(
        replace(each, place=each.place.removeprefix(prefix))
        for each in whole
        if each.place.startswith(prefix) or not each.place.startswith("versions[")
    )


def _not_to_be_read(stored: StoredVersion) -> tuple[Fault, ...]:
    """Faults of a version that could be written and not read again: texts of several lines, or too much of
    everything."""
    text = written(stored.alone)
    if len(text.encode()) > MOST_LONG:
        return (Fault(OF_VERSION, TOO_LONG),)
    try:
        read_draft(text)
    except NotATariff as wrong:
        return wrong.faults
    return ()


def _field(fault: Fault, wanted: str) -> str:
    """The fault's place as a field of the form of `wanted`; empty: it is about something else, or it is a text that may
    still come. What is too much altogether is about whatever made it so."""
    at = fault.place.removeprefix(OF_VERSION)
    if not at:
        return "document"
    if not wanted:
        is_elsewhere = at.partition("[")[0] in {*Part, "versions"} or fault.text == EMPTY
        return "" if is_elsewhere else at
    if at == wanted:
        return wanted.partition("[")[0]
    return at.removeprefix(f"{wanted}.") if at.startswith(f"{wanted}.") else ""


def _in_the_file(found: Sequence[Fault]) -> list[FieldError]:
    return [FieldError(f"document.{each.place}".rstrip("."), each.text, dict(each.values)) for each in found]


def _unless_changed(write: Callable[[], T]) -> T:
    try:
        return write()
    except Interfered:
        raise Problem(CHANGED) from None
