"""The real programme, and what Hypothesis makes of sessions."""

import string
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from hypothesis import strategies as st

from chalicelib.programme.files.reading import open_file, read
from chalicelib.programme.sessions.changes import Broken, ProgrammeRow
from chalicelib.programme.sessions.rules import Session, identify

PROGRAMME = Path(__file__).parents[3] / "infra" / "example" / "programme.csv"
HEADER = "municipality,title,starts_on,ends_on,age_min,age_max,capacity,price_eur,note,source"
# Real rows; the capacity, which Kaprijke does not publish, is ours.
BOUWKAMP = "Kaprijke,Bouwkamp (Lembeke),2019-08-19,2019-08-21,3,6,20,45.00,,https://www.kaprijke.be/kleutersportkamp"
BEESTENBOEL = (
    "Kaprijke,Beestenboel (Lembeke),2019-08-22,2019-08-23,3,6,20,30.00,,https://www.kaprijke.be/kleutersportkamp"
)
OMNISPORT = (
    "Buggenhout,Omnisportkamp (per week),,,7,12,,60.00,kansentarief 15.00,https://www.buggenhout.be/product/9/sportkamp"
)


def sheet(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def read_rows(data: bytes) -> list[ProgrammeRow]:
    """The sessions of a file, in its order; raises Broken, with every error, if there is one at all."""
    found = read(open_file(data, "kampen.csv"))
    if found.errors:
        raise Broken(found.errors)
    return list(found.rows)


def bouwkamp(**changes: object) -> Session:
    """A session that can be booked."""
    session = Session(
        session_id="",
        municipality="Kaprijke",
        title="Bouwkamp (Lembeke)",
        starts_on=date(2019, 8, 19),
        ends_on=date(2019, 8, 21),
        age_min=3,
        age_max=6,
        price_cents=4500,
        capacity=20,
        place=None,
        daily_from=None,
        daily_until=None,
        opens_at=None,
        note="",
        source="https://www.kaprijke.be/kleutersportkamp",
    )
    session = replace(session, **changes)
    return replace(session, session_id=identify(session.municipality, session.title, session.starts_on))


def numbered(number: int, **changes: object) -> Session:
    return bouwkamp(title=f"Bouwkamp {number}", **changes)


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=30)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Any session that a sheet can bring, with or without an opening."""
    starts_on = draw(st.none() | DAYS)
    length = timedelta(days=draw(st.integers(0, 59)))
    ends_on = draw(st.none() | (st.just(starts_on + length) if starts_on else DAYS))
    ages = sorted((draw(st.integers(0, 120)), draw(st.integers(0, 120))))
    opens_at = draw(st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - UTC below
    return bouwkamp(
        municipality=draw(NAMES),
        title=draw(NAMES),
        starts_on=starts_on,
        ends_on=ends_on,
        age_min=draw(st.sampled_from([None, ages[0]])),
        age_max=draw(st.sampled_from([None, ages[1]])),
        price_cents=draw(st.none() | st.integers(0, 1_000_000)),
        capacity=draw(st.none() | st.integers(1, 100)),
        place=draw(st.none() | NAMES),
        daily_from=draw(st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59))),
        daily_until=draw(st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59))),
        opens_at=opens_at.replace(tzinfo=UTC, microsecond=0) if opens_at else None,
        note=draw(st.text(string.printable, max_size=50)),
        source=draw(st.text(string.ascii_letters, max_size=50)),
        kind=draw(st.none() | NAMES),
    )
