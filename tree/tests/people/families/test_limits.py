"""How many passes can be asked for: by one source address, by all together; what is beyond says nothing of anybody."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import Problem
from chalicelib.people.families import limits
from chalicelib.people.families import table as families
from chalicelib.people.families.handlers import WantedPass, ask_for
from chalicelib.people.families.identity import family_id
from tests.containers import forget

NOW = datetime(2027, 3, 6, 18, 20, 15, tzinfo=UTC)
SCHOOL = "81.82.83.84"


def ask(address: str, source: str = SCHOOL, now: datetime = NOW) -> str | None:
    """The slug of what it is refused with."""
    try:
        ask_for(WantedPass(address, "nl"), now, source)
    except Problem as problem:
        return problem.kind.slug
    return None


def sent_to(address: str) -> int:
    return len(families.of_family(family_id(address)))


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("81.82.83.84", "81.82.83.84"),
        ("::ffff:81.82.83.84", "81.82.83.84"),
        ("2a02:1811:8c0a:4f00::1", "2a02:1811:8c0a:4f00::/56"),
        ("2a02:1811:8c0a:4fff:ffff::2", "2a02:1811:8c0a:4f00::/56"),
        ("127.0.0.1", None),
        ("10.0.0.7", None),
        ("", None),
        ("not an address", None),
    ],
)
def test_a_home_is_one_source_whichever_of_its_addresses_it_uses(source, network):
    assert limits.network_of(source) == network


def test_a_school_has_enough_and_a_flood_from_one_address_ends(table, monkeypatch):
    monkeypatch.setattr(limits, "MOST_BY_SOURCE_AN_HOUR", 3)

    assert [ask(f"parent{number}@example.be") for number in range(5)] == [None, None, None, "too-many", "too-many"]
    assert [sent_to(f"parent{number}@example.be") for number in range(5)] == [1, 1, 1, 0, 0]
    forget()  # another container asks the table, and hears the same
    assert ask("parent6@example.be") == "too-many"
    assert ask("parent6@example.be", source="81.82.83.85") is None
    assert ask("parent7@example.be", now=NOW + timedelta(hours=1)) is None


def test_what_is_refused_is_the_same_for_a_known_address_and_an_unknown_one(table, monkeypatch):
    assert ask("an@example.be") is None
    monkeypatch.setattr(limits, "MOST_BY_SOURCE_AN_HOUR", 1)

    assert [ask("an@example.be"), ask("nobody@example.be")] == ["too-many", "too-many"]


def test_all_together_get_no_more_than_a_quarter_of_the_rate(table, monkeypatch):
    monkeypatch.setenv("MAILS_A_SECOND", "2")  # 30 in a minute: three in each of eight shards
    assert limits.most_in_a_minute() == 30

    asked = [ask(f"an{number}@example.be", source=f"81.82.83.{number}") for number in range(30)]

    assert asked == [None] * 24 + ["busy"] * 6
    assert ask("an@example.be", now=NOW + timedelta(minutes=1)) is None


def test_what_is_refused_from_memory_writes_nothing(table, monkeypatch):
    monkeypatch.setattr(limits, "MOST_BY_SOURCE_AN_HOUR", 1)
    assert [ask("an@example.be"), ask("bo@example.be")] == [None, "too-many"]
    monkeypatch.setattr(families, "count_links", None)

    assert ask("cas@example.be") == "too-many"


def test_a_source_is_kept_as_a_digest_that_is_another_one_in_the_next_hour(table):
    ask("an@example.be")
    ask("an@example.be", now=NOW + timedelta(hours=1))

    items = [item for page, _ in stormloop_table.scan() for item in page]
    counters = [item for item in items if item["pk"]["S"].startswith("LINKS#") and "-" not in item["pk"]["S"]]

    assert len({item["pk"]["S"] for item in counters}) == 2
    assert SCHOOL not in str(items)
    assert {int(item["expires"]["N"]) for item in counters} == {
        int((NOW + timedelta(hours=hours)).timestamp()) for hours in (1, 2)
    }
