"""The mails of `make run`: one is a case with a paper, one waits for the desk."""

from chalicelib.front_door.arriving import table as arrivals
from chalicelib.front_door.cases import table
from chalicelib.front_door.files.table import of_case
from infra.local.example_forms import open_the_front_door
from infra.local.example_mails import send_example_mails
from tests.front_door.city import NOW
from tests.front_door.photos.conftest import photos

__all__ = ["photos"]


def test_one_is_a_case_with_its_paper_and_one_waits(photos: None) -> None:
    open_the_front_door(NOW)
    for _ in range(2):
        send_example_mails(NOW)

    (entry,) = table.inbox("clerk")
    (batch,) = of_case(entry.case_id)
    assert [one.name for one in batch.kept] == ["attest.pdf"]
    assert [one.name for one in batch.unkept] == ["bekijk.exe"]
    assert [one.why for one in arrivals.left().mails] == ["no-form"]
