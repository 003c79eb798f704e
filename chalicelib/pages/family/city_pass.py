"""Whether a city pass is for somebody, before they apply: a few questions, of which nothing is stored."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.moments import today
from chalicelib.money.citypass import figures, requests, versions
from chalicelib.money.citypass.rules import Judgement, judge
from chalicelib.pages.frame.city_pass_words import why
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit

TEMPLATE = "pages/family/city_pass.html"


def show(visit: Visit) -> Answer:
    figures.visited(visit.now)
    return _page(visit, Form({"period": "month", "adults": "1", "children": "0"}))


def ask(visit: Visit) -> Answer:
    """The answer stands on the page and nowhere else; that somebody asked, and what they heard, is counted."""
    form = read_form(visit)
    version = versions.of_today(today(visit.now))
    if version is None:
        return _page(visit, form)
    typed = requests.SITUATION.typed({name: form[name] for name in requests.SITUATION.fields})
    try:
        with visit.attempting():
            found = judge(version.rule, requests.situation_of(typed, form.all("benefits"), version.rule))
    except Problem as problem:
        return _page(visit, form.wrong(problem, visit.language), status=422)
    figures.asked(found.likely, visit.now)
    return _page(visit, form, found)


def _page(visit: Visit, form: Form, found: Judgement | None = None, status: int = 200) -> Answer:
    version = versions.of_today(today(visit.now))
    return page(
        visit,
        TEMPLATE,
        status,
        form=form,
        rule=version.rule if version else None,
        found=found,
        because=why(found, version.rule, visit.language) if found and version else "",
    )
