"""A registration's own page, the receipt: how it stands, what it costs, what can still be done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from chalicelib.booking.answers import answering
from chalicelib.booking.answers.answering import Questioned
from chalicelib.booking.offers.accept import accept, extend, longer
from chalicelib.booking.offers.links import Link
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.moving import gives_up
from chalicelib.booking.registrations.rules import (
    EndedBy,
    Registration,
    RegistrationStatus,
    Standing,
    reference_of,
)
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import ANSWERS_MISSING, INVALID, NOT_FOUND, FieldError, Problem
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.moments import today
from chalicelib.mail.announcements import because_of
from chalicelib.mail.mails import RegistrationMail, calendar_of, words
from chalicelib.mail.payments import with_payment
from chalicelib.mail.returned import why_left_alone
from chalicelib.mail.rules import MailKind
from chalicelib.money.online.provider import of_city
from chalicelib.money.orders import leaving
from chalicelib.money.orders.leaving import CancellingCost, LeavingOutlook
from chalicelib.money.payees import table as payees
from chalicelib.money.quotes.booked import extras_of
from chalicelib.money.tariffs import table as tariffs
from chalicelib.pages.family.paying import paying_of
from chalicelib.pages.family.prices import OwnPrice, changed, kept_in_words, own_price
from chalicelib.pages.family.visitors import keep_or_know, visitor
from chalicelib.pages.frame import answers_form, care_form
from chalicelib.pages.frame.answers_form import AskedOfChild
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.qr import qr_code
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.child_info import entering
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import table as families
from chalicelib.people.families.handlers import known_bearer
from chalicelib.people.families.rules import Bearer, Child
from chalicelib.programme.questions.rules import Question
from chalicelib.programme.sessions import news
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.alternatives import OtherSession, alternatives
from chalicelib.programme.sessions.rules import Session

WAITS = (RegistrationStatus.WAITLISTED, RegistrationStatus.OFFERED)
CALENDAR = "text/calendar; charset=utf-8"
DOES_NOT_TAKE_PLACE = N_("This camp does not take place.")
BY_UNPAID = N_("It was not paid in time, also after we reminded you. The seat is for another child now.")
BY_OTHER_PARENT = N_("The other parent, with whom you share this child, cancelled.")


@dataclass(frozen=True)
class Receipt:
    """A registration that this browser may look at. `who`: as whom."""

    who: Bearer
    standing: Standing
    booking: RegistrationMail

    @property
    def registration(self) -> Registration:
        return self.booking.registration

    @property
    def total_cents(self) -> int:
        return self.booking.price_cents * len(self.registration.child_ids)

    @property
    def children(self) -> list[Child]:
        """In the order of the registration."""
        known = {one.child_id: one for one in self.booking.family.children}
        return [known[child] for child in self.registration.child_ids if child in known]

    @property
    def is_lapsed(self) -> bool:
        """Lost because nobody answered in time. (The mail that says so marks the record, a moment later.)"""
        found = self.registration
        return self.standing.status is RegistrationStatus.CANCELLED and (
            found.cancelled_at is None or MailKind.LAPSED in found.mailed
        )

    @property
    def wants_another(self) -> bool:
        """Whether the family has no seat, and did not give one up itself."""
        waits = self.standing.status is RegistrationStatus.WAITLISTED
        return waits or self.is_lapsed or self.registration.taken_back is not None or self.registration.called_off

    def charges(self, visit: Visit, children: Iterable[str] | None = None) -> list[CancellingCost]:
        """The costs of cancelling from now on, by what held when the family registered. `children`: for these; None:
        for all."""
        going = self.registration.child_ids if children is None else children
        return leaving.costs(self.registration, self.booking.session, going, self.booking.price_cents, visit.now)


@dataclass(frozen=True)
class RegistrationKept:
    """`cents`: what giving it up costs now."""

    registration_id: str
    session: Session
    cents: int


def show(visit: Visit, registration_id: str) -> Answer:
    """`?link=` of a mail; without it, by the pass or by that link's cookie. Looking changes nothing."""
    if "link" in visit.query:
        led = keep_or_know(visit, visit.query["link"])
        return redirect(visit, f"/registrations/{led.registration_id if isinstance(led, Link) else registration_id}")
    return _receipt_page(visit, receipt(visit, registration_id))


