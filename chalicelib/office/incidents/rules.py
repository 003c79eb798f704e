"""The actions of staff when an opening goes wrong, and their effect on everybody's moment.

No action makes a new order: the seed and the draw keys stay. Who was admitted stays admitted, and nobody is admitted
earlier than was announced.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core.http.problems import not_now
from chalicelib.core.languages import N_
from chalicelib.programme.openings.rules import TURN_INTO_DRAW, Opening, OpeningKind, Shift, State
from chalicelib.seats.rules import Channel, Seats

# An action holds from so much later on. A container goes by what it read five seconds ago
# (programme/openings/table.py); five more for the write itself. So at one moment, in all containers, the pause begins
# or ends.
KNOWN_AFTER = timedelta(seconds=10)
# What a function that began before may still write; API Gateway's patience and the function's are shorter.
SETTLED_AFTER = timedelta(seconds=30)
# Between a new moment and now: an hour in which SES takes 50,000 mails at 14 a second, and families read theirs.
LEAST_NOTICE = timedelta(hours=1)

NOT_PUBLISHED = N_("This opening is not published. Change its plan instead.")
IS_PAUSED = N_("This opening is paused already.")
IS_NOT_PAUSED = N_("This opening is not paused.")
RESUME_FIRST = N_("This opening is paused. Resume it: everything then moves by the length of the pause.")
DRAW_IS_OVER = N_("The draw is over, and its seed is public: a known order cannot be used again.")
EVERYBODY_IS_ADMITTED = N_("Every family is already admitted: there is nothing left to extend.")
WISHES_ARE_CLOSED = N_("No wishes are taken any more: there is nothing left to extend.")
TOO_SOON = N_("Families must have time to read it: choose a moment that is at least an hour from now.")
BEFORE_THE_PLAN = N_("Nobody is admitted earlier than was announced: choose a later moment than the current one.")
IS_A_DRAW = N_("This opening is a draw already. Extend it instead.")
SEED_IS_PUBLIC = N_(
    "The seed of this opening is public, so somebody could steer a draw by it. Set a new moment instead: the order "
    "stays as it was drawn."
)
UNTIL_BEFORE_START = N_("Wishes would end before they begin: choose a later moment.")


class Action(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    RESTART = "restart"
    TURN_INTO_DRAW = TURN_INTO_DRAW


# What cannot be made good again if it was a mistake: somebody else must want it too.
NEEDS_A_SECOND = frozenset({Action.RESTART, Action.TURN_INTO_DRAW})


@dataclass(frozen=True)
class ProposedIncident:
    """An incident that staff propose. `why`: language to what families are told. `minutes` to extend by; `moment`: a
    restart's new opening, or until when a draw takes wishes; `keep_given`: whether seats stay that were given before it
    became a draw."""

    action: Action
    why: dict[str, str]
    minutes: int = 0
    moment: datetime | None = None
    keep_given: bool = True

    @property
    def takes_back(self) -> bool:
        return self.action is Action.RESTART or (self.action is Action.TURN_INTO_DRAW and not self.keep_given)


def applied(opening: Opening, asked: ProposedIncident, now: datetime) -> Opening:
    """The opening after the action; raises Problem `not-now`, with the reason, where it makes no sense."""
    if opening.state is State.DRAFT:
        raise not_now(NOT_PUBLISHED)
    if opening.state is State.DRAWN:
        raise not_now(DRAW_IS_OVER)
    # A container that has not heard of the action yet may show the seed until it holds.
    if opening.reveals_seed(in_effect(now)):
        opening = replace(opening, seed_was_public=True)
    match asked.action:
        case Action.PAUSE:
            return _pause(opening, asked, now)
        case Action.RESUME:
            changed = _resume(opening, now)
        case Action.EXTEND:
            changed = _extend(opening, timedelta(minutes=asked.minutes), now)
        case Action.RESTART:
            assert asked.moment is not None
            changed = _restart(opening, asked.moment, now)
        case Action.TURN_INTO_DRAW:
            assert asked.moment is not None
            changed = _turn_into_draw(opening, asked.moment, now)
    if opening.state is State.PAUSED:
        assert opening.paused_at is not None
        over = Shift(opening.paused_at, in_effect(now) - opening.paused_at)
        changed = replace(changed, pauses=(*opening.pauses, over))
    return changed


def in_effect(now: datetime) -> datetime:
    """From when on an action of `now` holds: a whole second."""
    later = now + KNOWN_AFTER
    return later.replace(microsecond=0) + timedelta(seconds=1 if later.microsecond else 0)


def _pause(opening: Opening, asked: ProposedIncident, now: datetime) -> Opening:
    if opening.state is State.PAUSED:
        raise not_now(IS_PAUSED)
    return replace(opening, state=State.PAUSED, paused_at=in_effect(now), why=asked.why)


def _resume(opening: Opening, now: datetime) -> Opening:
    """Whatever was to happen since the pause began happens later by its length, in the same order."""
    if opening.state is not State.PAUSED:
        raise not_now(IS_NOT_PAUSED)
    assert opening.paused_at is not None
    pause = in_effect(now) - opening.paused_at
    going_on = replace(opening, state=State.PUBLISHED, paused_at=None, why={})
    return _moved(going_on, Shift(opening.paused_at, pause)) if pause else going_on


def _extend(opening: Opening, by: timedelta, now: datetime) -> Opening:
    """Whatever has not happened yet happens later; of a draw, the end alone."""
    if opening.state is State.PAUSED:
        raise not_now(RESUME_FIRST)
    since = in_effect(now)
    if opening.kind is OpeningKind.DRAW:
        assert opening.wishes_until is not None
        if since > opening.wishes_until:
            raise not_now(WISHES_ARE_CLOSED)
        return _moved(opening, Shift(opening.wishes_until, by))
    if since > opening.spread_ends_at:
        raise not_now(EVERYBODY_IS_ADMITTED)
    return _moved(opening, Shift(since, by))


def _restart(opening: Opening, opens_at: datetime, now: datetime) -> Opening:
    """As it was planned, from a new moment on: what moved it before counts no more."""
    if opening.drawn_instead:
        raise not_now(IS_A_DRAW)
    if opens_at < now + LEAST_NOTICE:
        raise not_now(TOO_SOON)
    if opens_at <= opening.opens_at:
        raise not_now(BEFORE_THE_PLAN)
    begin = opening.plan.opens_at
    return replace(opening, state=State.PUBLISHED, paused_at=None, why={}, shifts=(Shift(begin, opens_at - begin),))


def _turn_into_draw(opening: Opening, wishes_until: datetime, now: datetime) -> Opening:
    """A seed that is public would let whoever writes the last wish choose the order, unless a beacon is mixed in."""
    if opening.kind is OpeningKind.DRAW:
        raise not_now(IS_A_DRAW)
    if opening.seed_was_public and not opening.plan.beacon:
        raise not_now(SEED_IS_PUBLIC)
    if wishes_until < now + LEAST_NOTICE:
        raise not_now(TOO_SOON)
    if opening.state is State.PAUSED:
        opening = _resume(opening, now)
    if wishes_until <= opening.opens_at:
        raise not_now(UNTIL_BEFORE_START)
    return replace(opening, drawn_instead=wishes_until)


def _moved(opening: Opening, shift: Shift) -> Opening:
    until = opening.drawn_instead
    return replace(opening, shifts=(*opening.shifts, shift), drawn_instead=shift.of(until) if until else None)


def given(seats: Seats) -> list[str]:
    """The registrations that lose their seats when an opening is void: whoever came by its order, be it by the opening
    itself, its waiting list or the desk, which registers in that same order. Were the desk's kept, a call would have
    been worth more than a click. What staff granted out of order stays: it never came from the order, and has its own
    reason in the ledger. So does what the opening holds back."""
    return [
        registration_id
        for registration_id in seats.registrations
        if seats.channels.get(registration_id) is not Channel.EXCEPTION
    ]
