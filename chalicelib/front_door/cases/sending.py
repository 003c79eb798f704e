"""The one way in which a case comes to be: for a page, the API, Open311, the phone, a mail, a letter and the canary.

Guarantee: whoever is given a receipt has a case that is stored and in the inbox of a unit; both are one transaction,
which reads nothing. The same key with the same content is answered with the same case, so that trying again is safe.
A container remembers forms and units for five seconds: what is sent to one that went dark meanwhile is taken.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.canonical import canonical
from chalicelib.core.http.fields import MISSING, MOST_ERRORS
from chalicelib.core.http.problems import INVALID, NOT_FOUND, FieldError, Problem, invalid, not_now
from chalicelib.core.ids import SPOKEN, spelled
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.core.spoken import without_marks
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.keys import PREFIX, SK
from chalicelib.front_door.cases.rules import (
    ID_LENGTH,
    SECRET_LENGTH,
    Case,
    CaseStatus,
    Contact,
    Place,
    Way,
    case_id_of,
    id_of,
)
from chalicelib.front_door.deadlines import answer_by
from chalicelib.front_door.files.rules import FileBatch
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import ContactRule, Form, PlaceRule
from chalicelib.front_door.mapping import places
from chalicelib.front_door.photos import taking
from chalicelib.front_door.routing.rules import unit_for
from chalicelib.front_door.units import table as units
from chalicelib.people.families.identity import derived_key

IS_DARK = N_("This form takes nothing now: nobody is there to answer. Call the city, or use another form.")
IS_WITHDRAWN = N_("The city has taken this form away for now. Call the city, or use another form.")
IS_CLOSED = N_("This form is not open today.")
IS_ANOTHER = N_("This form was changed. See how it is now, and send it again: what you typed is kept.")
AS_KEY_ONCE = N_("This key was sent with something else before. Send a new key.")
AS_CONTACT = N_("Give a mail address, a phone number or an address on which the city can answer.")
AS_PLACE = N_("Say where it is.")
NO_PLACE = N_("This form asks for no place.")
AS_PHOTOS = N_("Send at most {most} photos.")
NOBODY = N_("This form leads nowhere now. Call the city, or use another form.")


@dataclass(frozen=True)
class CaseRequest:
    """`version`: of the form, as the sender saw it; None: the one that is published. `key`: the same one when somebody
    tries again. `about`: a registration_id; "": none. `files`: that came with it; None: none did."""

    form_id: str
    answers: Mapping[str, Any]
    way: Way
    key: str
    version: int | None = None
    contact: Contact = field(default_factory=Contact)
    place: Place | None = None
    photos: tuple[str, ...] = ()
    about: str = ""
    is_canary: bool = False
    files: FileBatch | None = None


@dataclass(frozen=True)
class SentCase:
    """`is_new`: False if the same key made it before."""

    case: Case
    is_new: bool


def send(request: CaseRequest, now: datetime) -> SentCase:
    """Stores a case. Raises Problem `not-found` for a form that there never was, `not-now` for one that takes nothing
    now, `invalid`; and Busy, after which the same key is safe to try again, also when the form was changed or went dark
    meanwhile."""
    try:
        return send_to(_form(request, now), request, now)
    except Problem:
        if before := _sent_before(request):
            return SentCase(before, is_new=False)
        raise


def send_to(form: Form, request: CaseRequest, now: datetime) -> SentCase:
    """The same for a form that is in hand: a draft, by which a canary goes before it is published."""
    from chalicelib.front_door.routing import areas  # noqa: PLC0415 a form without places needs none

    answers = checked(form, request)
    place = places.located(request.place) if request.place else None
    unit_id = unit_for(form, answers, areas.containing(place) if place and place.is_located else ())
    unit = units.remembered().get(unit_id)
    if unit is None:
        raise not_now(NOBODY)
    case = Case(
        case_id=case_id_by(form.form_id, request.key),
        secret="".join(secrets.choice(SPOKEN) for _ in range(SECRET_LENGTH)),
        form_id=form.form_id,
        form_version=form.version,
        kind=form.kind,
        way=request.way,
        answers=answers,
        contact=request.contact,
        place=place,
        photos=request.photos,
        unit_id=unit_id,
        status=CaseStatus.RECEIVED,
        received_at=now,
        answer_by=answer_by(form.deadline, today(now)),
        about=request.about,
        is_confidential=form.is_confidential or unit.is_confidential,
        is_canary=request.is_canary,
        files=len(request.files.files) if request.files else 0,
    )
    content = _content(case, request)
    writes = table.putting_new(case, content)
    try:
        items.transact_write([*writes, *taking.writes(case.photos, case.case_id, now), *_of_files(case, request)])
    except Refused as refused:
        return SentCase(_same(refused, content, case.photos, len(writes)), is_new=False)
    return SentCase(case, is_new=True)


def opened(receipt: str, secret: str) -> Case:
    """The case of somebody who has its receipt and its secret, however they typed them. Raises Problem `not-found` for
    any others: nobody learns which of them was wrong. One consistent read, and none for what reads like no receipt."""
    case_id, typed = case_id_of(receipt), without_marks(secret)
    case = table.get(case_id) if case_id and len(typed) == SECRET_LENGTH and typed.isascii() else None
    if case is None or not hmac.compare_digest(case.secret, typed):
        raise Problem(NOT_FOUND)
    return case


def _form(request: CaseRequest, now: datetime) -> Form:
    head = forms.remembered_heads().get(request.form_id)
    if head is None or not head.newest:
        raise Problem(NOT_FOUND)
    if not head.published or head.dark_since:
        raise not_now(IS_WITHDRAWN if head.is_withdrawn else IS_DARK)
    number = request.version or head.published
    form = forms.version(request.form_id, number) if head.takes(number, now) else None
    if form is None:
        raise not_now(IS_ANOTHER)
    if not form.is_open(today(now)):
        raise not_now(IS_CLOSED)
    latest = forms.version(request.form_id, head.published)
    # What is asked is as the sender saw it; who answers is as it is now: the units of a version that was replaced may
    # have no people any more.
    return replace(form, owner=latest.owner, routing=latest.routing) if latest else form


def checked(form: Form, request: CaseRequest) -> dict[str, Any]:
    """The answers that say something, by key. Raises Problem `invalid` with all that is wrong."""
    from chalicelib.programme.questions import checking  # noqa: PLC0415 compiles schemas: for cases only

    errors: list[FieldError] = []
    given = checking.checked(form.questions, request.answers, "answers", errors)
    answers = {key: value for key, value in given.items() if value is not None}
    wrong = {error.field for error in errors}
    errors += [
        FieldError(f"answers.{question.key}", MISSING)
        for question in form.questions
        if question.required and question.key not in answers and f"answers.{question.key}" not in wrong
    ]
    if form.contact is ContactRule.REQUIRED and not request.contact.is_reachable:
        errors.append(FieldError("contact", AS_CONTACT))
    if form.place is PlaceRule.REQUIRED and request.place is None:
        errors.append(FieldError("location", AS_PLACE))
    if form.place is PlaceRule.NONE and request.place is not None:
        errors.append(FieldError("location", NO_PLACE))
    elif request.place and places.is_outside(request.place):
        errors.append(FieldError("location", places.OUTSIDE))
    if len(request.photos) > form.most_photos:
        errors.append(FieldError("photos", AS_PHOTOS, {"most": form.most_photos}))
    else:
        errors += taking.faults(request.photos)
    if errors:
        raise Problem(INVALID, errors=errors[:MOST_ERRORS])
    return answers


def _of_files(case: Case, request: CaseRequest) -> list[Mapping[str, Any]]:
    if request.files is None:
        return []
    from chalicelib.front_door.files import table as files  # noqa: PLC0415 of mails only

    return [files.putting(case.case_id, request.files)]


def _same(refused: Refused, content: str, photos: Sequence[str], first_photo: int) -> Case:
    """The case that the same key made before; raises Problem `invalid` if it says something else, or a photo is not
    this case's (`first_photo`: the place of their writes), and Refused if it is there no more."""
    found = refused.items.get(0)
    if not found:
        of_photos = {place - first_photo: item for place, item in refused.items.items() if place >= first_photo}
        if errors := taking.refusals(photos, of_photos):
            raise Problem(INVALID, errors=errors)
        raise refused
    item = table.CaseItem.from_raw_data(dict(found))
    if item.ending:
        raise refused
    if item.content != content:
        raise invalid("Idempotency-Key", AS_KEY_ONCE)
    return table.read(item)


def _sent_before(request: CaseRequest) -> Case | None:
    """The case that the same key with the same content made, by the form as it was then; one consistent read."""
    item = table.CaseItem.find(PREFIX + case_id_by(request.form_id, request.key), SK)
    case = table.read(item) if item else None
    form = forms.version(case.form_id, case.form_version) if case else None
    if item is None or item.ending or case is None or form is None:
        return None
    try:
        sent = replace(
            case,
            answers=checked(form, request),
            contact=request.contact,
            photos=request.photos,
            about=request.about,
        )
    except Problem:
        return None
    return case if _content(sent, request) == item.content else None


def _content(case: Case, request: CaseRequest) -> str:
    """Digest of what was sent; with the place as it was typed: the same when the city has other streets by then."""
    return hashlib.sha256(canonical([table.said_of(replace(case, place=request.place)), case.about])).hexdigest()


def case_id_by(form_id: str, key: str) -> str:
    """Of the case that this key makes by this form: nobody who lacks our key can work it out."""
    text = f"{form_id}\n{key}"
    return id_of(spelled(hmac.digest(derived_key("case"), text.encode(), hashlib.sha256), ID_LENGTH, SPOKEN))
