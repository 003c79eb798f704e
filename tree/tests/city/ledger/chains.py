"""Given: staff of Kaprijke, and chains that they wrote."""

from datetime import UTC, datetime, timedelta

from chalicelib.city.ledger.rules import BEFORE_ALL, LedgerAct, LedgerEntry
from chalicelib.people.staff.rules import Role, Staff

ELS = Staff("sub-els", "Els Maes", frozenset({Role.MANAGER}))
TOM = Staff("sub-tom", "Tom De Wilde", frozenset({Role.DESK}))
REASON = "Mevrouw Claeys heeft geen internet"
NOON = datetime(2027, 3, 6, 12, tzinfo=UTC)


def chain(length: int) -> list[LedgerEntry]:
    """Given a chain of so many entries, each with something in every place."""
    head, written = BEFORE_ALL, []
    for number in range(1, length + 1):
        entry = LedgerEntry(
            number=number,
            previous=head.hash,
            at=NOON + timedelta(minutes=number),
            what=list(LedgerAct)[number % len(LedgerAct)],
            opening_id="2027-k7m2xq",
            session_id=f"session{number % 2}",
            details={"seats": number},
            staff_id=ELS.staff_id,
            staff_name=ELS.name,
            reason=f"{REASON}, nummer {number}",
            registration_id=f"registration{number}",
            salt=f"{number:032x}",
        ).sealed()
        head = entry.head
        written.append(entry)
    return written
