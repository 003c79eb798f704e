"""What a container keeps in its memory between requests, in one place: a test begins in one that is new."""

from chalicelib.cancellation import table as cancellation
from chalicelib.cost import so_far
from chalicelib.figures import live, status
from chalicelib.ledger import table as ledger
from chalicelib.openings import table as openings
from chalicelib.programme import handlers as programme
from chalicelib.publication import public
from chalicelib.seats import table as seats
from chalicelib.swimming import table as swimming
from chalicelib.swimming import timetable
from chalicelib.texts import table as texts

REMEMBERING = (
    cancellation,
    ledger,
    live,
    openings,
    programme,
    public,
    seats,
    so_far,
    status,
    swimming,
    texts,
    timetable,
)


def forget() -> None:
    """As if Lambda had started another. Not the tally's counts: they are written down, not read anew (conftest.py)."""
    for one in REMEMBERING:
        one.forget()
