"""To whom a family pays, and by when."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.core.refusals import Refused
from chalicelib.money.payees import table
from chalicelib.money.payees.rules import DueFrom, DueRule
from tests.money.payees.given import KAPRIJKE, pays_to

pytestmark = pytest.mark.usefixtures("table")

MADE, FIRST, LAST = date(2027, 3, 1), date(2027, 7, 5), date(2027, 7, 9)


@pytest.mark.parametrize(
    ("rule", "made", "due"),
    [
        (DueRule(DueFrom.REGISTERED, 14), MADE, date(2027, 3, 15)),
        (DueRule(DueFrom.REGISTERED, 14), date(2027, 6, 28), date(2027, 7, 4)),
        (DueRule(DueFrom.REGISTERED, 14), date(2027, 7, 4), date(2027, 7, 7)),
        (DueRule(DueFrom.FIRST_DAY, -10), MADE, date(2027, 6, 25)),
        (DueRule(DueFrom.FIRST_DAY, -10), date(2027, 6, 30), date(2027, 7, 3)),
        (DueRule(DueFrom.LAST_DAY, 30), MADE, date(2027, 8, 8)),
    ],
)
def test_a_due_day_leaves_time_to_pay(rule, made, due):
    assert rule.due_on(made, FIRST, LAST) == due


def test_a_municipality_has_its_own_payee_or_the_citys():
    city = pays_to(replace(KAPRIJKE, municipality="", name="Meetjesland"))
    pays_to()

    assert table.of("Kaprijke") == KAPRIJKE
    assert table.of("Assenede") == city


def test_nobody_writes_over_what_a_colleague_changed():
    pays_to()

    with pytest.raises(Refused):
        pays_to(name="Somebody else")
