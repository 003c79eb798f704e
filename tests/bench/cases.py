"""What a case costs, and whether one is lost in a rush: `python -m tests.bench.cases`, on DynamoDB Local.

10,000 cases by eight containers at once. Every fifth request meets one of the crash points that a registration has: its
container dies before the write, or after it, before the citizen hears of it; the citizen sends the same again. Of the
stream's messages every seventh comes twice, every eleventh never. Then the morning's look: received = answered + in
hand, each receipt opens its case, and each case is in one inbox.
"""

import argparse
import itertools
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Any

from chalicelib.core import table as items
from chalicelib.front_door.cases import sending, table
from chalicelib.front_door.cases.rules import Case, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.watching.reconciling import Reconciled, reconcile
from chalicelib.mail import of_cases
from chalicelib.mail.rules import MailKind, Message
from tests import dynamodb_local
from tests.bench.registration import spending
from tests.bench.table import Row, shown
from tests.booking.registrations.callers import Crash
from tests.front_door import city
from tests.front_door.city import NOW

CONTAINERS = 8
AN_HOUR = 3600


def units() -> list[Row]:
    """Of one case, in a container that knows the forms."""
    dynamodb_local.empty()
    city.a_city()
    sending.send(city.report("first"), NOW)
    with spending() as spent:
        sending.send(city.report("second"), NOW)
    return [
        Row("case: calls of the table", len(spent.calls), "calls", 1, ", ".join(spent.calls)),
        Row("case: write units", spent.write_units, "units", 4, "two items; a transaction counts each twice"),
        Row("case: read units", spent.read_units, "units", 0),
    ]


def rush(cases: int, seed: int = 1) -> list[Row]:
    dynamodb_local.empty()
    city.a_city()
    requests = [_request(number) for number in range(cases)]
    began = monotonic()
    with dying(seed) as died, ThreadPoolExecutor(CONTAINERS) as containers:
        sent = list(containers.map(_until_heard, requests))
    seconds = monotonic() - began
    with ThreadPoolExecutor(CONTAINERS) as containers:
        list(containers.map(of_cases.changed, _messages(sent)))
    found = _look()
    opened = [sending.opened(case.receipt, case.secret).case_id for case in random.Random(seed).sample(sent, 200)]
    return [
        Row("cases received", len(sent), "cases", cases),
        Row("an hour", round(len(sent) / seconds * AN_HOUR), "cases", remark=f"10,000 wanted; {seconds:.0f} s here"),
        Row("requests whose container died", sum(died.values()), "", None, str(dict(died))),
        Row("receipts that are one case twice", len(sent) - len({case.case_id for case in sent}), "", 0),
        Row("receipts without a case in an inbox", len({c.case_id for c in sent} - _in_inboxes()), "cases", 0),
        Row("cases without a receipt", len(_in_inboxes() - {case.case_id for case in sent}), "cases", 0),
        Row("receipts of 200 that open nothing", 200 - len(opened), "", 0),
        Row("cases of which no message came", len(found.noted), "cases", None, "noted by the morning's look"),
        Row("uneven sums", sum(not one.is_even for one in found.sums.values()), "", 0, f"{len(found.sums)} sums"),
        Row("received less in hand", sum(s.received - s.in_hand for s in found.sums.values()), "cases", 0),
        Row("lines of the daybook less receipts", abs(_lines() - len(sent)), "cases", 0),
    ]


class dying:  # noqa: N801 it is used as a function
    """Every fifth write's container dies, before it or after it; of each point, how many did."""

    def __init__(self, seed: int) -> None:
        self.died: Counter[str] = Counter()
        self.chance, self.lock = random.Random(seed), threading.Lock()

    def __enter__(self) -> Counter[str]:
        self.client: Any = items.Item._get_connection().connection.client
        self.original = self.client._make_api_call
        self.client._make_api_call = self._call
        return self.died

    def __exit__(self, *_: object) -> None:
        del self.client._make_api_call

    def _call(self, operation: str, arguments: dict[str, Any]) -> Any:
        if operation != "TransactWriteItems":
            return self.original(operation, arguments)
        with self.lock:
            fate = self.chance.choice([*[""] * 8, "before the write", "after the write"])
            if fate:
                self.died[fate] += 1
        if fate == "before the write":
            raise Crash
        answer = self.original(operation, arguments)
        if fate:
            raise Crash
        return answer


def _request(number: int) -> CaseRequest:
    way = [*Way][number % len(Way)]
    sort = "lamp" if number % 3 else "paving"
    return city.report(str(number), sort, way) if number % 2 else replace(city.complaint(str(number)), way=way)


def _until_heard(request: CaseRequest) -> Case:
    """As a citizen does: the same again, until there is a receipt."""
    for attempt in itertools.count():
        try:
            return sending.send(request, NOW + timedelta(seconds=attempt)).case
        except Crash:
            continue
    raise AssertionError


def _messages(sent: list[Case]) -> Iterator[Message]:
    for number, case in enumerate(sent):
        for _ in range(0 if number % 11 == 0 else 2 if number % 7 == 0 else 1):
            yield Message(MailKind.CASE, case.case_id)


def _look() -> Reconciled:
    return reconcile([unit.unit_id for unit in city.UNITS], [NOW.date().replace(day=1)], NOW.date())


def _in_inboxes() -> set[str]:
    return {entry.case_id for unit in city.UNITS for entry in table.inbox(unit.unit_id)}


def _lines() -> int:
    return sum(1 for _ in daybook.of_day(NOW.date()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    options = parser.parse_args()
    with dynamodb_local.running() as url, dynamodb_local.connected(url):
        print(shown([*units(), *rush(options.cases)]))


if __name__ == "__main__":
    main()
