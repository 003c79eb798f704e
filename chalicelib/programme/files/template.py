"""A workbook to fill in: a row for each camp with two examples, choices where there are any, and a sheet that explains.

What is filled in is read like any other file: its columns have the names that the pages give them, in the language of
whoever asked for it. Rows whose title begins as the examples' do are left out when it is read.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from io import BytesIO
from typing import Any

from chalicelib.core.languages import N_, translate
from chalicelib.programme.sessions.cells import FIRST_YEAR, LABELS, LAST_YEAR, MOST_EUROS, OLDEST, cells_of
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats.rules import MOST_SEATS

FILE_NAME = N_("camps.xlsx")
SHEET = N_("Camps")
EXPLANATION = N_("Explanation")
HEADINGS = (N_("Column"), N_("What to write"), N_("Needed?"))
NEEDED, DRAFT, FREE = N_("yes"), N_("empty: a draft, which nobody sees"), N_("may stay empty")
EXAMPLE = N_("Example: {title}")
PICK = N_("Choose, or write another word.")
HOW = N_(
    "One row for each camp. Two groups of one camp with other ages, another place or other hours are two rows. The "
    "order of the columns does not matter, and columns of your own may stand beside them."
)

# Column, width in characters, number format, and what to write.
COLUMNS = (
    ("title", 36, "@", N_("What families read, on one line.")),
    ("starts_on", 13, "dd/mm/yyyy", N_("A day with its year, such as 05/07/2027.")),
    ("ends_on", 13, "dd/mm/yyyy", N_("The last day itself, at most 60 days after the first.")),
    ("age_min", 10, "0", N_("In years, on the first day.")),
    ("age_max", 10, "0", N_("In years, on the first day; this age may still come.")),
    ("capacity", 10, "0", N_("How many children, at most 300.")),
    ("price_eur", 11, "0.00", N_("For all days together, in euros; 0 if it is free.")),
    ("daily_from", 10, "hh:mm", N_("An hour, such as 9:00.")),
    ("daily_until", 10, "hh:mm", N_("An hour, such as 16:00.")),
    ("place", 28, "@", N_("Where families bring their children.")),
    ("kind", 14, "@", N_("One word that families can search for.")),
    ("contact", 28, "@", N_("Whom families call or write to about this camp; everybody reads it.")),
    ("note", 28, "@", N_("Everybody reads it beside the price: reductions, what comes on top.")),
    ("source", 28, "@", N_("A web address where families can check it.")),
    ("municipality", 18, "@", N_("Only if the file is of several municipalities.")),
)
KINDS = (N_("sport"), N_("toddlers"), N_("creative"), N_("nature"), N_("playing"))
NUMBERS = {"age_min": (0, OLDEST), "age_max": (0, OLDEST), "capacity": (1, MOST_SEATS)}
MOST_FILLED = 1_000


def written(language: str, sessions: Sequence[Session] = ()) -> bytes:
    """The workbook, with these sessions instead of the examples if there are any."""
    from openpyxl import Workbook  # noqa: PLC0415 large, and for files alone
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    sheet.title = translate(SHEET, language)
    sheet.freeze_panes = "B2"
    for place, (column, width, number_format, _) in enumerate(COLUMNS, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = number_format
        head = sheet.cell(1, place, translate(LABELS[column], language))
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        for line, session in enumerate(sessions or _examples(language), 2):
            _write(sheet.cell(line, place), column, session, number_format)
    _validate(sheet, language)

    explained = book.create_sheet(translate(EXPLANATION, language))
    explained.append([translate(HOW, language)])
    explained.append([])
    explained.append([translate(text, language) for text in HEADINGS])
    for column, _, _, text in COLUMNS:
        needed = NEEDED if column == "title" else DRAFT if column in _needed() else FREE
        explained.append([translate(one, language) for one in (LABELS[column], text, needed)])
    for place, width in enumerate((26, 70, 40), 1):
        explained.column_dimensions[get_column_letter(place)].width = width
        explained.cell(3, place).font = Font(bold=True)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _needed() -> tuple[str, ...]:
    return "starts_on", "ends_on", "age_min", "age_max", "capacity", "price_eur"


def _write(cell: Any, column: str, session: Session, number_format: str) -> None:
    text = cells_of(session)[column]
    cell.number_format = number_format
    if not text:
        return
    if column in ("starts_on", "ends_on"):
        cell.value = date.fromisoformat(text)
    elif column in ("daily_from", "daily_until"):
        cell.value = time.fromisoformat(text)
    elif column in NUMBERS:
        cell.value = int(text)
    elif column == "price_eur":
        cell.value = float(text)
    else:
        cell.value = text
        cell.data_type = "s"  # whatever it looks like


def _validate(sheet: Any, language: str) -> None:
    """The checks and choices that Excel itself applies."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    for place, (column, _, _, text) in enumerate(COLUMNS, 1):
        said = translate(text, language)
        if column in ("starts_on", "ends_on"):
            rule = DataValidation("date", f"DATE({FIRST_YEAR},1,1)", f"DATE({LAST_YEAR},12,31)", operator="between")
        elif column in NUMBERS:
            least, most = NUMBERS[column]
            rule = DataValidation("whole", str(least), str(most), operator="between")
        elif column == "price_eur":
            rule = DataValidation("decimal", "0", str(MOST_EUROS), operator="between")
        elif column in ("daily_from", "daily_until"):
            rule = DataValidation("time", "0", "0.999988425925926", operator="between")
        elif column == "kind":
            choices = ",".join(translate(kind, language) for kind in KINDS)
            rule = DataValidation("list", f'"{choices}"', showErrorMessage=False)
            said = translate(PICK, language)
        else:
            continue
        rule.allow_blank = True
        rule.showInputMessage, rule.prompt = True, said
        rule.showErrorMessage, rule.error = rule.type != "list", said
        letter = get_column_letter(place)
        rule.add(f"{letter}2:{letter}{MOST_FILLED}")
        sheet.add_data_validation(rule)


def _examples(language: str) -> list[Session]:
    """Of the summer that comes to mind: whoever fills it in writes over them, or below."""
    ponies = Session(
        session_id="",
        municipality="",
        title=translate(EXAMPLE, language, title=translate(N_("Ponies, beginners"), language)),
        starts_on=date(2027, 7, 5),
        ends_on=date(2027, 7, 9),
        age_min=6,
        age_max=9,
        price_cents=8250,
        capacity=12,
        place=translate(N_("Riding school, Kerkstraat 1"), language),
        daily_from=time(9),
        daily_until=time(16),
        opens_at=None,
        note=translate(N_("Second child: 75,00"), language),
        source="",
        kind=translate(N_("sport"), language),
    )
    title = translate(EXAMPLE, language, title=translate(N_("Ponies, advanced"), language))
    return [ponies, replace(ponies, title=title, age_min=9, age_max=12)]
