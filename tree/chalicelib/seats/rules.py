"""Who may have a seat, and why not. Plain rules; `table.py` asks DynamoDB the same in one condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum, StrEnum

# Names among the holders that are no child's and no registration's: seats that are held back.
_HELD_BACK = "~"
# Of a family that was erased, in a session that is over: somebody came, and nobody knows who.
NAMELESS = f"{_HELD_BACK}erased"
# A session's seats are one item, which DynamoDB writes 1,000 units a second to, and a claim costs a unit for each KB of
# it. So it sells 100 seats a second as long as a claim costs 10 units at most; with so many seats the last one costs 9.
# Where seats are held for a time first it sells fewer: the check of an opening counts that (tests/seats/test_units.py
# measures it).
MOST_SEATS = 300
# Bytes of that item: without anybody, for each seat that is taken, and more for each that is only held.
_EMPTY, _TAKEN, _HELD = 120, 30, 27


@dataclass(frozen=True)
class Seats:
    """The seats of one session. `holders`: child_id to registration_id. Moments are epoch seconds.

    free + len(holders) == capacity, always. `opens` None: no opening is set yet.
    `until`: the registrations whose seats are only held (an offer, or a hold), and until when. From that moment on the
    seats count as free, whether or not somebody has written it down yet: `at`. Once they are freed, it says that they
    lapsed, until the family's record says so.
    `extended`: those of them that had more time already.
    `channels`: how a registration came by its seat, for those that did not come by the opening.
    `queued`: somebody waits. What is free then is the waiting list's, not for whoever comes along.
    `blocked`: since when there are free seats, but fewer than the first of the waiting list needs.
    `stopped`: since when its opening is paused. What is held then ends later by the length of the pause, so until that
    is known nothing ends that had not ended before. `moved`: the registrations whose end is moved already.
    `kept_for`: the ticket of the last registration for which seats began to be kept; 0: for none so far.
    `called_off`: since when the camp is cancelled; from then on it takes nobody, whatever its other moments say.
    `news`: the number of the last news of the camp that its families are told; 0: there was none.
    """

    session_id: str
    capacity: int
    free: int
    holders: Mapping[str, str]
    opens: int | None
    closes: int
    born_from: date
    born_until: date
    until: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, "Channel"] = field(default_factory=dict)
    queued: bool = False
    extended: frozenset[str] = frozenset()
    blocked: int | None = None
    stopped: int | None = None
    moved: frozenset[str] = frozenset()
    kept_for: int = 0
    called_off: int | None = None
    news: int = 0

    @property
    def most(self) -> int:
        """As many seats as could ever be free together: all that are not held back."""
        return self.capacity - sum(map(is_held_back, self.holders.values()))

    @property
    def children(self) -> dict[str, str]:
        """`holders` without what is held back."""
        return {child: holder for child, holder in self.holders.items() if not is_held_back(holder)}

    @property
    def registrations(self) -> list[str]:
        """Those that have seats, each once."""
        return list(dict.fromkeys(self.children.values()))

    def final(self, now: int) -> list[str]:
        """Those that have them for good, not only until a moment."""
        current = self.at(now)
        return [registration for registration in current.registrations if registration not in current.until]

    def clock(self, now: int) -> int:
        """The moment that counts for what is held: it stands still during a pause."""
        return now if self.stopped is None else min(now, self.stopped)

    def lapsed(self, now: int) -> list[str]:
        """The registrations that held seats until `now` or earlier, and still stand in `holders`."""
        now = self.clock(now)
        over = [registration for registration, end in self.until.items() if end <= now]
        holding = set(self.holders.values()) if over else set()
        return [registration for registration in over if registration in holding]

    def next_end(self, now: int) -> int | None:
        """When the next seat is held no longer, after `now`."""
        holding = set(self.holders.values())
        return min((end for one, end in self.until.items() if end > now and one in holding), default=None)

    def at(self, now: int) -> "Seats":
        """The seats as they are at `now`: without what was held until then."""
        lapsed = set(self.lapsed(now))
        if not lapsed:
            return self
        holders = {child: holder for child, holder in self.holders.items() if holder not in lapsed}
        return replace(
            self,
            free=self.free + len(self.holders) - len(holders),
            holders=holders,
            until={registration: end for registration, end in self.until.items() if registration not in lapsed},
            channels={holder: channel for holder, channel in self.channels.items() if holder not in lapsed},
        )

    def for_anyone(self, now: int) -> int:
        """How many seats somebody who does not wait could get at `now`."""
        return 0 if self.queued or self.called_off is not None else self.at(now).free


def outgrows(capacity: int, before: int = 0) -> bool:
    """Whether a session may not have so many seats. `before`: how many it has; one that has more than others may keep
    them, and give some up."""
    return capacity > max(MOST_SEATS, before)


def units_of_a_claim(capacity: int, *, is_held: bool) -> int:
    """The write units of the claim of the last seat: one for each KB of an item with so many seats taken, each by
    a registration of its own. `is_held`: the opening lets them be held for a time first."""
    return -(-(_EMPTY + capacity * (_TAKEN + _HELD * is_held)) // 1024)


class Channel(Enum):
    """How a registration came by its seat, if not by the opening itself. One letter: it stands in the seats' item."""

    WAITING_LIST = "w"
    DESK = "d"
    EXCEPTION = "x"


