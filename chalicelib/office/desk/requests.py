"""What staff ask for at the desk, as it is sent or typed, and as it is done. Whatever changes something asks for a
reason: the ledger's. Each function here raises Problem `invalid` that names what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.booking.registrations.handlers import REGISTRATION, TRANSFER
from chalicelib.booking.registrations.moving import Transfer
from chalicelib.booking.registrations.rules import REFERENCE_LENGTH
from chalicelib.city.ledger.rules import REASON
from chalicelib.core.http.fields import ID, Choice, Model, Moment, OrNull, Text, TrueOrFalse, Whole, check, queried
from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_
from chalicelib.office.desk.exceptions import Deed, GrantRequest
from chalicelib.office.desk.families import Visitor
from chalicelib.office.desk.namings import MOST_CHILDREN, NOT_NAMED
from chalicelib.people.families.handlers import AS_CHILD, AS_EMAIL, EMAIL, PASS, children_of
from chalicelib.people.families.identity import FAMILY_ID, FAMILY_LENGTH, family_id
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions.rules import SESSION_ID
from chalicelib.seats.rules import HeldFor

AS_DESK_NUMBER = N_("Give the number that is in the family's letters, 11 letters and digits.")
EITHER = N_("Give the mail address, or the number of a family without one, not both.")
AS_FROM = N_("Say which seats are given: free, staff or reduced.")
AS_HELD_FOR = N_("Say for whom the seats are held back: staff or reduced.")
AS_SEATS = N_("Say how many seats are to be held back from now on, 0 to 10,000.")
AS_CAPACITY = N_("Give the number of seats, 1 or more.")
# What is refused is no number of seats of any session: what a session may have, exceptions.py says.
MOST_NAMED = 10_000
AS_MOST_CHILDREN = N_("Say how many children this family may name this season, 1 to 50.")
AS_AFTER = N_("Give what `next` said.")
AS_REFERENCE = N_("Give a reference, for example 4W3-KPA-9RTX.")
BY_WHAT = N_("Search by mail address, by the number of a family without one, or by reference and session.")

FREE = "free"
DESK_NUMBER = Text(AS_DESK_NUMBER, FAMILY_ID, FAMILY_LENGTH)
FAMILY = {**PASS.fields, "email": OrNull(Text(AS_EMAIL, EMAIL, 254)), "desk_number": OrNull(DESK_NUMBER)}
WITH_REASON = {"reason": REASON}
FOR_A_FAMILY = Model(
    {
        **FAMILY,
        "session_id": REGISTRATION.fields["session_id"],
        "waitlist": REGISTRATION.fields["waitlist"],
        **WITH_REASON,
    }
)
GRANT = Model(
    {
        **FAMILY,
        "from": Choice(AS_FROM, [FREE, *HeldFor]),
        "despite_age": TrueOrFalse(default=False),
        **WITH_REASON,
    }
)
ACCEPTANCE = Model(WITH_REASON)
CANCELLATION = Model({"child_id": Text(AS_CHILD, ID, 64, is_required=False), **WITH_REASON})
MOVE = Model({**TRANSFER.fields, **WITH_REASON})
RESERVED = Model(
    {"held_for": Choice(AS_HELD_FOR, list(HeldFor)), "seats": Whole(AS_SEATS, 0, MOST_NAMED), **WITH_REASON}
)
CAPACITY = Model({"capacity": Whole(AS_CAPACITY, 1, MOST_NAMED), **WITH_REASON})
CLOSING = Model({"closes_at": Moment(), **WITH_REASON})
MOVED = Model({"family_id": Text(NOT_NAMED, FAMILY_ID, FAMILY_LENGTH), **WITH_REASON})
ALLOWED = Model(
    {"email": Text(AS_EMAIL, EMAIL, 254), "children": Whole(AS_MOST_CHILDREN, 1, MOST_CHILDREN), **WITH_REASON}
)
NAMINGS = Model({"after": Text(AS_AFTER, f"[0-9]{{12}}-{ID}", 80, is_required=False)})
SEARCH = Model(
    {
        "email": Text(AS_EMAIL, EMAIL, 254, is_required=False),
        "desk_number": Text(AS_DESK_NUMBER, FAMILY_ID, FAMILY_LENGTH, is_required=False),
        "reference": Text(AS_REFERENCE, "[0-9A-Za-z -]+", 20, is_required=False),
        "session_id": Text(SESSION_ID.expects, ID, 64, is_required=False),
    }
)


@dataclass(frozen=True)
class Search:
    """A family, by its id; or the registrations of a session that have this reference."""

    family_id: str | None = None
    session_id: str = ""
    reference: str = ""


def to_register(document: Any, by: Staff, now: datetime) -> tuple[Deed, Visitor, str, bool]:
    """For which family, in which session, and whether on its waiting list if it is full."""
    wanted = check(FOR_A_FAMILY, document)
    visitor = _visitor(wanted, now.date())
    return Deed(by, wanted["reason"], now), visitor, wanted["session_id"], wanted["waitlist"]


def with_reason(document: Any, by: Staff, now: datetime) -> Deed:
    """To accept."""
    return Deed(by, check(ACCEPTANCE, document)["reason"], now)


def to_cancel(document: Any, by: Staff, now: datetime) -> tuple[Deed, str | None]:
    """For which child; None: for all of them."""
    wanted = check(CANCELLATION, document)
    return Deed(by, wanted["reason"], now), wanted["child_id"]


def to_move_session(document: Any, key: str, by: Staff, now: datetime) -> tuple[Deed, Transfer]:
    wanted = check(MOVE, document)
    wish = Transfer(wanted["session_id"], tuple(wanted["child_ids"] or ()), wanted["waitlist"], key)
    return Deed(by, wanted["reason"], now), wish


def to_grant(session_id: str, document: Any, key: str, by: Staff, now: datetime) -> tuple[Deed, GrantRequest]:
    wanted = check(GRANT, document)
    held_for = None if wanted["from"] == FREE else HeldFor(wanted["from"])
    what = GrantRequest(session_id, _visitor(wanted, now.date()), held_for, wanted["despite_age"], key)
    return Deed(by, wanted["reason"], now), what


def to_hold_back(session_id: str, document: Any, by: Staff, now: datetime) -> tuple[Deed, str, HeldFor, int]:
    wanted = check(RESERVED, document)
    return Deed(by, wanted["reason"], now), session_id, HeldFor(wanted["held_for"]), wanted["seats"]


def to_resize(session_id: str, document: Any, by: Staff, now: datetime) -> tuple[Deed, str, int]:
    wanted = check(CAPACITY, document)
    return Deed(by, wanted["reason"], now), session_id, wanted["capacity"]


def to_close(session_id: str, document: Any, by: Staff, now: datetime) -> tuple[Deed, str, datetime]:
    wanted = check(CLOSING, document)
    return Deed(by, wanted["reason"], now), session_id, wanted["closes_at"]


def to_move(document: Any, by: Staff, now: datetime) -> tuple[Deed, str]:
    """The family to which a child is moved."""
    wanted = check(MOVED, document)
    return Deed(by, wanted["reason"], now), wanted["family_id"]


def to_lift(document: Any, by: Staff, now: datetime) -> tuple[Deed, str, int]:
    wanted = check(ALLOWED, document)
    return Deed(by, wanted["reason"], now), wanted["email"], wanted["children"]


def after(query: Mapping[str, str]) -> str:
    """Behind which child a part of the list begins; empty: with the first one."""
    return queried(NAMINGS, query)["after"] or ""


def to_find(query: Mapping[str, str]) -> Search:
    """A family's, by its mail address or number; or those of a session that have seats or wait, by reference."""
    wanted = queried(SEARCH, query)
    if wanted["email"] or wanted["desk_number"]:
        return Search(wanted["desk_number"] or family_id(wanted["email"]))
    if wanted["reference"] and wanted["session_id"]:
        return Search(None, wanted["session_id"], _reference(wanted["reference"]))
    raise invalid("email", BY_WHAT)


def _visitor(wanted: Mapping[str, Any], today: date) -> Visitor:
    if wanted["email"] and wanted["desk_number"]:
        raise invalid("desk_number", EITHER)
    return Visitor(
        email=wanted["email"],
        desk_number=wanted["desk_number"],
        language=wanted["language"],
        postcode=wanted["postcode"],
        children=children_of(wanted["children"], today),
    )


def _reference(typed: str) -> str:
    """As `reference` writes it, however it was read out."""
    plain = "".join(typed.replace("-", " ").split()).upper()
    return f"{plain[:3]}-{plain[3:6]}-{plain[6 : REFERENCE_LENGTH + 1]}"
