"""The plan as the form of the estimate and of the comparison asks for it."""

from decimal import Decimal, InvalidOperation

from chalicelib.core.languages import N_, translate
from chalicelib.insight.cost.alternatives import Year
from chalicelib.insight.cost.estimate import PlanImpossible, PlannedLoad
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.visit import Visit

OPENINGS = "openings"
ASKED = {
    "families": N_("Families that prepare"),
    "pages": N_("Pages that each family looks at"),
    "registrations": N_("Registrations of each family"),
    "refusals": N_("Refused attempts of each family"),
    "mails": N_("Mails for each registration"),
}
ASKED_OF_A_YEAR = {OPENINGS: N_("Openings like this in a year")}
NO_NUMBER = N_("Write a number, such as 5000 or 1.5.")
IMPOSSIBLE = N_("From 0 to 10,000,000, with three decimals at most.")
IMPOSSIBLE_IN_A_YEAR = N_("From 1 to 1,000.")
MOST_OPENINGS = 1000


def labels(language: str, *, of_a_year: bool = False) -> dict[str, str]:
    asked = ASKED | ASKED_OF_A_YEAR if of_a_year else ASKED
    return {name: translate(text, language) for name, text in asked.items()}


def plan_of(visit: Visit, *, of_a_year: bool = False) -> tuple[Form, PlannedLoad | None]:
    """The form with errors beside their fields, and the plan; None if there is an error. A field left out is as the
    command line has it."""
    usual = {name: f"{getattr(PlannedLoad(), name):f}" for name in ASKED} | {OPENINGS: f"{Year().openings:f}"}
    typed = {name: visit.query.get(name, usual[name]).strip() for name in labels("en", of_a_year=of_a_year)}
    numbers, errors = {}, {}
    for name, text in typed.items():
        if (number := number_of(text)) is None:
            errors[name] = NO_NUMBER
        else:
            numbers[name] = number
    if OPENINGS in numbers and not (numbers[OPENINGS].is_finite() and 1 <= numbers[OPENINGS] <= MOST_OPENINGS):
        errors[OPENINGS] = IMPOSSIBLE_IN_A_YEAR
    plan = None
    try:
        plan = PlannedLoad(**{name: numbers[name] for name in ASKED if name in numbers})
    except PlanImpossible as impossible:
        errors[impossible.name] = IMPOSSIBLE
    in_words = {name: translate(text, visit.language) for name, text in errors.items()}
    kept = {name: f"{number:f}" if number.is_finite() else typed[name] for name, number in numbers.items()}
    return Form({**typed, **kept}, errors=in_words), None if errors else plan


def number_of(text: str) -> Decimal | None:
    """With a point or a comma; None if it is no number."""
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