class HeldFor(StrEnum):
    """For whom seats are held back from an opening. They stand among the holders too, for nobody's child: `~staff-1` is
    held by `~staff`. No child and no registration is called like that."""

    STAFF = "staff"
    REDUCED = "reduced"

    @property
    def holder(self) -> str:
        return f"{_HELD_BACK}{self.value}"

    def seat(self, number: int) -> str:
        return f"{self.holder}-{number}"

    def of(self, seats: Seats) -> list[str]:
        """The name that stands there instead of children."""
        return sorted(child for child, holder in seats.holders.items() if holder == self.holder)


def is_held_back(holder: str) -> bool:
    """Whether this is no registration, but for whom a seat is held back."""
    return holder.startswith(_HELD_BACK)


@dataclass(frozen=True)
class Claim:
    """One registration's wish: a seat for each child, or for none. `children`: child_id to birth date.

    `until`: epoch seconds, if the seats are to be held only until then. `from_list`: the registration waited, and it is
    its turn.
    """

    session_id: str
    registration_id: str
    children: Mapping[str, date]
    now: int
    until: int | None = None
    channel: Channel | None = None
    from_list: bool = False


class Reason(Enum):
    UNKNOWN = "unknown"
    CLOSED = "closed"
    NOT_ELIGIBLE = "not-eligible"
    TOO_EARLY = "too-early"
    ALREADY_HELD = "already-held"
    TOO_FEW = "too-few"


def refusal(seats: Seats, claim: Claim) -> Reason | None:
    """Why this claim cannot be granted, the reason that no waiting can mend first; None if it can be.

    Too few seats is the last reason: whoever hears it would otherwise be welcome, and may wait.
    """
    seats = seats.at(claim.now)
    if claim.now >= seats.closes or seats.called_off is not None:
        return Reason.CLOSED
    if misfits(seats, claim):
        return Reason.NOT_ELIGIBLE
    if seats.opens is None or claim.now < seats.opens:
        return Reason.TOO_EARLY
    if any(child in seats.holders for child in claim.children):
        return Reason.ALREADY_HELD
    if seats.free < len(claim.children) or (seats.queued and not claim.from_list):
        return Reason.TOO_FEW
    return None


def misfits(seats: Seats, claim: Claim) -> list[str]:
    """The children that are too young or too old on the first day."""
    return [child for child, born in claim.children.items() if not seats.born_from <= born <= seats.born_until]


def holds(seats: Seats, claim: Claim) -> bool:
    """Whether this very registration has its seats already, for good or until whenever."""
    return all(seats.holders.get(child) == claim.registration_id for child in claim.children)


def is_granted(seats: Seats, claim: Claim) -> bool:
    """Whether it has them as it claims them: a repeated claim is no second one."""
    return holds(seats, claim) and seats.until.get(claim.registration_id) == claim.until


def birth_dates(first_day: date, age_min: int, age_max: int) -> tuple[date, date]:
    """The first and the last birth date of those who are age_min to age_max years old on `first_day`.

    Who was born on 29 February turns a year older on 1 March in other years, as `age` counts.
    """
    return _years_before(first_day, age_max + 1) + timedelta(days=1), _years_before(first_day, age_min)


def age(born: date, on: date) -> int:
    """Whole years, as people count them."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _years_before(day: date, years: int) -> date:
    year = max(day.year - years, date.min.year)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February, and that year had none
        return date(year, 2, 28)
