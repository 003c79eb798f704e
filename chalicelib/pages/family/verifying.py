"""The page where anybody verifies a certificate by its number, and the one by which a citizen downloads theirs."""

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing
from chalicelib.core.moments import today
from chalicelib.core.printing.pdf import PDF
from chalicelib.front_door.cases import sending
from chalicelib.front_door.counter import files, table
from chalicelib.front_door.counter.issuing import VERIFY
from chalicelib.front_door.counter.rules import number_of, spoken
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.programme.questions.rules import said

# A withdrawn one must not look valid for a moment longer.
NOT_KEPT = {"Cache-Control": "no-store"}


def ask(visit: Visit) -> Answer:
    """`?number=`: as somebody typed it."""
    typed = visit.query.get("number", "").strip()
    if number := number_of(typed):
        return redirect(visit, f"{VERIFY}/{number}")
    return _page(visit, typed, status=404 if typed else 200)


def show(visit: Visit, number: str) -> Answer:
    """As a camera reads it off the paper. Of a number that there is: what it is, of which day, and how it stands."""
    plain = number_of(number)
    one = table.get(plain) if plain else None
    if one is None:
        return _page(visit, spoken(plain) if plain else number, status=404)
    answer = page(
        visit,
        "pages/family/verified.html",
        number=one.spoken,
        title=said(one.title, visit.language),
        issued_on=one.issued_on,
        valid_until=one.valid_until,
        standing=one.standing(today(visit.now)).value,
        withdrawn_on=one.withdrawn_on,
        digest=one.digest,
        seal=one.seal.value,
        base=visit.base,
    )
    return Answer(answer.status, answer.body, {**answer.headers, **NOT_KEPT})


def download(visit: Visit, receipt: str) -> Answer:
    """Their certificate, for whoever has receipt and secret. Gone with the withdrawal, and after ninety days."""
    case = sending.opened(receipt, visit.query.get("secret", ""))
    one = existing(table.of_case(case.case_id))
    content = files.get(one)
    if content is None:
        raise Problem(NOT_FOUND)
    return Answer(200, File(content, PDF, f"{one.spoken}.pdf"), NOT_KEPT)


def _page(visit: Visit, typed: str, status: int) -> Answer:
    form = Form({"number": typed[:40]})
    return page(visit, "pages/family/verifying.html", status, form=form, is_unknown=bool(typed), base=visit.base)
