"""The example's tariff: a second child and a pass cost less."""

from datetime import UTC, datetime

import pytest

from chalicelib.money.tariffs import table as tariffs
from chalicelib.money.tariffs.quoting import quote
from chalicelib.people.staff.rules import Role, Staff
from infra.local.example_tariff import accept_a_tariff
from tests.money.tariffs.council import family, item

NOW = datetime(2027, 3, 7, 12, tzinfo=UTC)
PIET, TOM, LUC = (Staff(name, name.title(), frozenset({Role.MANAGER})) for name in ("piet", "tom", "luc"))


@pytest.mark.usefixtures("table")
def test_it_holds_in_its_municipality_alone_and_is_there_once():
    for _ in range(2):
        accept_a_tariff(PIET, (TOM, LUC), NOW)

    of = tariffs.in_force("Vilvoorde")
    two = [item("noor"), item("lou")]
    assert quote(family("noor", "lou", entitlements=("resident-child",)), two, of, NOW).total_cents == 5 * (1650 + 1320)
    assert quote(family("noor", entitlements=("pass",)), two[:1], of, NOW).total_cents == 5 * 330
    assert (len(tariffs.every("Vilvoorde")), tariffs.in_force("Kaprijke")) == (1, None)
