"""Who a family is: its mail address, its postcode, its children. What is sent brings a pass by mail; nothing else."""

from collections.abc import Mapping, Sequence

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import CHILD, MOST_CHILDREN, ask_for, known_pass, wanted

OF_FAMILY = ("email", "language", "postcode")
OF_CHILD = tuple(CHILD.fields)

Child = Mapping[str, str]


def show(visit: Visit) -> Answer:
    """Empty; or what the family said of itself before, to be changed."""
    known = known_pass(visit)
    if known is None:
        return _page(visit, _form({"language": visit.language}, [{}]))
    children = [{name: str(getattr(one, name)) for name in OF_CHILD} for one in known.children]
    family = {"email": known.email, "language": known.language, "postcode": known.postcode}
    return _page(visit, _form(family, children), is_known=True)


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
            ask_for(wanted(document, visit.now.date()), visit.now, visit.source)
    except Problem as problem:
        return _page(visit, form.wrong(problem, visit.language), 422)
    return redirect(visit, "/prepare/sent")


def sent(visit: Visit) -> Answer:
    return page(visit, "pages/family/sent.html")


def _page(visit: Visit, form: Form, status: int = 200, *, is_known: bool = False, focus: int | None = None) -> Answer:
    """`focus`: the place of a child that was just added."""
    number = sum(name.endswith(".birth_date") for name in form.values)
    return page(
        visit,
        "pages/family/prepare.html",
        status,
        form=form,
        number=number,
        may_add=number < MOST_CHILDREN,
        is_known=is_known,
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


def _form(family: Mapping[str, str], children: Sequence[Child]) -> Form:
    values = dict(family)
    for place, one in enumerate(children):
        values.update({f"children[{place}].{name}": one.get(name, "") for name in OF_CHILD})
    return Form(values)


def _of_child(child: Child) -> dict[str, str | None]:
    """What was left empty is missing, as the API says it."""
    return {name: child.get(name, "").strip() or None for name in OF_CHILD}
