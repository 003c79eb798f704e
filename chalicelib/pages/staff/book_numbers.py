"""The numbers that the city's own bookkeeping has for our accounts; each change is a version."""

from collections.abc import Iterator

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, Problem, invalid
from chalicelib.core.refusals import Refused
from chalicelib.money.books import balances, table
from chalicelib.money.books.numbers import AS_NUMBER, NUMBER, AccountNumbers, name_of
from chalicelib.money.books.rules import BookAccount
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.books import named
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/books/numbers"


def show(visit: Visit, by: Staff) -> Answer:
    numbers = table.numbers()
    typed = {f"number.{name}": number for name, number in numbers.numbers.items()}
    return _page(visit, numbers, Form({"version": str(numbers.version), **typed}))


def change(visit: Visit, by: Staff) -> Answer:
    """`number.bank`, `number.bank#BE71…`: what is left empty has none."""
    form = read_form(visit)
    numbers = table.numbers()
    try:
        with visit.attempting():
            if form["version"] != str(numbers.version):
                raise Problem(CHANGED)
            wanted = dict(_typed(form))
            if wanted != numbers.numbers:
                table.put_numbers(AccountNumbers(numbers.version + 1, wanted, by.name, visit.now))
    except Refused:
        return _page(visit, table.numbers(), form, Problem(CHANGED))
    except Problem as problem:
        if problem.kind not in (INVALID, CHANGED):
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, numbers, again, problem)
    return redirect(visit, f"{ADDRESS}?done=yes")


def _typed(form: Form) -> Iterator[tuple[str, str]]:
    for field, text in form.values.items():
        if field.startswith("number.") and text.strip():
            try:
                yield field.removeprefix("number."), NUMBER.parse(text)
            except ValueError:
                raise invalid(field, AS_NUMBER) from None


def _page(visit: Visit, numbers: AccountNumbers, form: Form, problem: Problem | None = None) -> Answer:
    kinds = [(name_of(kind), named(kind, "", visit.language)) for kind in BookAccount]
    own = [
        (name_of(one.account, one.of), named(one.account, one.of, visit.language))
        for one in balances.now(visit.now).sums
        if one.of
    ]
    return page(
        visit,
        "pages/staff/book_numbers.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        numbers=numbers,
        kinds=kinds,
        own=own,
        is_done="done" in visit.query,
    )
