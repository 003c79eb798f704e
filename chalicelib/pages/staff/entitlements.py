"""Declarations of families on which a price depends: those that wait for a person, and a family's own, with its
proofs."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core import uploads
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import Choice, Day, Model, OrNull, Text, check
from chalicelib.core.http.problems import CHANGED, INVALID, Problem, existing
from chalicelib.money.entitlements import declaring, papers
from chalicelib.money.entitlements.declaring import DECLARED, Judgement, Place, Verdict
from chalicelib.office import entitlements
from chalicelib.office.entitlements import SeenDeclaration
from chalicelib.pages.frame import entitlement_words as words
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/entitlements"
JUDGED = Model(
    {
        "verdict": Choice(declaring.AS_VERDICT, tuple(Verdict)),
        "edition": Text(declaring.AS_VERDICT, "[0-9]{1,9}", 9),
        "until": OrNull(Day()),
    }
)
# A proof is saved, never shown from our address; and if a browser should show it all the same, as nobody's page.
TO_SAVE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin"}


@dataclass(frozen=True)
class ShownDeclaration:
    """`key`: by which its form is told from others on the page."""

    seen: SeenDeclaration
    what: str
    status: tuple[str, str]


def show(visit: Visit, by: Staff) -> Answer:
    """Declarations that wait, the oldest first; `?after=` as the part before said."""
    part = entitlements.waiting(by, visit.now, visit.query.get("after", ""))
    return page(
        visit,
        "pages/staff/entitlements.html",
        part=part,
        what=lambda name: words.what(name, visit.language),
        begins="after" not in visit.query,
    )


def show_family(visit: Visit, by: Staff, family_id: str) -> Answer:
    return _family(visit, by, family_id, Form())


def change(visit: Visit, by: Staff, family_id: str) -> Answer:
    """The form's `do`: judge a declaration, or enter what was shown at the desk."""
    form = read_form(visit)
    try:
        with visit.attempting():
            if form["do"] == "shown":
                _was_shown(visit, by, family_id, form)
            else:
                _judge(visit, by, family_id, form)
    except Problem as problem:
        if problem.kind not in (INVALID, CHANGED):
            raise
        typed = form.wrong(problem, visit.language) if problem.errors else Form(form.values)
        return _family(visit, by, family_id, typed, problem.kind.status, problem)
    return redirect(visit, f"{ADDRESS}/{family_id}?done={form['do']}")


def get_paper(visit: Visit, by: Staff, family_id: str, declaration_id: str) -> Answer:
    """The proof, as a file to be saved. What kind it is, its own bytes say."""
    content = entitlements.paper(by, family_id, declaration_id, visit.now)
    kind = uploads.kind_of(content)
    content_type = papers.CONTENT_TYPES[kind] if kind else "application/octet-stream"
    return Answer(200, File(content, content_type, f"proof-{declaration_id}.{kind or 'bin'}"), TO_SAVE)


def _judge(visit: Visit, by: Staff, family_id: str, form: Form) -> None:
    given = check(JUDGED, {name: form[name].strip() or None for name in JUDGED.fields})
    verdict = Verdict(given["verdict"])
    text = form["saw"] if verdict is Verdict.PROVEN else form["reason"]
    judgement = Judgement(verdict, int(given["edition"]), text, given["until"])
    entitlements.judge(by, family_id, form["declaration_id"], judgement, visit.now)


def _was_shown(visit: Visit, by: Staff, family_id: str, form: Form) -> None:
    known = entitlements.of_family(by, family_id, visit.now)
    place = existing(_place(known.places, form["with"]))
    sent = {name: form[name].strip() or None for name in DECLARED.fields}
    declared = declaring.declared_of(sent, place, known.children, visit.now)
    entitlements.was_shown(by, family_id, declared, form["seen"], visit.now)


def _place(places: Sequence[Place], municipality: str | None) -> Place | None:
    if len(places) == 1:
        return places[0]
    return next((place for place in places if place.municipality == municipality), None)


def _family(
    visit: Visit, by: Staff, family_id: str, form: Form, status: int = 200, problem: Problem | None = None
) -> Answer:
    known = entitlements.of_family(by, family_id, visit.now)
    place = _place(known.places, form["with"] if form.has("with") else visit.query.get("with"))
    judged = form if form["do"] == "judge" else Form()
    return page(
        visit,
        "pages/staff/entitlement_family.html",
        status,
        family=known.family,
        declared=[
            ShownDeclaration(
                each,
                words.what(each.declaration.declared.name, visit.language),
                words.STATUS[each.declaration.status],
            )
            for each in known.seen
        ],
        to_whom=[(each.municipality, words.where(each.municipality, visit.language)) for each in known.places],
        place=place,
        options=words.options(place, visit.language) if place else [],
        form=form,
        shown=form if form["do"] == "shown" else Form(),
        judged=judged,
        problem=refused(visit, problem),
        done=visit.query.get("done") if status == 200 else None,
    )
