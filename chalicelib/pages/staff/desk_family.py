"""A family at the desk: its passes and what became of their mails, what it has, what was said, what is to be done."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.office.desk import correcting, overview, requests, work
from chalicelib.office.desk.families import change_addressee
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import unsent, words
from chalicelib.pages.staff.desk import line_of
from chalicelib.people.families.addressees import Addressee
from chalicelib.people.families.conversations import ConversationWay
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme

FIELDS = tuple(requests.SAID.fields)
ADDRESSEE = tuple(f"addressee.{name}" for name in requests.ADDRESSEE.fields)
LINK, ADDRESS = "link", "address"


def show(visit: Visit, by: Staff, family_id: str) -> Answer:
    return _family(visit, by, family_id, Form({"way": ConversationWay.PHONE}))


def change(visit: Visit, by: Staff, family_id: str) -> Answer:
    """Writes down what was said; or, by its own button, sends the link once more, or keeps a phone and where letters
    go."""
    form = read_form(visit)
    if form["do"] == LINK:
        correcting.send_again(by, family_id, visit.now)
        return redirect(visit, f"/office/desk/families/{family_id}?done={LINK}")
    return _address(visit, by, family_id, form) if form["do"] == ADDRESS else _note_down(visit, by, family_id, form)


def _address(visit: Visit, by: Staff, family_id: str, form: Form) -> Answer:
    typed = Form({name: form[name].strip() for name in ADDRESSEE})
    said = Form({name: text for name, text in typed.values.items() if text})
    try:
        with visit.attempting():
            change_addressee(family_id, requests.to_address(said.document(requests.ADDRESSED)), visit.now)
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return _family(visit, by, family_id, typed.wrong(problem, visit.language), 422)
    return redirect(visit, f"/office/desk/families/{family_id}?done={ADDRESS}")


def _note_down(visit: Visit, by: Staff, family_id: str, form: Form) -> Answer:
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
        addressee=form if form.has(ADDRESSEE[0]) else _known(found.addressee),
        words=words,
        mails=unsent,
        done=visit.query.get("done") if status == 200 else None,
    )


def _known(addressee: Addressee) -> Form:
    return Form({f"addressee.{name}": text for name, text in vars(addressee).items()})
