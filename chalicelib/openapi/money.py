from datetime import date

from chalicelib.money.orders.epc import Transfer, text_of
from chalicelib.money.orders.handlers import ShownAccount, ShownOrder, ShownOrderLine
from chalicelib.money.orders.references import belgian, spoken
from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.tariffs.rules import CURRENCY
from chalicelib.openapi.examples import CHILD_ID, REGISTRATION_ID, SESSION_ID
from chalicelib.openapi.operations import Operation, Part

AN_ORDER = ShownOrder(
    order_id=REGISTRATION_ID,
    reference=spoken(belgian(1234567890)),
    amount_cents=8250,
    paid_cents=0,
    due_on=date(2027, 3, 20),
    status=OrderStatus.OPEN,
    lines=[ShownOrderLine(SESSION_ID, CHILD_ID, "Dagprijs inwoner", 5, 1650, 8250, "resident", "art. 4")],
    epc=text_of(Transfer("Gemeente Kaprijke", "BE68539007547034", 8250, belgian(1234567890))),
)
PART = Part(
    tag="money",
    about="What a family owes for what it booked, and how it pays.",
    answers={
        "Account": ShownAccount(balance_cents=8250, currency=CURRENCY, orders=[AN_ORDER]),
    },
    operations={
        "GET /api/account": Operation(
            "getAccount",
            "What you owe and paid, order by order, with the text of the QR code for your bank",
            "Account",
        ),
    },
)
