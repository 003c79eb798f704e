from datetime import date

from chalicelib.money.quotes.handlers import QUOTE, ShownChange, ShownLine, ShownQuote
from chalicelib.money.tariffs.rules import CURRENCY, Unit
from chalicelib.openapi.examples import CHILD_ID, SESSION_ID
from chalicelib.openapi.operations import Operation, Part

# A session that the family has already.
ANOTHER = "2027-7k3m9x"
DAYS = [date(2027, 8, 16), date(2027, 8, 17), date(2027, 8, 18)]
LINES = [
    ShownLine(SESSION_ID, CHILD_ID, "A day of camp", 3, Unit.DAY, 1, 1650, 4950, "day", "art. 4 § 1", DAYS),
    ShownLine(SESSION_ID, CHILD_ID, "Second child", 3, Unit.DAY, 1, -330, -990, "second-child", "art. 6", DAYS),
]
PART = Part(
    tag="quotes",
    about="What something would cost a family, with all that it has already. Nothing is stored.",
    answers={
        "Quote": ShownQuote(3960, CURRENCY, LINES, 2970, [ShownChange(ANOTHER, CHILD_ID, 4950, 3960)]),
    },
    requests={
        "QuoteRequest": (
            QUOTE,
            {
                "items": [
                    {"session_id": SESSION_ID, "child_ids": [CHILD_ID], "days": [day.isoformat() for day in DAYS[:2]]}
                ]
            },
        )
    },
    operations={
        "POST /api/quotes": Operation(
            "getQuote",
            "Ask what sessions would cost",
            "Quote",
            about="The order of items and children changes no total: discounts are assigned so that the family pays "
            "least. What it has already counts too, and `changes` says what of that would cost otherwise. Without "
            "`days` a child comes on all of them.",
            body="QuoteRequest",
        ),
    },
)
