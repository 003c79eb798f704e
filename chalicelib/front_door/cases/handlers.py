"""Sending a case and following it, as requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from chalicelib.booking.registrations.handlers import idempotency_key
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import InLanguages, Schema
from chalicelib.core.http.fields import (
    ID,
    LINE,
    LINES,
    Choice,
    Field,
    JsonSchema,
    Model,
    OrNull,
    Several,
    Text,
    Whole,
    check,
    document,
    queried,
)
from chalicelib.core.ids import SPOKEN
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.front_door.cases import sending, table
from chalicelib.front_door.cases.rules import (
    SECRET_LENGTH,
    Act,
    Case,
    CaseStatus,
    Contact,
    HistoryEntry,
    Place,
    Way,
)
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import MOST_PHOTOS
from chalicelib.people.families.addresses import Address

AS_FORM = N_("Name a form, as the list of forms does.")
AS_ANSWERS = N_("Give the answers by the keys of the form's questions.")
AS_NAME = N_("Give a name of at most 100 characters.")
AS_PHONE = N_("Give a phone number.")
AS_POSTAL = N_("Give an address of at most 300 characters.")
AS_LANGUAGE = N_("Choose nl, fr or en.")
AS_DEGREES = N_("Give degrees, as a number: latitude from -90 to 90, longitude from -180 to 180.")
AS_LOCATION = N_("Give lat and long in degrees.")
AS_PHOTO_KEYS = N_("Name the photos by the keys that were given for them.")
AS_SECRET = N_("Give the secret that came with the receipt.")
AS_VERSION = N_("Give the version of the form, as the list of forms does.")


class Answers(Field):
    """An object; which answers it may have, the form says."""

    def parse(self, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise ValueError
        return value

    def json_schema(self) -> JsonSchema:
        return {"type": "object", "description": self.expects}


class Degrees(Field):
    def __init__(self, most: int) -> None:
        super().__init__(AS_DEGREES)
        self.most = most

    def parse(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not -self.most <= value <= self.most:
            raise ValueError
        return float(value)

    def json_schema(self) -> JsonSchema:
        return {"type": "number", "minimum": -self.most, "maximum": self.most, "description": self.expects}


CONTACT = Model(
    {
        "email": OrNull(Address()),
        "phone": OrNull(Text(AS_PHONE, r"[+0-9][0-9 ./()-]{5,29}", 30)),
        "name": OrNull(Text(AS_NAME, LINE, 100)),
        "address": OrNull(Text(AS_POSTAL, LINES, 300)),
        "language": Choice(AS_LANGUAGE, LANGUAGES),
    }
)
LOCATION = Model({"lat": Degrees(90), "long": Degrees(180), "address": OrNull(Text(AS_POSTAL, LINE, 300))}, AS_LOCATION)
CASE = Model(
    {
        "form_id": Text(AS_FORM, ID, 40),
        "version": OrNull(Whole(AS_VERSION, 1, 999_999)),
        "answers": Answers(AS_ANSWERS),
        "contact": CONTACT,
        "location": OrNull(LOCATION),
        "photos": OrNull(Several(AS_PHOTO_KEYS, Text(AS_PHOTO_KEYS, ID, 80), MOST_PHOTOS, 0)),
    }
)

SECRET = Model({"secret": Text(AS_SECRET, LINE, 100)})

Receipt = Annotated[
    str,
    Schema(pattern="^" + "-".join(f"[{SPOKEN}]{{{length}}}" for length in (4, 4, 5)) + "$"),
    "The number to read out on the phone: no letter looks like another, and the last one is a check.",
]


@dataclass(frozen=True)
class ShownReceipt:
    case_id: str
    receipt: Receipt
    secret: Annotated[
        str,
        Schema(pattern=f"^[{SPOKEN}]{{{SECRET_LENGTH}}}$"),
        "With the receipt it opens the case, without an account. Keep it to yourself.",
    ]
    answer_by: Annotated[date, "The last day on which an answer is in time."]
    what_if_not: Annotated[InLanguages, "What to do if none comes by then."]


@dataclass(frozen=True)
class ShownEntry:
    at: datetime
    act: Act
    status: CaseStatus
    text: Annotated[str, "Written for the citizen; may be empty."]


@dataclass(frozen=True)
class ShownCase:
    status: CaseStatus
    history: Annotated[Sequence[ShownEntry], "The oldest first, without names of staff and their own notes."]
    answer_by: date


def create_case(call: Call) -> Answer:
    """201 with a new case, after it is stored; 200 with the one that the same key made before."""
    key = idempotency_key(call)
    sent = sending.send(wanted(document(call.body), key), call.now)
    form = forms.version(sent.case.form_id, sent.case.form_version)
    case = sent.case
    shown = ShownReceipt(case.case_id, case.receipt, case.secret, case.answer_by, form.if_not if form else {})
    return Answer(201 if sent.is_new else 200, shown)


def get_case(call: Call, receipt: str) -> Answer:
    case = sending.opened(receipt, queried(SECRET, call.query)["secret"])
    return Answer(200, shown_case(case, table.history(case)), {"Cache-Control": "no-store"})


def wanted(content: Any, key: str) -> CaseRequest:
    """The case that was sent; raises Problem `invalid` that names its faults."""
    given = check(CASE, content)
    contact, place = given["contact"], given["location"]
    return CaseRequest(
        form_id=given["form_id"],
        version=given["version"],
        answers=given["answers"],
        way=Way.API,
        key=key,
        contact=Contact(**{name: said or "" for name, said in contact.items()}),
        place=Place(place["lat"], place["long"], place["address"] or "") if place else None,
        photos=tuple(given["photos"] or ()),
    )


def shown_case(case: Case, history: Sequence[HistoryEntry]) -> ShownCase:
    """The case for its citizen: an internal note is left out whole, also that there is one."""
    entries = [ShownEntry(one.at, one.act, one.status, one.text) for one in history if one.is_for_citizen]
    return ShownCase(case.status, entries, case.answer_by)
