"""A family as the desk sees it: its passes and what became of their mails, what it has, what was said with it, and what
is to be done for it. And writing down what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.booking.registrations import table as registrations
from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkKind
from chalicelib.core import table
from chalicelib.core.http.problems import NOT_FOUND, Problem, invalid
from chalicelib.core.moments import today
from chalicelib.mail import returned, undelivered
from chalicelib.mail.rules import MailKind
from chalicelib.office.desk import work
from chalicelib.office.desk.families import desk_number
from chalicelib.office.desk.registering import StaffRegistration, of_family
from chalicelib.office.desk.requests import AS_MUNICIPALITY
from chalicelib.office.desk.work import WorkLine
from chalicelib.people import access
from chalicelib.people.families import addressees, conversations
from chalicelib.people.families import table as families
from chalicelib.people.families.addressees import Addressee
from chalicelib.people.families.conversations import Conversation, ConversationWay
from chalicelib.people.families.rules import Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions.rules import Session

# Passes that are shown with what became of their mails, the newest first; a read unit or two each.
MOST_PASSES = 5
# After so long a mail that did not go out is late.
SOON = timedelta(minutes=10)
# Within which a family that is not content hears from the city.
ANSWER_WITHIN = timedelta(days=7)


class LinkState(StrEnum):
    """How far the link of a pass came. SENT: its mail went out, and nobody used the link. USED: the family has it.
    LATE: its mail has not gone out, and should have."""

    USED = "used"
    SENT = "sent"
    SOON = "soon"
    LATE = "late"
    REFUSED = "refused"
    GONE = "gone"
    COMPLAINT = "complaint"
    NONE = "none"


@dataclass(frozen=True)
class ShownPass:
    family: Pass
    link: LinkState


@dataclass(frozen=True)
class FamilyOverview:
    """`registrations`: those in sessions of whoever looks, the newest first. `passes`: the newest MOST_PASSES, whether
    or not anybody proved them. `newest`: the newest that was proven, if one is: others may have asked for the rest."""

    family_id: str
    desk_number: str | None
    passes: Sequence[ShownPass]
    registrations: Sequence[StaffRegistration]
    conversations: Sequence[Conversation]
    work: Sequence[WorkLine]
    addressee: Addressee
    newest: Pass

    @property
    def has_proven(self) -> bool:
        """Whether a link of its was used, or a colleague saw it: then its details can be corrected."""
        return self.newest.is_proven


def of(by: Staff, family_id: str, sessions: Sequence[Session], now: datetime) -> FamilyOverview:
    """Raises Problem `not-found` for a family of whom no pass is kept."""
    passes = families.of_family(family_id)[::-1]
    if not passes:
        raise Problem(NOT_FOUND)
    access.about(family_id, [child.child_id for child in passes[0].children])
    return FamilyOverview(
        family_id,
        desk_number(passes[0]),
        [shown_pass(one, now) for one in passes[:MOST_PASSES]],
        of_family(by, family_id, now)[::-1],
        conversations.of_family(family_id),
        work.of_family(by, family_id, sessions, now),
        addressees.get(family_id),
        _newest(passes),
    )


def _newest(passes: Sequence[Pass]) -> Pass:
    """`passes`: the newest first. Not the other parent's invitation, which knows no postcode, if there is another."""
    own = [one for one in passes if not one.invited_by] or passes
    return next((one for one in own if one.is_proven), own[0])


def shown_pass(one: Pass, now: datetime) -> ShownPass:
    return ShownPass(one, link_state(one, now))


def link_state(one: Pass, now: datetime) -> LinkState:
    """The answer to the call "my mail never came"."""
    if not one.email:
        return LinkState.NONE
    if left_alone := returned.why_left_alone(one):
        return LinkState(left_alone.value)
    if one.children and one.is_proven:
        return LinkState.USED
    if families.is_mailed(one.family_id, one.pass_id):
        return LinkState.SENT
    if undelivered.get(MailKind.PASS, f"{one.family_id}/{one.pass_id}"):
        return LinkState.REFUSED
    return LinkState.LATE if now - one.created_at > SOON else LinkState.SOON


def note_down(
    by: Staff,
    family_id: str,
    said: tuple[ConversationWay, str, bool, str | None],
    sessions: Sequence[Session],
    now: datetime,
) -> None:
    """Keeps what was said with a family, and puts it on the work list if it waits for an answer: both or neither.
    Raises Problem `invalid`."""
    way, text, waits, municipality = said
    one = conversations.new(now, way, text, by.name)
    writes = [conversations.put_of(family_id, one)]
    if waits:
        whose = _municipality(by, family_id, municipality, sessions)
        due = today(now) + ANSWER_WITHIN
        about = {"family_id": family_id}
        writes += works.puts_of(Work(WorkKind.DISSATISFIED, one.conversation_id, whose, about, due, now))
    access.about(family_id)
    table.transact_write(writes)


def _municipality(by: Staff, family_id: str, asked: str | None, sessions: Sequence[Session]) -> str:
    """Whose desk answers: the one that was asked for, or else that of the family's newest registration among theirs."""
    own = work.municipalities(by, sessions)
    if asked:
        if asked not in own:
            raise invalid("municipality", AS_MUNICIPALITY)
        return asked
    of_session = {one.session_id: one.municipality for one in sessions if one.municipality in own}
    found = [of_session[one.session_id] for one in registrations.of_family(family_id) if one.session_id in of_session]
    if not found and not own:
        raise invalid("municipality", AS_MUNICIPALITY)
    return found[-1] if found else own[0]
