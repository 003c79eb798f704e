"""Forms as the services of Open311, and a posted request as what a form takes. Plain rules."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.core.http.problems import FieldError
from chalicelib.core.languages import N_, translate
from chalicelib.front_door.arriving.words import main_question
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.forms.rules import Form, FormKind, PlaceRule
from chalicelib.front_door.open311.documents import Value
from chalicelib.programme.questions.rules import Question, QuestionKind, said

# What is about something in town, or only words: a request for a certificate or an application wants to know who asks.
KINDS = (FormKind.REPORT, FormKind.QUESTION, FormKind.SUGGESTION, FormKind.COMPLAINT)
# Of one line; longer answers get a field with several.
MOST_OF_A_LINE = 200
YES, NO = "true", "false"
DATATYPES = {
    QuestionKind.CHOICE: "singlevaluelist",
    QuestionKind.SEVERAL: "multivaluelist",
    QuestionKind.YES_NO: "singlevaluelist",
    QuestionKind.NUMBER: "number",
    QuestionKind.DATE: "datetime",
}
ATTRIBUTE = re.compile(r"attribute\[(?P<key>[^\[\]]{1,60})\](\[[0-9]{0,3}\])?")
OF_ANSWERS = re.compile(r"answers\.(?P<key>[^.\[]+).*", re.DOTALL)
NAMES = ("first_name", "last_name")
NUMBER = re.compile(r"-?[0-9]{1,9}")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,17})?")

AS_PLACE = N_("Give lat and long in degrees (WGS 84), lat from -90 to 90 and long from -180 to 180.")
AS_LOCATION = N_("Give lat and long, or an address_string.")
TOLD_PLACE = N_("Place: {place}")
TOLD_MEDIA = N_("Picture: {address}")


@dataclass(frozen=True)
class Posted:
    """A posted request, as a form takes it; nothing of it is checked but the place. `name`: first and last."""

    answers: Mapping[str, Any]
    email: str
    phone: str
    name: str
    place: Place | None


def is_service(form: Form, day: date) -> bool:
    return form.kind in KINDS and not form.is_confidential and form.is_open(day)


def service(form: Form, group: str, language: str) -> dict[str, Value]:
    """`group`: the name of the unit that answers."""
    return {
        "service_code": form.form_id,
        "service_name": said(form.title, language),
        "description": said(form.intro, language),
        "metadata": bool(_attributes(form)),
        "type": "realtime",
        "keywords": form.kind.value,
        "group": group,
    }


def definition(form: Form, language: str) -> dict[str, Value]:
    attributes = [_attribute(question, order, language) for order, question in enumerate(_attributes(form), 1)]
    return {"service_code": form.form_id, "attributes": attributes}


def key_of(fields: Mapping[str, list[str]], now: datetime) -> str:
    """The same for the same content within one hour: the standard has no key, and a program that got no answer posts
    again. Longer would take a second report of the same thing for the first."""
    content = sorted((name, values) for name, values in fields.items() if name != "api_key")
    return f"open311\n{now:%Y-%m-%dT%H}\n{json.dumps(content)}"


def _attributes(form: Form) -> tuple[Question, ...]:
    """All questions but the one that `description` answers."""
    main = main_question(form)
    return tuple(question for question in form.questions if question is not main)


def _attribute(question: Question, order: int, language: str) -> dict[str, Value]:
    in_words = "string" if question.most <= MOST_OF_A_LINE else "text"
    expects, values = question.expects
    return {
        "variable": True,
        "code": question.key,
        "datatype": DATATYPES.get(question.kind, in_words),
        "required": question.required,
        "datatype_description": translate(expects, language, **values),
        "order": order,
        "description": " ".join(filter(None, (said(question.label, language), said(question.help, language)))),
        **({"values": _values(question, language)} if "list" in DATATYPES.get(question.kind, "") else {}),
    }


def _values(question: Question, language: str) -> list[dict[str, str]]:
    if question.kind is QuestionKind.YES_NO:
        return [
            {"key": YES, "name": translate(N_("yes"), language)},
            {"key": NO, "name": translate(N_("no"), language)},
        ]
    return [{"key": choice.value, "name": said(choice.label, language)} for choice in question.choices]


def read(form: Form, fields: Mapping[str, list[str]], language: str) -> tuple[Posted, list[FieldError]]:
    """`fields`: as they were posted. What a form asks for in a way of its own is checked where every case is."""
    errors: list[FieldError] = []
    place = _place(fields)
    if place is None:
        errors.append(FieldError("address_string", AS_LOCATION))
    elif not place.is_located and any(_one(fields, name) for name in ("lat", "long")):
        errors.append(FieldError("lat", AS_PLACE))
    is_told = form.place is PlaceRule.NONE
    told = [translate(TOLD_PLACE, language, place=_in_words(place))] if is_told and place else []
    media = _one(fields, "media_url")
    told += [translate(TOLD_MEDIA, language, address=media)] if media else []
    answers = _answers(form, fields)
    if (main := main_question(form)) and (words := "\n".join(filter(None, (_one(fields, "description"), *told)))):
        answers[main.key] = words
    posted = Posted(
        answers=answers,
        email=_one(fields, "email"),
        phone=_one(fields, "phone"),
        name=" ".join(names_in(fields).values()),
        place=None if is_told else place,
    )
    return posted, errors


def as_posted(field: str, form: Form, fields: Mapping[str, list[str]]) -> str:
    """The name by which whoever posted `fields` knows a field of a case."""
    main = main_question(form)
    if match := OF_ANSWERS.fullmatch(field):
        return "description" if main and match["key"] == main.key else f"attribute[{match['key']}]"
    match field:
        case "contact":
            return "email"
        case "location":
            return next((name for name in ("lat", "address_string", "address_id") if _one(fields, name)), "lat")
        case "name":
            return next(reversed(names_in(fields)), "first_name")
    return field


def names_in(fields: Mapping[str, list[str]]) -> dict[str, str]:
    """First and last name, where they were given."""
    return {name: given for name in NAMES if (given := _one(fields, name))}


def _in_words(place: Place) -> str:
    degrees = f"{place.lat}, {place.long}" if place.is_located else ""
    return ", ".join(filter(None, (place.address, degrees)))


def _answers(form: Form, fields: Mapping[str, list[str]]) -> dict[str, Any]:
    kinds = {question.key: question.kind for question in form.questions}
    given: dict[str, list[str]] = {}
    for name, values in fields.items():
        if match := ATTRIBUTE.fullmatch(name):
            given.setdefault(match["key"], []).extend(value for value in values if value.strip())
    return {key: _typed(kinds.get(key), values) for key, values in given.items() if values}


def _typed(kind: QuestionKind | None, values: list[str]) -> Any:
    """As JSON has it; what is none of it stays as it came, and is refused by its question."""
    last = values[-1].strip()
    match kind:
        case QuestionKind.SEVERAL:
            return values
        case QuestionKind.YES_NO if last in (YES, NO):
            return last == YES
        case QuestionKind.NUMBER if NUMBER.fullmatch(last):
            return int(last)
        case QuestionKind.DATE:
            return last[:10]
    return last.replace("\r\n", "\n")


def _place(fields: Mapping[str, list[str]]) -> Place | None:
    """An address alone is one; an `address_id` is nobody's but the city's, and is taken for an address. What are no
    degrees is left out."""
    address = " ".join((_one(fields, "address_string") or _one(fields, "address_id")).split())
    lat, long = _one(fields, "lat"), _one(fields, "long")
    if DEGREES.fullmatch(lat) and DEGREES.fullmatch(long) and abs(float(lat)) <= 90 and abs(float(long)) <= 180:
        return Place(float(lat), float(long), address)
    return Place(None, None, address) if address or lat or long else None


def _one(fields: Mapping[str, list[str]], name: str) -> str:
    """A parameter that is there twice counts as the last; one that is empty is not there."""
    return fields.get(name, [""])[-1].replace("\r\n", "\n").strip()
