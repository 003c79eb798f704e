"""docs/privacy.md says of every kind of item what it holds of a family, for how long, and how it ends."""

import re
from pathlib import Path

import pytest

from tests.test_homes import HOMES

TABLE = Path("docs/privacy.md").read_text(encoding="utf-8").partition("## In the table")[2].partition("## Elsewhere")[0]
ROWS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| `")]
SAID = {key for row in ROWS for key in re.findall(r"`([A-Z]+(?:-[A-Z]+)*#?)…?`", row[0])}
# Of the seats' item, which has one row.
WITHIN_AN_ITEM = {key for key in HOMES if not re.fullmatch("[A-Z]+(-[A-Z]+)*#?", key)}


@pytest.mark.parametrize("key", sorted(HOMES.keys() - WITHIN_AN_ITEM))
def test_every_kind_of_item_has_its_row(key: str) -> None:
    assert key in SAID


def test_every_row_is_of_a_kind_that_there_is_and_says_it_all() -> None:
    assert HOMES.keys() >= SAID
    assert {len(row) for row in ROWS} == {5}
