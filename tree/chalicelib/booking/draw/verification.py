"""Recomputes a whole draw from what is published of it: no secret, no AWS. `GET /api/openings/{opening_id}/draw`."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.booking.draw.rules import (
    KEYS_OF_LATER,
    Bars,
    DrawEntry,
    Room,
    Start,
    allocate,
    by_child,
    final_seed,
    in_order,
    list_hash,
    listed,
)
from chalicelib.programme.openings.rules import Bundles

# A file in which everything is wrong says so often enough.
MOST_PROBLEMS = 20


def joined(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One document of the parts that the API answers, one after the other; raises ValueError if they are no parts of
    one draw."""
    heads = [{name: part[name] for name in part.keys() - {"entries", "results", "next"}} for part in parts]
    if not heads or any(head != heads[0] for head in heads):
        raise ValueError("no parts of one draw")
    return {
        **parts[0],
        "entries": [one for part in parts for one in part["entries"]],
        "results": [one for part in parts for one in part["results"]],
        "next": parts[-1]["next"],
    }


def problems(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """The faults of a published draw, one English sentence each; none: everything is as the rules make it.
    `parts`: what the API answers; a short draw has one.

    What it cannot know: whether `commitment` is the one that was published before the wishes were entered, and `beacon`
    the value that was drawn in public: both are for a reader's eyes. And whether an entry has more keys and bars with
    reason, because of what its children have without it: its own family can tell.
    """
    try:
        return _problems(joined(parts))
    except (KeyError, TypeError, ValueError, AttributeError):
        return ["This is no published draw, or a part of it is missing or broken."]


def _problems(document: Mapping[str, Any]) -> list[str]:
    if document["seed"] is None:
        return ["The draw has not been held yet: there is no seed to verify it with."]
    if document["next"] is not None:
        return ["This is a part of the draw only: put the parts that follow (`next`) behind it, in a JSON list."]
    entries = [DrawEntry.from_document(one) for one in document["entries"]]
    start = Start({session: Room(**room) for session, room in document["sessions"].items()})
    found = _of_the_list(entries, start)
    if found:
        return found[:MOST_PROBLEMS]
    seed = bytes.fromhex(document["seed"])
    if hashlib.sha256(seed).hexdigest() != document["commitment"]:
        found.append("The seed is not the one that was committed to: its SHA-256 is another.")
    if list_hash(entries) != document["list_hash"]:
        found.append("The list was changed: its SHA-256 is another.")
    if document["beacon_named"] is not None and document["beacon"] is None:
        found.append("The beacon that the opening names is missing.")
    final = final_seed(seed, document["list_hash"], document["beacon"])
    published = {one["entry"]: one for one in document["results"]}
    told = {entry: Bars.from_document(result) for entry, result in published.items()}
    right = allocate(in_order(entries, final), start, Bundles(document["bundles"]), told).results(start)
    if len(published) != len(document["results"]) or set(published) != set(right):
        found.append("The results are not those of the entries in the list: one is missing, twice there, or unknown.")
    for entry, result in right.items():
        if entry in published and published[entry] != result:
            found.append(
                f"Entry {entry}: the rules give {_words(result)}, but published is {_words(published[entry])}."
            )
    return found[:MOST_PROBLEMS]


def _of_the_list(entries: Sequence[DrawEntry], start: Start) -> list[str]:
    names = [one.entry for one in entries]
    keys = [key for one in entries for key in one.keys]
    found = []
    if len(set(names)) != len(names):
        found.append("An entry stands in the list twice.")
    if names != [one.entry for one in listed(entries)]:
        found.append("The list is not in its order.")
    for one in entries:
        if one.entry not in one.keys:
            found.append(f"Entry {one.entry}: it does not draw under its own key.")
        if len(one.keys) not in (1, KEYS_OF_LATER):
            found.append(f"Entry {one.entry}: it has {len(one.keys)} keys, neither 1 nor {KEYS_OF_LATER}.")
        unknown = {session for wish in one.wishes for _, session in wish} - set(start.rooms)
        found += [f"Entry {one.entry}: the session {session} is not among those of the draw." for session in unknown]
    found += [f"Key {key} stands in the list twice." for key, times in Counter(keys).items() if times > 1]
    found += [f"Child {child} stands in several entries." for child in sorted(by_child(entries))]
    return found


def _words(result: Mapping[str, Any]) -> str:
    waiting = ", ".join(f"{session} as number {number}" for session, number in result["waiting"]) or "nowhere"
    granted = ", ".join(str(number) for number in result["granted"]) or "none"
    barred = ", ".join(str(number) for number in result["barred"]) or "none"
    return f"place {result['place']}, granted wishes: {granted}, barred: {barred}, waiting: {waiting}"