def _receipt_page(visit: Visit, found: Receipt, form: Form | None = None, status: int = 200) -> Answer:
    """`form`: what was typed, and what of it is wrong."""
    questioned = questions_of(visit, found)
    found = with_what_is_missing(found, questioned)
    if visit.help is None:
        found = with_what_is_to_pay(found)
    return page(
        visit,
        "pages/family/registration.html",
        status,
        **about(visit, found),
        **questioned.on_page(visit, form),
        is_asked=bool(questioned.found.asked.questions),
        charges=_costs(visit, found),
        booked=found.children,
        unknown=found.booking.unknown,
        has_pass=has_pass(visit, found),
        left_alone=why_left_alone(found.booking.family),
        qr=qr_code(reference_of(found.registration)) if found.standing.status is RegistrationStatus.CONFIRMED else None,
        because=_because(visit, found),
        moved_to=_moved(visit, found),
        moved_to_id=found.registration.moved_to,
        kept=kept_of(visit, found),
        paying=paying_of(found.booking.payable, visit.now),
        order=found.booking.order,
        pays_online=of_city() is not None,
        takes_extras=_takes_extras(visit, found),
        alternatives=elsewhere(visit, found) if found.wants_another else [],
    )


def _takes_extras(visit: Visit, found: Receipt) -> bool:
    """Whether the tariff may have extras for it. (Their own page knows which fit.) Nothing is read for that."""
    session, starts_on = found.booking.session, found.booking.session.starts_on
    if found.standing.status is not RegistrationStatus.CONFIRMED or not has_pass(visit, found):
        return False
    if starts_on is None or today(visit.now) >= starts_on or not payees.of(session.municipality):
        return False
    tariff = tariffs.in_force(session.municipality)
    return tariff is not None and bool(extras_of(tariff, today(found.registration.created_at)))


@dataclass(frozen=True)
class OwnQuestions:
    """What is asked about the children of a registration, as far as it is for this browser. `sees_answers`: who has
    the link of a mail alone answers what is open, and sees nothing of what was answered; the family does."""

    found: Questioned
    parts: Sequence[AskedOfChild]
    sees_answers: bool

    def sees(self, question: Question) -> bool:
        return self.sees_answers

    def on_page(self, visit: Visit, typed: Form | None) -> dict[str, Any]:
        before = answers_form.shown(self.found, self.parts, self.sees)
        return answers_form.on_page(visit, self.parts, answers_form.again(typed, before) if typed else before)


def questions_of(visit: Visit, found: Receipt) -> OwnQuestions:
    """None of a registration that has ended."""
    questioned = answering.of(found.registration, found.standing, visit.now)
    sees = has_pass(visit, found)
    stands = found.standing.status is not RegistrationStatus.CANCELLED
    parts = answers_form.asked(questioned, found.children, lambda _: sees) if stands else []
    return OwnQuestions(questioned, parts, sees)


def with_what_is_missing(found: Receipt, questioned: OwnQuestions) -> Receipt:
    """Of a seat that is final: the children of whom the camp knows nothing yet, or a required question is open."""
    if found.standing.status is not RegistrationStatus.CONFIRMED:
        return found
    record = found.registration
    unknown = cares.unknown(record.family_id, record.child_ids)
    return replace(found, booking=replace(found.booking, unknown=unknown, unanswered=list(questioned.found.missing)))


def with_what_is_to_pay(found: Receipt) -> Receipt:
    """Of a seat that is final, or was: what is charged for it and how that is paid; nothing where nobody takes
    money."""
    if found.standing.status in WAITS:
        return found
    return replace(found, booking=with_payment(found.booking))


def show_child(visit: Visit, registration_id: str, child_id: str) -> Answer:
    """The notes for the camp, for who has the link of a mail alone: they say it where nothing is said yet, and see
    nothing of what is. The family itself has a page for it."""
    found = receipt(visit, registration_id)
    if has_pass(visit, found):
        return redirect(visit, f"/children/{child_id}")
    known = _still_unknown(found, child_id)
    return _child_page(visit, found, known, Form()) if known else redirect(visit, f"/registrations/{registration_id}")


