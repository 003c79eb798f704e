"""The weekly sweep."""

import pytest

from chalicelib.core.observability import Unforeseen
from chalicelib.front_door.cases import ending
from chalicelib.rights import sweeping, weekly


def test_cases_end_although_families_cannot_be_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    def fails(*_: object) -> None:
        raise ValueError

    monkeypatch.setenv("REGISTRATIONS_KEPT_MONTHS", "24")
    monkeypatch.setattr(sweeping, "sweep", fails)
    monkeypatch.setattr(ending, "end", ended.append)

    with pytest.raises(Unforeseen):
        weekly.sweep({})

    assert len(ended) == 1
