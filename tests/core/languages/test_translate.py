"""What stands in a sentence is written as its language writes it."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.core.languages import translate
from chalicelib.office.publication.public import LIST_LATER
from chalicelib.programme.openings.check import ON_HOLIDAY


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "zaterdag 1 mei 2027"), ("fr", "samedi 1er mai 2027"), ("en", "Saturday 1 May 2027")],
)
def test_a_day_is_written_as_people_do(language, said):
    assert said in translate(ON_HOLIDAY, language, day=date(2027, 5, 1), name="1 mei")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "vrijdag 7 mei 2027 om 19.30 uur"),
        ("fr", "vendredi 7 mai 2027 à 19h30"),
        ("en", "19:30 on Friday 7 May 2027"),
    ],
)
def test_a_moment_is_written_by_the_clocks_of_brussels(language, said):
    assert said in translate(LIST_LATER, language, at=datetime(2027, 5, 7, 17, 30, tzinfo=UTC))
