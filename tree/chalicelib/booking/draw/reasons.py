"""The result of a family's wishes, with reasons, in plain sentences: the same in the mail and in the API."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.booking.draw.rules import DrawVerdict
from chalicelib.core.languages import N_, translate
from chalicelib.programme.sessions.rules import Session

PLACE = N_("Your place in the order of the draw was {place} of {of}.")
GRANTED = N_("Wish {number}: granted. There are seats for you in {wished}.")
FULL = N_("Wish {number}: not possible. When it was your turn, too few seats were left in {sessions}.")
OVERLAPS = N_("Wish {number}: not possible. {wished} is at the same time as {has}, where a child has a seat already.")
HAS_SEAT = N_("Wish {number}: not possible. A child has a seat in {has} already.")
BARRED = N_(
    "Wish {number}: not possible. A child has a seat on those days already, or another entry with that child comes "
    "first."
)
NOT_NEEDED = N_("Wish {number}: no longer needed. A wish that you ranked higher was granted.")
HAD_ONE = N_(
    "Wish {number}: not possible. This draw grants one wish for the same children, and another parent's entry for them "
    "was granted one."
)
WAITING = N_("Waiting list of {session}: you are number {number}.")
NEAREST = N_(
    "Closest to what you wished for: {session}. After the draw it had {seats} free seats. They go to the families "
    "that register first."
)
ONE_NEAREST = N_(
    "Closest to what you wished for: {session}. After the draw it had 1 free seat. It goes to the family that "
    "registers first."
)
NONE_NEAREST = N_("After the draw no other session of this opening had seats left that would suit your children.")

CALLED_OFF = N_("{session} (cancelled)")

# Of session ids.
Named = Callable[[Sequence[str]], str]


def place(result: Mapping[str, Any], language: str) -> str:
    return translate(PLACE, language, place=result["place"], of=result["of"])


def named_as_it_stands(name: str, session: Session, language: str) -> str:
    """A session's name, and that it is cancelled: nobody gets a seat in it, however few wanted one."""
    return translate(CALLED_OFF, language, session=name) if session.cancelled_at else name


def of_wish(number: int, outcome: Sequence[Any], wished: Sequence[str], language: str, named: Named) -> str:
    """Why the wish of this number (from 1) was granted or not. `outcome` as it is stored: what was reached, and the
    sessions that this is about. `wished`: the sessions of the wish."""
    reached, sessions = outcome
    match DrawVerdict(reached):
        case DrawVerdict.GRANTED:
            return translate(GRANTED, language, number=number, wished=named(wished))
        case DrawVerdict.FULL:
            return translate(FULL, language, number=number, sessions=named(sessions))
        case DrawVerdict.OVERLAPS if not sessions:
            return translate(BARRED, language, number=number)
        case DrawVerdict.OVERLAPS if sessions[0] == sessions[1]:
            return translate(HAS_SEAT, language, number=number, has=named(sessions[1:]))
        case DrawVerdict.OVERLAPS:
            return translate(OVERLAPS, language, number=number, wished=named(sessions[:1]), has=named(sessions[1:]))
        case DrawVerdict.NOT_NEEDED:
            return translate(NOT_NEEDED, language, number=number)
        case DrawVerdict.HAD_ONE:
            return translate(HAD_ONE, language, number=number)


def waiting(result: Mapping[str, Any], language: str, named: Named) -> list[str]:
    return [
        translate(WAITING, language, session=named([session]), number=number) for session, number in result["waiting"]
    ]


def nearest(result: Mapping[str, Any], language: str, named: Named) -> str | None:
    """Only where a wish failed for want of seats."""
    if all(reached != DrawVerdict.FULL for reached, _ in result["wishes"]):
        return None
    if result["nearest"] is None:
        return translate(NONE_NEAREST, language)
    session, seats = result["nearest"]
    return translate(ONE_NEAREST if seats == 1 else NEAREST, language, session=named([session]), seats=seats)
