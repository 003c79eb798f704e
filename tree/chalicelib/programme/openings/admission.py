"""When a family is admitted: from T0 + S · u on, where u is HMAC-SHA256 of the family's draw key under the seed.

A fast line, an early click and F5 gain nothing, and whoever has the seed can recompute every moment. The arithmetic is
in whole numbers, so that a browser's BigInt comes to the same millisecond.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from chalicelib.people.families.identity import keyed_id
from chalicelib.people.families.rules import UNREAD, Naming
from chalicelib.programme.openings.rules import Opening, OpeningKind, Window, whole

KEY_LENGTH = 12
# Of the 2**64 that `drawn` gives: a sixteenth. One pseudonym in sixteen lies there, so that of 1,024 practically one
# always does, unless the other family is among the last thousandth of the spread.
MOST_BEHIND = 2**60
MOST_PSEUDONYMS = 1024
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


def follow_key(opening: Opening, family_id: str, first: str) -> str | None:
    """The name under which a family draws for children whom another one named first: the first of its pseudonyms that
    the seed admits at the same moment as the other family or later, but no later than a sixteenth of the spread.

    So a second mailbox is never a second chance, whoever named the child first costs nobody much, and nothing of the
    other family stands in the own token, answer or row. None: the other one comes so late that none was found; then
    this family comes after the spread.
    """
    return _follow_key(opening.opening_id, opening.seed, family_id, first)


@lru_cache(maxsize=4096)
def _follow_key(opening_id: str, seed: bytes, family_id: str, first: str) -> str | None:
    least = drawn(seed, draw_key(opening_id, first))
    for number in range(MOST_PSEUDONYMS):
        key = draw_key(opening_id, f"{first}|{family_id}|{number}")
        if least <= drawn(seed, key) <= least + MOST_BEHIND:
            return key
    return None


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


def is_late(opening: Opening, naming: Naming) -> bool:
    """Whether the family named the child after the deadline for passes: it comes after the spread."""
    return naming.since > whole(opening.plan.passes_until)


def admission(
    opening: Opening, namings: Iterable[Naming], postcode: str, *, has_tried: bool = False
) -> Admission | None:
    """When children whom a family names like this may register together; None: no window is for their postcode.

    Together they wait for the last of their moments, so that nobody gains by naming a child in several passes.
    `has_tried`: they did, while it failed through us (`failed_through_us`); so they are not late. Raises LookupError
    for a child of whom nobody has read which family named it first: its own moment would be a second chance.
    """
    named = list(namings)
    found = {_key(opening, one) for one in named}
    late = None in found or (not has_tried and any(is_late(opening, one) for one in named))
    # Whoever comes after the spread draws under a key too, which finds its row in the published list.
    keys = tuple(sorted(key for key in found if key)) or (draw_key(opening.opening_id, named[0].family_id),)
    for number, window in enumerate(opening.plan.windows):
        if window.is_for(postcode):
            return Admission(number, keys, late, opening.shifted(planned(window, keys, opening.seed, is_late=late)))
    return None


def _key(opening: Opening, naming: Naming) -> str | None:
    """In a draw naming has no effect: a beacon that comes later decides, and no key can be searched for."""
    if naming.first is None or opening.kind is OpeningKind.DRAW:
        return draw_key(opening.opening_id, naming.family_id)
    if naming.first == UNREAD:
        raise LookupError("nobody has read which family named this child first")
    return follow_key(opening, naming.family_id, naming.first)
