"""The opening's minute, as a discrete-event simulation: families, API Gateway, Lambda's environments, DynamoDB's units.

Each request takes the same steps as in chalicelib/, in the same order, and asks each limit on its way. Time is in
seconds since the opening begins (T0). The same seed gives the same run, to the last request.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate
from typing import Any

import simpy

from chalicelib.programme.openings import limits
from chalicelib.seats.rules import units_of_a_claim
from tests.bench.spread import assumed

Steps = Generator[Any, Any, Any]


class Answer(StrEnum):
    """What one request was answered."""

    SHOWN = "page shown"
    TOO_EARLY = "too early"
    SEAT = "seat"
    SOLD_OUT = "sold out"
    WAITING = "on the waiting list"
    REFUSED = "refused"


class Outcome(StrEnum):
    """How it ended for one family."""

    SEAT = "seat"
    WAITING = "waiting list"
    GAVE_UP = "gave up"


class Refuser(StrEnum):
    STAGE = "our stage's throttle"
    ACCOUNT = "API Gateway's account limit"
    CONCURRENCY = "Lambda: environments at a time"
    SCALING = "Lambda: new environments"
    ITEM = "DynamoDB: one partition"
    TABLE = "DynamoDB: the table"


@dataclass(frozen=True)
class Limits:
    """Per second, and how much at once."""

    stage: tuple[float, float] = (limits.STAGE_REQUESTS_PER_SECOND, limits.STAGE_BUCKET)
    account: tuple[float, float] = (limits.ACCOUNT_REQUESTS_PER_SECOND, limits.ACCOUNT_BUCKET)
    environments: float = limits.ENVIRONMENTS_AT_ONCE
    new_environments: tuple[float, float] = (
        limits.ENVIRONMENTS_PER_STEP / limits.STEP_SECONDS,
        limits.ENVIRONMENTS_PER_STEP,
    )
    item_writes: float = limits.ITEM_WRITE_UNITS_PER_SECOND
    item_reads: float = limits.ITEM_READ_UNITS_PER_SECOND
    table_writes: float = limits.TABLE_WRITE_UNITS_PER_SECOND
    table_reads: float = limits.TABLE_READ_UNITS_PER_SECOND


NO_LIMITS = Limits((math.inf, math.inf), (math.inf, math.inf), math.inf, (math.inf, math.inf), *[math.inf] * 4)


@dataclass(frozen=True)
class Crowd:
    """`spread` in seconds. `early`: the share of families that come when it begins, although their moment is later."""

    families: int
    spread: float
    sessions: int = 300
    seats: int = 20
    early: float = assumed.EARLY
    seed: int = 1

    @property
    def units(self) -> int:
        """What the claim of a session's last seat costs."""
        return units_of_a_claim(self.seats, is_held=False)


@dataclass
class Result:
    """What happened. `waits`: from a family's first request at or after its moment to its last answer; `answered` and
    `refused_by` count requests; `refused_in_time`: those of families whose moment had come. The lists by second begin
    at T0."""

    crowd: Crowd
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    answered: Counter[Answer] = field(default_factory=Counter)
    refused_by: Counter[Refuser] = field(default_factory=Counter)
    refused_in_time: int = 0
    waits: list[float] = field(default_factory=list)
    request_seconds: list[float] = field(default_factory=list)
    by_second: dict[Answer, Counter[int]] = field(default_factory=lambda: {answer: Counter() for answer in Answer})
    arrivals: Counter[int] = field(default_factory=Counter)
    writes: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    seats_left: list[int] = field(default_factory=list)
    most_at_once: int = 0
    environments: int = 0

    @property
    def requests(self) -> int:
        return self.answered.total()

    @property
    def refused(self) -> int:
        return self.answered[Answer.REFUSED]

    @property
    def last_second(self) -> int:
        return max(max(seconds, default=0) for seconds in self.by_second.values())


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


