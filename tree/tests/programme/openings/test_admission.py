"""The moment of admission: what holds for every seed, key and window, here and in a browser."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.programme.openings.admission import admission, draw_key, drawn, moment
from chalicelib.programme.openings.rules import Shift, Window
from tests.programme.openings.chances import T0, admitted, named, opening

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
# As a browser does it: WebCrypto, and whole numbers (BigInt).
IN_JAVASCRIPT = """
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
const moment = async ({ seed, key, opens, spread }) => {
  const secret = await crypto.subtle.importKey("raw", bytes(seed), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", secret, new TextEncoder().encode(key));
  const drawn = new DataView(mac).getBigUint64(0);
  return Number(BigInt(opens) + ((BigInt(spread) * drawn) >> 64n));
};
let asked = "";
process.stdin.on("data", (part) => (asked += part)).on("end", async () => {
  console.log(JSON.stringify(await Promise.all(JSON.parse(asked).map(moment))));
});
"""

moments = st.integers(0, 10 * 365 * 24 * 3600).map(lambda seconds: T0 + timedelta(seconds=seconds))
spreads = st.integers(0, 7 * 24 * 3600 * 1000).map(lambda number: timedelta(milliseconds=number))
windows = st.builds(Window, moments, spreads)
numbers = st.integers(0, 2**64 - 1)
families = st.text("23456789abcdefghjkmnpqrstuvwxyz", min_size=11, max_size=11)


def milliseconds(at: datetime) -> int:
    return (at - FIRST) // timedelta(milliseconds=1)


@given(windows, numbers)
def test_everybody_is_admitted_within_the_spread(window, number):
    begins = FIRST + timedelta(milliseconds=milliseconds(window.opens_at))

    assert begins <= moment(window, number) <= begins + window.spread


@given(windows)
def test_the_first_draw_is_the_beginning_and_no_draw_reaches_the_end(window):
    begins = FIRST + timedelta(milliseconds=milliseconds(window.opens_at))

    assert moment(window, 0) == begins
    assert moment(window, 2**64 - 1) < begins + window.spread or not window.spread


@given(windows, numbers, numbers)
def test_a_smaller_draw_is_never_later(window, one, other):
    assert moment(window, min(one, other)) <= moment(window, max(one, other))


@given(windows, numbers)
def test_a_moment_is_whole_milliseconds(window, number):
    assert moment(window, number).microsecond % 1000 == 0


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(st.binary(min_size=32, max_size=32), families, windows),
        min_size=1,
        max_size=200,
    )
)
def test_a_browser_comes_to_the_same_millisecond(cases):
    """`make dynamodb-local`, which `make test` begins with, has npm and so node."""
    asked = [
        {
            "seed": seed.hex(),
            "key": key,
            "opens": milliseconds(window.opens_at),
            "spread": window.spread // timedelta(milliseconds=1),
        }
        for seed, key, window in cases
    ]

    assert in_javascript(asked) == [milliseconds(moment(window, drawn(seed, key))) for seed, key, window in cases]


def in_javascript(asked: list[dict[str, object]]) -> list[int]:
    node = shutil.which("node") or shutil.which("nodejs")
    assert node, "node is missing; on Debian: apt-get install npm"
    answer = subprocess.check_output([node, "-e", IN_JAVASCRIPT], input=json.dumps(asked), text=True)
    found: list[int] = json.loads(answer)
    return found


@given(st.lists(families, min_size=1, max_size=6), st.randoms())
def test_the_order_in_which_children_are_named_and_how_many_of_a_family_change_nothing(names, chance):
    zomer = opening()
    shuffled = [*names, *names[:3]]
    chance.shuffle(shuffled)

    assert admission(zomer, map(named, shuffled), "9970") == admission(zomer, map(named, names), "9970")


@given(st.lists(families, min_size=1, max_size=6), families)
def test_one_more_family_is_never_earlier(names, other):
    zomer = opening()

    assert admitted(zomer, *names) <= admitted(zomer, *names, other)


@given(families)
def test_whoever_was_named_too_late_comes_when_the_spread_is_over(name):
    zomer = opening()
    late = named(name, zomer.plan.passes_until + timedelta(seconds=1))
    in_time = named(name, zomer.plan.passes_until)

    found = admission(zomer, [in_time, late], "9970")

    assert found.is_late
    assert found.at == zomer.plan.spread_ends_at
    assert not admission(zomer, [in_time], "9970").is_late


@given(families, st.integers(1, 10_000))
def test_an_incident_moves_everybody_by_the_same(name, minutes):
    by = timedelta(minutes=minutes)
    zomer = opening()
    moved = replace(zomer, shifts=(Shift(T0, by),))

    assert admitted(moved, name) == admitted(zomer, name) + by


def test_a_draw_key_says_nothing_of_the_family_nor_of_its_key_elsewhere():
    name = "k7mxfar3ct9"

    assert draw_key("2027-zomer1", name) != draw_key("2027-winter", name)
    assert name not in draw_key("2027-zomer1", name)


def test_the_seed_decides():
    assert len({admitted(opening(seed=seed), "k7mxfar3ct9") for seed in range(20)}) == 20
