"""The system's actions in words: for the public log and for the mails."""

from dataclasses import replace
from datetime import datetime

from chalicelib.core.languages import LANGUAGES, N_, in_words, translate
from chalicelib.office.incidents.rules import Action, ProposedIncident, in_effect
from chalicelib.programme.openings.log import LogEntry
from chalicelib.programme.openings.rules import Opening, OpeningKind

PAUSED = N_(
    "Registration is paused since {start}. Nobody loses their turn: everything that was to happen after that moves by "
    "the length of the pause."
)
RESUMED = N_(
    "Registration goes on at {end}. Everything that was to happen since {start} happens {minutes} min {seconds} s "
    "later. The order stays, and families that were admitted before stay admitted."
)
EXTENDED = N_("Families that are not admitted yet are admitted {minutes} minutes later. The order stays.")
WISHES_EXTENDED = N_("Families can enter wishes until {wishes_until}.")
RESTARTED = N_(
    "Registration begins again at {opens_at}. The order stays as it was drawn. The seats and the places on the waiting "
    "list that it gave before do not count any more; families that had one get a mail."
)
DRAW_RESTARTED = N_(
    "Families can enter wishes from {opens_at} until {wishes_until}. Wishes that are entered already stay."
)
DRAWN_KEEPING = N_(
    "The seats that are left are drawn by lot. Families can enter wishes until {wishes_until}, and it makes no "
    "difference when. Attempts that failed because of us are entered as wishes. Seats that were given stay given."
)
DRAWN_ANEW = N_(
    "The seats are drawn by lot. Families can enter wishes until {wishes_until}, and it makes no difference when. The "
    "seats and places on the waiting list that were given before do not count any more; they are entered as wishes, "
    "like the attempts that failed because of us."
)


def worded(entry: LogEntry, asked: ProposedIncident, before: Opening, after: Opening) -> LogEntry:
    """The entry of an action that takes effect at `entry.at`, from the opening before and after it."""
    assert entry.at is not None
    since = in_effect(entry.at)
    start, end = entry.at, None
    moments: dict[str, datetime | None] = {}
    match asked.action:
        case Action.PAUSE:
            done, start = PAUSED, since
        case Action.RESUME:
            assert before.paused_at is not None
            done, start, end = RESUMED, before.paused_at, since
        case Action.EXTEND if before.kind is OpeningKind.DRAW:
            done, end, moments = WISHES_EXTENDED, since, {"wishes_until": after.wishes_until}
        case Action.EXTEND:
            done, end = EXTENDED, since
        case Action.RESTART:
            done = DRAW_RESTARTED if before.kind is OpeningKind.DRAW else RESTARTED
            end, moments = after.opens_at, {"opens_at": after.opens_at, "wishes_until": after.wishes_until}
        case Action.TURN_INTO_DRAW:
            done = DRAWN_KEEPING if asked.keep_given else DRAWN_ANEW
            end, moments = since, {"wishes_until": after.wishes_until}
    minutes, seconds = divmod(int((since - start).total_seconds()), 60)
    if asked.action is Action.EXTEND:
        minutes = asked.minutes
    named = {"start": start, "end": end, **moments}
    known = {name: moment for name, moment in named.items() if moment}
    return replace(
        entry,
        start=start,
        end=end,
        done={
            language: translate(
                done,
                language,
                minutes=minutes,
                seconds=seconds,
                **{name: in_words.moment(moment, language) for name, moment in known.items()},
            )
            for language in LANGUAGES
        },
        moments={name: moment.isoformat(timespec="seconds") for name, moment in moments.items() if moment},
    )
