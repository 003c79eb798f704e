"""The number by which a bank transfer is known again. Plain rules.

In Belgium the structured communication (OGM-VCS): ten digits and two that check them, modulo 97 (Febelfin, "Conditions
pour proposer des virements": +++123/1234/12345+++ on paper, 12 digits in data, and anything beside it makes free text
of it). In the Netherlands the betalingskenmerk of 16 digits: one that checks the fifteen behind it, by weights and
modulo 11 (Betaalvereniging Nederland, "De specificaties van het Nederlandse betalingskenmerk").

Each is made of a number that counts up. It is no secret: whoever knows one can pay with it, and learns nothing.
"""

from itertools import cycle

from stdnum.be import ogm_vcs

from chalicelib.core.languages import N_

BELGIAN_LABEL, DUTCH_LABEL = N_("Structured communication"), N_("Payment reference")

BELGIAN, DUTCH = 12, 16
MOST_BELGIAN, MOST_DUTCH = 10**10 - 1, 10**15 - 1
# From the rightmost digit to the left, and again from the start where there are more.
WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)


def belgian(number: int) -> str:
    """12 digits. Raises ValueError for a number outside of 1 to MOST_BELGIAN."""
    if not 1 <= number <= MOST_BELGIAN:
        raise ValueError("no structured communication has this number")
    digits = f"{number:010}"
    return digits + str(ogm_vcs.calc_check_digits(digits))


def dutch(number: int) -> str:
    """16 digits. Raises ValueError for a number outside of 1 to MOST_DUTCH."""
    if not 1 <= number <= MOST_DUTCH:
        raise ValueError("no betalingskenmerk has this number")
    digits = f"{number:015}"
    return _check_digit(digits) + digits


def is_reference(digits: str) -> bool:
    """Whether it is one of either country: its length and its check are right."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    if len(digits) == BELGIAN:
        return bool(ogm_vcs.is_valid(digits))
    return len(digits) == DUTCH and digits[1:].strip("0") != "" and digits[0] == _check_digit(digits[1:])


def spoken(reference: str) -> str:
    """As people write it: `+++123/4567/89002+++`, or `5000 0567 8901 2345`. Raises ValueError for any other text."""
    if not is_reference(reference):
        raise ValueError("not a reference")
    if len(reference) == BELGIAN:
        return f"+++{ogm_vcs.format(reference)}+++"
    return " ".join(reference[start : start + 4] for start in range(0, DUTCH, 4))


def label_of(reference: str) -> str:
    """The name of a reference in its country, to be translated."""
    return BELGIAN_LABEL if len(reference) == BELGIAN else DUTCH_LABEL


def _check_digit(digits: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(reversed(digits), cycle(WEIGHTS), strict=False))
    check = 11 - total % 11
    return str({10: 1, 11: 0}.get(check, check))
