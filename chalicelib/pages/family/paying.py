"""How something is paid, on a page: what a transfer needs, and the same as a QR code."""

from dataclasses import dataclass

from markupsafe import Markup

from chalicelib.money.orders.paying import Payable
from chalicelib.pages.frame.qr import qr_code


@dataclass(frozen=True)
class Paying:
    """`qr`: a picture that a bank's app reads."""

    payable: Payable
    qr: Markup


def paying_of(payable: Payable | None) -> Paying | None:
    return Paying(payable, qr_code(payable.epc, is_payment=True)) if payable else None
