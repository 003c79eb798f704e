"""What things are called on the pages of the office."""

from collections.abc import Mapping

from chalicelib.languages import N_, translate

# The columns of the sheet, which are also the fields of a session's form.
COLUMNS = {
    "municipality": N_("Municipality"),
    "title": N_("Title"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "age_min": N_("Lowest age"),
    "age_max": N_("Highest age"),
    "capacity": N_("Places"),
    "price_eur": N_("Price in euros"),
    "place": N_("Place"),
    "daily_from": N_("Begins at"),
    "daily_until": N_("Ends at"),
    "kind": N_("Kind"),
    "note": N_("Note for colleagues"),
    "source": N_("Where this was published"),
}
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
    "first-come": N_("First come, first served, with a spread"),
    "draw": N_("A draw by lot"),
}
BADGES = {
    "draft": "inactive",
    "announced": "active",
    "open": "safe",
    "full": "danger",
    "closed": "inactive",
    "published": "safe",
    "paused": "danger",
    "drawn": "active",
}
ACTIONS = {
    "pause": N_("Pause"),
    "resume": N_("Resume"),
    "extend": N_("Extend"),
    "restart": N_("Begin anew at another moment"),
    "turn-into-draw": N_("Turn into a draw"),
}


def in_language(words: Mapping[str, str], language: str) -> dict[str, str]:
    return {name: translate(text, language) for name, text in words.items()}
