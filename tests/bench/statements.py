"""`python -m tests.bench.statements`: how long a bank's file of 10,000 lines takes, with how much memory, and what it
writes, at DynamoDB Local, which counts units as DynamoDB does. Half of the file is paid as asked; the other half is too
little, too much, twice, or without a reference.

Reading alone is measured in a process of its own, so that its peak is its own.
"""

import resource
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.core import table as core_table
from chalicelib.core.metering import units_of
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.references import belgian
from chalicelib.money.orders.rules import Order, OrderLine
from chalicelib.money.payees import table as payees
from chalicelib.money.statements import files
from chalicelib.money.statements.taking import take_in
from chalicelib.money.tariffs.rules import Labels
from infra.local.banks import ACCOUNT, DAY, Book, Entry
from tests import dynamodb_local as local
from tests.money.payees.given import KAPRIJKE

LINES = 10_000
NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
LABEL = Labels("Kampdag met korting", "Jour de stage avec réduction", "Day of camp with a discount")
LINE = OrderLine("2027-aaaaaa", "c2345678901", LABEL, 5, 900, 4500, "day", "art. 4", "day")
# Of ten entries: as asked, and otherwise.
CENTS = (4500, 4500, 4500, 4500, 4500, 4000, 5000, 4500, 4500, 4500)


def books(lines: int) -> list[Book]:
    """Two statements, because CODA counts to 9999. Each entry has a payer of its own, and a message as people write."""
    entries = [
        Entry(
            CENTS[number % 10],
            "" if number % 10 in (7, 8) else belgian(number + 1),
            text=f"Sportkamp voor Lou en Jef, inschrijving nummer {number}",
            name=f"Familie Van den Berghe-De Smet {number}",
            iban=f"BE71{number:012}",
            bank=f"REF{number:09}",
        )
        for number in range(lines)
    ]
    first = Book(entries[: lines // 2])
    return [first, Book(entries[lines // 2 :], first.end, number=42)]


def given(lines: int) -> None:
    core_table.transact_write([payees.putting(replace(KAPRIJKE, iban=ACCOUNT))])
    items: list[Any] = []
    for number in range(lines):
        order_id = f"f{number:010}abcdefgh"
        due, last = date(2027, 3, 20), date(2027, 8, 20)
        order = Order(order_id, "Kaprijke", belgian(number + 1), 4500, 0, 0, due, last, (LINE, LINE), NOW)
        items += [write["Put"]["Item"] for write in orders_table.putting(None, order)]
    core_table.batch_put(items)


def reading(how: str) -> None:
    data = written(how, LINES)
    tracemalloc.start()
    files.read(data, {ACCOUNT}, DAY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    begun = time.process_time()
    files.read(data, {ACCOUNT}, DAY)
    took = time.process_time() - begun
    print(f"reading {how}: {len(data) / 1e6:.1f} MB, {took:.1f} s of processor time, peak {peak / 1e6:.0f} MB")


def written(how: str, lines: int) -> bytes:
    """Of camt.053 with both statements' entries in one."""
    first, second = books(lines)
    if how == "coda":
        return first.coda(last=False) + second.coda()
    return replace(first, entries=[*first.entries, *second.entries]).camt(how)


def taking(how: str) -> None:
    with local.running() as url, local.patient(url):
        given(LINES)
        data = written(how, LINES)
        for which in ("first", "again"):
            calls, units = Counter[str](), Counter[str]()
            client: Any = core_table.Item._get_connection().connection.client
            original = client._make_api_call

            def counted(operation: str, arguments: Any, calls=calls, units=units, original=original) -> Any:  # type: ignore[no-untyped-def]
                answer = original(operation, {**arguments, "ReturnConsumedCapacity": "TOTAL"})
                calls[operation] += 1
                units[operation] += _units(answer) if operation != "TransactWriteItems" else _written(arguments)
                return answer

            client._make_api_call = counted
            begun, processor = time.perf_counter(), time.process_time()
            taken = take_in(data, "Jamila Aerts", NOW)
            took, processor = time.perf_counter() - begun, time.process_time() - processor
            del client._make_api_call
            print(f"{which} {how}: {took:.1f} s, {processor:.1f} s of our processor; {taken.matched} matched,", end=" ")
            print(f"{taken.tasks} tasks, {taken.already_known} known; calls {dict(calls)}, units {dict(units)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak of the whole process, with the file made in it: {peak / 1000:.0f} MB")


def _written(arguments: Any) -> int:
    """A write of a transaction counts twice. DynamoDB Local does not say it right."""
    puts = [write["Put"]["Item"] for write in arguments["TransactItems"] if "Put" in write]
    return 2 * (sum(map(units_of, puts)) + len(arguments["TransactItems"]) - len(puts))


def _units(answer: Any) -> float:
    consumed = answer.get("ConsumedCapacity", {})
    several: Sequence[Any] = consumed if isinstance(consumed, list) else [consumed]
    return sum(one.get("CapacityUnits", 0) for one in several)


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "coda"
    reading(what)
    taking(what)
