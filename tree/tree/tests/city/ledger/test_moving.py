"""A deployment from before the ledger had its own table: its entries are moved once, and no second chain begins."""

import pytest

from chalicelib.city.ledger import moving
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, LedgerEntry, verify
from chalicelib.core import settings, table
from chalicelib.core.refusals import Busy
from tests.city.ledger.chains import ELS, NOON, REASON
from tests.city.ledger.published import as_whole

pytestmark = pytest.mark.usefixtures("table")


def an_older_ledger(entries: int = 3) -> list[LedgerEntry]:
    """Given entries as they once stood among everything else."""
    for _ in range(entries):
        ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON)
    written = ledger.entries()
    for one in written:
        item = ledger.LedgerEntryItem.of(one).serialize()
        table.call("PutItem", Item=item)
        table.call("DeleteItem", TableName=settings.ledger_table(), Key={name: item[name] for name in ("pk", "sk")})
    return written


def test_entries_are_moved_and_the_chain_goes_on_behind_them():
    before = an_older_ledger()

    assert moving.move() == 3
    ledger.record(LedgerAct.RESUMED, ELS, REASON, NOON)

    assert ledger.entries()[:3] == before
    assert verify([as_whole(one) for one in ledger.entries()], ledger.head()) == []
    assert moving.move() == 0


def test_nothing_is_recorded_until_they_are_moved():
    an_older_ledger()

    with pytest.raises(Busy):
        ledger.record(LedgerAct.RESUMED, ELS, REASON, NOON)


def test_a_move_that_broke_off_is_finished_and_nothing_came_to_stand_between(monkeypatch):
    before = an_older_ledger()
    copied: list[object] = []

    def breaks_off(entry):
        if copied:
            raise Busy()
        copied.append(entry)
        copy(entry)

    copy = moving._copy
    monkeypatch.setattr(moving, "_copy", breaks_off)
    with pytest.raises(Busy):
        moving.move()
    monkeypatch.undo()

    assert ledger.record(LedgerAct.RESUMED, ELS, REASON, NOON).number == 4
    assert moving.move() == 3
    assert ledger.entries()[:3] == before
    assert verify([as_whole(one) for one in ledger.entries()], ledger.head()) == []


def test_an_entry_that_is_another_one_is_not_put_over():
    an_older_ledger(1)
    table.call("PutItem", TableName=settings.ledger_table(), Item=table.key(ledger.PK, "00000001"))

    with pytest.raises(moving.NotTheSame):
        moving.move()
    assert list(table.query("pk = :ledger", {":ledger": {"S": ledger.PK}}))
