"""Requests of staff at the desk, as they are sent or typed, and as they are done. Whatever changes something asks for a
reason: the ledger's. Each function here raises Problem `invalid` that names what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.booking.registrations.handlers import REGISTRATION, TRANSFER
from chalicelib.booking.registrations.moving import Transfer
from chalicelib.booking.registrations.rules import REFERENCE_LENGTH
from chalicelib.city.ledger.rules import REASON
from chalicelib.city.work.rules import WORK_PLACE, WorkKind
from chalicelib.core.http.fields import (
    ID,
    LINE,
    LINES,
    Choice,
    Model,
    Moment,
    OrNull,
    Several,
    Text,
    TrueOrFalse,
    Whole,
    check,
    queried,
)
from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_
from chalicelib.office.desk.exceptions import Deed, GrantRequest
from chalicelib.office.desk.families import Visitor
from chalicelib.office.desk.namings import MOST_CHILDREN, NOT_NAMED
from chalicelib.office.desk.work import WorkDeed
from chalicelib.people.child_info.entering import Phone
from chalicelib.people.families import desk_numbers
from chalicelib.people.families.addressees import Addressee
from chalicelib.people.families.addresses import Address
from chalicelib.people.families.conversations import ConversationWay
from chalicelib.people.families.corrections import Wanted
from chalicelib.people.families.handlers import AS_CHILD, CHILD_ID, PASS, children_of
from chalicelib.people.families.identity import FAMILY_ID, FAMILY_LENGTH
from chalicelib.people.families.mailboxes import family_of
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions.rules import SESSION_ID
from chalicelib.rights.correcting import CORRECTIONS, NAMED_CHILD, wanted_of
from chalicelib.seats.rules import HeldFor

AS_DESK_NUMBER = N_("Give the number that is in the family's letters, for example 4W3K-PA9R.")
AS_LINE = N_("Write at most 120 characters on one line.")
EITHER = N_("Give the mail address, or the number of a family without one, not both.")
AS_FROM = N_("Say which seats are given: free, staff or reduced.")
AS_HELD_FOR = N_("Say for whom the seats are held back: staff or reduced.")
AS_SEATS = N_("Say how many seats are to be held back from now on, 0 to 10,000.")
AS_CAPACITY = N_("Give the number of seats, 1 or more.")
# What is refused is no number of seats of any session: what a session may have, exceptions.py says.
MOST_NAMED = 10_000
AS_MOST_CHILDREN = N_("Say how many children this family may name this season, 1 to 50.")
AS_FAMILY = N_("Give the id of a family: the first 11 characters of the id of its registrations.")
AS_THEM = N_("Name one to fifty children of the family.")
AS_AFTER = N_("Give what `next` said.")
AS_REFERENCE = N_("Give a reference, for example 4W3-KPA-9RTX.")
BY_WHAT = N_("Search by mail address, by the number of a family without one, or by reference and session.")

AS_WORK = N_("Give what `work_id` said.")
AS_KIND = N_("Give a kind of work as the list names it.")
AS_EDITION = N_("Give what `edition` said.")
AS_DO = N_("Say what you do: take, leave, note or done.")
AS_NOTE = N_("Write at most 1,000 characters.")
AS_WAY = N_("Say how you spoke: phone, mail or counter; or note, if nobody spoke with the family.")
AS_TEXT = N_("Write down what was said, at most 2,000 characters.")
AS_MUNICIPALITY = N_("Give a municipality of yours.")
AS_PLACE = N_("Give what `next` said.")

FREE = "free"
# Or as letters of an earlier year have it.
DESK_NUMBER = Text(AS_DESK_NUMBER, f"{desk_numbers.WRITTEN}|{FAMILY_ID}", 20)
_LINE = OrNull(Text(AS_LINE, LINE, 120))
ADDRESSEE = Model({"name": _LINE, "street": _LINE, "town": _LINE, "phone": OrNull(Phone())})
ADDRESSED = Model({"addressee": OrNull(ADDRESSEE)})
FAMILY = {
    **PASS.fields,
    "email": OrNull(Address()),
    "desk_number": OrNull(DESK_NUMBER),
    "addressee": OrNull(ADDRESSEE),
}
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
ALLOWED = Model({"email": Address(), "children": Whole(AS_MOST_CHILDREN, 1, MOST_CHILDREN), **WITH_REASON})
JOINED = Model({"other_child_id": CHILD_ID, **WITH_REASON})
UNITED = Model(
    {
        "family_id": Text(AS_FAMILY, FAMILY_ID, FAMILY_LENGTH),
        "other_family_id": Text(AS_FAMILY, FAMILY_ID, FAMILY_LENGTH),
        **WITH_REASON,
    }
)
CORRECTED = Model(
    {
        "family_id": Text(AS_FAMILY, FAMILY_ID, FAMILY_LENGTH),
        **CORRECTIONS.fields,
        "children": OrNull(Several(AS_THEM, NAMED_CHILD, MOST_CHILDREN)),
        "old_address_is_a_strangers": TrueOrFalse(default=False),
        **WITH_REASON,
    }
)
NAMINGS = Model({"after": Text(AS_AFTER, f"[0-9]{{12}}-{ID}", 80, is_required=False)})
WORK = Model(
    {
        "municipality": Text(AS_MUNICIPALITY, LINE, 80, is_required=False),
        "kind": Text(AS_KIND, "|".join(WorkKind), 40, is_required=False),
        "after": Text(AS_PLACE, WORK_PLACE, 200, is_required=False),
    }
)
HANDLED = Model(
    {
        "work_id": Text(AS_WORK, LINE, 200),
        "edition": Whole(AS_EDITION, 0, 1_000_000),
        "do": Choice(AS_DO, list(WorkDeed)),
        "note": OrNull(Text(AS_NOTE, LINES, 1000)),
    }
)
WAITING = Model({"after": Text(AS_PLACE, "[0-9]{1,9}", 9, is_required=False)})
SAID = Model(
    {
        "way": Choice(AS_WAY, list(ConversationWay)),
        "text": Text(AS_TEXT, LINES, 2000),
        "waits_for_answer": TrueOrFalse(default=False),
        "municipality": OrNull(Text(AS_MUNICIPALITY, LINE, 80)),
    }
)
SEARCH = Model(
    {
        "email": Address(is_required=False),
        "desk_number": Text(DESK_NUMBER.expects, DESK_NUMBER.pattern, DESK_NUMBER.max_length, is_required=False),
        "reference": Text(AS_REFERENCE, "[0-9A-Za-z -]+", 20, is_required=False),
        "session_id": Text(SESSION_ID.expects, ID, 64, is_required=False),
    }
)


@dataclass(frozen=True)
class WorkAsked:
    """Which part of the list: empty where nothing is left out, or it is the first."""

    municipality: str | None
    kinds: tuple[WorkKind, ...]
    after: str


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


def to_correct(document: Any, by: Staff, now: datetime) -> tuple[Deed, str, Wanted, bool]:
    """Which family, what of it, and whether the mailbox of its old address is a stranger's."""
    given = check(CORRECTED, document)
    asked = wanted_of(given, now.date())
    return Deed(by, given["reason"], now), given["family_id"], asked, given["old_address_is_a_strangers"]


