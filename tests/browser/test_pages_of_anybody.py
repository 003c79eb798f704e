"""Every page in every state that whoever is nobody in particular can look at."""

import pytest

from tests.browser.looking import Looking
from tests.browser.pages import OF_ANYBODY, Look


@pytest.mark.parametrize("look", OF_ANYBODY, ids=str)
def test_everybody_can_use_it(look: Look, looking: Looking) -> None:
    looking.at(look)
