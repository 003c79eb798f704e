"""The debts of families and their due days: a page for each municipality, and a file."""

from decimal import Decimal

from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.core.printing import sheets
from chalicelib.money.statements import receivables
from chalicelib.money.statements.receivables import MOST_IN_A_FILE
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

HEAD = (
    N_("Municipality"),
    N_("Reference"),
    N_("Children"),
    N_("Ordered on"),
    N_("Due on"),
    N_("Days late"),
    N_("Amount"),
    N_("Paid"),
    N_("Owed"),
)


def show(visit: Visit, by: Staff) -> Answer:
    """`?municipality=`: of this one alone; `?after=`: what the part before said."""
    municipalities = receivables.municipalities()
    asked = visit.query.get("municipality", "")
    chosen = asked if asked in municipalities else None
    part = receivables.part(chosen, visit.query.get("after", ""), visit.now)
    return page(
        visit,
        "pages/staff/receivables.html",
        part=part,
        children=receivables.names([one.order_id for one in part.receivables]),
        municipalities=municipalities,
        form=Form({"municipality": chosen or ""}),
        begins="after" not in visit.query,
    )


def as_csv(visit: Visit, by: Staff) -> Answer:
    """All of a municipality, or of all; amounts in euros."""
    asked = visit.query.get("municipality", "")
    part = receivables.part(asked or None, "", visit.now, MOST_IN_A_FILE)
    names = receivables.names([one.order_id for one in part.receivables])
    rows: list[list[sheets.Cell]] = [
        [
            one.municipality,
            one.reference.strip("+"),  # a spreadsheet would take it for a formula
            names.get(one.order_id, ""),
            one.made_on.isoformat(),
            one.due_on.isoformat(),
            one.days_late,
            *(Decimal(cents).scaleb(-2) for cents in (one.amount_cents, one.paid_cents, one.owed_cents)),
        ]
        for one in part.receivables
    ]
    head = [translate(name, visit.language) for name in HEAD]
    return Answer(200, sheets.as_file(f"receivables-{today(visit.now)}", "csv", head, rows, ()))
