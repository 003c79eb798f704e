"""A family at the desk: its passes and what became of their mails, what it has, what was said, what is to be done."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.office.desk import overview, requests, work
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import unsent, words
from chalicelib.pages.staff.desk import line_of
from chalicelib.people.families.conversations import ConversationWay
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme

FIELDS = tuple(requests.SAID.fields)


def show(visit: Visit, by: Staff, family_id: str) -> Answer:
    return _family(visit, by, family_id, Form({"way": ConversationWay.PHONE}))


def note_down(visit: Visit, by: Staff, family_id: str) -> Answer:
    """Notes down what was said, and whether the family waits for an answer."""
    form = read_form(visit)
    typed = Form({name: form[name] for name in FIELDS if form.has(name)}, form.several)
    try:
        with visit.attempting():
            said = requests.to_note_down(typed.document(requests.SAID))
            overview.note_down(by, family_id, said, programme.all_sessions(), visit.now)
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return _family(visit, by, family_id, typed.wrong(problem, visit.language), 422)
    return redirect(visit, f"/office/desk/families/{family_id}?done=said")


def _family(visit: Visit, by: Staff, family_id: str, form: Form, status: int = 200) -> Answer:
    sessions = programme.all_sessions()
    every = {one.session_id: one for one in sessions}
    found = overview.of(by, family_id, sessions, visit.now)
    return page(
        visit,
        "pages/staff/desk_family.html",
        status,
        family=found,
        lines=[line_of(one, every.get(one.registration.session_id)) for one in found.registrations],
        municipalities=work.municipalities(by, sessions),
        asked=requests.of_work({}),
        form=form,
        words=words,
        mails=unsent,
        done=visit.query.get("done") if status == 200 else None,
    )
