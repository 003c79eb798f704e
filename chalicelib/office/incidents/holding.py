"""Holds of a paused opening: offers of the waiting list, and seats that are held for a time.

They end later by the length of the pause, like everything that was to happen. A claim is one write and reads nothing,
so the pause stands in the seats' item (`Seats.stopped`): from then on nothing ends that had not ended when it began.

- A pause is decided ten seconds before it begins; the function that an incident calls writes it into each session.
  Should that come later, nobody frees a seat either: a container goes by an opening for five seconds, so by then each
  knows of the pause; nobody registers, no waiting list moves on (booking/offers/advance.py), and the desk frees nothing
  that ended since (office/desk/exceptions.py). A family that accepts in those very seconds hears that its time is over,
  and tries again.
- No pause ends before it stands in each session: whoever ends it sees to that first. So after it nothing ends by itself
  that was not moved yet, however late the function comes, or breaks off. Each end is moved once
  (`seats.table.move_on`); the timer of a waiting list does it too. Who gets a hold between the end of the pause and
  that write has so much more time.
- Each session is stopped on the condition that the opening is the one that was read: never after its pause is over.

Whoever extends an opening moves no such end: it is of families that are admitted already. Who begins it anew takes
their seats back.
"""

from chalicelib.core import table as stormloop
from chalicelib.core.refusals import Interfered, Refused
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, State, whole
from chalicelib.seats import table as seats_table


def keep_time(opening: Opening, edition: int) -> None:
    """Holds kept by pauses that are over go on; those of a pause that is not stand still. Raises Interfered if the
    opening is not the one that was read with this edition."""
    for session_id, seats in seats_table.get(opening.plan.session_ids).items():
        if seats.stopped in opening.lengths:
            seats_table.move_on(session_id, opening.lengths)
    if opening.state is State.PAUSED:
        stand_still(opening, edition)


def stand_still(opening: Opening, edition: int) -> None:
    """That the pause stands in each session of an opening that is paused. Raises Interfered as `keep_time`."""
    assert opening.paused_at is not None, "it is paused"
    since = whole(opening.paused_at)
    for session_id, seats in seats_table.get(opening.plan.session_ids).items():
        if seats.stopped == since:
            continue
        seats_table.move_on(session_id, opening.lengths)
        try:
            stormloop.transact_write(
                [seats_table.stopping(session_id, since), openings.unchanged(opening.opening_id, edition)]
            )
        except Refused as refused:
            if refused.busy:
                raise refused.busy from refused
            raise Interfered from refused
