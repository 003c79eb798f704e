"""The wishes that a family prepares for an opening whose seats go to whoever comes first: what it registers for, in
order, when its moment comes.

Each wish has its Idempotency-Key from the moment it is saved. So whoever registers it, however often and from whichever
phone, repeats the same registration: at most once. What is entered for a draw is in `draw/`.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.booking.registrations.rules import RegistrationStatus, Standing
from chalicelib.programme.sessions.rules import Session, share_a_day

MOST_WISHES = 20


@dataclass(frozen=True)
class WantedSession:
    """A session for children together: all of them get a seat there, or none."""

    session_id: str
    child_ids: tuple[str, ...]

    def is_same(self, other: "WantedSession") -> bool:
        """Whether both ask for the same: in which order the children were named makes no difference."""
        return self.session_id == other.session_id and set(self.child_ids) == set(other.child_ids)


@dataclass(frozen=True)
class Wish:
    """`key`: the Idempotency-Key with which it is registered."""

    key: str
    wanted: WantedSession

    @property
    def session_id(self) -> str:
        return self.wanted.session_id

    @property
    def child_ids(self) -> tuple[str, ...]:
        return self.wanted.child_ids


@dataclass(frozen=True)
class Prepared:
    """The wishes that a family prepared for one opening, in order. `by_itself`: the page registers it at the family's
    moment without a tap. `edition`: counts the changes; 0: nothing was saved yet."""

    opening_id: str
    family_id: str
    wishes: tuple[Wish, ...] = ()
    by_itself: bool = False
    edition: int = 0

    def called(self, key: str) -> Wish | None:
        return next((wish for wish in self.wishes if wish.key == key), None)


def saved(
    before: Sequence[Wish], wanted: Iterable[WantedSession], over: Container[str], new_key: Callable[[], str]
) -> tuple[Wish, ...]:
    """The wishes after a family saved this: what it wished for before keeps its key, so that it stays the same
    registration; but not where that registration is cancelled (its key is in `over`), for its key brings nothing more.

    Who asks for the same twice wishes for it once.
    """
    wishes: list[Wish] = []
    for one in wanted:
        if any(one.is_same(wish.wanted) for wish in wishes):
            continue
        earlier = next((wish for wish in before if wish.wanted.is_same(one) and wish.key not in over), None)
        wishes.append(earlier or Wish(new_key(), one))
    return tuple(wishes)


def renewed(before: Prepared, taken_back: Container[str], new_key: Callable[[], str]) -> Prepared:
    """The wishes whose registrations an incident took back, as new ones: the city promised that their family comes
    again in its order, so it need not save them again."""
    wishes = tuple(Wish(new_key(), one.wanted) if one.key in taken_back else one for one in before.wishes)
    return replace(before, wishes=wishes)


def moved(keys: Sequence[str], key: str, by: int) -> list[str]:
    """The order after one of them went up (-1) or down (1), no further than to the end."""
    order = list(keys)
    if key in order:
        place = order.index(key)
        order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    return order


def in_the_way(wish: Wish, granted: Iterable[Wish], sessions: Mapping[str, Session]) -> Wish | None:
    """The granted wish that has one of its children on a day of this one. Then this one is not registered: nobody is in
    two places, and its seat is for somebody else."""
    return next(
        (
            other
            for other in granted
            if other.key != wish.key
            and set(other.child_ids) & set(wish.child_ids)
            and share_a_day(sessions.get(wish.session_id), sessions.get(other.session_id))
        ),
        None,
    )


class WishProgress(StrEnum):
    """The state of a wish. OPEN: nothing yet, or it was refused, which leaves nothing. GRANTED: all children have their
    seats. HELD: until a moment, and then to be accepted. SKIPPED: a granted wish is in the way."""

    OPEN = "open"
    GRANTED = "granted"
    HELD = "held"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class WishOutcome:
    """`standing`: of its registration, if there is one. `other`: which wish is in the way."""

    wish: Wish
    reached: WishProgress
    standing: Standing | None = None
    other: Wish | None = None


def outcomes(
    prepared: Prepared, standings: Mapping[str, Standing], sessions: Mapping[str, Session]
) -> list[WishOutcome]:
    """The outcome of each wish, in their order. `standings`: of a key's registration."""
    granted = [one for one in prepared.wishes if one.key in standings and has_seats(standings[one.key])]
    return [_outcome(wish, standings.get(wish.key), granted, sessions) for wish in prepared.wishes]


def has_seats(standing: Standing) -> bool:
    return standing.status in (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)


def _outcome(
    wish: Wish, standing: Standing | None, granted: Iterable[Wish], sessions: Mapping[str, Session]
) -> WishOutcome:
    if standing:
        return WishOutcome(wish, REACHED[standing.status], standing)
    other = in_the_way(wish, granted, sessions)
    return WishOutcome(wish, WishProgress.SKIPPED if other else WishProgress.OPEN, other=other)


REACHED = {
    RegistrationStatus.CONFIRMED: WishProgress.GRANTED,
    RegistrationStatus.OFFERED: WishProgress.HELD,
    RegistrationStatus.WAITLISTED: WishProgress.WAITING,
    RegistrationStatus.CANCELLED: WishProgress.CANCELLED,
}