class Bucket:
    """A token bucket: `size` at once, filled again with `rate` a second."""

    def __init__(self, rate: float, size: float) -> None:
        self.rate, self.size = rate, size
        self.tokens, self.at = size, 0.0

    def has(self, now: float, units: float = 1) -> bool:
        if math.isinf(self.size):
            return True
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return self.tokens >= units

    def take(self, now: float, units: float = 1) -> bool:
        """False, and nothing taken, if there are fewer."""
        if not self.has(now, units):
            return False
        self.tokens -= units
        return True


@dataclass
class Environment:
    """One of Lambda's: it answers one request at a time, and remembers. Session to until when it is known as full."""

    full_until: dict[int, float] = field(default_factory=dict)
    list_until: float = 0.0


class Lambda:
    """Warm environments are used again, the last one first; others start as fast as Lambda lets them."""

    def __init__(self, under: Limits) -> None:
        self.warm: list[Environment] = []
        self.busy = self.started = self.most_at_once = 0
        self.limit = under.environments
        self.starts = Bucket(*under.new_environments)

    def take(self, now: float) -> tuple[Environment, bool] | Refuser:
        """An environment, and whether it has to start first."""
        if self.busy >= self.limit:
            return Refuser.CONCURRENCY
        starts = not self.warm
        if starts and not self.starts.take(now):
            return Refuser.SCALING
        self.busy += 1
        self.started += starts
        self.most_at_once = max(self.most_at_once, self.busy)
        return (Environment() if starts else self.warm.pop()), starts

    def give_back(self, environment: Environment) -> None:
        self.busy -= 1
        self.warm.append(environment)


@dataclass
class Partition:
    """Of DynamoDB: a session's seats and waiting list, or the programme. No more at once than in one second: what
    DynamoDB saves up beyond that, it does not promise."""

    writes: Bucket
    reads: Bucket

    @classmethod
    def under(cls, limits: Limits) -> "Partition":
        return cls(Bucket(limits.item_writes, limits.item_writes), Bucket(limits.item_reads, limits.item_reads))


@dataclass
class Session:
    seats: int
    partition: Partition
    taken: int = 0
    waiting: int = 0


@dataclass
class Family:
    """`is_listed`: it is on the waiting list, even if it was not told so yet."""

    moment: float
    wishes: Sequence[int]
    presses_f5: bool
    gives_up_after: float
    is_listed: bool = False


class Throttled(Exception):
    """DynamoDB would not, three times."""

    def __init__(self, by: Refuser) -> None:
        super().__init__(by)
        self.by = by


