"""Phone numbers as people write them, in links of pages and mails."""

import re


def dialled(phone: str) -> str:
    """A phone number as a phone dials it, whatever people write between its digits: `+32 (0)470/12.34.56` is
    +32470123456, because who dials the country leaves the 0 out."""
    abroad = phone.strip().startswith(("+", "00", "(+"))
    digits = re.sub(r"[^0-9]", "", re.sub(r"\(0\)", "", phone) if abroad else phone)
    return f"+{digits}" if "+" in phone else digits
