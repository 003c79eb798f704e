"""Commands about the programme; chalicelib/__main__.py adds it.

The table is imported in the commands: it connects, and `--help` has nothing to connect to.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import ClocksChange, NotAMoment, TooFar, brussels, read_moment
from chalicelib.core.refusals import Interfered
from chalicelib.programme.sessions.cells import FIRST_YEAR, LAST_YEAR
from chalicelib.programme.sessions.changes import Broken, RowError
from chalicelib.programme.sessions.rules import Session, normalise
from chalicelib.programme.sessions.sheet import MOST_BYTES, read
from chalicelib.programme.sessions.summer import move_to_summer

LANGUAGE = "en"

REPORT = N_("{file}: {imported} imported, {unchanged} unchanged.")
DRAFTS = N_("{drafts} of these are drafts, which nobody sees yet, because something is missing:")
LINE = N_("line")
SESSION = N_("session")
MISSING = N_("missing")
NOT_IMPORTED = N_("{file}: nothing was imported. Errors: {errors}.")
ERROR = N_("line {line}: {error}")
INTERFERED = N_("Somebody else changed the programme at the same time. Do the same import again: it does what is left.")
UNKNOWN_MUNICIPALITY = N_('There is no session of "{municipality}". The programme has: {known}.')
NO_PROGRAMME = N_("The programme is empty. Import a file first.")
OPENED = N_("Sessions that open on {at}: {sessions}.")
OPEN_ALREADY = N_("Sessions that were open already: {sessions}.")
TOO_LATE = N_("Sessions that begin before that and stay closed: {sessions}.")
OF_OPENINGS = N_("Sessions of a published opening, which alone decides when they open: {sessions}.")
DRAFTS_STAY = N_("Drafts, which cannot open: {sessions}.")


class MomentParam(click.ParamType[datetime]):
    """ "now", or an ISO 8601 moment; without an offset it is meant as the clocks in Brussels show it."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if value == "now":
            return datetime.now(UTC).replace(microsecond=0)
        try:
            moment = read_moment(str(value))
        except TooFar:
            moment = datetime.max.replace(tzinfo=UTC)
        except NotAMoment:
            self.fail(f'"{value}" is neither "now" nor a moment such as 2027-05-07T19:00.', param, ctx)
        except ClocksChange:
            self.fail(f"{value}: the clocks change at that moment. Add the offset, for example +02:00.", param, ctx)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail(f"{value}: the year must lie between {FIRST_YEAR} and {LAST_YEAR}.", param, ctx)
        return moment


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--move-to-summer", "to_summer", is_flag=True, help="Move all dates by whole weeks into the coming July and August."
)
def import_programme(file: Path, to_summer: bool) -> None:
    """Import the sessions of a CSV file.

    All of FILE is imported, or nothing if anything in it is wrong. Sessions that lack something that is needed to book
    them become drafts. Importing the same file again changes nothing; after an interruption it does what is left.
    """
    from chalicelib.programme.sessions import table  # noqa: PLC0415 - it connects

    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    try:
        sheet = read(data)
        rows = move_to_summer(sheet.rows, datetime.now(brussels()).date()) if to_summer else sheet.rows
        imported = table.save_import(rows)
    except Broken as broken:
        _show_errors(file, broken.errors)
        sys.exit(1)
    except Interfered:
        click.echo(_say(INTERFERED), err=True)
        sys.exit(1)
    click.echo(_say(REPORT, file=click.format_filename(file), imported=imported.imported, unchanged=imported.unchanged))
    _show_drafts(sheet.drafts)


@click.command("open")
@click.option(
    "--at",
    type=MomentParam(),
    required=True,
    metavar="now|MOMENT",
    help="When: now, or for example 2027-05-07T19:00 on the clocks in Brussels.",
)
@click.option("--municipality", help="Only the sessions of this municipality.")
def open_registration(at: datetime, municipality: str | None) -> None:
    """Open the registration now or at a moment.

    It opens for all sessions, or for those of one municipality. Sessions that are open already stay so with "now"; a
    later moment closes them until then. The sessions of a published opening are left alone.
    """
    from chalicelib.programme.sessions import table  # noqa: PLC0415 - it connects

    programme = table.all_sessions(consistent_read=True)
    sessions = [
        session
        for session in programme
        if municipality is None or normalise(session.municipality) == normalise(municipality)
    ]
    if not sessions:
        known = ", ".join(sorted({session.municipality for session in programme}))
        text = UNKNOWN_MUNICIPALITY if known else NO_PROGRAMME
        click.echo(_say(text, municipality=municipality, known=known), err=True)
        sys.exit(1)
    theirs = [session for session in sessions if session.opening_id]
    bookable = [session for session in sessions if not session.missing and not session.opening_id]
    late = {session for session in bookable if session.closes and session.closes <= at}
    already = {session for session in bookable if session not in late and _is_open(session, at)}
    settled = late | already
    opened = [session for session in bookable if session not in settled]
    table.set_opening([session.session_id for session in opened], at)
    click.echo(_say(OPENED, at=f"{at.astimezone(brussels()):%Y-%m-%d %H:%M:%S} (Brussels)", sessions=len(opened)))
    for text, number in (
        (OPEN_ALREADY, len(already)),
        (TOO_LATE, len(late)),
        (OF_OPENINGS, len(theirs)),
        (DRAFTS_STAY, len(sessions) - len(theirs) - len(bookable)),
    ):
        if number:
            click.echo(_say(text, sessions=number))


def _is_open(session: Session, at: datetime) -> bool:
    """Whether opening it at `at` would change nothing that anybody notices."""
    return session.opens_at is not None and session.opens_at <= at <= datetime.now(UTC)


def _show_errors(file: Path, errors: Sequence[RowError]) -> None:
    click.echo(_say(NOT_IMPORTED, file=click.format_filename(file), errors=len(errors)), err=True)
    for error in errors:
        click.echo(_say(ERROR, line=error.line, error=_say(error.text, **error.values)), err=True)


def _show_drafts(drafts: Sequence[tuple[int, str, Sequence[str]]]) -> None:
    if not drafts:
        return
    click.echo(_say(DRAFTS, drafts=len(drafts)))
    table = [(_say(LINE), _say(SESSION), _say(MISSING))]
    table += [(str(line), name, ", ".join(missing)) for line, name, missing in drafts]
    first, second = (max(len(row[column]) for row in table) for column in (0, 1))
    for line, name, missing in table:
        click.echo(f"{line.rjust(first)}  {name.ljust(second)}  {missing}")


def _say(text: str, **values: object) -> str:
    return translate(text, LANGUAGE, **values)
