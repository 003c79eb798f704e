"""A photo from its upload to its case: in moto's bucket and table, by the function that Lambda calls."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.core import settings
from chalicelib.core import table as stormloop
from chalicelib.core.http.problems import Problem
from chalicelib.core.ids import by_chance
from chalicelib.core.refusals import Busy, Refused
from chalicelib.front_door.photos import bucket, keeping, table, taking, uploading
from chalicelib.front_door.photos.rules import (
    KEY_LENGTH,
    MOST_BYTES,
    Photo,
    PhotoState,
    Position,
    Size,
    Standing,
    Unfit,
    is_key,
    position_of,
    standing,
)
from infra.photos import handler
from tests.front_door.photos.conftest import event, put, stored
from tests.front_door.photos.taken import BUSY, exif, jpeg, opened, png

NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
KEY = "abcdefghjkmnpqrstuvwxyz2"
OTHER = "23456789abcdefghjkmnpqrs"
HERE = Position(51.05700, 3.72000)


def takes(case_id: str, *keys: str) -> None:
    stormloop.transact_write([table.taking(key, case_id, NOON) for key in keys])


def test_a_photo_is_developed_and_its_original_deleted(arrives) -> None:
    arrives(KEY, jpeg(told=exif(lat=BUSY[0], long=BUSY[1])))

    assert table.get(KEY) == Photo(KEY, PhotoState.READY, HERE)
    assert stored() == {f"loose/{KEY}.large.jpg", f"loose/{KEY}.small.jpg"}
    assert opened(bucket.content(KEY, Size.SMALL) or b"").format == "JPEG"


def test_a_renamed_pdf_is_refused_with_its_reason_and_deleted(arrives) -> None:
    arrives(KEY, b"%PDF-1.7 ...")

    assert table.get(KEY) == Photo(KEY, PhotoState.REFUSED, unfit=Unfit.NOT_A_PHOTO)
    assert stored() == set()


def test_sixteen_megabytes_that_came_in_all_the_same_are_not_even_read(arrives, monkeypatch) -> None:
    monkeypatch.setattr(handler, "develop", lambda _: pytest.fail("developed"))

    arrives(KEY, bytes(16_000_000))

    assert (table.get(KEY).unfit, stored()) == (Unfit.TOO_LARGE, set())


def test_a_photo_is_one_cases(arrives) -> None:
    arrives(KEY, jpeg())
    takes("CASE1", KEY)
    takes("CASE1", KEY)  # the same request, sent again

    with pytest.raises(Refused) as refused:
        takes("CASE2", OTHER, KEY)

    assert taking.refusals([OTHER, KEY], refused.value.items)[0].field == "photos[1]"
    assert (table.get(KEY).case_id, table.get(OTHER).case_id) == ("CASE1", "")


def test_a_refused_photo_is_no_cases_and_the_form_is_told_why(arrives) -> None:
    arrives(KEY, b"GIF89a")

    with pytest.raises(Refused) as refused:
        takes("CASE1", KEY)

    (error,) = taking.refusals([KEY], refused.value.items)
    assert error.message.startswith("This is no photo.")


def test_its_position_is_forgotten_once_a_case_takes_it(arrives) -> None:
    arrives(KEY, jpeg(told=exif(lat=BUSY[0], long=BUSY[1])))

    takes("CASE1", KEY)

    assert table.get(KEY) == Photo(KEY, PhotoState.READY, None, "CASE1")


def test_a_photo_of_a_case_is_kept_beyond_the_two_days(arrives) -> None:
    arrives(KEY, jpeg())
    takes("CASE1", KEY)

    keeping.keep([KEY], NOON, NOON)
    keeping.keep([KEY], NOON, NOON)

    assert {f"kept/{KEY}.large.jpg", f"kept/{KEY}.small.jpg"} <= stored()


def test_a_case_that_was_quicker_than_its_photo_has_it_all_the_same(photos) -> None:
    """Given a report that was sent, and whose stream was read, while its photo was being developed."""
    put(KEY, jpeg(told=exif(lat=BUSY[0], long=BUSY[1])))
    takes("CASE1", KEY)
    keeping.keep([KEY], NOON, NOON)
    assert stored() == {f"arriving/{KEY}"}

    handler.handle(event(KEY), None)

    assert {f"kept/{KEY}.large.jpg", f"kept/{KEY}.small.jpg"} <= stored()
    assert table.get(KEY) == Photo(KEY, PhotoState.READY, None, "CASE1", is_kept=True)
    item = table.PhotoItem.find(f"PHOTO#{KEY}", "PHOTO")
    assert item.expires > (NOON + timedelta(days=3000)).timestamp()  # nobody else can take it


@pytest.mark.parametrize("until", [1, 2, 3, 4])
def test_a_case_may_take_it_at_any_moment(photos, monkeypatch, until) -> None:
    """Between any two writes of the function: before the pictures, between them, before the state, before the end."""
    put(KEY, jpeg())
    writes = []

    def cut(call):
        def counted(*path, **arguments):
            writes.append(call)
            if len(writes) == until:
                takes("CASE1", KEY)
                keeping.keep([KEY], NOON, NOON)
            return call(*path, **arguments)

        return counted

    s3, dynamodb = handler._s3(), handler._dynamodb()
    monkeypatch.setattr(s3, "put_object", cut(s3.put_object))
    monkeypatch.setattr(dynamodb, "update_item", cut(dynamodb.update_item))
    handler.handle(event(KEY), None)

    assert {f"kept/{KEY}.large.jpg", f"kept/{KEY}.small.jpg"} <= stored()


def test_leave_that_is_used_twice_changes_no_photo(arrives) -> None:
    """Given a photo that staff saw; then something else is uploaded with the same leave."""
    arrives(KEY, jpeg(64, 48))
    seen = bucket.content(KEY, Size.LARGE)
    takes("CASE1", KEY)

    arrives(KEY, jpeg(100, 100))
    arrives(KEY, b"<script>alert(1)</script>")

    assert bucket.content(KEY, Size.LARGE) == seen
    assert table.get(KEY).state is PhotoState.READY
    assert f"arriving/{KEY}" not in stored()


def test_the_same_event_twice_is_one_photo(photos) -> None:
    put(KEY, jpeg())
    handler.handle(event(KEY), None)
    handler.handle(event(KEY), None)

    assert table.get(KEY).state is PhotoState.READY


def test_a_photo_that_ended_the_function_twice_is_refused(photos, monkeypatch) -> None:
    put(KEY, png())

    def ends(content):
        raise MemoryError

    monkeypatch.setattr(handler, "develop", ends)
    for _ in range(2):
        with pytest.raises(MemoryError):
            handler.handle(event(KEY), None)
    handler.handle(event(KEY), None)

    assert (table.get(KEY).unfit, stored()) == (Unfit.TOO_HARD, set())


def test_what_lies_elsewhere_in_the_bucket_is_not_touched(photos) -> None:
    for place in ("kept/x.large.jpg", "arriving/../kept/x", "arriving/short"):
        handler.take(settings.photos(), place)

    assert stored() == set()


def _lost() -> None:
    for size in Size:
        boto3.client("s3").delete_object(Bucket=settings.photos(), Key=f"loose/{KEY}.{size}.jpg")


def test_what_could_not_be_copied_is_not_said_to_be_kept_and_somebody_hears_of_it(arrives) -> None:
    """Given a photo that is gone from where it lay; another one of the case is kept all the same."""
    arrives(KEY, jpeg())
    arrives(OTHER, jpeg())
    takes("CASE1", KEY, OTHER)
    _lost()

    with pytest.raises(keeping.NotKept):
        keeping.keep([KEY, OTHER], NOON, NOON + timedelta(hours=1))

    assert (table.get(KEY).is_kept, table.get(OTHER).is_kept) == (False, True)
    keeping.keep([KEY, OTHER], NOON, NOON + timedelta(days=3))  # for good: nobody is called each time


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown"])
def test_a_copy_that_s3_refuses_is_tried_again(arrives, monkeypatch, code) -> None:
    arrives(KEY, jpeg())
    takes("CASE1", KEY)

    def refuses(**_):
        raise ClientError({"Error": {"Code": code}}, "CopyObject")

    copy = bucket.client().copy_object
    monkeypatch.setattr(bucket.client(), "copy_object", refuses)
    with pytest.raises((keeping.NotKept, Busy)):
        keeping.keep([KEY], NOON, NOON)
    assert not table.get(KEY).is_kept
    monkeypatch.setattr(bucket.client(), "copy_object", copy)

    keeping.keep([KEY], NOON, NOON)
    assert table.get(KEY).is_kept


def test_what_was_copied_before_it_was_noted_is_kept(arrives) -> None:
    arrives(KEY, jpeg())
    takes("CASE1", KEY)
    bucket.keep(KEY)
    _lost()

    keeping.keep([KEY], NOON, NOON)

    assert table.get(KEY).is_kept


def test_a_photo_that_is_refused_after_a_case_took_it_is_not_kept(photos) -> None:
    put(KEY, b"%PDF-1.7")
    takes("CASE1", KEY)

    handler.handle(event(KEY), None)

    assert table.get(KEY) == Photo(KEY, PhotoState.REFUSED, None, "CASE1", Unfit.NOT_A_PHOTO)


@pytest.mark.parametrize("place", ["kept", "loose"])
def test_who_may_not_list_the_bucket_finds_a_photo_wherever_it_lies(arrives, monkeypatch, place) -> None:
    """At AWS we may not: then what is not there is called AccessDenied."""
    arrives(KEY, jpeg())
    if place == "kept":
        bucket.keep(KEY)
        _lost()
    get = bucket.client().get_object

    def as_aws(**asked):
        if asked["Key"] not in stored():
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")
        return get(**asked)

    monkeypatch.setattr(bucket.client(), "get_object", as_aws)

    assert bucket.content(KEY, Size.SMALL)
    assert bucket.content(OTHER, Size.SMALL) is None


@pytest.mark.parametrize(
    ("photo", "after", "expected"),
    [
        (Photo(KEY, PhotoState.WAITING), timedelta(minutes=14), Standing.COMING),
        (Photo(KEY, PhotoState.WAITING), timedelta(minutes=15), Standing.MISSING),
        (Photo(KEY, PhotoState.REFUSED), timedelta(), Standing.REFUSED),
        (Photo(KEY, PhotoState.READY), timedelta(hours=47), Standing.THERE),
        (Photo(KEY, PhotoState.READY), timedelta(hours=48), Standing.MISSING),
        (Photo(KEY, PhotoState.READY, is_kept=True), timedelta(days=900), Standing.THERE),
    ],
)
def test_how_a_photo_of_a_case_stands(photo, after, expected) -> None:
    assert standing(photo, NOON, NOON + after) is expected


def test_nothing_is_left_of_the_photos_of_a_case_that_ends(arrives) -> None:
    arrives(KEY, jpeg())
    takes("CASE1", KEY)
    keeping.keep([KEY], NOON, NOON)

    keeping.forget([KEY])
    keeping.forget([KEY])

    assert stored() == set()
    assert table.get(KEY) == Photo(KEY, PhotoState.WAITING)


def test_leave_is_for_one_key_and_at_most_15_mb_and_costs_no_call(photos, monkeypatch) -> None:
    client = bucket.client()
    monkeypatch.setattr(client, "_make_api_call", lambda *_: pytest.fail("called"))

    key, leave = uploading.begin("", NOON)

    assert is_key(key)
    assert leave.fields["key"] == f"arriving/{key}"
    assert leave.fields["Content-Type"] == "application/octet-stream"
    assert leave.expires_at == NOON + timedelta(minutes=10)
    assert urlsplit(leave.url).netloc == f"{settings.photos()}.s3.eu-west-1.amazonaws.com"
    assert bucket.origin() == f"https://{settings.photos()}.s3.eu-west-1.amazonaws.com"
    policy = policy_of(leave.fields["policy"])
    assert ["content-length-range", 1, MOST_BYTES] in policy["conditions"]
    assert {"key": f"arriving/{key}"} in policy["conditions"]


def test_the_hundred_and_twenty_first_upload_of_an_hour_is_refused(photos) -> None:
    for _ in range(uploading.MOST_BY_SOURCE_AN_HOUR):
        uploading.begin("81.82.83.84", NOON)

    for _ in range(2):
        with pytest.raises(Problem, match="not-now"):
            uploading.begin("81.82.83.84", NOON)
    assert uploading.begin("81.82.83.85", NOON)
    assert uploading.begin("81.82.83.84", NOON + timedelta(hours=1))


def test_a_city_that_does_without_is_told_so(photos, monkeypatch) -> None:
    monkeypatch.setenv("TAKES_PHOTOS", "no")

    assert bucket.origin() == ""
    with pytest.raises(Problem, match="not-now"):
        uploading.begin("", NOON)


@pytest.mark.parametrize(
    "keys", [["../kept/x"], ["a" * 23], ["a" * 25], [KEY, KEY], [KEY.upper()], ["abcdefghjkmnpqrstuvwxyz\n"]]
)
def test_what_is_no_key_is_refused_before_anything_is_written(keys) -> None:
    assert [error.field for error in taking.faults(keys)] == [f"photos[{len(keys) - 1}]"]


def test_keys_are_by_chance_and_positions_read_back() -> None:
    assert is_key(by_chance(KEY_LENGTH))
    assert position_of(str(Position(-0.5, 3.72))) == Position(-0.5, 3.72)
    assert [position_of(text) for text in ("", "51.05700", "91.00000,3.00000", "nan,nan")] == [None] * 4


def policy_of(encoded: str) -> dict:
    import base64
    import json

    return json.loads(base64.b64decode(encoded))
