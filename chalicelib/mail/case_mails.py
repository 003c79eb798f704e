"""The words about a case: of the mails to whoever sent it, and of its receipt on paper.

A mail may come to somebody else's address: it says no more than is needed. What was sent is in none; of a confidential
form neither its name nor what the city wrote.
"""

from collections import Counter
from email.message import EmailMessage

from chalicelib.city.texts.rules import Texts
from chalicelib.core import settings
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.moments import today
from chalicelib.front_door.arriving.addresses import reply_address
from chalicelib.front_door.cases.rules import CITIZEN, Act, Case, HistoryEntry
from chalicelib.front_door.files import table as files
from chalicelib.front_door.files.rules import FileBatch
from chalicelib.front_door.files.words import why
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.units import table as units
from chalicelib.mail.rendering import SUBJECTS, TEMPLATES, Sending, lines, render
from chalicelib.mail.rules import MailKind
from chalicelib.mail.writing import written
from chalicelib.programme.questions.rules import said

# What each mail says first; which entries are mailed, cases/rules.py says.
HEADLINES = {
    Act.RECEIVED: N_("We have received it"),
    Act.ASKED: N_("We ask you something"),
    Act.ANSWERED: N_("There is an answer"),
    Act.FORWARDED: N_("Others of the city answer you"),
    Act.LENGTHENED: N_("We need more time"),
    Act.MERGED: N_("Handled together with what others sent"),
    Act.REOPENED: N_("It is opened again"),
    Act.CLOSED: N_("It is closed"),
}


# A case in a sentence, by the title of its form.
NAMED = N_("“{title}” ({receipt})")
# What the citizen sent by mail is told by one only where not all of it could be kept.
NOT_ALL_KEPT = N_("Not all files that you sent could be kept")


def link_of(case: Case) -> str:
    return f"{settings.public_url()}/cases/{case.receipt}?secret={case.secret}"


def mail_of(case: Case, entry: HistoryEntry, sending: Sending) -> EmailMessage:
    """Raises NoAddress, NotAsMeant."""
    values = {**_values(case, entry), "url": link_of(case)}
    if domain := settings.mail_domain():  # answering it adds a word to the case (front_door/arriving)
        values["reply_to"] = reply_address(case.case_id, domain)
    return render(MailKind.CASE, f"{case.case_id}/{entry.number}", case.contact, sending, "", values)


def files_with(case: Case, entry: HistoryEntry) -> list[FileBatch]:
    """What came with an entry of its history; no query for a case without files."""
    return [one for one in files.of_case(case.case_id) if one.entry == entry.number] if case.files else []


def receipt_on_paper(case: Case, came: HistoryEntry, language: str, texts: Texts) -> str:
    """The receipt as plain text, whose first line is its heading. It names the form, and says the code in the place of
    the link: whoever prints it has both."""
    values = {**_values(case, came, language, on_paper=True), "url": None}
    subject = translate(SUBJECTS[MailKind.CASE], language, **values)
    page = {"kind": MailKind.CASE, "language": language, "subject": subject, "desk_number": None, **values}
    return written("txt", language, TEMPLATES[MailKind.CASE], page, texts)


def _values(case: Case, entry: HistoryEntry, language: str = "", *, on_paper: bool = False) -> dict[str, object]:
    language = language or case.contact.language
    form = forms.version(case.form_id, case.form_version)
    unit = units.remembered().get(case.unit_id)
    came = [file for batch in files_with(case, entry) for file in batch.files]
    # Counts and reasons, and no name: a stranger could say anything by one, in a mail of ours.
    unkept = Counter(one.unkept for one in came if one.unkept)
    is_told = not case.is_confidential or on_paper
    title = said(form.title, language) if form and is_told else ""
    return {
        "act": entry.act.value,
        "headline": translate(HEADLINES.get(entry.act, NOT_ALL_KEPT), language),
        "about": translate(NAMED, language, title=title, receipt=case.receipt) if title else case.receipt,
        "named": f"{title} ({case.receipt})" if title else case.receipt,
        "title": title,
        "receipt": case.receipt,
        "spelled": case.spelled,
        "secret": in_fours(case.secret) if on_paper else "",
        "address": f"{settings.public_url()}/cases",
        "digest": case.digest if on_paper else "",
        "by_citizen": entry.by == CITIZEN,
        "received_on": in_words.day(today(case.received_at), language),
        "answer_by": in_words.day(case.answer_by, language),
        "receipt_words": lines(said(form.receipt, language)) if form and is_told else [],
        "if_not": lines(said(form.if_not, language)) if form and is_told else [],
        "words": lines(entry.text) if is_told and entry.text else [],
        "files_kept": sum(not one.unkept for one in came),
        "files_unkept": [f"{count} × {why(one, language)}" for one, count in unkept.items()],
        "unit": said(unit.name, language) if unit and is_told else "",
    }


def in_fours(code: str) -> str:
    """As people copy it: `ACDE FGHJ KMNP RTVW`."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))
