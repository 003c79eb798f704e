"""The registration that a complaint is about: how it came and how it stands, beside the complaint and while that is in
hand. What is read here about a family leaves a line in the log of access."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import ID_LENGTH, Registration, Standing, family_of, reference_of
from chalicelib.front_door.cases.rules import Case
from chalicelib.people import access
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session


@dataclass(frozen=True)
class AboutRegistration:
    """`standing`: None if it never came to be: a refusal, or a try that broke off."""

    registration: Registration
    reference: str
    session: Session | None
    standing: Standing | None


def about(case: Case, now: datetime) -> AboutRegistration | None:
    """None: the case is about none, or is not in hand, or the registration is gone."""
    if len(case.about) != ID_LENGTH or not case.is_in_hand:
        return None
    found = registrations.get(case.about)
    if found is None:
        return None
    access.about(family_of(found.registration_id), found.child_ids, found.session_id)
    standing = register.standings([found], now)[0]
    return AboutRegistration(found, reference_of(found), programme.get(found.session_id), standing)
