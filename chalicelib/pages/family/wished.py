"""A family's wishes in one opening, whichever kind it is: prepared wishes where whoever comes first is served first,
what it enters where seats are drawn. The pages show and change both alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.booking.draw import wishes as draws
from chalicelib.booking.draw.entered import DrawResult, result_of
from chalicelib.booking.draw.table import Wish
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.rules import RegistrationStatus, Standing, registration_id
from chalicelib.booking.wishes import preparing
from chalicelib.booking.wishes.obstacles import Obstacle, Pair, WishFacts, obstacles
from chalicelib.booking.wishes.preparing import Registered
from chalicelib.booking.wishes.rules import Prepared, WantedSession
from chalicelib.core.http.problems import INVALID, NOT_FOUND, WISHES_OVER, FieldError, Problem, existing
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State
from chalicelib.programme.sessions import handlers as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats


@dataclass(frozen=True)
class WishRow:
    """`key`: by which a button names it."""

    key: str
    pairs: tuple[Pair, ...]

    @property
    def by_session(self) -> dict[str, list[str]]:
        """session_id to children."""
        sessions: dict[str, list[str]] = {}
        for child, session_id in self.pairs:
            sessions.setdefault(session_id, []).append(child)
        return sessions


@dataclass(frozen=True)
class Wished:
    """`prepared`: where it is no draw. `result`: what a draw brought; None before. `found`: what would stop a
    registration. `standings`: a row's key to how its registration stands."""

    opening: Opening
    rows: Sequence[WishRow]
    sessions: Mapping[str, Session]
    seats: Mapping[str, Seats]
    found: Sequence[Obstacle]
    prepared: Prepared | None = None
    result: DrawResult | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    # A row's key to its registration, once it has one.
    ids: Mapping[str, str] = field(default_factory=dict)
    # All of the family's.
    registered: Sequence[Registered] = ()

    @property
    def is_draw(self) -> bool:
        return self.prepared is None

    @property
    def live(self) -> list[tuple[int, WishRow]]:
        """Each wish with its number, but for those that the family cancelled or let lapse: who wants one of these once
        more adds it again, so that no other change of the list registers it."""
        return [(number, row) for number, row in enumerate(self.rows) if not self._is_cancelled(row)]

    @property
    def is_over(self) -> bool:
        """Whether something came of every wish."""
        return bool(self.rows) and all(row.key in self.standings for row in self.rows)

    @property
    def is_ready(self) -> bool:
        return bool(self.live) and not self.is_over and not any(one.stops for one in self.found)

    def _is_cancelled(self, row: WishRow) -> bool:
        standing = self.standings.get(row.key)
        return standing is not None and standing.status is RegistrationStatus.CANCELLED


def opening_of(visit: Visit, opening_id: str) -> Opening:
    """Raises Problem `not-found`."""
    return existing(openings.one_remembered(opening_id, visit.now))


def is_open_draw(opening: Opening) -> bool:
    return opening.kind is OpeningKind.DRAW and opening.state is not State.DRAWN


def is_closed_draw(opening: Opening, now: datetime) -> bool:
    """A draw that takes no wishes any more, and has no result yet."""
    until = opening.wishes_until
    return is_open_draw(opening) and until is not None and now >= until


def takes_wishes(opening: Opening, now: datetime) -> bool:
    """Prepared ones always; a draw's from its opening until its end."""
    if not is_open_draw(opening):
        return True
    until = opening.wishes_until
    return until is not None and opening.opens_at <= now < until and not opening.is_paused(now)


def wished(
    visit: Visit,
    who: Bearer,
    opening: Opening,
    registered: Sequence[Registered] | None = None,
    seen: Prepared | None = None,
) -> Wished:
    """`registered`, `seen`: all of the family's, and what it prepared, if they were read already. After a draw, what is
    left is for whoever comes first: the rows are prepared wishes then, and `result` says what the draw brought."""
    prepared = result = None
    if opening.kind is OpeningKind.DRAW:
        rows, result = _entered(visit, who, opening)
    if is_open_draw(opening):
        registered = register.all_of(who, visit.now) if registered is None else registered
    else:
        prepared, registered = preparing.look_up(who, opening.opening_id, visit.now, registered, seen)
        rows = [WishRow(one.key, tuple((child, one.session_id) for child in one.child_ids)) for one in prepared.wishes]
    ids = {row.key: registration_id(who.family_id, row.key) for row in rows} if prepared else {}
    standings = {one.registration_id: standing for one, standing in registered}
    own = set(ids.values())
    taken = frozenset(
        (child, one.session_id)
        for one, standing in registered
        if one.registration_id not in own and standing.status is not RegistrationStatus.CANCELLED
        for child in one.child_ids
    )
    known = _known({session_id for row in rows for _, session_id in row.pairs}, taken)
    return Wished(
        opening=opening,
        rows=rows,
        sessions=known.sessions,
        seats=known.seats,
        found=obstacles(who, opening, [row.pairs for row in rows], known, visit.now),
        prepared=prepared,
        result=result,
        standings={key: standings[one] for key, one in ids.items() if one in standings},
        ids=ids,
        registered=registered,
    )


