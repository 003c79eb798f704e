"""Who a request is from, found out before its use case is loaded and before anything is read.

The table of routes says who may ask (`Who`). A use case gets the answer as an object: a family's `Bearer` or a `Staff`
member comes right behind the call. Nobody else decodes a token or a claim.
"""

from dataclasses import replace
from importlib import import_module

from chalice.app import Request

from chalicelib.core.http.answering import Answer, Call, Edge, UseCase
from chalicelib.people.families.handlers import bearer
from chalicelib.people.families.rules import Bearer
from chalicelib.people.rules import Caller, Who
from chalicelib.people.staff.rules import Staff
from chalicelib.people.staff.signed_in import staff_of, with_role


def behind(who: Who, place: str) -> UseCase:
    """The use case at `place`, "booking.registrations.handlers:create_registration", behind the question who asks.

    Its module is loaded when it is first asked for, so that it costs no other request's cold start. Raises Problem
    `unauthorized` or `not-allowed`, before anything is read.
    """

    def answered(call: Call, **path: str) -> Answer:
        asking = caller(call, who)
        module, _, name = place.partition(":")
        use_case: UseCase = getattr(import_module(f"chalicelib.{module}"), name)
        return use_case(call, **path) if asking is None else use_case(call, asking, **path)

    return answered


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
