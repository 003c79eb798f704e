from datetime import UTC, date, datetime

import pytest

from chalicelib.city.work.rules import Work, WorkId, WorkKind, day, work_id

FAMILY = "g2bxdsa4e9v"
SINCE = datetime(2027, 6, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("key", ["g2bxdsa4e9vk2m4p6r8", "g2bxdsa4e9vk2m4p6r8#2027-07-05", "a/b"])
def test_an_id_is_read_as_it_was_written(key):
    one = WorkId(WorkKind.LETTER, key, FAMILY)

    assert work_id(str(one)) == one


def test_work_about_a_child_of_several_families_is_of_none():
    assert str(WorkId(WorkKind.TWICE_NAMED, "c4k7m2p9rt")) == "twice-named//c4k7m2p9rt"
    assert work_id("twice-named//c4k7m2p9rt").family_id == ""


@pytest.mark.parametrize("text", ["", "letter", "letter/g2bxdsa4e9v", "letter/g2bxdsa4e9v/", "parcel/g2bxdsa4e9v/a"])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 whichever part of it is wrong
        work_id(text)


def test_what_is_due_on_no_day_is_as_urgent_as_it_is_old():
    soon = Work(WorkKind.CALL, "a", "Brugge", {"family_id": FAMILY}, date(2027, 7, 2), SINCE)
    some_day = Work(WorkKind.LETTER, "a", "Brugge", {"family_id": FAMILY}, None, SINCE)

    assert (day(soon), day(some_day)) == (date(2027, 7, 2), date(2027, 6, 30))
