"""The picture of an opening’s time, which the server draws: a bar for each stretch, a line for what happened in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from xml.etree.ElementTree import tostring

from chalicelib.pages.frame.pictures import drawing, shape, write

# In the units of the drawing; on the narrowest phone one of them is nearly a pixel.
WIDTH, LETTERS, ROW = 360, 14, 66
EDGE = 4


@dataclass(frozen=True)
class Span:
    """`label`: what it is. `from_words`, `until_words`: its ends as people read them, short: they share a line."""

    label: str
    start: datetime
    end: datetime
    from_words: str
    until_words: str


@dataclass(frozen=True)
class Mark:
    """Something that happened. `label`: short; it stands at its line."""

    label: str
    at: datetime


def timeline(title: str, about: str, spans: Sequence[Span], marks: Sequence[Mark] = ()) -> str:
    """All of it on one scale, from the first start to the last end. What lies outside stands at its edge."""
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    seconds = max((last - first).total_seconds(), 1.0)
    height = len(spans) * ROW + len(marks) * (LETTERS + 6) + 12

    def across(at: datetime) -> float:
        share = min(max((at - first).total_seconds() / seconds, 0.0), 1.0)
        return round(EDGE + (WIDTH - 2 * EDGE) * share, 1)

    root = drawing(title, about, height, width=WIDTH)
    text = partial(write, root, letters=LETTERS)
    for place, span in enumerate(spans):
        top = place * ROW
        text(0, top + LETTERS, span.label)
        x, width = across(span.start), max(across(span.end) - across(span.start), 3.0)
        shape(root, "rect", x=EDGE, y=top + LETTERS + 7, width=WIDTH - 2 * EDGE, height=14, fill_opacity="0.12")
        shape(root, "rect", x=x, y=top + LETTERS + 7, width=round(width, 1), height=14)
        text(0, top + 2 * LETTERS + 23, span.from_words)
        text(WIDTH, top + 2 * LETTERS + 23, span.until_words, "end")
    for place, mark in enumerate(marks):
        x, y = across(mark.at), len(spans) * ROW + (place + 1) * (LETTERS + 6)
        shape(root, "line", x1=x, x2=x, y1=0, y2=y, stroke="currentColor", stroke_dasharray="3 3")
        is_right = x > WIDTH / 2
        text(x - 5 if is_right else x + 5, y, mark.label, "end" if is_right else "start")
    return tostring(root, encoding="unicode")
