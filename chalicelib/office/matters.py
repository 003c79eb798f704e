"""Matters that wait for somebody of the city, and for whom: each is told once of a matter (mail/staff.py).

| matter                        | for whom                                     | until              |
| ----------------------------- | -------------------------------------------- | ------------------ |
| a draft that passes its check | approvers who have not approved this version | two have           |
| a draft that two approved     | managers                                     | it is published    |
| an incident that needs a yes  | approvers, not who asked for it              | somebody approved  |
| a public value to be entered  | managers, then approvers, not who did it     | both have          |
| a webhook to be confirmed     | managers of the whole city, not who asked    | it is, or is ended |
| a webhook that stopped        | managers of the whole city                   | it is tried again  |
| something rings               | managers and auditors of the whole city      | somebody looked    |
| cases that wait too long      | the head of their unit, or of the one above  | none does          |
| whom a complaint concerns     | the first head from its unit upwards whom it | it is answered     |
|                               | does not concern, or else as for a ring      |                    |
| more people read the cases of | those whose unit it was, its people and head | they were told     |
| a confidential unit           |                                              |                    |

Only whoever works for each municipality of the opening may act on it (office/scope.py), so nobody else is told. The
head of a unit is an address that the city wrote down, whether or not the user pool knows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.booking.draw import table as draws
from chalicelib.core.languages import DEFAULT, LANGUAGES, N_, translate
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.handling import handling
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.front_door.watching import table as watching
from chalicelib.links import table as webhooks
from chalicelib.links.rules import Webhook, WebhookState
from chalicelib.mail.rules import MailKind, Message
from chalicelib.mail.staff import Matter
from chalicelib.office import scope
from chalicelib.office.publication import drafts
from chalicelib.people.staff import pool
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff, StaffAddress
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State
from chalicelib.programme.sessions import whose

TO_APPROVE = N_("An opening waits for your approval")
TO_PUBLISH = N_("An opening can be published")
TO_CONFIRM = N_("An incident waits for your approval")
TO_ENTER = N_("A public value is to be entered")
TO_ENTER_TOO = N_("A public value is to be entered a second time")
TO_LINK = N_("A webhook waits for your approval")
LINK_STOPPED = N_("A webhook stopped")

TO_LOOK = N_("Somebody must look")
TOO_LONG = N_("Cases wait too long")
CONCERNS_UNITS = N_("A complaint is about the city’s own people")
NOBODY_MAY = N_("Nobody may answer a complaint")

JOINED = N_("More people read the cases of a confidential unit")
LIFTED = N_("A unit is confidential no more")
IS_RIGHT = N_(
    "You hear of it because it is your unit, or was. The ledger has who did it and why. If it is not right, say so to "
    "a programme manager or to the auditor today."
)
LOOK = N_(
    "A form fell silent, leads nowhere, or something of it is not right. It rings until one of you looked, and wrote "
    "down what you found."
)
ANSWER_THEM = N_(
    "What citizens sent is not answered by the day that the city said. The page says which, and since when."
)
SEE_TO_IT = N_(
    "It was written down which units a complaint is about. Somebody who is of none of them answers it: see that "
    "somebody does."
)
NAME_SOMEBODY = N_(
    "Everybody of its unit and of the units above is among those whom it is about. Name somebody else in one of these "
    "units: nobody can answer it before."
)
MORE_RINGS = N_("{number} in all")

SECOND_NEEDED = N_("Two different people must approve this version before it can be published.")
IS_APPROVED = N_("Two people have approved this version. A programme manager can publish it.")
NOT_BEFORE = N_("A colleague asked for this. It takes effect when somebody else approves it, and not before.")
TWO_ENTER = N_(
    "The list of wishes is closed. Two people enter the value, neither shown the other’s: a programme manager, then "
    "somebody who approves. The draw waits for it."
)
LEAVES_THE_CITY = N_(
    "A colleague wants another system to be told what happens. Data leaves the city by it: ask that system’s owner "
    "whether the address is right, before you confirm it."
)
NOT_TRIED = N_(
    "Its address did not answer for a day, or said that it is gone. What happens is kept for 30 days: have the other "
    "system mended, and send it again."
)


@dataclass(frozen=True)
class Waiting:
    """`role`: who may act on it, but for `not_these` (staff_id)."""

    matter: Matter
    opening: Opening
    role: Role
    not_these: frozenset[str] = frozenset()


def of(message: Message, now: datetime) -> tuple[Matter, Sequence[StaffAddress]] | None:
    """The matter of a message of the queue, and who may act on it; None if it waits no more."""
    if message.kind is MailKind.WEBHOOK:
        return _webhook(*message.id.split("/"))
    if message.kind is MailKind.RING:
        return _ring(date.fromisoformat(message.id))
    if message.kind is MailKind.LATE:
        unit_id, _, rest = message.id.partition("/")
        day, _, is_above = rest.partition("#")
        return _late(unit_id, date.fromisoformat(day), is_above=bool(is_above))
    if message.kind is MailKind.CONCERNED:
        return _concerned(*message.id.split("/"))
    if message.kind is MailKind.WIDENED:
        return _widened(*message.id.split("/"))
    opening_id, _, number = message.id.partition("/")
    found = openings.get(opening_id)
    if found is None:
        return None
    match message.kind:
        case MailKind.APPROVAL:
            waiting = _approval(found[0], int(number), now)
        case MailKind.INCIDENT:
            waiting = _incident(found[0], int(number))
        case _:
            waiting = _beacon(found[0])
    return (waiting.matter, list(_who(waiting))) if waiting else None


def _approval(opening: Opening, version: int, now: datetime) -> Waiting | None:
    """Of a version that is the last one still: whoever changes it once more is not done with it."""
    if opening.state is not State.DRAFT or opening.version != version:
        return None
    path = f"/office/openings/{opening.opening_id}"
    names = opening.plan.titles
    if len(opening.approved_by) >= drafts.APPROVERS:
        matter = Matter(f"publish#{opening.opening_id}#{version}", TO_PUBLISH, IS_APPROVED, names, path)
        return Waiting(matter, opening, Role.MANAGER)
    if not drafts.checked(opening, now, "en").passes:
        return None
    matter = Matter(f"approve#{opening.opening_id}#{version}", TO_APPROVE, SECOND_NEEDED, names, path)
    return Waiting(matter, opening, Role.APPROVER, opening.approved_by)


def _incident(opening: Opening, number: int) -> Waiting | None:
    entry = log.get(opening.opening_id, number)
    if entry is None or entry.at is not None:
        return None
    path = f"/office/openings/{opening.opening_id}/incidents"
    matter = Matter(f"incident#{opening.opening_id}#{number}", TO_CONFIRM, NOT_BEFORE, opening.plan.titles, path)
    return Waiting(matter, opening, Role.APPROVER, frozenset({str(entry.asked["by"])}))


def _beacon(opening: Opening) -> Waiting | None:
    if opening.kind is not OpeningKind.DRAW or opening.plan.beacon is None or opening.state is State.DRAWN:
        return None
    frozen = draws.valid_list(opening)
    first = draws.beacon(opening.opening_id, frozen.frozen_at) if frozen else None
    if frozen is None or (first and first.confirmed_at):
        return None
    path, since = f"/office/openings/{opening.opening_id}", f"{opening.opening_id}#{frozen.frozen_at:%Y%m%d%H%M%S}"
    if first is None:
        return Waiting(Matter(f"beacon#{since}", TO_ENTER, TWO_ENTER, opening.plan.titles, path), opening, Role.MANAGER)
    matter = Matter(f"second#{since}", TO_ENTER_TOO, TWO_ENTER, opening.plan.titles, path)
    return Waiting(matter, opening, Role.APPROVER, frozenset({first.by}))


def _webhook(webhook_id: str, number: str) -> tuple[Matter, Sequence[StaffAddress]] | None:
    webhook = webhooks.get(webhook_id)
    if webhook is None or str(webhook.asked) != number:
        return None
    if webhook.state is WebhookState.PROPOSED:
        return _of_webhook(webhook, TO_LINK, LEAVES_THE_CITY, frozenset({webhook.by}))
    return _of_webhook(webhook, LINK_STOPPED, NOT_TRIED) if webhook.state is WebhookState.HALTED else None


def _of_webhook(
    webhook: Webhook, what: str, more: str, not_these: frozenset[str] = frozenset()
) -> tuple[Matter, Sequence[StaffAddress]]:
    name = f"webhook#{webhook.webhook_id}#{webhook.state}#{webhook.asked}"
    matter = Matter(name, what, more, dict.fromkeys(LANGUAGES, webhook.name), "/office/webhooks")
    managers = [one for one in pool.with_role(Role.MANAGER) if one.staff.staff_id not in not_these]
    return matter, [one for one in managers if EVERYWHERE in one.staff.municipalities]


def _who(waiting: Waiting) -> Sequence[StaffAddress]:
    wanted = set(waiting.opening.plan.session_ids)
    municipalities = {one.municipality for one in whose.every() if one.session_id in wanted}
    return [
        one
        for one in pool.with_role(waiting.role)
        if one.staff.staff_id not in waiting.not_these and _is_theirs(one.staff, municipalities)
    ]


def _is_theirs(staff: Staff, municipalities: set[str]) -> bool:
    is_theirs = scope.theirs(staff)
    return all(map(is_theirs, municipalities))


def _ring(day: date) -> tuple[Matter, Sequence[StaffAddress]] | None:
    """Of the rings that nobody looked at yet: told on a day once."""
    rings = watching.rings()
    if not rings:
        return None
    titles = forms.published()
    form_ids = list(dict.fromkeys(one.form_id for one in rings if one.form_id in titles))
    number = {each: translate(MORE_RINGS, each, number=len(rings)) for each in LANGUAGES}
    named = {
        each: ", ".join([*(_said(titles[form_id].title, each) for form_id in form_ids[:3]), number[each]])
        for each in LANGUAGES
    }
    return Matter(f"ring#{day}", TO_LOOK, LOOK, named, "/office/watch"), _watchers()


def _watchers() -> list[StaffAddress]:
    """Managers and auditors of the whole city."""
    who = {one.staff.staff_id: one for role in (Role.MANAGER, Role.AUDITOR) for one in pool.with_role(role)}
    return [one for one in who.values() if EVERYWHERE in one.staff.municipalities]


def _late(unit_id: str, day: date, *, is_above: bool) -> tuple[Matter, Sequence[StaffAddress]] | None:
    """Of what a unit has in hand beyond its day; for the head of the unit above too, if it is for a week."""
    known = units.every()
    unit = known.get(unit_id)
    if unit is None or not any(entry.answer_by < day for entry in cases.inbox(unit_id)):
        return None
    addresses = _heads(unit, known, most=2 if is_above else 1)
    matter = Matter(f"late#{unit_id}#{day}", TOO_LONG, ANSWER_THEM, unit.name, "/office/watch/late")
    if not addresses:
        return matter, [one for one in pool.with_role(Role.MANAGER) if EVERYWHERE in one.staff.municipalities]
    handlers = _handlers()
    return matter, [handlers.get(each) or _of_address(each) for each in addresses]


def _handlers() -> dict[str, StaffAddress]:
    """Whoever may lead a unit, by mail address in small letters."""
    return {one.email.lower(): one for role in (Role.HANDLER, Role.MANAGER) for one in pool.with_role(role)}


def _concerned(case_id: str, number: str) -> tuple[Matter, Sequence[StaffAddress]] | None:
    """`number`: of the entry that says whom it is about; "0": nobody may answer it."""
    case, known = cases.get(case_id), units.every()
    if case is None or not case.is_in_hand or case.unit_id not in known:
        return None
    is_stuck = number == "0"
    if is_stuck and not handling.is_stuck(case):
        return None
    concerned = handling.concerned_now(case)
    what, more = (NOBODY_MAY, NAME_SOMEBODY) if is_stuck else (CONCERNS_UNITS, SEE_TO_IT)
    matter = Matter(f"concerned#{case_id}#{number}", what, more, known[case.unit_id].name, "/office/watch/late")
    heads = [each for each in _heads(known[case.unit_id], known, most=len(known)) if not concerned.has("", each)]
    if not heads:
        return matter, [one for one in _watchers() if not concerned.has(one.staff.staff_id, one.email)]
    return matter, [_handlers().get(heads[0]) or _of_address(heads[0])]


def _widened(unit_id: str, edition: str) -> tuple[Matter, Sequence[StaffAddress]] | None:
    """`edition`: of the unit, since which they read them. Its head by now is told too; where it was nobody's before,
    managers and auditors are."""
    known = units.every()
    unit = known.get(unit_id)
    widening = next((one for one in unit.widenings if str(one.edition) == edition), None) if unit else None
    if unit is None or widening is None:
        return None
    who = ", ".join(widening.people)
    names = {each: f"{name}: {who}" if who else name for each, name in unit.name.items()}
    what = LIFTED if widening.is_lifted else JOINED
    matter = Matter(f"widened#{unit_id}#{edition}", what, IS_RIGHT, names, "/office/cases")
    addresses = dict.fromkeys([*widening.told, *unit.people, *_heads(unit, known, most=1)])
    handlers = _handlers()
    told = [handlers.get(each) or _of_address(each) for each in addresses]
    return matter, [*told, *(_watchers() if not widening.told else ())]


def _heads(unit: Unit, known: Mapping[str, Unit], most: int) -> list[str]:
    """The address of a unit's head, or of the nearest above it that has one; and of the next ones above that."""
    found: list[str] = []
    seen: set[str] = set()
    at = unit.unit_id
    while at in known and at not in seen and len(found) < most:
        seen.add(at)
        head = known[at].head.lower()
        if head and head not in found:
            found.append(head)
        at = known[at].above
    return found


def _of_address(email: str) -> StaffAddress:
    """Of somebody whom the user pool does not know, or not in such a role."""
    return StaffAddress(Staff(email, "", frozenset(), email), email, DEFAULT)


def _said(labels: Mapping[str, str], language: str) -> str:
    return labels.get(language) or labels.get(DEFAULT, "")
