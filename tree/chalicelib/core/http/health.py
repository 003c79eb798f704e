"""Whether we are there, and which version."""

from dataclasses import dataclass
from typing import Annotated

from chalicelib import VERSION
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Schema


@dataclass(frozen=True)
class Health:
    status: Annotated[str, Schema(const="ok")]
    version: str


def health(call: Call) -> Answer:
    """Says that requests arrive and code runs. It asks nothing of the table: a health check must cost nothing."""
    return Answer(200, Health("ok", VERSION))
