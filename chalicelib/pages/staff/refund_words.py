"""Words for a refund, and for the books' accounts, on the pages of finance."""

from chalicelib.core.languages import N_
from chalicelib.money.books.rules import BookAccount, BookAct
from chalicelib.money.orders.rules import Order, OrderPart
from chalicelib.money.refunds.rules import Refund, RefundState

STATES = {
    RefundState.WAITING: N_("waits"),
    RefundState.RELEASED: N_("released"),
    RefundState.SENT: N_("in a file for the bank"),
    RefundState.OUT: N_("paid"),
    RefundState.RETURNED: N_("came back from the bank"),
    RefundState.TAKEN_BACK: N_("not sent"),
}
BADGES = {
    RefundState.WAITING: "warning",
    RefundState.RELEASED: "neutral",
    RefundState.SENT: "neutral",
    RefundState.OUT: "safe",
    RefundState.RETURNED: "danger",
    RefundState.TAKEN_BACK: "neutral",
}
ACCOUNTS = {
    BookAccount.RECEIVABLE: N_("Families"),
    BookAccount.INCOME: N_("Charged"),
    BookAccount.BANK: N_("Bank"),
    BookAccount.PROVIDER: N_("Payments on line"),
    BookAccount.UNSETTLED: N_("Not yet assigned"),
    BookAccount.TRANSIT: N_("On its way to families"),
    BookAccount.COSTS: N_("Costs of the bank"),
    BookAccount.ELSEWHERE: N_("The city's own, and no family's"),
    BookAccount.VOUCHERS: N_("Vouchers"),
    BookAccount.PAYABLE_PROVIDERS: N_("To be paid to providers"),
}
ACTS = {
    BookAct.CHARGED: N_("charged"),
    BookAct.RECEIVED: N_("received"),
    BookAct.SETTLED: N_("assigned"),
    BookAct.RETURNED: N_("returned"),
    BookAct.PAID_BACK: N_("released to be paid back"),
    BookAct.WENT_OUT: N_("paid out"),
    BookAct.REVERSED: N_("undone"),
    BookAct.VOUCHER: N_("voucher redeemed"),
}
CALLED_OFF, CANCELLED = N_("The camp does not take place"), N_("Cancelled")
CHANGED, TOO_MUCH = N_("It costs less than before"), N_("More came in than it costs")
NOBODY, BY_YOU, BY_ANOTHER = (
    N_("Nobody has released it yet"),
    N_("You released it: somebody else of finance must too"),
    N_("A colleague released it: one more"),
)


def why(order: Order) -> str:
    """Why something is over, as far as the order shows it."""
    if any(gone.free for gone in order.gone):
        return CALLED_OFF
    if order.gone:
        return CANCELLED
    return CHANGED if any(line.part is OrderPart.ADJUSTED for line in order.lines) else TOO_MUCH


def released_by(refund: Refund, staff_id: str) -> str:
    if not refund.first_by:
        return NOBODY
    return BY_YOU if refund.first_by == staff_id else BY_ANOTHER
