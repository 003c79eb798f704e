"""Staff sign in at the city's user pool (Cognito's page, code and PKCE), and are known by a cookie of ours afterwards.

The identity token comes straight from Cognito over TLS, which stands for its signature (OpenID Connect Core, 3.1.3.7):
no cryptography of ours beyond the cookie's HMAC. Roles are what Cognito says of them, and it is asked anew every hour:
a role that was taken away is good for an hour at most, and nobody who goes on typing is thrown out meanwhile.
"""

import base64
import hashlib
import json
import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadData

from chalicelib.core import settings
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import BUSY, NOT_SIGNED_IN, Problem
from chalicelib.core.observability import log
from chalicelib.pages.frame.cookies import ATTEMPT, COOKIES, STAFF
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.signing import signer
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.people.staff.signed_in import staff_of

# As long as Cognito's token of an identity (infra/template.yaml).
FRESH_SECONDS = 3600
CALLBACK = "/office/signed-in"
TIMEOUT_SECONDS = 5


def begin(visit: Visit, after: str) -> Answer:
    """To Cognito's page. `after`: where somebody wanted to go, a path of ours."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    visit.set_cookie(ATTEMPT, str(signer("attempt").dumps([state, verifier, after])))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": _client(),
        "response_type": "code",
        "scope": "openid email profile",
        "redirect_uri": visit.base + CALLBACK,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Answer(303, None, {"Location": f"{settings.staff_sign_in()}/oauth2/authorize?{urlencode(asked)}"})


def finish(visit: Visit) -> str:
    """Back from Cognito's page: signs in, and answers where to go. Raises Problem `unauthorized`."""
    try:
        state, verifier, after = signer("attempt").loads(
            visit.cookies.get(ATTEMPT, ""), max_age=COOKIES[ATTEMPT].seconds
        )
    except (BadData, ValueError):
        raise Problem(NOT_SIGNED_IN) from None
    visit.forget_cookie(ATTEMPT)
    code = visit.query.get("code")
    if not code or not secrets.compare_digest(state, visit.query.get("state", "")):
        raise Problem(NOT_SIGNED_IN)
    granted = _ask_for_tokens(
        grant_type="authorization_code", code=code, redirect_uri=visit.base + CALLBACK, code_verifier=verifier
    )
    if granted is None:
        raise Problem(NOT_SIGNED_IN)
    _remember(visit, _staff(granted["id_token"]), granted.get("refresh_token", ""))
    return str(after)


def signed_in(visit: Visit) -> Staff | None:
    """Who is signed in; None: nobody, or somebody whom Cognito does not know any more."""
    try:
        (staff_id, name, roles, email, municipalities), renewal, since = _read(visit.cookies.get(STAFF, ""))
        known = Staff(staff_id, name, frozenset(map(Role, roles)), email, frozenset(municipalities))
    except (BadData, ValueError, TypeError):
        return None
    if (visit.now - since).total_seconds() < FRESH_SECONDS:
        return known
    try:
        granted = _ask_for_tokens(grant_type="refresh_token", refresh_token=renewal) if renewal else None
        renewed = _staff(granted["id_token"]) if granted else None
    except Problem:  # nobody answers: the cookie stays, for the next page
        return None
    if renewed is None or granted is None:
        visit.forget_cookie(STAFF)
        return None
    _remember(visit, renewed, granted.get("refresh_token") or renewal)
    return renewed


def sign_out(visit: Visit) -> None:
    visit.forget_cookie(STAFF)


def cookie(who: Staff, renewal: str = "") -> str:
    """`renewal`: Cognito's token, by which it is asked anew."""
    known = [who.staff_id, who.name, sorted(who.roles), who.email, sorted(who.municipalities)]
    return str(signer("staff").dumps([known, renewal]))


def _read(text: str) -> tuple[Any, str, datetime]:
    (known, renewal), since = signer("staff").loads(text, max_age=COOKIES[STAFF].seconds, return_timestamp=True)
    return known, renewal, since


def _remember(visit: Visit, who: Staff, renewal: str) -> None:
    visit.set_cookie(STAFF, cookie(who, renewal))


def _staff(id_token: str) -> Staff:
    payload = id_token.split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    who = staff_of(said)
    if who is None or said.get("aud") != _client() or said.get("token_use") != "id":
        raise Problem(NOT_SIGNED_IN)
    return who


def _ask_for_tokens(**asked: str) -> Any:
    """None if Cognito refuses; raises Problem `busy` if it does not answer."""
    import urllib3  # noqa: PLC0415 botocore's

    try:
        answer = urllib3.PoolManager().request(
            "POST",
            f"{settings.staff_sign_in()}/oauth2/token",
            fields={"client_id": _client(), **asked},
            encode_multipart=False,
            timeout=TIMEOUT_SECONDS,
            retries=1,
            redirect=False,
        )
    except urllib3.exceptions.HTTPError as error:
        log.warning("sign_in_unreachable", error=type(error).__name__)
        raise Problem(BUSY, retry_after=2) from None
    return answer.json() if answer.status == 200 else None


@lru_cache
def _client() -> str:
    """The pool's one client. Asked for and not told: in the template the client needs the API's address, and the API
    needs this function first."""
    import boto3  # noqa: PLC0415 loaded long since

    client: Any = boto3.client("cognito-idp")
    found = client.list_user_pool_clients(UserPoolId=settings.staff_pool(), MaxResults=1)["UserPoolClients"]
    return str(found[0]["ClientId"])