def save_child(visit: Visit, registration_id: str, child_id: str) -> Answer:
    content, form = care_form.typed(read_form(visit))
    found = receipt(visit, registration_id)
    known = _still_unknown(found, child_id)
    if known:
        try:
            entering.enter(found.registration.family_id, child_id, content, visit.now, is_first=True)
        except Problem as problem:
            if problem.kind is not INVALID:
                raise
            return _child_page(visit, found, known, form.wrong(problem, visit.language), 422)
    return redirect(visit, f"/registrations/{registration_id}")


def has_pass(visit: Visit, found: Receipt) -> bool:
    """Whether it is the family itself. A helper sees what the link of a mail shows: nothing of money, and nothing of
    what was answered."""
    return visit.help is None and known_bearer(visit) == found.who


def _still_unknown(found: Receipt, child_id: str) -> entering.ChildWithCare | None:
    """The child, if nothing is known of it. Raises Problem `not-found` unless it has its seat by this registration."""
    if found.standing.status is not RegistrationStatus.CONFIRMED or child_id not in found.registration.child_ids:
        raise Problem(NOT_FOUND)
    known = entering.of_child(found.registration.family_id, child_id)
    return None if known.care else known


def _child_page(visit: Visit, found: Receipt, known: entering.ChildWithCare, form: Form, status: int = 200) -> Answer:
    back = f"/registrations/{found.registration.registration_id}"
    return page(
        visit,
        "pages/family/children.html",
        status,
        known=known,
        form=form,
        rows=care_form.rows(form),
        is_saved=False,
        is_shared_with_us=False,
        action=f"{back}/children/{known.child.child_id}",
        back=back,
        face_of=found.booking.session.municipality,
    )


def _moved(visit: Visit, found: Receipt) -> Session | None:
    """The session in which this registration goes on."""
    to = found.registration.moved_to
    following = registrations.get(to) if to else None
    return programme.get(following.session_id) if following else None


def kept_of(visit: Visit, found: Receipt) -> RegistrationKept | None:
    """The seat that a family which waits to move has until it accepts one here, and what giving it up costs then."""
    if found.registration.moved_from is None or found.standing.status not in WAITS:
        return None
    before = gives_up(found.registration, visit.now)
    session = programme.get(before.session_id) if before else None
    if before is None or session is None:
        return None
    there = Receipt(found.who, found.standing, RegistrationMail(before, session, found.booking.family))
    children = set(before.child_ids).intersection(found.registration.child_ids)
    # If the city takes money, a move costs the difference in price and nothing for the seat that becomes free.
    cents = 0 if payees.of(session.municipality) else there.charges(visit, children)[0].cents
    return RegistrationKept(before.registration_id, session, cents)


def calendar(visit: Visit, registration_id: str) -> Answer:
    """For who has a seat; and for who had one, so that the calendar forgets it."""
    found = receipt(visit, registration_id)
    if found.standing.status not in (RegistrationStatus.CONFIRMED, RegistrationStatus.CANCELLED):
        raise Problem(NOT_FOUND)
    is_cancelled = found.standing.status is RegistrationStatus.CANCELLED
    content = calendar_of(found.booking, visit.now, is_cancelled=is_cancelled)
    return Answer(200, File(content, CALENDAR, "kamp.ics"))


def take_answer(visit: Visit, registration_id: str) -> Answer:
    """The receipt's form: `answer`, accept or extend. Again and again is the same."""
    form = read_form(visit)
    found = receipt(visit, registration_id)
    if wrong := give_answer(visit, found, form):
        return _receipt_page(visit, found, wrong, 422)
    return redirect(visit, f"/registrations/{registration_id}")


def ask_to_cancel(visit: Visit, registration_id: str) -> Answer:
    found = receipt(visit, registration_id)
    if found.standing.status is RegistrationStatus.CANCELLED:
        return redirect(visit, f"/registrations/{registration_id}")
    return _cancel_page(visit, found)


def cancel(visit: Visit, registration_id: str) -> Answer:
    """`cents`: what the page said that it costs, and changes of what stays; `standing`: of what. If that is otherwise
    by now, or an offer is final, it is asked once again."""
    form = read_form(visit)
    found = receipt(visit, registration_id)
    if found.standing.status is not RegistrationStatus.CANCELLED:
        if not _is_as_shown(visit, found, form):
            return _cancel_page(visit, found, is_changed=True)
        register.cancel(found.who, registration_id, visit.now)
    return redirect(visit, f"/registrations/{registration_id}")


