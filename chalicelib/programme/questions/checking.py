"""Whether an answer is one: its question's own JSON Schema decides, as any other program would decide by it.

fastjsonschema makes a function of a schema, once in a container. Import this only where answers are checked: what a
registration needs must not load it.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import fastjsonschema

from chalicelib.core.http.fields import UNKNOWN
from chalicelib.core.http.problems import FieldError
from chalicelib.programme.questions.rules import DRAFT, MOST_TEXT, Question, QuestionKind, type_of

QUESTIONS_KEPT = 500  # compiled, in a container's memory


def checked(
    questions: Sequence[Question], given: Mapping[str, Any], path: str, errors: list[FieldError]
) -> dict[str, Any]:
    """The answers as they are kept, by key; what says nothing (null, an empty text or list) is None: no answer, or one
    that is taken away. What is wrong is added to `errors` instead, at `{path}.{key}`: a key that is not asked, too."""
    known = {question.key: question for question in questions}
    answers = {}
    for key, value in given.items():
        if key not in known:
            errors.append(FieldError(f"{path}.{key}", UNKNOWN))
            continue
        answer = _tidy(value)
        if is_answer(known[key], answer):
            answers[key] = int(answer) if known[key].kind is QuestionKind.NUMBER else answer
        elif answer in (None, "", []):
            answers[key] = None
        else:
            errors.append(FieldError(f"{path}.{key}", *known[key].expects))
    return answers


def is_answer(question: Question, value: Any) -> bool:
    try:
        if isinstance(value, str):
            value.encode()  # half of a surrogate pair is no text: nothing can store it
        _validator(json.dumps(type_of(question)))(value)
    except (fastjsonschema.JsonSchemaValueException, UnicodeEncodeError):
        return False
    return True


@lru_cache(QUESTIONS_KEPT)
def _validator(schema: str) -> Callable[[Any], Any]:
    return fastjsonschema.compile({"$schema": DRAFT, **json.loads(schema)}, detailed_exceptions=False)


def _tidy(value: Any) -> Any:
    """A text without the blanks around it, in NFC: as every other text is kept."""
    if not isinstance(value, str) or len(value) > 4 * MOST_TEXT:  # NFC takes seconds for a megabyte of accents
        return value
    return unicodedata.normalize("NFC", value.strip()).replace("\r\n", "\n")
