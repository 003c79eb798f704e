"""A camp is cancelled: one act, after which nobody gets a seat in it any more, and a mail to every family.

The session, its seats, what families are told and the ledger's entry are one transaction; the rest follows from it by
the stream and the queue, and goes on wherever it breaks off (mail/camps.py). Nothing takes a cancelled camp back:
families may have another one by then. A session in which nobody has anything is withdrawn the same way, without a
message; that is refused if somebody came in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from chalicelib.booking.draw import table as draws
from chalicelib.booking.registrations.rules import family_of
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.answers import Count
from chalicelib.core.http.fields import LINES, Model, OrNull, Text
from chalicelib.core.http.problems import BUSY, NOT_FOUND, Problem, existing, not_now
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.core.moments import local
from chalicelib.core.refusals import Refused
from chalicelib.office.camps import concerned
from chalicelib.office.camps.concerned import Concerned
from chalicelib.office.desk.exceptions import must_not_be_drawn, opening_of
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import handlers, news, table
from chalicelib.programme.sessions.handlers import left_of, published
from chalicelib.programme.sessions.nearest import around, camp_of
from chalicelib.programme.sessions.news import CampNews
from chalicelib.programme.sessions.rules import Session, SessionStatus, is_over, status
from chalicelib.seats import table as seats_table
from chalicelib.seats.changing import calling_off
from chalicelib.seats.rules import Seats

TRIES = 5
MOST_ALTERNATIVES = 5

AS_MESSAGE = N_("Write at most 2,000 characters, without control characters.")
IN_LANGUAGES = N_(
    "Say what families are to read, in nl, fr and en. A language that is left empty gets our own sentence."
)
# What families read in a language that the city left empty: a child who stays at home must not wait for a translator.
BY_ITSELF = N_("Unfortunately this camp cannot take place. We are sorry.")
IS_DRAFT = N_("This is a draft, which nobody sees. Delete it.")
IS_OVER = N_("This camp is over.")
IS_CANCELLED = N_("This camp is cancelled.")
SOMEBODY_IS_IN = N_("Families are registered or wait. Cancel the camp: then they hear of it.")

MESSAGE = Model(
    {language: OrNull(Text(AS_MESSAGE, LINES, 2000)) for language in LANGUAGES},
    IN_LANGUAGES,
)


@dataclass(frozen=True)
class Alternative:
    session: Session
    seats_left: int


@dataclass(frozen=True)
class CancellationPreview:
    """`wishing`: the families that wish for it in a draw to come. `others`: the nearest that have seats now; each
    family's mail names those that fit its own children."""

    session: Session
    concerned: Concerned
    wishing: Sequence[str]
    others: Sequence[Alternative]

    @property
    def families(self) -> int:
        """Who hears of it."""
        return _told(self.concerned, self.wishing)


@dataclass(frozen=True)
class CancelledSession:
    """A camp that was cancelled now, or before. What is left to do is done within minutes, by itself."""

    session_id: str
    cancelled_at: datetime
    families: Annotated[
        Count | None, "The number of families that get a mail or a letter; null if it was cancelled before."
    ]
    message: Annotated[Mapping[str, str], "What they read, by language."]


def preview(session_id: str, now: datetime) -> CancellationPreview:
    """Raises Problem `not-found`, and `not-now` for a draft and for what is cancelled."""
    session, seats = _read(session_id)
    _must_stand(session, now)
    open_now = {one.session_id: one for one in published()}
    left = left_of(list(open_now.values()), int(now.timestamp()))
    camps = [
        camp_of(one, left[session_id])
        for session_id, one in open_now.items()
        if left.get(session_id) and status(one, left[session_id], now) is SessionStatus.OPEN
    ]
    near = around(camp_of(session, 0), camps)[:MOST_ALTERNATIVES]
    others = [Alternative(open_now[one.session_id], one.left) for one in near]
    wishing = draws.wishing(opening_of(session_id, now), session_id)
    return CancellationPreview(session, concerned.of(seats, now), wishing, others)


def cancel(
    session_id: str, message: Mapping[str, str | None], reason: str, by: Staff, now: datetime
) -> CancelledSession:
    """Again is the same: what was said first stays. `message`: by language; what is empty, or missing, is filled.

    Raises Problem `invalid` for a reason that says nothing; `not-found`; `not-now` for a draft, and while the draw of
    its opening is going on; `busy`.
    """
    said = {language: message.get(language) or translate(BY_ITSELF, language) for language in LANGUAGES}
    return _act(session_id, LedgerAct.SESSION_CANCELLED, said, reason, by, now)


def withdraw(session_id: str, reason: str, by: Staff, now: datetime) -> CancelledSession:
    """The same for a session in which nobody has anything; raises Problem `not-now` if somebody has."""
    return _act(session_id, LedgerAct.SESSION_WITHDRAWN, {}, reason, by, now)


def _act(
    session_id: str, what: LedgerAct, message: Mapping[str, str], reason: str, by: Staff, now: datetime
) -> CancelledSession:
    checked_reason(reason)
    opening = opening_of(session_id, now)
    wishing = draws.wishing(opening, session_id)
    now = now.replace(microsecond=0)
    for _ in range(TRIES):
        session, seats = _read(session_id)
        if session.cancelled_at:
            return _again(session)
        _must_stand(session, now)
        must_not_be_drawn(opening, now)
        there = concerned.of(seats, now)
        is_empty = what is LedgerAct.SESSION_WITHDRAWN
        if is_empty and (there.registrations or seats.queued or seats.children):
            raise not_now(SOMEBODY_IS_IN)
        told = CampNews(session_id, seats.news + 1, now, message=message)
        try:
            ledger.record(
                what,
                by,
                reason,
                now,
                opening_id=opening.opening_id if opening else None,
                session_id=session_id,
                details={
                    "registrations": len(there.confirmed),
                    "offers": len(there.offered),
                    "waiting": len(there.waiting),
                },
                together_with=[
                    table.calling_off(session, now),
                    calling_off(seats, now, is_empty=is_empty),
                    news.putting(told),
                ],
            )
        except Refused:
            continue  # somebody changed the session, or came in between: it is looked at again
        handlers.forget()
        seats_table.forget()
        return CancelledSession(session_id, local(now), _told(there, wishing), message)
    raise Problem(BUSY, retry_after=1)


def _told(there: Concerned, wishing: Sequence[str]) -> int:
    return len({family_of(one) for one in there.registrations}.union(wishing))


def _again(session: Session) -> CancelledSession:
    assert session.cancelled_at is not None
    said = next((one.message for one in reversed(news.every(session.session_id)) if one.message), {})
    return CancelledSession(session.session_id, local(session.cancelled_at), None, said)


def _read(session_id: str) -> tuple[Session, Seats]:
    session = existing(table.get(session_id))
    seats = seats_table.get([session_id]).get(session_id)
    if seats is None:
        raise not_now(IS_DRAFT) if session.missing else Problem(NOT_FOUND)
    return session, seats


def _must_stand(session: Session, now: datetime) -> None:
    if session.cancelled_at:
        raise not_now(IS_CANCELLED)
    if is_over(session, now):
        raise not_now(IS_OVER)
