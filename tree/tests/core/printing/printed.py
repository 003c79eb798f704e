"""Reads a PDF of ours as a printer does: the text of each page, letter by letter, through what the file itself says."""

import re
import zlib

STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)


def pages(content: bytes) -> list[list[str]]:
    """The texts of each page, in the order in which they were written."""
    streams = [zlib.decompress(one) for one in STREAM.findall(content)]
    (cmap,) = [one.decode() for one in streams if b"begincmap" in one]
    known = re.findall(r"^<(\w{4})> <(\w+)>$", cmap, re.MULTILINE)
    letters = {code: bytes.fromhex(text).decode("utf-16-be") for code, text in known}
    return [
        ["".join(letters.get(code, "□") for code in re.findall("....", text)) for text in _texts(one)]
        for one in streams
        if b" Tj" in one
    ]


def _texts(page: bytes) -> list[str]:
    return re.findall(r"<(\w*)> Tj", page.decode())
