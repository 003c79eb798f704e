"""Texts in the table: what is now, what was, and two who write at once."""

from datetime import UTC, datetime

import pytest
from pynamodb.exceptions import QueryError

from chalicelib.city.texts import table
from chalicelib.city.texts.rules import KEYS, TextVersion, default
from chalicelib.core import memory
from chalicelib.core import table as stormloop_table
from chalicelib.core.refusals import Interfered
from chalicelib.people.staff.rules import Staff
from tests.dynamodb_local import TABLE

BRING = KEYS["bring"]
ELS = Staff("sub-Els", "Els Maes", frozenset())
AT = datetime(2027, 3, 6, 18, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("table")


def version(number: int, words: str = "Schoenen") -> TextVersion:
    return TextVersion(BRING, number, {"nl": words, "fr": "Des chaussures", "en": "Shoes"}, ELS, AT)


def test_where_nobody_wrote_anything_it_is_the_codes_own():
    assert table.get(BRING) == default("bring") == table.remembered()["bring"]
    assert table.history(BRING) == [default("bring")]


def test_what_is_written_is_the_text_and_stays_in_its_history():
    table.write(version(1))
    table.write(version(2, "Laarzen"))

    assert table.get(BRING) == version(2, "Laarzen") == table.remembered()["bring"]
    assert table.history(BRING) == [version(2, "Laarzen"), version(1), default("bring")]
    assert table.version(BRING, 1) == version(1)
    assert table.version(BRING, 0) == default("bring")
    assert table.version(BRING, 3) is None


@pytest.mark.parametrize("number", [1, 3])
def test_who_saw_another_version_writes_nothing(number):
    table.write(version(1))

    with pytest.raises(Interfered):
        table.write(version(number, "Laarzen"))
    assert table.get(BRING) == version(1)
    assert table.version(BRING, 3) is None


def test_other_texts_stay_what_they_are():
    table.write(version(1))

    assert table.remembered()["faq"] == default("faq")


def test_all_texts_are_one_read_in_ten_seconds(monkeypatch):
    client = stormloop_table.Item._get_connection().connection.client
    asked = []
    ask = client._make_api_call
    monkeypatch.setattr(client, "_make_api_call", lambda *call: asked.append(call[0]) or ask(*call))

    for _ in range(5):
        table.remembered()
    assert asked == ["Query"]

    monkeypatch.setattr(memory, "monotonic", lambda: 1e9)
    table.remembered()
    assert asked == ["Query", "Query"]


def test_while_dynamodb_does_not_answer_texts_stay_what_they_were(monkeypatch):
    table.write(version(1))
    table.remembered()

    def fail(*_):
        raise QueryError("busy")

    monkeypatch.setattr(table.TextItem, "query", fail)
    monkeypatch.setattr(memory, "monotonic", lambda: 1e9)

    assert table.remembered()["bring"] == version(1)
    table.forget()
    assert table.remembered()["bring"] == default("bring")


def test_a_key_that_the_code_no_longer_knows_is_passed_over():
    client = stormloop_table.Item._get_connection().connection.client
    item = table.TextItem.of(table.PK, "bygone", version(1)).serialize()
    client.put_item(TableName=TABLE["TableName"], Item=item)

    assert set(table.remembered()) == set(KEYS)
