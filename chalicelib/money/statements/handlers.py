"""Requests of finance about the bank, as JSON; and the call of the function that reads a bank's file."""

import base64
import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core import metering
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import LINE, Model, Text, check
from chalicelib.core.languages import N_
from chalicelib.core.observability import naming_nobody
from chalicelib.core.refusals import is_busy
from chalicelib.money.statements import receivables, taking, uploading
from chalicelib.money.statements.rules import Unreadable
from chalicelib.people.staff.rules import Staff

AS_MUNICIPALITY = N_("Give a municipality of the programme.")
AS_AFTER = N_("Give what `next` said.")
QUERY = Model(
    {
        "municipality": Text(AS_MUNICIPALITY, LINE, 100, is_required=False),
        "after": Text(AS_AFTER, LINE, 200, is_required=False),
    }
)


def hand_in(call: Call, by: Staff) -> Answer:
    """200 with what became of the file; 202 while it is still read."""
    answer = uploading.hand_in(call.body, by)
    return Answer(200, answer) if answer else Answer(202, uploading.HandedIn(0, 0, 0))


def list_receivables(call: Call, by: Staff) -> Answer:
    asked = check(QUERY, {name: value for name, value in call.query.items() if value})
    return Answer(200, receivables.part(asked["municipality"], asked["after"] or "", call.now))


def bank(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """A file is taken in: what became of it, or why it was refused, as JSON."""
    with naming_nobody(), metering.line(context, "worked"):
        data = gzip.decompress(base64.b64decode(event["file"]))
        try:
            taken = taking.take_in(data, event["by"], datetime.now(UTC))
        except Unreadable as wrong:
            values = {
                name: value if isinstance(value, int | str) else str(value) for name, value in wrong.values.items()
            }
            return {"refused": {"message": wrong.message, "line": wrong.line, "values": values}}
        except Exception as error:
            if not is_busy(error):
                raise
            return {"busy": True}
        return {"matched": taken.matched, "tasks": taken.tasks, "already_known": taken.already_known}
