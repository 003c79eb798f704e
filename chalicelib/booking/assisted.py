"""What a helper did for a family, in words: for the family's page, the receipt and whoever looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import belongs_to
from chalicelib.people.assistance import table
from chalicelib.people.assistance.rules import Act, Help
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import is_session_id


@dataclass(frozen=True)
class Done:
    """`did`: in English, marked with N_; `title`: of the camp that it was about, or the
    number of the case that was sent, if there was one. `times`: how
    often the same was looked at. `refused`: it was asked for, and did not happen."""

    at: datetime
    did: str
    title: str
    is_change: bool
    refused: bool
    times: int = 1


def of_help(of: Help) -> list[Done]:
    return done(of.family_id, table.acts(of.family_id, of.help_id))


def done(family_id: str, acts: Sequence[Act]) -> list[Done]:
    """In the order in which it was asked for; a page that was looked at again and again stands there once."""
    session_of = {one.act_id: _session_of(family_id, one.about) for one in acts}
    sessions = programme.several({one for one in session_of.values() if one})
    found: dict[object, Done] = {}
    for act in acts:
        session = sessions.get(session_of[act.act_id] or "")
        one = Done(
            act.at, act.did, session.title if session else act.about.get("receipt", ""), act.is_change, act.was_refused
        )
        key = act.act_id if act.is_change else (one.did, one.title, one.refused)
        before = found.get(key)
        found[key] = replace(before, times=before.times + 1) if before else one
    return list(found.values())


def _session_of(family_id: str, about: Mapping[str, str]) -> str | None:
    """None too for a registration that is gone, or is another family's: a helper may have tried."""
    if is_session_id(about.get("session_id", "")):
        return about["session_id"]
    named = about.get("registration_id", "")
    record = registrations.get(named) if belongs_to(named, family_id) else None
    return record.session_id if record else None
