"""Tariffs in the table."""

from chalicelib.money.tariffs.rules import Tariff


def in_force(municipality: str) -> Tariff | None:
    """The accepted versions of a municipality's tariff, or of the whole city's; None: there is none."""
    return None
