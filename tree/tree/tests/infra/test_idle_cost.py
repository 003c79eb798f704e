"""What the packaged template costs while nobody comes: nothing in silence, and nothing more than is said."""

from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest

from chalicelib.insight.cost import idle
from chalicelib.insight.cost.figures import rounded, total
from chalicelib.insight.cost.prices import shipped
from infra.local.idle import PAGE, table
from infra.local.package import Package

AGAIN = "The idle bill changed. Look whether it may: .venv/bin/python -m infra.local.idle writes it anew."


@pytest.fixture(scope="session")
def walk(template: Any) -> idle.Walk:
    return idle.walk(template)


def test_every_resource_has_its_meters_or_its_reason_to_be_free(walk: idle.Walk, resources: dict[str, Any]) -> None:
    billed = {name for one in walk.billed for name in one.names}
    assert set(resources) <= billed | set(walk.free)
    assert not billed & set(walk.free)


def test_it_costs_nothing_within_the_free_tier(walk: idle.Walk) -> None:
    assert rounded(total(idle.figures(walk.billed, shipped(), free=True))) == Decimal("0.00")


def test_it_costs_less_than_a_dollar_without_the_free_tier(walk: idle.Walk) -> None:
    assert total(idle.figures(walk.billed, shipped(), free=False)) <= 1


def test_it_is_what_is_said(walk: idle.Walk) -> None:
    assert idle.written(walk) == idle.FILE.read_text(encoding="utf-8"), AGAIN
    assert table(walk) in PAGE.read_text(encoding="utf-8"), AGAIN


def test_the_package_says_it_of_its_own_template(walk: idle.Walk, packaged: Package) -> None:
    with ZipFile(packaged.code) as archive:
        assert archive.read("chalicelib/insight/cost/idle.json").decode() == idle.written(walk)
        assert {"chalicelib/insight/cost/eu-west-1.csv", "chalicelib/insight/cost/steps.csv"} <= set(archive.namelist())


def test_no_free_tier_is_counted_twice(walk: idle.Walk) -> None:
    shared = {"duration-x86": "duration", "duration-arm64": "duration", "fifo-request": "standard-request"}
    meters = [(one.meter[0], shared.get(one.meter[1], one.meter[1])) for one in walk.billed]
    assert len(set(meters)) == len(meters)
