"""Conditions of a price, as the family states them: it declares, uploads a proof, and reads the city's decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.core import uploads
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, NOT_FOUND, Problem, invalid
from chalicelib.core.moments import today
from chalicelib.money.entitlements import declaring, table
from chalicelib.money.entitlements.declaring import DECLARED, Place
from chalicelib.money.entitlements.rules import Declaration, ProofStatus
from chalicelib.money.payees import table as payees
from chalicelib.pages.frame import entitlement_words as words
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.uploads import TOO_LARGE, Upload, read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import known_pass
from chalicelib.people.families.rules import Bearer, Child
from chalicelib.programme.sessions.handlers import published

ADDRESS = "/account/conditions"
# The file, the fields typed beside it, and the marks between the parts.
MOST_SENT = uploads.MOST_BYTES + 100_000
FIELDS = tuple(DECLARED.fields)


@dataclass(frozen=True)
class ShownDeclaration:
    """`child`: None: of the household, or a child that stands in no pass any more. `asks_again`: it ends soon."""

    declaration: Declaration
    what: str
    child: Child | None
    status: tuple[str, str]
    asks_again: bool


def show(visit: Visit, who: Bearer) -> Answer:
    """`?with=`: the municipality with which something is declared, where there are several."""
    return _page(visit, who, Form({"declaration_id": declaring.new_id()}))


def change(visit: Visit, who: Bearer) -> Answer:
    """The form's `do`: declare, upload, take-back. A file that is wrong stores nothing."""
    try:
        form, files = read_upload(visit, MOST_SENT)
    except Problem as problem:
        if problem.kind is not TOO_LARGE:
            raise
        too_large = invalid("file", declaring.TOO_LARGE, size=f"{len(visit.body) / 1_000_000:.1f}")
        return _page(visit, who, Form({"declaration_id": declaring.new_id()}).wrong(too_large, visit.language), 422)
    try:
        with visit.attempting():
            done = _do(visit, who, form, files.get("file"))
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        typed = form if form["do"] == "declare" else Form({"declaration_id": declaring.new_id()})
        return _page(visit, who, typed.wrong(problem, visit.language), 422)
    return redirect(visit, f"{ADDRESS}?done={done}")


def _do(visit: Visit, who: Bearer, form: Form, file: Upload | None) -> str:
    match form["do"]:
        case "declare":
            _declare(visit, who, form, file)
        case "upload":
            content = file.content if file else b""
            declaring.upload(who.family_id, _id(form), content, visit.now)
        case "take-back":
            declaring.take_back(who.family_id, _id(form))
        case _:
            raise Problem(INVALID)
    return form["do"]


def _declare(visit: Visit, who: Bearer, form: Form, file: Upload | None) -> None:
    if file:
        declaring.paper_kind(file.content)
    place = _place(_places(visit), form["with"])
    if place is None:
        raise Problem(NOT_FOUND)
    sent = {name: form[name].strip() or None for name in FIELDS}
    declared = declaring.declared_of(sent, place, who.children, visit.now)
    made = declaring.declare(who.family_id, declared, visit.now, _id(form))
    if file:
        declaring.upload(who.family_id, made.declaration_id, file.content, visit.now)


def _id(form: Form) -> str:
    if not declaring.is_id(form["declaration_id"]):
        raise Problem(INVALID)
    return form["declaration_id"]


def _places(visit: Visit) -> list[Place]:
    known = payees.remembered()
    return declaring.places(known, (each.municipality for each in published()), today(visit.now)) if known else []


def _place(places: Sequence[Place], municipality: str | None) -> Place | None:
    if len(places) == 1:
        return places[0]
    return next((place for place in places if place.municipality == municipality), None)


def _page(visit: Visit, who: Bearer, form: Form, status: int = 200) -> Answer:
    places = _places(visit)
    asked = form["with"] if form.has("with") else visit.query.get("with")
    place = _place(places, asked)
    family = known_pass(visit)
    children = {child.child_id: child for child in family.children} if family else {}
    found = [declaring.tidied(each) for each in reversed(table.of_family(who.family_id))]
    return page(
        visit,
        "pages/family/conditions.html",
        status,
        places=[(place.municipality, words.where(place.municipality, visit.language)) for place in places],
        place=place,
        options=words.options(place, visit.language) if place else [],
        declared=[_shown(each, children, visit) for each in found],
        children=children.values(),
        form=form,
        most_megabytes=uploads.MOST_BYTES // 1_000_000,
        done=visit.query.get("done") if status == 200 else None,
    )


def _shown(declaration: Declaration, children: Mapping[str, Child], visit: Visit) -> ShownDeclaration:
    declared = declaration.declared
    return ShownDeclaration(
        declaration,
        words.what(declared.name, visit.language),
        children.get(declared.child_id or ""),
        words.STATUS[declaration.status],
        declaration.status is ProofStatus.PROVEN and declaration.ends_soon(today(visit.now)),
    )
