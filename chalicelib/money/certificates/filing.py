"""Declarations to the tax administration, file by file: BCTEST first, then exactly the same as BELCOTAX.

| pk                | sk       | what                                                                              |
| ----------------- | -------- | --------------------------------------------------------------------------------- |
| CERTIFICATES#year | FILE#0001 | which certificates it holds, under which numbers; who fetched and confirmed what |

A file goes through stages, each by a person: its test is fetched; the administration took it; the real one is fetched;
the administration took that, under the number that it gave. Each stage has the one before it as its condition, so the
real file cannot be had before its test was confirmed, nor for other content than the test's. What a file holds is fixed
when its test is first fetched; until the real one was taken it can be begun anew.

Certificates that were never declared go into original files, at most MOST_SHEETS in each, numbered from 1; one whose
national numbers are missing waits for a later file. What was
declared and does not hold any more goes into a file of corrections of that file. Once a file was taken, the national
numbers of its families are erased, as far as no certificate of theirs still waits for a file.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table as core_table
from chalicelib.core.moments import today
from chalicelib.money.certificates import belcotax, national, numbers, table
from chalicelib.money.certificates.belcotax import Sheet, SheetTreatment
from chalicelib.money.certificates.papers import Certificate
from chalicelib.money.certificates.payers import FamilyNumbers
from chalicelib.money.certificates.years import Said

FILE = "FILE#"
# A function answers with 6 MB at most; a sheet is some 1.6 KB, and a third more on its way.
MOST_SHEETS = 2_000
# A family that is looked up with others costs no more than its part of a batch.
BATCH = 100


class Stage(IntEnum):
    """BEGUN: its test was fetched. TESTED: and was taken. FETCHED: the real one was fetched. DONE: and was taken."""

    BEGUN = 1
    TESTED = 2
    FETCHED = 3
    DONE = 4


@dataclass(frozen=True)
class Entry:
    """A sheet of a file: its number there, what it does, and the serial of the certificate that it says."""

    sequence: int
    treatment: SheetTreatment
    serial: int


@dataclass(frozen=True)
class Filed:
    """A file. `corrects`: the number of the file whose sheets it corrects; 0: it is an original. `digest`: of the
    content for which its test was fetched last. `reference`: the administration's number of the sending, once done.
    `by`: who brought it to each stage, and when."""

    year: int
    number: int
    corrects: int
    entries: tuple[Entry, ...]
    digest: str
    stage: Stage = Stage.BEGUN
    reference: str = ""
    by: Mapping[str, Said] = field(default_factory=dict, hash=False)
    edition: int = 1


@dataclass(frozen=True)
class Declared:
    """The administration's record under a file and a number: that certificate, or nothing any more."""

    file: int
    sequence: int
    serial: int
    is_cancelled: bool


@dataclass(frozen=True)
class BelcotaxFile:
    """A file as it is given. `is_test`: BCTEST. `filed`: as it stands in the table from now on. `family_ids`: whose
    numbers are in it."""

    content: bytes
    is_test: bool
    filed: Filed
    family_ids: frozenset[str]


class NothingToFile(Exception):
    """Everything that holds is declared."""


class NumbersMissing(Exception):
    """National numbers of some families are missing, or are not those with which the certificates were made.
    `certificates`: how many."""

    def __init__(self, certificates: int) -> None:
        super().__init__(certificates)
        self.certificates = certificates


class NotTheTested(Exception):
    """The real file would say something else than the test that was taken: organizer or national numbers changed."""


class NoOrganizer(Exception):
    """The city has not said who organises the care."""


class FileItem(core_table.Item):
    said = JSONAttribute()
    entries = UnicodeAttribute()
    edition = NumberAttribute()


# --- which certificates ---


def declared(files: Iterable[Filed]) -> dict[int, Declared]:
    """The administration's records, by the serial of the certificate that was declared first."""
    found: dict[tuple[int, int], tuple[int, Declared]] = {}
    for one in files:
        if one.stage is not Stage.DONE:
            continue
        for entry in one.entries:
            file = one.corrects or one.number
            first = found[file, entry.sequence][0] if one.corrects else entry.serial
            is_cancelled = entry.treatment is SheetTreatment.CANCELLED
            found[file, entry.sequence] = first, Declared(file, entry.sequence, entry.serial, is_cancelled)
    return dict(found.values())


