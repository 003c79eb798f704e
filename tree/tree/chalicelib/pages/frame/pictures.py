"""Pictures of figures: SVG that the server draws, with presentation attributes only (no style that a CSP would refuse).

They take the colour of the text around them, so they are as readable as that. A picture is one thing to whoever cannot
see it: `title` says what it shows, `about` what is to be seen in it; the figures themselves belong into a table beside
it. All text is escaped. A template shows one with `svg(picture)`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from xml.etree.ElementTree import Element, SubElement, tostring

# In the units of the drawing, in which letters are 13 high: on a phone one of them is two thirds of a pixel
# (site.css makes the letters of bars larger there).
WIDTH = 480
LETTERS = 13
ROW = 26
HEIGHT = 200
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 28
MOST_POINTS = 400

_numbers = count(1)


@dataclass(frozen=True)
class Point:
    """`at`: any number that grows along the line, such as epoch seconds. `label`: how it is written below it."""

    at: float
    value: float
    label: str = ""


def bars(
    title: str, about: str, rows: Sequence[tuple[str, float]], written: Callable[[float], str] | None = None
) -> str:
    """A bar for each row, with its label above it and its number behind it, as long as its share of the greatest.
    `written`: how the number is, if not as `number` does."""
    height = max(1, len(rows)) * (ROW + LETTERS + 8) + 8
    root = drawing(title, about, height, "site-picture site-bars")
    greatest = max((value for _, value in rows), default=0)
    room = WIDTH - 80
    for place, (label, value) in enumerate(rows):
        top = place * (ROW + LETTERS + 8) + 8
        write(root, 0, top + LETTERS - 2, label)
        length = round(room * value / greatest, 1) if greatest > 0 else 0.0
        shape(root, "rect", x=0, y=top + LETTERS + 3, width=room, height=ROW - 8, fill_opacity="0.12")
        shape(root, "rect", x=0, y=top + LETTERS + 3, width=max(length, 0), height=ROW - 8)
        write(root, room + 8, top + LETTERS + 16, (written or number)(value))
    return _written(root)


def line(title: str, about: str, points: Sequence[Point], *, is_total: bool = False) -> str:
    """The points from left to right: upright strokes from nought or, where they are totals, steps that go on. Of more
    than MOST_POINTS those in one place become one, their greatest."""
    root = drawing(title, about, HEIGHT)
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    points = _fewer(points)
    greatest = _round_up(max((point.value for point in points), default=0))
    first, last = (points[0].at, points[-1].at) if points else (0.0, 1.0)
    for share in (0, 0.5, 1):
        y = round(bottom - share * (bottom - TOP), 1)
        shape(root, "line", x1=LEFT, x2=right, y1=y, y2=y, stroke="currentColor", stroke_opacity="0.3")
        write(root, LEFT - 6, y + 4, number(greatest * share), "end")

    def across(at: float) -> float:
        return round(LEFT + (right - LEFT) * (at - first) / (last - first), 1) if last > first else float(LEFT)

    def up(value: float) -> float:
        return round(bottom - (bottom - TOP) * value / greatest, 1)

    if is_total and points:
        steps = "".join(f"H{across(point.at)}V{up(point.value)}" for point in points)
        shape(root, "path", d=f"M{LEFT} {bottom}{steps}", fill="none", stroke="currentColor", stroke_width="2")
    else:
        strokes = "".join(f"M{across(point.at)} {bottom}V{up(point.value)}" for point in points if point.value > 0)
        if strokes:
            shape(root, "path", d=strokes, fill="none", stroke="currentColor", stroke_width="2")
    if points:
        write(root, LEFT, HEIGHT - 8, points[0].label)
        write(root, right, HEIGHT - 8, points[-1].label if len(points) > 1 else "", "end")
    return _written(root)


def stacked(
    title: str,
    about: str,
    columns: Sequence[tuple[str, Mapping[str, float]]],
    names: Mapping[str, str],
    written: Callable[[float], str],
) -> str:
    """A column for each label, of layers in the order of `names` (five at most can be told apart), the first at the
    bottom; what each is stands below, in the same order. `written`: how the greatest sum is written at the axis."""
    root = drawing(title, about, HEIGHT + (LETTERS + 8) * len(names), "site-picture site-bars")
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    left = LEFT + 24
    greatest = max((sum(layers.values()) for _, layers in columns), default=0.0)
    for share in (0, 1):
        y = round(bottom - share * (bottom - TOP), 1)
        shape(root, "line", x1=left, x2=right, y1=y, y2=y, stroke="currentColor", stroke_opacity="0.3")
        write(root, left - 6, y + 4, written(greatest * share), "end")
    width = (right - left) / max(1, len(columns))
    for place, (_, layers) in enumerate(columns):
        top = float(bottom)
        for shade, name in zip(_shades(len(names)), names, strict=True):
            tall = (bottom - TOP) * layers.get(name, 0.0) / greatest if greatest > 0 else 0.0
            top -= tall
            if tall > 0:
                x = round(left + place * width + width * 0.1, 1)
                shape(root, "rect", x=x, y=round(top, 1), width=round(width * 0.8, 1), height=round(tall, 1), **shade)
    for place, anchor in ((0, "start"), (-1, "end")):
        if columns and (place == 0 or len(columns) > 1):
            write(root, left if place == 0 else right, HEIGHT - 8, columns[place][0], anchor)
    for place, (shade, name) in enumerate(zip(_shades(len(names)), names.values(), strict=True)):
        below = HEIGHT + place * (LETTERS + 8)
        shape(root, "rect", x=left, y=below, width=LETTERS, height=LETTERS, **shade)
        write(root, left + LETTERS + 8, below + LETTERS - 2, name)
    return _written(root)


def _shades(number_of: int) -> list[dict[str, str]]:
    """From full to faint, each with an edge, so that the faintest is seen too."""
    return [
        {"fill_opacity": f"{1 - place / max(number_of, 1):.2f}", "stroke": "currentColor", "stroke_width": "0.5"}
        for place in range(number_of)
    ]


def number(value: float) -> str:
    """`12345` as `12 345`, with a space that does not break; a fraction only where there is one."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return text.replace(",", "\u202f")


def _fewer(points: Sequence[Point]) -> Sequence[Point]:
    if len(points) <= MOST_POINTS:
        return points
    size = -(-len(points) // MOST_POINTS)
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    greatest = [max(group, key=lambda point: point.value) for group in groups]
    return [points[0], *greatest[1:-1], points[-1]]


def _round_up(value: float) -> float:
    """To a number that people read off an axis: 1, 2, 4, 10, 20, 40 …; 2 at least."""
    step = 1.0
    while True:
        for factor in (1, 2, 4):
            if factor * step >= max(value, 2):
                return factor * step
        step *= 10


def drawing(title: str, about: str, height: int, looks: str = "site-picture", width: int = WIDTH) -> Element:
    name = f"picture-{next(_numbers)}"
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "class": looks,
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-about",
            "fill": "currentColor",
        },
    )
    SubElement(root, "title", {"id": f"{name}-title"}).text = title
    SubElement(root, "desc", {"id": f"{name}-about"}).text = about
    return root


def write(root: Element, x: float, y: float, text: str, anchor: str = "start", letters: int = LETTERS) -> None:
    if text:
        at = {"x": str(x), "y": str(y), "font-size": str(letters), "text-anchor": anchor}
        SubElement(root, "text", at).text = text


def shape(root: Element, kind: str, **attributes: object) -> None:
    SubElement(root, kind, {name.replace("_", "-"): str(value) for name, value in attributes.items()})


def _written(root: Element) -> str:
    return tostring(root, encoding="unicode")
