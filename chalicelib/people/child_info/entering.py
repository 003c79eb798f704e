"""Entering what the camp must know of a child: a family with its pass, or the desk for a family on the phone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.core.http.fields import LINE, LINES, Model, OrNull, Several, Text, Unexpected, check
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.people import access
from chalicelib.people.child_info import table
from chalicelib.people.child_info.rules import (
    MOST_CONTACTS,
    MOST_OF_A_NAME,
    MOST_OF_MEDICAL,
    MOST_PICKING_UP,
    Care,
    Contact,
    Editor,
    FormerCare,
)
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child, kept_until
from chalicelib.people.staff.rules import Staff

# How often a change is tried that another one came before.
TRIES = 3

AS_PERSON = N_("Give a name, at most 80 characters.")
AS_PHONE = N_("Give a phone number, for example 0470 12 34 56 or +32 470 12 34 56.")
NOT_IN_A_PHONE = N_("This is no part of a phone number: “{character}”. Give one number, for example 0470 12 34 56.")
AS_CONTACTS = N_("Give at most four people whom the camp can call.")
AS_PICK_UP = N_("Give at most six people who may pick up the child.")
AS_MEDICAL = N_("Write at most 1,000 characters: what the leaders of the camp must know, and what to do.")

_NAME = Text(AS_PERSON, LINE, MOST_OF_A_NAME)
# What people put between the digits of a number, phones and word processors among them: other spaces and dashes.
_BETWEEN = "[ \\u00A0\\u2007\\u2009\\u202F./()\\u2010-\\u2015-]"
# Eight to fifteen digits, divided as people divide them.
PHONE = rf"[+(]?[0-9](?:{_BETWEEN}*[0-9]){{7,14}}"


class Phone(Text):
    """A phone number, as it is written; what is no part of one is named."""

    def __init__(self) -> None:
        super().__init__(AS_PHONE, PHONE, 25)

    def parse(self, value: Any) -> str:
        try:
            return super().parse(value)
        except ValueError:
            found = isinstance(value, str) and re.search(f"(?!{_BETWEEN})[^+0-9]", value.strip())
            if found and found.group().isprintable():
                raise Unexpected(NOT_IN_A_PHONE, character=found.group()) from None
            raise


CARE = Model(
    {
        "contacts": Several(AS_CONTACTS, Model({"name": _NAME, "phone": Phone()}), MOST_CONTACTS, least=0),
        "medical": OrNull(Text(AS_MEDICAL, LINES, MOST_OF_MEDICAL)),
        "pick_up": Several(AS_PICK_UP, _NAME, MOST_PICKING_UP, least=0),
    }
)


@dataclass(frozen=True)
class ChildWithCare:
    """A child of a family, what is known of it, and until which day that is kept if the family says it again today."""

    child: Child
    care: Care | None
    kept_until: date


def of_child(family_id: str, child_id: str) -> ChildWithCare:
    """Raises Problem `not-found` for a child that no pass of this family names."""
    child, expires = _named(family_id, child_id)
    care = table.get(family_id, child_id)
    access.about(family_id, [child_id])
    access.medical(int(care is not None and bool(care.medical)))
    return ChildWithCare(child, care, datetime.fromtimestamp(expires, UTC).date())


def former(family_id: str, child_id: str) -> list[FormerCare]:
    """Earlier notes, for the desk; the latest first."""
    found = table.former(family_id, child_id)
    access.about(family_id, [child_id])
    access.medical(int(any(one.care.medical for one in found)))
    return found


def enter(
    family_id: str,
    child_id: str,
    content: Mapping[str, Any],
    now: datetime,
    by: Staff | None = None,
    *,
    is_first: bool = False,
) -> Care | None:
    """Stores it in the place of what was there, which is kept as a former version; nothing at all is stored if nothing
    is left, and then it is None. It is kept as long as the newest pass that names the child. `by`: at the desk.
    `is_first`: only where nothing is stored, for whoever may not see or change what is.

    Raises Problem `invalid` with each wrong field, `not-found` as `of_child` does, and `changed` if others change it
    all the time, or came before the first."""
    wanted = check(CARE, content)
    _, expires = _named(family_id, child_id)
    care = Care(
        contacts=tuple(Contact(**one) for one in wanted["contacts"]),
        medical=wanted["medical"] or "",
        pick_up=tuple(wanted["pick_up"]),
        entered_at=now,
        entered_by=Editor(by.staff_id, by.name) if by else None,
    )
    access.about(family_id, [child_id])
    for _ in range(TRIES):
        before = table.get(family_id, child_id)
        if is_first and before is not None:
            raise Problem(CHANGED)
        if before is None and care.is_empty:
            return None
        access.medical(int(bool(care.medical or (before and before.medical))))
        try:
            table.replace(family_id, child_id, before, care, expires)
        except Refused:
            continue
        return None if care.is_empty else care
    raise Problem(CHANGED)


def _named(family_id: str, child_id: str) -> tuple[Child, int]:
    """The child as the family's newest proven pass that has it names it, and until when that pass is kept (epoch
    seconds)."""
    for one in reversed(families.of_family(family_id)):
        for child in one.children:
            if one.is_proven and child.child_id == child_id:
                return child, kept_until(one.created_at)
    raise Problem(NOT_FOUND)