def next_entries(certificates: Iterable[Certificate], files: Sequence[Filed]) -> tuple[int, list[Entry]]:
    """The file that is due next: the number of the one that it corrects, or 0, and all its sheets; none: nothing is
    due."""
    by_serial = {one.serial: one for one in certificates}
    have = declared(files)
    known = _followed(by_serial, have)
    fresh = [one.serial for one in by_serial.values() if one.is_valid and one.serial not in known]
    if fresh:
        return 0, [Entry(place, SheetTreatment.ORIGINAL, serial) for place, serial in enumerate(sorted(fresh), 1)]
    wrong: dict[int, list[Entry]] = {}
    for first in sorted(have):
        entry = _correction(by_serial, have[first])
        if entry:
            wrong.setdefault(have[first].file, []).append(entry)
    if not wrong:
        return 0, []
    file = min(wrong)
    return file, wrong[file]


def _followed(by_serial: Mapping[int, Certificate], have: Mapping[int, Declared]) -> set[int]:
    """The serials that were declared, and of those that took their places."""
    known: set[int] = set()
    for one in have.values():
        serial: int | None = one.serial
        while serial is not None and not one.is_cancelled:
            known.add(serial)
            serial = by_serial[serial].replaced_by if serial in by_serial else None
    return known


def _correction(by_serial: Mapping[int, Certificate], one: Declared) -> Entry | None:
    """The entry that corrects a declared certificate, if that does not hold any more."""
    if one.is_cancelled or one.serial not in by_serial:
        return None
    last = by_serial[one.serial]
    while last.replaced_by is not None:
        last = by_serial[last.replaced_by]
    if not last.is_valid:
        return Entry(one.sequence, SheetTreatment.CANCELLED, last.serial)
    return Entry(one.sequence, SheetTreatment.CHANGED, last.serial) if last.serial != one.serial else None


# --- the file ---


def give(year: int, by: Said) -> BelcotaxFile:
    """The file that is due: the test until it was confirmed, then the real one. Fetching it is written down first.
    Raises NothingToFile, NumbersMissing, NotTheTested, NoOrganizer, Refused if somebody else was faster, and Busy."""
    files = every(year)
    by_serial = {one.serial: one for one in table.every(year)}
    filed = in_progress(files)
    if filed is None:
        corrects, entries = next_entries(by_serial.values(), files)
        if not entries:
            raise NothingToFile
        filed = Filed(year, len(files) + 1, corrects, tuple(_ready(entries, by_serial)), "", edition=0)
    sheets, missing = _sheets(filed.entries, by_serial)
    if missing:
        raise NumbersMissing(len(missing))
    used = [one.certificate.organizer for one in sheets]
    organizers = {key: one for key, one in table.organizers().items() if key in used}
    if set(used) - organizers.keys():
        raise NoOrganizer
    reference = next((one.reference for one in files if one.number == filed.corrects), "")
    ordered = [organizers[key] for key in sorted(organizers)]
    digest = belcotax.content_digest(ordered, sheets, year, reference)
    is_test = filed.stage is Stage.BEGUN
    if is_test:
        filed = _fetched(filed, digest, "test", by)
    elif filed.digest != digest:
        raise NotTheTested
    elif filed.stage is Stage.TESTED:
        filed = _moved(filed, Stage.FETCHED, "real", by)
    content = belcotax.written(ordered, sheets, year, today(by.at), is_test=is_test, reference=reference)
    return BelcotaxFile(content, is_test, filed, frozenset(one.certificate.family_id for one in sheets))


def _ready(entries: Sequence[Entry], by_serial: Mapping[int, Certificate]) -> list[Entry]:
    """At most MOST_SHEETS of them whose national numbers are there, numbered anew if they are originals: one family
    that had itself erased, or changed a number, does not hold up all others. Raises NumbersMissing if none is ready."""
    _, missing = _sheets(entries, by_serial)
    some = [one for one in entries if one.serial not in missing][:MOST_SHEETS]
    if not some:
        raise NumbersMissing(len(missing))
    return [
        replace(one, sequence=place) if one.treatment is SheetTreatment.ORIGINAL else one
        for place, one in enumerate(some, 1)
    ]


def _sheets(entries_: Iterable[Entry], by_serial: Mapping[int, Certificate]) -> tuple[list[Sheet], set[int]]:
    """And the serials of those whose national numbers are missing, or are not those with which they were made."""
    entries = [(entry, by_serial[entry.serial]) for entry in entries_]
    family_ids = list(dict.fromkeys(certificate.family_id for _, certificate in entries))
    given: dict[str, FamilyNumbers] = {}
    for start in range(0, len(family_ids), BATCH):
        given |= national.several(family_ids[start : start + BATCH])
    sheets: list[Sheet] = []
    missing: set[int] = set()
    for entry, certificate in entries:
        own = given.get(certificate.family_id)
        payer = own.payers[certificate.place].number if own and certificate.place < len(own.payers) else ""
        child = own.children.get(certificate.child.child_id, "") if own else ""
        fits = bool(payer and child) and numbers.proof(payer, child) == certificate.proof
        if entry.treatment is SheetTreatment.CANCELLED:
            payer, child = (payer, child) if fits else ("", "")
        elif not fits:
            missing.add(entry.serial)
        sheets.append(Sheet(certificate, entry.sequence, payer, child, entry.treatment))
    return sheets, missing


