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
from chalicelib.core.languages import DEFAULT, N_, choose, translate
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
from chalicelib.front_door.files.rules import FileBatch, ReceivedFile, Unkept, sorted_out
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form, PlaceRule
from chalicelib.people.families.addresses import Address
from chalicelib.people.families.identity import mailbox

# What our own receiver found out (SES writes it first, so that no other counts).
PROVEN = re.compile(r"amazonses\.com;.*\bdmarc=pass\b")
SPAM, VIRUS = "x-ses-spam-verdict", "x-ses-virus-verdict"
# Names of files that stand below the words.
MOST_NAMED = 30
OTHER_SENDER = N_("By mail from {sender}, which is not the address of this case: somebody else may have its mail.")
NOT_PROVEN = N_("By mail in the name of {sender}; nothing proves that it came from there.")


class Why(StrEnum):
    """Why a mail became nothing. MACHINE: no person sent it. NOBODY: it has no way back. NO_FORM: none of its addresses
    is a form's. FORM: its form takes nothing now, or more than words. TOO_MANY: for one case in an hour. SPAM: as SES
    says."""

    MACHINE = "machine"
    NOBODY = "nobody"
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


def take(mail: ArrivedMail, domain: str, now: datetime, name: str = "") -> TakenMail:
    """A mail that came through SES, whose words and files count. `name`: what it is kept as. Raises Busy and
    Interfered, after which it is safe to try again."""
    sender = sender_of(mail, domain)
    if sender in (Sender.MACHINE, Sender.NOBODY):
        return TakenMail(why=Why.MACHINE if sender is Sender.MACHINE else Why.NOBODY)
    form = _form(mail, domain)
    found = next(filter(None, (addresses.case_of(one, domain) for one in mail.recipients)), None)
    if found and (case := cases.get(found)):
        if case.is_in_hand or following.can_reopen(case, today(now)):
            return _added(case, mail, name, now)
        form = forms.published().get(case.form_id)  # too long ago: what comes now is a case of its own, as on the page
    if mail.headers.get(SPAM, "").upper() == "FAIL":
        return TakenMail(why=Why.SPAM)
    if form is None:
        return TakenMail(why=Why.NO_FORM)
    if not takes_words_alone(form):
        return TakenMail(why=Why.FORM)
    may_write = sender is Sender.PERSON and (is_proven(mail) or table.may_have_receipt(mail.sender, digest(mail), now))
    return _begun(form, mail, name, now, may_write=may_write)


def is_proven(mail: ArrivedMail) -> bool:
    """Whether our receiver found that the domain of its sender stands behind it."""
    return PROVEN.match(mail.headers.get("authentication-results", "")) is not None


def digest(mail: ArrivedMail) -> str:
    """The same for the same mail, however often and by whichever way it comes in; another's words or files are
    another's, also under its Message-ID."""
    said = "\n".join([mail.message_id, mail.sender, mail.subject, mail.text])
    found = hashlib.sha256(said.encode())
    for one in mail.attachments:
        found.update(f"\n{one.name}\n{len(one.content)}\n".encode() + one.content)
    return found.hexdigest()[:32]


def words(mail: ArrivedMail) -> str:
    """What it says, with its subject, and the names of what hangs on it."""
    text = mail.text.strip() + ("" if mail.is_whole else "\n(…)")
    names = ", ".join(one.name for one in mail.attachments[:MOST_NAMED])
    files = f"[{names}{', …' if len(mail.attachments) > MOST_NAMED else ''}]" if names else ""
    return "\n\n".join(filter(None, (mail.subject, text, files))) or "-"


def files_of(mail: ArrivedMail, name: str, now: datetime, entry: int = 1) -> FileBatch | None:
    """The files of a mail, and which of them are kept; None: none came. `name`: what the mail is kept as. `entry`:
    with which entry of the case's history it comes."""
    has_virus = mail.headers.get(VIRUS, "").upper() == "FAIL"
    files = sorted_out(mail.attachments, has_virus=has_virus)
    if not mail.is_whole:
        files = (*files, ReceivedFile("…", 0, Unkept.UNREAD))
    return FileBatch(digest(mail), now, files, name, entry=entry) if files else None


def contents(mail: ArrivedMail) -> list[bytes]:
    """Of each of `files_of`, in the same order."""
    return [one.content for one in mail.attachments]


def _form(mail: ArrivedMail, domain: str) -> Form | None:
    published = forms.published()
    named = (addresses.form_of(one, domain) for one in mail.recipients)
    return next((published[one] for one in named if one in published), None)


def _begun(form: Form, mail: ArrivedMail, name: str, now: datetime, *, may_write: bool) -> TakenMail:
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
        files=files_of(mail, name, now),
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


def _added(case: Case, mail: ArrivedMail, name: str, now: datetime) -> TakenMail:
    if table.has(case.case_id, digest(mail)):
        return TakenMail(case)
    if case.edition >= following.MOST_EDITIONS or not table.count_for(case.case_id, now):
        return TakenMail(why=Why.TOO_MANY)
    own = written_now(mail.text)
    text = words(replace(mail, text=own, subject=""))
    files = files_of(mail, name, now, case.edition + 1)
    mark = table.marking(case.case_id, digest(mail), now)
    return TakenMail(replying.add(case, replying.Reply(text, _who(case, mail), files), mark, now))


def _who(case: Case, mail: ArrivedMail) -> str:
    """For staff: who sent it, unless it is proven to be whoever the case is of. A mail of the case may be in other
    hands."""
    is_of_case = bool(case.contact.email) and mailbox(mail.sender) == mailbox(case.contact.email)
    said = f"{mail.sender_name} <{mail.sender}>".strip()
    if not is_of_case:
        return translate(OTHER_SENDER, DEFAULT, sender=said)
    return "" if is_proven(mail) else translate(NOT_PROVEN, DEFAULT, sender=said)
