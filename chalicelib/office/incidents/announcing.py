"""The work that an incident makes after it has taken effect, and a mail to everybody whom it concerns.

1. Sessions open when their opening does now. What is held in them stands still during a pause, and ends later by the
   length of one that is over (holding.py).
2. Where seats are taken back: session by session, first the waiting list, then the seats.
3. One scan of the table: attempts that failed through us are kept for the new moment, or entered as wishes; each family
   that holds a valid pass with a child of the right age, and each that registered, waited or tried, is told.

Guarantee: at least once, deduplicated. How far it has come stands in the log's entry, and each step can be repeated: a
run that breaks off, and Lambda's two further tries, or staff who ask again, go on from there. A mail is sent once: the
mark on the pass (mail/announcements.py).

For 50,000 families with a pass for two children and a registration each, the scan takes 5,000 read units ($0.0007;
tests/office/incidents/test_units.py counts them). The queue takes 5,000 calls to fill and 50,000 to empty ($0.02), SES
$8.00; at the 14 mails a second that it grants to begin with, the last of them leaves after two and a half hours,
because families' own mails go before them (mail/more.py). A pause does not wait for its mails: it holds after seconds,
and whoever tries reads why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core.observability import log as written
from chalicelib.core.refusals import Interfered
from chalicelib.mail import outbox
from chalicelib.mail.households import Household, pages
from chalicelib.mail.rules import MailKind, Message
from chalicelib.office.incidents import holding, rules
from chalicelib.office.incidents.rules import Action, ProposedIncident
from chalicelib.people.families.rules import VALID_DAYS
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.log import LogEntry
from chalicelib.programme.openings.rules import Opening, OpeningKind
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list


class NotQueued(Exception):
    """SQS did not take every message; Lambda tries again."""


@dataclass(frozen=True)
class Incident:
    """An entry of the log that took effect at `at`, and the opening as it is now."""

    entry: LogEntry
    asked: ProposedIncident
    opening: Opening
    at: datetime

    @property
    def name(self) -> str:
        return f"{self.opening.opening_id}#{self.entry.number}"

    @property
    def holds_from(self) -> datetime:
        return rules.in_effect(self.at)

    @property
    def makes_wishes(self) -> bool:
        return self.asked.action is Action.TURN_INTO_DRAW


def announce(opening_id: str, number: int) -> dict[str, Any]:
    """Does all of it, from where an earlier run broke off; answers how many families have a message on the queue.

    Raises whatever AWS's clients do, and NotQueued; what has been done stays.
    """
    entry = log.get(opening_id, number)
    if entry is None or entry.at is None:
        return {"families": 0}
    progress = {"sessions": 0, "after": None, "families": 0, "is_over": False, **entry.progress}
    if progress["is_over"]:
        return {"families": progress["families"]}
    incident = Incident(entry, asked_of(entry), _open_sessions(opening_id), entry.at)
    if incident.asked.takes_back:
        _wait_until(incident.holds_from + rules.SETTLED_AFTER)
        session_ids = incident.opening.plan.session_ids
        for done, session_id in enumerate(session_ids[progress["sessions"] :], progress["sessions"] + 1):
            _take_back(incident, session_id)
            progress["sessions"] = done
            log.note_progress(entry, progress)
    _tell_families(incident, progress)
    written.info("announced", families=progress["families"])
    return {"families": progress["families"]}


def asked_of(entry: LogEntry) -> ProposedIncident:
    """The incident that staff proposed, from the log."""
    moment = entry.asked["moment"]
    return ProposedIncident(
        action=Action(entry.action),
        why=dict(entry.why),
        minutes=entry.asked["minutes"],
        moment=datetime.fromisoformat(moment) if moment else None,
        keep_given=entry.asked["keep_given"],
    )


def _open_sessions(opening_id: str) -> Opening:
    """Before anything is taken back: from here on no claim of an earlier moment can be granted any more. A draw opens
    its sessions itself, when it is over. Answers the opening whose moment that is: a later incident may have moved it
    while we did."""
    while True:
        found = openings.get(opening_id)
        assert found is not None, "an entry of the log is of an opening"
        opening, edition = found
        late = {
            session.session_id
            for session in programme.all_sessions(consistent_read=True)
            if session.opens_at != opening.opens_at and opening.kind is not OpeningKind.DRAW
        }
        try:
            programme.set_opening(
                [one for one in opening.plan.session_ids if one in late],
                opening.opens_at,
                [openings.unchanged(opening_id, edition)],
            )
            holding.keep_time(opening, edition)
        except Interfered:
            continue
        return opening


def _wait_until(moment: datetime) -> None:
    """Until whoever began before the incident held has ended, so that nobody gets a seat behind our back."""
    sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def _take_back(incident: Incident, session_id: str) -> None:
    """First the places: a seat that becomes free while somebody waits would be offered. Each record is marked before
    its place or seat is given back, so that a run that breaks off in between leaves what the next one finishes."""
    places: dict[str, list[str]] = {}
    for place in waiting_list.places(session_id):
        places.setdefault(place.registration_id, []).append(place.child_id)
    for registration_id, children in places.items():
        if _is_void(incident, registration_id):
            waiting_list.leave(session_id, children, registration_id)
    if waiting_list.is_empty(session_id):
        seats_table.end_queue(session_id)
    for seats in seats_table.get([session_id]).values():
        for registration_id in rules.given(seats):
            if _is_void(incident, registration_id):
                held = [child for child, holder in seats.holders.items() if holder == registration_id]
                seats_table.release(session_id, held, registration_id)


def _is_void(incident: Incident, registration_id: str) -> bool:
    """Marks the record as taken back. False: it was made after the incident, and stays."""
    record = registrations.get(registration_id)
    if record is None:  # nobody answers for it: the outbox would give it back too
        return True
    if record.created_at >= incident.holds_from:
        return False
    if incident.makes_wishes and (record.cancelled_at is None or record.taken_back):
        _enter(incident.opening, record)
    registrations.take_back(registration_id, incident.name, incident.at)
    return True


def _enter(opening: Opening, record: Registration) -> None:
    from chalicelib.booking.draw import table as draw  # noqa: PLC0415 - only where an opening becomes a draw

    draw.enter_attempt(opening, record)


def _tell_families(incident: Incident, progress: dict[str, Any]) -> None:
    sessions = seats_table.get(incident.opening.plan.session_ids)
    settled = {holder for seats in sessions.values() for holder in seats.holders.values()}
    for session_id in sessions:
        settled |= {place.registration_id for place in waiting_list.places(session_id)}
    for households, last in pages(progress["after"]):
        messages = []
        for household in households:
            for record in household.records:
                if record.session_id in sessions and record.registration_id not in settled and not record.cancelled_at:
                    _keep_attempt(incident, record)
            pass_id = _told_by(incident, household, sessions)
            if pass_id:
                messages.append(Message(MailKind.ANNOUNCEMENT, f"{household.family_id}/{pass_id}", incident.name))
        if outbox.queue(messages):
            raise NotQueued
        progress |= {"after": last, "families": progress["families"] + len(messages)}
        log.note_progress(incident.entry, progress)
    progress |= {"after": None, "is_over": True}  # it named the family where the scan ended
    log.note_progress(incident.entry, progress)


def _keep_attempt(incident: Incident, record: Registration) -> None:
    """A record without a seat, a place or a cancellation is an attempt that failed through us: it was paused, or broke
    off. It lives as long as the pass it was made with."""
    if incident.makes_wishes:
        _enter(incident.opening, record)
    registrations.keep_attempt(record.registration_id, record.created_at + timedelta(days=VALID_DAYS))


def _told_by(incident: Incident, household: Household, sessions: Mapping[str, Seats]) -> str | None:
    """By which pass a family is told: its newest, if the incident concerns it."""
    newest = household.newest
    involved = [
        record
        for record in household.records
        if record.session_id in sessions and (record.cancelled_at is None or record.taken_back == incident.name)
    ]
    if involved:
        return newest.pass_id if newest else involved[-1].pass_id
    awaiting = household.awaits(incident.opening.plan, sessions.values(), incident.at)
    return awaiting.pass_id if awaiting else None
