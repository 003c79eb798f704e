"""The city's seal on a certificate, if it has one: asked of the function Seal (infra/seal), which alone has the key.

What a certificate says of its seal stands in it before it is sealed, so that function is asked twice: who it is, which
a container remembers, and to seal. A city that has no such function has certificates that say so.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chalicelib.core import settings
from chalicelib.core.http.problems import BUSY, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.front_door.counter.rules import SealKind

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

# The request's function has ten seconds in all, and a cold start of Seal takes two.
SECONDS_WAITED = 7
SECONDS_REMEMBERED = 300.0
_remembered: Memory[str, "Sealer"] = Memory(SECONDS_REMEMBERED)

EXPIRED = N_(
    "The certificate of the city's seal ended on {day}, or has not begun. Nothing was issued. Tell the people who look "
    "after the city's computers: they renew it."
)


@dataclass(frozen=True)
class Sealer:
    """Who seals. `subject`, `issuer`: as the certificate of the key names them; "": the city has no seal. `until`: the
    last moment at which that certificate is good. `certificate`: its SHA-256."""

    kind: SealKind
    subject: str = ""
    issuer: str = ""
    until: datetime | None = None
    certificate: str = ""


NOBODY = Sealer(SealKind.NONE)


def sealer() -> Sealer:
    """As it was at most SECONDS_REMEMBERED ago. Raises Problem `busy`."""
    if not settings.seal_function():
        return NOBODY
    return _remembered.get("", _asked)


def sealed(pdf: bytes, by: Sealer, reason: str) -> bytes:
    """The PDF with the city's seal, or as it is if the city has none. Raises Problem `busy`, after which the PDF is to
    be made anew, and `not-now` if the seal is too old."""
    if by.kind is SealKind.NONE:
        return pdf
    event = {"pdf": base64.b64encode(pdf).decode(), "certificate": by.certificate, "reason": reason}
    answer = _invoked(event)
    match answer.get("refused"):
        case "another-certificate":  # the key was changed since somebody asked who seals
            _remembered.forget()
            raise Problem(BUSY, retry_after=1)
        case "expired":
            _remembered.forget()
            raise not_now(EXPIRED, day=by.until.date() if by.until else "")
    return base64.b64decode(answer["pdf"])


def _asked() -> Sealer:
    said = _invoked({})
    kind = SealKind.SELF_SIGNED if said["is_self_signed"] else SealKind.ISSUED
    until = datetime.fromisoformat(said["until"])
    return Sealer(kind, said["subject"], said["issuer"], until, said["certificate"])


def _invoked(event: Mapping[str, str]) -> Mapping[str, Any]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 loaded long since

    try:
        invoked = _lambda().invoke(
            FunctionName=settings.seal_function(), InvocationType="RequestResponse", Payload=json.dumps(event).encode()
        )
        content = invoked["Payload"].read()
    except (BotoCoreError, ClientError) as error:
        log.error("seal_unreachable", error=type(error).__name__)
        raise Problem(BUSY, retry_after=5) from None
    if invoked.get("FunctionError"):
        log.error("seal_failed")
        raise Problem(BUSY, retry_after=5)
    answer: Mapping[str, Any] = json.loads(content)
    return answer


@lru_cache
def _lambda() -> "LambdaClient":
    import boto3  # noqa: PLC0415 loaded long since
    from botocore.config import Config  # noqa: PLC0415

    # Once: whoever issues tries again.
    return boto3.client(
        "lambda", config=Config(connect_timeout=2, read_timeout=SECONDS_WAITED, retries={"total_max_attempts": 1})
    )
