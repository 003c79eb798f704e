"""A helper's own pages: coming in by the link of their mail, beginning to help by a code or a word, and ending it."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Day, Model, Text, check
from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.core.languages import N_
from chalicelib.pages.frame.cookies import HELP, HELPER
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.helped import FORGET_PAGES, forget_families
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.assistance import helping, naming
from chalicelib.people.assistance.helping import Begun
from chalicelib.people.assistance.rules import Consent, HelpEndedBy, Helper
from chalicelib.people.families.addresses import Address

ADDRESS = "/helping"
AS_WHO = N_("Write who said so: first and last name, at most 80 characters.")
AS_NUMBER = N_("Write on what phone number, or “here beside me”, at most 40 characters.")
AS_WHY = N_("Write why there is no code, at most 300 characters.")
AS_FAMILY = N_("Write the family’s mail address, or its number at the desk.")
_LINE = r"[^\x00-\x1f\x7f]+"
WORD = Model(
    {
        "family": Text(AS_FAMILY, _LINE, 254),
        "birth_date": Day(),
        "who": Text(AS_WHO, _LINE, 80),
        "number": Text(AS_NUMBER, _LINE, 40),
        "why": Text(AS_WHY, _LINE, 300),
    }
)
EMAIL = Model({"email": Address()})


def show(visit: Visit) -> Answer:
    """For who is signed in as a helper, how to begin; for anybody else, how to get a link. A help that is over leaves
    nothing in this browser: a page that is left by itself leads here."""
    if HELP in visit.cookies and visit.help is None:
        return _ended(visit, "over")
    return _page(visit, Form({}))


def change(visit: Visit) -> Answer:
    """By its button: `link` asks for one, `code` and `word` begin to help, `end` ends it, `end-elsewhere` what
    another browser of this helper began, `leave` signs the helper out."""
    if HELP in visit.cookies and visit.help is None:  # ended elsewhere meanwhile
        return _ended(visit, "over")
    form = read_form(visit)
    try:
        with visit.attempting():
            match form["do"]:
                case "end":
                    helping.end_by_cookie(visit.cookies.get(HELP, ""), visit.now)
                    return _ended(visit, "ended")
                case "end-elsewhere":
                    if found := helping.elsewhere(naming.must_be(_helper(visit)), visit.now):
                        helping.end(found, HelpEndedBy.HELPER, visit.now)
                    return _ended(visit, "ended")
                case "leave":
                    return _leave(visit)
                case "link":
                    naming.ask_for_link(check(EMAIL, {"email": form["email"]})["email"], visit.source, visit.now)
                    return redirect(visit, f"{ADDRESS}?done=sent")
                case "code" | "word":
                    return _begin(visit, form)
                case _:
                    raise Problem(INVALID)
    except Problem as problem:
        wrong = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, wrong, problem)


def _begin(visit: Visit, form: Form) -> Answer:
    helper = naming.must_be(_helper(visit))
    begun = (
        helping.begin_by_code(helper, form["code"], visit.now)
        if form["do"] == "code"
        else _by_word(visit, helper, form)
    )
    forget_families(visit)
    visit.set_cookie(HELP, begun.cookie)
    answer = redirect(visit, "/family")
    # A form that was opened before would come back by the back button as one that keeps what is typed.
    return Answer(answer.status, answer.body, {**answer.headers, **FORGET_PAGES})


def _by_word(visit: Visit, helper: Helper, form: Form) -> Begun:
    said = check(WORD, {name: form[name].strip() or None for name in WORD.fields})
    consent = Consent(said["who"], said["number"], said["why"])
    return helping.begin_by_word(helper, said["family"], said["birth_date"], consent, visit.now)


def _leave(visit: Visit) -> Answer:
    helping.end_by_cookie(visit.cookies.get(HELP, ""), visit.now)
    naming.leave(visit.cookies.get(HELPER, ""))
    visit.forget_cookie(HELPER)
    return _ended(visit, "left")


def _ended(visit: Visit, how: str) -> Answer:
    """Nothing of the family stays: no cookie, and no page behind the back button."""
    forget_families(visit)
    answer = redirect(visit, f"{ADDRESS}?done={how}")
    return Answer(answer.status, answer.body, {**answer.headers, **FORGET_PAGES})


def enter(visit: Visit) -> Answer:
    """`?token=` of the mail. A mail's scanner follows links too but presses no button: following uses nothing up."""
    return page(visit, "pages/family/helping_enter.html", token=visit.query.get("token", ""))


def come(visit: Visit) -> Answer:
    """The button of that page. Raises Problem `link-over`."""
    form = read_form(visit)
    visit.set_cookie(HELPER, naming.come(form["token"], visit.now))
    return redirect(visit, ADDRESS)


def _helper(visit: Visit) -> Helper | None:
    return naming.known(visit.cookies.get(HELPER, ""), visit.now)


def _page(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    helper = _helper(visit)
    return page(
        visit,
        "pages/family/helping.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        helper=helper,
        elsewhere=helping.elsewhere(helper, visit.now) if helper and not visit.help else None,
        done=visit.query.get("done") if problem is None else None,
    )
