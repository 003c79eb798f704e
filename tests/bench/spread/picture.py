"""The picture of two openings, without and with the spread: requests and seats by second, as one SVG."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from chalicelib.openings import limits
from tests.bench.spread.simulation import Answer, Result

WIDTH, HEIGHT = 1120, 720
LEFT, TOP, GAP = 70, 96, 40
PANEL_WIDTH, PANEL_HEIGHT = 495, 240
BELOW = 66
# Powers of ten on the upright axes: refusals are hundreds of times as many as seats.
DECADES = 4
# Told apart by people who see no red or green too (Okabe and Ito), and each line has its name beside it in the legend.
COLOURS = {
    "refused": "#D55E00",
    "answered": "#0072B2",
    "too early": "#009E73",
    "seats": "#0072B2",
}


def drawn(without: Result, spread: Result) -> str:
    seconds = max(without.last_second, spread.last_second) + 1
    crowd = spread.crowd
    title = (
        f"{crowd.families:,} families, {crowd.sessions} sessions of {crowd.seats} seats: the same opening "
        f"without a spread and over {crowd.spread / 60:g} minutes"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="14" '
        f'font-family="Helvetica, Arial, sans-serif" fill="#222"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 28, title, 'font-size="18" font-weight="bold"'),
    ]
    for column, (result, heading) in enumerate(
        ((without, "without a spread"), (spread, f"with a spread of {crowd.spread / 60:g} minutes"))
    ):
        left = LEFT + column * (PANEL_WIDTH + GAP)
        refused = 100 * result.refused / result.requests
        words = f"{refused:.0f}% of {result.requests:,} requests refused" if result.refused else "no request refused"
        parts.append(_text(left, TOP - 14, f"{heading}: {words}", 'font-weight="bold"'))
        parts += _panel(left, TOP, seconds, _requests(result), "requests a second" if not column else "")
        parts += _limit(left, TOP, limits.STAGE_REQUESTS_PER_SECOND)
        below = TOP + PANEL_HEIGHT + BELOW
        parts += _panel(
            left, below, seconds, {"seats": result.by_second[Answer.SEAT]}, "" if column else "seats a second"
        )
        sold = max(result.by_second[Answer.SEAT])
        words = f"{result.answered[Answer.SEAT]:,} seats, the last in second {sold:,}"
        parts.append(_text(left + PANEL_WIDTH - 8, below + 20, words, 'text-anchor="end"'))
        parts.append(
            _text(
                left + PANEL_WIDTH / 2, below + PANEL_HEIGHT + 42, "seconds since the opening", 'text-anchor="middle"'
            )
        )
    parts += _legend(LEFT, 50)
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


def _panel(left: float, top: float, seconds: int, series: Mapping[str, Counter[int]], unit: str) -> list[str]:
    parts = [f'<rect x="{left}" y="{top}" width="{PANEL_WIDTH}" height="{PANEL_HEIGHT}" fill="none" stroke="#888"/>']
    for power in range(DECADES + 1):
        y = top + _height(10**power)
        parts.append(f'<path d="M{left} {y:.1f}h{PANEL_WIDTH}" stroke="#ddd"/>')
        if unit:
            parts.append(_text(left - 8, y + 5, f"{10**power:,}", 'text-anchor="end"'))
    step = next(step for step in (10, 30, 60, 120, 300, 600, 1200) if seconds / step <= 8)
    for second in range(0, seconds, step):
        x = left + PANEL_WIDTH * second / seconds
        parts.append(f'<path d="M{x:.1f} {top + PANEL_HEIGHT}v5" stroke="#888"/>')
        parts.append(_text(x, top + PANEL_HEIGHT + 20, f"{second:,}", 'text-anchor="middle"'))
    if unit:
        middle = top + PANEL_HEIGHT / 2
        parts.append(_text(0, 0, unit, f'text-anchor="middle" transform="translate(16 {middle}) rotate(-90)"'))
    for name, counts in series.items():
        for run in _runs(counts, seconds):
            points = " ".join(
                f"{left + PANEL_WIDTH * (second + 0.5) / seconds:.1f},{top + _height(counts[second]):.1f}"
                for second in run
            )
            if len(run) > 1:
                parts.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[name]}" stroke-width="1.3"/>')
            else:
                x, y = points.split(",")
                parts.append(f'<circle cx="{x}" cy="{y}" r="1.2" fill="{COLOURS[name]}"/>')
    return parts


def _limit(left: float, top: float, rate: float) -> list[str]:
    y = top + _height(rate)
    return [f'<path d="M{left} {y:.1f}h{PANEL_WIDTH}" stroke="#222" stroke-dasharray="6 4"/>']


def _runs(counts: Counter[int], seconds: int) -> Sequence[Sequence[int]]:
    """Stretches of seconds in which something happened: a line on a scale of powers of ten cannot show nothing."""
    runs: list[list[int]] = []
    for second in range(seconds):
        if counts[second]:
            if runs and runs[-1][-1] == second - 1:
                runs[-1].append(second)
            else:
                runs.append([second])
    return runs


def _height(count: float) -> float:
    """From the panel's top."""
    from math import log10

    return PANEL_HEIGHT * (1 - min(1.0, log10(max(1.0, count)) / DECADES))


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
        x += 70 + 7.2 * len(words)
    return parts


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {more}>{escape(words)}</text>'
