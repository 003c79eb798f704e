"""Seeded schedules of a front door in which everything happens at the wrong moment; afterwards received = answered + in
hand, and every receipt leads to one of the two.

A schedule is a number: the same one does the same again. Containers die before or after any write, citizens send twice,
two of the staff change a case that both read, duplicates are merged, the queue's messages come late, twice, in any
order or not at all (dead letters, which somebody plays again), mails are refused or come back, the morning's look
breaks off, somebody deletes an item by hand. 1,000 of them: `make search-cases`, or
`python -m tests.front_door.watching.schedules --seeds 1000`. Mails have no words here, which have tests of their own.
"""

import argparse
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any
from unittest import mock

from chalicelib.core import table as items
from chalicelib.core.http.problems import Problem
from chalicelib.core.observability import log
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import acting, following, sending, table
from chalicelib.front_door.cases.acting import BY_CITIZEN, Deed, actor
from chalicelib.front_door.cases.keys import marking_returned
from chalicelib.front_door.cases.rules import IN_HAND, Act, Case, CaseStatus, HistoryEntry, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookState
from chalicelib.front_door.forms import canary
from chalicelib.front_door.handling import handling
from chalicelib.front_door.watching.reconciling import Reconciled, reconcile
from chalicelib.mail import of_cases
from chalicelib.mail.rules import MailKind, MailReturn, Message
from chalicelib.mail.sending import MailRefused
from tests import dynamodb_local
from tests.booking.registrations.callers import Crash
from tests.front_door import city
from tests.front_door.city import KOEN, NADIA, NOW

UNITS = [unit.unit_id for unit in city.UNITS]
ASKED = CaseRequest("youth-care", {"ask": "Mag ik bellen?"}, Way.PHONE, "", contact=city.AN)
S = CaseStatus
DEEDS: tuple[tuple[Act, CaseStatus | None, dict[str, Any]], ...] = (
    (Act.TAKEN, S.IN_PROGRESS, {"assignee": NADIA.email}),
    (Act.ASKED, S.WAITING_FOR_CITIZEN, {}),
    (Act.ANSWERED, S.ANSWERED, {"answered_on": NOW.date()}),
    (Act.ANSWERED, S.ANSWERED, {"answered_on": NOW.date()}),
    (Act.CLOSED, S.CLOSED, {"answered_on": NOW.date()}),
    (Act.REOPENED, S.REOPENED, {}),
    (Act.FORWARDED, None, {"unit_id": "office"}),
    (Act.FORWARDED, None, {"unit_id": "streets", "answer_by": city.day("2027-04-05")}),
    (Act.LENGTHENED, None, {"answer_by": city.day("2027-05-03"), "more_days": 30}),
    (Act.NOTED, None, {}),
)


class Wire:
    """Between our code and the table: where containers die, and what the stream shows. `dies_in`: writes until then;
    `is_written`: whether the last one still is; `writes`: how many were asked for."""

    def __init__(self, original: Callable[..., Any]) -> None:
        self.original = original
        self.dies_in: int | None = None
        self.is_written = False
        self.writes = 0
        self.stream: list[str] = []

    def __call__(self, operation: str, arguments: dict[str, Any]) -> Any:
        if operation in ("Query", "GetItem", "BatchGetItem", "Scan"):
            return self.original(operation, arguments)
        is_last = self.dies_in == 0
        if self.dies_in is not None:
            self.dies_in -= 1
        if is_last and not self.is_written:
            raise Crash
        self.writes += 1
        answer = self.original(operation, arguments)
        self.stream += _of_cases(arguments)
        if is_last:
            raise Crash
        return answer


def _of_cases(arguments: dict[str, Any]) -> Iterator[str]:
    for write in arguments.get("TransactItems", []):
        for kind, one in write.items():
            key = one.get("Key") or one.get("Item")
            if kind in ("Put", "Update") and key["sk"].get("S") == table.SK:
                yield key["pk"]["S"].removeprefix(table.PREFIX)


def _without_words(case: Case, entry: HistoryEntry, _: object) -> tuple[str, int]:
    return case.case_id, entry.number


class _Clock:
    """In the place of `datetime`, where a module asks what time it is."""

    def __init__(self, schedule: "Schedule") -> None:
        self.schedule = schedule

    def now(self, _: tzinfo) -> datetime:
        return self.schedule.now


