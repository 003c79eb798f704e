"""Staff sign in at the city's user pool (Cognito's page, code and PKCE), and have a session in our table afterwards
(people/staff/sessions.py): the browser has its id, and nothing else.

The identity token comes straight from Cognito over TLS, which stands for its signature (OpenID Connect Core, 3.1.3.7):
no cryptography of ours. Roles are what Cognito says of them, and it is asked anew every few minutes: whoever lost one,
or the account, is out then, and nobody who goes on typing is thrown out meanwhile.

Signing out ends all three: our session, Cognito's token by which it was renewed, and Cognito's own session in this
browser, so that the next person at the desk signs in as themselves.
"""

import base64
import hashlib
import json
import secrets
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from chalicelib.core import settings
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import BUSY, NOT_SIGNED_IN, Problem
from chalicelib.core.observability import log
from chalicelib.pages.frame.cookies import ATTEMPT, STAFF
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff import sessions
from chalicelib.people.staff.rules import Staff
from chalicelib.people.staff.signed_in import staff_of

# Where Cognito sends a browser; the template names these to it.
CALLBACK = "/office/signed-in"
PAGE = "/office/sign-in/page"
SIGNED_OUT = "/programme"
# The name of the pages' own client of the pool; programs have another (infra/template.yaml).
CLIENT = "pages"
TIMEOUT_SECONDS = 2.5


class Client(NamedTuple):
    """`secret`: without it nobody exchanges a code that they saw, nor renews with a token that they read."""

    client_id: str
    secret: str


class Attempt(NamedTuple):
    """A sign-in that this browser began: what must come back with the code, the proof that the code is for us (PKCE),
    and where somebody wanted to go."""

    state: str
    verifier: str
    after: str


def begin(visit: Visit, after: str) -> Answer:
    """To Cognito's page, by its `/logout`: a session of Cognito's that an hour before somebody left in this browser
    signs nobody in. `after`: where somebody wanted to go, a path of ours."""
    _attempt_begun(visit, after)
    return _through_logout(visit, PAGE)


def ask(visit: Visit) -> Answer:
    """To Cognito's page itself."""
    state, verifier, _ = _attempt(visit) or _attempt_begun(visit, "")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": _client().client_id,
        "response_type": "code",
        "scope": "openid email profile",
        "redirect_uri": visit.base + CALLBACK,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Answer(303, None, {"Location": f"{settings.staff_sign_in()}/oauth2/authorize?{urlencode(asked)}"})


def finish(visit: Visit) -> str:
    """Back from Cognito's page: signs in, in a session that is new, and answers what the browser says where to go.
    Raises Problem `unauthorized`."""
    begun, code = _attempt(visit), visit.query.get("code")
    visit.forget_cookie(ATTEMPT)
    if begun is None or not code:
        raise Problem(NOT_SIGNED_IN)
    if not secrets.compare_digest(begun.state.encode(), visit.query.get("state", "").encode()):
        raise Problem(NOT_SIGNED_IN)
    granted = _ask_for_tokens(
        grant_type="authorization_code", code=code, redirect_uri=visit.base + CALLBACK, code_verifier=begun.verifier
    )
    if granted is None:
        raise Problem(NOT_SIGNED_IN)
    claims = _claims(granted["id_token"])
    _end(visit)
    visit.set_cookie(STAFF, sessions.begin(claims, granted.get("refresh_token", ""), visit.now))
    return begun.after


def signed_in(visit: Visit, *, is_work: bool = True) -> Staff | None:
    """Who is signed in; None: nobody, or somebody whose session is over, or whom Cognito does not know any more.
    `is_work`: whether somebody asked for this, rather than a page by itself. Raises Problem `busy` when Cognito has not
    answered for long."""
    if STAFF not in visit.cookies:
        return None
    known = sessions.find(visit.cookies[STAFF], visit.now)
    if known is not None and not known.is_fresh(visit.now):
        known = _asked_anew(known, visit)
    if known is None:
        visit.forget_cookie(STAFF)
        return None
    if is_work:
        sessions.work(known, visit.now)
    return known.staff


def sign_out(visit: Visit) -> Answer:
    """Ends the session, and leads through Cognito's `/logout`, which ends Cognito's. What Cognito does not do now keeps
    nobody signed in with us."""
    _end(visit)
    visit.forget_cookie(STAFF)
    try:
        return _through_logout(visit, SIGNED_OUT)
    except Problem:  # then Cognito's own session is ended before the next sign-in
        return Answer(303, None, {"Location": visit.base + SIGNED_OUT})


