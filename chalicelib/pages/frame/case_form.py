"""The form of a case: its questions, where it is, and who is answered. The citizen's page and a desk's are the same.

A field is called what `POST /api/cases` calls it, `answers.what`, `contact.email`; but for the place, whose fields are
`address`, `lat` and `long`.
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from chalicelib.core.http.problems import INVALID, FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.front_door.cases import handlers, sending
from chalicelib.front_door.cases.rules import Contact, Place, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.forms.rules import ContactRule, Form, PlaceRule
from chalicelib.pages.frame.answers_form import WORDING, value_of
from chalicelib.pages.frame.forms import Form as TypedForm
from chalicelib.pages.frame.photo_fields import photo_field
from chalicelib.pages.frame.place_fields import place_field
from chalicelib.pages.frame.visit import Visit
from chalicelib.programme.questions.rules import Question, said

ANSWERS, KEY, VERSION = "answers.", "key", "version"
CONTACT = ("email", "phone", "name", "address")
# What the API calls otherwise than the page does.
RENAMED = {"contact": "contact.email", "location": "address"}
DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,15})?")
AS_BOTH = N_("Give both numbers, or leave both empty and write the address.")


def names(form: Form) -> dict[str, Question]:
    """The questions by the names of their fields."""
    return {ANSWERS + one.key: one for one in form.questions}


def needs(form: Form) -> list[str]:
    """What must be filled in before the city can take it, for a page that keeps it until there is a network
    (assets/later.js): names of fields, between commas those of which one is enough. What is wrong otherwise, the city
    says when it is sent."""
    found = [name for name, one in names(form).items() if one.required]
    if form.place is PlaceRule.REQUIRED:
        found.append("address,lat")
    if form.contact is ContactRule.REQUIRED:
        found.append("contact.email,contact.phone,contact.address")
    return found


def request_of(typed: TypedForm, form: Form, key: str, way: Way, language: str) -> CaseRequest:
    """The typed form as a request, to be sent. `language`: in which they are answered. Raises Problem `invalid`, which
    names the fields as the page does."""
    errors: list[FieldError] = []
    contact = handlers.CONTACT.read(
        {**{one: typed[f"contact.{one}"].strip() or None for one in CONTACT}, "language": language}, "contact", errors
    )
    request = CaseRequest(
        form_id=form.form_id,
        version=form.version,
        answers={one.key: value_of(typed, name, one) for name, one in names(form).items()},
        way=way,
        key=key,
        contact=Contact(**{name: text or "" for name, text in contact.items()}),
        place=_place(typed, errors),
        photos=tuple(handlers.CASE.fields["photos"].read(typed.all("photos") or None, "photos", errors) or ()),
    )
    if errors:
        wrong = {_group(one) for one in errors}
        try:
            sending.checked(form, request)
        except Problem as more:
            errors += [one for one in more.errors if _group(one) not in wrong]
        raise Problem(INVALID, errors=at_fields(errors))
    return request


def at_fields(errors: Sequence[FieldError]) -> list[FieldError]:
    """Errors of the API, under the names of the page's fields."""
    return [FieldError(RENAMED.get(one.field, one.field), one.message, one.values) for one in errors]


def on_page(visit: Visit, form: Form, typed: TypedForm) -> dict[str, Any]:
    """The values that case_form.html needs. `labels`: of the fields, for the list of errors."""
    return {
        "asked": form,
        "fields_of": names(form),
        "form": typed,
        "labels": {one.key: said(one.label, visit.language) for one in form.questions},
        "wording": WORDING,
        "said": partial(said, language=visit.language),
        "photo_field": photo_field(visit, typed, form.most_photos),
        "place_field": place_field(visit),
    }


def _place(typed: TypedForm, errors: list[FieldError]) -> Place | None:
    address = handlers.LOCATION.fields["address"].read(typed["address"].strip() or None, "address", errors)
    degrees = {name: typed[name].strip() for name in ("lat", "long")}
    if not any(degrees.values()):
        return Place(None, None, address) if address else None
    if not all(degrees.values()):
        errors.append(FieldError("lat" if not degrees["lat"] else "long", AS_BOTH))
        return None
    read = {
        name: handlers.LOCATION.fields[name].read(
            float(text.replace(",", ".")) if DEGREES.fullmatch(text) else text, name, errors
        )
        for name, text in degrees.items()
    }
    if None in read.values():
        return None
    return Place(read["lat"], read["long"], address or "")


def _group(error: FieldError) -> str:
    """Contact and place are each one thing; of answers, each is one."""
    first, _, rest = RENAMED.get(error.field, error.field).partition(".")
    return f"answers.{rest}" if first == "answers" else "place" if first in ("lat", "long", "address") else first
