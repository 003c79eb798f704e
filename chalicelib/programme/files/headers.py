"""Which row of a worksheet names its columns, and which column is which, in the words of three languages. Plain rules.

A name that means several things ("van", "begin", "einde") means what the cells below it are. A name that nobody knows
is for a person to match, once: what they said of these names is remembered (table.py).
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.core.ids import named
from chalicelib.core.languages import LANGUAGES, N_, catalogue
from chalicelib.programme.files.grid import Cell, CellKind, Grid
from chalicelib.programme.files.meanings import looks_like
from chalicelib.programme.sessions.cells import LABELS

# One column that says two things, and which of them it is if another column says the second.
PAIRS = {
    "days": ("starts_on", "ends_on"),
    "ages": ("age_min", "age_max"),
    "hours": ("daily_from", "daily_until"),
}
PAIR_LABELS = {
    "days": N_("First and last day"),
    "ages": N_("Ages, from and to"),
    "hours": N_("Hours, from and to"),
}
NAMED = {**LABELS, **PAIR_LABELS}
# What a person says of a column that is not taken.
LEFT_OUT = "-"

# As `folded` writes them; with the columns' names in the code, and their labels in each language.
WORDS = {
    "municipality": "gemeente; stad; commune; ville; city; town",
    "title": "titel; naam; kamp; kampnaam; naam kamp; kamptitel; activiteit; naam activiteit; naam van activiteit; "
    "sessie; thema; omschrijving kamp; titre; nom; nom stage; stage; stages; activite; intitule; intitule stage; "
    "theme; camp; name; activity; session; camp name; name camp; name activity",
    "starts_on": "van; vanaf; start; begin; startdatum; begindatum; datum van; datum vanaf; datum start; datum begin; "
    "van datum; startdag; begint op; start op; du; debut; date debut; debut stage; date du; date depart; a partir du; "
    "from; begins; starts; start date; begin date; date from; date start; begins on; from date",
    "ends_on": "tot; tot en met; t m; einde; eind; einddatum; datum tot; datum tot en met; datum t m; datum einde; "
    "datum eind; tot datum; eindigt op; au; fin; date fin; date au; fin stage; jusqu au; to; until; end; ends; "
    "end date; date to; date until; date end; to date; through",
    "days": "periode; data; dagen; datum; datums; van tot; van tot en met; wanneer; week; dates; date; jours; quand; "
    "du au; semaine; period; days; when; from to",
    "age_min": "min leeftijd; minimum leeftijd; minimumleeftijd; minimale leeftijd; leeftijd van; leeftijd vanaf; "
    "leeftijd min; leeftijd minimum; vanaf leeftijd; van leeftijd; van; vanaf; age min; age minimal; min age; "
    "minimum age; age from; from age; a partir age; age a partir; des; from",
    "age_max": "max leeftijd; maximum leeftijd; maximumleeftijd; maximale leeftijd; leeftijd tot; leeftijd t m; "
    "leeftijd tot en met; leeftijd max; leeftijd maximum; tot leeftijd; tot; t m; tot en met; age max; age maximal; "
    "max age; age to; age until; to age; age jusqu a; jusqu a; to; until",
    "ages": "leeftijd; leeftijden; leeftijdsgroep; leeftijdscategorie; leeftijd van tot; doelgroep; voor wie; "
    "age; ages; tranche age; groupe age; categorie age; pour qui; public; age group; age range; target group; van tot",
    "capacity": "plaatsen; aantal plaatsen; beschikbare plaatsen; max deelnemers; maximum deelnemers; deelnemers; "
    "aantal deelnemers; max aantal deelnemers; maximum aantal deelnemers; max aantal; maximum aantal; aantal; "
    "aantal kinderen; max kinderen; maximum aantal kinderen; capaciteit; max; maximum; place; nombre places; "
    "nbre places; nb places; places disponibles; participants; nombre participants; max participants; "
    "nombre max participants; nombre maximum participants; nombre enfants; max enfants; capacite; capacity; seats; "
    "number seats; number places; number participants; max children",
    "price_eur": "prijs; kostprijs; kost; bedrag; tarief; deelnameprijs; inschrijvingsgeld; prijs per kind; "
    "prijs kind; prijs per week; prijs kamp; prix; prix en; prix par enfant; prix enfant; prix stage; tarif; cout; "
    "montant; participation; price; fee; cost; price per child",
    "place": "plaats; plek; waar; locatie; adres; zaal; gebouw; plaats van kamp; locatie kamp; lieu; lieu stage; ou; "
    "endroit; adresse; salle; place; where; location; venue; address",
    "daily_from": "begin; start; van; vanaf; beginuur; begin uur; startuur; start uur; beginuren; aanvang; uur van; "
    "uur vanaf; uren van; van uur; vanaf uur; begintijd; starttijd; start om; debut; heure debut; heure du debut; "
    "heure arrivee; arrivee; a partir; from; start time; starts at; begin time; time from; opening",
    "daily_until": "einde; eind; tot; einduur; eind uur; uur tot; uren tot; tot uur; eindtijd; fin; heure fin; "
    "heure depart; jusqu a; to; until; end; end time; finishes at; time to; time until",
    "hours": "uren; uur; tijd; tijden; tijdstip; uurregeling; dagindeling; van tot; uren van tot; horaire; horaires; "
    "heure; heures; hours; time; times; daily hours; from to",
    "kind": "soort; soort kamp; type; type kamp; categorie; discipline; genre; sorte; type stage; category; kind camp",
    # Never by a word of a city's own: everybody reads it, and a list may have somebody's own phone.
    "contact": "",
    "note": "prijsinfo; info prijs; info over prijs; kortingen; info prix; reductions; price info; price note",
    "source": "bron; link; url; website; webpagina; webadres; site web; lien; page web; web page; web address",
}
# Words that say nothing about which column it is.
EMPTY_WORDS = frozenset(
    ("de", "het", "een", "le", "la", "les", "l", "d", "the", "of", "in", "eur", "euro", "euros", "jaar", "jaren", "ans")
)
HEADERS_WITHIN = 25
CELLS_LOOKED_AT = 50


def folded(name: str) -> str:
    """A column's name as it is compared: "Prijs (€)" and "PRIJS in euro" are one."""
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(one)
    ).replace("œ", "oe")
    words = re.findall("[a-z0-9]+", plain)
    return " ".join(word for word in words if word not in EMPTY_WORDS)


