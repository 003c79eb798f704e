"""The words about how an application for a city pass stands: of a mail to its family, and of a letter."""

from datetime import datetime
from email.message import EmailMessage

from chalicelib.city.texts.rules import Texts
from chalicelib.city.work.rules import Work, WorkKind
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.mail import onward
from chalicelib.mail.rendering import SUBJECTS, TEMPLATES, Sending, lines, render
from chalicelib.mail.rules import MailKind
from chalicelib.mail.writing import written
from chalicelib.money.citypass import applying
from chalicelib.money.citypass.applications import Application, PassStatus
from chalicelib.people.families import table as families
from chalicelib.people.families.desk_numbers import number_of
from chalicelib.people.families.rules import Pass

HOW = {
    PassStatus.OPEN: N_("we have your application"),
    PassStatus.GRANTED: N_("granted"),
    PassStatus.REFUSED: N_("refused"),
    PassStatus.OBJECTED: N_("we have your objection"),
    PassStatus.UPHELD: N_("answer to your objection"),
}
ENDED = N_("it is ended")


def mail_of(of: Application, family: Pass, sending: Sending) -> EmailMessage:
    values = _values(of, family, onward.by_pass(family, "/citypass/mine"))
    id_ = f"{of.family_id}/{of.application_id}/{episode(of)}".replace("#", "/").replace(":", "").replace("+", "")
    return render(MailKind.CITY_PASS, id_, family, sending, applying.rule_of(of).municipality, values)


def letter_of(of: Application, family: Pass, texts: Texts) -> str:
    """The same as plain text, for paper."""
    values = {**_values(of, family, None), "desk_number": number_of(family.family_id)}
    subject = translate(SUBJECTS[MailKind.CITY_PASS], family.language, **values)
    page = {"kind": MailKind.CITY_PASS, "language": family.language, "subject": subject, **values}
    return written("txt", family.language, TEMPLATES[MailKind.CITY_PASS], page, texts)


def letter_work(of: Application, now: datetime) -> Work:
    about = {"family_id": of.family_id, "application_id": of.application_id}
    key = f"{of.application_id}#{episode(of)}"
    return Work(WorkKind.CITY_PASS_LETTER, key, applying.rule_of(of).municipality, about, None, now)


def family_of(family_id: str) -> Pass | None:
    """By its newest pass that is proven."""
    return next((one for one in reversed(families.of_family(family_id)) if one.is_proven), None)


def episode(of: Application) -> str:
    """By which its mails are told apart: how it stands, and since when. A pass may be ended twice."""
    match of.status:
        case PassStatus.GRANTED if of.granted:
            since = of.granted.at
        case PassStatus.REFUSED | PassStatus.UPHELD if of.against:
            since = of.against.at
        case PassStatus.OBJECTED:
            return f"{of.status}#{of.due_on.isoformat()}"
        case _:
            since = of.made_at
    return f"{of.status}#{since.isoformat()}"


def _values(of: Application, family: Pass, url: str | None) -> dict[str, object]:
    language, rule = family.language, applying.rule_of(of)
    is_ended = of.status is PassStatus.REFUSED and bool(of.number)
    decided = of.granted if of.status is PassStatus.GRANTED else of.against
    return {
        "how": translate(ENDED if is_ended else HOW[of.status], language),
        "status": of.status.value,
        "is_ended": is_ended,
        "people": in_words.names([one.first_name for one in of.members], language),
        "number": of.spoken,
        "until": in_words.day(of.until, language) if of.until else "",
        "due_on": in_words.day(of.due_on, language),
        "object_until": in_words.day(of.object_until, language) if of.object_until else "",
        "article": rule.article,
        "municipality": rule.municipality,
        "why": lines(decided.why) if decided and decided.why else [],
        "by_machine": decided is not None and not decided.staff_id,
        "url": url,
    }
