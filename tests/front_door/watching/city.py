"""A summer that is watched (tests/core/http/summer.py): what rings, who looked, links, counts of a year."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.front_door.watching import table
from chalicelib.front_door.watching.rules import Finding, MonthSum, Ring, RingKind
from chalicelib.front_door.watching.table import DaysOfForm, FormWatch, Link, State


def a_watch(now: datetime) -> None:
    day = now.date()
    first = date(day.year, 1, 1)
    table.put_state(State((day.replace(day=1),), day))
    counts = {first + timedelta(at): {"page": 1 + at % 2} for at in range((day - first).days) if at % 3}
    table.put_days("street", day.year, DaysOfForm(counts, frozenset(), first, day - timedelta(1)))
    table.put_form(FormWatch("street", 420, edition=1))
    table.begin(Ring(RingKind.GAP, "complaint", day - timedelta(14), day, {"expected": "9.8", "came": "0"}))
    table.begin(Ring(RingKind.UNSAID, "youth-care", day - timedelta(3), day, {}))
    link = Link(
        "6dm2wq", "https://www.kaprijke.example/klachten", "De pagina over klachten op de site", "Klacht", edition=1
    )
    table.put_link(replace(link, is_well=False, why="status 404", asked_on=day))
    said = {"url": link.url, "why": "status 404", "where": link.where}
    ring = Ring(RingKind.LINK, link.link_id, day - timedelta(9), day - timedelta(9), said)
    table.begin(ring)
    looked = replace(
        ring,
        edition=1,
        looked_at=now - timedelta(days=8),
        looked_by="sub-Jan",
        looked_name="Jan Peeters",
        finding=Finding.FAULT,
        words="De webredactie gebeld: de link leidde sinds de nieuwe site naar een lege pagina. Hersteld.",
    )
    table.look(looked)
    for ago in range(3):
        sums = [["street", "page", 14 - ago, 11 - ago, 3], ["complaint", "phone", 4, 2, 2 - (ago == 2)]]
        table.put_day(
            day - timedelta(ago), {"sums": sums, "noted": int(ago == 1), "late": {"streets": 1}, "failed": []}
        )
    table.put_month(first, "street", [MonthSum(first, "street", "streets", 31, 27, 4, 0, 2)])
    month = day.replace(day=1)
    rows = [MonthSum(month, "street", "streets", 14, 9, 1, 1, 1, 2), MonthSum(month, "street", "office", 3, 2)]
    table.put_month(month, "street", rows)
    care = MonthSum(month, "youth-care", "youth", 3, 3, is_confidential=True)
    table.put_month(month, "youth-care", [care])