def _candidates() -> Mapping[str, Sequence[str]]:
    """A name to the columns that it may mean."""
    found: dict[str, list[str]] = {}
    for column, words in WORDS.items():
        names = [column, *words.split("; ")] if words else []
        if column in NAMED:
            names += [catalogue(language).gettext(NAMED[column]) for language in LANGUAGES]
        for one in names:
            columns = found.setdefault(folded(one), [])
            if column not in columns:
                columns.append(column)
    return found


class _Known:
    """Made when the first file comes: nobody else needs it."""

    candidates: Mapping[str, Sequence[str]] | None = None


def meant_by(name: str) -> Sequence[str]:
    """The columns that a name may mean."""
    if _Known.candidates is None:
        _Known.candidates = _candidates()
    return _Known.candidates.get(folded(name), ())


def known_headers(names: Sequence[str]) -> int:
    """How many of them are names of columns, each counted once."""
    return len({folded(name) for name in names if meant_by(name)})


@dataclass(frozen=True)
class ReadColumn:
    """A column that has a name. `column`: what it is; LEFT_OUT if a person said so; "" if nobody knows. `twice`: what
    it would be if another column were not that too. `example`: what stands in it."""

    place: int
    header: str
    column: str
    twice: str = ""
    example: str = ""


@dataclass(frozen=True)
class Header:
    """`at`: where its row stands among the rows of its grid. `signature`: of the names, for what is remembered.
    `is_known`: whether its names say by themselves that it is one."""

    at: int
    line: int
    columns: Sequence[ReadColumn]
    signature: str
    is_known: bool

    def of(self, column: str) -> ReadColumn | None:
        return next((one for one in self.columns if one.column == column), None)


def find(grid: Grid, matched: Callable[[str], Mapping[int, str]]) -> Header | None:
    """The row that names the columns: of the first rows that with most of the names that we know; where there are none,
    the first with several texts. None: this is no list. `matched`: what a person said of the header of that signature,
    by place."""
    rows = grid.rows[:HEADERS_WITHIN]
    scores = [known_headers([cell.text for cell in cells if cell.kind is CellKind.TEXT]) for _, cells in rows]
    best = max(scores, default=0)
    is_known = best >= 2
    if is_known:
        at = scores.index(best)
    else:
        several = [at for at, (_, cells) in enumerate(rows) if sum(1 for cell in cells if cell.text.strip()) >= 2]
        if not several or len(grid.rows) < several[0] + 2:
            return None
        at = several[0]
    line, cells = rows[at]
    names = [" ".join(cell.text.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    signature = signature_of(names)
    below = [cells for _, cells in grid.rows[at + 1 : at + 1 + CELLS_LOOKED_AT]]
    return Header(at, line, _columns(names, below, matched(signature)), signature, is_known)


def signature_of(names: Sequence[str]) -> str:
    return named("|".join(hashlib.sha256(name.casefold().encode()).hexdigest() for name in names), 16)


def _columns(names: Sequence[str], below: Sequence[Sequence[Cell]], matched: Mapping[int, str]) -> list[ReadColumn]:
    cells_of = {
        place: [cells[place] for cells in below if place < len(cells) and cells[place].text.strip()]
        for place in range(len(names))
    }
    sure = {meant[0] for name in names if len(meant := meant_by(name)) == 1}
    chosen = {place: matched.get(place, "") or _chosen(name, cells_of[place], sure) for place, name in enumerate(names)}
    # A column for both ends is the first of them where another one is the second.
    for pair, (first, last) in PAIRS.items():
        for place, column in chosen.items():
            if column == pair and place not in matched and last in chosen.values() and first not in chosen.values():
                chosen[place] = first
    found: list[ReadColumn] = []
    for place, name in enumerate(names):
        if not name and not cells_of[place]:
            continue
        column = chosen[place]
        others = [one for one in chosen if chosen[one] == column and one != place]
        is_twice = column not in ("", LEFT_OUT) and bool(others)
        example = cells_of[place][0].text if cells_of[place] else ""
        found.append(ReadColumn(place, name, "" if is_twice else column, column if is_twice else "", example))
    return found


def _chosen(name: str, cells: Sequence[Cell], sure: Container[str]) -> str:
    """The meaning of a name; where it may mean several things, that which no other column is for sure, and what most of
    the cells are, if that decides it."""
    meant = meant_by(name)
    candidates = meant if len(meant) < 2 else [one for one in meant if one not in sure]
    if len(candidates) < 2:
        return candidates[0] if candidates else ""
    shares = {column: sum(1 for cell in cells if looks_like(column, cell)) for column in candidates}
    best = max(shares.values())
    if not best:
        return candidates[0] if not cells else ""
    first = [column for column in candidates if shares[column] == best]
    return first[0] if len(first) == 1 else ""
