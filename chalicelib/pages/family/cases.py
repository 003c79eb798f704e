"""A case as whoever has its receipt and its secret sees it, and what they do with it. Looking changes nothing: a mail
scanner that follows the link does nothing.

A wrong receipt and a wrong secret are answered alike, and counted as refused. Whoever has the link sees how the case
stands and what was sent, but not in full where its sender can be reached: a link can be in old hands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.city.face import table as faces
from chalicelib.city.face.rules import ALL
from chalicelib.city.texts import table as texts
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import LINES, MISSING
from chalicelib.core.http.fields import Text as TextField
from chalicelib.core.http.problems import BUSY, CHANGED, INVALID, FieldError, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.core.printing import letters
from chalicelib.core.printing.pdf import PDF
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import following, sending, table
from chalicelib.front_door.cases.rules import CITIZEN, LIMITED, Act, Case, CaseStatus, HistoryEntry
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.files import table as files
from chalicelib.front_door.files.words import why as why_unkept
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.units import table as units
from chalicelib.mail.case_mails import in_fours, receipt_on_paper
from chalicelib.pages.family.forms import BUSY_NOW, busy_as_problem
from chalicelib.pages.frame.case_answers import answers_in_words
from chalicelib.pages.frame.forms import STALE, Form, of_ours, parse, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.programme.questions.rules import said

STATUSES = {
    CaseStatus.RECEIVED: N_("Received. Nobody has begun with it yet."),
    CaseStatus.ASSIGNED: N_("Received. Somebody has it in hand."),
    CaseStatus.IN_PROGRESS: N_("We are working on it."),
    CaseStatus.WAITING_FOR_CITIZEN: N_("We wait for your reply."),
    CaseStatus.ANSWERED: N_("Answered."),
    CaseStatus.REOPENED: N_("Opened again. Nobody has begun with it yet."),
    CaseStatus.CLOSED: N_("Closed."),
}
ACTS = {
    Act.RECEIVED: N_("We received it."),
    Act.TAKEN: N_("Somebody began with it."),
    Act.ASSIGNED: N_("Somebody was asked to answer it."),
    Act.ASKED: N_("We asked you something."),
    Act.REPLIED: N_("You wrote to us."),
    Act.ANSWERED: N_("We answered."),
    Act.FORWARDED: N_("It went on to the people who can answer it."),
    Act.LENGTHENED: N_("We need more time: the day of the answer is later."),
    Act.MERGED: N_("It is handled together with what somebody else sent about the same."),
    Act.REOPENED: N_("It was opened again."),
    Act.CLOSED: N_("It was closed."),
    Act.HELPED: N_("You said whether the answer helped."),
    Act.SHOWN: N_("Somebody decided whether the public map shows it."),
}
NOT_SURELY_YOU = N_("This came by mail. We do not know for sure that it is from you.")
OWN_ACTS = {Act.REOPENED: N_("You opened it again."), Act.CLOSED: N_("You closed it.")}
DONE = {
    "words": N_("Your words are with the people who answer you."),
    "close": N_("It is closed. You can open it again below."),
    "reopen": N_("It is opened again, and is with the people who answer you."),
    "helped": N_("Thank you. It is counted."),
}
# What a form of the page does: the act that stands in the history behind it.
FORMS = {"words": Act.REPLIED, "close": Act.CLOSED, "reopen": Act.REOPENED, "helped": Act.HELPED}
NOT_KNOWN = N_("There is nothing by this number and this code together. Look at both again.")
STALE_NOW = N_(
    "This page was open for long. Nothing was sent and nothing is lost: what you typed is below. Send it again."
)
CHANGED_NOW = N_("Something was done here meanwhile: see how it stands. What you typed is below, and was not sent.")
AS_WORDS = N_("Write at most 2000 characters.")
WORDS = TextField(AS_WORDS, LINES, following.MOST_WORDS)


@dataclass(frozen=True)
class ShownEntry:
    """`what`: in words; `text`: what was written, in lines."""

    at: datetime
    what: str
    text: Sequence[str]


def enter(visit: Visit) -> Answer:
    """The page on which somebody types the number and the code of their receipt. `?receipt=`: as it stood in an
    address."""
    return _enter(visit, Form({"receipt": visit.query.get("receipt", "")}))


def look_up(visit: Visit) -> Answer:
    typed = read_form(visit)
    try:
        with visit.attempting():
            case = sending.opened(typed["receipt"], typed["secret"])
    except Problem:
        return _unknown(visit, typed)
    return redirect(visit, _address(case))


def show(visit: Visit, receipt: str) -> Answer:
    """`?sent=yes`: it was sent just now; `?done=` what was done just now."""
    if "secret" not in visit.query:
        return _enter(visit, Form({"receipt": receipt}))
    try:
        with visit.attempting():
            case = sending.opened(receipt, visit.query["secret"])
    except Problem:
        return _unknown(visit, Form({"receipt": receipt, "secret": visit.query["secret"]}))
    return _page(visit, case, Form({"edition": str(case.edition)}))


def print_receipt(visit: Visit, receipt: str) -> Answer:
    """The receipt as a PDF, in the language of the page. Raises Problem `not-found`."""
    case, language = sending.opened(receipt, visit.query.get("secret", "")), visit.language
    came = table.history(case)[0]
    text = receipt_on_paper(case, came, language, texts.remembered())
    sender = faces.remembered().letterhead(ALL, texts.remembered(), language)
    # Without whom it is for and where they live: whoever has the link can print it.
    content = letters.letter(text, case.receipt, language, (), sender)
    return Answer(200, File(content, PDF, f"{case.receipt}.pdf"))


def act(visit: Visit, receipt: str) -> Answer:
    """One of FORMS; what was typed is not lost whatever keeps it from being done."""
    if visit.is_from_elsewhere:
        raise Problem(STALE)
    typed = parse(visit.body)
    try:
        with visit.attempting():
            case = sending.opened(receipt, typed["secret"])
    except Problem:
        return _unknown(visit, Form({"receipt": receipt, "secret": typed["secret"]}))
    name = typed["act"]
    try:
        of_ours(visit, typed)
    except Problem:
        return _page(visit, case, typed, 403, STALE_NOW)
    try:
        with visit.attempting(), busy_as_problem():
            _do(visit, case, typed)
    except Interfered:
        return _page(visit, case, typed, 409, CHANGED_NOW)
    except Problem as problem:
        if problem.kind is CHANGED:
            return _page(visit, case, typed, 409, CHANGED_NOW)
        if problem.kind is BUSY:
            return _page(visit, case, typed, 503, BUSY_NOW)
        if problem.kind is INVALID and problem.errors:
            return _page(visit, case, typed.wrong(problem, visit.language), 422)
        return _page(visit, case, typed, problem.kind.status, problem=problem)
    return redirect(visit, f"{_address(case)}&done={name}#done")


def _do(visit: Visit, case: Case, typed: Form) -> None:
    """Raises Problem, Interfered, Busy."""
    name = typed["act"]
    if name not in FORMS:
        raise Problem(INVALID)
    text = _words(typed, name)
    if typed["edition"] != str(case.edition):
        # Sending the same twice is sending it once; whatever else happened meanwhile is looked at first.
        if _is_done(case, typed, text):
            return
        raise Problem(CHANGED)
    match name:
        case "words":
            following.say(case, text, visit.now)
        case "close":
            following.close(case, text, visit.now)
        case "reopen":
            following.reopen(case, text, visit.now)
        case _:
            following.say_helped(case, typed["helped"] == "yes", visit.now)


def _words(typed: Form, name: str) -> str:
    """The text that was written in one of the forms; raises Problem `invalid`."""
    if name == "helped":
        return ""
    text = typed[name].strip()
    if not text and name == "close":
        return ""
    errors: list[FieldError] = []
    read: str | None = WORDS.read(text, name, errors) if text else None
    if read is None:
        raise Problem(INVALID, errors=errors or [FieldError(name, MISSING)])
    return read


def _is_done(case: Case, typed: Form, text: str) -> bool:
    """Whether the change behind the edition that the page showed is just what this form asks for."""
    seen = int(typed["edition"]) if re.fullmatch("[0-9]{1,6}", typed["edition"]) else 0
    entry = next((one for one in table.history(case) if one.number == seen + 1), None)
    return entry is not None and (entry.by, entry.act, entry.text) == (CITIZEN, FORMS[typed["act"]], text)


def _enter(visit: Visit, typed: Form, status: int = 200, why: str = "") -> Answer:
    return page(visit, "pages/family/cases.html", status, form=typed, why=translate(why, visit.language) if why else "")


def _unknown(visit: Visit, typed: Form) -> Answer:
    return _enter(visit, typed, 404, NOT_KNOWN)


def _page(
    visit: Visit, case: Case, typed: Form, status: int = 200, why: str = "", problem: Problem | None = None
) -> Answer:
    """The case as it is now. `why`, or the `problem`: what kept something from being done."""
    case = table.get(case.case_id) or case if status != 200 else case
    history, language, day = table.history(case), visit.language, today(visit.now)
    done = visit.query.get("done", "")
    form, unit = forms.version(case.form_id, case.form_version), units.remembered().get(case.unit_id)
    line = daybook.get(today(case.received_at), case.case_id)
    came = [file for batch in (files.of_case(case.case_id) if case.files else ()) for file in batch.files]
    return page(
        visit,
        "pages/family/case.html",
        status,
        case=case,
        title=said(form.title, language) if form else case.receipt,
        asked_form=form,
        unit=said(unit.name, language) if unit else "",
        secret=in_fours(case.secret),
        state=translate(STATUSES[case.status], language),
        entries=[_entry(one, language) for one in reversed(history) if one.is_for_citizen],
        now_said=_now_said(case, history),
        said_by_them=answers_in_words(case, form.questions if form else (), language),
        files_kept=sum(not one.unkept for one in came),
        files_unkept=[(one.name, why_unkept(one.unkept, language)) for one in came if one.unkept],
        masked=_masked(case, language),
        mail=_of_mail(case, history),
        can_reopen=following.can_reopen(case, day),
        reopen_until=following.reopen_until(case),
        line=line if line and line.digest == case.digest else None,
        form=Form({**typed.values, "edition": str(case.edition)}, typed.several, typed.errors),
        is_sent=visit.query.get("sent") == "yes" and status == 200,
        done=translate(DONE[done], language) if done in DONE and status == 200 else "",
        why=translate(why, language) if why else "",
        refused=problem.document(language) if problem else None,
        said=lambda labels: said(labels, language),
    )


def _entry(entry: HistoryEntry, language: str) -> ShownEntry:
    words = OWN_ACTS.get(entry.act, ACTS[entry.act]) if entry.by == CITIZEN else ACTS[entry.act]
    if entry.act is Act.REPLIED and entry.note:  # staff read there from whom it says that it is
        words = NOT_SURELY_YOU
    return ShownEntry(entry.at, translate(words, language), entry.text.split("\n") if entry.text else ())


def _now_said(case: Case, history: Sequence[HistoryEntry]) -> Sequence[str]:
    """The question that waits for the citizen, or the answer, in lines."""
    act = {CaseStatus.WAITING_FOR_CITIZEN: Act.ASKED, CaseStatus.ANSWERED: Act.ANSWERED}.get(case.status)
    said_last = next((one.text for one in reversed(history) if one.act is act), "")
    return said_last.split("\n") if said_last else ()


def _masked(case: Case, language: str) -> str:
    """The contact to which the answer goes, masked: its sender knows it again, and nobody else learns it."""
    contact = case.contact
    local, _, domain = contact.email.rpartition("@")
    ways = [
        *([f"{local[:1]}…@{domain}"] if domain else []),
        *([translate(N_("phone …{end}"), language, end=contact.phone[-2:])] if contact.phone else []),
        *([translate(N_("on paper"), language)] if contact.address else []),
    ]
    return ", ".join(ways)


def _of_mail(case: Case, history: Sequence[HistoryEntry]) -> str:
    """The fate of the receipt's mail: "", sent, limited, returned, or coming."""
    if not case.contact.email:
        return ""
    if any(mark.startswith("1#") for mark in case.returned):
        return "returned"
    told = history[0].told
    return "limited" if LIMITED in told else "sent" if CITIZEN in told else "coming"


def _address(case: Case) -> str:
    return f"/cases/{case.receipt}?secret={case.secret}"
