"""Words about a wish: what would stop it, what became of it; in a family's language, with its children's names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.booking.registrations.rules import Standing
from chalicelib.booking.wishes.obstacles import WORDS, Obstacle
from chalicelib.booking.wishes.rules import Wish, WishOutcome, WishProgress
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.pages.family.wished import Wished, WishRow
from chalicelib.programme.openings.rules import Opening
from chalicelib.programme.sessions.rules import Session

GRANTED = N_("Done: the seat is yours.")
HELD = N_("Held for you until {until}: accept it before then.")
WAITING = N_("On the waiting list, as number {place}.")
CANCELLED = N_("Cancelled, or not accepted in time. Add the wish again if you still want it.")
SKIPPED = N_("Skipped: you have {other}, on the same days.")
OPEN = N_("Not registered yet.")
REFUSED = N_("Not registered: {title}. {detail}")
GONE = N_("a session that is no longer there")
CHILD = N_("a child that is no longer in your list")
ONE_DAY, SEVERAL_DAYS = N_("{title}, {first}"), N_("{title}, {first} to {last}")


@dataclass(frozen=True)
class Said:
    """`what` is so and, of what stands in a wish's way, what to `do` about it. `stops`: no registration comes of it as
    it is."""

    what: str
    do: str = ""
    stops: bool = False


class Words:
    """For one family, in one language. `names_of`: child_id to first name."""

    def __init__(self, language: str, names_of: Mapping[str, str]) -> None:
        self.language = language
        self.names_of = names_of

    def session(self, session: Session | None) -> str:
        """`Bouwkamp (Lembeke), 16 augustus tot 18 augustus`."""
        if session is None or session.starts_on is None or session.ends_on is None:
            return self._(GONE)
        first = in_words.day(session.starts_on, self.language, weekday=False, year=False)
        if session.starts_on == session.ends_on:
            return self._(ONE_DAY, title=session.title, first=first)
        last = in_words.day(session.ends_on, self.language, weekday=False, year=False)
        return self._(SEVERAL_DAYS, title=session.title, first=first, last=last)

    def children(self, child_ids: Iterable[str]) -> str:
        return in_words.names([self.names_of.get(one) or self._(CHILD) for one in child_ids], self.language)

    def obstacle(self, one: Obstacle, opening: Opening, sessions: Mapping[str, Session]) -> Said:
        values = {
            **one.values,
            "children": self.children(one.child_ids) if one.child_ids else "",
            "session": self.session(sessions.get(one.session_id or "")),
            "other": self.session(sessions.get(one.other_id or "")),
            "passes_until": in_words.moment(opening.plan.passes_until, self.language),
        }
        what, do = WORDS[one.what]
        return Said(self._(what, **values), self._(do, **values), one.stops)

    def of_row(self, wished: Wished, number: int | None) -> list[Said]:
        """The obstacles of this wish; None: those of all of them."""
        return [self.obstacle(one, wished.opening, wished.sessions) for one in wished.found if one.wish == number]

    def outcome(self, one: WishOutcome, sessions: Mapping[str, Session]) -> str:
        """One sentence."""
        return self._(
            _OUTCOMES[one.reached],
            other=self.session(sessions.get(one.other.session_id)) if one.other else "",
            **self._standing(one.standing),
        )

    def refusal(self, problem: Problem) -> str:
        document = problem.document(self.language)
        return self._(REFUSED, title=document["title"], detail=document["detail"])

    def wish(self, wish: Wish | WishRow, sessions: Mapping[str, Session]) -> str:
        """`Bouwkamp (Lembeke), 16 augustus tot 18 augustus: Lou en Jef`."""
        by_session = wish.by_session if isinstance(wish, WishRow) else {wish.session_id: list(wish.child_ids)}
        return "; ".join(f"{self.session(sessions.get(one))}: {self.children(of)}" for one, of in by_session.items())

    def _standing(self, standing: Standing | None) -> dict[str, object]:
        until = standing.held_until if standing else None
        return {
            "until": in_words.moment(until, self.language) if until else "",
            "place": (standing and standing.waitlist_position) or "?",
        }

    def _(self, text: str, **values: object) -> str:
        return translate(text, self.language, **values)


_OUTCOMES = {
    WishProgress.OPEN: OPEN,
    WishProgress.GRANTED: GRANTED,
    WishProgress.HELD: HELD,
    WishProgress.WAITING: WAITING,
    WishProgress.CANCELLED: CANCELLED,
    WishProgress.SKIPPED: SKIPPED,
}
