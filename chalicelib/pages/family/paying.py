"""How something is paid, on a page: what a transfer needs, and the same as a QR code."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chalicelib.core.moments import today
from chalicelib.money.orders.paying import Payable
from chalicelib.pages.frame.qr import qr_code


@dataclass(frozen=True)
class Paying:
    """`qr`: a picture that a bank's app reads. `is_late`: its due day is over."""

    payable: Payable
    qr: Markup
    is_late: bool


def paying_of(payable: Payable | None, now: datetime) -> Paying | None:
    if payable is None:
        return None
    return Paying(payable, qr_code(payable.epc, is_payment=True), payable.due_on < today(now))
