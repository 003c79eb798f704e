"""A family's tax certificates, and what it gives for them: who pays, and the national numbers."""

from dataclasses import dataclass

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, Problem
from chalicelib.core.moments import today
from chalicelib.money.certificates import entering, national, table
from chalicelib.money.certificates.handlers import printed
from chalicelib.money.certificates.numbers import masked
from chalicelib.money.certificates.papers import Certificate
from chalicelib.money.certificates.payers import MOST_PAYERS, FamilyNumbers, last_day
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families import sharing
from chalicelib.people.families.rules import Bearer, Child

ADDRESS = "/account/certificates"
OF_PAYER = ("last_name", "first_name", "street", "postcode", "town", "number")


@dataclass(frozen=True)
class KnownNumbers:
    """The visible part of the numbers that are kept: the last two digits."""

    payers: tuple[str, ...]
    children: dict[str, str]


def show(visit: Visit, who: Bearer) -> Answer:
    given = national.of_family(who.family_id)
    return _page(visit, who, given, _typed(given, entering.children_of(who.family_id)))


def change(visit: Visit, who: Bearer) -> Answer:
    """Keeps what was typed, or with `erase` takes all back. A second person whose fields are all empty is none."""
    form = read_form(visit)
    if form.has("erase"):
        entering.take_back(who.family_id)
        return redirect(visit, f"{ADDRESS}?done=erased")
    try:
        with visit.attempting():
            entering.give(who.family_id, _document(form), visit.now)
    except Problem as problem:
        if problem.kind not in (INVALID, CHANGED):
            raise
        given = national.of_family(who.family_id)
        if problem.kind is CHANGED:
            again = _typed(given, entering.children_of(who.family_id))
            return _page(visit, who, given, again, problem)
        return _page(visit, who, given, _without_numbers(form.wrong(problem, visit.language)), problem)
    return redirect(visit, f"{ADDRESS}?done=kept")


def get_pdf(visit: Visit, who: Bearer, certificate: str) -> Answer:
    return Answer(200, printed(visit, who, certificate))


def _document(form: Form) -> object:
    second = [f"payers[1].{name}" for name in OF_PAYER]
    empty = not any(form[name].strip() for name in second)
    kept = {name: value for name, value in form.values.items() if not (empty and name in second)}
    return Form(kept).document(entering.GIVEN)


def _without_numbers(form: Form) -> Form:
    """A number that was typed does not go back into the page: it is typed again."""
    return Form(
        {name: "" if name.endswith(".number") else value for name, value in form.values.items()}, {}, form.errors
    )


def _typed(given: FamilyNumbers, children: list[Child]) -> Form:
    values = {"edition": str(given.edition)}
    for place, one in enumerate(given.payers):
        values |= {f"payers[{place}].{name}": value for name, value in vars(one.payer).items()}
    for place, child in enumerate(children):
        values[f"children[{place}].share"] = str(given.share(child.child_id)[0])
    return Form(values)


def _page(visit: Visit, who: Bearer, given: FamilyNumbers, form: Form, problem: Problem | None = None) -> Answer:
    certificates = [one for year in table.years_of(who.family_id) for one in table.of_family(who.family_id, year)]
    children = entering.children_of(who.family_id)
    known = KnownNumbers(
        tuple(masked(one.number) for one in given.payers),
        {child_id: masked(number) for child_id, number in given.children.items()},
    )
    return page(
        visit,
        "pages/family/certificates.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        done=visit.query.get("done"),
        certificates=sorted(certificates, key=_newest),
        children=children,
        shared=_shared(who.family_id, children),
        known=known,
        kept_until=given.kept_until,
        would_keep_until=last_day(today(visit.now)),
        payers=range(MOST_PAYERS),
    )


def _shared(family_id: str, children: list[Child]) -> set[str]:
    """The children about whose camps another family hears too."""
    given = sharing.with_whom(family_id, [one.child_id for one in children])
    return given.keys() | {one.child_id for one in sharing.with_family(family_id)}


def _newest(one: Certificate) -> tuple[int, int]:
    return -one.year, one.serial
