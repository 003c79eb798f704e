"""The command that brings a programme in; chalicelib/__main__.py adds it.

The table is imported in the command: it connects, and `--help` has nothing to connect to.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import brussels
from chalicelib.core.refusals import Interfered
from chalicelib.programme.files import in_file
from chalicelib.programme.files.comparing import Comparison, compare
from chalicelib.programme.files.reading import MOST_BYTES, Reading, open_file, read
from chalicelib.programme.sessions.changes import Broken, ProgrammeRow, RowError, missing, name_of
from chalicelib.programme.sessions.summer import move_to_summer

LANGUAGE = "en"

REPORT = N_("{file}: {imported} imported, {unchanged} unchanged.")
DRAFTS = N_("{drafts} of these are drafts, which nobody sees yet, because something is missing:")
LINE = N_("row")
SESSION = N_("session")
MISSING = N_("missing")
NOT_IMPORTED = N_("{file}: nothing was imported. Errors: {errors}.")
ERROR = N_("{row}: {error}")
INTERFERED = N_("Somebody else changed the programme at the same time. Do the same import again: it does what is left.")
NOT_SAID = N_("This was asked, and nobody said yes.")
IS_ANOTHER = N_("{name}: is that another session than {other}, which is not in the file?")
GONE = N_("In the programme and no longer in the file: {sessions}.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--municipality", default="", help="Of the rows, where no column of the file says it.")
@click.option(
    "--move-to-summer", "to_summer", is_flag=True, help="Move all dates by whole weeks into the coming July and August."
)
def import_programme(file: Path, municipality: str, to_summer: bool) -> None:
    """Import the sessions of a workbook (XLSX) or a text file (CSV).

    All of FILE is imported, or nothing if anything in it is wrong. What may mean two things is asked. Sessions that
    lack something that is needed to book them become drafts. Importing the same file again changes nothing; after an
    interruption it does what is left.
    """
    from chalicelib.programme.files import table as matchings  # noqa: PLC0415 - it connects
    from chalicelib.programme.sessions import table  # noqa: PLC0415

    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    found: Reading | None = None
    try:
        handed = open_file(data, file.name)
        found = read(handed, municipality, lambda _, signature: matchings.remembered(municipality, signature))
        if found.errors:
            raise Broken(found.errors)
        today = datetime.now(brussels()).date()
        rows = move_to_summer(found.rows, today) if to_summer else found.rows
        programme = table.all_sessions(consistent_read=True)
        compared = compare(found, programme, today, lambda _: True)
        if unsaid := _ask(found, None if to_summer else compared):
            raise Broken(unsaid)
        imported = table.save_import(rows)
    except Broken as broken:
        _show_errors(file, found, broken.errors)
        sys.exit(1)
    except Interfered:
        click.echo(_say(INTERFERED), err=True)
        sys.exit(1)
    click.echo(_say(REPORT, file=click.format_filename(file), imported=imported.imported, unchanged=imported.unchanged))
    _show_drafts(rows)
    if compared.gone and not to_summer:
        click.echo(_say(GONE, sessions=", ".join(name_of(one) for one in compared.gone)))
    _show_reading(found)


def _ask(found: Reading, compared: Comparison | None) -> list[RowError]:
    """The rows of which somebody did not say yes. `compared`: None where its days are not those of the file."""
    sheets = {sheet.sheet: sheet for sheet in found.sheets}
    unsaid = [
        RowError(line, NOT_SAID, {}, sheet)
        for (sheet, line), questions in found.questions.items()
        for question in questions
        if not _is_right(
            f"{in_file.row((sheet, line), found, LANGUAGE)}: {in_file.sentence(question, sheets.get(sheet), LANGUAGE)}"
        )
    ]
    for row in compared.rows if compared else ():
        others = " / ".join(one.title for one in row.perhaps)
        if others and not _is_right(_say(IS_ANOTHER, name=row.name, other=others)):
            unsaid.append(RowError(row.place[1], NOT_SAID, {}, row.place[0]))
    return unsaid


def _is_right(question: str) -> bool:
    """Nobody there is no."""
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        return False


def _show_errors(file: Path, found: Reading | None, errors: Sequence[RowError]) -> None:
    sheets = {sheet.sheet: sheet for sheet in found.sheets} if found else {}
    row = partial(in_file.row, reading=found or Reading([]), language=LANGUAGE)
    click.echo(_say(NOT_IMPORTED, file=click.format_filename(file), errors=len(errors)), err=True)
    for error in errors:
        said = in_file.sentence(error, sheets.get(error.sheet), LANGUAGE)
        click.echo(_say(ERROR, row=row((error.sheet, error.line)), error=said), err=True)


def _show_drafts(rows: Sequence[ProgrammeRow]) -> None:
    drafts = [(row.line, name_of(row.session), missing(row.session)) for row in rows if row.session.missing]
    if not drafts:
        return
    click.echo(_say(DRAFTS, drafts=len(drafts)))
    table = [(_say(LINE), _say(SESSION), _say(MISSING))]
    table += [(str(line), name, ", ".join(lacks)) for line, name, lacks in drafts]
    first, second = (max(len(row[column]) for row in table) for column in (0, 1))
    for line, name, lacks in table:
        click.echo(f"{line.rjust(first)}  {name.ljust(second)}  {lacks}")


def _show_reading(found: Reading) -> None:
    """How the file was read, and each cell that was read as something else than what it shows."""
    sheets = {sheet.sheet: sheet for sheet in found.sheets}
    for remark in found.remarks:
        click.echo(in_file.remark(remark, LANGUAGE))
    for (sheet, line), turned in found.turned.items():
        for one in turned:
            row = in_file.row((sheet, line), found, LANGUAGE)
            click.echo(_say(ERROR, row=row, error=in_file.turned(one, sheets.get(sheet), LANGUAGE)))


def _say(text: str, **values: object) -> str:
    return translate(text, LANGUAGE, **values)
