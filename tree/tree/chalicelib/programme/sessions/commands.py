"""Commands about the programme; chalicelib/__main__.py adds it.

The table is imported in the commands: it connects, and `--help` has nothing to connect to.
"""

import sys
from datetime import UTC, datetime

import click

from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import ClocksChange, NotAMoment, TooFar, brussels, read_moment
from chalicelib.programme.sessions.cells import FIRST_YEAR, LAST_YEAR
from chalicelib.programme.sessions.rules import Session, normalise

LANGUAGE = "en"

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


def _say(text: str, **values: object) -> str:
    return translate(text, LANGUAGE, **values)
