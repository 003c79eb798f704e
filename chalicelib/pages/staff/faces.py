"""The face of a municipality: a page for each, shown in its own face, so that what was chosen is seen at once."""

from dataclasses import dataclass
from urllib.parse import quote

from chalicelib.city.face import changing
from chalicelib.city.face.changing import FaceSent
from chalicelib.city.face.rules import ALL, Face, in_tenths, of_links, of_text_on
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.office import scope
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.uploads import read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import municipalities
from chalicelib.people.staff.rules import Staff, scope_name
from chalicelib.programme.sessions import whose

# What a browser may send: a larger logo than there may be is refused beside its field, with what else was typed.
MOST_SENT = 6_000_000
LEAVES = "true"


@dataclass(frozen=True)
class ListedFace:
    """`called`: the municipality, as the programme writes it; empty: several. `place`: in its page's address."""

    called: str
    place: str
    face: Face


def show_all(visit: Visit, by: Staff) -> Answer:
    """The whole city's, and each municipality's if there are several."""
    whole = [ALL] if all(scope.theirs(by)(one.municipality) for one in whose.every()) else []
    every = [*whole, *municipalities.theirs(by).values()]
    return page(
        visit,
        "pages/staff/faces.html",
        faces=[
            ListedFace(municipalities.called(one), municipalities.place_of(one), changing.look(_of(one)))
            for one in every
        ],
    )


def show(visit: Visit, by: Staff, place: str) -> Answer:
    municipality = municipalities.asked(by, place)
    face = changing.look(_of(municipality))
    form = _form(face)
    if (only := municipalities.called(municipality)) and not municipality and changing.has_no_name():
        form = Form({**form.values, **{f"name.{one}": only for one in LANGUAGES}})
    return _page(visit, municipality, face, form)


def change(visit: Visit, by: Staff, place: str) -> Answer:
    form, files = read_upload(visit, MOST_SENT)
    municipality = municipalities.asked(by, place)
    of = _of(municipality)
    sent = FaceSent(
        fields=form.values,
        logo=files["logo"].content if "logo" in files else None,
        leaves=form["no_logo"] == LEAVES,
        version=form["version"],
    )
    try:
        with visit.attempting():
            changing.change(of, sent, by, visit.now)
    except Problem as problem:
        face = changing.look(of)
        newest = Form({**form.values, "version": changing.version(face)})
        again = form.wrong(problem, visit.language) if problem.errors else newest
        return _page(visit, municipality, face, again, problem)
    return redirect(visit, f"/office/faces/{quote(place)}?saved=yes")


def _of(municipality: str) -> str:
    return scope_name(municipality) if municipality else ALL


def _form(face: Face) -> Form:
    return Form(
        {
            **{f"name.{one}": face.names.get(one, "") for one in LANGUAGES},
            "phone": face.phone,
            "mail": face.mail,
            "action": face.action or "",
            "bar": face.bar or "",
            "version": changing.version(face),
        }
    )


def _page(visit: Visit, municipality: str, face: Face, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/face.html",
        problem.kind.status if problem else 200,
        face_of=municipality,
        municipality=municipality,
        called=municipalities.called(municipality),
        place=municipalities.place_of(municipality),
        own=face,
        ratios={
            "action": in_tenths(of_links(face.action)) if face.action else None,
            "bar": in_tenths(of_text_on(face.bar)) if face.bar else None,
        },
        form=form,
        problem=refused(visit, problem),
        named=[(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
        saved=visit.query.get("saved") if problem is None else None,
    )
