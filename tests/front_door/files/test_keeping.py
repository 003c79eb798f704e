"""A mail with files becomes a case that has them, whatever breaks off, and as long as the case is there."""

from datetime import timedelta
from typing import Any
from unittest import mock

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError

from chalicelib.core import settings
from chalicelib.core.refusals import Busy
from chalicelib.front_door.arriving import addresses, taking
from chalicelib.front_door.arriving.reading import read
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.files import bucket, keeping, table
from chalicelib.front_door.files.rules import Unkept
from tests.front_door import city
from tests.front_door.arriving.mails import DOMAIN, HEAD, part, parts
from tests.front_door.arriving.test_reading import PDF, attached
from tests.front_door.city import NOW, report
from tests.front_door.photos.conftest import photos, stored

__all__ = ["photos"]

MAILS: dict[str, bytes] = {}


@pytest.fixture(autouse=True)
def _city(photos: None) -> None:
    city.a_city()
    MAILS.clear()


def a_mail(*files: bytes, text: str = "Zie bijlage.", to: str = "") -> bytes:
    head = HEAD.replace(f"complaint@{DOMAIN}".encode(), to.encode()) if to else HEAD
    return head + parts("a", part("text/plain", text.encode()), *files)


def come(raw: bytes, name: str = "mails/1") -> Case:
    MAILS[name] = raw
    case = taking.take(read(raw), DOMAIN, NOW, name).case
    assert case is not None
    found = cases.get(case.case_id)
    assert found is not None
    return found


def test_the_files_of_a_mail_are_kept_with_its_case_and_what_is_not_is_said() -> None:
    case = come(a_mail(attached("brief.pdf", PDF), attached("winmail.dat", b"..."), attached("x.exe", b"MZ")))
    keeping.keep(case, MAILS.get)

    (batch,) = table.of_case(case.case_id)
    assert [(one.name, one.unkept) for one in batch.files] == [
        ("brief.pdf", None),
        ("winmail.dat", None),
        ("x.exe", Unkept.PROGRAM),
    ]
    assert case.files == 3
    kept = {f"files/{case.case_id}/{batch.batch_id}/{place}" for place in (0, 1)}
    assert stored() == kept
    found = boto3.client("s3").get_object(Bucket=settings.photos(), Key=min(kept))
    assert (found["Body"].read(), found["ContentType"]) == (PDF, "application/octet-stream")


def test_the_same_mail_twice_has_its_files_once_and_one_with_other_files_is_another() -> None:
    raw = a_mail(attached("brief.pdf", PDF))
    case = come(raw)
    assert come(raw, "mails/2").case_id == case.case_id
    for _ in range(2):
        keeping.keep(case, MAILS.get)

    assert len(table.of_case(case.case_id)) == len(stored()) == 1
    assert come(a_mail(attached("brief.pdf", PDF + b"2"))).case_id != case.case_id


def test_a_later_mail_adds_its_files_in_the_same_write_as_its_words() -> None:
    case = sending.send(report(), NOW).case
    to = addresses.reply_address(case.case_id, DOMAIN)
    come(a_mail(attached("foto.jpg", b"\xff\xd8\xff"), to=to))
    again = come(a_mail(attached("foto.jpg", b"\xff\xd8\xff"), to=to))
    after = come(a_mail(attached("nog.pdf", PDF), text="En nog een.", to=to))
    keeping.keep(after, MAILS.get)

    assert (again.files, after.files) == (1, 2)
    history = cases.history(after)
    assert [(one.entry, history[one.entry - 1].text) for one in table.of_case(case.case_id)] == [
        (2, "Zie bijlage.\n\n[foto.jpg]"),
        (3, "En nog een.\n\n[nog.pdf]"),
    ]


def test_what_s3_does_not_take_is_kept_by_the_next_try() -> None:
    case = come(a_mail(attached("brief.pdf", PDF)))
    with mock.patch.object(bucket, "put", side_effect=Busy()), pytest.raises(Busy):
        keeping.keep(case, MAILS.get)
    assert stored() == set()

    keeping.keep(case, MAILS.get)
    assert len(stored()) == 1


def test_what_s3_refuses_is_not_said_to_be_kept() -> None:
    """Without leave to write, or to read what is there, it says so, and the message comes again."""
    case = come(a_mail(attached("brief.pdf", PDF)))
    client = bucket.client()
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")
    with mock.patch.object(client, "put_object", side_effect=denied), pytest.raises(Busy):
        keeping.keep(case, MAILS.get)
    with time_machine.travel(NOW), pytest.raises(Busy):
        keeping.keep(case, {}.get)

    assert not table.of_case(case.case_id)[0].is_stored


def test_a_case_without_files_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    case = sending.send(report(), NOW).case
    asked: list[Any] = []
    monkeypatch.setattr(table, "of_case", asked.append)
    keeping.keep(case, MAILS.get)
    keeping.forget(case)

    assert asked == []


def test_files_go_with_their_case() -> None:
    case = come(a_mail(attached("brief.pdf", PDF)))
    keeping.keep(case, MAILS.get)
    for _ in range(2):
        keeping.forget(case)

    assert (stored(), table.of_case(case.case_id)) == (set(), [])
    keeping.keep(case, MAILS.get)
    assert stored() == set()


def test_a_mail_that_could_not_be_read_whole_says_so_in_its_case() -> None:
    case = come(a_mail(*[attached(f"{number}.txt", b"a") for number in range(300)]))

    (batch,) = table.of_case(case.case_id)
    assert len(batch.kept) == 30
    assert [batch.files[place].unkept for place in (30, -1)] == [Unkept.TOO_MANY, Unkept.UNREAD]


def test_a_link_saves_one_file_under_its_name_for_minutes_and_shows_none() -> None:
    link = bucket.link("ACDEFGHJKMNPR", "b1", 0, 'br"ief é.html')

    assert "response-content-disposition=attachment%3B%20filename%3D%22br_ief%20_.html%22%3B" in link
    assert "response-content-type=application%2Foctet-stream" in link
    assert timedelta(seconds=bucket.LINK_SECONDS) <= timedelta(minutes=5)
    assert f"X-Amz-Expires={bucket.LINK_SECONDS}" in link