# --- stages ---


def confirm_test(filed: Filed, by: Said) -> None:
    """That the administration took the test. Raises Refused if it is not as it was read."""
    if filed.stage is Stage.BEGUN:
        _moved(filed, Stage.TESTED, "test_taken", by)


def confirm(filed: Filed, reference: str, by: Said) -> None:
    """That the administration took the real file, under this number of its own; then the national numbers go. Raises
    Refused if it is not as it was read, and Busy; once more is the same."""
    if filed.stage is Stage.FETCHED:
        filed = _moved(replace(filed, reference=reference), Stage.DONE, "real_taken", by)
    if filed.stage is Stage.DONE:
        forget_numbers(filed)


def forget_numbers(filed: Filed) -> int:
    """Erases the national numbers that the file's families gave before it was taken, of those of whom nothing waits for
    another file; answers of how many. Again is the same."""
    every_ = list(table.every(filed.year))
    known = _followed({one.serial: one for one in every_}, declared(every(filed.year)))
    wait = {one.family_id for one in every_ if one.is_valid and one.serial not in known}
    serials = {entry.serial for entry in filed.entries}
    family_ids = {one.family_id for one in every_ if one.serial in serials} - wait
    taken = filed.by["real_taken"].at
    return sum(national.erase_given_until(family_id, taken) for family_id in sorted(family_ids))


def begin_anew(filed: Filed) -> None:
    """Drops a file that the administration has not taken. Raises Refused if it is not as it was read."""
    if filed.stage is not Stage.DONE:
        condition = core_table.as_read("edition", filed.edition)
        core_table.call("DeleteItem", Key=_key(filed.year, filed.number), **condition)


def in_progress(files: Iterable[Filed]) -> Filed | None:
    return next((one for one in files if one.stage is not Stage.DONE), None)


def every(year: int) -> list[Filed]:
    """The files of a year, in their order."""
    found = FileItem.query(f"{table.OF_YEAR}{year}", FileItem.sk.startswith(FILE), consistent_read=True)
    return [_read(item) for item in found]


def _fetched(filed: Filed, digest: str, what: str, by: Said) -> Filed:
    after = replace(filed, digest=digest, by={**filed.by, what: by}, edition=filed.edition + 1)
    _put(after)
    return after


def _moved(filed: Filed, stage: Stage, what: str, by: Said) -> Filed:
    after = replace(filed, stage=stage, by={**filed.by, what: by}, edition=filed.edition + 1)
    _put(after)
    return after


def _put(filed: Filed) -> None:
    item = FileItem(
        f"{table.OF_YEAR}{filed.year}",
        f"{FILE}{filed.number:04}",
        said={
            "corrects": filed.corrects,
            "digest": filed.digest,
            "stage": filed.stage.value,
            "reference": filed.reference,
            "by": {what: [one.staff_id, one.name, one.at.isoformat()] for what, one in filed.by.items()},
        },
        entries=json.dumps([[one.sequence, one.treatment.value, one.serial] for one in filed.entries]),
        edition=filed.edition,
    )
    core_table.call("PutItem", Item=item.serialize(), **core_table.as_read("edition", filed.edition - 1))


def _key(year: int, number: int) -> dict[str, Any]:
    return core_table.key(f"{table.OF_YEAR}{year}", f"{FILE}{number:04}")


def _read(item: FileItem) -> Filed:
    said = item.said
    return Filed(
        year=int(item.pk.removeprefix(table.OF_YEAR)),
        number=int(item.sk.removeprefix(FILE)),
        corrects=said["corrects"],
        entries=tuple(
            Entry(sequence, SheetTreatment(treatment), serial)
            for sequence, treatment, serial in json.loads(item.entries)
        ),
        digest=said["digest"],
        stage=Stage(said["stage"]),
        reference=said["reference"],
        by={what: Said(staff, name, datetime.fromisoformat(at)) for what, (staff, name, at) in said["by"].items()},
        edition=int(item.edition),
    )
