"""The desk: finding a family, and what may be done for it. What is done is chalicelib/office/desk's, with its entry in
the ledger."""

from dataclasses import dataclass
from urllib.parse import urlencode

from chalicelib.booking.answers import answering
from chalicelib.booking.registrations.rules import RegistrationStatus, family_of, reference_of
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, NOT_NOW, OFFER_OVER, Problem, existing
from chalicelib.core.languages import N_, in_words
from chalicelib.core.printing.pdf import PDF
from chalicelib.mail import returned, waiting
from chalicelib.office import scope
from chalicelib.office.desk import letters, namings, overview, registering, requests, search, work
from chalicelib.office.desk.families import desk_number
from chalicelib.office.desk.registering import StaffRegistration
from chalicelib.pages.frame import care_form
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import unsent, words
from chalicelib.people.child_info import entering
from chalicelib.people.child_info.rules import FormerCare
from chalicelib.people.families import addressees
from chalicelib.people.families.rules import Child
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

# What is said most often; the ledger's readers have to understand it, and whoever types has no time.
REASONS_TO_ACCEPT = (
    N_("The family called and accepts the offer."),
    N_("The family came to the desk and accepts the offer."),
)
REASONS_TO_CANCEL = (
    N_("The family called: the child is ill."),
    N_("The family called: the dates do not suit."),
    N_("The family came to the desk and cancels."),
)
ACCEPT, CANCEL, WRITE = "accept", "cancel", "write"
# What is shown again with the form: the rest is a page of its own.
SHOWN_AGAIN = (INVALID, NOT_NOW, OFFER_OVER)


@dataclass(frozen=True)
class DeskLine:
    """A registration as the desk sees it."""

    found: StaffRegistration
    session: Session | None
    reference: str
    children: list[Child]

    @property
    def can_be_cancelled(self) -> bool:
        return self.found.standing.status is not RegistrationStatus.CANCELLED

    @property
    def can_be_accepted(self) -> bool:
        return self.found.standing.status is RegistrationStatus.OFFERED

    @property
    def is_of_letters(self) -> bool:
        return desk_number(self.found.family) is not None


def show(visit: Visit, by: Staff) -> Answer:
    """The search, and what there is to do; `?kind=`, `?municipality=`: only such work, `?after=`: behind what."""
    return _desk(visit, by, requests.of_work(visit.query))


def look(visit: Visit, by: Staff) -> Answer:
    """Results for a family's words, `q`; `session_id`: where to look for a name or a part of a reference. It is sent as
    a form: a name or a mail address in the address of a page is in its history, and in logs."""
    form = read_form(visit)
    if not form["q"].strip():
        return redirect(visit, "/office/desk")
    return _desk(visit, by, requests.of_work({}), form)


def handle_work(visit: Visit, by: Staff) -> Answer:
    """Takes a piece of work, leaves it, writes a note beside it, or ends it, whichever button was pressed."""
    form = read_form(visit)
    sent = {name: form[name] for name in ("work_id", "edition", "do", "note")}
    asked = requests.of_work({name: form[name] for name in requests.WORK.fields})
    try:
        with visit.attempting():
            work.handle(by, *requests.to_handle(requests.HANDLED.typed(sent)), visit.now)
    except Problem as problem:
        if problem.kind not in (INVALID, NOT_NOW, CHANGED):
            raise
        return _desk(visit, by, asked, problem=problem, noted=form)
    query = {
        "kind": asked.kinds[0] if asked.kinds else "",
        "municipality": asked.municipality or "",
        "after": asked.after,
        "done": form["do"],
    }
    return redirect(visit, "/office/desk?" + urlencode({name: text for name, text in query.items() if text}))


def _desk(
    visit: Visit,
    by: Staff,
    asked: requests.WorkAsked,
    form: Form | None = None,
    problem: Problem | None = None,
    noted: Form | None = None,
) -> Answer:
    """`noted`: a note that was typed and not kept."""
    results = search.find(by, form["q"], form["session_id"] or None, visit.now) if form else None
    sessions = programme.all_sessions()
    every = {one.session_id: one for one in scope.sessions_of(by, sessions) if not one.missing}
    today = visit.now.date()
    is_first = not (form or asked.kinds or asked.municipality or asked.after)
    return page(
        visit,
        "pages/staff/desk.html",
        problem.kind.status if problem else 200,
        form=form or Form(),
        results=[line_of(one, every.get(one.registration.session_id)) for one in results.found] if results else None,
        has_more=bool(results and results.has_more),
        family=overview.shown_pass(results.family, visit.now) if results and results.family else None,
        problem=problem.document(visit.language) if problem else None,
        mails_wait=waiting.told(visit.now),
        named_by_several=namings.waiting() if is_first and _is_of_whole_city(visit, by) else None,
        work=None if form else work.part(by, sessions, visit.now, asked.after, asked.kinds, asked.municipality),
        asked=asked,
        noted=noted or Form(),
        chosen=Form({"kind": asked.kinds[0] if asked.kinds else "", "municipality": asked.municipality or ""}),
        mails=unsent,
        kinds=words.WORK,
        municipalities=work.municipalities(by, sessions),
        words=words,
        done=visit.query.get("done") if problem is None else None,
        sessions=sorted(
            (one for one in every.values() if one.ends_on and one.ends_on >= today),
            key=lambda one: (one.starts_on, one.title),
        ),
    )


