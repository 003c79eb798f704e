"""Somebody of finance hands in a bank's file: a function of its own reads it, because ten thousand lines need more time
and memory than a request has.

The request waits for its answer. Where that takes too long the function goes on by itself, and the statement's page
says when all of it is there; handing the file in again says the same, and counts nothing twice.
"""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from chalicelib.core import settings
from chalicelib.core.http.answers import Count
from chalicelib.core.http.problems import BUSY, INVALID, FieldError, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.people.staff.rules import Staff

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

# The request's function has ten seconds in all.
SECONDS_WAITED = 7
# Lambda takes 6 MB, and a file stands in it packed, and written in Base64.
MOST_PACKED = 4_300_000
FILE = "file"

NO_FILE = N_("Choose a file first.")
TOO_LARGE = N_("Packed it has {size} MB, and at most {most} MB are possible. Ask the bank for shorter statements.")


@dataclass(frozen=True)
class HandedIn:
    """A file was taken in."""

    matched: Annotated[Count, "Entries whose reference says for which order they are."]
    tasks: Annotated[Count, "Entries that somebody of finance has to look at; one may be matched as well."]
    already_known: Annotated[Count, "Entries that were counted before, from this file or another one."]


def hand_in(data: bytes, by: Staff) -> HandedIn | None:
    """None: it takes longer than the request can wait, and goes on. Raises Problem `invalid`, which names the line,
    and `busy`."""
    if not data.strip():
        raise invalid(FILE, NO_FILE)
    packed = gzip.compress(data, mtime=0)
    if len(packed) > MOST_PACKED:
        raise invalid(FILE, TOO_LARGE, size=_megabytes(len(packed)), most=_megabytes(MOST_PACKED))
    answer = _ask({"file": base64.b64encode(packed).decode(), "by": by.name})
    if answer is None:
        return None
    if answer.get("busy"):
        raise Problem(BUSY, retry_after=2)
    if refused := answer.get("refused"):
        field = f"line {refused['line']}" if refused["line"] else FILE
        raise Problem(INVALID, errors=[FieldError(field, refused["message"], refused["values"])])
    return HandedIn(answer["matched"], answer["tasks"], answer["already_known"])


def _ask(event: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The function's answer; None: it is still at work."""
    from botocore.exceptions import ReadTimeoutError  # noqa: PLC0415 loaded long since

    try:
        invoked = _lambda().invoke(
            FunctionName=settings.bank_function(), InvocationType="RequestResponse", Payload=json.dumps(event).encode()
        )
    except ReadTimeoutError:
        return None
    if invoked.get("FunctionError"):
        raise RuntimeError("the function that reads a bank's file failed")
    answer: Mapping[str, Any] = json.loads(invoked["Payload"].read())
    return answer


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".removesuffix(".0")


@lru_cache
def _lambda() -> "LambdaClient":
    import boto3  # noqa: PLC0415 loaded long since
    from botocore.config import Config  # noqa: PLC0415

    # Once: a second try would wait again, for what is at work already.
    return boto3.client(
        "lambda", config=Config(connect_timeout=2, read_timeout=SECONDS_WAITED, retries={"total_max_attempts": 1})
    )
