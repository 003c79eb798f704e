"""When a family is admitted: from T0 + S · u on, where u is HMAC-SHA256 of the family's draw key under the seed.

A fast line, an early click and F5 gain nothing, and whoever has the seed can recompute every moment. The arithmetic is
in whole numbers, so that a browser's BigInt comes to the same millisecond.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.people.families.identity import keyed_id
from chalicelib.people.families.rules import Naming
from chalicelib.programme.openings.rules import Opening, Window, whole

KEY_LENGTH = 12
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Admission:
    """`window`: its number in the opening. `keys`: whose draw it is. `is_late`: known too late for the draw; such a
    family comes after the spread. `at`: from when on."""

    window: int
    keys: tuple[str, ...]
    is_late: bool
    at: datetime


def draw_key(opening_id: str, family_id: str) -> str:
    """The name under which a family draws in one opening: it stands in the published list, and says nothing about the
    family to anybody else, nor which key it had in another opening."""
    return keyed_id(f"opening {opening_id}", family_id, KEY_LENGTH)


def drawn(seed: bytes, key: str) -> int:
    """0 to 2**64 - 1: the first 8 bytes of HMAC-SHA256(seed, key), the most significant first."""
    return int.from_bytes(hmac.digest(seed, key.encode(), "sha256")[:8], "big")


def moment(window: Window, number: int) -> datetime:
    """T0 + S · number / 2**64, rounded down to a millisecond."""
    opens = (window.opens_at - FIRST_MOMENT) // MILLISECOND
    spread = window.spread // MILLISECOND
    return FIRST_MOMENT + MILLISECOND * (opens + (spread * number >> 64))


def planned(window: Window, keys: Iterable[str], seed: bytes, *, is_late: bool) -> datetime:
    """When whoever draws under these keys is admitted, had nothing moved it since."""
    return window.ends_at if is_late else max(moment(window, drawn(seed, key)) for key in keys)


def failed_through_us(opening: Opening, tried_at: datetime, known_since: int = 0) -> bool:
    """Whether somebody who tried then tried while an incident kept everybody out: during a pause, or at the opening
    that was void. `known_since`: epoch seconds; it took nothing from children who were named after it had begun. If it
    counted for them, a pause would be the time to try out names until one comes early in the order.
    """
    return any(
        shift.after <= tried_at < shift.after + shift.by and known_since < whole(shift.after)
        for shift in opening.shifts
    )


def admission(
    opening: Opening, namings: Iterable[Naming], postcode: str, *, has_tried: bool = False
) -> Admission | None:
    """When children who were named like this may register together; None: no window is for their postcode.

    Children whom different families named first wait for the last of these families, so that nobody gains by
    naming a child in several passes. `has_tried`: they did, while it failed through us (`failed_through_us`); so they
    are not late.
    """
    named = list(namings)
    late = not has_tried and any(one.since > whole(opening.plan.passes_until) for one in named)
    keys = tuple(sorted({draw_key(opening.opening_id, one.family_id) for one in named}))
    for number, window in enumerate(opening.plan.windows):
        if window.is_for(postcode):
            return Admission(number, keys, late, opening.shifted(planned(window, keys, opening.seed, is_late=late)))
    return None
