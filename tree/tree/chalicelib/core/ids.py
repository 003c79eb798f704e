"""Ids of letters and digits that are not mistaken for one another, for the eyes of whoever reads a log or a table."""

import hashlib
import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
# For reading out on the phone: nothing that looks like another (0 O D Q, 1 I L, 2 Z, 5 S, 8 B, U V).
SPOKEN = "34679ACEFGHJKMNPRTVWXY"


def spelled(digest: bytes, length: int, alphabet: str = ALPHABET) -> str:
    """`length` characters, each worth log2(31) = 4.95 bits of a digest: the same one has the same id."""
    number = int.from_bytes(digest, "big")
    characters = ""
    for _ in range(length):
        number, digit = divmod(number, len(alphabet))
        characters += alphabet[digit]
    return characters


def named(name: str, length: int, alphabet: str = ALPHABET) -> str:
    """The id of what has this name. Anybody can work it out: what is of a person is keyed
    (people/families/identity.py)."""
    return spelled(hashlib.sha256(name.encode()).digest(), length, alphabet)


def by_chance(length: int) -> str:
    """An id that nobody can guess or choose."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
