"""Taking in what somebody says on the phone or at the desk, or wrote in a letter or a mail: type while they talk.

One field for their words, and one button, which proposes the form, what the city knows, and what was reported near
there. A second button stores it. Nothing needs a script; with one the proposals come while somebody types.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from chalicelib.booking.registrations.handlers import KEY, KEY_HEADER
from chalicelib.core import uploads
from chalicelib.core.http.answering import BUSY_SECONDS, Answer
from chalicelib.core.http.fields import LINES, MAX_BODY_BYTES, Model, Text, check
from chalicelib.core.http.problems import BUSY, INVALID, FieldError, Problem, existing, invalid
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered, is_busy
from chalicelib.front_door.arriving import known, known_table, matching, nearby, reading, taking
from chalicelib.front_door.arriving import table as arrivals
from chalicelib.front_door.arriving.spelling import spoken
from chalicelib.front_door.arriving.table import LeftMail
from chalicelib.front_door.arriving.words import main_question
from chalicelib.front_door.cases import acting, sending
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Place, Way
from chalicelib.front_door.files import bucket, scanning
from chalicelib.front_door.files.rules import FileBatch, ReceivedFile, Unkept
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import Form, FormKind
from chalicelib.mail import arrived
from chalicelib.pages.frame import case_form
from chalicelib.pages.frame.forms import Form as TypedForm
from chalicelib.pages.frame.forms import of_ours, parse, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect
from chalicelib.pages.frame.uploads import read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

ADDRESS = "/office/intake"
# A little more than is taken comes through, so that the page can say what is too large, and lose nothing.
MOST_SENT = uploads.MOST_BYTES * 3 // 2
# A long mail's words, and a browser sends nine characters for one of them.
MOST_TYPED = 4 * MAX_BODY_BYTES
MOST_PROPOSED = 4
WAYS = {
    Way.PHONE: N_("On the phone"),
    Way.DESK: N_("At the desk"),
    Way.POST: N_("A letter"),
    Way.MAIL: N_("A mail"),
}
# What somebody at the desk may answer by themselves: a complaint is answered by somebody independent.
ANSWERABLE = (FormKind.QUESTION, FormKind.SUGGESTION, FormKind.REPORT)
WHY = {
    taking.Why.NOBODY: N_("Nobody stands behind it: a form of another website, or a machine."),
    taking.Why.NO_FORM: N_("None of its addresses is that of a form."),
    taking.Why.FORM: N_("Its form takes nothing now, or asks what a mail does not say."),
    taking.Why.TOO_MANY: N_("Too many mails came for its case within an hour."),
    taking.Why.SPAM: N_("It looks like advertising."),
}
# What may lie on paper before whoever takes it in.
ON_PAPER = (Way.POST, Way.DESK)
AS_FORM = N_("Choose what it is.")
LARGE_MAIL = N_("The mail has more than {most} MB. Forward it to the address of the form, which takes more.")
AS_ANSWER = N_("Write the answer in at most 1,000 characters, as words and lines.")
ANSWER = Model({"answer": Text(AS_ANSWER, LINES, known.MOST_ANSWER)})
AS_MAIL = N_("This is no mail. Save the mail as a file (.eml), and choose that.")
NOT_ANSWERABLE = N_("This is answered by the people who handle it: leave the answer empty.")


def show(visit: Visit, by: Staff) -> Answer:
    return _page(visit, _new(visit))


def take(visit: Visit, by: Staff) -> Answer:
    """Stores it (`do`: store), or proposes."""
    typed = of_ours(visit, parse(visit.body, MOST_TYPED))
    key = typed["key"] if re.fullmatch(KEY, typed["key"]) else _new_key()
    typed = _with(typed, key=key)
    if typed["do"] != "store":
        return _page(visit, typed)
    try:
        with visit.attempting():
            case = _store(visit, by, typed, key)
    except Problem as problem:
        return _again(visit, typed, problem)
    except Exception as error:
        if not is_busy(error):
            raise
        return _page(visit, typed, 503, Problem(BUSY, retry_after=BUSY_SECONDS))  # nobody types a call twice
    return _receipt(visit, case, typed)


def read_mail(visit: Visit, by: Staff) -> Answer:
    """A mail that somebody was handed, in the fields in which a person would type it: who takes it in reads it."""
    _, files = read_upload(visit, MOST_SENT)
    content = files["mail"].content if "mail" in files else b""
    if len(content) > uploads.MOST_BYTES:
        return _wrong_mail(visit, LARGE_MAIL)
    mail = reading.read(content)
    if not (mail.sender or mail.subject):
        return _wrong_mail(visit, AS_MAIL)
    # Until it is stored as a case: then its files are that one's.
    return _filled(visit, mail, bucket.put_mail(taking.digest(mail), content) if mail.attachments else "")


def list_mails(visit: Visit, by: Staff) -> Answer:
    """Mails that came and became no case, and why; the oldest first. `?after=`: behind a part of them."""
    part = arrivals.left(visit.query.get("after", ""))
    lines = [(one, translate(WHY[taking.Why(one.why)], visit.language)) for one in part.mails]
    return page(visit, "pages/staff/intake_mails.html", lines=lines, next=part.next)


def settle_mail(visit: Visit, by: Staff) -> Answer:
    """Somebody took it in, or it needs nothing."""
    left_id = read_form(visit)["settled"]
    access.sent(left_id, "")
    arrivals.settle(left_id)
    return redirect(visit, f"{ADDRESS}/mails")


def show_mail(visit: Visit, by: Staff, left_id: str) -> Answer:
    """One of them, in the fields of a case that somebody takes in. Raises Problem `not-found`."""
    one = existing(arrivals.left_one(left_id))
    mail = reading.read(existing(_raw(one)))
    access.sent(left_id, mail.sender)
    return _filled(visit, mail, left_id)


def add_scan(visit: Visit, by: Staff) -> Answer:
    """A scan of the letter that was stored just now: whoever has its receipt has stored it."""
    typed, files = read_upload(visit, MOST_SENT)
    with visit.attempting():
        case = sending.opened(typed["receipt"], typed["secret"])
    content = files["scan"].content if "scan" in files else b""
    try:
        return _receipt(visit, scanning.add(case, content, by, visit.now), typed, is_scanned=True)
    except Problem as problem:
        if problem.kind is not INVALID:
            return _receipt(visit, case, typed, problem.kind.status, problem)
        return _receipt(visit, case, typed.wrong(problem, visit.language), 422)
    except Exception as error:
        if not (is_busy(error) or isinstance(error, Interfered)):
            raise
        return _receipt(visit, case, typed, 503, Problem(BUSY, retry_after=BUSY_SECONDS))


def _filled(visit: Visit, mail: reading.ArrivedMail, kept_as: str) -> Answer:
    """`kept_as`: by what its files are found once it is stored; "": it has none."""
    if not (mail.sender or mail.subject):
        return _wrong_mail(visit, AS_MAIL)
    said_there = {"words": taking.words(mail), "contact.email": mail.sender, "contact.name": mail.sender_name}
    return _page(visit, _with(_new(visit), way=Way.MAIL.value, mail=kept_as, **said_there))


def _raw(one: LeftMail) -> bytes | None:
    """None: it is there no more."""
    return bucket.get_mail(one.name) or arrived.get(one.name)


def _wrong_mail(visit: Visit, why: str) -> Answer:
    most = uploads.MOST_BYTES // 1_000_000
    return _page(visit, _new(visit).wrong(invalid("mail", why, most=most), visit.language), 422)


def _files(typed: TypedForm, visit: Visit) -> FileBatch | None:
    """Of the mail that filled the form; None: none did, or nothing hangs on it."""
    if not typed["mail"]:
        return None
    one = arrivals.left_one(typed["mail"])
    name = one.name if one else typed["mail"]
    raw = _raw(one) if one else bucket.get_mail(name)
    if raw is None:  # it has run out meanwhile
        return FileBatch("gone", visit.now, (ReceivedFile("…", 0, Unkept.UNREAD),), is_stored=True)
    return taking.files_of(reading.read(raw), name, visit.now)


def _store(visit: Visit, by: Staff, typed: TypedForm, key: str) -> Case:
    form = _chosen(typed, visit)
    if form is None:
        raise invalid("form_id", AS_FORM)
    answer = _answer(typed)
    if answer and (form.kind not in ANSWERABLE or form.is_confidential):
        raise invalid("answer", NOT_ANSWERABLE)
    request = case_form.request_of(_with_words(typed, form), form, key, _way(typed), _language(typed))
    case = sending.send(replace(request, files=_files(typed, visit)), visit.now).case
    arrivals.settle(typed["mail"])
    if not answer or case.status is not CaseStatus.RECEIVED:
        return case
    on = {"answered_on": today(visit.now)}
    deed = Deed(Act.ANSWERED, acting.actor(by), visit.now, CaseStatus.ANSWERED, answer, changes=on)
    if case.is_confidential:  # by its answers it went to a unit that few see into: what was said is told to them
        deed = Deed(Act.NOTED, acting.actor(by), visit.now, note=answer)
    try:
        return acting.change(case, deed)
    except Interfered:  # its unit has begun with it: it is theirs to answer
        return case


def _answer(typed: TypedForm) -> str:
    """What was told at once: in their own words, or as it is known. Raises Problem `invalid`."""
    one = known_table.remembered().get(typed["known"])
    own = typed["answer"].strip()
    if own:
        return str(check(ANSWER, {"answer": own})["answer"])
    return said(one.answer, _language(typed)) if one else ""


def _again(visit: Visit, typed: TypedForm, problem: Problem) -> Answer:
    if any(one.field == KEY_HEADER for one in problem.errors):  # stored before, and something else was typed since
        return _page(visit, _with(typed, key=_new_key()), 409, problem)
    if problem.kind is not INVALID or not problem.errors:
        return _page(visit, typed, problem.kind.status, problem)
    form = _chosen(typed, visit)
    main = main_question(form) if form else None
    field = f"{case_form.ANSWERS}{main.key}" if main else ""
    errors = [
        FieldError("words" if one.field == field else one.field, one.message, one.values)
        for one in case_form.at_fields(problem.errors)
    ]
    return _page(visit, typed.wrong(Problem(INVALID, errors=errors), visit.language), 422)


def _page(visit: Visit, typed: TypedForm, status: int = 200, problem: Problem | None = None) -> Answer:
    proposed = _proposed(typed, visit)
    form = _chosen(typed, visit) or (proposed[0] if proposed else None)
    if form and typed["form_id"] != form.form_id:
        typed = _with(typed, form_id=form.form_id)
    main = main_question(form) if form else None
    asked = case_form.on_page(visit, form, typed) if form else {"form": typed, "said": _in(visit.language)}
    if form:  # their own words stand above
        asked["fields_of"] = {name: one for name, one in case_form.names(form).items() if one is not main}
    return page(
        visit,
        "pages/staff/intake.html",
        status,
        **asked,
        chosen=form,
        proposed=proposed,
        others=[one for one in _open(visit) if one not in proposed],
        known=known.fitting(known_table.remembered(), typed["words"]),
        near=_near(typed, form, visit),
        can_answer=form is not None and form.kind in ANSWERABLE and not form.is_confidential,
        ways=[(way.value, translate(text, visit.language)) for way, text in WAYS.items()],
        most=uploads.MOST_BYTES // 1_000_000,
        languages_offered=list(NAMES_OF_LANGUAGES.items()),
        problem=problem.document(visit.language) if problem else None,
    )


def _in(language: str) -> Callable[[Mapping[str, str]], str]:
    return lambda texts: said(texts, language)


def _receipt(
    visit: Visit,
    case: Case,
    typed: TypedForm,
    status: int = 200,
    problem: Problem | None = None,
    *,
    is_scanned: bool = False,
) -> Answer:
    """What is read out. No address leads here: whoever reloads it sends the same again, which is the same case."""
    form = forms.version(case.form_id, case.form_version)
    language = _language(typed)
    return page(
        visit,
        "pages/staff/intake_receipt.html",
        status,
        case=case,
        form=typed,
        their_language=language,
        takes_scan=case.way in ON_PAPER,
        is_scanned=is_scanned,
        most=uploads.MOST_BYTES // 1_000_000,
        problem=problem.document(visit.language) if problem else None,
        title=said(form.title, visit.language) if form else "",
        if_not=said(form.if_not, language) if form else "",
        parts_spoken=spoken(case.receipt, language),
        is_answered=case.status is CaseStatus.ANSWERED,
    )


def _open(visit: Visit) -> list[Form]:
    day: date = today(visit.now)
    every = (one for one in forms.published().values() if one.is_open(day))
    return sorted(every, key=lambda one: said(one.title, visit.language).casefold())


def _chosen(typed: TypedForm, visit: Visit) -> Form | None:
    return next((one for one in _open(visit) if one.form_id == typed["form_id"]), None)


def _proposed(typed: TypedForm, visit: Visit) -> list[Form]:
    """By their words, in whichever of the languages they speak."""
    every = {one.form_id: one for one in _open(visit)}
    texts = {form_id: _words_of(form) for form_id, form in every.items()}
    found = [every[form_id] for form_id in matching.ranked(texts, typed["words"])[:MOST_PROPOSED]]
    chosen = every.get(typed["form_id"])
    return found if chosen is None or chosen in found else [chosen, *found[: MOST_PROPOSED - 1]]


def _words_of(form: Form) -> str:
    texts: list[Mapping[str, str]] = [form.title, form.intro]
    for question in form.questions:
        texts += [question.label, *(choice.label for choice in question.choices)]
    return " ".join(text for one in texts for text in one.values())


def _near(typed: TypedForm, form: Form | None, visit: Visit) -> list[Case]:
    address = typed["address"].strip()
    return nearby.nearby(form.form_id, Place(None, None, address), visit.now) if form and address else []


def _with_words(typed: TypedForm, form: Form) -> TypedForm:
    main = main_question(form)
    return _with(typed, **{f"{case_form.ANSWERS}{main.key}": typed["words"]}) if main else typed


def _with(typed: TypedForm, **changed: str) -> TypedForm:
    several = {name: values for name, values in typed.several.items() if name not in changed}
    return replace(typed, values={**typed.values, **changed}, several=several)


def _way(typed: TypedForm) -> Way:
    return next((way for way in WAYS if way.value == typed["way"]), Way.PHONE)


def _language(typed: TypedForm) -> str:
    return typed["language"] if typed["language"] in LANGUAGES else "nl"


def _new(visit: Visit) -> TypedForm:
    return TypedForm({"way": Way.PHONE.value, "language": visit.language, "key": _new_key()})


def _new_key() -> str:
    return secrets.token_urlsafe(16)
