"""Where else these children could have seats now, for a family whose wish was refused or has to wait."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.programme.sessions import handlers
from chalicelib.programme.sessions.nearest import around, camp_of, suiting
from chalicelib.programme.sessions.rules import Session, SessionStatus, status

MOST = 3


@dataclass(frozen=True)
class OtherSession:
    session: Session
    seats_left: int


def alternatives(
    wanted: Session, births: Sequence[date], taken: Collection[str], now: datetime, most: int = MOST
) -> list[OtherSession]:
    """The nearest to `wanted` that are open at `now`, with a seat for each child of these birth dates, the nearest
    first. `taken`: the sessions in which one of them has a seat or waits; nothing at the same time as those.

    Goes by what the container remembers of the programme: who registers learns the truth at the claim.
    """
    sessions = {session.session_id: session for session in handlers.published()}
    left = handlers.left_of(list(sessions.values()), int(now.timestamp()))
    camps = {
        session_id: camp_of(session, left[session_id]) for session_id, session in sessions.items() if session_id in left
    }
    is_open = [camp for one, camp in camps.items() if status(sessions[one], left[one], now) is SessionStatus.OPEN]
    elsewhere = [camps[one] for one in taken if one in camps and one != wanted.session_id]
    found = suiting(births, elsewhere, around(camp_of(wanted, 0), is_open))
    return [OtherSession(sessions[camp.session_id], camp.left) for camp, _ in zip(found, range(most), strict=False)]
