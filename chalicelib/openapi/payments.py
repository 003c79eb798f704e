from chalicelib.core.http import problems
from chalicelib.money.online.handlers import PAYMENT, ShownPayment
from chalicelib.openapi.examples import REGISTRATION_ID
from chalicelib.openapi.operations import Operation, Part
from chalicelib.openapi.registrations import KEY_PARAMETER

PART = Part(
    tag="payments",
    about="Paying on line, where the city has a contract with a payment provider.",
    answers={"Payment": ShownPayment("https://www.mollie.com/checkout/select-method/7UhSN1zuXS")},
    requests={
        "PaymentRequest": (
            PAYMENT,
            {"return_url": f"https://kamp.kaprijke.example/account/orders/{REGISTRATION_ID}/pay"},
        )
    },
    operations={
        "POST /api/orders/{order_id}/payments": Operation(
            "beginPayment",
            "Begin to pay an order on line: the page of the provider, where the family pays",
            "Payment",
            (problems.NOT_NOW, problems.PROVIDER_AWAY),
            about="`not-found` where the city takes no payments on line. While a payment of the order is open, and for "
            "a repeated key, it is the same page. `return_url` is a page of this site. What was paid stands in "
            "the account as soon as the provider says so.",
            body="PaymentRequest",
            parameters=[KEY_PARAMETER],
            statuses=(201,),
        ),
        "POST /api/payments/provider": Operation(
            "hearOfPayment",
            "For the provider alone: there is news of a payment",
            about="A form with `id`. Always 200, also for an unknown id: nothing in it is believed, and the provider "
            "is asked.",
        ),
    },
)
