"""Who a family is: its mail address, its postcode, its children. What is sent brings a pass by mail; nothing else."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import date

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import N_, translate
from chalicelib.pages.frame.cookies import ASKED
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import CHILD, MOST_CHILDREN, ask_for, known_pass, wanted
from chalicelib.people.families.rules import Child as KnownChild
from chalicelib.seats.rules import age

# Nobody's camp is for who is older; it is asked about and not refused.
OF_AGE = 18
IS_GROWN = N_("Somebody born on this day is {age} years old. Is it really the child's birth date? Then send it again.")
OF_FAMILY = ("email", "language", "postcode")
OF_CHILD = tuple(CHILD.fields)
# Browsers keep cookies of 4 KB.
MOST_OF_A_COOKIE = 3500

Child = Mapping[str, str]


def show(visit: Visit) -> Answer:
    """Empty; or what the family said of itself before, to be added to; `?again=yes`: or what this browser sent a moment
    ago, to be corrected."""
    if visit.query.get("again") and (asked := _asked(visit)):
        return _page(visit, asked)
    known = known_pass(visit)
    if known is None:
        return _page(visit, _form({"language": visit.language}, [{}]))
    children = [_typed(one) for one in known.children]
    family = {"email": known.email, "language": known.language, "postcode": known.postcode}
    return _page(visit, _form(family, children))


def take(visit: Visit) -> Answer:
    """One more child (`add`), one fewer (`remove`, its place), or all of it. The answer to all of it is the same,
    whether or not the address is known."""
    typed = read_form(visit)
    family = {name: typed[name] for name in OF_FAMILY}
    children = _children(typed)
    if typed.has("add"):
        return _page(visit, _form(family, [*children, {}][:MOST_CHILDREN]), focus=len(children))
    if typed.has("remove"):
        rest = [one for place, one in enumerate(children) if str(place) != typed["remove"]]
        return _page(visit, _form(family, rest or [{}]))
    children = [one for one in children if any(value.strip() for value in one.values())] or [{}]
    form = _form(family, children)
    document = {**family, "children": [_of_child(one) for one in children]}
    try:
        with visit.attempting():
            asked = wanted(document, visit.now.date())
            if grown := _grown(asked.children, visit.now.date(), typed["asked"].split()):
                return _ask_about(visit, form, grown)
            ask_for(asked, visit.now, visit.source)
    except Problem as problem:
        return _page(visit, form.wrong(problem, visit.language), 422)
    _remember(visit, form)
    return redirect(visit, "/prepare/sent")


def _grown(children: Sequence[KnownChild], today: date, asked: Sequence[str]) -> dict[int, KnownChild]:
    """By their place those who are of age, and about whom nobody was asked yet: as a rule it is a parent's own date."""
    return {
        place: one
        for place, one in enumerate(children)
        if age(one.birth_date, today) >= OF_AGE and one.birth_date.isoformat() not in asked
    }


def _ask_about(visit: Visit, form: Form, grown: Mapping[int, KnownChild]) -> Answer:
    """The page with the question; whoever sends the same again has answered it."""
    today = visit.now.date()
    errors = {
        f"children[{place}].birth_date": translate(IS_GROWN, visit.language, age=age(one.birth_date, today))
        for place, one in grown.items()
    }
    dates = " ".join({one.birth_date.isoformat(): None for one in grown.values()})
    return _page(visit, Form({**form.values, "asked": dates}, {}, errors), 422)


def sent(visit: Visit) -> Answer:
    """Repeats the address, so that a slip is seen before anybody waits for the mail."""
    asked = _asked(visit)
    return page(visit, "pages/family/sent.html", email=asked["email"] if asked else None)


def _remember(visit: Visit, form: Form) -> None:
    """Remembers what was sent, for this browser alone and for some minutes: no address of a page says it."""
    said = base64.urlsafe_b64encode(json.dumps(dict(form.values)).encode()).decode()
    if len(said) <= MOST_OF_A_COOKIE:
        visit.set_cookie(ASKED, said)
    else:
        visit.forget_cookie(ASKED)


def _asked(visit: Visit) -> Form | None:
    try:
        said = json.loads(base64.urlsafe_b64decode(visit.cookies.get(ASKED, "")))
    except ValueError:
        return None
    is_ours = isinstance(said, dict) and all(isinstance(one, str) for one in said.values()) and "email" in said
    return Form(said) if is_ours else None


def _page(visit: Visit, form: Form, status: int = 200, *, focus: int | None = None) -> Answer:
    """`focus`: the place of a child that was just added. What is known of a family is no field here: written otherwise
    it would be another child, or another family."""
    number = sum(name.endswith(".birth_date") for name in form.values)
    known = known_pass(visit)
    if known is not None and form["email"] != known.email:
        known = None  # another family, at the same browser
    children = list(known.children) if known else []
    return page(
        visit,
        "pages/family/prepare.html",
        status,
        form=form,
        number=number,
        may_add=number < MOST_CHILDREN,
        known=known,
        fixed={place: one for place in range(number) for one in children if _row(form, place) == _typed(one)},
        focus=focus,
    )


def _children(typed: Form) -> list[Child]:
    """In their order; places that are left out close up."""
    places = sorted(
        {
            int(place)
            for name in typed.values
            if name.startswith("children[") and (place := name[len("children[") :].partition("]")[0]).isdecimal()
        }
    )
    return [{name: typed[f"children[{place}].{name}"] for name in OF_CHILD} for place in places[:MOST_CHILDREN]]


def _typed(known: KnownChild) -> Child:
    return {name: str(getattr(known, name)) for name in OF_CHILD}


def _row(form: Form, place: int) -> Child:
    return {name: form[f"children[{place}].{name}"] for name in OF_CHILD}


def _form(family: Mapping[str, str], children: Sequence[Child]) -> Form:
    values = dict(family)
    for place, one in enumerate(children):
        values.update({f"children[{place}].{name}": one.get(name, "") for name in OF_CHILD})
    return Form(values)


def _of_child(child: Child) -> dict[str, str | None]:
    """A field that was left empty is missing, as the API says it."""
    return {name: child.get(name, "").strip() or None for name in OF_CHILD}
