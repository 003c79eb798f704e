"""A payment slip for tests: what a family of Wommelgem owes for two children in a camp."""

from datetime import date

from chalicelib.money.orders.epc import Transfer
from chalicelib.money.orders.slip import PaymentSlip, SlipLine

LINES = (
    SlipLine("Bouwkamp, 16 augustus 2027 (Lotte)", "Dagprijs inwoner", 5, 1650, 8250, "art. 4 §2"),
    SlipLine("Bouwkamp, 16 augustus 2027 (Şimşek)", "Tweede kind, 20 % korting", 5, 1320, 6600, "art. 5"),
)


def slip(lines=LINES, paid_cents=0, name="Gemeente Wommelgem", reference="123456789002"):
    whole = sum(line.amount_cents for line in lines)
    transfer = Transfer(name, "BE68539007547034", whole - paid_cents, reference)
    return PaymentSlip(["Gemeente Wommelgem", "03 123 45 67"], transfer, date(2027, 6, 15), lines, whole, paid_cents)
