"""What the city answers to what it is asked every day: a question, an answer, and where more stands. Plain rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.front_door.arriving.matching import ranked
from chalicelib.programme.questions.rules import said

MOST_KNOWN = 300
MOST_QUESTION, MOST_ANSWER, MOST_WORDS = 200, 1_000, 200
MOST_SHOWN = 3


@dataclass(frozen=True)
class KnownAnswer:
    """`question`, `answer`: language to text. `words`: other words by which people ask for it. `edition` counts its
    changes."""

    answer_id: str
    question: Mapping[str, str]
    answer: Mapping[str, str]
    words: str = ""
    edition: int = 1


def fitting(known: Mapping[str, KnownAnswer], spoken: str) -> list[KnownAnswer]:
    """Those that fit what somebody says, in whichever language they say it; the best first, at most MOST_SHOWN."""
    texts = {key: " ".join([*one.question.values(), one.words]) for key, one in known.items()}
    return [known[key] for key in ranked(texts, spoken)[:MOST_SHOWN]]


def in_order(known: Mapping[str, KnownAnswer], language: str) -> list[KnownAnswer]:
    return sorted(known.values(), key=lambda one: said(one.question, language).casefold())
