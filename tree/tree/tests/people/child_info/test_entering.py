"""What a family says of its child: what is stored, how long, and what is not taken."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import Problem
from chalicelib.mail.rules import messages
from chalicelib.people.child_info import entering, table
from chalicelib.people.child_info.rules import Contact, Editor
from chalicelib.people.families.rules import kept_until
from chalicelib.people.staff.rules import Role, Staff
from tests.camps import JEF, LOU, NOOR, family

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime(2027, 6, 1, 9, tzinfo=UTC)
SAID = {
    "contacts": [{"name": "An Claeys", "phone": "+32 470 12 34 56"}, {"name": "Oma Rita", "phone": "09 377 11 22"}],
    "medical": "Notenallergie: de EpiPen zit in het rode zakje.\nBel 112, dan mama.",
    "pick_up": ["Oma Rita", "Bram De Wilde (buurman)"],
}


def enter(by, child, **changed):
    return entering.enter(by.pass_.family_id, child.child_id, {**SAID, **changed}, NOW)


def wrong(by, child, **changed):
    with pytest.raises(Problem) as refused:
        enter(by, child, **changed)
    return [error.field for error in refused.value.errors] or refused.value.kind.slug


def test_what_was_said_is_read_again_as_it_was_said():
    claeys = family(LOU)

    enter(claeys, LOU)

    known = entering.of_child(claeys.pass_.family_id, LOU.child_id)
    assert known.child == LOU
    assert known.care.contacts == (Contact("An Claeys", "+32 470 12 34 56"), Contact("Oma Rita", "09 377 11 22"))
    assert (known.care.medical, list(known.care.pick_up)) == (SAID["medical"], SAID["pick_up"])
    assert known.care.entered_at == NOW


def test_it_is_kept_as_long_as_the_newest_pass_that_names_the_child():
    claeys = family(LOU)

    enter(claeys, LOU)

    (item,) = [one for one in stored() if one["sk"]["S"].startswith("CARE#")]
    assert int(item["expires"]["N"]) == kept_until(claeys.pass_.created_at)
    known = entering.of_child(claeys.pass_.family_id, LOU.child_id)
    assert known.kept_until == (claeys.pass_.created_at + timedelta(days=545)).date()


def test_who_takes_everything_away_leaves_nothing_behind():
    claeys = family(LOU)
    enter(claeys, LOU)

    assert enter(claeys, LOU, contacts=[], medical=None, pick_up=[]) is None

    assert [one for one in stored() if one["sk"]["S"].startswith("CARE#")] == []


def test_each_child_and_each_family_has_its_own():
    claeys, other = family(LOU, JEF), family(LOU, email="papa@example.be")
    enter(claeys, LOU)
    enter(other, LOU, medical=None)

    assert entering.of_child(claeys.pass_.family_id, JEF.child_id).care is None
    assert table.get(claeys.pass_.family_id, LOU.child_id).medical == SAID["medical"]
    assert table.get(other.pass_.family_id, LOU.child_id).medical == ""


def test_a_child_of_another_family_is_nobodys_to_describe():
    claeys = family(LOU)
    family(NOOR, email="fatima@example.be")

    assert wrong(claeys, NOOR) == "not-found"


def test_nothing_goes_to_the_queue():
    claeys = family(LOU)
    enter(claeys, LOU)

    keys = {"pk": f"F#{claeys.pass_.family_id}", "sk": f"CARE#{LOU.child_id}"}
    for event in ("INSERT", "MODIFY", "REMOVE"):
        assert list(messages(event, keys, {}, {"medical": SAID["medical"]})) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"contacts": [{"name": "An", "phone": "mama"}]}, "contacts[0].phone"),
        ({"contacts": [{"name": "An", "phone": "12"}]}, "contacts[0].phone"),
        ({"contacts": [{"name": "An", "phone": "+32 470 12 34 56 78 90 11 22"}]}, "contacts[0].phone"),
        ({"contacts": [{"phone": "0470 12 34 56"}]}, "contacts[0].name"),
        ({"contacts": [{"name": "An", "phone": "0470 12 34 56"}] * 5}, "contacts"),
        ({"contacts": [{"name": "A" * 81, "phone": "0470 12 34 56"}]}, "contacts[0].name"),
        ({"medical": "x" * 1001}, "medical"),
        ({"medical": "a\x00b"}, "medical"),
        ({"pick_up": ["Oma"] * 7}, "pick_up"),
        ({"pick_up": ["Oma\nOpa"]}, "pick_up[0]"),
        ({"shoe_size": 29}, "shoe_size"),
    ],
)
def test_what_is_not_right_is_named_and_nothing_is_stored(changed, field):
    claeys = family(LOU)

    assert wrong(claeys, LOU, **changed) == [field]

    assert table.get(claeys.pass_.family_id, LOU.child_id) is None


@pytest.mark.parametrize(
    "phone", ["0470123456", "0470/12.34.56", "+31 6 12345678", "(09) 377 11 22", "0031-612-345678"]
)
def test_a_phone_number_is_taken_however_people_write_it(phone):
    claeys = family(LOU)

    assert enter(claeys, LOU, contacts=[{"name": "An", "phone": phone}]).contacts == (Contact("An", phone),)


def stored():
    client = stormloop_table.Item._get_connection().connection.client
    return client.scan(TableName="stormloop")["Items"]


def test_what_stood_there_before_is_kept_with_who_changed_it_and_when():
    claeys, jamila = family(LOU), Staff("7d0c-41", "Jamila Aerts", frozenset({Role.DESK}))
    enter(claeys, LOU)
    changed = {**SAID, "medical": "Geen allergie meer."}

    entering.enter(claeys.pass_.family_id, LOU.child_id, changed, NOW + timedelta(hours=1), jamila)
    entering.enter(claeys.pass_.family_id, LOU.child_id, changed, NOW + timedelta(hours=2))  # says it again
    nothing = {"contacts": [], "medical": None, "pick_up": []}
    entering.enter(claeys.pass_.family_id, LOU.child_id, nothing, NOW + timedelta(hours=3))

    last, first = entering.former(claeys.pass_.family_id, LOU.child_id)
    assert (first.care.medical, first.care.entered_by, first.by) == (
        SAID["medical"],
        None,
        Editor("7d0c-41", jamila.name),
    )
    assert (last.care.medical, last.by, last.until) == ("Geen allergie meer.", None, NOW + timedelta(hours=3))
    assert entering.former(claeys.pass_.family_id, JEF.child_id) == []


def test_of_two_who_change_it_at_once_neither_is_lost(monkeypatch):
    claeys = family(LOU)
    enter(claeys, LOU)
    get = table.get

    def another_is_quicker(*key):
        found = get(*key)
        monkeypatch.undo()
        entering.enter(*key, {**SAID, "medical": "Ook astma."}, NOW + timedelta(minutes=1))
        return found

    monkeypatch.setattr(table, "get", another_is_quicker)
    entering.enter(claeys.pass_.family_id, LOU.child_id, {**SAID, "medical": "Koorts."}, NOW + timedelta(minutes=2))

    assert [one.care.medical for one in entering.former(claeys.pass_.family_id, LOU.child_id)] == [
        "Ook astma.",
        SAID["medical"],
    ]
