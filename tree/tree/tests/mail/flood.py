"""What a flood of mails does to the others: the queue of mails and the one of mails to many, simulated. Plain rules.

    python -m tests.mail.flood

prints the tables of docs/spread.md; `tests/mail/test_flood.py` holds what it says. The worst is assumed: SQS's count of
what waits is a minute old, and the timer that moves mails to many rings when it likes within its minute.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from chalicelib.mail.more import how_many
from chalicelib.mail.rules import TO_MANY, MailKind
from chalicelib.people.families.limits import SHARE_OF_PASSES

BATCH = 2  # BatchSize of the template
HOUR, ANNOUNCED_AT = 3600.0, 300.0
FIRST = (MailKind.CONFIRMED, MailKind.OFFERED)

Mail = tuple[float, MailKind]  # when it is queued, in seconds, and its kind


@dataclass(frozen=True)
class SimulatedMail:
    """`waited`: seconds from the queue to SES."""

    kind: MailKind
    at: float
    waited: float


def simulate(mails: Iterable[Mail], a_second: float, at_once: int, *, in_turn: bool = True) -> list[SimulatedMail]:
    """`in_turn`: mails to many wait elsewhere; otherwise all stand in one queue, as they come."""
    queue = [one for one in mails if not (in_turn and one[1] in TO_MANY)]
    later = deque(sorted(one for one in mails if in_turn and one[1] in TO_MANY))
    heapq.heapify(queue)
    chance, each = Random(2), at_once / a_second
    free = [(0.0, number) for number in range(at_once)]
    sent: list[SimulatedMail] = []
    minute, counted = 0, 0

    while queue or later:
        now, process = heapq.heappop(free)
        if later and now >= minute * 60:
            room, rings = how_many(a_second, counted), minute * 60 + chance.uniform(0, 60)
            for place in range(room):
                if later and later[0][0] <= now:
                    heapq.heappush(queue, (rings + place * 60 / room, later.popleft()[1]))
            counted = sum(at <= now for at, _ in queue)
            minute += 1
        if not queue or queue[0][0] > now:
            wakes = [*(one[0] for one in queue[:1]), *([minute * 60.0] if later else [])]
            heapq.heappush(free, (max(now, min(wakes)), process))
            continue
        for _ in range(BATCH):
            if queue and queue[0][0] <= now:
                at, kind = heapq.heappop(queue)
                now += each
                sent.append(SimulatedMail(kind, at, now - at))
        heapq.heappush(free, (now, process))
    return sent


def evenly(kind: MailKind, a_second: float, chance: Random) -> list[Mail]:
    """The mails that families cause within an hour, each when it likes."""
    return [(chance.uniform(0, HOUR), kind) for _ in range(round(a_second * HOUR))]


def longest(sent: Sequence[SimulatedMail], *kinds: MailKind) -> float:
    return max((one.waited for one in sent if one.kind in kinds), default=0.0)


@dataclass(frozen=True)
class FloodCase:
    """An hour of an opening in which registrations take `busy` of the rate, and offers are made."""

    name: str
    announced: int
    is_flooded: bool
    busy: float = 0.5
    a_second: float = 14
    at_once: int = 4

    def mails(self) -> list[Mail]:
        """The announcement comes after five minutes; the flood of passes lasts all the hour, at the most that is taken
        in (people/families/limits.py)."""
        chance = Random(1)
        found = evenly(MailKind.CONFIRMED, self.a_second * self.busy, chance) + evenly(MailKind.OFFERED, 0.2, chance)
        found += evenly(MailKind.PASS, self.a_second * (SHARE_OF_PASSES if self.is_flooded else 0.02), chance)
        return found + [(ANNOUNCED_AT, MailKind.ANNOUNCEMENT)] * self.announced


CASES = (
    FloodCase("registrations alone", 0, is_flooded=False),
    FloodCase("a flood of passes", 0, is_flooded=True),
    FloodCase("an announcement to 50,000", 50_000, is_flooded=False),
    FloodCase("both", 50_000, is_flooded=True),
)


def rows() -> list[str]:
    found = [
        "| what comes with them | confirmation or offer | pass | the last of the announcement |",
        "| --- | --- | --- | --- |",
    ]
    for case in CASES:
        for in_turn in (True, False):
            if not in_turn and not case.announced:
                continue
            sent = simulate(case.mails(), case.a_second, case.at_once, in_turn=in_turn)
            announced = [one.at + one.waited - ANNOUNCED_AT for one in sent if one.kind is MailKind.ANNOUNCEMENT]
            last = f"{max(announced) / 60:.0f} min" if announced else "–"
            name = case.name if in_turn else f"{case.name}, all in one queue"
            found.append(f"| {name} | {longest(sent, *FIRST):.0f} s | {longest(sent, MailKind.PASS):.0f} s | {last} |")
    return found


def durations() -> list[str]:
    """How long mails to everybody take, by the rate, while families do nothing else."""
    found = ["| mails a second (`MailsASecond`) | to 10,000 families | to 50,000 |", "| --- | --- | --- |"]
    for a_second in (14, 28, 50, 100, 200):
        minutes = [-(-families // how_many(a_second, 0)) for families in (10_000, 50_000)]
        found.append(f"| {a_second} | {minutes[0]} min | {minutes[1]} min |")
    return found


if __name__ == "__main__":
    print("\n".join([*rows(), "", *durations()]))
