"""A town in which time passes, for what happens to what is not paid."""

import pytest

from chalicelib.booking.offers import timers
from tests.booking.offers.conftest import city, town  # noqa: F401 the fixtures


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails to many come on the same queue here, with no timer that lets them follow each minute."""
    monkeypatch.setattr(timers, "begin_every_minute", lambda *_: None)
