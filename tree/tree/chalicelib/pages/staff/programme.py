"""The programme as staff see it: each session with its status, each draft with what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.core.http.answering import Answer
from chalicelib.office import scope
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table
from chalicelib.programme.sessions.cells import LABELS
from chalicelib.programme.sessions.changes import missing
from chalicelib.programme.sessions.rules import Session, SessionStatus, status
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats


@dataclass(frozen=True)
class ListedSession:
    """`free`: seats that anyone could get now; None of a draft. `missing`: in words."""

    session: Session
    status: SessionStatus
    free: int | None
    missing: list[str]


def show(visit: Visit, by: Staff) -> Answer:
    """`?show=drafts`: only those."""
    sessions = sorted(scope.sessions_of(by, table.all_sessions(consistent_read=True)), key=_order)
    seats = seats_table.get([one.session_id for one in sessions if not one.missing], consistent=False)
    listed = [_shown(one, seats, visit) for one in sessions]
    drafts = [one for one in listed if one.status is SessionStatus.DRAFT]
    only_drafts = visit.query.get("show") == "drafts"
    return page(
        visit,
        "pages/staff/programme.html",
        sessions=drafts if only_drafts else listed,
        number=len(listed),
        drafts=len(drafts),
        only_drafts=only_drafts,
        statuses=words.in_language(words.SESSION_STATUS, visit.language),
        badges=words.BADGES,
        done=_done(visit),
    )


def _order(session: Session) -> tuple[date, str, str]:
    return session.starts_on or date.max, session.municipality, session.title


def _shown(session: Session, seats: Mapping[str, Seats], visit: Visit) -> ListedSession:
    its_seats = seats.get(session.session_id)
    free = its_seats.for_anyone(int(visit.now.timestamp())) if its_seats else None
    names = words.in_language(LABELS, visit.language)
    return ListedSession(
        session, status(session, free or 0, visit.now), free, [names[one].lower() for one in missing(session)]
    )


def _done(visit: Visit) -> tuple[int, int] | None:
    """How many rows an import has just written, and how many were there already."""
    counts = [visit.query.get(name, "") for name in ("imported", "unchanged")]
    if not all(one.isascii() and one.isdigit() and len(one) < 6 for one in counts):
        return None
    return int(counts[0]), int(counts[1])
