"""Every page in every state that families, and those who help them can look at."""

import pytest

from tests.browser.looking import Looking
from tests.browser.pages import OF_FAMILIES, Look


@pytest.mark.parametrize("look", OF_FAMILIES, ids=str)
def test_everybody_can_use_it(look: Look, looking: Looking) -> None:
    looking.at(look)
