"""The meaning of a cell of somebody's file, as the programme writes it. Plain rules.

What has one meaning is taken, what has two is refused or asked, what does not exist is refused. Each function gives the
text that `sessions/cells.py` reads: a day as 2027-07-05, an hour as 09:00, a price as 45.50.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from chalicelib.core.languages import N_
from chalicelib.programme.files.grid import Cell, CellKind
from chalicelib.programme.sessions.cells import FIRST_YEAR, LAST_YEAR, MOST_DAYS, MOST_EUROS

DAY_FORM = N_("{column} is “{value}”. Write the day with its year, for example 05/07/2027 or 5 July 2027.")
DAY_UNREAL = N_("{column} is “{value}”. This day does not exist.")
DAY_YEAR = N_(
    "{column} is “{value}”, and nothing in the file says of which year. Write the year too, for example 05/07/2027."
)
DAY_MIXED = N_(
    "{column} is “{value}”: the month stands first in some rows and last in others. "
    "Write the month as a word, for example 5 July 2027."
)
DAY_ORDER = N_(
    "{column} is “{value}”. Is that {meant}? Nothing in the file says whether the day or the month comes first."
)
DAYS_FORM = N_("{column} is “{value}”. Write both days, for example 05/07/2027 - 09/07/2027.")
PRICE_FORM = N_("{column} is “{value}”. Write a price in euros from 0 to {most}, for example 82,50.")
PRICE_TWO = N_(
    "{column} is “{value}”: that may be {small} euros or {large} euros. Write {small_written} or {large_written}."
)
PRICE_LARGE = N_("{column} is “{value}”. Is that {meant}?")
WHOLE_FORM = N_("{column} is “{value}”. Write a whole number, without anything else, for example 12.")
AGES_FORM = N_("{column} is “{value}”. Write the lowest and the highest age, for example 6-12.")
AGE_DAY = N_(
    "{column} is “{value}”: Excel has made a day of it. Write the ages with words, for example “6 to 12 years”, "
    "or in two columns."
)
HOUR_FORM = N_("{column} is “{value}”. Write the hour, for example 9:00 or 16:30.")
HOURS_FORM = N_("{column} is “{value}”. Write both hours, for example 9:00 - 16:00.")
HOUR_DAY = N_("{column} is “{value}”: Excel has made a day of it. Write the hours so: 9:00 - 16:00.")
FORMULA = N_("{column} is a formula. Replace it by what it shows: copy the cell and paste its value.")
FAULT = N_("{column} shows the error “{value}”. Write what it should say.")

# What has a form, and how long it may be before anybody looks for it.
MEASURED = frozenset(
    (
        *("starts_on", "ends_on", "days", "age_min", "age_max", "ages"),
        *("capacity", "price_eur", "daily_from", "daily_until", "hours"),
    )
)
MOST_CHARACTERS = 100

DASHES = frozenset("-–—")
MONTHS = (
    "januari january janvier jan janv",
    "februari february fevrier feb fev fevr febr",
    "maart march mars mrt mar mrs",
    "april avril apr avr",
    "mei may mai",
    "juni june juin jun",
    "juli july juillet jul juil",
    "augustus august aout aug",
    "september septembre sep sept",
    "oktober october octobre okt oct",
    "november novembre nov",
    "december decembre dec",
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}
WEEKDAY = (
    r"(?:(?:ma|di|wo|woe|do|vr|vrij|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    r"lu|me|je|ve|sa|lun|mar|mer|jeu|ven|sam|dim|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"mon|tue|tues|wed|thu|thur|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,?\s+)?"
)
YEAR = r"([0-9]{4}|'?[0-9]{2})"
ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ t]00:00(?::00)?)?")
NUMERIC = re.compile(rf"{WEEKDAY}([0-9]{{1,2}})\s?[-/. ]\s?([0-9]{{1,2}})(?:\s?[-/. ]\s?{YEAR})?\.?")
WORDED = re.compile(
    rf"{WEEKDAY}(?:de |le )?([0-9]{{1,2}})(?:er|e|ste|de|st|nd|rd|th)?\.?[\s-]*(?:of |d')?([a-z]+)\.?,?"
    rf"(?:[\s-]*{YEAR})?"
)
MONTH_FIRST = re.compile(rf"{WEEKDAY}([a-z]+)\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? {YEAR})?")
# Between two ends; a hyphen alone stands in days too.
UP_TO = r"tot en met|t\.?\s?/?\s?e?\.?m\.?|tot|until|through|to"
BETWEEN = rf"{UP_TO}|jusqu'?\s?(?:au|a)|au|–|—|→|>"
TWO_WORDED = re.compile(rf"(.+?)(?:(?<=[0-9.a-z])\s+-\s+|\s*(?:–|—|→|>)\s*|\s+(?:{BETWEEN})\s+)(.+)")
ONE_MONTH = re.compile(r"([0-9]{1,2})\s?-\s?([0-9]{1,2}\s*[a-z].*)")
SHORT_DAY = r"([0-9]{1,2}[/.][0-9]{1,2}(?:[/.](?:[0-9]{4}|[0-9]{2}))?)"
TIGHT = re.compile(rf"{SHORT_DAY}\s?-\s?{SHORT_DAY}")
NUMBERS = re.compile(rf"([0-9]{{1,3}})\s*(?:-|–|—|/|a|{UP_TO}|en|et|au|and)\s*([0-9]{{1,3}})")
AGE_WORDS = re.compile(
    r"\b(?:jaar|jarigen|j|jr|ans?|years?|yrs?|y|old|leeftijd|ages?|van|from|de|entre|tussen|between)\b\.?|:"
)
FROM_AGE = re.compile(
    r"(?:vanaf|va|v\.a\.|des|a partir(?: de)?|min\.?|minimum)\s*([0-9]{1,3})|([0-9]{1,3})\s*\+|\+\s*([0-9]{1,3})"
)
COUNTED = re.compile(
    r"(?:max(?:imum)?\.?\s*)?([0-9]{1,9})(?:[.,]0{1,2})?\s*"
    r"(?:plaatsen|plaats|pl|places?|seats?|kinderen|kids|enfants|deelnemers|participants|children|pers(?:onen)?)?\.?"
)
HOUR = re.compile(
    r"([0-9]{1,2})\s?(?:(?:[:.uh]|uur|heures?)\s?(?:([0-9]{2})(?::00)?)?)?\s?(?:u|uur|h|heures?)?\s?"
    r"(a\.?m\.?|p\.?m\.?)?"
)
HOURS_BETWEEN = re.compile(rf"\s*(?:-|\b(?:a)\b|{BETWEEN})\s*")
FREE = frozenset(("gratis", "gratuit", "gratuite", "free", "kosteloos", "geen", "aucun"))
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_415  # 2000-01-01 and 2100-12-31, counted from 1900
UNTIL_1904 = 1_462


class Unclear(Exception):
    """The fault of a cell: a text, and values for its {names} beyond its column and its value."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


