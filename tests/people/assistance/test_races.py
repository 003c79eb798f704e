"""One code and eight helpers at the very same moment; and an end against a page, on the real DynamoDB (Local)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.people.assistance import helping, table
from chalicelib.people.assistance.naming import Person
from chalicelib.people.assistance.rules import MOST_CODES_AN_HOUR, HelpEndedBy
from tests.camps import JEF, LOU, family
from tests.people.assistance.given import code, named, now

pytestmark = pytest.mark.usefixtures("real_table")
ADDRESS = "/sessions/{session_id}"


def at_once(asked: list[Callable[[], object]]) -> list[object]:
    """What came of each: what it answered, or the slug of its refusal."""
    together = Barrier(len(asked))

    def one(ask: Callable[[], object]) -> object:
        together.wait()
        try:
            return ask()
        except Problem as problem:
            return problem.kind.slug

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(one, asked))


def test_a_code_is_one_helpers_and_tries_are_counted_one_by_one() -> None:
    claeys = family(LOU, JEF)
    helpers = [named(Person(f"Helper {number}", f"helper{number}@bib.example")) for number in range(8)]
    said = code(claeys)

    came = at_once([partial(helping.begin_by_code, one, said, now()) for one in helpers])

    assert came.count("not-now") == 7
    assert len(table.of_family(claeys.pass_.family_id)) == 1

    guesses = at_once([lambda: helping.begin_by_code(helpers[0], "ACEFHJK9", now())] * 16)
    assert set(guesses) == {"not-now"}
    assert not table.count(f"code {helpers[0].helper_id}", f"{now():%Y-%m-%dT%H}", MOST_CODES_AN_HOUR, now())


def test_what_was_asked_for_after_the_end_is_refused_and_what_came_before_is_written_down() -> None:
    claeys = family(LOU)
    begun = helping.begin_by_code(named(), code(claeys), now())

    def asks() -> object:
        return helping.acting(begun.cookie, "POST", ADDRESS, {}, now(), is_for_families=True) and "done"

    came = at_once([asks, asks, asks, lambda: helping.end(begun.help, HelpEndedBy.FAMILY, now()), asks, asks])

    assert len(table.acts(claeys.pass_.family_id, begun.help.help_id)) == came.count("done")
    with pytest.raises(Problem, match="help-over"):
        asks()
