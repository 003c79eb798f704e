"""The population register, where the city lets Stormloop ask it: one question, one answer.

The contract is plain (docs/front-door.md): `POST {address}/facts` with the city's key as Bearer, and in JSON which
certificate is asked for and whose, as it was proven. It answers 200 and
    {"answer": "facts", "name": …, "born": ISO day, "address": …, "fields": {…}} or {"answer": "none" | "uncertain"}.
Nothing of a person stands in an address or a log.
"""

import json
from datetime import date
from typing import Protocol

from chalicelib.core import settings
from chalicelib.core.observability import log
from chalicelib.front_door.counter.automatic import Facts, NoFacts, RegisterAnswer
from chalicelib.front_door.counter.rules import Identity

SECONDS_WAITED = 3.0
MOST_BYTES = 64_000


class RegisterAway(Exception):
    """It did not answer, or not in words that we know."""


class Register(Protocol):
    def says(self, form_id: str, identity: Identity) -> RegisterAnswer:
        """What it says of whoever proved this identity, for this kind of certificate. Raises RegisterAway."""
        ...


class RegisterOverHttp:
    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key

    def says(self, form_id: str, identity: Identity) -> RegisterAnswer:
        import urllib3  # noqa: PLC0415 botocore's

        asked = {
            "certificate": form_id,
            "name": identity.name,
            "born": identity.born.isoformat() if identity.born else None,
        }
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            answer = urllib3.PoolManager().request(
                "POST",
                f"{self._address}/facts",
                body=json.dumps(asked).encode(),
                headers=headers,
                timeout=urllib3.Timeout(total=SECONDS_WAITED),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            content = answer.read(MOST_BYTES + 1)
        except urllib3.exceptions.HTTPError as error:
            log.warning("register_unreachable", error=type(error).__name__)
            raise RegisterAway from None
        if answer.status != 200 or len(content) > MOST_BYTES:
            log.warning("register_refuses", status=answer.status)
            raise RegisterAway
        return _read(content)


def of_city() -> Register | None:
    """None: there is none, so a clerk issues."""
    address, key = settings.register()
    return RegisterOverHttp(address, key) if address else None


def is_there() -> bool:
    return bool(settings.register()[0])


def _read(content: bytes) -> RegisterAnswer:
    try:
        found = json.loads(content)
        if found["answer"] != "facts":
            return NoFacts(found["answer"])
        fields = {key: _field(value) for key, value in found["fields"].items()}
        return Facts(_words(found["name"]), date.fromisoformat(found["born"]), _words(found["address"]), fields)
    except (AttributeError, KeyError, TypeError, ValueError):
        log.warning("register_not_understood")
        raise RegisterAway from None


def _field(value: object) -> str | tuple[str, ...]:
    return tuple(map(_words, value)) if isinstance(value, list) else _words(value)


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
