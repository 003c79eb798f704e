"""Answers about a child go with it to another session, as far as that one asks the same."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.booking.answers import table
from chalicelib.booking.answers.rules import are_the_same, taken_along
from chalicelib.booking.registrations.rules import Registration
from chalicelib.programme.questions import table as questions


def taking_along(
    before: Registration, child_ids: Collection[str], registration_id: str, session_id: str, now: datetime
) -> list[table.Write]:
    """Writes of the transaction by which `registration_id` continues `before` in another session, if there is anything
    to take along. Refused if an answer changed meanwhile. Nothing is read unless both sessions ask the same."""
    here, there = questions.questions_of(before.session_id, now), questions.questions_of(session_id, now)
    known = {one.key: one for one in here.questions}
    versions = {one.key: each.version for each in there.sets for one in each.questions}
    keys = {one.key for one in there.questions if one.key in known and are_the_same(known[one.key], one)}
    if not keys:
        return []
    given = table.get(before.registration_id)
    after = taken_along(given, registration_id, child_ids, keys, versions)
    return [table.putting(after, now), table.standing(given)] if after else []