class Simulation:
    def __init__(self, crowd: Crowd, under: Limits) -> None:
        self.crowd = crowd
        self.random = random.Random(crowd.seed)
        self.clock = simpy.Environment(initial_time=0.0)
        self.result = Result(crowd)
        self.stage, self.account = Bucket(*under.stage), Bucket(*under.account)
        self.lambda_ = Lambda(under)
        self.writes = Bucket(under.table_writes, under.table_writes)
        self.reads = Bucket(under.table_reads, under.table_reads)
        self.programme = Partition.under(under)
        self.sessions = [Session(crowd.seats, Partition.under(under)) for _ in range(crowd.sessions)]
        self.popularity = list(accumulate(1 / rank for rank in range(1, crowd.sessions + 1)))

    def run(self) -> Result:
        for _ in range(self.crowd.families):
            family = self._family()
            is_early = self.random.random() < self.crowd.early
            self.clock.process(self._early(family) if is_early else self._in_time(family, shown=False))
        self.clock.run()
        self.result.seats_left = [session.seats - session.taken for session in self.sessions]
        self.result.most_at_once = self.lambda_.most_at_once
        self.result.environments = self.lambda_.started
        return self.result

    def _family(self) -> Family:
        wishes: dict[int, None] = {}
        while len(wishes) < min(assumed.WISHES, self.crowd.sessions):
            wishes.update(dict.fromkeys(self.random.choices(range(self.crowd.sessions), cum_weights=self.popularity)))
        return Family(
            moment=self.random.random() * self.crowd.spread,
            wishes=list(wishes),
            presses_f5=self.random.random() < assumed.F5,
            gives_up_after=self.random.uniform(*assumed.PATIENCE),
        )

    # What a family does.

    def _early(self, family: Family) -> Steps:
        """Comes when it begins, looks, tries in vain, and is there at its moment."""
        tries = [self.random.random() * assumed.EARLY_WITHIN]
        tries += [self.random.uniform(tries[0], family.moment) for _ in range(assumed.EARLY_TRIES - 1)]
        shown = False
        for at in sorted(tries):
            if at >= family.moment:
                break
            yield self.clock.timeout(max(0.0, at - self.clock.now))
            if not shown:
                shown = yield from self._look(in_time=False)
            yield from self._ask(self._refuse_early, in_time=False)
        yield self.clock.timeout(max(0.0, family.moment - self.clock.now))
        yield from self._in_time(family, shown)

    def _in_time(self, family: Family, shown: bool) -> Steps:
        """Looks, tries its wishes one after the other, and sees what it has; again whenever it is refused."""
        reaction = self.random.expovariate(1 / assumed.REACTION)
        yield self.clock.timeout(max(0.0, family.moment + reaction - self.clock.now))
        begun = self.clock.now
        refusals = 0
        outcome = None
        wishes = list(family.wishes)
        self.result.arrivals[int(begun)] += 1
        while outcome is None:
            shown = shown or (yield from self._look(in_time=True))
            refused = not shown
            while not refused and outcome is None:
                answer = yield from self._ask(self._register, True, family, wishes[0], len(wishes) == 1)
                refused = answer is Answer.REFUSED
                if answer is Answer.SOLD_OUT:
                    del wishes[0]
                elif answer is Answer.SEAT:
                    outcome = Outcome.SEAT
                elif answer is Answer.WAITING:
                    outcome = Outcome.WAITING
            if refused:
                refusals += 1
                if self.clock.now - begun > family.gives_up_after:
                    outcome = Outcome.GAVE_UP
                else:
                    yield self.clock.timeout(self._pause(family, refusals))
        self.result.outcomes[outcome] += 1
        self.result.waits.append(self.clock.now - begun + assumed.WAY)
        if outcome is not Outcome.GAVE_UP:
            yield from self._ask(self._show_own, True)

    def _pause(self, family: Family, refusals: int) -> float:
        if family.presses_f5:
            return self.random.uniform(*assumed.F5_WAIT)
        least = min(assumed.RETRY_AFTER * 2 ** (refusals - 1), assumed.LONGEST_WAIT / 2)
        return self.random.uniform(least, 2 * least)

    def _look(self, in_time: bool) -> Generator[Any, Any, bool]:
        """The programme and the pass, as the page asks for them. Whether both came."""
        for page in (self._show_list, self._show_pass):
            answer = yield from self._ask(page, in_time)
            if answer is Answer.REFUSED:
                return False
        return True

    # What a request meets on its way.

    def _ask(self, handler: Any, in_time: bool, *arguments: Any) -> Generator[Any, Any, Answer]:
        begun = self.clock.now
        refused_by = None
        if not self.stage.take(begun):
            refused_by = Refuser.STAGE
        elif not self.account.take(begun):
            refused_by = Refuser.ACCOUNT
        else:
            found = self.lambda_.take(begun)
            if isinstance(found, Refuser):
                refused_by = found
            else:
                environment, starts = found
                if starts:
                    yield self.clock.timeout(assumed.COLD_START)
                try:
                    answer: Answer = yield from handler(environment, *arguments)
                except Throttled as throttled:
                    refused_by = throttled.by
                self.lambda_.give_back(environment)
        if refused_by:
            answer = Answer.REFUSED
            self.result.refused_by[refused_by] += 1
            self.result.refused_in_time += in_time
        self.result.answered[answer] += 1
        self.result.by_second[answer][int(self.clock.now)] += 1
        self.result.request_seconds.append(self.clock.now - begun + assumed.WAY)
        return answer

    # What our handlers do: chalicelib/booking/registrations/register.py and the others, step by step.

    def _register(
        self, environment: Environment, family: Family, number: int, may_wait: bool
    ) -> Generator[Any, Any, Answer]:
        session = self.sessions[number]
        yield self.clock.timeout(assumed.REGISTRATION)
        if environment.full_until.get(number, 0.0) > self.clock.now and not may_wait:
            return Answer.SOLD_OUT
        yield from self._dynamodb(write=1)  # the record, in the family's own partition
        claim = units_of_a_claim(session.taken + 1, is_held=False)
        yield from self._dynamodb(write=claim, at=session.partition)
        if session.taken < session.seats and not session.waiting:
            session.taken += 1
            environment.full_until.pop(number, None)
            return Answer.SEAT
        environment.full_until[number] = self.clock.now + assumed.REFUSAL_REMEMBERED
        if not may_wait:
            yield from self._dynamodb(write=1)  # the record goes again
            return Answer.SOLD_OUT
        if not family.is_listed:
            if not session.waiting:
                yield from self._dynamodb(write=1, at=session.partition)  # what becomes free is the list's
            yield from self._dynamodb(write=1, at=session.partition)  # the ticket
            yield from self._dynamodb(write=1, at=session.partition)  # the place
            session.waiting += 1
            family.is_listed = True
        yield from self._dynamodb(read=1, at=session.partition)
        yield from self._dynamodb(read=1 + session.waiting / assumed.PLACES_FOR_A_UNIT, at=session.partition)
        yield self.clock.timeout(session.waiting * assumed.PLACE_READ)
        return Answer.WAITING

    def _refuse_early(self, environment: Environment) -> Generator[Any, Any, Answer]:
        yield self.clock.timeout(assumed.REFUSED_EARLY)
        return Answer.TOO_EARLY

    def _show_list(self, environment: Environment) -> Generator[Any, Any, Answer]:
        sessions = self.crowd.sessions
        if environment.list_until > self.clock.now:
            yield self.clock.timeout(assumed.LIST_REMEMBERED_A_SESSION * sessions)
            return Answer.SHOWN
        yield from self._dynamodb(read=assumed.PROGRAMME_UNITS_A_SESSION * sessions, at=self.programme)
        yield from self._dynamodb(read=assumed.SEATS_UNITS_A_SESSION * sessions)
        yield self.clock.timeout(assumed.LIST_READ_A_SESSION * sessions)
        environment.list_until = self.clock.now + assumed.LIST_REMEMBERED_FOR
        return Answer.SHOWN

    def _show_pass(self, environment: Environment) -> Generator[Any, Any, Answer]:
        yield self.clock.timeout(assumed.PASS)
        yield from self._dynamodb(read=1)
        return Answer.SHOWN

    def _show_own(self, environment: Environment) -> Generator[Any, Any, Answer]:
        yield self.clock.timeout(assumed.OWN_REGISTRATIONS)
        yield from self._dynamodb(read=2)
        return Answer.SHOWN

    def _dynamodb(self, *, write: float = 0, read: float = 0, at: Partition | None = None) -> Steps:
        """One call, tried three times; raises Throttled."""
        for pause in (*assumed.PAUSES, None):
            yield self.clock.timeout(assumed.CALL)
            now = self.clock.now
            if at and not (at.writes.has(now, write) and at.reads.has(now, read)):
                by = Refuser.ITEM
            elif not (self.writes.has(now, write) and self.reads.has(now, read)):
                by = Refuser.TABLE
            else:
                for place in (self, at) if at else (self,):
                    place.writes.take(now, write)
                    place.reads.take(now, read)
                self.result.writes[int(now)] += write
                return
            if pause is None:
                raise Throttled(by)
            yield self.clock.timeout(self.random.random() * pause)


def simulate(crowd: Crowd, under: Limits | None = None) -> Result:
    return Simulation(crowd, under or Limits()).run()


def without_spread(crowd: Crowd) -> Crowd:
    """The same families, admitted all at once."""
    return replace(crowd, spread=0.0, early=0.0)
