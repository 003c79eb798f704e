"""For whoever got none of the seats they wanted most: the nearest session that has seats left, and fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Camp:
    """What of a session decides whether it could take the place of another one."""

    session_id: str
    municipality: str
    starts_on: date
    ends_on: date
    born_from: date
    born_until: date
    left: int

    def fits(self, births: Iterable[date]) -> bool:
        return all(self.born_from <= born <= self.born_until for born in births)

    def overlaps(self, other: "Camp") -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def by_distance(camps: Mapping[str, Camp]) -> dict[str, list[Camp]]:
    """Session to the sessions with seats left, the nearest first: in the same municipality before others, then by how
    many days earlier or later they begin."""
    with_seats = [camp for camp in camps.values() if camp.left > 0]
    return {
        session_id: sorted(
            (camp for camp in with_seats if camp.session_id != session_id),
            key=lambda other, camp=wanted: (  # type: ignore[misc]
                other.municipality != camp.municipality,
                abs(other.starts_on - camp.starts_on),
                other.starts_on,
                other.session_id,
            ),
        )
        for session_id, wanted in camps.items()
    }


def nearest(
    wanted: str,
    births: Mapping[str, date],
    seated: Mapping[str, Iterable[str]],
    camps: Mapping[str, Camp],
    nearby: Mapping[str, Sequence[Camp]],
) -> Camp | None:
    """The nearest to `wanted` with a seat for each child of `births` (child to birth date) that is of age there and has
    no seat at that time. `seated`: child to the sessions in which it has one."""
    taken = [camps[session] for child in births for session in seated.get(child, ())]
    for camp in nearby[wanted]:
        if camp.left >= len(births) and camp.fits(births.values()) and not any(map(camp.overlaps, taken)):
            return camp
    return None
