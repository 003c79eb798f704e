"""People's names. As they are compared: one folding, for who is the same child and for whom a colleague looks for. And
as they are shown: whoever has one name is shown by that one."""

from itertools import combinations
from typing import Protocol

# Stored instead of the last name of who has one name only; shown to nobody.
NO_LAST_NAME = "-"

# However a keyboard writes them.
APOSTROPHES = "'’‘`´ʼʹ"


class Named(Protocol):
    @property
    def first_name(self) -> str: ...

    @property
    def last_name(self) -> str: ...


def full_name(one: Named) -> str:
    """`Lou Claeys`; `Suharto`."""
    return f"{one.first_name} {last_name(one)}".rstrip()


def listed_name(one: Named) -> str:
    """As a list in the order of last names shows it: `Claeys Lou`; `Suharto`."""
    return f"{last_name(one)} {one.first_name}".lstrip()


def last_name(one: Named) -> str:
    """Empty: there is none."""
    return "" if one.last_name == NO_LAST_NAME else one.last_name


def by_last_name(one: Named) -> tuple[str, str]:
    """The place in that list, accents and capitals aside: Suharto between Simsek and Thienpont."""
    return plain(last_name(one) or one.first_name), plain(one.first_name)


def same(name: str) -> str:
    """As a child's id is made of it: `Łukasz D’Hooghe-Şimşek` becomes `lukaszdhooghesimsek`, the letters and digits
    of a keyboard alone. Ids are stored: a change here makes every child another one."""
    return "".join(_words(name))


def plain(name: str) -> str:
    """As people look for it: `lukasz dhooghe simsek`. The same letters, with one space between two words."""
    return " ".join(_words(name))


def is_called(wanted: str, name: str) -> bool:
    """Whether somebody of this name may be meant, as a colleague types it who heard it: without accents, words in any
    order and cut off behind, `hondt` for D'Hondt, `vandenberg` for van den Berg and the other way round. Both as people
    write them."""
    asked, known = _hearings(wanted), _hearings(name)
    return any(_begins(one, other) for one in asked for other in known)


def tails(name: str) -> list[str]:
    """Each word of a name with those behind it as one, with and without what apostrophes join: `dhondt`, `hondt`,
    `vandenberg`, `berg`. Whatever somebody may type for it begins one of them; for a page that looks by itself."""
    words = [one.split() for one in _hearings(name)]
    return sorted({"".join(one[place:]) for one in words for place in range(len(one))})


def _hearings(name: str) -> set[str]:
    """With what an apostrophe joins as one word, and as two."""
    apart = name.translate(dict.fromkeys(map(ord, APOSTROPHES), " "))
    return {plain(name), plain(apart)}


def _begins(wanted: str, name: str) -> bool:
    """Whether every word of `wanted` begins a word of `name`, or several in a row without the spaces between; no two
    the same: `jan jan` is not `jan peeters`. Or all of `wanted` does as one word, whichever part of it comes first."""
    words, known = wanted.split(), name.split()
    in_one = ["".join(words[place:] + words[:place]) for place in range(len(words))]
    by_length = sorted(words, key=len, reverse=True)
    return bool(words) and (_fits(by_length, known) or any(_fits([one], known) for one in in_one))


def _fits(words: list[str], known: list[str]) -> bool:
    left: list[str | None] = list(known)
    for word in words:
        run = next((one for one in _runs(left) if "".join(known[slice(*one)]).startswith(word)), None)
        if run is None:
            return False
        left[slice(*run)] = [None] * (run[1] - run[0])
    return True


def _runs(left: list[str | None]) -> list[tuple[int, int]]:
    """Where words in a row begin and end of which none is taken, the short ones first."""
    every = combinations(range(len(left) + 1), 2)
    return sorted((one for one in every if None not in left[slice(*one)]), key=lambda one: one[1] - one[0])


def _words(name: str) -> list[str]:
    """Accents and apostrophes stand within a word, everything else that is no letter or digit between two."""
    return "".join(map(_folded, name)).lower().split()


def _folded(character: str) -> str:
    """A letter as the letters that it looks like or stands for, without what anyascii writes beside them; nothing for
    an accent or an apostrophe; a space for what stands between words."""
    if not character.isascii():
        # Loaded for the first name that needs it, not by every cold start.
        from anyascii import anyascii  # noqa: PLC0415

        written = anyascii(character)
        if character.isalnum() or not written:
            return "".join(one for one in written if one.isalnum())
        character = written
    if character.isalnum():
        return character
    return "" if character in ("'", "`") else " "