def ask_to_cancel_child(visit: Visit, registration_id: str, child_id: str) -> Answer:
    found = receipt(visit, registration_id)
    if _stays(found, child_id):
        return _cancel_page(visit, found, child_id=child_id)
    return redirect(visit, f"/registrations/{registration_id}")


def cancel_child(visit: Visit, registration_id: str, child_id: str) -> Answer:
    """As `cancel`, for one child of several."""
    form = read_form(visit)
    found = receipt(visit, registration_id)
    if _stays(found, child_id):
        if not _is_as_shown(visit, found, form, [child_id]):
            return _cancel_page(visit, found, is_changed=True, child_id=child_id)
        register.cancel_child(found.who, registration_id, child_id, visit.now)
    return redirect(visit, f"/registrations/{registration_id}")


def _stays(found: Receipt, child_id: str) -> bool:
    """Whether this child has a seat or a place by it. Raises Problem `not-found` for a child that it never was for."""
    if child_id not in found.registration.every_child:
        raise Problem(NOT_FOUND)
    return child_id in found.registration.child_ids and found.standing.status is not RegistrationStatus.CANCELLED


def receipt(visit: Visit, registration_id: str) -> Receipt:
    """Raises Problem `not-found` for what is unknown and for another family's alike, `unauthorized`."""
    return receipt_of(visit, visitor(visit, registration_id), registration_id)


def receipt_of(visit: Visit, who: Bearer, registration_id: str) -> Receipt:
    """As `receipt`, for this family."""
    found, standing = register.look_up(who, registration_id, visit.now)
    # The two may be a second old, at half the price: what they are wanted for is words. How it stands is as it is now.
    session = programme.get(found.session_id, consistent=False)
    family = families.seen(found.family_id, found.pass_id)
    if session is None or family is None:
        raise LookupError("session" if session is None else "pass")
    return Receipt(who, standing, RegistrationMail(found, session, family))


def give_answer(visit: Visit, found: Receipt, form: Form) -> Form | None:
    """Saves what was answered, and accepts or gets more time. The form, if something of it is wrong or missing: then
    nothing was accepted. Raises what accepting and asking for more time raise."""
    registration_id = found.registration.registration_id
    match form["answer"]:
        case "accept":
            if errors := save_answers(visit, found, form):
                return form.wrong(Problem(INVALID, errors=errors), visit.language)
            try:
                accept(found.who, registration_id, visit.now)
            except Problem as problem:
                if problem.kind is not ANSWERS_MISSING:
                    raise
                return form.wrong(problem, visit.language)
        case "extend":
            if found.standing.status is RegistrationStatus.OFFERED:
                save = partial(answering.answer, found.who, registration_id, now=visit.now)
                answers_form.take_what_is_right(form, questions_of(visit, found).parts, save)
            extend(found.who, registration_id, visit.now)
        case _:
            raise Problem(INVALID)
    return None


def save_answers(visit: Visit, found: Receipt, form: Form) -> list[FieldError]:
    """What is wrong or missing; if only something is missing, the rest is saved. Nothing of what has ended."""
    parts = questions_of(visit, found).parts
    save = partial(answering.answer, found.who, found.registration.registration_id, now=visit.now)
    return answers_form.take(form, parts, save) if parts else []


def about(visit: Visit, found: Receipt) -> dict[str, Any]:
    """The values for pages about a registration, in the visitor's language."""
    family, session = found.booking.family, found.booking.session
    booking = replace(found.booking, family=replace(family, language=visit.language))
    price = price_of(visit, found)
    return {
        **words(booking),
        "face_of": session.municipality,
        "registration_id": found.registration.registration_id,
        "session_id": session.session_id,
        "standing": found.standing.status.value,
        "is_lapsed": found.is_lapsed,
        "position": found.standing.waitlist_position,
        "until": found.standing.held_until,
        "longer": longer(found.registration, found.standing, visit.now),
        "charges_if_accepted": found.charges(visit) if found.standing.status is RegistrationStatus.OFFERED else [],
        "created_at": found.registration.created_at,
        "number_of_children": len(found.registration.child_ids),
        "total_cents": price.total_cents if price else found.total_cents,
        "own_price": price,
        "first_names": {child.child_id: child.first_name for child in family.children},
        "note": session.note,
    }


