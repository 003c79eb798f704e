"""Dutch, French and English. The English text is the key; nl and fr are gettext catalogues beside this file.

`make languages` compiles the .po files; tests/core/languages checks that none lacks a text.
"""

import gettext
import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("nl", "fr", "en")
DEFAULT = "nl"


def N_(text: str) -> str:  # noqa: N802 gettext's own name for it
    """Marks a text for the catalogues where it is written, to be translated where it is shown."""
    return text


@lru_cache
def catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("stormloop", Path(__file__).parent, [language])


def translate(text: str, language: str, **values: object) -> str:
    """`text` in `language`, its {names} replaced by `values`: a day or a moment as people write it there."""
    said = {name: _in_words(value, language) if isinstance(value, date) else value for name, value in values.items()}
    return catalogue(language).gettext(text).format(**said)


def _in_words(value: date, language: str) -> str:
    from chalicelib.core.languages import in_words  # noqa: PLC0415 Babel costs the API's cold start nothing

    if isinstance(value, datetime):
        return in_words.moment(value, language, seconds=value.second > 0)
    return in_words.day(value, language)


def has(text: str, language: str) -> bool:
    """Whether there is a translation. One that reads like the English is another object than what was asked for."""
    return language == "en" or catalogue(language).gettext(text) is not text


def choose(accept_language: str | None) -> str:
    """The best of ours for an Accept-Language header (RFC 9110, 12.5.4); Dutch if it names none of them."""
    best, best_weight = DEFAULT, 0.0
    for part in (accept_language or "").split(","):
        match = re.fullmatch(r"\s*([a-z]{2})(?:-[a-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part, re.I)
        if match and (language := match[1].lower()) in LANGUAGES:
            weight = min(float(match[2] or 1), 1.0)
            if weight > best_weight:
                best, best_weight = language, weight
    return best
