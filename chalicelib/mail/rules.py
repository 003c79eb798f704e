"""The mails that a change in the table calls for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.booking.draw import stream as draws
from chalicelib.front_door import stream as front_door
from chalicelib.links import stream as links
from chalicelib.links.rules import Event
from chalicelib.money import stream as money
from chalicelib.money.citypass import stream as city_passes
from chalicelib.people.assistance import stream as assistance
from chalicelib.programme.openings import stream as openings
from chalicelib.seats import stream
from chalicelib.seats.stream import Glimpse

Image = Mapping[str, Any]


class MailKind(StrEnum):
    """OFFERED: a seat is held for somebody who waited. HELD: for somebody who registered. LAPSED, DECLINED: what
    was held is lost, because its time was over or the family gave it up. CANCELLED: lost a seat that was final.
    LEFT: left the waiting list. CHILD_LEFT: some of a registration's children lost their seats, others keep theirs.
    OTHER_PARENT: how a registration stands, for the parent with whom its child is shared.
    MOVED: only how the mail of a CONFIRMED is called whose seat was in another session before.
    EXPIRED: a record's time to live was over. ADVANCE: a waiting list may move on.
    ANNOUNCEMENT: an incident, which `opening_id#number` names in the place of a session. RESULT: of a draw.
    MORE: mails to many that wait elsewhere may follow (mail/more.py). ERASE: a family is to be erased, and hears so
    before its address is. NEWS: a camp is cancelled, or changed, and its families are to be told (mail/camps.py).
    CALLED_OFF, CHANGED: that mail, to one family; WISH_OFF: to one that wishes for the camp in a draw to come. MOMENT:
    the family's own moment in an opening is known; MOMENT_SOON: it comes that day or the next; OFFER_ENDS: an offer is
    about to lapse; CAMP_SOON: a camp comes (mail/reminding.py).
    UNPAID: an order is not paid in time, and its family is reminded. OVERDUE: nor after that, and its registrations end
    (money/unpaid).
    CERTIFICATES: the family's tax certificates of a year are there.
    ACCOUNT: something changed by which a family's orders may cost otherwise (money/orders/following.py).
    UITPAS: a family's ticket sales there may have to be cancelled (money/uitpas/ending.py).
    PAYMENTS: payments on line may change and nobody may tell us (money/online/watching.py).
    EVENTS: what happened, for the city's other systems; LINKS: some of it may be delivered (links/delivering.py).
    APPROVAL, INCIDENT, BEACON, WEBHOOK: something waits for staff (office/matters.py), and so do RING, LATE and
    CONCERNED: units that a complaint is about were written down, or nobody may answer it. WIDENED: more people read a
    confidential unit's cases, `unit_id/edition`. CITY_PASS: how an application
    for a city pass stands, `family_id/number`. HELPER: a link for a helper. HELP: somebody helps the family, or did.
    CASE: a case came or changed. COUNTER: who asks for a certificate was proven. ARRIVED: a mail came to one of the
    city's addresses."""

    PASS = "pass"  # noqa: S105 not a password
    # Beside the mail of a pass that changes the family's address: to the old one. No message of its own.
    ADDRESS = "address"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    HELD = "held"
    LAPSED = "lapsed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LEFT = "left"
    CHILD_LEFT = "child-left"
    MOVED = "moved"
    OTHER_PARENT = "other-parent"
    EXPIRED = "expired"
    ADVANCE = "advance"
    ANNOUNCEMENT = "announcement"
    RESULT = "result"
    MORE = "more"
    ERASE = "erase"
    NEWS = "news"
    CALLED_OFF = "called-off"
    CHANGED = "changed"
    WISH_OFF = "wish-off"
    MOMENT = "moment"
    MOMENT_SOON = "moment-soon"
    OFFER_ENDS = "offer-ends"
    CAMP_SOON = "camp-soon"
    ACCOUNT = "account"
    UITPAS = "uitpas"
    PAYMENTS = "payments"
    UNPAID = "unpaid"
    OVERDUE = "overdue"
    CERTIFICATES = "certificates"
    APPROVAL = "approval"
    INCIDENT = "incident"
    BEACON = "beacon"
    WEBHOOK = "webhook"
    EVENTS = "events"
    LINKS = "links"
    CITY_PASS = "city-pass"  # noqa: S105
    CASE = "case"
    COUNTER = "counter"
    RING = "ring"
    LATE = "late"
    CONCERNED = "concerned"
    WIDENED = "widened"
    HELPER = "helper"
    HELP = "help"
    ARRIVED = "arrived"


