"""Entries of the ledger as pages and files show them: chosen, the latest first, page by page, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.city.ledger.rules import BEFORE_ALL, Head, LedgerAct, LedgerEntry
from chalicelib.core.languages import N_, translate
from chalicelib.core.languages import in_words as words
from chalicelib.insight.statistics import EXCEPTIONS
from chalicelib.programme.openings import table
from chalicelib.programme.openings.rules import title
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.cells import LABELS

ON_A_PAGE = 50
# Names of the public details of entries. A detail that is not here is shown by its own name.
DETAILS = {
    "version": N_("version"),
    "commitment": N_("commitment"),
    "incident": N_("incident"),
    "opens_at": N_("opens"),
    "wishes_until": N_("wishes until"),
    "children": N_("children"),
    "outcome": N_("outcome"),
    "value": N_("value"),
    "seats": N_("seats"),
    "for": N_("for"),
    "from": N_("from"),
    "to": N_("to"),
    "despite_age": N_("despite the age"),
    "registrations": N_("registrations"),
    "offers": N_("offers"),
    "waiting": N_("on the waiting list"),
    "kept_despite_age": N_("stay despite their age"),
    "proposed_by": N_("proposed by"),
    "questions": N_("questions"),
    "required": N_("must be answered"),
    "units": N_("units of the city"),
    "joined": N_("people who joined"),
    "no_longer_confidential": N_("no longer confidential"),
    **LABELS,  # of a session that was changed
}


# Values of details, where they are words of ours.
VALUES = {
    "seats": N_("seats"),
    "waiting-list": N_("place on the waiting list"),
    "free": N_("free seats"),
    "staff": N_("staff"),
    "reduced": N_("reduced rate"),
    "invited": N_("the other parent is invited"),
    "ended": N_("sharing is ended"),
    "hidden": N_("the camps are hidden from the other parent"),
    "shown": N_("the camps are hidden no longer"),
    "registrant": N_("Only the parent who registered the child"),
    "both": N_("Both parents"),
    "not-set": N_("no moment"),
}


@dataclass(frozen=True)
class EntryInWords:
    """An entry in words. `opening`, `session`: their titles; empty where it is about none."""

    entry: LedgerEntry
    what: str
    opening: str
    session: str
    details: str


@dataclass(frozen=True)
class Pages:
    """`entries`: of this page, the latest first; `page` of `of`, from 1; `head`: of the whole chain, whatever was
    chosen."""

    entries: Sequence[LedgerEntry]
    page: int
    of: int
    number: int
    head: Head


def chosen(chain: Sequence[LedgerEntry], opening_id: str = "", what: str = "") -> list[LedgerEntry]:
    """The latest first. Empty: whatever it is."""
    return [
        entry
        for entry in reversed(chain)
        if (not opening_id or entry.opening_id == opening_id) and (not what or entry.what == what)
    ]


def listed(
    chain: Sequence[LedgerEntry], asked: Mapping[str, str], language: str, now: datetime, *, is_private: bool = False
) -> dict[str, Any]:
    """The values of a page of the ledger. `asked`: `opening`, `what` and `page`, as they stand in its address."""
    found = chosen(chain, asked.get("opening", ""), asked.get("what", ""))
    shown = paged(chain, found, asked.get("page", ""))
    return {
        "shown": shown,
        "rows": in_words(shown.entries, language, now, is_private=is_private),
        "kinds": kinds(chain, language),
        "opening_ids": opening_ids(chain),
    }


def paged(chain: Sequence[LedgerEntry], found: Sequence[LedgerEntry], asked: str) -> Pages:
    """`asked`: which page, as somebody typed it; what is none is the first or the last."""
    of = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(int(asked), 1), of) if asked.isdecimal() and len(asked) < 9 else 1
    shown = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return Pages(shown, page, of, len(found), chain[-1].head if chain else BEFORE_ALL)


def in_words(
    entries: Sequence[LedgerEntry], language: str, now: datetime, *, is_private: bool = False
) -> list[EntryInWords]:
    """`is_private`: with what only staff may know of the details. One read for the sessions' titles."""
    openings = {one.opening_id: title(one.plan, language) for one in table.remembered(now)}
    sessions = programme.several({entry.session_id for entry in entries if entry.session_id})
    titles = {session_id: one.title for session_id, one in sessions.items()}
    return [
        EntryInWords(
            entry,
            translate(EXCEPTIONS[entry.what], language),
            openings.get(entry.opening_id or "", entry.opening_id or ""),
            titles.get(entry.session_id or "", entry.session_id or ""),
            _details({**entry.details, **(entry.private if is_private else {})}, language),
        )
        for entry in entries
    ]


def _details(details: Mapping[str, Any], language: str) -> str:
    """`version: 1; commitment: 3f…`."""
    return "; ".join(
        f"{translate(DETAILS[name], language) if name in DETAILS else name}: {_in_words(value, language)}"
        for name, value in details.items()
    )


def _in_words(value: Any, language: str) -> str:
    """Moments, our own words, yes and no; anything else as it stands there."""
    if isinstance(value, bool):
        return translate(N_("yes") if value else N_("no"), language)
    if isinstance(value, Mapping) and value.keys() == {"from", "to"}:
        return f"{_value(value['from']) or '–'} → {_value(value['to']) or '–'}"
    if not isinstance(value, str):
        return _value(value)
    if value in VALUES:
        return translate(VALUES[value], language)
    try:
        return words.moment(datetime.fromisoformat(value), language) if "T" in value else value
    except ValueError:
        return value


def as_text(details: Mapping[str, Any]) -> str:
    """The same for programs, with the API's names."""
    return "; ".join(f"{name}: {_value(value)}" for name, value in details.items())


def kinds(chain: Sequence[LedgerEntry], language: str) -> list[tuple[str, str]]:
    """The kinds that have entries, as value and words."""
    present = {entry.what for entry in chain}
    return [(what.value, translate(EXCEPTIONS[what], language)) for what in LedgerAct if what in present]


def opening_ids(chain: Sequence[LedgerEntry]) -> list[str]:
    return sorted({entry.opening_id for entry in chain if entry.opening_id}, reverse=True)


def _value(value: Any) -> str:
    if isinstance(value, Mapping) and "name" in value:
        return str(value["name"])  # somebody of staff
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return str(value)
