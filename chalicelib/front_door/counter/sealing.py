"""The city's seal on a certificate, if it has one: asked of the function Seal (infra/seal), which alone has the key.

What a certificate says of its seal stands in it before it is sealed, so that function is asked who it is, which a
container remembers, and then to seal; both within SECONDS_WAITED together. A city that has no such function has
certificates that say so.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from chalicelib.core import settings
from chalicelib.core.http.problems import BUSY, Problem, not_now
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.front_door.counter.rules import SealKind

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

# For all that one certificate asks: the request's function has ten seconds in all, and a cold start of Seal takes two.
SECONDS_WAITED = 7
# A page that only says who seals waits no longer than for a cold start.
SECONDS_TO_SHOW = 4
SECONDS_TO_CONNECT = 1
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
    """To be shown: as it was at most SECONDS_REMEMBERED ago. Raises Problem `busy`."""
    return _sealer(monotonic() + SECONDS_TO_SHOW)


def sealed(made: Callable[[Sealer], bytes], reason: str) -> tuple[bytes, Sealer]:
    """The PDF that `made` makes for who seals, with the city's seal, or as it is if the city has none; and who sealed.
    Within SECONDS_WAITED. Raises Problem `busy`, after which trying again is safe, and `not-now` if the seal is too
    old."""
    until = monotonic() + SECONDS_WAITED
    by = _sealer(until)
    pdf = made(by)
    if by.kind is SealKind.NONE:
        return pdf, by
    event = {"pdf": base64.b64encode(pdf).decode(), "certificate": by.certificate, "reason": reason}
    answer = _invoked(event, until)
    match answer.get("refused"):
        case "another-certificate":  # the key was changed since somebody asked who seals
            _remembered.forget()
            raise Problem(BUSY, retry_after=1)
        case "expired":
            _remembered.forget()
            raise not_now(EXPIRED, day=by.until.date() if by.until else "")
    return base64.b64decode(answer["pdf"]), by


def _sealer(until: float) -> Sealer:
    if not settings.seal_function():
        return NOBODY
    return _remembered.get("", lambda: _asked(until))


def _asked(until: float) -> Sealer:
    said = _invoked({}, until)
    kind = SealKind.SELF_SIGNED if said["is_self_signed"] else SealKind.ISSUED
    ends = datetime.fromisoformat(said["until"])
    return Sealer(kind, said["subject"], said["issuer"], ends, said["certificate"])


def _invoked(event: Mapping[str, str], until: float) -> Mapping[str, Any]:
    """`until`: of the monotonic clock; nobody is asked who could not answer by then."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 loaded long since

    seconds = int(until - monotonic() + 0.5) - SECONDS_TO_CONNECT
    if seconds < 1:
        log.error("seal_too_slow")
        raise Problem(BUSY, retry_after=5)
    try:
        invoked = _lambda(seconds).invoke(
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
def _lambda(seconds: int) -> "LambdaClient":
    import boto3  # noqa: PLC0415 loaded long since
    from botocore.config import Config  # noqa: PLC0415

    # Once: whoever issues tries again.
    times = Config(connect_timeout=SECONDS_TO_CONNECT, read_timeout=seconds, retries={"total_max_attempts": 1})
    return boto3.client("lambda", config=times)
