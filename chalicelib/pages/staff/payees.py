"""To whom families pay: finance enters it for the whole city or for each municipality; a second person confirms another
account."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, NOT_FOUND, Problem
from chalicelib.core.languages import N_
from chalicelib.money.orders.epc import spoken_iban
from chalicelib.money.payees import changing, table
from chalicelib.money.payees.rules import DueFrom, Payee, PayeeProposal, ReferenceScheme
from chalicelib.money.unpaid.looking import last_statement
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.people.staff.signed_in import OF_ALL
from chalicelib.programme.sessions import whose

ADDRESS = "/office/payees"
SCHEMES = {
    ReferenceScheme.BE: N_("Belgian structured communications (+++123/4567/89002+++)"),
    ReferenceScheme.NL: N_("Dutch payment references (betalingskenmerk, 16 digits)"),
}
COUNTED_FROM = {
    DueFrom.REGISTERED: N_("the day on which the family registered"),
    DueFrom.FIRST_DAY: N_("the first day of the camp"),
    DueFrom.LAST_DAY: N_("the last day of the camp"),
}


@dataclass(frozen=True)
class ListedPayee:
    """`municipality`: empty for the whole city. `place`: in its page's address. `waits`: for a second person."""

    municipality: str
    place: str
    payee: Payee | None
    waits: bool

    @property
    def iban(self) -> str:
        return spoken_iban(self.payee.iban) if self.payee else ""


def show_all(visit: Visit, by: Staff) -> Answer:
    known, waiting = table.every().by_municipality, table.proposals()
    return page(
        visit,
        "pages/staff/payees.html",
        payees=[ListedPayee(one, place, known.get(one), one in waiting) for place, one in _places().items()],
    )


def show(visit: Visit, by: Staff, place: str) -> Answer:
    municipality = _asked(place)
    current, proposal = _known(municipality)
    return _page(visit, by, place, _form(current, proposal))


def change(visit: Visit, by: Staff, place: str) -> Answer:
    municipality = _asked(place)
    form = read_form(visit)
    try:
        with visit.attempting():
            waits = changing.change(municipality, form.document(changing.FORM), by, visit.now)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, by, place, again, problem)
    return redirect(visit, f"{ADDRESS}/{quote(place)}?done={'waits' if waits else 'saved'}")


def settle(visit: Visit, by: Staff, place: str) -> Answer:
    """`do`: confirm or drop; `proposal`: which one was seen."""
    municipality = _asked(place)
    form = read_form(visit)
    try:
        with visit.attempting():
            match form["do"]:
                case "confirm":
                    changing.confirm(municipality, form["proposal"], form["reason"], by, visit.now)
                case "drop":
                    changing.drop(municipality, form["proposal"], form["reason"], by, visit.now)
                case _:
                    raise Problem(INVALID)
    except Problem as problem:
        current, proposal = _known(municipality)
        typed = {**_form(current, proposal).values, "second": form["reason"]}
        wrong = list(form.wrong(problem, visit.language).errors.values()) if problem.errors else []
        return _page(visit, by, place, Form(typed, errors={"second": wrong[0]} if wrong else {}), problem)
    return redirect(visit, f"{ADDRESS}/{quote(place)}?done={'confirmed' if form['do'] == 'confirm' else 'dropped'}")


def _known(municipality: str) -> tuple[Payee | None, PayeeProposal | None]:
    return table.every().by_municipality.get(municipality), table.proposal(municipality)


def _places() -> Mapping[str, str]:
    """The whole city and each municipality of the programme, and those that have a payee, by the place in an address,
    whose parts a slash would part."""
    names = {one.municipality for one in whose.every()} | set(table.every().by_municipality)
    return {OF_ALL: "", **{name.replace("/", "_"): name for name in sorted(names) if name}}


def _asked(place: str) -> str:
    municipality = _places().get(place)
    if municipality is None:
        raise Problem(NOT_FOUND)
    return municipality


def _form(current: Payee | None, proposal: PayeeProposal | None) -> Form:
    """As it would be typed for what holds, or for what waits where nothing does yet."""
    payee = current or (proposal.payee if proposal else None)
    seen = {"version": str(current.edition if current else 0), "proposal": proposal.proposal_id if proposal else ""}
    if payee is None:
        return Form({**seen, "scheme": ReferenceScheme.BE.value, "due_days": "14", "reminders": "3"})
    return Form(
        {
            **seen,
            "name": payee.name,
            "iban": spoken_iban(payee.iban),
            "scheme": payee.scheme.value,
            "due_from": payee.due.counted_from.value,
            "due_days": str(payee.due.days),
            "reminders": ", ".join(map(str, payee.unpaid.reminders)),
            "cancels_after": str(payee.unpaid.cancels_after or ""),
            "postcodes": " ".join(payee.postcodes),
        }
    )


def _page(visit: Visit, by: Staff, place: str, form: Form, problem: Problem | None = None) -> Answer:
    municipality = _asked(place)
    current, proposal = _known(municipality)
    if problem and not problem.errors:  # somebody else came first: what was typed is sent again on top of that
        form = Form({**form.values, **{name: _form(current, proposal)[name] for name in ("version", "proposal")}})
    return page(
        visit,
        "pages/staff/payee.html",
        problem.kind.status if problem else 200,
        municipality=municipality,
        place=place,
        current=current,
        proposal=proposal,
        is_own=proposal is not None and proposal.by == by.staff_id,
        form=form,
        problem=refused(visit, problem),
        schemes=list(SCHEMES.items()),
        counted_from=[(one.value, words) for one, words in COUNTED_FROM.items()],
        spoken_iban=spoken_iban,
        last_statement=last_statement(current.iban) if current and current.unpaid.cancels_after else None,
        done=visit.query.get("done") if problem is None else None,
    )
