"""Every page in every state that the desk, and somebody who has every role can look at."""

import pytest

from tests.browser.looking import Looking
from tests.browser.pages import OF_DESK_AND_OFFICE, Look


@pytest.mark.parametrize("look", OF_DESK_AND_OFFICE, ids=str)
def test_everybody_can_use_it(look: Look, looking: Looking) -> None:
    looking.at(look)
