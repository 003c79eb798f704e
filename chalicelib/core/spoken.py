"""Codes that people read out and type, of core/ids.SPOKEN. Plain rules."""

from stdnum.iso7064 import mod_37_36

from chalicelib.core.ids import SPOKEN


def with_check(characters: str) -> str:
    """With a character behind it that finds slips (ISO 7064, hybrid)."""
    return characters + mod_37_36.calc_check_digit(characters, SPOKEN)


def without_marks(typed: str) -> str:
    """In large letters, without what people type between."""
    return "".join(each for each in typed.upper() if each.isalnum())


def checked(typed: str, length: int) -> str | None:
    """A code of so many characters and the one that finds slips, as `with_check` made it; None: none reads so."""
    code = without_marks(typed)
    if len(code) != length + 1 or set(code) - set(SPOKEN):
        return None
    return code if mod_37_36.is_valid(code, SPOKEN) else None
