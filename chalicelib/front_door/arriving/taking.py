"""A mail becomes a case of a form, or a word in the history of one.

What a mail says of its sender proves nothing. It may add words to a case whose token it brings, and begin a new one. It
learns nothing, closes nothing, and changes nothing that was said before. Whatever is done is safe to do again: the
queue hands the same mail in until it went through.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import choose
from chalicelib.core.moments import today
from chalicelib.front_door.arriving import addresses, replying, table
from chalicelib.front_door.arriving.loops import Sender, sender_of
from chalicelib.front_door.arriving.quoting import written_now
from chalicelib.front_door.arriving.reading import ArrivedMail
from chalicelib.front_door.arriving.words import main_question, takes_words_alone
from chalicelib.front_door.cases import following
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case, Contact, Place, Way
from chalicelib.front_door.cases.sending import CaseRequest, send
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form, PlaceRule
from chalicelib.people.families.addresses import Address

# What our own receiver found out (SES writes it first, so that no other counts).
PROVEN = re.compile(r"amazonses\.com;.*\bdmarc=pass\b")
SPAM, VIRUS = "x-ses-spam-verdict", "x-ses-virus-verdict"


class Why(StrEnum):
    """Why a mail became nothing. MACHINE: no person sent it. NO_FORM: none of its addresses is a form's. FORM: its form
    takes nothing now, or more than words. TOO_MANY: for one case in an hour. SPAM: as SES says."""

    MACHINE = "machine"
    NO_FORM = "no-form"
    FORM = "form"
    TOO_MANY = "too-many"
    SPAM = "spam"


@dataclass(frozen=True)
class TakenMail:
    """`case`: that it became, or was added to; None: neither, and `why`."""

    case: Case | None = None
    is_new: bool = False
    why: Why | None = None


def take(mail: ArrivedMail, domain: str, now: datetime) -> TakenMail:
    """A mail that came through SES, whose words count. Raises Busy and Interfered, after which it is safe to try
    again."""
    sender = sender_of(mail, domain)
    if sender is Sender.MACHINE:
        return TakenMail(why=Why.MACHINE)
    form = _form(mail, domain)
    found = next(filter(None, (addresses.case_of(one, domain) for one in mail.recipients)), None)
    if found and (case := _case(found)):
        if case.is_in_hand or following.can_reopen(case, today(now)):
            return _added(case, mail, now)
        form = forms.published().get(case.form_id)  # too long ago: what comes now is a case of its own, as on the page
    if mail.headers.get(SPAM, "").upper() == "FAIL":
        return TakenMail(why=Why.SPAM)
    if form is None:
        return TakenMail(why=Why.NO_FORM)
    if not takes_words_alone(form):
        return TakenMail(why=Why.FORM)
    is_proven = PROVEN.match(mail.headers.get("authentication-results", "")) is not None
    may_write = sender is Sender.PERSON and (is_proven or table.may_have_receipt(mail.sender, digest(mail), now))
    return _begun(form, mail, now, may_write=may_write)


def digest(mail: ArrivedMail) -> str:
    """The same for the same mail, however often and by whichever way it comes in; another's words are another's, also
    under its Message-ID."""
    said = "\n".join([mail.message_id, mail.sender, mail.subject, mail.text])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def words(mail: ArrivedMail) -> str:
    """What it says, with its subject, and the names of what hangs on it."""
    text = mail.text.strip() + ("" if mail.is_whole else "\n(…)")
    names = [*(one.name for one in mail.attachments), *mail.left_out]
    files = f"[{', '.join(names)}]" if names else ""
    return "\n\n".join(filter(None, (mail.subject, text, files))) or "-"


def _case(case_id: str) -> Case | None:
    """A duplicate's words go to the case that it was joined with."""
    case = cases.get(case_id)
    return (cases.get(case.merged_into) if case.merged_into else None) or case if case else None


def _form(mail: ArrivedMail, domain: str) -> Form | None:
    published = forms.published()
    named = (addresses.form_of(one, domain) for one in mail.recipients)
    return next((published[one] for one in named if one in published), None)


def _begun(form: Form, mail: ArrivedMail, now: datetime, *, may_write: bool) -> TakenMail:
    main = main_question(form)
    assert main is not None, "it takes words"
    first, rest = replying.cut(words(mail), main.most)
    request = CaseRequest(
        form_id=form.form_id,
        version=form.version,
        answers={main.key: first},
        way=Way.MAIL,
        key=f"mail\n{digest(mail)}",
        contact=_contact(mail, may_write=may_write),
        # Where it is, the mail says, or whoever handles it asks: what has no place at all leads nowhere.
        place=Place(None, None, mail.subject or "-") if form.place is PlaceRule.REQUIRED else None,
    )
    try:
        sent = send(request, now)
    except Problem:
        return TakenMail(why=Why.FORM)
    # What did not fit follows. Should this break off, the same mail is handed in again, and goes on here.
    if rest and not table.has(sent.case.case_id, digest(mail)):
        case = cases.get(sent.case.case_id) or sent.case
        mark = table.marking(case.case_id, digest(mail), now)
        replying.continue_with(case, rest, mark, now)
    return TakenMail(sent.case, sent.is_new)


def _contact(mail: ArrivedMail, *, may_write: bool) -> Contact:
    """Whom the system does not write to, staff may: their address stands where a letter's would."""
    language = choose(mail.headers.get("content-language") or mail.headers.get("accept-language"))
    try:
        address = Address().parse(mail.sender) if may_write else ""
    except ValueError:
        address = ""
    return Contact(
        email=address, name=mail.sender_name, address="" if address else mail.sender or "?", language=language
    )


def _added(case: Case, mail: ArrivedMail, now: datetime) -> TakenMail:
    if table.has(case.case_id, digest(mail)):
        return TakenMail(case)
    if case.edition >= following.MOST_EDITIONS or not table.count_for(case.case_id, now):
        return TakenMail(why=Why.TOO_MANY)
    own = written_now(mail.text)
    text = words(replace(mail, text=own, subject=""))
    is_other = mail.sender != case.contact.email.lower()
    note = f"{mail.sender_name} <{mail.sender}>" if is_other else ""
    return TakenMail(replying.add(case, text, note, table.marking(case.case_id, digest(mail), now), now))
