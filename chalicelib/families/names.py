"""Names as people look for them."""

import unicodedata

# What Unicode does not take apart into a letter and an accent.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"})


def plain(name: str) -> str:
    """`Łukasz D’Hooghe-Şimşek` becomes `lukasz dhooghe simsek`: without capitals, accents and apostrophes, one space
    between two words."""
    folded = unicodedata.normalize("NFKD", name).casefold().translate(_PLAIN)
    letters = "".join(c for c in folded if not unicodedata.combining(c) and c not in "'’")
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


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