class Schedule:
    """`mails`: that the provider took, as case_id and number of the entry that each tells."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = NOW
        self.requests: list[CaseRequest] = []
        self.seen: list[Case] = []  # as somebody of the staff had them on a screen, old ones too
        self.given: dict[str, str] = {}  # receipts that a citizen has, with their secrets
        self.dead: list[str] = []
        self.mails: list[tuple[str, int]] = []
        self.lost_places = 0

    def run(self, steps: int) -> None:
        client: Any = items.Item._get_connection().connection.client
        self.wire = Wire(client._make_api_call)
        client._make_api_call = self.wire
        try:
            with mock.patch.multiple(
                of_cases, post=self._post, mail_of=_without_words, by_us=str, datetime=_Clock(self)
            ):
                for _ in range(steps):
                    before = self.wire.writes
                    self._step()
                    if self.wire.writes > before and not self.lost_places:
                        self._nothing_is_in_nobodys_hands()
                self._end()
        finally:
            del client._make_api_call

    def _step(self) -> None:
        self.now += timedelta(minutes=self.chance.randrange(1, 60))
        does = self.chance.choice(
            [
                *[self._sends] * 5,
                *[self._sends_again] * 3,
                *[self._changes] * 8,
                *[self._message] * 8,
                *[self._merges] * 2,
                self._mail_comes_back,
                self._look,
                self._canary,
                self._somebody_deletes,
            ]
        )
        if self.chance.random() < 0.35:
            self.wire.dies_in, self.wire.is_written = self.chance.randrange(3), self.chance.random() < 0.5
        with suppress(Crash):
            does()
        self.wire.dies_in = None

    def _sends(self) -> None:
        number = str(len(self.requests))
        way = self.chance.choice([*Way])
        request = self.chance.choice(
            [
                city.report(number, sort=self.chance.choice(["paving", "lamp"]), way=way),
                city.complaint(number),
                replace(ASKED, key=number),
            ]
        )
        self.requests.append(request)
        self._send(request)

    def _sends_again(self) -> None:
        if self.requests:
            self._send(self.chance.choice(self.requests))

    def _send(self, request: CaseRequest) -> None:
        case = sending.send(request, self.now).case
        assert self.given.setdefault(case.case_id, case.secret) == case.secret
        self.seen.append(case)

    def _changes(self) -> None:
        """By somebody who may look at a page that is an hour old."""
        if not self.seen:
            return
        act, status, changes = self.chance.choice(DEEDS)
        by = self.chance.choice([actor(NADIA), actor(KOEN), BY_CITIZEN])
        with suppress(Problem, Interfered):
            case = self.chance.choice(self.seen)
            fresh = table.get(case.case_id) if self.chance.random() < 0.7 else case
            assert fresh
            if act is Act.REOPENED:
                changes = following.reopening(fresh, self.now)
            self.seen.append(acting.change(fresh, Deed(act, by, self.now, status, changes=changes)))

    def _merges(self) -> None:
        """Two of the same unit, often enough; as somebody saw the one an hour ago."""
        if not self.seen:
            return
        one, stays = self.chance.choice(self.seen), self.chance.choice(self.seen)
        by = self.chance.choice([NADIA, KOEN])
        with suppress(Problem):
            self.seen.append(handling.merge(by, one.case_id, one.edition, stays.receipt, self.now))

    def _post(self, _: MailKind, mail: tuple[str, int], *__: object) -> None:
        """The provider of mails, which takes most."""
        luck = self.chance.random()
        if luck < 0.1:
            raise MailRefused("Throttling", is_for_now=True)
        if luck < 0.2:
            raise MailRefused("MessageRejected", is_for_now=False)
        self.mails.append(mail)

    def _mail_comes_back(self) -> None:
        if self.mails:
            case_id, number = self.chance.choice(self.mails)
            why = self.chance.choice([*MailReturn])
            items.transact_write([marking_returned(case_id, f"{number}#{why}")])

    def _message(self) -> None:
        """One of the queue's, whichever: it stays there if it comes twice, or if its container dies."""
        if not self.wire.stream:
            return
        at = self.chance.randrange(len(self.wire.stream))
        case_id = self.wire.stream[at]
        fate = self.chance.random()
        if fate < 0.15:
            self.dead.append(self.wire.stream.pop(at))
            return
        if self._is_done(case_id) and fate < 0.8:
            self.wire.stream.pop(at)

    def _is_done(self, case_id: str) -> bool:
        """Whether a message did all that it must; else the queue brings it again."""
        try:
            of_cases.changed(Message(MailKind.CASE, case_id))
        except (MailRefused, Interfered):
            return False
        return True

    def _all_messages(self) -> None:
        """The dead letters played again, and what was still on its way, in any order; and what these changes bring."""
        self.wire.stream += self.dead
        while self.wire.stream:
            case_id = self.wire.stream.pop(self.chance.randrange(len(self.wire.stream)))
            if not self._is_done(case_id):
                self.wire.stream.append(case_id)

    def _look(self) -> Reconciled:
        return reconcile(UNITS, [NOW.date().replace(day=1)], self.now.date())

    def _canary(self) -> None:
        canary.fly(self.chance.choice(city.FORMS), self.now)

    def _somebody_deletes(self) -> None:
        """A place in an inbox, by hand."""
        places = [entry for unit_id in UNITS for entry in table.inbox(unit_id)]
        if places and self.chance.random() < 0.3:
            self.lost_places += 1
            items.transact_write([table.taking_away(self.chance.choice(places))])

    def _nothing_is_in_nobodys_hands(self) -> None:
        stored = _stored()
        places = [sk.partition("#")[2] for pk, sk in stored if pk.startswith(table.INBOX)]
        in_hand = [
            pk.removeprefix(table.PREFIX)
            for (pk, sk), item in stored.items()
            if sk == table.SK and item["status"]["S"] in IN_HAND
        ]
        assert sorted(places) == sorted(in_hand)

    def _cases(self) -> list[Case]:
        """What is in the table, whether or not a citizen heard of it."""
        case_ids = [pk.removeprefix(table.PREFIX) for pk, sk in _stored() if sk == table.SK]
        return [one for one in table.several(case_ids).values() if not one.is_canary]

    def _end(self) -> None:
        """The look of the next morning, then all messages, then another look."""
        self.now += timedelta(days=1)
        found = self._look()
        cases = self._cases()
        assert set(self.given) <= {one.case_id for one in cases}
        assert all(one.is_even for one in found.sums.values())
        # Answered, or taken from its inbox by hand, and not one of its messages came yet: the dead letters have it.
        missed = {one.case_id for one in cases} - {line.case_id for line in found.lines}
        assert missed <= {*self.dead, *self.wire.stream}
        in_hand = sum(one.is_in_hand for one in cases if one.case_id not in missed)
        assert sum(one.in_hand for one in found.sums.values()) == in_hand

        self._all_messages()
        self._look()
        self._nothing_is_in_nobodys_hands()
        cases = self._cases()  # an answer whose mail was refused is open again
        again = self._look()
        assert not again.noted | again.put_back | again.taken_away | again.gone
        cases = self._cases()  # again: an answer whose mail came back is open
        states = {line.case_id: line.state for line in daybook.of_day(NOW.date())}
        states |= {line.case_id: line.state for line in again.lines}
        assert states == {
            one.case_id: DaybookState.RECEIVED if one.is_in_hand else DaybookState.ANSWERED for one in cases
        }
        assert sum(one.received for one in again.sums.values()) == len(cases)
        assert [sending.opened(case_id, secret).case_id for case_id, secret in self.given.items()] == list(self.given)


def _stored() -> dict[tuple[str, str], Any]:
    """What stands in the table, by its key, with its status if it has one."""
    pages = items.scan(ProjectionExpression="pk, sk, #status", ExpressionAttributeNames={"#status": "status"})
    return {(item["pk"]["S"], item["sk"]["S"]): item for page, _ in pages for item in page}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--steps", type=int, default=40)
    options = parser.parse_args()
    log.setLevel(logging.CRITICAL)  # of mails that are refused, here by plan
    with dynamodb_local.running() as url, dynamodb_local.patient(url):
        for seed in range(options.first, options.first + options.seeds):
            dynamodb_local.empty()
            city.a_city()
            try:
                Schedule(seed).run(options.steps)
            except BaseException:
                print(f"seed {seed} breaks it")
                raise
            if (seed + 1 - options.first) % 50 == 0:
                print(f"{seed + 1 - options.first} schedules", flush=True)
    print(f"{options.seeds} schedules of {options.steps} steps: received = answered + in hand after each")


if __name__ == "__main__":
    main()