def to_join(document: Any, by: Staff, now: datetime) -> tuple[Deed, str]:
    """Which child is the same."""
    wanted = check(JOINED, document)
    return Deed(by, wanted["reason"], now), wanted["other_child_id"]


def to_unite(document: Any, by: Staff, now: datetime) -> tuple[Deed, str, str]:
    """Which family stays, and which one goes into it."""
    wanted = check(UNITED, document)
    return Deed(by, wanted["reason"], now), wanted["family_id"], wanted["other_family_id"]


def to_lift(document: Any, by: Staff, now: datetime) -> tuple[Deed, str, int]:
    wanted = check(ALLOWED, document)
    return Deed(by, wanted["reason"], now), wanted["email"], wanted["children"]


def after(query: Mapping[str, str]) -> str:
    """Behind which child a part of the list begins; empty: with the first one."""
    return queried(NAMINGS, query)["after"] or ""


def of_work(query: Mapping[str, str]) -> WorkAsked:
    wanted = queried(WORK, query)
    kinds = (WorkKind(wanted["kind"]),) if wanted["kind"] else ()
    return WorkAsked(wanted["municipality"], kinds, wanted["after"] or "")


def to_handle(document: Any) -> tuple[str, int, WorkDeed, str]:
    wanted = check(HANDLED, document)
    return wanted["work_id"], wanted["edition"], WorkDeed(wanted["do"]), wanted["note"] or ""


def to_note_down(document: Any) -> tuple[ConversationWay, str, bool, str | None]:
    """How, what, whether the family waits for an answer, and which municipality's desk gives it."""
    wanted = check(SAID, document)
    way = ConversationWay(wanted["way"])
    return way, wanted["text"], wanted["waits_for_answer"], wanted["municipality"]


def to_address(document: Any) -> Addressee:
    """Whom letters are for, where they go, and which phone is called."""
    return _addressee(check(ADDRESSED, document)["addressee"] or {})


def behind(query: Mapping[str, str]) -> int:
    """Behind which ticket a part of a waiting list begins; 0: with the first one."""
    return int(queried(WAITING, query)["after"] or 0)


def to_find(asked: Mapping[str, str]) -> Search:
    """A family's, by its mail address or number; or those of a session that have seats or wait, by reference. `asked`:
    a query string's, or a document's."""
    wanted = queried(SEARCH, asked)
    if wanted["email"] or wanted["desk_number"]:
        number = wanted["desk_number"]
        return Search((desk_numbers.family_of(number) or number.lower()) if number else family_of(wanted["email"]))
    if wanted["reference"] and wanted["session_id"]:
        return Search(None, wanted["session_id"], _reference(wanted["reference"]))
    raise invalid("email", BY_WHAT)


def _visitor(wanted: Mapping[str, Any], today: date) -> Visitor:
    if wanted["email"] and wanted["desk_number"]:
        raise invalid("desk_number", EITHER)
    addressee = _addressee(wanted["addressee"] or {})
    return Visitor(
        email=wanted["email"],
        desk_number=wanted["desk_number"],
        language=wanted["language"],
        postcode=wanted["postcode"],
        children=children_of(wanted["children"], today),
        addressee=None if addressee.is_empty else addressee,
    )


def _addressee(wanted: Mapping[str, str | None]) -> Addressee:
    return Addressee(**{name: text or "" for name, text in wanted.items()})


def _reference(typed: str) -> str:
    """As `reference` writes it, however it was read out."""
    plain = "".join(typed.replace("-", " ").split()).upper()
    return f"{plain[:3]}-{plain[3:6]}-{plain[6 : REFERENCE_LENGTH + 1]}"
