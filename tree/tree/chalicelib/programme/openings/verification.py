"""Recomputes from the published list alone that everybody came when the seed said. No table, no secret, no network.

What it cannot see is what is not in the list: who cancelled since, and whether a family was named late. What it sees is
whether the seed is the one that was committed to, whether each admission follows from it, whether anybody had a seat
by the opening before their moment, and whether anything of the list was changed since it was published.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.city.ledger import rules as ledger
from chalicelib.programme.openings.admission import planned
from chalicelib.programme.openings.published import BY_LIST, BY_OPENING, COLUMNS, in_order, list_hash, milliseconds
from chalicelib.programme.openings.rules import OpeningKind, Shift, Window

NO_LIST = "This is no list of an opening as GET /api/openings/{opening_id}/list answers it, or a part of it is broken."


@dataclass(frozen=True)
class Verified:
    """`problems`: one English sentence each; none: everything fits. `admissions`: how many were recomputed; `entries`:
    how many entries of the ledger were."""

    problems: list[str]
    rows: int = 0
    admissions: int = 0
    entries: int = 0


def joined(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One document of the parts that the API answers, one after the other; raises ValueError if they are not all the
    parts of one list, as it was at one time."""
    heads = [[part[name] for name in ("opening", "columns", "hash")] for part in parts]
    follows = [part.get("next") for part in parts]
    if not heads or any(head != heads[0] for head in heads) or follows != [*range(1, len(parts)), None]:
        raise ValueError("no parts of one list")
    return {**parts[0], "rows": [row for part in parts for row in part["rows"]], "next": None}


def verify(*parts: Mapping[str, Any]) -> Verified:
    """`parts`: what the API answers; a short list has one."""
    try:
        return _verify(joined(parts))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
        return Verified([NO_LIST])


def _verify(document: Mapping[str, Any]) -> Verified:
    terms, rows = document["opening"], document["rows"]
    problems = []
    seed = bytes.fromhex(terms["seed"])
    if hashlib.sha256(seed).hexdigest() != terms["commitment"]:
        problems.append("The seed is not the one that was committed to: its SHA-256 is another.")
    if list_hash(document) != document["hash"]:
        problems.append("The list was changed after it was published: its SHA-256 is another.")
    if document["columns"] != list(COLUMNS):
        return Verified([*problems, NO_LIST])
    if rows != sorted(rows, key=in_order):
        problems.append("The rows do not stand in the order in which the registrations came.")
    admissions = 0
    if terms["kind"] == OpeningKind.FIRST_COME:  # a draw has its own list, and its own verifier
        for number, row in enumerate(rows, 1):
            found, is_recomputed = _of_row(dict(zip(COLUMNS, row, strict=True)), terms, seed)
            problems += [f"Row {number}: {problem}" for problem in found]
            admissions += is_recomputed
    entries = _ledger(document.get("ledger"), terms, problems)
    return Verified(problems, len(rows), admissions, entries)


def _of_row(row: Mapping[str, Any], terms: Mapping[str, Any], seed: bytes) -> tuple[list[str], bool]:
    """Its faults, and whether its admission was recomputed."""
    by_order = row["channel"] in (BY_OPENING, BY_LIST)
    if not row["keys"]:
        problem = "it came by the opening, but no draw key admitted it."
        return [problem] if by_order else [], False
    if not 0 <= row["window"] < len(terms["windows"]):
        return ["it names a window that there is not."], False
    admitted = milliseconds(_admitted(terms, row["window"], row["keys"], seed, is_late=row["is_late"]))
    found = []
    if admitted != row["admitted_at"]:
        who = "comes after the spread, at" if row["is_late"] else "is admitted by the seed at"
        found.append(f"this family {who} {admitted}, and the list says {row['admitted_at']} (milliseconds since 1970).")
    if by_order and row["registered_at"] < admitted:
        found.append(f"it was registered {admitted - row['registered_at']} ms before its moment.")
    return found, True


def _admitted(terms: Mapping[str, Any], number: int, keys: list[str], seed: bytes, *, is_late: bool) -> datetime:
    written = terms["windows"][number]
    window = Window(datetime.fromisoformat(written["opens_at"]), timedelta(minutes=written["spread_minutes"]))
    at = planned(window, keys, seed, is_late=is_late)
    for shift in terms["shifts"]:
        at = Shift(datetime.fromisoformat(shift["after"]), timedelta(seconds=shift["seconds"])).of(at)
    return at


def _ledger(part: Mapping[str, Any] | None, terms: Mapping[str, Any], problems: list[str]) -> int:
    """Whether the chain is whole, and has the commitment as it was when the opening was published."""
    if part is None:
        return 0
    entries = part["entries"]
    problems += ledger.verify(entries, ledger.Head(part["head"]["number"], part["head"]["hash"]))
    published = [
        entry["public"]["details"]
        for entry in entries
        if (entry["public"]["opening_id"], entry["public"]["what"]) == (terms["opening_id"], ledger.LedgerAct.PUBLISHED)
    ]
    if [(one["version"], one["commitment"]) for one in published] != [(terms["version"], terms["commitment"])]:
        problems.append("The ledger does not say that this version was published with this commitment.")
    return len(entries)