class MailReturn(StrEnum):
    """GONE: the address does not take mail. COMPLAINT: its owner told its provider that our mail is unwanted. NOT_NOW:
    it took none for as long as SES tried (a full mailbox); the next mail may arrive."""

    GONE = "gone"
    COMPLAINT = "complaint"
    NOT_NOW = "not-now"


# Those after which we write to the address no more.
FOR_GOOD = frozenset({MailReturn.GONE, MailReturn.COMPLAINT})


# Mails to many families at once, which may come hours later than a mail about a family's own act.
TO_MANY = frozenset(
    {
        *(MailKind.ANNOUNCEMENT, MailKind.RESULT, MailKind.CALLED_OFF, MailKind.CHANGED),
        *(MailKind.WISH_OFF, MailKind.MOMENT, MailKind.MOMENT_SOON, MailKind.CAMP_SOON, MailKind.UNPAID),
        MailKind.CERTIFICATES,
    }
)
# How many days before its first day the families of a session are reminded: a weekend lies between.
CAMP_DAYS = 5
# Nobody tells a family by other ways what these say.
REMINDERS = frozenset({MailKind.MOMENT, MailKind.MOMENT_SOON, MailKind.OFFER_ENDS, MailKind.CAMP_SOON})

# Mails about a registration, whose family the desk can tell instead; the families that lose something if nobody does
# come first.
OF_REGISTRATIONS = (
    MailKind.OFFERED,
    MailKind.HELD,
    MailKind.CALLED_OFF,
    MailKind.CHANGED,
    MailKind.CANCELLED,
    MailKind.CONFIRMED,
    MailKind.WAITLISTED,
    MailKind.LAPSED,
    MailKind.LEFT,
    MailKind.DECLINED,
    MailKind.CHILD_LEFT,
    MailKind.UNPAID,
)

# Mails whose reader the desk can tell instead.
TO_TELL = (*OF_REGISTRATIONS, MailKind.OTHER_PARENT)

# How a mail is called that another message sends: none of these is a message of its own.
NAMES = frozenset({MailKind.ADDRESS, MailKind.MOVED})
# Mails to who works for the city.
TO_STAFF = frozenset(
    {
        *(MailKind.APPROVAL, MailKind.INCIDENT, MailKind.BEACON, MailKind.WEBHOOK),
        *(MailKind.RING, MailKind.LATE, MailKind.CONCERNED, MailKind.WIDENED),
    }
)
# Those whose id says it all.
ALONE = TO_STAFF | {
    *(MailKind.PASS, MailKind.ADVANCE, MailKind.RESULT, MailKind.MORE, MailKind.ERASE, MailKind.NEWS),
    *(MailKind.ACCOUNT, MailKind.PAYMENTS, MailKind.CERTIFICATES, MailKind.CITY_PASS),
    *(MailKind.UITPAS, MailKind.CASE, MailKind.EVENTS, MailKind.LINKS),
    *(MailKind.HELPER, MailKind.HELP, MailKind.ARRIVED, MailKind.COUNTER),
}
# Seconds for which a message waits on the queue. A family is erased when every container knows that its tokens are
# revoked (10 seconds), and every request that began before is over (10 more): so nothing comes behind us.
# Whoever writes an opening saves it again and again: its approvers are told when it stays as it is for so long.
# A ticket sale is looked at when whoever asked for it must have an answer. Between two turns of webhooks mails have
# the function for themselves: a turn lasts shorter than this (links/delivering.py).
DELAYS = {MailKind.ERASE: 45, MailKind.APPROVAL: 900, MailKind.UITPAS: 60, MailKind.LINKS: 10}


