"""The front door of `make run`: its forms are published as a manager publishes them."""

from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Place, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.forms import table
from chalicelib.front_door.units import table as units
from infra.local.example_forms import OWNERS, open_the_front_door
from infra.local.staff import EXAMPLES
from tests.front_door.city import NOW


def test_each_shipped_form_leads_to_somebody_who_can_sign_in(table: None) -> None:
    open_the_front_door(NOW)
    before = published()
    open_the_front_door(NOW)  # what is there stays

    assert published() == before
    assert len(before) == len(OWNERS)
    accounts = {one.email for one in EXAMPLES}
    for unit in units.every().values():
        assert {*unit.people, unit.head} <= accounts
    dark = CaseRequest(
        "street", {"sort": "light", "what": "De lamp brandt niet."}, Way.PAGE, "lamp", place=Place(51.2, 3.6)
    )
    assert sending.send(dark, NOW).case.unit_id == "clerk"


def published() -> dict[str, int]:
    return {form_id: form.version for form_id, form in table.published().items()}
