"""Rights of families, as requests."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.http.answering import Answer, Call
from chalicelib.people.families import changes, leaving
from chalicelib.people.families.rules import Bearer
from chalicelib.rights import telling


@dataclass(frozen=True)
class Erasure:
    """That a family will be erased."""

    asked_at: datetime


def get_family(call: Call, who: Bearer) -> Answer:
    return Answer(200, telling.everything(who.family_id, call.now))


def forget_links(call: Call, who: Bearer) -> Answer:
    """204. Within ten seconds no token of the family is valid anywhere; what it has stays."""
    changes.revoke(who.family_id)
    return Answer(204)


def delete_family(call: Call, who: Bearer) -> Answer:
    """202: no token of the family is valid any more, and within a minute or two nothing is kept of it."""
    leaving.ask(who.family_id, call.now)
    return Answer(202, Erasure(call.now.replace(microsecond=0)))
