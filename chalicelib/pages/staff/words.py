"""The names of things on the pages of the office."""

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

# What the desk has to do: what it is, and what is to be done.
WORK = {
    "call": N_("Call: an offer"),
    "letter": N_("Letter to print"),
    "unreached": N_("Mail that did not arrive"),
    "care-missing": N_("What the camp must know"),
    "answers-missing": N_("Questions not answered"),
    "pay-back": N_("Money to pay back"),
    "age-no-longer-fits": N_("Age no longer fits"),
    "dissatisfied": N_("Waits for an answer"),
    "proof-refused": N_("Proof refused"),
    "city-pass": N_("City pass to decide"),
    "city-pass-letter": N_("Letter about a city pass"),
    "help-letter": N_("Letter about a helper"),
    "twice-named": N_("Named by several families"),
}
TO_DO = {
    "call": N_(
        "Call the family: a letter would come too late. Ask whether it wants the seat, and accept or decline for it."
    ),
    "letter": N_("Print the letter and send it, or give it to the family."),
    "unreached": N_("Call the family or write to it, and tell it what the mail said."),
    "care-missing": N_(
        "The camp begins soon, and nobody said whom to call or what to know. Ask the family, and write it down."
    ),
    "answers-missing": N_(
        "The camp begins soon, and required questions are not answered. Ask the family, and enter its answers."
    ),
    "pay-back": N_("Tell finance what is to be paid back, or pay it back."),
    "age-no-longer-fits": N_(
        "The camp changed, and the child is too young or too old now. Ask the family what it wants."
    ),
    "dissatisfied": N_("Give the family its answer, and write down what you said."),
    "proof-refused": N_("Tell the family why its proof was refused, that it may show another one, and how to object."),
    "city-pass": N_("Look at the application or the objection, write down what you see of the proofs, and decide."),
    "city-pass-letter": N_("Print the letter on the page of the application, and send it or give it to the family."),
    "help-letter": N_(
        "Print what a helper does or did, on the page of the family, and send it or give it to the family."
    ),
    "twice-named": N_("Decide whose child it is, or leave it as it is."),
}
# How far the link of a pass came: what to say to "my mail never came".
LINKS = {
    "used": N_("The link in its mail was used."),
    "sent": N_(
        "The mail with the link went out, and nobody used the link yet. Read the address aloud, letter by letter, and "
        "have them look among unwanted mail."
    ),
    "soon": N_("The mail with the link is about to go out."),
    "late": N_("The mail with the link has not gone out yet. Mails wait: it goes as soon as there is room."),
    "refused": N_("The mail service refused the mail with the link. Read the address aloud, letter by letter."),
    "gone": N_("The mail came back: the address does not exist, or no longer. Ask for the right one."),
    "complaint": N_("The family marked our mails as unwanted, so we write no more."),
    "none": N_("The family has no mail address."),
}
CONVERSATIONS = {
    "phone": N_("On the phone"),
    "counter": N_("At the desk"),
    "mail": N_("By mail"),
    "note": N_("Note, without speaking with the family"),
}
HINDRANCES = {
    "too-few": N_("needs more seats than are free"),
    "kept": N_("free seats are kept for it, until there are enough"),
    "too-many": N_("needs more seats than can ever be free together"),
    "seated-here": N_("a child has a seat here by another registration"),
    "elsewhere": N_("a child is in another camp on these days"),
    "age": N_("a child is too young or too old"),
}
OFFERS = {
    "open": N_("waits for an answer"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "lapsed": N_("lapsed: nobody answered"),
    "cancelled": N_("accepted, and cancelled later"),
}
DONE = {
    "take": N_("It is yours now: colleagues see it."),
    "leave": N_("It is for whoever takes it."),
    "note": N_("The note is there."),
    "done": N_("It is done, and off the list."),
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
