"""What the bank says beside what we say: the same, or a statement is missing."""

from datetime import date

import pytest

from chalicelib.money.statements import sums, table
from chalicelib.money.statements.movements import Sums
from infra.local.banks import DAY, Entry
from tests.money.statements.given import city, order, paying, taken

pytestmark = pytest.mark.usefixtures("table")
NEXT, AFTER = date(2027, 3, 6), date(2027, 3, 7)


@pytest.fixture(autouse=True)
def _city(table):
    city()
    order(1, 4500)


def compared() -> sums.Compared:
    return sums.of_several(list(table.statements()))


def test_days_that_follow_each_other_agree_and_so_do_they_in_another_format():
    first, second = (paying(1, 4500), Entry(-320, text="kosten", bank="C")), (Entry(1000, text="?", day=NEXT),)
    taken(*first)
    taken(*second, number=42, opening=104_180, opened_on=DAY, closed_on=NEXT)
    taken(*first, *second, how="08", number=3, opened_on=DAY, closed_on=NEXT)

    found = compared()

    assert (found.opening_cents, found.closing_cents) == (100_000, 105_180)
    assert found.sums == Sums(paid=4500, open=680)
    assert (found.missing_cents, found.gaps, found.unfinished) == (0, [], [])


def test_a_statement_that_is_missing_is_named_with_its_amount():
    taken(paying(1, 4500))
    taken(Entry(500, text="?", day=AFTER), number=43, opening=107_000, opened_on=NEXT, closed_on=AFTER)

    found = compared()

    assert found.missing_cents == 2500
    assert [(gap.before.number, gap.after.number) for gap in found.gaps] == [("41", "43")]
