"""What runs by itself, as figures of a year and a CSV file, beside how it was done by hand before; and the rules by
which it does."""

from decimal import Decimal

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import Choice, Model, Text, Whole, check
from chalicelib.core.http.problems import Problem, existing
from chalicelib.core.languages import N_, translate
from chalicelib.core.printing import sheets
from chalicelib.insight import by_itself, by_rule
from chalicelib.insight.by_itself import STEPS, Step, StepFigures
from chalicelib.insight.statistics import years
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/by-itself"
COLUMNS = (
    *("year", "step", "in_words", "number", "by_itself", "percent_by_itself", "hands", "hands_counted_for"),
    *("minutes_to_first_hand", "sent_back", "before_hands", "before_minutes", "before_source"),
)
NOT_RECORDED = N_("not recorded")
AS_STEP = N_("Choose a step.")
AS_HANDS = N_("Give a whole number from 0 to 50.")
AS_MINUTES = N_("Give whole minutes, from 0 to 100,000.")
AS_SOURCE = N_("Say how it was counted, in 10 to 300 characters: when, where, how many.")
AS_DAYS = range(1, 366)
BEFORE = Model(
    {
        "step": Choice(AS_STEP, list(Step)),
        "hands": Whole(AS_HANDS, 0, 50),
        "minutes": Whole(AS_MINUTES, 0, 100_000),
        "source": Text(AS_SOURCE, "[^\\x00-\\x1f\\x7f]{10,300}", 300),
    }
)


def show(visit: Visit, by: Staff) -> Answer:
    """`?year=`; without it, this year."""
    found = by_itself.of_year(_year(visit), visit.now)
    return page(
        visit,
        "pages/staff/by_itself.html",
        found=found,
        rows=[_row(one, visit.language) for one in found.figures],
        years=years(visit.now),
    )


def download(visit: Visit, by: Staff) -> Answer:
    """An empty cell: nothing records it."""
    found = by_itself.of_year(_year(visit), visit.now)
    rows = [_cells(found.year, one, visit.language) for one in found.figures]
    return Answer(200, File(sheets.as_csv(COLUMNS, rows), sheets.CSV, f"by-itself-{found.year}.csv"))


def show_rules(visit: Visit, by: Staff) -> Answer:
    """`?days=`: also what a rule that ends unpaid orders after so many days would have done."""
    typed = visit.query.get("days", "")
    days = int(typed) if typed.isdecimal() and len(typed) < 4 and int(typed) in AS_DAYS else None
    return page(
        visit,
        "pages/staff/by_rule.html",
        acted=by_rule.acted(visit.now),
        dry=by_rule.dry_run(days, visit.now) if days else None,
        form=Form({"days": str(days or "")}),
    )


def show_before(visit: Visit, by: Staff) -> Answer:
    return _before(visit, Form({}))


def enter_before(visit: Visit, by: Staff) -> Answer:
    """It takes the place of what was entered for the step before."""
    form = read_form(visit)
    try:
        with visit.attempting():
            given = check(BEFORE, form.document(BEFORE))
            by_itself.put_hand_count(
                Step(given["step"]), given["hands"], given["minutes"], given["source"], by, visit.now
            )
    except Problem as problem:
        return _before(visit, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{ADDRESS}/before?done=yes")


def _before(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/by_hand.html",
        problem.kind.status if problem else 200,
        steps=[(one.value, words) for one, words in STEPS.items()],
        entered=[(STEPS[step], one) for step, one in sorted(by_itself.hand_counts().items())],
        form=form,
        done=visit.query.get("done") if problem is None else None,
    )


def _year(visit: Visit) -> int:
    """Raises Problem `not-found` for a year without figures, before any of them is read."""
    typed = visit.query.get("year", "")
    return existing(next((one for one in years(visit.now) if str(one) == typed), None)) if typed else visit.now.year


def _row(one: StepFigures, language: str) -> list[str]:
    """The cells of the page's table. What nothing records says so; where there were none, nothing is to be recorded."""
    none = translate(NOT_RECORDED, language) if one.number != 0 else "–"

    def cell(value: float | None, unit: str = "") -> str:
        return none if value is None else f"{value:g}{unit}".replace(".", "," if language != "en" else ".")

    before = one.before
    return [
        translate(STEPS[one.step], language),
        cell(one.number),
        cell(one.by_itself) if one.share is None else f"{cell(one.by_itself)} ({cell(one.share, ' %')})",
        cell(one.hands_each if one.touched else one.hands),
        cell(one.minutes),
        cell(one.sent_back),
        "–" if before is None else cell(before.hands),
        "–" if before is None else cell(before.minutes),
    ]


def _cells(year: int, one: StepFigures, language: str) -> list[str | int | Decimal]:
    before, share = one.before, None if one.share is None else Decimal(str(one.share))
    found: list[str | int | Decimal | None] = [
        *(year, one.step.value, translate(STEPS[one.step], language), one.number, one.by_itself, share),
        *(one.hands, one.touched, one.minutes, one.sent_back),
        *((before.hands, before.minutes, before.source) if before else (None, None, None)),
    ]
    return ["" if value is None else value for value in found]
