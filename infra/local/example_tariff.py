"""A tariff that holds in one municipality of the example programme: less for residents, a second child, with a pass.

It is Vilvoorde's, as published; that it was entered and accepted a month ago is made up, because a version begins a
day later at the earliest.
"""

from datetime import datetime, timedelta

from chalicelib.core.moments import today
from chalicelib.money.tariffs import entering, table
from chalicelib.money.tariffs.conditions import All, Among, Condition, Has, Order, WholeSession
from chalicelib.money.tariffs.document import written
from chalicelib.money.tariffs.rules import Kept, Labels, Line, Tariff, Version
from chalicelib.people.staff.rules import Staff

MUNICIPALITY = "Vilvoorde"
AGO = timedelta(days=30)
DECISION = "Gemeenteraad, retributiereglement sportkampen"


def accept_a_tariff(by: Staff, others: tuple[Staff, Staff], now: datetime) -> None:
    """`by` enters it, the others accept it. Where it is there already, nothing changes."""
    if table.head(MUNICIPALITY).numbers:
        return
    then = now - AGO
    version = Version(today(then) + timedelta(days=1), DECISION, LINES, cancelling=KEPT)
    draft = entering.paste(MUNICIPALITY, written(Tariff(NAME, (version,))), by, then)
    for other in others:
        looked = entering.look(MUNICIPALITY, draft.number)
        entering.accept(MUNICIPALITY, draft.number, looked.digest, other, then)
    print(f"{MUNICIPALITY} has a tariff, which two people accepted.", flush=True)


def _line(code: str, label: Labels, cents: int, *conditions: Condition) -> Line:
    return Line(code, label, "art. 2", cents=cents, when=All((WholeSession(), *conditions)))


NAME = Labels("Sportkampen", "Stages sportifs", "Sports camps")
LINES = (
    _line(
        "resident",
        Labels("Dag, inwoner", "Jour, habitant", "Day, resident"),
        1650,
        Has(("resident-parent", "resident-child")),
    ),
    _line(
        "second-child",
        Labels("Dag, tweede kind en volgende", "Jour, deuxième enfant et suivants", "Day, second child and later ones"),
        1320,
        Has(("resident-parent", "resident-child")),
        Order(2, within=Among.CAMP),
    ),
    _line("pass", Labels("Dag, UiTPAS met kansentarief", "Jour, UiTPAS", "Day, UiTPAS"), 330, Has(("pass",))),
    _line("not-resident", Labels("Dag, niet-inwoner", "Jour, non-habitant", "Day, not a resident"), 2475),
)
KEPT = (
    Kept(
        "early",
        Labels("Twee weken vooraf geannuleerd", "Annulé deux semaines avant", "Cancelled two weeks before"),
        "art. 5",
        days_before=14,
    ),
    Kept(
        "ill",
        Labels("Met doktersbriefje", "Avec certificat médical", "With a doctor’s note"),
        "art. 5",
        proofs=("doktersbriefje",),
    ),
)
