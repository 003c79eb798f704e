"""Children whom several families name, as work for the desk: it moves the first naming to another family, or leaves
them as they are; and it lets a family name more children than the season's limit.

Moving and lifting are each one transaction with their entry in the ledger. A naming moves only while nobody knows a
moment that follows from it, or whoever moved it would choose between two known moments.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.answers import Count
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Refused
from chalicelib.office.desk.exceptions import Deed
from chalicelib.office.desk.families import desk_number
from chalicelib.people import access
from chalicelib.people.families import changes, namings, table
from chalicelib.people.families.mailboxes import family_of
from chalicelib.people.families.namings import Namer, SharedChild
from chalicelib.people.families.rules import Child, Naming, Pass, kept_until
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State, title

AT_ONCE = 25
# Families of a child that are shown: whoever has more mailboxes than that is found by the first ones.
MOST_FAMILIES = 20
MOST_CHILDREN = 50

MOMENTS_KNOWN = N_(
    "Families know their moments in the opening {opening} already: whoever moves the child now chooses between known "
    "moments. Do it when everybody is admitted there."
)
LIST_CLOSED = N_("The list of the draw {opening} is closed. Move the child when the result is there.")
NOT_NAMED = N_("Choose a family that names this child.")
NO_SUCH_FAMILY = N_("No family asked for a pass with this address. Check it with the family.")

# How many wait for the desk, for its first page.
_waiting: Memory[str, int] = Memory(30)


@dataclass(frozen=True)
class NamingFamily:
    """A family that names a child. Without mail address it has a number; erased since, it has neither."""

    family_id: str
    email: str | None
    desk_number: str | None
    since: Annotated[datetime, "When the family first confirmed a pass with the child."]
    is_first: Annotated[bool, "True for the family by whose moment the child is admitted in every opening."]


@dataclass(frozen=True)
class SharedNaming:
    child_id: str
    child: Annotated[Child | None, "As a family that names it typed it; null if no pass of them is kept any more."]
    families: Annotated[Sequence[NamingFamily], "The first one at the top; at most 20."]
    more_families: Annotated[Count, "How many others name it."]

    @property
    def newest(self) -> int:
        """The last naming of those shown, epoch seconds."""
        return max(int(one.since.timestamp()) for one in self.families)

    @property
    def others(self) -> list[NamingFamily]:
        return [one for one in self.families if not one.is_first]


@dataclass(frozen=True)
class SharedNamings:
    """`next`: the value of `after` for the next part; None after the last one."""

    children: Sequence[SharedNaming]
    next: Annotated[str | None, "The value of `after` for the next part; null after the last one."]


def waiting() -> int:
    """Children whom the desk has not looked at, as of half a minute ago."""
    return _waiting.get("desk", lambda: sum(not one.is_seen for one in namings.named_by_several()))


def listed(after: str = "", *, with_seen: bool = False) -> SharedNamings:
    """The children that wait for the desk, oldest first; `with_seen`: all that several families name."""
    found, following = part(namings.named_by_several(), after, with_seen=with_seen)
    return SharedNamings([one for child in found if (one := _shown(child.child_id))], following)


def part(every: Iterable[SharedChild], after: str, *, with_seen: bool) -> tuple[list[SharedChild], str | None]:
    """Those behind `after`, as an earlier part told it, and what to ask for next."""
    wanted = sorted((one for one in every if with_seen or not one.is_seen), key=_place)
    behind = [one for one in wanted if _place(one) > after]
    return behind[:AT_ONCE], _place(behind[AT_ONCE - 1]) if len(behind) > AT_ONCE else None


def of_child(child_id: str) -> SharedNaming:
    """Raises Problem `not-found` for a child that fewer than two families name."""
    shown = _shown(child_id)
    if shown is None:
        raise Problem(NOT_FOUND)
    return shown


def move(deed: Deed, child_id: str, to: str, shown_first: str | None = None) -> SharedNaming:
    """From now on the child is as if the family `to` had named it first. `shown_first`: which one was the first when
    the clerk decided; None: whichever is. Moving it to whom it belongs already changes nothing.

    Raises Problem `not-found`, `invalid`, `not-now` while a moment is known, `changed` if somebody else came first.
    """
    checked_reason(deed.reason)
    every = namings.namers(child_id)
    if len(every) < 2 or not every[0].is_first:
        raise Problem(NOT_FOUND)
    first, chosen = every[0], next((one for one in every if one.family_id == to), None)
    if chosen is None:
        raise invalid("family_id", NOT_NAMED)
    if chosen.is_first:
        return of_child(child_id)
    if shown_first not in (None, first.family_id):
        raise Problem(CHANGED)
    must_be_open(deed.now)
    for one in (first, chosen):
        access.about(one.family_id, [child_id])
    _record_move(deed, child_id, first, chosen)
    return of_child(child_id)


def settle(child_id: str, newest: int) -> None:
    """Takes a child off the list until a further family names it. `newest`: the last naming that was shown, epoch
    seconds. Raises Problem `not-found`, and `changed` if there is another naming by now."""
    of_child(child_id)
    if not namings.settle(child_id, newest):
        raise Problem(CHANGED)
    _waiting.forget()


def lift(deed: Deed, email: str, children: int) -> None:
    """From now until the season's end this mailbox may name so many children. Raises Problem `invalid`."""
    checked_reason(deed.reason)
    family = family_of(email)
    if not table.of_family(family):
        raise invalid("email", NO_SUCH_FAMILY)
    access.about(family)
    ledger.record(
        LedgerAct.CHILDREN_ALLOWED,
        deed.by,
        deed.reason,
        deed.now,
        details={"children": children},
        private={"family_id": family},
        together_with=[namings.lifting(family, deed.now, children, kept_until(deed.now))],
    )


