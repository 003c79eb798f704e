"""`python -m infra.local.example_bank`: writes a bank's file, CODA, that pays what families owe on the system that
`make run` serves: most as asked, one too little, one without its number. Finance hands it in at /office/statements.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from infra.local.banks import Book, Entry
from infra.local.package import short

HOME = Path(".stormloop")
MOST = 200


def main() -> int:
    for line in (HOME / "env").read_text(encoding="utf-8").splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        os.environ.setdefault(name, value.strip("'\""))
    file = HOME / "bank.cod"
    file.write_bytes(statement())
    print(f"{short(file.resolve())}: hand it in as finance, at /office/statements.")
    return 0


def statement() -> bytes:
    """Raises LookupError where nothing is owed, or families pay nobody."""
    from chalicelib.core.moments import today  # noqa: PLC0415 the table's name is known only now
    from chalicelib.money.orders import table as orders  # noqa: PLC0415
    from chalicelib.money.payees import table as payees  # noqa: PLC0415
    from chalicelib.money.statements.receivables import municipalities  # noqa: PLC0415

    day = today(datetime.now(UTC))
    owed = list(islice((one for place in municipalities() for one in orders.owing(place)), MOST))
    found = orders.several(one.order_id for one in owed).values()
    accounts = {payee.iban for order in found if (payee := payees.of(order.municipality))}
    if not accounts:
        raise LookupError("No family owes anything: register for a camp of a municipality that takes money first.")
    entries = [
        Entry(order.balance_cents, order.reference, name=f"FAMILIE {number}", bank=f"VOORBEELD{number}", day=day)
        for number, order in enumerate(found, 1)
    ]
    if len(entries) > 1:
        entries[0] = replace(entries[0], cents=max(1, entries[0].cents - 500))
        entries[-1] = replace(entries[-1], reference="", text="kamp")
    return Book(entries, account=min(accounts), opened_on=day, closed_on=day).coda()


if __name__ == "__main__":
    raise SystemExit(main())