def _is_of_whole_city(visit: Visit, by: Staff) -> bool:
    """Whether namings, which hold in every municipality, are their work."""
    try:
        scope.of_whole_city(by, visit.now)
    except Problem:
        return False
    return True


def show_registration(visit: Visit, by: Staff, registration_id: str) -> Answer:
    return _registration(visit, _found(visit, registration_id), Form())


def change_registration(visit: Visit, by: Staff, registration_id: str) -> Answer:
    """Accepts an offer or cancels, whichever button was pressed, with the reason that was chosen or typed; or lets
    mails go to an address again to which we wrote no more."""
    form = read_form(visit)
    if form["do"] == WRITE:
        returned.write_again(_found(visit, registration_id).family)
        return redirect(visit, f"/office/desk/registrations/{registration_id}?done={WRITE}")
    if form["do"] not in (ACCEPT, CANCEL):
        raise Problem(NOT_FOUND)
    reason = {"reason": reason_of(form)}
    try:
        with visit.attempting():
            if form["do"] == ACCEPT:
                registering.accept_for(requests.with_reason(reason, by, visit.now), registration_id)
            else:
                child = {"child_id": form["child_id"]} if form["child_id"] else {}
                deed, child_id = requests.to_cancel({**reason, **child}, by, visit.now)
                registering.cancel_for(deed, registration_id, child_id)
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _registration(visit, _found(visit, registration_id), again, problem)
    return redirect(visit, f"/office/desk/registrations/{registration_id}?done={form['do']}")


def get_letter(visit: Visit, by: Staff, registration_id: str) -> Answer:
    """The letter that a family without mail address takes home, or is sent."""
    found = _found(visit, registration_id)
    content = existing(letters.printed(found.registration, found.standing, found.family))
    return Answer(200, File(content, PDF, f"{reference_of(found.registration)}.pdf"))


def show_child(visit: Visit, who: Staff, registration_id: str, child_id: str) -> Answer:
    known = entering.of_child(family_of(registration_id), child_id)
    return _child(visit, registration_id, known, care_form.shown(known.care))


def save_child(visit: Visit, by: Staff, registration_id: str, child_id: str) -> Answer:
    content, form = care_form.typed(read_form(visit))
    try:
        entering.enter(family_of(registration_id), child_id, content, visit.now, by)
    except Problem as problem:
        wrong = form.wrong(problem, visit.language)
        return _child(visit, registration_id, entering.of_child(family_of(registration_id), child_id), wrong, 422)
    return redirect(visit, f"/office/desk/registrations/{registration_id}?done=child")


def reason_of(form: Form) -> str:
    """The one that was typed, or else the one that was chosen."""
    return form["reason"].strip() or form["usual_reason"]


def _found(visit: Visit, registration_id: str) -> StaffRegistration:
    return registering.look_up(registration_id, visit.now)


def line_of(found: StaffRegistration, session: Session | None) -> DeskLine:
    children = search.children_of(found.registration, found.family)
    return DeskLine(found, session, reference_of(found.registration), children)


def _registration(visit: Visit, found: StaffRegistration, form: Form, problem: Problem | None = None) -> Answer:
    line = line_of(found, programme.get(found.registration.session_id))
    questioned = answering.of(found.registration, found.standing, visit.now)
    unanswered = [one.first_name for one in line.children if one.child_id in questioned.missing]
    return page(
        visit,
        "pages/staff/registration.html",
        problem.kind.status if problem else 200,
        line=line,
        form=form,
        problem=refused(visit, problem),
        desk_number=desk_number(found.family),
        left_alone=returned.why_left_alone(found.family),
        addressee=addressees.get(found.family.family_id) if line.is_of_letters else None,
        asks=bool(questioned.asked.questions),
        unanswered=in_words.names(unanswered, visit.language) if unanswered else "",
        ended=line.found.registration if not line.can_be_cancelled else None,
        reasons=[*(REASONS_TO_ACCEPT if line.can_be_accepted else ()), *REASONS_TO_CANCEL],
        done=visit.query.get("done") if problem is None else None,
    )


def _former(one: FormerCare) -> dict[str, object]:
    contacts = ", ".join(f"{who.name} {who.phone}" for who in one.care.contacts)
    said = {"contacts": contacts, "medical": one.care.medical, "pick_up": ", ".join(one.care.pick_up)}
    return {"until": one.until, "by": one.by, **said}


def _child(visit: Visit, registration_id: str, known: entering.ChildWithCare, form: Form, status: int = 200) -> Answer:
    return page(
        visit,
        "pages/staff/child.html",
        status,
        known=known,
        form=form,
        rows=care_form.rows(form),
        former=[_former(one) for one in entering.former(family_of(registration_id), known.child.child_id)],
        registration_id=registration_id,
    )