@dataclass(frozen=True)
class Message:
    """One mail that is due, without personal data. `id`: `family_id/year` of tax certificates, `family_id/pass_id` of a
    pass, of an announcement and of a
    moment (`session_id` is `opening_id`, or `opening_id#day` of one that comes), `registration_id/pass_id` of a record
    that expired, `registration_id/child_id` for another parent (and, once it is a mail, how it stands behind it),
    `opening_id/family_id` of a draw's result and of a wish in one, a session_id where a waiting list may move on or a
    camp has news, `many` where mails to many may follow, a family_id where it is erased, its orders are worked out
    anew or its ticket sales are looked at, a helper_id, `family_id/help_id` of a help, WATCH, LOOK or the payment's id
    behind which to go on of payments on line, a case_id, the key of a mail that came, the number of the stream's record
    with the first of some events, `turn` of links, `webhook_id/number` of a webhook that waits for staff, the day of
    what rings, `unit_id/day` of what waits too long there (behind it `#above`: the unit above is told too),
    `case_id/number` of a complaint and the entry that says whom it concerns (0: nobody may answer it),
    `opening_id/version` of a draft to be approved, `opening_id/number` of an incident, an opening_id of a public value,
    else a registration_id. `session_id` of UNPAID: the due day and the number of days behind it, `2027-06-15#3`; of
    OVERDUE: that day and the one up to which statements are known."""

    kind: MailKind
    id: str
    session_id: str | None = None
    events: tuple[Event, ...] = ()

    @property
    def about(self) -> dict[str, str]:
        """The session or the opening that it is about, under its name: everybody knows those."""
        match self.kind:
            case MailKind.PASS | MailKind.MORE | MailKind.ERASE | MailKind.ACCOUNT | MailKind.PAYMENTS:
                return {}
            case MailKind.UNPAID | MailKind.OVERDUE | MailKind.CERTIFICATES | MailKind.CITY_PASS | MailKind.UITPAS:
                return {}
            case MailKind.CASE | MailKind.EVENTS | MailKind.LINKS | MailKind.WEBHOOK | MailKind.RING | MailKind.LATE:
                return {}
            case MailKind.HELPER | MailKind.HELP | MailKind.ARRIVED | MailKind.CONCERNED | MailKind.COUNTER:
                return {}
            case MailKind.WIDENED:
                return {}
            case MailKind.RESULT:
                return {"opening_id": self.id.split("/")[0]}
            case MailKind.ANNOUNCEMENT | MailKind.MOMENT | MailKind.MOMENT_SOON:
                return {"opening_id": (self.session_id or "").split("#")[0]}
            case MailKind.APPROVAL | MailKind.INCIDENT | MailKind.BEACON:
                return {"opening_id": self.id.split("/")[0]}
            case MailKind.ADVANCE | MailKind.NEWS:
                return {"session_id": self.id}
        return {"session_id": self.session_id or ""}

    def to_json(self) -> str:
        events = [one.to_document() for one in self.events] or None
        named = {"kind": self.kind, "id": self.id, "session_id": self.session_id, "events": events}
        return json.dumps({name: value for name, value in named.items() if value is not None})

    @classmethod
    def from_json(cls, text: str) -> "Message":
        """Raises ValueError for anything that `to_json` does not write."""
        match json.loads(text):
            case {"kind": "pass", "id": str(id_), **rest} if not rest and id_.count("/") == 1:
                return cls(MailKind.PASS, id_)
            case {"kind": "result", "id": str(id_), **rest} if not rest and id_.count("/") == 1:
                return cls(MailKind.RESULT, id_)
            case {"kind": "more", "id": "many", **rest} if not rest:
                return MORE
            case {"kind": "arrived", "id": str(id_), **rest} if not rest:
                return cls(MailKind.ARRIVED, id_)
            case {"kind": "links", "id": "turn", **rest} if not rest:
                return LINKS
            case {"kind": "events", "id": str(id_), "events": [*events], **rest} if not rest:
                return cls(MailKind.EVENTS, id_, events=tuple(map(Event.from_document, events)))
            case {
                "kind": (
                    "approval"
                    | "incident"
                    | "certificates"
                    | "city-pass"
                    | "webhook"
                    | "help"
                    | "concerned"
                    | "widened"
                ) as kind,
                "id": str(id_),
                **rest,
            } if not rest and id_.count("/") == 1:
                return cls(MailKind(kind), id_)
            case {
                "kind": (
                    "advance" | "erase" | "news" | "beacon" | "account" | "payments" | "uitpas" | "case" | "helper"
                ) as kind,
                "id": str(id_),
                **rest,
            } if not rest:
                return cls(MailKind(kind), id_)
            case {"kind": ("ring" | "late" | "counter") as kind, "id": str(id_), **rest} if not rest:
                return cls(MailKind(kind), id_)
            case {"kind": str(kind), "id": str(id_), "session_id": str(session_id), **rest} if not rest:
                if kind not in ALONE | NAMES:
                    return cls(MailKind(kind), id_, session_id)
        raise ValueError("not a message of the outbox")


