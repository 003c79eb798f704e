"""The words of a helper's link, and of what a family is told about a help: by mail, or on paper."""

from datetime import datetime
from email.message import EmailMessage
from urllib.parse import urlencode

from chalicelib.booking import assisted
from chalicelib.city.face import table as faces
from chalicelib.city.face.rules import ALL
from chalicelib.city.texts import table as texts
from chalicelib.core import settings
from chalicelib.core.languages import in_words, translate
from chalicelib.core.moments import local
from chalicelib.core.printing import letters
from chalicelib.mail import onward
from chalicelib.mail.rendering import SUBJECTS, TEMPLATES, Sending, render
from chalicelib.mail.rules import MailKind
from chalicelib.mail.writing import written
from chalicelib.people.assistance import naming
from chalicelib.people.assistance.rules import ENDED_BY_NAMES, LET_IN_NAMES, Help, spoken
from chalicelib.people.assistance.table import SignIn
from chalicelib.people.families import addressees
from chalicelib.people.families.desk_numbers import number_of
from chalicelib.people.families.rules import Pass


def to_helper(of: SignIn, sending: Sending) -> EmailMessage:
    helper = of.helper
    values = {
        "name": helper.name,
        "organisation": helper.organisation,
        "until": in_words.day(helper.until, helper.language),
        "ends_at": in_words.moment(of.ends_at, helper.language),
        "url": f"{settings.public_url()}/helping/enter?{urlencode({'token': naming.link_token(of)})}",
    }
    return render(MailKind.HELPER, f"{helper.helper_id}/{of.nonce}", helper, sending, "", values)


def to_family(of: Help, family: Pass, now: datetime, sending: Sending) -> EmailMessage:
    values = _values(of, family.language, now, onward.by_pass(family, "/assistance"))
    what = "over" if of.is_over(now) else "begun"
    return render(MailKind.HELP, f"{of.family_id}/{of.help_id}/{what}", family, sending, "", values)


def receipt(of: Help, language: str, now: datetime, to: Pass | None = None) -> bytes:
    """All that was done, as PDF. `to`: the family to whom it is sent as a letter."""
    every, words = faces.remembered(), texts.remembered()
    values = {**_values(of, language, now, None), "desk_number": number_of(of.family_id)}
    subject = translate(SUBJECTS[MailKind.HELP], language, **values)
    page = {"kind": MailKind.HELP, "language": language, "subject": subject, **values}
    text = written("txt", language, TEMPLATES[MailKind.HELP], page, every.texts_of(ALL, words))
    return letters.letter(text, f"help-{of.help_id}", language, _lines(to), [every.name_of(ALL, words, language)])


def code_letter(code: str, ends_at: datetime, family: Pass) -> bytes:
    """The code of the desk's letter, with what it is for."""
    every, words, language = faces.remembered(), texts.remembered(), family.language
    values = {
        "code": spoken(code),
        "ends_at": in_words.moment(ends_at, language),
        "desk_number": number_of(family.family_id),
        "subject": "",
        "kind": "help-code",
        "language": language,
    }
    text = written("txt", language, "help_code.j2", values, every.texts_of(ALL, words))
    return letters.letter(text, "help-code", language, _lines(family), [every.name_of(ALL, words, language)])


def _lines(family: Pass | None) -> list[str]:
    known = addressees.get(family.family_id) if family else None
    if family is None or known is None or not known.has_address:
        return []
    return [known.name, known.street, f"{family.postcode} {known.town}"]


def _values(of: Help, language: str, now: datetime, url: str | None) -> dict[str, object]:
    over = of.over_at(now)
    return {
        "is_over": over is not None,
        "helper": of.who,
        "let_in": translate(LET_IN_NAMES[of.let_in], language),
        "scope": in_words.names([translate(one, language) for one in of.scope_names], language),
        "since": in_words.moment(of.begun_at, language),
        "until": in_words.moment(over or of.ends_at, language),
        "ended_by": translate(ENDED_BY_NAMES[of.ended_by], language) if of.ended_by else "",
        "consent": of.consent,
        "done": [_line(one, language) for one in assisted.of_help(of)] if over else [],
        "url": url,
    }


def _line(one: assisted.Done, language: str) -> dict[str, object]:
    return {
        "at": in_words.hour(local(one.at).time(), language),
        "did": translate(one.did, language),
        "title": one.title,
        "refused": one.refused,
        "times": one.times,
    }
