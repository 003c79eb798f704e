"""What is asked of the function Seal, and what a certificate does when it answers otherwise."""

import base64
import io
import json
from typing import Any

import pytest

from chalicelib.core import memory
from chalicelib.core.http.problems import Problem
from chalicelib.front_door.counter import sealing
from chalicelib.front_door.counter.rules import SealKind

SAID = {
    "subject": "Stad Kaprijke, self-signed",
    "issuer": "Stad Kaprijke, self-signed",
    "is_self_signed": True,
    "from": "2027-01-01T00:00:00+00:00",
    "until": "2032-01-01T00:00:00+00:00",
    "certificate": "ab" * 32,
}


class Seal:
    """The function, which answers what it is told; `asked`: what it was."""

    def __init__(self, *answers: dict[str, Any], error: bool = False) -> None:
        self.answers, self.error = list(answers), error
        self.asked: list[dict[str, Any]] = []

    def invoke(self, **more: Any) -> dict[str, Any]:
        self.asked.append(json.loads(more["Payload"]))
        answer = {"Payload": io.BytesIO(json.dumps(self.answers.pop(0)).encode())}
        return {**answer, "FunctionError": "Unhandled"} if self.error else answer


@pytest.fixture
def with_seal(monkeypatch: pytest.MonkeyPatch) -> Any:
    memory.forget_all()
    monkeypatch.setenv("SEAL_FUNCTION", "seal")

    def use(seal: Seal) -> Seal:
        monkeypatch.setattr(sealing, "_lambda", lambda _: seal)
        return seal

    return use


def test_a_city_without_a_seal_asks_nobody(monkeypatch):
    monkeypatch.setenv("SEAL_FUNCTION", "")
    assert sealing.sealed(lambda _: b"%PDF-", "x") == (b"%PDF-", sealing.NOBODY)


def test_who_seals_is_asked_once_and_the_file_goes_through_it(with_seal):
    seal = with_seal(Seal(SAID, {"pdf": base64.b64encode(b"sealed").decode()}))

    first, again = sealing.sealer(), sealing.sealer()

    assert first is again
    assert (first.kind, first.subject) == (SealKind.SELF_SIGNED, "Stad Kaprijke, self-signed")
    assert sealing.sealed(lambda _: b"%PDF-", "ACE-FGH-JKM-NPRF") == (b"sealed", first)
    assert seal.asked == [
        {},
        {"pdf": "JVBERi0=", "certificate": "ab" * 32, "reason": "ACE-FGH-JKM-NPRF"},
    ]


@pytest.mark.parametrize(("refused", "slug"), [("another-certificate", "busy"), ("expired", "not-now")])
def test_a_seal_that_refuses_issues_nothing_and_is_asked_anew(with_seal, refused, slug):
    seal = with_seal(Seal(SAID, {"refused": refused}, SAID))
    with pytest.raises(Problem) as problem:
        sealing.sealed(lambda _: b"%PDF-", "x")
    assert problem.value.kind.slug == slug
    sealing.sealer()
    assert len(seal.asked) == 3


def test_both_questions_share_one_limit(with_seal, monkeypatch):
    """A page may wait for ten seconds in all: who used six for the first question has none left for the second."""
    seal, clock, waited = Seal(SAID, {"pdf": ""}), [100.0], []
    with_seal(seal)

    def of(seconds: int) -> Seal:
        waited.append(seconds)
        clock[0] += 6.5
        return seal

    monkeypatch.setattr(sealing, "_lambda", of)
    monkeypatch.setattr(sealing, "monotonic", lambda: clock[0])

    with pytest.raises(Problem) as problem:
        sealing.sealed(lambda _: b"%PDF-", "x")

    assert problem.value.kind.slug == "busy"
    assert waited == [6]
    assert seal.asked == [{}]


def test_a_seal_that_fails_leaves_nothing_unsealed(with_seal):
    with_seal(Seal({"errorMessage": "x"}, error=True))
    with pytest.raises(Problem) as problem:
        sealing.sealer()
    assert problem.value.kind.slug == "busy"