def _through_logout(visit: Visit, path: str) -> Answer:
    """To this page of ours, after Cognito ended its own session in this browser."""
    asked = urlencode({"client_id": _client().client_id, "logout_uri": visit.base + path})
    return Answer(303, None, {"Location": f"{settings.staff_sign_in()}/logout?{asked}"})


def _attempt_begun(visit: Visit, after: str) -> Attempt:
    begun = Attempt(secrets.token_urlsafe(16), secrets.token_urlsafe(48), after)
    wanted = base64.urlsafe_b64encode(after.encode()).decode()
    visit.set_cookie(ATTEMPT, ".".join((begun.state, begun.verifier, wanted)))
    return begun


def _attempt(visit: Visit) -> Attempt | None:
    try:
        state, verifier, wanted = visit.cookies.get(ATTEMPT, "").split(".")
        return Attempt(state, verifier, base64.urlsafe_b64decode(wanted).decode()) if state else None
    except ValueError:
        return None


def _end(visit: Visit) -> None:
    """Ends the session that this browser has, if it has one, and takes back the token by which it was renewed."""
    renewal = sessions.end(visit.cookies[STAFF]) if STAFF in visit.cookies else None
    if renewal is None:
        return
    try:
        is_revoked = _post("/oauth2/revoke", token=renewal).status == 200
    except Problem:  # logged where it was raised
        return
    if not is_revoked:
        log.warning("token_not_revoked")


def _asked_anew(known: sessions.Session, visit: Visit) -> sessions.Session | None:
    try:
        granted = _ask_for_tokens(grant_type="refresh_token", refresh_token=known.renewal) if known.renewal else None
    except Problem:
        if known.is_trusted(visit.now):
            return known
        raise
    claims = _claims(granted["id_token"]) if granted is not None else {}
    if granted is None or claims["sub"] != known.staff.staff_id:
        return sessions.end_refused(known, visit.now)
    return sessions.renew(known, claims, granted.get("refresh_token") or known.renewal, visit.now)


def _claims(id_token: str) -> dict[str, Any]:
    """The claims of a token. Raises Problem `unauthorized` if it is about nobody, or for somebody else."""
    payload = id_token.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if staff_of(said) is None or said.get("aud") != _client().client_id or said.get("token_use") != "id":
        raise Problem(NOT_SIGNED_IN)
    return said


def _ask_for_tokens(**asked: str) -> Any:
    """None if Cognito refuses; raises Problem `busy` if it does not answer, or not now."""
    answer = _post("/oauth2/token", **asked)
    if answer.status == 200:
        return answer.json()
    if answer.status >= 500 or answer.status == 429:
        log.warning("sign_in_unreachable", status=answer.status)
        raise Problem(BUSY, retry_after=2)
    return None


def _post(path: str, **asked: str) -> Any:
    """Asks Cognito as the pages' client; raises Problem `busy` if it does not answer."""
    import urllib3  # noqa: PLC0415 botocore's

    client = _client()
    try:
        return urllib3.PoolManager().request(
            "POST",
            settings.staff_sign_in() + path,
            fields={"client_id": client.client_id, **asked},
            headers=urllib3.make_headers(basic_auth=":".join(client)),
            encode_multipart=False,
            timeout=TIMEOUT_SECONDS,
            retries=1,
            redirect=False,
        )
    except urllib3.exceptions.HTTPError as error:
        log.warning("sign_in_unreachable", error=type(error).__name__)
        raise Problem(BUSY, retry_after=2) from None


@lru_cache
def _client() -> Client:
    """The pages' client. Asked for and not told: in the template the client needs the pages' address, and they need
    this function first; and its secret is kept at Cognito alone. Raises Problem `busy` if Cognito does not answer."""
    import boto3  # noqa: PLC0415 loaded long since
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    pool: Any = boto3.client("cognito-idp")
    asked = {"UserPoolId": settings.staff_pool()}
    try:
        found = pool.list_user_pool_clients(**asked, MaxResults=60)["UserPoolClients"]
        client_id = next(one["ClientId"] for one in found if one["ClientName"] == CLIENT)
        described = pool.describe_user_pool_client(**asked, ClientId=client_id)["UserPoolClient"]
    except (BotoCoreError, ClientError) as error:
        log.warning("sign_in_unreachable", error=type(error).__name__)
        raise Problem(BUSY, retry_after=2) from None
    return Client(client_id, described["ClientSecret"])
