"""Headers as mail servers want them: lines that are short, and words in another alphabet as RFC 2047 has them.

Python's own writer breaks an encoded word of more than 75 characters in two and loses spaces, "caféCrème", and
sometimes a quote; in one line it makes one word of any length, which RFC 2047 forbids and some programs show as it is.
"""

from email.policy import EmailPolicy
from typing import Any

# Of RFC 2047, 2: an encoded word, and a line that has one.
MOST_OF_A_WORD, MOST_OF_A_LINE = 75, 76
# Of RFC 5322, 2.1.1: a line of whatever else.
MOST_OF_ANY_LINE = 998
BEGINS, ENDS = "=?utf-8?q?", "?="
# As they are, wherever an encoded word may stand (RFC 2047, 5.3).
PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


class Folded(EmailPolicy):
    """Python's, but for the subject and a name before the sender's address."""

    def fold(self, name: str, value: Any) -> str:
        return self._ours(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        ours = self._ours(name, value)
        return ours.encode("ascii") if ours else super().fold_binary(name, value)

    def _ours(self, name: str, value: Any) -> str | None:
        match name:
            case "Subject":
                return folded(name, str(value)) + self.linesep
            case "From":
                (sender,) = value.addresses
                if not sender.display_name.isascii():
                    named = folded(name, sender.display_name, encode=True)
                    return f"{named}\r\n <{sender.addr_spec}>{self.linesep}"
        return None


FOLDED = Folded(linesep="\r\n", max_line_length=MOST_OF_ANY_LINE)


def folded(name: str, text: str, *, encode: bool = False) -> str:
    """`Subject: …`, in as many lines as it takes. `text` has no line break, and single spaces only. In ASCII it stays
    as it is, unless it is asked for (`encode`) or a part of it is longer than a line."""
    words = text.split(" ")
    if encode or not text.isascii() or max(map(len, words)) >= MOST_OF_A_LINE - len(name) - 2:
        return f"{name}: " + "\r\n ".join(encoded(text, MOST_OF_A_LINE - len(name) - 2))
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > MOST_OF_A_LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def encoded(text: str, first: int) -> list[str]:
    """`text` as encoded words, each of whole characters; a reader puts them together without a space. `first`: the
    characters that the first one may have."""
    found, most = [""], min(first, MOST_OF_A_WORD)
    for character in text:
        quoted = "_" if character == " " else "".join(chr(b) if b in PLAIN else f"={b:02X}" for b in character.encode())
        if len(BEGINS) + len(found[-1]) + len(quoted) + len(ENDS) > most:
            found.append("")
            most = MOST_OF_A_WORD
        found[-1] += quoted
    return [f"{BEGINS}{one}{ENDS}" for one in found]
