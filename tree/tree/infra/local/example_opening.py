"""The example opening, which `make run` has ready, so that one can be lived through within a quarter of an hour."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from infra.local.api import Refused, ask, must
from infra.local.sign_in import token

# The municipality whose camps an opening gives; those of the others are open already.
MUNICIPALITY = "Zoersel"
SECONDS_AHEAD = 600
SPREAD_MINUTES = 5


def publish_example_opening(base: str, pages: str, home: Path) -> None:
    """Makes an opening over the API, like staff: a draft, two approvals, publication. On a public holiday the
    check refuses it, and a draft is left."""
    manager = token("programme-manager", home)
    sessions = must(ask(base, "GET", "/api/sessions"))["sessions"]
    ids = [one["session_id"] for one in sessions if one["municipality"] == MUNICIPALITY]
    opens_at = datetime.fromtimestamp((datetime.now(UTC).timestamp() // 60 + 1) * 60 + SECONDS_AHEAD, UTC)
    opening = must(ask(base, "POST", "/api/staff/openings", manager, _plan(ids, opens_at)))
    path, version = f"/api/staff/openings/{opening['opening_id']}", {"version": opening["version"]}
    try:
        for who in ("approver", "director"):
            must(ask(base, "POST", f"{path}/approvals", token(who, home), version))
        must(ask(base, "POST", f"{path}/publication", manager, version))
    except Refused as refusal:
        found = "; ".join(error["message"] for error in refusal.document.get("errors", ())) or str(refusal)
        print(f"\nAn opening for {MUNICIPALITY} stays a draft: {found}", flush=True)
        return
    at = opens_at.astimezone(ZoneInfo("Europe/Brussels"))
    print(
        f"\nAn opening for the camps of {MUNICIPALITY}: at {at:%H:%M} (Brussels), over {SPREAD_MINUTES} minutes, "
        f"approved by two. Passes that are asked for until a minute before take part in its draw.\n"
        f"  {pages}/openings/{opening['opening_id']}",
        flush=True,
    )


def _plan(session_ids: list[str], opens_at: datetime) -> dict[str, Any]:
    return {
        "kind": "first-come",
        "titles": {"nl": "Zomerkampen", "fr": "Stages d’été", "en": "Summer camps"},
        "country": "BE",
        "session_ids": session_ids,
        "windows": [{"opens_at": opens_at.isoformat(), "spread_minutes": SPREAD_MINUTES, "postcodes": []}],
        "passes_until": (opens_at - timedelta(minutes=1)).isoformat(),
        "expected_families": 2_000,
        "incident_rule": {
            "nl": "Loopt er iets mis, dan onderbreken we de opening. Daarna gaat ze verder in dezelfde volgorde.",
            "fr": "En cas de problème, nous suspendons l’ouverture. Elle reprend ensuite dans le même ordre.",
            "en": "If something goes wrong, we pause the opening. It then goes on in the same order.",
        },
    }
