"""An opening: its sessions, its families, its moments, and the promises about everything that may happen.

A version of it (`Plan`) is what staff write, check and approve; once published it does not change any more. Moments are
aware and in UTC.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from chalicelib.core.canonical import canonical as canonical  # noqa: PLC0414 who hashes openings takes it from here
from chalicelib.core.http.answers import Count
from chalicelib.core.languages import LANGUAGES

# The incident after which attempts become wishes, as the log names it (office/incidents/rules.py): the draw waits for
# that.
TURN_INTO_DRAW = "turn-into-draw"


class OpeningKind(StrEnum):
    FIRST_COME = "first-come"
    DRAW = "draw"


class Bundles(StrEnum):
    """How many of its wishes a draw may grant a family: one, or all that do not overlap for one child."""

    ONE = "one"
    SEVERAL = "several"


class State(StrEnum):
    """DRAFT: being written and approved. DRAWN: the draw's results stand; what is left is for whoever comes first."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    DRAWN = "drawn"


# Of an opening that is public.
LiveState = Annotated[State, {"enum": [one for one in State if one is not State.DRAFT]}]


@dataclass(frozen=True)
class Window:
    """From `opens_at` on, families of `postcodes` (four digits each; none: everyone) are admitted, over `spread`."""

    opens_at: datetime
    spread: timedelta
    postcodes: tuple[str, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """When the last of the draw is admitted, and from when on everybody is."""
        return self.opens_at + self.spread

    def is_for(self, postcode: str) -> bool:
        """A Dutch postcode counts by its number. One of five digits is of another country: `99700` is not `9970`."""
        is_foreign = postcode[4:5].isdigit()
        return not self.postcodes or (not is_foreign and postcode[:4] in self.postcodes)


@dataclass(frozen=True)
class HeldBack:
    """Seats of one session that the opening does not give: the desk does, each with a reason in the ledger."""

    session_id: str
    staff: Count = 0
    reduced: Count = 0


@dataclass(frozen=True)
class Plan:
    """One version of an opening. `titles` and `incident_rule`: language to text.

    windows         in order; each begins when the one before it is over. A draw takes wishes from the first one's start
                    until `wishes_until`; its windows have no spread and no postcodes but its own.
    passes_until    children named in a pass later than this come after the spread, in order of arrival.
    country         BE or NL: whose public holidays count.
    offer_days, offer_hour   an offer from the waiting list lasts until that hour (Brussels) so many days later.
    patience        how long free seats wait for a family that needs more of them, before they go to those behind it.
    hold            how long a seat is held for payment or more data; None: a registration is final at once.
    may_overlap     a child may be in several of these camps on the same days, for example a morning and an afternoon.
    bundles, beacon, wishes_until   of a draw. `beacon`: which public value, drawn after the list is closed, is mixed
                    in, in words ("Lotto, 8 May 2027, six numbers in order"); None: only the committed seed.
    incident_rule   what the city promises for the case that something goes wrong.
    """

    kind: OpeningKind
    titles: Mapping[str, str]
    country: str
    session_ids: tuple[str, ...]
    windows: tuple[Window, ...]
    passes_until: datetime
    expected_families: int
    incident_rule: Mapping[str, str]
    held_back: tuple[HeldBack, ...] = ()
    offer_days: int = 1
    offer_hour: int = 20
    patience: timedelta = timedelta(hours=24)
    hold: timedelta | None = None
    may_overlap: bool = False
    wishes_until: datetime | None = None
    bundles: Bundles = Bundles.ONE
    beacon: str | None = None

    @property
    def opens_at(self) -> datetime:
        return self.windows[0].opens_at

    @property
    def spread_ends_at(self) -> datetime:
        return self.windows[-1].ends_at

    @property
    def postcodes(self) -> list[str]:
        return sorted({code for window in self.windows for code in window.postcodes})

    def is_for(self, postcode: str) -> bool:
        return any(window.is_for(postcode) for window in self.windows)

    def to_document(self) -> dict[str, Any]:
        """Plain JSON that `from_document` reads back."""
        return {
            "kind": self.kind.value,
            "titles": dict(self.titles),
            "country": self.country,
            "session_ids": list(self.session_ids),
            "windows": [
                {
                    "opens_at": window.opens_at.isoformat(),
                    "spread_minutes": minutes_of(window.spread),
                    "postcodes": list(window.postcodes),
                }
                for window in self.windows
            ],
            "passes_until": self.passes_until.isoformat(),
            "expected_families": self.expected_families,
            "incident_rule": dict(self.incident_rule),
            "held_back": [
                {"session_id": one.session_id, "staff": one.staff, "reduced": one.reduced} for one in self.held_back
            ],
            "offer_days": self.offer_days,
            "offer_hour": self.offer_hour,
            "patience_minutes": minutes_of(self.patience),
            "hold_minutes": minutes_of(self.hold) if self.hold else None,
            "may_overlap": self.may_overlap,
            "wishes_until": self.wishes_until.isoformat() if self.wishes_until else None,
            "bundles": self.bundles.value,
            "beacon": self.beacon,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Plan":
        held, until = document["hold_minutes"], document["wishes_until"]
        return cls(
            kind=OpeningKind(document["kind"]),
            titles=document["titles"],
            country=document["country"],
            session_ids=tuple(document["session_ids"]),
            windows=tuple(
                Window(
                    datetime.fromisoformat(window["opens_at"]),
                    timedelta(minutes=window["spread_minutes"]),
                    tuple(window["postcodes"]),
                )
                for window in document["windows"]
            ),
            passes_until=datetime.fromisoformat(document["passes_until"]),
            expected_families=document["expected_families"],
            incident_rule=document["incident_rule"],
            held_back=tuple(HeldBack(**one) for one in document["held_back"]),
            offer_days=document["offer_days"],
            offer_hour=document["offer_hour"],
            patience=timedelta(minutes=document["patience_minutes"]),
            hold=timedelta(minutes=held) if held else None,
            may_overlap=document.get("may_overlap", False),  # plans of before there was this have none
            wishes_until=datetime.fromisoformat(until) if until else None,
            bundles=Bundles(document["bundles"]),
            beacon=document["beacon"],
        )


@dataclass(frozen=True)
class Approval:
    """`by`: who, as the sign-in names them; `name` is for their colleagues only."""

    by: str
    at: datetime
    version: int
    name: str = ""


@dataclass(frozen=True)
class Shift:
    """An incident's mark on time: whatever was to happen at `after` or later happens `by` later."""

    after: datetime
    by: timedelta

    def of(self, moment: datetime) -> datetime:
        """When that happens which was planned for `moment`."""
        return moment + self.by if moment >= self.after else moment


@dataclass(frozen=True)
class Opening:
    """`seed`: 32 bytes that nobody is told before the spread, or the draw, is over. `shifts`: in the order in which
    they were made. `why`: language to what families are told while it is paused. `paused_at`: since when it is.
    `drawn_instead`: until when wishes may be entered, for a first-come opening that an incident turned into a draw: the
    very moment, which later incidents move themselves. `seed_was_public`: when an incident began, so that no later one
    takes the seed for a secret, which hides it again. `pauses`: those that are over, the first first; whatever is held
    when one begins is held for so much longer."""

    opening_id: str
    version: int
    plan: Plan
    state: State
    seed: bytes
    approvals: tuple[Approval, ...] = ()
    published_at: datetime | None = None
    shifts: tuple[Shift, ...] = ()
    paused_at: datetime | None = None
    why: Mapping[str, str] = field(default_factory=dict)
    drawn_instead: datetime | None = None
    seed_was_public: bool = False
    pauses: tuple[Shift, ...] = ()

    @property
    def commitment(self) -> str:
        """The commitment, published before the first pass: the seed's SHA-256, in hexadecimal digits."""
        return hashlib.sha256(self.seed).hexdigest()

    @property
    def kind(self) -> OpeningKind:
        """Its kind now: an incident can turn it into a draw."""
        return OpeningKind.DRAW if self.drawn_instead else self.plan.kind

    @property
    def approved_by(self) -> frozenset[str]:
        """Who approved this very version."""
        return frozenset(one.by for one in self.approvals if one.version == self.version)

    @property
    def is_live(self) -> bool:
        """Whether its sessions take registrations under its rules."""
        return self.state is not State.DRAFT

    @property
    def is_to_be_drawn(self) -> bool:
        """Whether its seats are still to be given by lot: nobody registers until then."""
        return self.kind is OpeningKind.DRAW and self.state is not State.DRAWN

    def shifted(self, moment: datetime) -> datetime:
        """When that happens which was planned for `moment`."""
        for shift in self.shifts:
            moment = shift.of(moment)
        return moment

    def is_paused(self, now: datetime) -> bool:
        """A pause begins a few seconds after it was decided (office/incidents/rules.py), in all containers at once."""
        return self.state is State.PAUSED and (self.paused_at is None or now >= self.paused_at)

    @property
    def opens_at(self) -> datetime:
        return self.shifted(self.plan.opens_at)

    @property
    def spread_ends_at(self) -> datetime:
        return self.shifted(self.plan.spread_ends_at)

    @property
    def lengths(self) -> dict[int, int]:
        """Of the pauses that are over: since when, in epoch seconds, to how many seconds."""
        return {whole(one.after): int(one.by.total_seconds()) for one in self.pauses}

    @property
    def wishes_until(self) -> datetime | None:
        """The moment until which a draw takes wishes."""
        if self.drawn_instead:
            return self.drawn_instead
        return self.shifted(self.plan.wishes_until) if self.plan.wishes_until else None

    def reveals_seed(self, now: datetime) -> bool:
        """Only when knowing it can help nobody any more."""
        if self.kind is OpeningKind.DRAW:
            return self.state is State.DRAWN
        return self.state is State.PUBLISHED and now >= self.spread_ends_at


def title(plan: Plan, language: str) -> str:
    return plan.titles.get(language) or plan.titles[LANGUAGES[0]]


def minutes_of(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


def whole(moment: datetime) -> int:
    """Epoch seconds."""
    return int(moment.astimezone(UTC).timestamp())
