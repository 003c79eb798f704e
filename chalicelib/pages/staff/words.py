"""What things are called on the pages of the office."""

from collections.abc import Mapping

from chalicelib.core.languages import N_, translate

SESSION_STATUS = {
    "draft": N_("draft"),
    "announced": N_("not open yet"),
    "open": N_("open"),
    "full": N_("full"),
    "closed": N_("closed"),
}
OPENING_STATE = {
    "draft": N_("draft"),
    "published": N_("published"),
    "paused": N_("paused"),
    "drawn": N_("drawn"),
}
OPENING_KIND = {
    "first-come": N_("First come, first served, each family at its own moment"),
    "draw": N_("A draw by lot"),
}
BADGES = {
    "draft": "neutral",
    "announced": "neutral",
    "open": "safe",
    "full": "danger",
    "closed": "neutral",
    "published": "safe",
    "paused": "danger",
    "drawn": "neutral",
}
ACTIONS = {
    "pause": N_("Pause"),
    "resume": N_("Resume"),
    "extend": N_("Extend"),
    "restart": N_("Restart at another moment"),
    "turn-into-draw": N_("Turn into a draw"),
}
# The ways in which seats are given, as office/publication/public.py counts them.
CHANNELS = {
    "opening": N_("by the opening"),
    "waiting-list": N_("from the waiting list"),
    "desk": N_("at the desk"),
    "exception": N_("out of order, with a reason"),
    "held-back": N_("held back"),
    "free": N_("not given yet"),
}
# Why somebody was refused: the slugs of docs/api.md.
REASONS = {
    "too-early": N_("before their moment"),
    "sold-out": N_("not enough seats left"),
    "closed": N_("registration was closed"),
    "not-eligible": N_("not for this child or postcode"),
    "already-registered": N_("registered already"),
    "invalid": N_("something missing or not right"),
    "unauthorized": N_("no valid pass"),
    "not-found": N_("not found"),
    "busy": N_("too busy at that moment"),
    "unexpected": N_("a mistake of ours"),
}


def in_language(words: Mapping[str, str], language: str) -> dict[str, str]:
    return {name: translate(text, language) for name, text in words.items()}


# The fields of an opening's plan.
PLAN = {
    "kind": N_("How seats are given"),
    "titles": N_("Title"),
    "country": N_("Country whose public holidays count"),
    "session_ids": N_("Sessions"),
    "windows": N_("Round"),
    "opens_at": N_("Opens at"),
    "spread_minutes": N_("Minutes over which families are let in"),
    "postcodes": N_("Only for these postcodes"),
    "passes_until": N_("Families must have prepared before"),
    "expected_families": N_("How many families may come"),
    "incident_rule": N_("What the city promises if something goes wrong"),
    "held_back": N_("Seats held back"),
    "session_id": N_("Session"),
    "staff": N_("For children of staff"),
    "reduced": N_("For reduced rates"),
    "offer_days": N_("Days for which an offer from the waiting list is valid"),
    "offer_hour": N_("Hour at which the offer ends"),
    "patience_minutes": N_("Minutes for which freed seats are kept for a family that needs more of them"),
    "hold_minutes": N_("Minutes for which a seat is held for payment or more data"),
    "may_overlap": N_("A child may be in several of these camps on the same days"),
    "wishes_until": N_("Wishes are taken until"),
    "bundles": N_("How many wishes a family may get"),
    "beacon": N_("Public numbers that the draw also uses"),
}


def of_field(name: str, language: str) -> str:
    """`windows[0].opens_at` as `Window 1: Opens at`."""
    parts = []
    for step in name.split("."):
        plain, _, place = step.rstrip("]").partition("[")
        text = translate(PLAN[plain], language) if plain in PLAN else plain
        parts.append(f"{text} {int(place) + 1}" if place else text)
    return ": ".join(parts)
