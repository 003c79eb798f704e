"""Every page in every state that each other role of staff can look at."""

import pytest

from tests.browser.looking import Looking
from tests.browser.pages import OF_OTHER_ROLES, Look


@pytest.mark.parametrize("look", OF_OTHER_ROLES, ids=str)
def test_everybody_can_use_it(look: Look, looking: Looking) -> None:
    looking.at(look)
