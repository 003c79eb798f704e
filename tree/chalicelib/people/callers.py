"""Who a request is from, found out before its use case is loaded and before anything is read.

The table of routes says who may ask (`Who`). A use case gets the answer as an object: a family's `Bearer` or a `Staff`
member comes right behind the call. Nobody else decodes a token or a claim.
"""

from dataclasses import replace
from importlib import import_module
from typing import Any

from chalice.app import Request

from chalicelib.core.http.answering import Answer, Call, Edge, UseCase
from chalicelib.people import access
from chalicelib.people.families.handlers import bearer
from chalicelib.people.families.rules import Bearer
from chalicelib.people.rules import Caller, Who, Within
from chalicelib.people.staff.rules import Staff
from chalicelib.people.staff.signed_in import staff_of, with_role

# What the use case itself sees to.
_UNCHECKED = (Within.CHOSEN, Within.NOTHING)


def behind(who: Who, place: str, within: Within = Within.NOTHING, route: str = "") -> UseCase:
    """The use case at `place`, "booking.registrations.handlers:create_registration", behind the question who asks and,
    of staff, whether what is in the address is theirs (`within`).

    Its module is loaded when it is first asked for, so that it costs no other request's cold start. Raises Problem
    `unauthorized` or `not-allowed`, before anything is read; and for what is not theirs `not-found` or `not-allowed`,
    before anything about a person is read. What staff are shown or change of a person is written down under `route`.
    """

    def answered(call: Call, **path: str) -> Answer:
        asking = caller(call, who)
        if not isinstance(asking, Staff):
            use_case: UseCase = _named(place)
            return use_case(call, **path) if asking is None else use_case(call, asking, **path)
        if within not in _UNCHECKED:
            _named(within.value)(asking, call.now, **path)
        with access.watched(asking, route):
            answer: Answer = _named(place)(call, asking, **path)
            return answer

    return answered


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"chalicelib.{module}"), name)


def caller(call: Call, who: Who) -> Bearer | Staff | None:
    """Who asks, if `who` wants to know; raises Problem `unauthorized`, or `not-allowed` for staff with other roles."""
    match who:
        case Caller.FAMILY:
            return bearer(call)
        case Caller.FAMILY_BY_LINK:
            return bearer(call, call.query.get("token"))
        case Caller():
            return None
        case roles:
            return with_role(call.sender, roles)


def _enter(call: Call, request: Request) -> Call:
    """API Gateway has verified the token of staff against the user pool before we are asked."""
    claims = (request.context.get("authorizer") or {}).get("claims")
    return replace(call, sender=staff_of(claims)) if claims else call


API = Edge(_enter)
