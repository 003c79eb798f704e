"""Counts of each request, and when a container writes its sums down.

Registrations and seats are not counted here: they are in the table, and what is there is never counted twice. Counted
is what leaves no trace otherwise: visits, refusals and failures. Nothing about a person: no address, browser or cookie.

A count waits in the container's memory, by the ten seconds in which it was made (its slot). One slot is written at a
time, the oldest first, and at most one in ten seconds. What is in the memory of a container that Lambda freezes for
good is lost, as a rule the counts of its last ten seconds: so every sum is `at least`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

SLOT = timedelta(seconds=10)
# How many seconds lie between two writes of a container, and after one that failed.
EVERY, AFTER_A_FAILURE = 10.0, 60.0
# Slots that a container keeps while it cannot write: ten minutes. And names in one of them, so that a write stays one.
MOST_SLOTS, MOST_NAMES = 60, 120

# The names of the sums. Those of one opening have its id behind them: "refused#too-early@2027-k7m2xq".
ANSWERS, FAILED, PAGES, READS = "answers", "failed", "pages", "reads"
REFUSED = "refused#"
OF = "@"
# Acts of the system by itself, by the kind of their message: "did#offered" (insight/by_rule.py).
DID = "did#"

Sums = Mapping[str, int]
# Addresses whose requests are neither visits nor refusals: of staff at work, and of health checks.
NOT_OF_FAMILIES = ("/office", "/api/staff", "/api/health", "/assets")


class Answered(NamedTuple):
    """A request that was answered (no dataclass, which takes a millisecond more of each cold start).

    `route`: with its parameters' names, so there are few. `opening_id`: the one in its address; nothing was refused:
    there is one of that name. `refusals`: a slug of docs/api.md each, and the opening that it was about, as we know it
    and not as it was sent.
    """

    route: str
    method: str
    status: int
    is_page: bool = False
    opening_id: str | None = None
    refusals: tuple[tuple[str, str | None], ...] = ()

    @property
    def may_write(self) -> bool:
        """Whether a write may follow. Not where somebody got what they asked for: a registration costs two writes. And
        not where we failed: whoever waits in an outage does not wait for a sum too."""
        return self.status < 500 and (self.method == "GET" or bool(self.refusals))


def counters(one: Answered) -> list[str]:
    """The sums in which it counts."""
    names = [ANSWERS]
    if one.status >= 500:
        names.append(FAILED)
    if one.route.startswith(NOT_OF_FAMILIES):
        return names
    if one.refusals:
        return names + [REFUSED + slug + _of(opening_id) for slug, opening_id in one.refusals]
    if one.method == "GET" and one.status < 400:
        names.append((PAGES if one.is_page else READS) + _of(one.opening_id))
    return names


def _of(opening_id: str | None) -> str:
    return OF + opening_id if opening_id else ""


def slot_of(moment: datetime) -> datetime:
    """The beginning of its ten seconds."""
    return moment.replace(second=moment.second // 10 * 10, microsecond=0)


class UnwrittenCounts:
    """Counts that one container has not written down yet. `clock`: seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self.slots: dict[datetime, Counter[str]] = {}
        self.not_before = 0.0

    def count(self, at: datetime, names: Iterable[str]) -> int:
        """Returns how many counts were given up: by the oldest slot when nothing could be written for ten minutes, or
        because somebody makes us count under more names than there are."""
        slot, lost = self.slots.setdefault(slot_of(at), Counter()), 0
        for name in names:
            if name in slot or len(slot) < MOST_NAMES:
                slot[name] += 1
            else:
                lost += 1
        return lost + sum(self.slots.pop(min(self.slots)).total() for _ in range(len(self.slots) - MOST_SLOTS))

    def due(self, clock: float) -> tuple[datetime, Sums] | None:
        """Takes out what is to be written at `clock`; None: nothing, or it is too soon."""
        if clock < self.not_before or not self.slots:
            return None
        self.not_before = clock + EVERY
        slot = min(self.slots)
        return slot, self.slots.pop(slot)

    def put_back(self, slot: datetime, sums: Sums, clock: float) -> None:
        """Takes back counts that could not be written, for the next time."""
        self.not_before = clock + AFTER_A_FAILURE
        if sums:
            self.slots.setdefault(slot, Counter()).update(sums)


def added(many: Iterable[Sums]) -> Counter[str]:
    total: Counter[str] = Counter()
    for sums in many:
        total.update(sums)
    return total


def refusals(sums: Sums, opening_id: str | None = None) -> dict[str, int]:
    """Slug to how many, the most frequent first: of one opening, or of all that was refused."""
    found: Counter[str] = Counter()
    for name, number in sums.items():
        slug, _, of = name.removeprefix(REFUSED).partition(OF)
        if name.startswith(REFUSED) and opening_id in (None, of):
            found[slug] += number
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def visits(sums: Sums, opening_id: str | None = None) -> dict[str, int]:
    """`{"pages", "reads"}`: pages looked at, and answers of the API read, of one opening or of everything."""
    found = {PAGES: 0, READS: 0}
    for name, number in sums.items():
        kind, _, of = name.partition(OF)
        if kind in found and opening_id in (None, of):
            found[kind] += number
    return found
