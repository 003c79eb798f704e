"""A registration: its fields, its reference and its status."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from stdnum.iso7064 import mod_37_36

from chalicelib.core.ids import SPOKEN, named
from chalicelib.people.families.identity import FAMILY_LENGTH, keyed_id
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list.rules import WaitingPlace, position

SUFFIX_LENGTH = 8
ID_LENGTH = FAMILY_LENGTH + SUFFIX_LENGTH

# The check character is ISO 7064's hybrid one; tests/booking/registrations/test_reference.py counts which slips it
# finds.
REFERENCE_ALPHABET = SPOKEN
REFERENCE_LENGTH = 9  # and the check character: 1 in 10,000 that two of 15,000 registrations share one


class RegistrationStatus(StrEnum):
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"


class EndedBy(StrEnum):
    """OTHER_PARENT: with whom the child is shared, where the city lets both cancel. LAPSE: nobody answered while the
    seats were held. UNPAID: nobody paid in time, where the city decided that it ends then."""

    FAMILY = "family"
    OTHER_PARENT = "other-parent"
    DESK = "desk"
    LAPSE = "lapse"
    UNPAID = "unpaid"


@dataclass(frozen=True)
class Ended:
    """By whom a registration was cancelled. `who`, `why`: of the city, and the reason that was given."""

    by: EndedBy
    who: str = ""
    why: str = ""


@dataclass(frozen=True)
class Admitted:
    """The part of a registration that the published list shows: see programme/openings/admission.py."""

    opening_id: str
    window: int
    keys: tuple[str, ...]
    is_late: bool


@dataclass(frozen=True)
class Registration:
    """`mailed`: the kinds of mail that were sent. `admission`: how its opening admitted it; None: it needed none.
    `tried_at`: when the key came first, if what it did then failed through us. `taken_back`: the incident by which the
    seat or the place was taken back, `opening_id#number`. `gave_way_to`: the registration by which a child of it is in
    another camp on the same days. `ended`: by whom it was cancelled, if a parent or the desk did it, or nobody
    answered. `called_off`: it ended because the camp is cancelled. `despite_age`: a child does not fit the camp's ages
    since these were changed, and was kept.

    `continues`: the reference of the registration that it continues in another session; None: it has its own.
    `moved_from`: that registration. `moved_to`: the one that continues this one.

    `child_ids`: those that it is for now. `left`: those that it was for and is no more, child_id to the registration to
    which the child moved, or to nothing; the last one never leaves alone, the whole registration ends with it.
    `left_by_other`: those of `left` for whom the other parent cancelled."""

    registration_id: str
    session_id: str
    child_ids: tuple[str, ...]
    pass_id: str
    created_at: datetime
    cancelled_at: datetime | None = None
    mailed: frozenset[str] = frozenset()
    admission: Admitted | None = None
    tried_at: datetime | None = None
    taken_back: str | None = None
    gave_way_to: str | None = None
    ended: Ended | None = None
    called_off: bool = False
    despite_age: bool = False
    continues: str | None = None
    moved_from: str | None = None
    moved_to: str | None = None
    left: Mapping[str, str] = field(default_factory=dict, hash=False)
    left_by_other: frozenset[str] = frozenset()

    @property
    def every_child(self) -> frozenset[str]:
        """Whom the family registered, whether or not all of them stayed."""
        return frozenset((*self.child_ids, *self.left))

    @property
    def family_id(self) -> str:
        return family_of(self.registration_id)


@dataclass(frozen=True)
class Standing:
    """`held_until`: until when an offered seat can be accepted; `can_extend`: whether more time can be asked for."""

    status: RegistrationStatus
    waitlist_position: int | None = None
    held_until: datetime | None = None
    can_extend: bool = False


def registration_id(family_id: str, idempotency_key: str) -> str:
    """The same for a family's repeated key, and another for another family with the same key."""
    return family_id + keyed_id(f"registration {family_id}", idempotency_key, SUFFIX_LENGTH)


def family_of(registration_id: str) -> str:
    return registration_id[:FAMILY_LENGTH]


def belongs_to(registration_id: str, family_id: str) -> bool:
    return len(registration_id) == ID_LENGTH and family_of(registration_id) == family_id


def reference(registration_id: str) -> str:
    """For people: ten characters as XXX-XXX-XXXX, the last one a check character (ISO 7064, MOD 23,22)."""
    characters = named(registration_id, REFERENCE_LENGTH, REFERENCE_ALPHABET)
    characters += mod_37_36.calc_check_digit(characters, REFERENCE_ALPHABET)
    return f"{characters[:3]}-{characters[3:6]}-{characters[6:]}"


def reference_of(registration: Registration) -> str:
    """The number that a family says on the phone: the same after it moved to another session."""
    return registration.continues or reference(registration.registration_id)


def standing(
    registration: Registration, seats: Seats | None, places: Iterable[WaitingPlace], now: datetime
) -> Standing | None:
    """How a registration stands at `now`, from the only truth: who holds seats, who has a place on the waiting list.

    None: it never came to be (a refusal, or a try that broke off); no answer may show it.
    """
    held = seats.at(int(now.timestamp())) if seats else None
    holders: Mapping[str, str] = held.holders if held else {}
    if held and any(holders.get(child) == registration.registration_id for child in registration.child_ids):
        end = held.until.get(registration.registration_id)
        if end is None:
            return Standing(RegistrationStatus.CONFIRMED)
        can_extend = registration.registration_id not in held.extended
        return Standing(RegistrationStatus.OFFERED, held_until=datetime.fromtimestamp(end, UTC), can_extend=can_extend)
    if registration.cancelled_at or (seats and registration.registration_id in seats.until):  # it lapsed
        return Standing(RegistrationStatus.CANCELLED)
    place = position(places, registration.registration_id)
    return Standing(RegistrationStatus.WAITLISTED, place) if place else None
