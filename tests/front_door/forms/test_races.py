"""Somebody publishes a form while somebody else empties its unit, on DynamoDB Local: one of the two is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier
from typing import Any
from unittest import mock

from chalicelib.core import table as items
from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Busy
from chalicelib.front_door.forms import canary, publishing, table
from chalicelib.front_door.units import editing
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.editing import Darkness
from tests import PATIENCE
from tests.front_door.city import COMPLAINT, KOEN, NOW, OFFICE
from tests.front_door.forms.test_publishing import drafted

EMPTY: dict[str, Any] = {"name": dict(OFFICE.name), "people": [], "head": None, "above": None, "is_confidential": False}


def test_a_form_that_is_there_has_people_whoever_was_first(real_table: None) -> None:
    for number in range(8):
        form, unit_id = replace(COMPLAINT, form_id=f"form-{number}", owner=f"unit-{number}"), f"unit-{number}"
        items.transact_write([units.putting(replace(OFFICE, unit_id=unit_id))])
        drafted(form)
        have_read = Barrier(2)  # both have read everything, and write now

        def then(do: Callable[..., Any], both: Barrier = have_read) -> Callable[..., Any]:
            def waited(*sent: Any) -> Any:
                writes = do(*sent)
                both.wait(PATIENCE)
                return writes

            return waited

        def publish(form_id: str = form.form_id) -> None:
            with suppress(Problem, Busy):
                publishing.publish(form_id, 1, NOW)

        def leave(unit_id: str = unit_id) -> None:
            with suppress(Problem, Busy):
                editing.save(editing.as_seen(unit_id, 1), EMPTY, Darkness(), KOEN, NOW)

        with (
            mock.patch.object(canary, "fly", return_value=1),
            mock.patch.object(publishing, "_relied_on", then(publishing._relied_on)),
            mock.patch.object(editing, "_leaving", then(editing._leaving)),
            ThreadPoolExecutor(2) as two,
        ):
            for one in (two.submit(publish), two.submit(leave)):
                one.result()

        unit, head = units.get(unit_id), table.head(form.form_id)
        assert unit is not None
        assert head is not None
        assert not head.published or unit.people
