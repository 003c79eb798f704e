"""Who somebody is, as the provider says that the city has a contract with: OpenID Connect, code and PKCE.

The contract is plain. The issuer publishes `/.well-known/openid-configuration`; its token endpoint takes the client's
id and secret as Basic; the identity token has `name` (or `given_name` and `family_name`), `birthdate` and `acr`. That
token comes straight from the issuer over TLS, which stands for its signature (OpenID Connect Core, 3.1.3.7). Whether a
provider (eID and itsme by the federal authentication service, DigiD by a broker) answers so, nobody has tried yet.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalicelib.core import settings
from chalicelib.core.http.problems import BUSY, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.front_door.counter.rules import Identity, IdentityWay

TIMEOUT_SECONDS = 2.5
_endpoints: Memory[str, Mapping[str, Any]] = Memory(3600)

NOT_SAID = N_("The sign-in did not say who you are. Try again, or come by with your identity card.")


@dataclass(frozen=True)
class SignIn:
    """A sign-in that a browser began: what must come back with the code, the proof that the code is for us (PKCE), and
    what must stand in the token."""

    state: str
    verifier: str
    nonce: str


def is_there() -> bool:
    """Whether the city has such a provider."""
    return bool(settings.identity_issuer())


def provider() -> str:
    """As people read it: the host of the issuer."""
    return urlsplit(settings.identity_issuer()).netloc


def begun() -> SignIn:
    return SignIn(secrets.token_urlsafe(16), secrets.token_urlsafe(48), secrets.token_urlsafe(16))


def address(begun: SignIn, back: str) -> str:
    """Where the browser goes; `back`: where it comes back. `prompt=login`: whoever left a session there in this browser
    proves nothing. Raises Problem `busy`."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": settings.identity_client()[0],
        "response_type": "code",
        "scope": "openid profile",
        "prompt": "login",
        "redirect_uri": back,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{_endpoint('authorization_endpoint')}?{urlencode(asked)}"


def proven(begun: SignIn, code: str, back: str, now: datetime) -> Identity:
    """Who signed in. Raises Problem `not-now` if the provider does not say it, `busy` if it does not answer."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": begun.verifier,
    }
    granted = _asked("POST", _endpoint("token_endpoint"), fields)
    if granted is None:
        raise not_now(NOT_SAID)
    try:
        claims = _claims(granted["id_token"])
        is_ours = (
            claims["iss"].rstrip("/") == settings.identity_issuer()
            and _is_for_us(claims)
            and secrets.compare_digest(str(claims["nonce"]), begun.nonce)
            and int(claims["exp"]) > now.timestamp()
        )
        name = claims.get("name") or f"{claims['given_name']} {claims['family_name']}"
        born = date.fromisoformat(claims["birthdate"])
        assurance = str(claims.get("acr", ""))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise not_now(NOT_SAID) from None
    if not is_ours or not name.strip():
        raise not_now(NOT_SAID)
    what = " ".join(filter(None, (provider(), assurance[:100])))
    return Identity(IdentityWay.SIGN_IN, name.strip()[:200], born, what, now, level=assurance[:100])


def _claims(id_token: str) -> dict[str, Any]:
    payload = id_token.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return said


def _is_for_us(claims: Mapping[str, Any]) -> bool:
    """Ours alone, or of several the one that it was given to (OpenID Connect Core, 3.1.3.7)."""
    audience, ours = claims["aud"], settings.identity_client()[0]
    several = audience if isinstance(audience, list) else [audience]
    return ours in several and claims.get("azp", ours if len(several) == 1 else "") == ours


def _endpoint(name: str) -> str:
    """As the issuer publishes it: below TLS, as the issuer's own address is. Raises Problem `busy`."""
    issuer = settings.identity_issuer()
    found = _endpoints.get(issuer, _published)
    return str(found[name])


def _published() -> Mapping[str, Any]:
    issuer = settings.identity_issuer()
    said = _asked("GET", f"{issuer}/.well-known/openid-configuration", None)
    names = ("authorization_endpoint", "token_endpoint")
    scheme = urlsplit(issuer).scheme
    if said is None or said.get("issuer", "").rstrip("/") != issuer:
        log.error("identity_provider_unknown")
        raise Problem(BUSY, retry_after=5)
    if any(urlsplit(str(said.get(name))).scheme != scheme for name in names):
        log.error("identity_provider_unknown")
        raise Problem(BUSY, retry_after=5)
    return {name: said[name] for name in names}


def _asked(method: str, url: str, fields: Mapping[str, str] | None) -> dict[str, Any] | None:
    """None if the provider refuses; raises Problem `busy` if it does not answer, or not now."""
    import urllib3  # noqa: PLC0415 botocore's

    more: dict[str, Any] = {"fields": dict(fields), "encode_multipart": False} if fields else {}
    headers = urllib3.make_headers(basic_auth=":".join(settings.identity_client())) if fields else {}
    try:
        answer = urllib3.PoolManager().request(
            method,
            url,
            headers=headers,
            **more,
            timeout=TIMEOUT_SECONDS,
            retries=0 if fields else 1,  # a code is good once
            redirect=False,
        )
        status = answer.status
        said = answer.json() if status == 200 else None
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        log.warning("identity_provider_unreachable", error=type(error).__name__)
        raise Problem(BUSY, retry_after=2) from None
    if status >= 500 or status == 429:
        log.warning("identity_provider_unreachable", status=status)
        raise Problem(BUSY, retry_after=2)
    return said if isinstance(said, dict) else None
