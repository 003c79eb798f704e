"""Given: a city to which families pay."""

from dataclasses import replace
from typing import Any

from chalicelib.core import table
from chalicelib.money.payees import table as payees
from chalicelib.money.payees.rules import Payee

KAPRIJKE = Payee("Kaprijke", "Gemeente Kaprijke", "BE68539007547034", edition=1)


def pays_to(payee: Payee = KAPRIJKE, **changed: Any) -> Payee:
    """Families pay the municipality from now on."""
    payee = replace(payee, **changed)
    table.transact_write([payees.putting(payee)])
    payees.forget()
    return payee
