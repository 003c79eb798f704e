"""Tariffs that stand in the table, as two people accepted them."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.money.tariffs import table
from chalicelib.money.tariffs.rules import Tariff
from chalicelib.money.tariffs.versions import Acceptance, Editor

ELS = Editor("els", "Els Maes")
LONG_AGO = datetime(2020, 1, 1, 9, tzinfo=UTC)


def accepted(of: Tariff, municipality: str = "") -> None:
    """Each version of it, whatever day it is; empty: the whole city's."""
    for version in of.versions:
        draft = table.create(municipality, of.name, version, (ELS,), LONG_AGO)
        two = tuple(Acceptance(by, by.title(), LONG_AGO, "-") for by in ("jan", "fatima"))
        table.accept(replace(draft, acceptances=two))