@dataclass(frozen=True)
class Question:
    """A question that somebody must say yes to. `text` and `values` as of an Unclear."""

    text: str
    values: dict[str, object]


@dataclass(frozen=True)
class Meant:
    """`texts`: what the cell means, by column; `questions`: what has to be asked first."""

    texts: dict[str, str]
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class DayStyle:
    """How the days of a worksheet are written. `day_first`: None if nothing in it says so; `is_mixed`: rows say both.
    `year`: of days without one, None if nothing says it."""

    day_first: bool | None = True
    is_mixed: bool = False
    year: int | None = None
    since_1904: bool = False


def plain(text: str) -> str:
    """As it is compared: small letters without accents, spaces of one kind, one apostrophe."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe")).casefold()
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def looks_like(column: str, cell: Cell) -> bool:
    """Whether a cell may be what that column holds."""
    style = DayStyle(year=2000)
    checks: dict[str, Callable[[], object]] = {
        "starts_on": lambda: _day_texts(cell, style),
        "ends_on": lambda: _day_texts(cell, style),
        "days": lambda: days(cell, style),
        "age_min": lambda: _years(cell),
        "age_max": lambda: _years(cell),
        "ages": lambda: ages(cell),
        "capacity": lambda: count(cell),
        "price_eur": lambda: price(cell),
        "daily_from": lambda: hour(cell),
        "daily_until": lambda: hour(cell),
        "hours": lambda: hours(cell),
    }
    check = checks.get(column)
    if len(cell.text) > MOST_CHARACTERS:
        return check is None
    if check is None:
        return cell.kind is CellKind.TEXT and any(one.isalpha() for one in cell.text)
    try:
        check()
    except Unclear:
        return False
    return True


# Days


def style_of(
    cells: Sequence[Cell], titles: Iterable[str], pairs: Sequence[tuple[Cell, Cell]], since_1904: bool
) -> DayStyle:
    """How the days in `cells` are written. `titles`: what stands above the columns and on the tab, which may name the
    year. `pairs`: first and last days, which are at most MOST_DAYS apart."""
    short = [cell.text for cell in cells if cell.kind is CellKind.TEXT and len(cell.text) <= MOST_CHARACTERS]
    texts = [part for text in short for part in _ends(plain(text))]
    numeric = [found for text in texts if (found := NUMERIC.fullmatch(text))]
    first = any(int(one[1]) > 12 >= int(one[2]) for one in numeric)
    last = any(int(one[2]) > 12 >= int(one[1]) for one in numeric)
    years = {one for text in texts for one in _years_in(text)} | {
        int(cell.text[:4]) for cell in cells if cell.kind is CellKind.DAY
    }
    years = years or {int(one) for title in titles for one in re.findall(r"\b20[0-9][0-9]\b", title)}
    year = years.pop() if len(years) == 1 else None
    day_first = None if first == last else first
    if not first and not last:
        day_first = _order_by_length(pairs, year)
    return DayStyle(day_first, first and last, year, since_1904)


def _years_in(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"\b(20[0-9][0-9])\b", text)]


def _order_by_length(pairs: Sequence[tuple[Cell, Cell]], year: int | None) -> bool | None:
    """Whether the day comes first, where only that makes every camp as long as a camp may be."""
    possible = []
    for day_first in (True, False):
        style = DayStyle(day_first, year=year or 2000)
        try:
            lengths = [
                (date.fromisoformat(_day_texts(last, style)[0]) - date.fromisoformat(_day_texts(first, style)[0])).days
                for first, last in pairs
                if {first.kind, last.kind} == {CellKind.TEXT} and len(first.text + last.text) <= MOST_CHARACTERS
            ]
        except Unclear:
            continue
        if lengths and all(0 <= one < MOST_DAYS for one in lengths):
            possible.append(day_first)
    return possible[0] if len(possible) == 1 else None


def day(cell: Cell, style: DayStyle) -> tuple[str, tuple[Question, ...]]:
    """As ISO 8601 writes it. Raises Unclear."""
    text, is_asked = _day_texts(cell, style)
    return text, (Question(DAY_ORDER, {"meant": text}),) if is_asked else ()


def days(cell: Cell, style: DayStyle) -> tuple[str, str, tuple[Question, ...]]:
    """Of a cell with both, or with the one day of a camp of one day. Raises Unclear."""
    if cell.kind is not CellKind.TEXT:
        text, _ = _day_texts(cell, style)
        return text, text, ()
    ends = _ends(plain(cell.text))
    if len(ends) == 1:
        text, asked = _day_texts(Cell(ends[0]), style)
        return text, text, (Question(DAY_ORDER, {"meant": text}),) if asked else ()
    begins, last = ends
    until, is_asked = _day_texts(Cell(last), style)
    year, month = until[:4], int(until[5:7])
    if re.fullmatch(rf"{WEEKDAY}[0-9]{{1,2}}", begins):
        first, also = f"{year}-{month:02}-{int(re.findall(r'[0-9]+', begins)[0]):02}", False
        _must_exist(first)
    else:
        first, also = _day_texts(Cell(begins), DayStyle(style.day_first, style.is_mixed, int(year), style.since_1904))
    asked = is_asked or also
    return first, until, (Question(DAY_ORDER, {"meant": f"{first}|{until}"}),) if asked else ()


def _ends(text: str) -> list[str]:
    """The two ends of what is written as one, or all of it."""
    text = re.sub(r"^(?:van|vanaf|du|from|le)\s+", "", text)
    for pattern in (TIGHT, ONE_MONTH, TWO_WORDED):
        if found := pattern.fullmatch(text):
            return [found[1].strip(), found[2].strip()]
    return [text]


def _day_texts(cell: Cell, style: DayStyle) -> tuple[str, bool]:
    """The day, and whether the order of its numbers has to be asked."""
    if cell.kind is CellKind.DAY:
        return _checked(*map(int, cell.text.split("-"))), False
    text = plain(cell.text)
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        number = int(text.partition(".")[0]) + (UNTIL_1904 if style.since_1904 else 0)
        if FIRST_SERIAL <= number <= LAST_SERIAL:
            return (date(1899, 12, 30) + timedelta(days=number)).isoformat(), False
    if cell.kind is not CellKind.TEXT:
        raise Unclear(DAY_FORM)
    if found := ISO.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3])), False
    if found := NUMERIC.fullmatch(text):
        return _numeric(int(found[1]), int(found[2]), found[3], style)
    if (found := WORDED.fullmatch(text)) and found[2] in MONTH_OF:
        return _checked(_year(found[3], style), MONTH_OF[found[2]], int(found[1])), False
    if (found := MONTH_FIRST.fullmatch(text)) and found[1] in MONTH_OF:
        return _checked(_year(found[3], style), MONTH_OF[found[1]], int(found[2])), False
    raise Unclear(DAY_FORM)


def _numeric(first: int, second: int, written: str | None, style: DayStyle) -> tuple[str, bool]:
    year = _year(written, style)
    if first == second:
        return _checked(year, second, first), False
    if style.is_mixed and first <= 12 and second <= 12:
        raise Unclear(DAY_MIXED)
    day_first = (second <= 12 if style.is_mixed else style.day_first) if style.day_first is None else style.day_first
    is_asked = day_first is None
    day_of, month = (first, second) if day_first in (True, None) else (second, first)
    return _checked(year, month, day_of), is_asked


def _year(written: str | None, style: DayStyle) -> int:
    if written is None:
        if style.year is None:
            raise Unclear(DAY_YEAR)
        return style.year
    number = int(written.lstrip("'"))
    return number if number > 99 else 2000 + number


def _checked(year: int, month: int, day_of: int) -> str:
    text = f"{year:04}-{month:02}-{day_of:02}"
    _must_exist(text)
    return text


def _must_exist(text: str) -> None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Unclear(DAY_UNREAL) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unclear(DAY_FORM)


# Prices


def price(cell: Cell) -> tuple[str, tuple[Question, ...]]:
    """In euros, with two decimals. Raises Unclear."""
    if cell.kind is CellKind.NUMBER:
        return _euros(cell.text), ()
    if cell.kind is not CellKind.TEXT:
        raise Unclear(PRICE_FORM, most=MOST_EUROS)
    text = plain(cell.text)
    if text in FREE:
        return "0.00", ()
    text = re.sub(r"€|\b(?:euros?|eur)\b", "", text).strip()
    text = re.sub(r"[.,]\s?(?:-{1,2}|–|—)$", "", text).strip()
    if re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", text):
        whole, part = re.split("[.,]", text)
        small, large = f"{whole}.{part}", f"{whole}{part}"
        raise Unclear(
            PRICE_TWO,
            small=f"{int(whole)},{part}" if part != "000" else str(int(whole)),
            large=large,
            small_written=f"{Decimal(small):.2f}".replace(".", ","),
            large_written=f"{large},00",
        )
    if re.fullmatch(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?", text):
        return _euros(text.replace(",", ".")), ()
    for mark, decimals in ((r"[. ']", ","), (r"[, ']", r"\.")):
        if re.fullmatch(rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:{decimals}[0-9]{{1,2}})?", text):
            whole, _, part = re.sub(r"[ ']", "", text).replace(decimals[-1], "|").partition("|")
            meant = _euros(re.sub("[.,]", "", whole) + (f".{part}" if part else ""))
            return meant, (Question(PRICE_LARGE, {"meant": meant}),)
    raise Unclear(PRICE_FORM, most=MOST_EUROS)


def _euros(text: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Unclear(PRICE_FORM, most=MOST_EUROS) from None
    if not amount.is_finite() or not 0 <= amount <= MOST_EUROS or amount != round(amount, 2):
        raise Unclear(PRICE_FORM, most=MOST_EUROS)
    return f"{amount:.2f}"


# Numbers


def count(cell: Cell) -> str:
    """A whole number of seats. Raises Unclear."""
    found = COUNTED.fullmatch(plain(cell.text))
    if cell.kind not in (CellKind.TEXT, CellKind.NUMBER) or not found:
        raise Unclear(WHOLE_FORM)
    return str(int(found[1]))


def age(cell: Cell) -> str:
    """Raises Unclear."""
    return str(_years(cell))


def _years(cell: Cell) -> int:
    if cell.kind is CellKind.DAY:
        raise Unclear(AGE_DAY)
    text = AGE_WORDS.sub(" ", plain(cell.text))
    text = re.sub(r"\b(?:vanaf|va|v\.a\.|des|a partir|tot en met|t/m|tem|tot|min|max|jusqu'a|until|to)\b\.?", " ", text)
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]0{1,2})?\+?", text.strip())
    if not found or cell.kind not in (CellKind.TEXT, CellKind.NUMBER):
        raise Unclear(WHOLE_FORM)
    return int(found[1])


def ages(cell: Cell) -> tuple[str, str]:
    """The lowest and the highest one, "" if it names none. Raises Unclear."""
    if cell.kind is CellKind.DAY or (cell.kind is CellKind.TEXT and _is_month(cell.text)):
        raise Unclear(AGE_DAY)
    if cell.kind is not CellKind.TEXT:
        raise Unclear(AGES_FORM)
    text = plain(cell.text)
    if found := FROM_AGE.fullmatch(AGE_WORDS.sub(" ", text).strip()):
        return str(int(found[1] or found[2] or found[3])), ""
    text = " ".join(AGE_WORDS.sub(" ", text).split())
    if found := NUMBERS.fullmatch(text):
        return str(int(found[1])), str(int(found[2]))
    raise Unclear(AGES_FORM)


def _is_month(text: str) -> bool:
    """Whether a text file has what Excel made of "6-12": `6/dec`, `06-dec`."""
    found = re.fullmatch(r"(?:[0-9]{1,2})[-/. ]([a-z]{3,9})\.?|([a-z]{3,9})\.?[-/. ][0-9]{1,2}", plain(text))
    return bool(found and (found[1] or found[2]) in MONTH_OF)


# Hours


def hour(cell: Cell) -> str:
    """As 09:00. Raises Unclear."""
    if cell.kind is CellKind.HOUR:
        return cell.text
    if cell.kind is CellKind.DAY:
        raise Unclear(HOUR_DAY)
    if cell.kind is CellKind.NUMBER:
        return _hour_of(cell.text)
    found = HOUR.fullmatch(plain(cell.text))
    if not found:
        raise Unclear(HOUR_FORM)
    hours_of, minutes, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hours_of <= 12:
            raise Unclear(HOUR_FORM)
        hours_of = hours_of % 12 + (12 if half[0] == "p" else 0)
    if hours_of > 23 or minutes > 59:
        raise Unclear(HOUR_FORM)
    return f"{hours_of:02}:{minutes:02}"


def _hour_of(text: str) -> str:
    """Of a number: 9 is nine o'clock, and Excel's 0.375 of a day is too."""
    number = float(text)
    if number.is_integer() and 0 < number < 24:
        return f"{int(number):02}:00"
    minutes = number * 24 * 60
    if 0 < number < 1 and abs(minutes - round(minutes)) < 0.01:
        return f"{round(minutes) // 60:02}:{round(minutes) % 60:02}"
    raise Unclear(HOUR_FORM)


def hours(cell: Cell) -> tuple[str, str]:
    """Of a cell with both. Raises Unclear."""
    if cell.kind is CellKind.DAY or (cell.kind is CellKind.TEXT and _is_month(cell.text)):
        raise Unclear(HOUR_DAY)
    if cell.kind is not CellKind.TEXT:
        raise Unclear(HOURS_FORM)
    text = re.sub(r"^(?:van|de|from|tussen|entre)\s+", "", plain(cell.text))
    ends = [one for one in HOURS_BETWEEN.split(text) if one]
    if len(ends) != 2:
        raise Unclear(HOURS_FORM)
    try:
        return hour(Cell(ends[0])), hour(Cell(ends[1]))
    except Unclear:
        raise Unclear(HOURS_FORM) from None


def text_of(cell: Cell, *, may_have_lines: bool) -> str:
    """On one line, unless it may have several."""
    text = cell.text.strip()
    return text if may_have_lines else re.sub(r"\s*[\r\n]+\s*", " ", text)
