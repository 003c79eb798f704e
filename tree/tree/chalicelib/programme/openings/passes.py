"""A family's own pass, with the moments from which on it may register."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, Schema
from chalicelib.core.moments import local
from chalicelib.people.families import namings
from chalicelib.people.families.proving import pass_of, resolved
from chalicelib.people.families.rules import Bearer, Pass
from chalicelib.programme.openings import table
from chalicelib.programme.openings.admission import Admission, admission
from chalicelib.programme.openings.rules import LiveState, Opening, OpeningKind, title


@dataclass(frozen=True)
class OwnMoment:
    """When children of a pass may register in an opening: as a rule one for all of them."""

    opening_id: str
    title: Annotated[str, "The title of the opening, in the language asked for."]
    kind: OpeningKind
    state: LiveState
    child_ids: Annotated[Sequence[str], Schema(minItems=1)]
    keys: Annotated[Sequence[str], "The keys under which the children are drawn and appear in the published list."]
    window: Annotated[Count | None, "The number of the window; null if none is for your postcode."]
    opens_at: Annotated[datetime | None, "When that window opens."]
    is_late: Annotated[bool, "True if the children were named too late: they come after the spread."]
    known_from: Annotated[datetime, "The moment from which families are told their own moment."]
    at: Annotated[
        datetime | None,
        "The moment from which these children can be registered; null as long as it is not told, in a draw, and if no "
        "window is for the postcode.",
    ]
    wishes_until: Annotated[datetime | None, "The moment until which a draw takes wishes."]


@dataclass(frozen=True)
class OwnChild:
    child_id: str
    first_name: str
    last_name: str
    birth_date: date
    named_elsewhere: Annotated[
        bool,
        "True if the child also stands in a pass of another mail address. If that is not your own, call your "
        "municipality before `known_from`.",
    ]


@dataclass(frozen=True)
class OwnPass:
    pass_id: str
    children: Annotated[Sequence[OwnChild], Schema(minItems=1)]
    admission: Annotated[
        Sequence[OwnMoment],
        "For each opening that is published, as long as its seed is secret; the next first. As a rule there is one for "
        "all children; registered together, they wait for the last of their moments.",
    ]

    @property
    def names(self) -> dict[str, str]:
        """child_id to first name."""
        return {one.child_id: one.first_name for one in self.children}

    def moments(self, opening_id: str) -> list[OwnMoment]:
        return [one for one in self.admission if one.opening_id == opening_id]


def get_pass(call: Call, who: Bearer) -> Answer:
    return Answer(200, with_warnings(with_moments(who, call.now, call.language)))


def with_warnings(own: OwnPass) -> OwnPass:
    """With what a family is told while it prepares: which of its children another family named since. One call."""
    shared = namings.shared([child.child_id for child in own.children])
    return replace(
        own,
        children=[
            replace(child, named_elsewhere=child.named_elsewhere or child.child_id in shared) for child in own.children
        ],
    )


def with_moments(who: Bearer, now: datetime, language: str, read: Callable[[Bearer], Pass] = pass_of) -> OwnPass:
    """The family's pass; raises Problem `unauthorized` if there is none any more. `read`: as it is now, or `seen_pass`
    for a page, which shows of it no more than names."""
    found = read(who)
    children = [
        OwnChild(
            one.child_id,
            one.first_name,
            one.last_name,
            one.birth_date,
            named_elsewhere=who.namings[one.child_id].first is not None,
        )
        for one in found.children
    ]
    moments = [
        moment
        for opening in sorted(table.remembered(now), key=lambda one: (one.opens_at, one.opening_id))
        if not opening.reveals_seed(now)
        for moment in moments_in(opening, who, now, language)
    ]
    return OwnPass(found.pass_id, children, moments)


def first_moment(admitted: Sequence[OwnMoment], wishes: Iterable[Sequence[str]]) -> datetime | None:
    """When the first of a family's wishes can be registered, if it is told: each waits for the last of its children's
    moments. Without wishes, the first of the children's. `wishes`: of each, its children as child_id."""
    own_at = {child: one.at for one in admitted for child in one.child_ids}
    of_wishes = [[own_at.get(child) for child in children] for children in wishes]
    told = [max(filter(None, moments)) for moments in of_wishes if moments and all(moments)]
    return min(told or (one.at for one in admitted if one.at), default=None)


def moments_in(opening: Opening, who: Bearer, now: datetime, language: str) -> list[OwnMoment]:
    """One for all children of a family, as a rule. Children whom another family named first, or who were named late,
    have their own; registered together, they wait for the last of their moments."""
    together: dict[Admission | None, list[str]] = {}
    for child, naming in zip(who.children, resolved(who, list(who.children)), strict=True):
        together.setdefault(admission(opening, [naming], who.postcode), []).append(child)
    return [_moment(opening, admitted, child_ids, now, language) for admitted, child_ids in together.items()]


def _moment(
    opening: Opening, admitted: Admission | None, child_ids: list[str], now: datetime, language: str
) -> OwnMoment:
    """`at` is null while it is not told (until `known_from`), in a draw, and where no window is for the postcode
    (`window` is null then)."""
    is_told = opening.kind is OpeningKind.FIRST_COME and now >= opening.plan.passes_until
    return OwnMoment(
        opening_id=opening.opening_id,
        title=title(opening.plan, language),
        kind=opening.kind,
        state=opening.state,
        child_ids=child_ids,
        keys=admitted.keys if admitted else (),
        window=admitted.window if admitted else None,
        opens_at=local(opening.shifted(opening.plan.windows[admitted.window].opens_at)) if admitted else None,
        is_late=admitted.is_late if admitted else False,
        known_from=local(opening.plan.passes_until),
        at=local(admitted.at) if admitted and is_told else None,
        wishes_until=local(opening.wishes_until) if opening.wishes_until else None,
    )
