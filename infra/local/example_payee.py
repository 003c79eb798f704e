"""To whom families pay in the municipality of the example's tariff: one of finance entered it, another confirmed it.

The account number is made up; families are reminded, and nothing ends by itself.
"""

from datetime import datetime

from chalicelib.money.payees import changing, table
from chalicelib.people.staff.rules import Role, Staff
from infra.local.example_tariff import MUNICIPALITY

COLLEAGUE = Staff("example-finance-2", "Nadia Haddad", frozenset({Role.FINANCE}))
ENTERED = {
    "version": 0,
    "proposal": "",
    "name": f"Stad {MUNICIPALITY}",
    "iban": "BE68 5390 0754 7034",
    "scheme": "be",
    "due_from": "registered",
    "due_days": 14,
    "reminders": "3, 10",
    "cancels_after": "",
    "postcodes": "1800",
    "reason": "De gemeenteraad besliste zo over de retributies.",
}


def take_money(by: Staff, now: datetime) -> None:
    """Lets families pay in this municipality; nothing changes if they do already."""
    if MUNICIPALITY in table.every().by_municipality:
        return
    waiting = table.proposal(MUNICIPALITY) or changing.change(MUNICIPALITY, ENTERED, by, now)
    assert waiting
    why = "Vergeleken met het uittreksel van de bank."
    changing.confirm(MUNICIPALITY, waiting.proposal_id, why, COLLEAGUE, now)
    print(f"Families pay in {MUNICIPALITY}: two people of finance said where.", flush=True)
