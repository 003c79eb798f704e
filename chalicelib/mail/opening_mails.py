"""The mails about an opening: a family's own moment in it, an incident of it, what a draw gave."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage

from chalicelib.core.languages import N_, in_words, translate
from chalicelib.mail.calendars import Reminder, reminder_file
from chalicelib.mail.rendering import Sending, lines, render, single_line
from chalicelib.mail.rules import MailKind
from chalicelib.people.families.rules import Pass
from chalicelib.programme.sessions.rules import Session

# Of an announcement, by the action in the opening's log.
HEADLINES = {
    "pause": N_("Registration is paused"),
    "resume": N_("Registration goes on"),
    "extend": N_("More time"),
    "restart": N_("Registration begins anew"),
    "turn-into-draw": N_("The seats are drawn by lot"),
}
NEW_MOMENT = N_("New moment")
WISHES_UNTIL = N_("Wishes until")
OWN_MOMENT = N_("Your own moment")
FOR_WHAT = N_("Registration for")
REGISTER = N_("Register: {opening}")
REMINDER = N_("From {at} on you can register. Trying earlier gives no better chance.")
# Beside what its templates say.
TEXTS = frozenset({*HEADLINES.values(), NEW_MOMENT, WISHES_UNTIL, OWN_MOMENT, FOR_WHAT, REGISTER, REMINDER})


@dataclass(frozen=True)
class News:
    """An incident of an opening, in the family's language: `title` is the opening's, `why` what staff tell families,
    `done` what the system did, `rule` what was promised. `moments`: `opens_at`, `wishes_until`, in ISO 8601.
    `own_moment`: the family's, if it is told and to come. `to_do`: what it can do now, in English; `url`: where."""

    action: str
    title: str
    why: str
    done: str
    rule: str
    moments: Mapping[str, str]
    own_moment: datetime | None
    to_do: str
    url: str


@dataclass(frozen=True)
class DrawResultMail:
    """The contents of a mail about a draw, in the family's language. `title`: the opening's; the others are sentences.
    `url`: of what is published."""

    title: str
    place: str
    wishes: Sequence[str]
    waiting: Sequence[str]
    nearest: str | None
    has_seats: bool
    url: str


@dataclass(frozen=True)
class MomentMail:
    """A family's own moment in an opening; `title`: in its language. `is_ready`: it has prepared wishes. `url`: where
    it registers, or prepares them."""

    opening_id: str
    title: str
    at: datetime
    is_ready: bool
    url: str


def own_moment(kind: MailKind, id_: str, moment: MomentMail, family: Pass, sending: Sending) -> EmailMessage:
    language = family.language
    at = in_words.moment(moment.at, language, seconds=True)
    values = {
        "at": in_words.moment(moment.at, language),
        "exactly": at,
        "title": moment.title,
        "children": in_words.names([child.first_name for child in family.children], language),
        "is_ready": moment.is_ready,
        "url": moment.url,
    }
    return render(kind, id_, family, sending, "", values, [_moment_file(moment, family, sending)])


def _moment_file(moment: MomentMail, family: Pass, sending: Sending) -> bytes:
    reminder = Reminder(
        opening_id=moment.opening_id,
        family_id=family.family_id,
        summary=translate(REGISTER, family.language, opening=moment.title),
        description=translate(REMINDER, family.language, at=in_words.moment(moment.at, family.language, seconds=True)),
        at=moment.at,
        url=moment.url.split("?")[0],
        organizer_name=single_line(sending.texts["city_name"].texts[family.language]),
        organizer_email=sending.sender,
    )
    return reminder_file(reminder, sending.now)


def announcement(id_: str, news: News, family: Pass, sending: Sending) -> EmailMessage:
    language = family.language
    names = {"opens_at": translate(NEW_MOMENT, language), "wishes_until": translate(WISHES_UNTIL, language)}
    facts = [(translate(FOR_WHAT, language), news.title)]
    facts += [
        (names[name], in_words.moment(datetime.fromisoformat(moment), language))
        for name, moment in news.moments.items()
    ]
    if news.own_moment:
        facts.append((translate(OWN_MOMENT, language), in_words.moment(news.own_moment, language, seconds=True)))
    return render(
        MailKind.ANNOUNCEMENT,
        id_,
        family,
        sending,
        "",
        {
            "headline": translate(HEADLINES[news.action], language),
            "title": news.title,
            "facts": facts,
            "why": lines(news.why),
            "done": news.done,
            "rule": lines(news.rule),
            "to_do": translate(news.to_do, language),
            "url": news.url,
        },
    )


@dataclass(frozen=True)
class WishOff:
    """A cancelled camp that a family wishes for in a draw. `why`: the city's words; `until`: when wishes are taken no
    more, None: they are not; `url`: where the family chooses anew."""

    session: Session
    opening: str
    why: str
    until: datetime | None
    url: str


def wish_off(id_: str, what: WishOff, family: Pass, sending: Sending) -> EmailMessage:
    session, language = what.session, family.language
    values = {
        "municipality": session.municipality,
        "title": session.title,
        "date": in_words.day(session.starts_on, language, weekday=False) if session.starts_on else "",
        "opening": what.opening,
        "why": lines(what.why),
        "until": in_words.moment(what.until, language) if what.until else None,
        "url": what.url,
    }
    return render(MailKind.WISH_OFF, id_, family, sending, session.municipality, values)


def result(id_: str, outcome: DrawResultMail, family: Pass, sending: Sending) -> EmailMessage:
    return render(MailKind.RESULT, id_, family, sending, "", asdict(outcome))
