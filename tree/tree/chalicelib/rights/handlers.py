"""Rights of families, as requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import document
from chalicelib.people.families import changes, leaving
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings.passes import OwnPass, with_moments, with_warnings
from chalicelib.rights import correcting, telling


@dataclass(frozen=True)
class Erasure:
    """That a family will be erased."""

    asked_at: datetime


@dataclass(frozen=True)
class NoLongerFits:
    registration_id: str
    child_id: str


@dataclass(frozen=True)
class CorrectedPass(OwnPass):
    """The pass as it is now."""

    no_longer_fits: Annotated[
        Sequence[NoLongerFits],
        "Registrations whose session is not for the child's age by the corrected birth date. They stay; the "
        "municipality looks at each.",
    ]


def correct_family(call: Call, who: Bearer) -> Answer:
    """The family's children, postcode and language, as it corrects them by itself."""
    now_is, misfits = correcting.correct(
        who, correcting.wanted(document(call.body), call.now.date()), call.now, call.source
    )
    own = with_warnings(with_moments(now_is, call.now, call.language))
    fits_not = [NoLongerFits(one.registration_id, one.child_id) for one in misfits]
    return Answer(200, CorrectedPass(**vars(own), no_longer_fits=fits_not))


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
