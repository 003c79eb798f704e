"""The face of a municipality: a page for each, shown in its own face, so that what was chosen is seen at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from chalicelib.city.face import changing
from chalicelib.city.face.changing import FaceSent
from chalicelib.city.face.rules import ALL, Face, in_tenths, of_links, of_text_on
from chalicelib.city.face.rules import whose as whose_face
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.office import scope
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.uploads import read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff, scope_name
from chalicelib.people.staff.signed_in import OF_ALL
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
    every = [*whole, *_municipalities(by).values()]
    return page(
        visit,
        "pages/staff/faces.html",
        faces=[ListedFace(_called(one), _place(_of(one)), changing.look(_of(one))) for one in every],
    )


def show(visit: Visit, by: Staff, place: str) -> Answer:
    municipality = _asked(by, place)
    face = changing.look(_of(municipality))
    form = _form(face)
    if (only := _called(municipality)) and not municipality and changing.has_no_name():
        form = Form({**form.values, **{f"name.{one}": only for one in LANGUAGES}})
    return _page(visit, municipality, face, form)


def change(visit: Visit, by: Staff, place: str) -> Answer:
    form, files = read_upload(visit, MOST_SENT)
    municipality = _asked(by, place)
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


def _municipalities(by: Staff) -> Mapping[str, str]:
    """Those of the programme that are theirs, by their place in an address; none where the city is one municipality,
    whose face the whole city's is."""
    every = {scope_name(one.municipality): one.municipality for one in whose.every()}
    is_theirs = scope.theirs(by)
    theirs = [of for of in sorted(every) if is_theirs(every[of])] if len(every) > 1 else []
    return {_place(of): every[of] for of in theirs}


def _asked(by: Staff, place: str) -> str:
    """The municipality. Raises Problem `not-found`; `not-allowed` for the whole city if some of it is not theirs."""
    if place == OF_ALL:
        scope.must_work_for(by, {one.municipality for one in whose.every()})
        return ALL
    municipality = _municipalities(by).get(place)
    if municipality is None:
        raise Problem(NOT_FOUND)
    return municipality


def _called(municipality: str) -> str:
    """The whole city by its only municipality, if it is one."""
    return municipality or whose_face(one.municipality for one in whose.every())


def _place(of: str) -> str:
    """In an address, whose parts a slash would part: `Brussel/Bruxelles`."""
    return of.replace("/", "_") or OF_ALL


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
        called=_called(municipality),
        place=_place(_of(municipality)),
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
