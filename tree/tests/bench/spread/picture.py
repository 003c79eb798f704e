"""The picture of two openings, without and with the spread: requests and seats by second, as one SVG."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

from chalicelib.programme.openings import limits
from tests.bench.spread.simulation import Answer, Result

WIDTH, HEIGHT = 1120, 720
LEFT, TOP, GAP = 70, 96, 40
PANEL_WIDTH, PANEL_HEIGHT = 495, 240
BELOW = 66
# Round ends, so that a single second is seen as a dot.
LINE = 'fill="none" stroke-width="1.3" stroke-linecap="round"'
# Told apart by people who see no red or green too (Okabe and Ito), and each line has its name beside it in the legend.
COLOURS = {
    "refused": "#D55E00",
    "answered": "#0072B2",
    "too early": "#009E73",
    "seats": "#0072B2",
}


@dataclass(frozen=True)
class Axis:
    """An upright axis: what it counts, which numbers it names, and how high a number stands, from 0 to 1."""

    unit: str
    ticks: Sequence[int]
    height: Callable[[float], float]


# Powers of ten for requests, because refusals are tens of times as many as answers.
TENS = [10**power for power in range(6)]
REQUESTS = Axis("requests a second", TENS, lambda count: log10(max(1, count)) / log10(TENS[-1]))


def seats_axis(most: int) -> Axis:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if most / step <= 6)
    top = step * -(-most // step)
    return Axis("seats sold a second", range(0, top + 1, step), lambda count: count / top)


def drawn(without: Result, spread: Result) -> str:
    seconds = max(without.last_second, spread.last_second) + 1
    crowd, over = spread.crowd, f"{spread.crowd.spread / 60:g} minutes"
    title = (
        f"{crowd.families:,} families, {crowd.sessions} sessions of {crowd.seats} seats: the same opening "
        f"without a spread and over {over}"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="14" '
        f'font-family="Helvetica, Arial, sans-serif" fill="#222"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 28, title, 'font-size="18" font-weight="bold"'),
        *_legend(LEFT, 54),
    ]
    sold = [result.by_second[Answer.SEAT] for result in (without, spread)]
    seats = seats_axis(max(max(counts.values(), default=1) for counts in sold))
    for column, (result, name) in enumerate(((without, "without a spread"), (spread, f"over {over}"))):
        left = LEFT + column * (PANEL_WIDTH + GAP)
        share = f"{100 * result.refused / result.requests:.0f}% of {result.requests:,} requests refused"
        heading = f"{name}: {share if result.refused else f'none of {result.requests:,} requests refused'}"
        parts.append(_text(left, TOP - 12, heading, 'font-weight="bold"'))
        parts += _panel(left, TOP, seconds, REQUESTS, _requests(result), named=not column)
        y = TOP + _down(REQUESTS, limits.STAGE_REQUESTS_PER_SECOND)
        parts.append(f'<path d="M{left} {y:.1f}h{PANEL_WIDTH}" stroke="#222" stroke-dasharray="6 4"/>')
        below = TOP + PANEL_HEIGHT + BELOW
        parts += _panel(left, below, seconds, seats, {"seats": sold[column]}, named=not column)
        words = f"{sold[column].total():,} seats, the last {max(sold[column], default=0):,} s after the opening"
        parts.append(_text(left + PANEL_WIDTH - 8, below + 20, words, 'text-anchor="end"'))
        x, y = left + PANEL_WIDTH / 2, below + PANEL_HEIGHT + 42
        parts.append(_text(x, y, "minutes since the opening", 'text-anchor="middle"'))
    return "\n".join([*parts, "</svg>", ""])


def _requests(result: Result) -> Mapping[str, Counter[int]]:
    answered: Counter[int] = Counter()
    for answer in (Answer.SHOWN, Answer.SEAT, Answer.SOLD_OUT, Answer.WAITING):
        answered.update(result.by_second[answer])
    return {
        "answered": answered,
        "too early": result.by_second[Answer.TOO_EARLY],
        "refused": result.by_second[Answer.REFUSED],
    }


def _panel(
    left: float, top: float, seconds: int, axis: Axis, series: Mapping[str, Counter[int]], *, named: bool
) -> list[str]:
    """`named`: with the words and numbers of the upright axis, which two panels in a row share."""
    parts = [f'<rect x="{left}" y="{top}" width="{PANEL_WIDTH}" height="{PANEL_HEIGHT}" fill="none" stroke="#888"/>']
    for tick in axis.ticks:
        y = top + _down(axis, tick)
        parts.append(f'<path d="M{left} {y:.1f}h{PANEL_WIDTH}" stroke="#ddd"/>')
        if named:
            parts.append(_text(left - 8, y + 5, f"{tick:,}", 'text-anchor="end"'))
    step = next(step for step in (10, 30, 60, 120, 300, 600, 1200, 3600) if seconds / step <= 9)
    for second in range(0, seconds, step):
        x = left + PANEL_WIDTH * second / seconds
        parts.append(f'<path d="M{x:.1f} {top + PANEL_HEIGHT}v5" stroke="#888"/>')
        parts.append(_text(x, top + PANEL_HEIGHT + 20, f"{second / 60:.2g}", 'text-anchor="middle"'))
    if named:
        middle = top + PANEL_HEIGHT / 2
        parts.append(_text(0, 0, axis.unit, f'text-anchor="middle" transform="translate(16 {middle}) rotate(-90)"'))
    for name, counts in series.items():
        for run in _runs(counts, seconds):
            points = " ".join(
                f"{left + PANEL_WIDTH * (second + 0.5) / seconds:.1f},{top + _down(axis, counts[second]):.1f}"
                for second in run
            )
            parts.append(f'<polyline points="{points}" {LINE} stroke="{COLOURS[name]}"/>')
    return parts


def _runs(counts: Counter[int], seconds: int) -> Sequence[Sequence[int]]:
    """The stretches of seconds in which something happened: a scale of powers of ten has no place for nothing."""
    runs: list[list[int]] = []
    for second in range(seconds):
        if counts[second]:
            if not runs or runs[-1][-1] != second - 1:
                runs.append([])
            runs[-1].append(second)
    return runs


def _down(axis: Axis, count: float) -> float:
    """How far below the panel's top."""
    return PANEL_HEIGHT * (1 - axis.height(count))


def _legend(left: float, y: float) -> list[str]:
    names = (
        ("answered", "answered", ""),
        ("refused", "refused: 503, try again", ""),
        ("too early", "too early: 425, costs nothing", ""),
        ("limit", f"what our stage takes: {limits.STAGE_REQUESTS_PER_SECOND:,} a second", ' stroke-dasharray="6 4"'),
    )
    parts = []
    x = left
    for name, words, dashes in names:
        colour = COLOURS.get(name, "#222")
        parts.append(f'<path d="M{x} {y - 5}h26" stroke="{colour}" stroke-width="3"{dashes}/>')
        parts.append(_text(x + 34, y, words))
        x += 64 + 6.6 * len(words)
    return parts


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {more}>{escape(words)}</text>'
