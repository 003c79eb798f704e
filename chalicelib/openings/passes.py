"""A family's own pass, with the moments from which on it may register."""

from typing import Any

from chalicelib.api.answering import Answer, Call
from chalicelib.families.handlers import own_pass
from chalicelib.families.rules import Bearer, Pass
from chalicelib.moments import local
from chalicelib.openings import table
from chalicelib.openings.admission import Admission, admission
from chalicelib.openings.rules import Kind, Opening, title


def get_pass(call: Call, who: Bearer) -> Answer:
    found = own_pass(who)
    return Answer(
        200,
        {
            "pass_id": found.pass_id,
            "children": [
                {
                    "child_id": one.child_id,
                    "first_name": one.first_name,
                    "last_name": one.last_name,
                    "birth_date": one.birth_date.isoformat(),
                }
                for one in found.children
            ],
            "admission": [
                shown
                for opening in sorted(table.remembered(call.now), key=lambda one: (one.opens_at, one.opening_id))
                if not opening.reveals_seed(call.now)
                for shown in _admissions(opening, found, call)
            ],
        },
    )


def _admissions(opening: Opening, found: Pass, call: Call) -> list[dict[str, Any]]:
    """One for all children of a family, as a rule. Children whom another family named first, or who were named late,
    have their own; registered together, they wait for the last of their moments."""
    together: dict[Admission | None, list[str]] = {}
    for child in found.children:
        admitted = admission(opening, [found.namings[child.child_id]], found.postcode)
        together.setdefault(admitted, []).append(child.child_id)
    return [_shown(opening, admitted, child_ids, call) for admitted, child_ids in together.items()]


def _shown(opening: Opening, admitted: Admission | None, child_ids: list[str], call: Call) -> dict[str, Any]:
    """`at` is null while it is not told (until `known_from`), in a draw, and where no window is for the postcode
    (`window` is null then)."""
    is_told = opening.kind is Kind.FIRST_COME and call.now >= opening.plan.passes_until
    return {
        "opening_id": opening.opening_id,
        "title": title(opening.plan, call.language),
        "kind": opening.kind.value,
        "state": opening.state.value,
        "child_ids": child_ids,
        "keys": list(admitted.keys) if admitted else [],
        "window": admitted.window if admitted else None,
        "opens_at": local(opening.shifted(opening.plan.windows[admitted.window].opens_at)) if admitted else None,
        "is_late": admitted.is_late if admitted else False,
        "known_from": local(opening.plan.passes_until),
        "at": local(admitted.at) if admitted and is_told else None,
        "wishes_until": local(opening.wishes_until) if opening.wishes_until else None,
    }
