"""Municipalities that may have things of their own, beside the whole city's: those of a person of staff, and their
places in an address."""

from collections.abc import Iterable, Mapping

from chalicelib.city.face.rules import whose as whose_face
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.office import scope
from chalicelib.people.staff.rules import Staff, scope_name
from chalicelib.people.staff.signed_in import OF_ALL
from chalicelib.programme.sessions import whose


def theirs(by: Staff, more: Iterable[str] = ()) -> Mapping[str, str]:
    """The municipalities of the programme, and `more`, that they work for, by their place in an address; none where the
    city is one municipality, whose own the whole city's is."""
    every = {scope_name(name): name for name in (*more, *(one.municipality for one in whose.every())) if name}
    is_theirs = scope.theirs(by)
    mine = [of for of in sorted(every) if is_theirs(every[of])] if len(every) > 1 else []
    return {place_of(of): every[of] for of in mine}


def asked(by: Staff, place: str, more: Iterable[str] = ()) -> str:
    """The municipality at that place; empty: the whole city. Raises Problem `not-found`; `not-allowed` for the whole
    city if some of it is not theirs."""
    if place == OF_ALL:
        scope.must_work_for(by, {one.municipality for one in whose.every()})
        return ""
    municipality = theirs(by, more).get(place)
    if municipality is None:
        raise Problem(NOT_FOUND)
    return municipality


def called(municipality: str) -> str:
    """The whole city by its only municipality, if it is one."""
    return municipality or whose_face(one.municipality for one in whose.every())


def place_of(municipality: str) -> str:
    """In an address, whose parts a slash would part: `Brussel/Bruxelles`."""
    return scope_name(municipality).replace("/", "_") or OF_ALL
