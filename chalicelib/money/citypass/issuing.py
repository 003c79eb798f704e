"""Vouchers of a city pass: a family takes them from its budgets, for several people at once, and gives back what it
does not use. Each is issued under the version of the rule that counts on that day, and says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.core.http.problems import BUSY, Problem, existing, invalid, not_now
from chalicelib.core.ids import named
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.money.citypass import versions, voucher_table
from chalicelib.money.citypass.applications import Application, Member
from chalicelib.money.citypass.applying import CODE
from chalicelib.money.citypass.budgets import BudgetState, ends_of, left, running
from chalicelib.money.citypass.rules import BudgetOwner, BudgetRule, BudgetUnit, RuleVersion
from chalicelib.money.citypass.vouchers import Voucher, VoucherStatus
from chalicelib.money.tariffs.families import age

# The smallest voucher in euros: a shop has work with each.
LEAST_CENTS = 100
# Somebody else spends of the same budgets at the same moment: then it is looked at again.
TRIES = 4

NOT_VALID = N_("This city pass is not valid today.")
NOT_MEMBER = N_("Choose people of this city pass.")
NOT_FOR_AGE = N_("{name} is too young or too old for this.")
NOT_ENOUGH = N_("There is not enough left for {name}.")
NO_AMOUNT = N_("Choose an amount from {least} on.")
NOT_BACK = N_("This voucher is used already, or given back.")


@dataclass(frozen=True)
class BudgetLeft:
    """The part of a budget that one person, or the household, can still take. `left`: cents or pieces; `state`: what
    was spent and until when that counts, None: nothing was."""

    budget: BudgetRule
    member: Member | None
    left: int
    state: BudgetState | None


def rule_today(now: datetime) -> RuleVersion:
    return existing(versions.of_today(today(now)))


def lefts(of: Application, now: datetime) -> list[BudgetLeft]:
    """Of each budget that counts today, for whom of the pass it is and what is left of it."""
    rule = rule_today(now).rule
    known = voucher_table.states([one.person_id for one in of.members], [one.name for one in rule.budgets])
    day = today(now)
    found = []
    for budget in rule.budgets:
        of_each = {one.person_id: known.get((one.person_id, budget.name)) for one in of.members}
        if budget.owner is BudgetOwner.HOUSEHOLD:
            state = min(of_each.values(), key=lambda one: left(budget, one, day))
            found.append(BudgetLeft(budget, None, left(budget, state, day), running(state, day)))
            continue
        for member in of.members:
            if budget.is_for(age(member.born, day)):
                state = of_each[member.person_id]
                found.append(BudgetLeft(budget, member, left(budget, state, day), running(state, day)))
    return found


def issue(
    of: Application, budget_name: str, people: Sequence[str], amount: int, key: str, now: datetime
) -> list[Voucher]:
    """A voucher of `amount` for each of these people of the pass, all or none. `key`: by which a repeated request is
    the same one. Raises Problem `not-now`, `invalid` (`people`, `amount`), `not-found` for a budget that does not count
    today, and `busy`."""
    day, version = today(now), rule_today(now)
    budget = existing(version.rule.budget(budget_name))
    members = [one for one in of.members if one.person_id in people]
    if not of.is_valid(day):
        raise not_now(NOT_VALID)
    if not members or len(members) != len(set(people)):
        raise invalid("people", NOT_MEMBER)
    if not amount or (budget.unit is BudgetUnit.CENTS and amount < LEAST_CENTS):
        raise invalid("amount", NO_AMOUNT, least="1")
    for one in members:
        if not budget.is_for(age(one.born, day)):
            raise invalid("people", NOT_FOR_AGE, name=one.first_name)
    codes = {one.person_id: code_of(of.family_id, key, one.person_id) for one in members}
    for _ in range(TRIES):
        known = _known(of, members, budget)
        if already := [known_one for code in codes.values() if (known_one := voucher_table.get(code))]:
            return already
        spending = _spending(of, members, budget, amount, known, now)
        assert of.until is not None, "a pass has an end"
        new = [
            Voucher(
                code=codes[one.person_id],
                budget=budget.name,
                rule=version.number,
                amount=amount,
                cents=budget.worth(amount),
                issued_at=now.replace(microsecond=0),
                valid_until=of.until,
                family_id=of.family_id,
                application_id=of.application_id,
                person_id=one.person_id,
                initial=one.first_name[:1].upper(),
                drawn=_drawn(of, one, budget, known, now),
            )
            for one in members
        ]
        try:
            voucher_table.issue(of, budget, new, spending, known, now)
        except Refused:
            continue
        return new
    raise Problem(BUSY)


def give_back(family_id: str, code: str, now: datetime) -> None:
    """Raises Problem `not-found` for a voucher of others, `not-now` for one that is used, and `busy`."""
    for _ in range(TRIES):
        voucher = of_theirs(family_id, code)
        if voucher.status is not VoucherStatus.ISSUED:
            raise not_now(NOT_BACK)
        known = voucher_table.states(voucher.drawn, [voucher.budget])
        try:
            voucher_table.give_back(voucher, {person: state for (person, _), state in known.items()}, now)
        except Refused:
            continue
        return
    raise Problem(BUSY)


def of_theirs(family_id: str, code: str) -> Voucher:
    """Raises Problem `not-found`."""
    voucher = existing(voucher_table.get(code))
    return existing(voucher if voucher.family_id == family_id else None)


def code_of(family_id: str, key: str, person_id: str) -> str:
    """Nobody guesses it: `key` is by chance, and of the family's own page."""
    return named(f"voucher {family_id} {key} {person_id}", CODE)


def _owners(of: Application, one: Member, budget: BudgetRule) -> list[str]:
    """Whose budgets a voucher of this person takes from: a household's, from all of its members'."""
    return [each.person_id for each in of.members] if budget.owner is BudgetOwner.HOUSEHOLD else [one.person_id]


def _known(of: Application, members: Sequence[Member], budget: BudgetRule) -> dict[str, BudgetState]:
    people = {person for one in members for person in _owners(of, one, budget)}
    return {person: state for (person, _), state in voucher_table.states(people, [budget.name]).items()}


def _spending(
    of: Application,
    members: Sequence[Member],
    budget: BudgetRule,
    amount: int,
    known: Mapping[str, BudgetState],
    now: datetime,
) -> dict[str, int]:
    """Person to what is taken of their budget in all. Raises Problem `invalid` where that is more than is left."""
    total: dict[str, int] = {}
    for one in members:
        for person in _owners(of, one, budget):
            total[person] = total.get(person, 0) + amount
            if total[person] > left(budget, known.get(person), today(now)):
                raise invalid("amount", NOT_ENOUGH, name=one.first_name)
    return total


def _drawn(
    of: Application, one: Member, budget: BudgetRule, known: Mapping[str, BudgetState], now: datetime
) -> dict[str, date]:
    day = today(now)
    found = {}
    for person in _owners(of, one, budget):
        state = running(known.get(person), day)
        found[person] = state.ends if state else ends_of(budget, day)
    return found
