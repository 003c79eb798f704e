"""What a family revoked is refused everywhere within ten seconds, and no request reads for itself to know it."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from botocore.exceptions import ClientError

from chalicelib.booking.offers import links
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import Problem
from chalicelib.people.families import changes, tokens
from chalicelib.people.families.rules import Naming, kept_until
from tests.camps import LOU, family
from tests.containers import forget

START = datetime(2027, 3, 6, 18, 0, tzinfo=UTC)
AN = "an.claeys@example.be"


class Containers:
    """Given containers of our functions, which share a table and a clock, and remember each for themselves."""

    def __init__(self, clock: list[float]) -> None:
        self.clock = clock
        self.known: dict[str, Any] = {}
        self.asked = 0

    def within(self, name: str) -> None:
        forget()
        if name in self.known:
            changes._remembered.put(changes.PARTITION, self.known[name])

    def read(self, name: str, token: str) -> str:
        """What a container answers to a token: "in", or the slug of its refusal."""
        self.within(name)
        try:
            tokens.read(token)
            answer = "in"
        except Problem as problem:
            answer = problem.kind.slug
        self.known[name] = changes._remembered.last(changes.PARTITION)
        return answer


@pytest.fixture
def containers(table: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    clock = [1000.0]
    monkeypatch.setattr(changes, "monotonic", lambda: clock[0])
    found = Containers(clock)
    ask = changes._ask

    def counted(known: changes.Known, now: float) -> None:
        found.asked += 1
        ask(known, now)

    monkeypatch.setattr(changes, "_ask", counted)
    return found


def unreachable() -> Any:
    client: Any = stormloop_table.Item._get_connection().connection.client
    error = ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "Query")
    return patch.object(client, "_make_api_call", side_effect=error)


def test_links_that_a_family_forgot_are_refused_everywhere_within_ten_seconds(containers: Containers) -> None:
    with time_machine.travel(START, tick=False) as now:
        an, other = family(), family(email="fatima@example.be")
        link = links.sign(f"{an.pass_.family_id}r2345678", an.pass_.pass_id)
        assert [containers.read(name, an.token) for name in ("warm", "other")] == ["in", "in"]

        now.shift(1)
        changes.revoke(an.pass_.family_id)

        assert containers.read("cold", an.token) == "unauthorized"
        assert containers.read("warm", an.token) == "in"  # it asked a moment ago
        containers.clock[0] += 5
        now.shift(5)
        assert [containers.read(name, an.token) for name in ("warm", "other", "cold")] == ["unauthorized"] * 3
        with pytest.raises(Problem, match="unauthorized"):
            links.read(link)
        assert containers.read("warm", other.token) == "in"


def test_a_link_that_is_mailed_afterwards_works(containers: Containers) -> None:
    with time_machine.travel(START, tick=False) as now:
        an = family()
        changes.revoke(an.pass_.family_id)
        assert containers.read("one", tokens.sign(an.pass_)) == "unauthorized"  # in the same second

        now.shift(1)

        assert containers.read("one", tokens.sign(an.pass_)) == "in"


def test_a_token_that_is_written_anew_is_no_newer_than_the_one_that_was_shown(containers: Containers) -> None:
    """Else whoever has a link could have it renewed, in a container that does not know yet, after it was revoked."""
    with time_machine.travel(START, tick=False) as now:
        an = family()
        assert containers.read("slow", an.token) == "in"
        now.shift(1)
        changes.revoke(an.pass_.family_id)
        now.shift(1)
        containers.within("slow")

        renewed = tokens.renewed(an.token, an.pass_)

        assert containers.read("cold", renewed) == "unauthorized"


def test_a_thousand_requests_in_five_seconds_are_one_query(containers: Containers) -> None:
    an = family()

    assert {containers.read("one", an.token) for _ in range(1000)} == {"in"}

    assert containers.asked == 1


def test_a_cold_container_reads_all_that_is_valid_and_then_only_what_is_new(containers: Containers) -> None:
    with time_machine.travel(START, tick=False) as now:
        families = [family(email=f"an{number}@example.be") for number in range(30)]
        with patch.object(changes.ChangeItem, "query", page_by_page):
            for one in families:
                changes.revoke(one.pass_.family_id)
            assert [containers.read("cold", one.token) for one in families] == ["unauthorized"] * 30
        now.shift(3600)
        containers.clock[0] += 3600
        assert containers.read("cold", families[0].token) == "unauthorized"
        now.shift(3600)
        containers.clock[0] += 3600
        with patch.object(changes.ChangeItem, "from_raw_data", side_effect=AssertionError("read once more")):
            assert containers.read("cold", families[0].token) == "unauthorized"


_query = changes.ChangeItem.query


def page_by_page(*given: Any, **more: Any) -> Any:
    """As a partition that fills several pages."""
    return _query(*given, page_size=4, **more)


def test_a_change_that_another_clock_stamped_late_is_heard(containers: Containers) -> None:
    with time_machine.travel(START, tick=False) as now:
        an = family()
        assert containers.read("one", an.token) == "in"
        now.shift(-20)
        late = changes.revoking(an.pass_.family_id, datetime.now(UTC))
        late["Put"]["Item"]["until"] = {"N": str(int(START.timestamp()))}
        now.shift(25)
        stormloop_table.transact_write([late])
        containers.clock[0] += 5

        assert containers.read("one", an.token) == "unauthorized"


def test_without_dynamodb_a_container_goes_by_what_it_knows_for_ten_seconds(containers: Containers) -> None:
    an = family()
    assert containers.read("warm", an.token) == "in"
    with unreachable():
        assert containers.read("cold", an.token) == "busy"
        for after, answer in ((4.9, "in"), (5, "in"), (9.9, "in"), (10, "busy"), (60, "busy")):
            containers.clock[0] = 1000 + after
            assert containers.read("warm", an.token) == answer
    assert containers.read("warm", an.token) == "in"


def test_a_table_that_does_not_answer_is_not_asked_by_every_request(containers: Containers) -> None:
    an = family()
    assert containers.read("warm", an.token) == "in"
    containers.clock[0] += 6
    with unreachable():
        assert {containers.read("warm", an.token) for _ in range(100)} == {"in"}
    assert containers.asked == 2


def test_a_naming_that_the_desk_moved_is_known(table: None) -> None:
    assert changes.moved(LOU.child_id) is None
    forget()
    with time_machine.travel(START, tick=False) as now:
        for family_id in ("first234567", "second34567"):
            naming = Naming(family_id, int(START.timestamp()))
            stormloop_table.transact_write([changes.moving(LOU.child_id, naming, datetime.now(UTC))])
            now.shift(1)

    assert changes.moved(LOU.child_id) == Naming("second34567", int(START.timestamp()))
    assert not changes.is_revoked("second34567", 0)


def test_a_moved_naming_is_told_as_long_as_a_pass_from_before_can_be_signed_anew():
    """Its mails have new tokens, which say what the pass said when it was proven."""
    told = changes.moving(LOU.child_id, Naming("piet0000000", 1_804_183_201), START)["Put"]["Item"]

    assert int(told["expires"]["N"]) > kept_until(START) + tokens.SECONDS_VALID