MORE = Message(MailKind.MORE, "many")
LINKS = Message(MailKind.LINKS, "turn")
# A payment is to be looked at within the hour; the timer that sees to it rings.
WATCH, LOOK = Message(MailKind.PAYMENTS, "watch"), Message(MailKind.PAYMENTS, "look")


def messages(change: str, keys: Mapping[str, str], old: Image, new: Image) -> list[Message]:
    """The mails that one record of the table's stream calls for; `change` is INSERT, MODIFY or REMOVE.

    `old` and `new` are the item before and after, empty where there was none. A change that is not about a pass, a seat
    or a place on the waiting list calls for none: a record that raised here would block every mail behind it.
    """
    found = _drafted(change, keys, new) or _of_money(change, keys, old, new) or _of_help(change, keys, old, new)
    if found or (found := _of_links(keys, old, new)):
        return found
    partition, _, owner = keys["pk"].partition("#")
    kind, _, rest = keys["sk"].partition("#")
    match partition, kind, change:
        # Only MODIFY: an item that appears whole, with its holders, was restored from a backup and not registered now.
        case "S", stream.SK, "MODIFY":
            before, after = stream.glimpse(old), stream.glimpse(new)
            news = [Message(MailKind.NEWS, owner)] if after.news > before.news else []
            return [*_seats(owner, before, after), *_moves_on(owner, before, after), *news]
        # One of the places of siblings, which come together, speaks for all of them.
        case "S", "W", "INSERT" if new.get("sibling"):
            return []
        # The draw itself tells the families that wait because of it.
        case "S", "W", "INSERT":
            return [
                *([] if new.get("drawn") else _place(MailKind.WAITLISTED, owner, new)),
                Message(MailKind.ADVANCE, owner),
            ]
        case "S", "W", "REMOVE":
            return [*_place(MailKind.LEFT, owner, old), Message(MailKind.ADVANCE, owner)]
        # By time to live: the template lets no other removal through. Ours, of refused tries, would do no harm.
        case "F", "R", "REMOVE" if "pass_id" in old and "session_id" in old:
            return [Message(MailKind.EXPIRED, f"{owner}{rest}/{old['pass_id']}", old["session_id"])]
        case front_door.CASE, front_door.CASE, "INSERT" | "MODIFY":
            return [Message(MailKind.CASE, owner)]
        case front_door.COUNTER_CASE, front_door.IDENTITY, "INSERT" | "MODIFY":
            return [Message(MailKind.COUNTER, owner)]
        case front_door.UNITS, _, "INSERT" | "MODIFY" if "widened" in new and new["widened"] != old.get("widened"):
            return [Message(MailKind.WIDENED, "{}/{}".format(keys["sk"], int(new["widened"])))]
        case "F", "P", "INSERT":
            return [Message(MailKind.PASS, f"{owner}/{rest}")]
        case "F", "ERASING", "INSERT":
            return [Message(MailKind.ERASE, owner)]
        case "O", _, _:
            return _of_openings(change, owner, keys["sk"], old, new)
    return []


