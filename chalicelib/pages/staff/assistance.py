"""The city names helpers; the desk prints a code for a family and sees who helps it; an auditor looks at some by
chance."""

from datetime import date, timedelta

from chalicelib.booking import assisted
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import Choice, Day, Model, Text, check, queried
from chalicelib.core.http.problems import CHANGED, Problem, existing
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.moments import today
from chalicelib.core.printing.pdf import PDF
from chalicelib.mail import help_mails
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.helps import receipt_of, shown
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people import access
from chalicelib.people.assistance import helping, looking, naming, rules, table
from chalicelib.people.assistance.rules import MINUTES_BY_WORD, PAPER_LIVES, HelpEndedBy, LetIn, Scope
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/assistance"
NEW = Model({"until": Day(naming.AS_UNTIL), "language": Choice(naming.AS_LANGUAGE, LANGUAGES)})
DAY = Model({"day": Day(is_required=False)})
AS_FINDING = N_("Write what you found, at most 500 characters: for example “in order”.")
FINDING = Model({"finding": Text(AS_FINDING, r"[^\x00-\x08\x0b-\x1f\x7f]+", 500)})


# Who helps.


def show(visit: Visit, by: Staff) -> Answer:
    return _page(visit, Form({"language": visit.language}))


def change(visit: Visit, by: Staff) -> Answer:
    """Names helpers; or, by its button, ends one."""
    form = read_form(visit)
    if form["do"] == "end":
        naming.end(form["helper_id"], visit.now)
        return redirect(visit, f"{ADDRESS}?done=ended")
    try:
        with visit.attempting():
            given = check(NEW, {"until": form["until"], "language": form["language"]})
            people = naming.people_of(form["people"])
            naming.name(by, form["organisation"].strip(), people, given["until"], given["language"], visit.now)
    except Problem as problem:
        return _page(visit, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{ADDRESS}?done=named")


def _page(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/assistance.html",
        problem.kind.status if problem else 200,
        form=form,
        helpers=table.every(),
        today=today(visit.now),
        done=visit.query.get("done") if problem is None else None,
    )


# One family, at the desk.


def show_family(visit: Visit, by: Staff, family_id: str) -> Answer:
    access.about(family_id)
    return _family(visit, family_id)


def change_family(visit: Visit, by: Staff, family_id: str) -> Answer:
    """Prints a code for the family; or, by its button, ends a help."""
    form = read_form(visit)
    access.about(family_id)
    if form["do"] == "end":
        helping.end(existing(table.find(family_id, form["help_id"])), HelpEndedBy.CITY, visit.now)
        return redirect(visit, f"/office/desk/families/{family_id}/assistance?done=ended")
    family = existing(helping.newest(family_id, visit.now))
    scope = frozenset({Scope.REGISTRATIONS})
    try:
        with visit.attempting():
            code = helping.make_code(family_id, family.pass_id, scope, MINUTES_BY_WORD, LetIn.LETTER, visit.now)
    except Problem as problem:
        return _family(visit, family_id, problem)
    content = help_mails.code_letter(code, visit.now + PAPER_LIVES, family)
    return Answer(200, File(content, PDF, "help-code.pdf"))


def get_receipt(visit: Visit, by: Staff, family_id: str, help_id: str) -> Answer:
    access.about(family_id)
    return receipt_of(existing(table.find(family_id, help_id)), visit)


def _family(visit: Visit, family_id: str, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/assistance_family.html",
        problem.kind.status if problem else 200,
        family_id=family_id,
        problem=refused(visit, problem),
        helps=shown(table.of_family(family_id), visit),
        words=rules,
        done=visit.query.get("done"),
    )


# Looking at some by chance.


def show_looks(visit: Visit, by: Staff) -> Answer:
    """`?day=`: one that is over, by default yesterday."""
    return _looks(visit, _day(visit, visit.query.get("day")), Form({}))


def look(visit: Visit, by: Staff) -> Answer:
    """Notes what was found. Only of what the day drew: nobody chooses whom to look at."""
    form = read_form(visit)
    day = _day(visit, form["day"])
    try:
        with visit.attempting():
            drawn = {one.help_id: one for one in looking.drawn(day)}
            asked = existing(drawn.get(form["help_id"]))
            found = check(FINDING, {"finding": form["finding"]})["finding"]
            access.about(asked.family_id)
            if not table.note_look(day, asked.help_id, by.staff_id, by.name, found, visit.now):
                raise Problem(CHANGED)
    except Problem as problem:
        return _looks(visit, day, form.wrong(problem, visit.language) if problem.errors else form, problem)
    return redirect(visit, f"{ADDRESS}/looks?day={day}&done=noted")


def _day(visit: Visit, typed: str | None) -> date:
    yesterday = today(visit.now) - timedelta(days=1)
    asked: date | None = queried(DAY, {"day": typed} if typed else {})["day"]
    return min(asked, yesterday) if asked else yesterday


def _looks(visit: Visit, day: date, form: Form, problem: Problem | None = None) -> Answer:
    drawn = looking.drawn(day)
    helps = [(one, table.find(one.family_id, one.help_id)) for one in drawn]
    for one in drawn:
        access.about(one.family_id)
    return page(
        visit,
        "pages/staff/assistance_looks.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        date=day,
        yesterday=today(visit.now) - timedelta(days=1),
        number=len(table.of_day(day)),
        looks=[(one, found, assisted.of_help(found) if found else []) for one, found in helps],
        words=rules,
        done=visit.query.get("done") if problem is None else None,
    )
