"""People's names as they are compared: one folding, for who is the same child and for whom a colleague looks for."""

import unicodedata

# Letters that Unicode does not take apart into a letter and an accent.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"})


def same(name: str) -> str:
    """As a child's id is made of it: `Łukasz D’Hooghe-Şimşek` becomes `łukaszdhooghesimsek`, without capitals, accents,
    and whatever is no letter or digit. Ids are stored: a change here makes every child another one."""
    return "".join(_words(_folded(name)))


def plain(name: str) -> str:
    """As people look for it: `lukasz dhooghe simsek`. The same letters, but with one space between two words, and those
    that `same` has to leave as they are (ø, ł, æ …) as a keyboard has them."""
    return " ".join(_words(_folded(name).translate(_PLAIN)))


def matches(wanted: str, name: str) -> bool:
    """Whether every word of `wanted` begins a word of `name`, in whatever order; both as `plain` writes them. No two
    begin the same one: `jan jan` is not `jan peeters`."""
    left = name.split()
    for word in sorted(wanted.split(), key=len, reverse=True):
        found = next((one for one in left if one.startswith(word)), None)
        if found is None:
            return False
        left.remove(found)
    return bool(wanted)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKD", name).casefold()


def _words(folded: str) -> list[str]:
    """Accents and apostrophes stand within a word, everything else that is no letter or digit between two."""
    letters = "".join(c for c in folded if not unicodedata.combining(c) and c not in "'’")
    return "".join(c if c.isalnum() else " " for c in letters).split()
