"""The wishes of a family for a draw and, once it is over, their result in words: for programs and pages alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from chalicelib.booking.draw import reasons
from chalicelib.booking.draw.rules import DrawVerdict
from chalicelib.booking.draw.table import Entered
from chalicelib.core.http.answers import Count, FromOne
from chalicelib.programme.openings.rules import Opening, State
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session


@dataclass(frozen=True)
class WishedPair:
    child_id: str
    session_id: str


@dataclass(frozen=True)
class EnteredWish:
    children_sessions: Sequence[WishedPair]


@dataclass(frozen=True)
class WishResult:
    outcome: DrawVerdict
    session_ids: Annotated[Sequence[str], "The sessions that the outcome is about."]
    explanation: Annotated[str, "In the language asked for."]


@dataclass(frozen=True)
class WaitingResult:
    session_id: str
    waitlist_position: FromOne
    explanation: str


@dataclass(frozen=True)
class NearestSession:
    session_id: str
    seats_left: Count


@dataclass(frozen=True)
class DrawResult:
    """The result of a family's wishes."""

    place: Annotated[FromOne, "In the order of the draw."]
    of: FromOne
    explanation: str
    wishes: Annotated[Sequence[WishResult], "The result of each wish, in the order of the wishes."]
    waiting: Sequence[WaitingResult]
    nearest: Annotated[NearestSession | None, "Sessions with seats left that would suit your children."]
    nearest_explanation: str | None


@dataclass(frozen=True)
class EnteredWishes:
    opening_id: str
    wishes: Annotated[Sequence[EnteredWish], "The wishes, the best first; each is granted as a whole or not at all."]
    updated_at: datetime
    result: Annotated[DrawResult | None, "The result of a family's wishes; null until it is drawn."]


def shown(entered: Entered, result: DrawResult | None = None) -> EnteredWishes:
    return EnteredWishes(
        opening_id=entered.opening_id,
        wishes=[EnteredWish([WishedPair(child, session) for child, session in wish]) for wish in entered.all_wishes],
        updated_at=entered.updated_at.replace(microsecond=0),
        result=result,
    )


def result_of(entered: Entered, opening: Opening, language: str) -> DrawResult | None:
    """None until it is drawn."""
    stored = entered.result if opening.state is State.DRAWN else None
    return _result(entered, stored, language) if stored else None


def _result(entered: Entered, stored: Mapping[str, Any], language: str) -> DrawResult:
    nearest = stored["nearest"]
    about = {session for wish in entered.all_wishes for _, session in wish}
    about.update(session for _, sessions in stored["wishes"] for session in sessions)
    sessions = programme.several(about.union(nearest[:1] if nearest else ()))

    def named(ids: Sequence[str]) -> str:
        return ", ".join(_name(sessions[one], language) for one in ids if one in sessions)

    return DrawResult(
        place=stored["place"],
        of=stored["of"],
        explanation=reasons.place(stored, language),
        wishes=[
            WishResult(
                outcome=DrawVerdict(outcome[0]),
                session_ids=outcome[1],
                explanation=reasons.of_wish(
                    number, outcome, list(dict.fromkeys(session for _, session in wish)), language, named
                ),
            )
            for number, (wish, outcome) in enumerate(zip(entered.all_wishes, stored["wishes"], strict=True), 1)
        ],
        waiting=[
            WaitingResult(session, number, sentence)
            for (session, number), sentence in zip(
                stored["waiting"], reasons.waiting(stored, language, named), strict=True
            )
        ],
        nearest=NearestSession(*nearest) if nearest else None,
        nearest_explanation=reasons.nearest(stored, language, named),
    )


def _name(session: Session, language: str) -> str:
    """`Bouwkamp (Lembeke), Kaprijke, 16 augustus 2027`."""
    from chalicelib.core.languages import in_words  # noqa: PLC0415 who registers needs no words for days

    begins = in_words.day(session.starts_on, language, weekday=False) if session.starts_on else "?"
    return reasons.named_as_it_stands(f"{session.title}, {session.municipality}, {begins}", session, language)