def price_of(visit: Visit, found: Receipt) -> OwnPrice | None:
    """The registration's price for the family, by all that it has; None: the session's price, or nothing any more, or a
    helper looks."""
    if found.standing.status is RegistrationStatus.CANCELLED or visit.help:
        return None
    session, record = found.booking.session, found.registration
    return own_price(found.who, session, record.child_ids, visit.now, visit.language)


def elsewhere(visit: Visit, found: Receipt) -> Sequence[OtherSession]:
    """Where these children could have seats now instead."""
    children = set(found.registration.child_ids)
    taken = {
        one.session_id
        for one, standing in register.all_of(found.who, visit.now)
        if standing.status is not RegistrationStatus.CANCELLED and children.intersection(one.child_ids)
    }
    return alternatives(found.booking.session, [one.birth_date for one in found.children], taken, visit.now)


def _costs(visit: Visit, found: Receipt, children: Iterable[str] | None = None) -> list[CancellingCost]:
    """Only what is final costs anything."""
    return found.charges(visit, children) if found.standing.status is RegistrationStatus.CONFIRMED else []


def _outlook(visit: Visit, found: Receipt, children: Iterable[str] | None = None) -> LeavingOutlook | None:
    """The outlook of the family if these children cancel. None: nobody takes money for it, or it is not final."""
    if found.standing.status is not RegistrationStatus.CONFIRMED or not payees.of(found.booking.session.municipality):
        return None
    record = found.registration
    going = list(record.child_ids if children is None else children)
    return leaving.of_cancelling(record.family_id, record.registration_id, going, visit.now)


def _shown_as(outlook: LeavingOutlook | None, costs: Sequence[CancellingCost]) -> str:
    """The mark or the cents with which the page that asks once more was shown, for its form."""
    return outlook.mark if outlook else str(costs[0].cents if costs else 0)


def _is_as_shown(visit: Visit, found: Receipt, form: Form, children: list[str] | None = None) -> bool:
    shown = _shown_as(_outlook(visit, found, children), _costs(visit, found, children))
    return form["standing"] == found.standing.status.value and form["cents"] == shown


def _because(visit: Visit, found: Receipt) -> list[str]:
    """Why it ended where the family did not end it: the city's words, line by line."""
    if found.registration.called_off:
        off = translate(DOES_NOT_TAKE_PLACE, visit.language)
        return [off, *news.why_off(found.registration.session_id, visit.language).splitlines()]
    if found.registration.ended and found.registration.ended.by is EndedBy.OTHER_PARENT:
        return [translate(BY_OTHER_PARENT, visit.language)]
    if found.registration.ended and found.registration.ended.by is EndedBy.UNPAID:
        return [translate(BY_UNPAID, visit.language)]
    incident = found.registration.taken_back
    return because_of(incident, visit.language).split("\n") if incident else []


def _cents_of(price: OwnPrice | None, child_id: str | None) -> int | None:
    return next((item.cents for item in price.items if item.child_id == child_id), None) if price else None


def _cancel_page(visit: Visit, found: Receipt, is_changed: bool = False, child_id: str | None = None) -> Answer:
    """`child_id`: only this child goes; None: all of them do."""
    going = [child_id] if child_id is not None and len(found.registration.child_ids) > 1 else None
    outlook, costs = _outlook(visit, found, going), _costs(visit, found, going)
    values = {**about(visit, found), "charges": costs, "is_changed": is_changed, "stay": None}
    values |= {
        "outlook": outlook,
        "kept": kept_in_words(outlook, visit.language),
        "others": changed(outlook.others, outlook.sessions) if outlook and has_pass(visit, found) else [],
        "shown_as": _shown_as(outlook, costs),
    }
    values["action"] = f"/registrations/{found.registration.registration_id}/cancel"
    if going:
        names = {one.child_id: one.first_name for one in found.children}
        stay = [name for child, name in names.items() if child != child_id]
        values |= {
            "action": f"/registrations/{found.registration.registration_id}/children/{child_id}/cancel",
            "children": names.get(going[0], ""),
            "stay": in_words.names(stay, visit.language),
            "number_of_children": 1,
            "total_cents": _cents_of(values["own_price"], child_id) or found.booking.price_cents,
        }
    return page(visit, "pages/family/cancel.html", 409 if is_changed else 200, **values)
