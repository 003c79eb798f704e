"""The front door of the example city: three units with the example staff, and the shipped forms, published as a manager
publishes them, so each after a canary."""

import os
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.core import table as items
from chalicelib.front_door.forms import editing, publishing, table
from chalicelib.front_door.forms.examples import EXAMPLES
from chalicelib.front_door.forms.rules import RoutingRule
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.people.staff.rules import Role, Staff
from infra.local.staff import DOMAIN

MANAGER = Staff("example-manager", "Piet de Boer", frozenset({Role.MANAGER}))
HEAD = f"director@{DOMAIN}"
UNITS = (
    Unit(
        "clerk",
        {"nl": "Secretariaat en klachten", "fr": "Secrétariat et plaintes", "en": "Town clerk and complaints"},
        (f"clerk@{DOMAIN}",),
        HEAD,
        "",
        False,
        1,
    ),
    Unit(
        "streets",
        {"nl": "Straten en groen", "fr": "Voirie et espaces verts", "en": "Streets and parks"},
        (f"streets@{DOMAIN}",),
        HEAD,
        "clerk",
        False,
        1,
    ),
    Unit(
        "youth",
        {"nl": "Jeugdhulp", "fr": "Aide à la jeunesse", "en": "Youth care"},
        (f"youth@{DOMAIN}",),
        HEAD,
        "clerk",
        True,
        1,
    ),
)
# Of the Dutch complaint the city has no use.
OWNERS = {
    "complaint-be": "clerk",
    "street": "streets",
    "question": "clerk",
    "suggestion": "clerk",
    "registration": "clerk",
    "youth-care": "youth",
}


def open_the_front_door(now: datetime) -> None:
    """Stores units and forms; what is there already stays as it is."""
    known = units.every()
    for unit in UNITS:
        if unit.unit_id not in known:
            items.transact_write([units.putting(unit)])
    heads = table.heads()
    for example, owner in OWNERS.items():
        form_id = EXAMPLES[example].form_id
        if form_id not in heads:
            editing.begin(form_id, example, MANAGER)
        head = table.head(form_id)
        if head is None or head.published:
            continue
        draft = editing.draft(form_id)
        lights = (RoutingRule("clerk", {"sort": ("light",)}),) if form_id == "street" else ()
        form = replace(draft.form, owner=owner, routing=lights)
        items.transact_write([table.putting(form, draft.edition + 1, MANAGER.name)])
        publishing.publish(form_id, draft.edition + 1, now)
    print("The front door: three units, and six forms by which anybody can send them something.", flush=True)


if __name__ == "__main__":
    assert os.environ.get("AWS_ENDPOINT_URL"), "only for the emulator"
    open_the_front_door(datetime.now(UTC))
