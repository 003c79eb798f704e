"""For whoever got no seat where they wanted one most: the nearest sessions that have seats left, and fit."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.programme.sessions.rules import Session, share_a_day
from chalicelib.seats.rules import birth_dates


@dataclass(frozen=True)
class Camp:
    """The facts of a session that decide whether it could take the place of another one."""

    session_id: str
    municipality: str
    starts_on: date
    ends_on: date
    born_from: date
    born_until: date
    left: int

    def fits(self, births: Iterable[date]) -> bool:
        return all(self.born_from <= born <= self.born_until for born in births)


def camp_of(session: Session, left: int) -> Camp:
    """Raises ValueError for a draft, which takes nobody's place."""
    first, last, least, most = session.starts_on, session.ends_on, session.age_min, session.age_max
    if first is None or last is None or least is None or most is None:
        raise ValueError(f"a draft: {session.session_id} lacks {', '.join(session.missing)}")
    born_from, born_until = birth_dates(first, least, most)
    return Camp(session.session_id, session.municipality, first, last, born_from, born_until, left)


def by_distance(camps: Mapping[str, Camp]) -> dict[str, list[Camp]]:
    """Session to the sessions with seats left, as `around` orders them."""
    with_seats = [camp for camp in camps.values() if camp.left > 0]
    return {session_id: around(wanted, with_seats) for session_id, wanted in camps.items()}


def around(wanted: Camp, camps: Iterable[Camp]) -> list[Camp]:
    """The other ones, the nearest first: in the same municipality before others, then by how many days earlier or later
    they begin."""
    return sorted(
        (camp for camp in camps if camp.session_id != wanted.session_id),
        key=lambda other: (
            other.municipality != wanted.municipality,
            abs(other.starts_on - wanted.starts_on),
            other.starts_on,
            other.session_id,
        ),
    )


def nearest(
    wanted: str,
    births: Mapping[str, date],
    seated: Mapping[str, Iterable[str]],
    camps: Mapping[str, Camp],
    nearby: Mapping[str, Sequence[Camp]],
) -> Camp | None:
    """The nearest to `wanted` that suits. `seated`: child to the sessions in which it has a seat."""
    taken = [camps[session] for child in births for session in seated.get(child, ())]
    return next(suiting(births.values(), taken, nearby[wanted]), None)


def suiting(births: Collection[date], taken: Sequence[Camp], camps: Iterable[Camp]) -> Iterator[Camp]:
    """Those with a seat for each child of these birth dates, of age for all of them, and at no time at which one of
    them has a seat already (`taken`); in their order."""
    for camp in camps:
        if camp.left >= len(births) and camp.fits(births) and not any(share_a_day(camp, one) for one in taken):
            yield camp