def in_the_way(every: Iterable[Opening], now: datetime) -> Opening | None:
    """A published opening in which whose child it is was settled, and is not of the past yet.

    Nothing but time brings an opening there, because a published plan does not change: what was not known when a clerk
    decided was not known to the clerk. So this is no condition of the write.
    """
    return next((one for one in every if one.is_live and _is_settled(one, now)), None)


def _is_settled(opening: Opening, now: datetime) -> bool:
    """In a draw, between the last wish and the result; else from when families are told their moments until everybody
    is admitted."""
    if opening.kind is OpeningKind.DRAW:
        is_closed = opening.wishes_until is not None and now >= opening.wishes_until
        return is_closed and opening.state is not State.DRAWN
    return now >= opening.plan.passes_until and not opening.reveals_seed(now)


def must_be_open(now: datetime) -> None:
    """Raises Problem `not-now` while it is settled whose children draw."""
    openings.forget()
    opening = in_the_way(openings.remembered(now), now)
    if opening:
        why = LIST_CLOSED if opening.kind is OpeningKind.DRAW else MOMENTS_KNOWN
        raise not_now(why, opening=title(opening.plan, LANGUAGES[0]))


def _record_move(deed: Deed, child_id: str, first: Namer, to: Namer) -> None:
    told = changes.moving(child_id, Naming(to.family_id, to.since), datetime.now(UTC))
    try:
        ledger.record(
            LedgerAct.NAMING_MOVED,
            deed.by,
            deed.reason,
            deed.now,
            private={"child_id": child_id, "from": first.family_id, "to": to.family_id},
            together_with=[*namings.moving(child_id, first, to), told],
        )
    except Refused:
        raise Problem(CHANGED) from None
    changes.forget()


def _shown(child_id: str) -> SharedNaming | None:
    """None: several families named it, and do no more."""
    every = namings.namers(child_id)
    if len(every) < 2:
        return None
    shown = every[:MOST_FAMILIES]
    passes = {one.family_id: _newest_pass(one.family_id, child_id) for one in shown}
    for one in shown:
        access.about(one.family_id, [child_id])
    known = next((found for found in passes.values() if found), None)
    child = next((one for one in known.children if one.child_id == child_id), None) if known else None
    families = [_family(one, passes[one.family_id]) for one in shown]
    return SharedNaming(child_id, child, families, len(every) - len(shown))


def _newest_pass(family: str, child_id: str) -> Pass | None:
    naming = [one for one in table.of_family(family) if child_id in one.namings]
    return naming[-1] if naming else None


def _family(one: Namer, found: Pass | None) -> NamingFamily:
    return NamingFamily(
        one.family_id,
        (found.email or None) if found else None,
        desk_number(found) if found else None,
        datetime.fromtimestamp(one.since, UTC),
        one.is_first,
    )


def _place(one: SharedChild) -> str:
    """As text in the order of time."""
    return f"{one.since:012d}-{one.child_id}"
