"""`make run` shows a webhook with a delivery that was given up, and a ring."""

import pytest

from chalicelib.front_door.watching import table as watching
from chalicelib.insight import by_itself_days
from chalicelib.links import changing, deliveries, table
from infra.local.example_links import NAME, give_something_to_look_at
from tests.front_door.city import NOW


@pytest.mark.usefixtures("table")
def test_a_delivery_can_be_sent_again_and_an_address_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_itself_days, "sum_up", lambda _: {})
    give_something_to_look_at(NOW)
    give_something_to_look_at(NOW)  # what is there stays

    (webhook,) = table.every()
    assert (webhook.name, len(deliveries.dead(webhook.webhook_id, 9))) == (NAME, 1)
    assert changing.send_again(webhook.webhook_id, NOW) == 1
    assert [one.said["why"] for one in watching.rings()] == ["status 404"]
