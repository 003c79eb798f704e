"""Who is signed in at the office: a session in the table, of which the browser has the id alone.

The item is found by the SHA-256 of that id, which is 32 bytes by chance: whoever reads the table, or a copy of it,
cannot sign in with what they read. It holds what the city's user pool said of the staff member when it was last asked,
and the token by which it is asked anew; that token is of no use without the secret of the pages' client, which only the
pool tells (pages/frame/signing_in.py). Signing out deletes the item.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.people.staff.rules import Staff
from chalicelib.people.staff.signed_in import staff_of

PREFIX, SK = "STAFF#", "SESSION"
# Whoever goes on working is asked for at the pool this often: so long does a role that was taken away, or an account
# that was disabled, still serve.
FRESH_SECONDS = 5 * 60
# While the pool does not answer: so long is what it said last good enough.
TRUSTED_SECONDS = 15 * 60
# A desk that was left alone. That somebody works is written down once in a while, not for each page.
IDLE_SECONDS = 30 * 60
NOTED_SECONDS = 5 * 60
# As long as the pool renews (infra/template.yaml): then everybody signs in again.
LONGEST_SECONDS = 12 * 3600
# What is kept of what the pool says: what `staff_of` goes by.
CLAIMS = ("sub", "name", "email", "cognito:groups")
OWN_CLAIMS = "custom:"


class SessionItem(table.Item):
    """`checked_at`, `worked_at`, `expires`: epoch seconds. Time to live may be days late: `find` looks for itself."""

    claims = UnicodeAttribute()
    renewal = UnicodeAttribute()
    checked_at = NumberAttribute()
    worked_at = NumberAttribute()
    expires = NumberAttribute()


@dataclass(frozen=True)
class Session:
    """`session_id`: what the browser has. `staff`: as the pool said at `checked_at` (epoch seconds). `worked_at`: when
    somebody worked, as far as it was noted. `renewal`: the pool's token, by which it is asked anew; empty if it gave
    none."""

    session_id: str
    staff: Staff
    renewal: str
    checked_at: int
    worked_at: int

    def is_fresh(self, now: datetime) -> bool:
        return _is_within(FRESH_SECONDS, self.checked_at, now)

    def is_trusted(self, now: datetime) -> bool:
        """Whether it serves while the pool does not answer."""
        return _is_within(TRUSTED_SECONDS, self.checked_at, now)


def begin(claims: Mapping[str, Any], renewal: str, now: datetime) -> str:
    """A new session of whom these claims are about; its id, for the browser alone. One write unit."""
    session_id, begun = secrets.token_urlsafe(32), int(now.timestamp())
    SessionItem(
        _pk(session_id),
        SK,
        claims=_kept(claims),
        renewal=renewal,
        checked_at=begun,
        worked_at=begun,
        expires=begun + LONGEST_SECONDS,
    ).save()
    return session_id


def find(session_id: str, now: datetime) -> Session | None:
    """The session as it is now; None if it is over, or never was. One consistent read."""
    item = SessionItem.find(_pk(session_id), SK)
    if item is None or now.timestamp() >= min(item.expires, item.worked_at + IDLE_SECONDS):
        return None
    staff = staff_of(json.loads(item.claims))
    return Session(session_id, staff, item.renewal, int(item.checked_at), int(item.worked_at)) if staff else None


def work(known: Session, now: datetime) -> None:
    """Notes that somebody works, if that was not done lately. One write unit; nothing if the session was ended
    meanwhile."""
    if not _is_within(NOTED_SECONDS, known.worked_at, now):
        noted: list[Action] = [SessionItem.worked_at.set(int(now.timestamp()))]
        went_through(lambda: SessionItem(_pk(known.session_id), SK).update(noted, SessionItem.pk.exists()))


def renew(known: Session, claims: Mapping[str, Any], renewal: str, now: datetime) -> Session | None:
    """The session with what the pool says now. Where another tab was faster, as that one left it; None if it was ended
    meanwhile: nothing brings it back."""
    actions: list[Action] = [
        SessionItem.claims.set(_kept(claims)),
        SessionItem.renewal.set(renewal),
        SessionItem.checked_at.set(int(now.timestamp())),
    ]
    went_through(lambda: SessionItem(_pk(known.session_id), SK).update(actions, _is_as_read(known)))
    return find(known.session_id, now)


def end(session_id: str) -> str | None:
    """Ends the session, also one that is over. The pool's token that it had, to be revoked; None if there was none."""
    item = SessionItem.find(_pk(session_id), SK)
    if item is None:
        return None
    item.delete()
    return item.renewal or None


def end_refused(known: Session, now: datetime) -> Session | None:
    """Ends the session that the pool renews no more; but not one that another tab has renewed meanwhile, which is
    answered."""
    if went_through(lambda: SessionItem(_pk(known.session_id), SK).delete(_is_as_read(known))):
        return None
    return find(known.session_id, now)


def _is_within(seconds: int, at: int, now: datetime) -> bool:
    """Nothing is fresh for longer because a clock went wrong: a moment that is far ahead does not count."""
    return abs(now.timestamp() - at) < seconds


def _is_as_read(known: Session) -> Condition:
    return SessionItem.checked_at == known.checked_at


def _pk(session_id: str) -> str:
    return PREFIX + hashlib.sha256(session_id.encode()).hexdigest()


def _kept(claims: Mapping[str, Any]) -> str:
    return json.dumps({name: said for name, said in claims.items() if name in CLAIMS or name.startswith(OWN_CLAIMS)})