def _entered(visit: Visit, who: Bearer, opening: Opening) -> tuple[list[WishRow], DrawResult | None]:
    """The family's entry for a draw, and what became of it."""
    try:
        opening, entered = draws.look_up(who, opening.opening_id, visit.now)
    except Problem as problem:
        if problem.kind is not NOT_FOUND:
            raise
        return [], None
    return [_entered_row(wish) for wish in entered.all_wishes], result_of(entered, opening, visit.language)


def keep(visit: Visit, who: Bearer, before: Wished, rows: Sequence[WishRow], *, by_itself: bool) -> None:
    """These in the place of those `before`, as this same request read them. Raises Problem; an error names the wish by
    its number, `wishes[2]…`."""
    opening = before.opening
    if is_open_draw(opening):
        with visit.attempting():
            _enter(visit, who, opening, rows)
        return
    wanted = [
        WantedSession(session_id, tuple(children)) for row in rows for session_id, children in row.by_session.items()
    ]
    preparing.save(
        who, opening.opening_id, wanted, by_itself, visit.now, registered=before.registered, seen=before.prepared
    )


def added(rows: Sequence[WishRow], pairs: Sequence[Pair], opening: Opening) -> list[WishRow]:
    """With one wish more at the end. In a draw siblings in different sessions are one wish, granted as a whole or not
    at all; otherwise each session is a registration of its own."""
    new = WishRow("", tuple(pairs))
    if is_open_draw(opening):
        return [*rows, new]
    return [
        *rows,
        *(WishRow("", tuple((child, one) for child in children)) for one, children in new.by_session.items()),
    ]


def choices(who: Bearer, opening: Opening, now: int) -> tuple[dict[str, list[Session]], dict[str, Seats]]:
    """child_id to the sessions of the opening that it is of the right age for, by day; and their seats. `now`: epoch
    seconds."""
    sessions, every = programme.seen(opening.plan.session_ids), programme.seen_seats(opening.plan.session_ids)
    begins = max(now, int(opening.opens_at.timestamp()))
    fitting: dict[str, list[Session]] = {child: [] for child in who.children}
    taking_place = (one for one in sessions.values() if not one.cancelled_at)
    for session in sorted(taking_place, key=lambda one: (str(one.starts_on), one.municipality, one.title)):
        seats = every.get(session.session_id)
        if seats is None or begins >= seats.closes:
            continue
        for child, born in who.children.items():
            if seats.born_from <= born <= seats.born_until:
                fitting[child].append(session)
    return fitting, every


def _known(session_ids: Iterable[str], taken: frozenset[Pair]) -> WishFacts:
    ids = sorted(session_ids)
    if not ids:
        return WishFacts({}, {}, taken)
    return WishFacts(programme.seen(ids), seats_table.get(ids, consistent=False), taken)


def _entered_row(wish: Wish) -> WishRow:
    return WishRow(".".join(f"{child}-{session}" for child, session in wish), wish)


def _enter(visit: Visit, who: Bearer, opening: Opening, rows: Sequence[WishRow]) -> None:
    if rows:
        draws.enter(who, opening.opening_id, [row.pairs for row in rows], visit.now)
    else:
        draws.withdraw(who, opening.opening_id, visit.now)


def errors_of(problem: Problem, number: int) -> tuple[dict[int, FieldError], FieldError | None]:
    """The errors of each of the first `number` wishes, and of the one to be added behind them."""
    if problem.kind is WISHES_OVER or problem.kind is not INVALID:
        raise problem
    rows: dict[int, FieldError] = {}
    new = None
    for error in problem.errors:
        place = error.field.removeprefix("wishes[").partition("]")[0]
        if place.isdecimal() and int(place) < number:
            rows.setdefault(int(place), error)
        else:
            new = new or error
    return rows, new