def _of_openings(change: str, opening_id: str, sk: str, old: Image, new: Image) -> list[Message]:
    kind, _, rest = sk.partition("#")
    match kind, change:
        case openings.LOG, "INSERT" if rest.isdigit() and openings.waits_for_a_second(new):
            return [Message(MailKind.INCIDENT, f"{opening_id}/{int(rest)}")]
        case draws.FROZEN | draws.BEACON, "INSERT" | "MODIFY" if not rest:
            return [Message(MailKind.BEACON, opening_id)]
        case "D", "MODIFY" if "result" in new and "result" not in old:
            return [Message(MailKind.RESULT, f"{opening_id}/{rest}")]
    return []


def _drafted(change: str, keys: Mapping[str, str], new: Image) -> list[Message]:
    draft = openings.drafted(change, keys, new)
    return [Message(MailKind.APPROVAL, "{}/{}".format(*draft))] if draft else []


def _of_links(keys: Mapping[str, str], old: Image, new: Image) -> list[Message]:
    if waiting := links.waits_for_staff(keys, old, new):
        return [Message(MailKind.WEBHOOK, waiting)]
    return [LINKS] if links.is_asked_again(keys, old, new) else []


def _of_money(change: str, keys: Mapping[str, str], old: Image, new: Image) -> list[Message]:
    with_ticket = money.family_with_ticket(change, keys, old, new)
    tickets = [Message(MailKind.UITPAS, with_ticket)] if with_ticket else []
    if family_id := money.family_to_measure(keys, old, new):
        return [Message(MailKind.ACCOUNT, family_id), *tickets]
    if tickets:
        return tickets
    if told := money.certificates_to_tell(change, keys):
        return [Message(MailKind.CERTIFICATES, told)]
    if money.is_watched_payment(change, keys):
        return [WATCH]
    if application := city_passes.decided(change, keys, old, new):
        # A pass that begins or ends may change what the family's orders cost.
        is_measured = city_passes.GRANTED in (old.get("status"), new.get("status"))
        measured = [Message(MailKind.ACCOUNT, application.partition("/")[0])] if is_measured else []
        return [Message(MailKind.CITY_PASS, application), *measured]
    return []


def _of_help(change: str, keys: Mapping[str, str], old: Image, new: Image) -> list[Message]:
    helper, told = (of(change, keys, old, new) for of in (assistance.link_to_send, assistance.help_to_tell))
    return [
        *([Message(MailKind.HELPER, helper)] if helper else []),
        *([Message(MailKind.HELP, told)] if told else []),
    ]


def _seats(session_id: str, before: Glimpse, after: Glimpse) -> list[Message]:
    """One message for each registration, however many siblings it seats."""
    kinds: dict[str, MailKind] = {}
    for registration in after.registrations:
        if registration in after.until:
            if registration not in before.registrations:
                kinds[registration] = MailKind.OFFERED if registration in after.from_list else MailKind.HELD
        elif registration not in before.registrations or registration in before.until:
            kinds[registration] = MailKind.CONFIRMED
    for registration in before.registrations:
        if registration not in after.registrations:
            if registration in after.until:  # what is freed because its time is over leaves that behind
                kinds[registration] = MailKind.LAPSED
            else:
                kinds[registration] = MailKind.DECLINED if registration in before.until else MailKind.CANCELLED
        elif after.children[registration] < before.children[registration]:
            kinds.setdefault(registration, MailKind.CHILD_LEFT)
    return [Message(kind, registration, session_id) for registration, kind in kinds.items()]


def _moves_on(session_id: str, before: Glimpse, after: Glimpse) -> list[Message]:
    """Free seats that are the waiting list's, since now or since now the session is open; or a seat that is held until
    earlier than all before: its timer is to be made. (What ends later is seen to when the earlier timer rings.)"""
    are_now = not before.is_queued or before.moments != after.moments
    queued = after.is_queued and (after.free > before.free or (are_now and after.free > 0))
    if queued or after.first_end < before.first_end:
        return [Message(MailKind.ADVANCE, session_id)]
    return []


def _place(kind: MailKind, session_id: str, place: Image) -> list[Message]:
    registration = place.get("registration_id")
    return [Message(kind, registration, session_id)] if registration else []
