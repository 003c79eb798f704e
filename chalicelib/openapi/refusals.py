"""The problems in the document: the fields that each has beside its words, and their answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from chalicelib.booking.answers.answering import UNANSWERED
from chalicelib.core.http import problems
from chalicelib.core.http.answering import BUSY_SECONDS
from chalicelib.core.http.answers import ABSENT, Absent, Count, Schema
from chalicelib.core.http.fields import MOST_ERRORS, JsonSchema
from chalicelib.core.http.problems import Problem, ProblemKind
from chalicelib.openapi import examples
from chalicelib.openapi.schemas import ref, schema_of
from chalicelib.people.families.addresses import AS_EMAIL

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True)
class DescribedFieldError:
    field: Annotated[str, Schema(examples=["email", "children[1].birth_date"])]
    message: Annotated[str, "The expected value."]


@dataclass(frozen=True)
class DescribedProblem:
    """The document that `api.problems.Problem.document` writes."""

    type: Annotated[str, Schema(format="uri")]
    title: str
    status: int
    detail: str
    errors: Annotated[Sequence[DescribedFieldError] | Absent, Schema(minItems=1, maxItems=MOST_ERRORS)] = ABSENT
    opens_at: Annotated[
        datetime | Absent | None, "The moment from which you can try; null as long as it is unknown."
    ] = ABSENT
    opening_id: Annotated[str | Absent, "The opening that decides: GET /api/openings/{opening_id}."] = ABSENT
    wishes_until: Annotated[str | Absent, "The moment until which wishes can be entered, to the minute."] = ABSENT
    why: Annotated[str | Absent, "The reason, in words."] = ABSENT
    registration_id: Annotated[str | Absent, "The registration of this family that prevents it."] = ABSENT
    seats_left: Count | Absent = ABSENT
    child_ids: Annotated[Sequence[str] | Absent, Schema(minItems=1)] = ABSENT
    rule: Annotated[str | Absent, Schema(enum=["age", "residence", "overlap", "children"])] = ABSENT
    age_min: Count | Absent | None = ABSENT
    age_max: Count | Absent | None = ABSENT
    most_children: Annotated[int | Absent, "The number of children that one mail address names in a season."] = ABSENT
    postcodes: Annotated[str | Absent, "The postcodes that the opening is for."] = ABSENT
    roles: Annotated[str | Absent, "Roles of staff, one of which is needed."] = ABSENT
    municipalities: Annotated[str | Absent, "The municipalities that somebody does not work for."] = ABSENT
    desk_number: Annotated[str | Absent, "The number by which the desk finds the family that it has just typed in."] = (
        ABSENT
    )
    request_id: Annotated[str | Absent, "The number to mention when you call for help."] = ABSENT


SCHEMAS: dict[str, JsonSchema] = {
    "FieldError": schema_of(DescribedFieldError, {}),
    "ProblemDocument": {**schema_of(DescribedProblem, {DescribedFieldError: "FieldError"}), "description": "RFC 9457."},
}
# The fields that each problem has beyond its words, and those that it may have.
_UNDECIDED = {"opens_at": None, "opening_id": examples.OPENING_ID}
CARRIES: dict[ProblemKind, dict[str, Any]] = {
    problems.INVALID: {"errors": [{"field": "email", "message": AS_EMAIL}]},
    problems.NOT_ALLOWED: {"roles": "approver"},
    problems.NOT_YOURS: {"municipalities": "Kaprijke"},
    problems.NOT_NOW: {"why": "You have approved this version already. Somebody else must give the second approval."},
    problems.TOO_EARLY: {"opens_at": examples.OPENS_AT.isoformat()},
    problems.PAUSED: {
        **_UNDECIDED,
        "why": "The system did not answer. It goes on this evening; nobody loses their turn.",
    },
    problems.BY_DRAW: {**_UNDECIDED, "wishes_until": "2027-03-13T19:00+01:00"},
    problems.BEING_DRAWN: _UNDECIDED,
    problems.ANSWERS_MISSING: {
        "child_ids": [examples.CHILD_ID],
        "errors": [{"field": f"answers.{examples.CHILD_ID}.lunch", "message": UNANSWERED}],
    },
    problems.NOT_ELIGIBLE: {"rule": "age", "child_ids": [examples.CHILD_ID]},
    problems.NOT_FROM_THERE: {"rule": "residence", "postcodes": "9970, 9971"},
    problems.OVERLAPS: {"rule": "overlap", "child_ids": [examples.CHILD_ID]},
    problems.TOO_MANY_CHILDREN: {"rule": "children", "child_ids": [examples.CHILD_ID], "most_children": 10},
    problems.SOLD_OUT: {"seats_left": 1},
    problems.UNEXPECTED: {"request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"},
}
MAY_CARRY: dict[ProblemKind, dict[str, Any]] = {
    problems.NOT_ELIGIBLE: {"age_min": 3, "age_max": 6},
    problems.NOT_NOW: {"child_ids": [examples.CHILD_ID]},
    problems.TOO_EARLY: {"opening_id": examples.OPENING_ID},
    problems.OVERLAPS: {"registration_id": examples.REGISTRATION_ID},
    problems.ALREADY_REGISTERED: {"registration_id": examples.REGISTRATION_ID},
}
# The meanings of slugs that mean more than one thing; the other problems are called by their slug.
NAMES = {
    problems.NOT_SIGNED_IN: "not-signed-in",
    problems.NOT_YOURS: "not-yours",
    problems.PAUSED: "paused",
    problems.BY_DRAW: "by-draw",
    problems.BEING_DRAWN: "being-drawn",
    problems.WISHES_OVER: "wishes-over",
    problems.OFFER_OVER: "offer-over",
    problems.NOT_FROM_THERE: "not-from-there",
    problems.OVERLAPS: "overlaps",
    problems.TOO_MANY_CHILDREN: "too-many-children",
    problems.LINKS_BUSY: "links-busy",
    problems.PROVIDER_AWAY: "provider-away",
}
HEADERS = {
    "Content-Language": {
        "description": "The language of title, detail and messages, as asked for with Accept-Language; nl if not ours.",
        "required": True,
        "schema": {"type": "string", "examples": ["nl"]},
    },
    "Retry-After": {
        "description": "Seconds.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "examples": [BUSY_SECONDS]},
    },
    "WWW-Authenticate": {
        "description": "Always sent by us; Amazon API Gateway hands it over as x-amzn-Remapped-WWW-Authenticate "
        "instead, and sends none where it refuses by itself.",
        "required": False,
        "schema": {"type": "string", "const": "Bearer"},
    },
    "Cache-Control": {"required": True, "schema": {"type": "string"}},
}
MORE_HEADERS = {401: ["WWW-Authenticate"], 425: ["Retry-After"], 429: ["Retry-After"], 503: ["Retry-After"]}


def name(kind: ProblemKind) -> str:
    return NAMES.get(kind, kind.slug)


def name_of(kinds: Sequence[ProblemKind]) -> str:
    return "-or-".join(map(name, kinds))


def response(kinds: Sequence[ProblemKind]) -> dict[str, Any]:
    """The answer of kinds that have one status; its description lists them."""
    schemas = [_schema(kind) for kind in kinds]
    more = MORE_HEADERS.get(kinds[0].status, ())
    return {
        "description": " ".join(f"`{kind.slug}`: {kind.title}." for kind in kinds),
        "headers": {header: ref("headers", header) for header in ("Content-Language", "Cache-Control", *more)},
        "content": {
            PROBLEM_JSON: {
                "schema": {"anyOf": schemas} if len(schemas) > 1 else schemas[0],
                "examples": {name(kind): {"value": _example(kind)} for kind in kinds},
            }
        },
    }


def _schema(kind: ProblemKind) -> JsonSchema:
    properties = {"type": {"const": problems.TYPE + kind.slug}, "status": {"const": kind.status}}
    its_own = {"type": "object", "properties": properties, "required": list(CARRIES.get(kind, ()))}
    return {"allOf": [ref("schemas", "ProblemDocument"), its_own]}


def _example(kind: ProblemKind) -> Mapping[str, Any]:
    return Problem(kind, {**CARRIES.get(kind, {}), **MAY_CARRY.get(kind, {})}).document("en")
