"""QR codes, drawn here without anything fetched. Whoever scans one reads its text: it holds no token and no name."""

from collections.abc import Sequence
from itertools import groupby

import segno

# What is broken or folded to 15 % is read all the same.
ERROR = "m"


def drawn(text: str) -> segno.QRCode:
    return segno.make(text, error=ERROR, micro=False)


def payment(text: str) -> segno.QRCode:
    """As banks read one (EPC069-12): UTF-8 byte by byte, and level M even where a higher one would fit."""
    return segno.make(text, error=ERROR, micro=False, mode="byte", encoding="utf-8", boost_error=False)


def runs(code: segno.QRCode) -> Sequence[Sequence[tuple[bool, int]]]:
    """Row by row, without the quiet around it: whether it is dark, and for how many modules."""
    return [[(bool(dark), len(list(same))) for dark, same in groupby(row)] for row in code.matrix]
