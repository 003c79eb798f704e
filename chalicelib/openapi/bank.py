from datetime import date

from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.statements.handlers import QUERY
from chalicelib.money.statements.receivables import Receivable, Receivables
from chalicelib.money.statements.uploading import HandedIn
from chalicelib.openapi.operations import Operation, Part, query_parameters

PART = Part(
    tag="bank",
    about="The bank's statements, and what families owe. Each entry of a statement counts once, whichever files it is "
    "in.",
    answers={
        "HandedIn": HandedIn(matched=41, tasks=2, already_known=0),
        "Receivable": Receivable,
        "Receivables": Receivables(
            [
                Receivable(
                    order_id="f2345678901abcdefgh",
                    municipality="Kaprijke",
                    reference="+++000/0000/00101+++",
                    amount_cents=9000,
                    paid_cents=4500,
                    owed_cents=4500,
                    made_on=date(2027, 3, 6),
                    due_on=date(2027, 3, 20),
                    days_late=3,
                    status=OrderStatus.PARTLY_PAID,
                )
            ],
            None,
        ),
    },
    operations={
        "POST /api/staff/statements": Operation(
            "handInStatement",
            "Hand in a bank's file",
            "HandedIn",
            about="A file with a statement that is not whole, of another account or in another currency is refused as "
            "a whole, with its line in `errors[].field`. What takes long is answered with 202, and with zeros: handing "
            "in the same file again says what became of it, and counts nothing twice.",
            file="CODA or camt.053 (001.02, 001.08), as the bank gives it, or packed as gzip or zip; packed at most "
            "4.3 MB.",
            statuses=(200, 202),
        ),
        "GET /api/staff/receivables": Operation(
            "listReceivables",
            "What families owe, the earliest due day first",
            "Receivables",
            parameters=query_parameters(QUERY),
        ),
    },
)
