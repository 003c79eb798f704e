"""Tax certificates, for finance: the maximum of a year, who organises the care, what is missing of whom; making them,
telling families, and the file for the tax administration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, NOT_NOW, Problem, existing, invalid
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.money.certificates import filing, making, setting, table
from chalicelib.money.certificates.filing import Filed, Stage
from chalicelib.money.certificates.handlers import file_of, said_by, the_year
from chalicelib.money.certificates.making import FamilyState, Lacking, YearMoney
from chalicelib.money.certificates.papers import Certificate
from chalicelib.money.certificates.rules import KNOWN_MAXIMA
from chalicelib.money.certificates.years import FIRST_YEAR, LAST_YEAR
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people import access
from chalicelib.people.families.desk_numbers import number_of
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import whose

ADDRESS = "/office/certificates"
# Of families on a page, and seconds that one press of a button works for: API Gateway waits for 29.
FAMILIES, SECONDS = 50, 18.0
LACKS = {
    Lacking.PAYER: N_("who pays, with the national number"),
    Lacking.CHILD: N_("the national number of a child"),
    Lacking.NAMES: N_("the child's name: the family's pass has ended"),
    Lacking.ORGANIZER: N_("who organises the care there"),
}
# In which of them a file is when somebody says so.
STAGES = {
    "tested": (Stage.BEGUN,),
    "sent": (Stage.FETCHED,),
    "erased": (Stage.DONE,),
    "anew": (Stage.BEGUN, Stage.TESTED, Stage.FETCHED),
}
AS_REFERENCE = N_("Give the number that Belcotax-on-web gave this sending: six letters or digits.")
MOST_OF_A_REFERENCE = 6


@dataclass(frozen=True)
class FamilyLine:
    """A family on the page: by its number, which the desk knows too, and its children."""

    family_id: str
    number: str
    state: FamilyState


# --- the overview ---


def show(visit: Visit, by: Staff) -> Answer:
    return _overview(visit, by, Form())


def change(visit: Visit, by: Staff) -> Answer:
    """`do`: `maximum` enters one, `accept` accepts it, `organizer` says who organises the care."""
    form = read_form(visit)
    try:
        with visit.attempting():
            _change(visit, by, form)
    except Problem as problem:
        if problem.kind not in (INVALID, NOT_NOW, CHANGED):
            raise
        shown = form.wrong(problem, visit.language) if problem.errors else form
        return _overview(visit, by, shown, problem)
    return redirect(visit, f"{ADDRESS}?done={form['do']}")


def _change(visit: Visit, by: Staff, form: Form) -> None:
    who = said_by(by, visit)
    content = {name: value for name, value in form.values.items() if name != "do"}
    match form["do"]:
        case "maximum":
            setting.enter_maximum(Form(content).document(setting.MAXIMUM), who)
        case "accept":
            setting.accept_maximum(_whole(form["year"]), _whole(form["edition"]), who)
        case "organizer":
            setting.set_organizer(Form(content).document(setting.ORGANIZER), visit.now)
        case _:
            raise Problem(INVALID)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem(INVALID)
    return int(text)


def _overview(visit: Visit, by: Staff, form: Form, problem: Problem | None = None) -> Answer:
    this = today(visit.now).year
    years = sorted({*KNOWN_MAXIMA, *range(max(KNOWN_MAXIMA) + 1, this + 1)}, reverse=True)
    organizers = table.organizers()
    place = form["municipality"] or visit.query.get("place", "")
    if not form.has("name") and (one := organizers.get(place)):
        form = Form({**form.values, **{name: str(value) for name, value in vars(one).items()}}, {}, form.errors)
    elif not form.has("edition"):
        form = Form({**form.values, "municipality": place, "edition": "0"}, {}, form.errors)
    return page(
        visit,
        "pages/staff/certificates.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        done=visit.query.get("done"),
        maxima=[(year, table.maximum(year)) for year in years],
        me=by.staff_id,
        organizers=organizers,
        place=place,
        municipalities=sorted({one.municipality for one in whose.every()}),
    )


# --- a year ---


def show_year(visit: Visit, by: Staff, year: str) -> Answer:
    return _year(visit, _the(year), Form())


def act(visit: Visit, by: Staff, year: str) -> Answer:
    """`do`: `make` makes the certificates of the families behind `after`, as many as there is time for; `tell` queues
    mails for those that have some; `tested`, `sent` and `anew` say how it stands with the file; `erased` erases
    what is left of its national numbers, should that have broken off."""
    form, number = read_form(visit), _the(year)
    address = f"{ADDRESS}/{number}"
    try:
        with visit.attempting():
            match form["do"]:
                case "make":
                    return redirect(visit, f"{address}?{_make(visit, number, form['after'])}")
                case "tell":
                    return redirect(visit, f"{address}?{_tell(visit, number, form['after'])}")
                case "tested" | "sent" | "erased" | "anew":
                    _file(visit, by, number, form)
                case _:
                    raise Problem(INVALID)
    except Refused:
        return _year(visit, number, form, Problem(CHANGED))
    except Problem as problem:
        if problem.kind not in (INVALID, NOT_NOW, CHANGED):
            raise
        return _year(visit, number, form.wrong(problem, visit.language) if problem.errors else form, problem)
    return redirect(visit, f"{address}?done={form['do']}")


def get_file(visit: Visit, by: Staff, year: str) -> Answer:
    return Answer(200, file_of(visit, by, the_year(_the(year))))


def _the(year: str) -> int:
    if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR):
        raise Problem(NOT_FOUND)
    return int(year)


def _make(visit: Visit, year: int, after: str) -> str:
    the_year(year)
    money = making.money_of(year, visit.now)
    ends, written, lacking, last = monotonic() + SECONDS, 0, 0, ""
    for family_id in _behind(money.families, after):
        if monotonic() > ends:
            return f"made={written}&lacking={lacking}&next={last}&again=make"
        made, missing = making.make_all([family_id], money, visit.now)
        access.about(family_id)
        written, lacking, last = written + made, lacking + missing, family_id
    return f"made={written}&lacking={lacking}"


def _tell(visit: Visit, year: int, after: str) -> str:
    ends, told, last = monotonic() + SECONDS, 0, ""
    family_ids = sorted({one.family_id for one in table.every(year)})
    for family_id in _behind(family_ids, after):
        if monotonic() > ends:
            return f"told={told}&next={last}&again=tell"
        edition = table.edition(family_id, year)
        told, last = told + table.tell(family_id, year, edition, visit.now), family_id
    return f"told={told}"


def _behind(family_ids: Sequence[str], after: str) -> list[str]:
    return [one for one in family_ids if one > after]


def _file(visit: Visit, by: Staff, year: int, form: Form) -> None:
    filed = existing(next((one for one in filing.every(year) if str(one.number) == form["number"]), None))
    if str(filed.edition) != form["edition"]:
        raise Problem(CHANGED)
    who, do = said_by(by, visit), form["do"]
    if filed.stage not in STAGES[do]:
        raise Problem(CHANGED)
    if do == "tested":
        filing.confirm_test(filed, who)
    elif do == "anew":
        filing.begin_anew(filed)
    elif do == "erased":
        filing.forget_numbers(filed)
    else:
        reference = form["reference"].strip()
        if not (reference.isascii() and reference.isalnum() and len(reference) <= MOST_OF_A_REFERENCE):
            raise invalid("reference", AS_REFERENCE)
        filing.confirm(filed, reference, who)


def _year(visit: Visit, year: int, form: Form, problem: Problem | None = None) -> Answer:
    most = table.maximum(year)
    is_set = most is not None and most.counts
    money = making.money_of(year, visit.now) if is_set else YearMoney(year)
    after = visit.query.get("after", "")
    behind = _behind(money.families, after)
    lines = [_line(family_id, money, visit.now) for family_id in behind[:FAMILIES]]
    certificates = list(table.every(year))
    files = filing.every(year)
    return page(
        visit,
        "pages/staff/certificates_year.html",
        problem.kind.status if problem else 200,
        year=year,
        maximum=most,
        is_set=is_set,
        form=form,
        problem=refused(visit, problem),
        query=visit.query,
        families=len(money.families),
        lines=lines,
        lacks=LACKS,
        more=behind[FAMILIES - 1] if len(behind) > FAMILIES else None,
        valid=[one for one in certificates if one.is_valid],
        ended=sum(not one.is_valid for one in certificates),
        files=files,
        due=_due(certificates, files),
        stages=Stage,
    )


def _line(family_id: str, money: YearMoney, now: datetime) -> FamilyLine:
    state = making.of_family(family_id, money, now)
    access.about(family_id, state.children)
    return FamilyLine(family_id, number_of(family_id), state)


def _due(certificates: Sequence[Certificate], files: Sequence[Filed]) -> tuple[int, int] | None:
    """The file that is to be declared next: which one it corrects, or 0, and its sheets; None: one is in progress."""
    if filing.in_progress(files):
        return None
    corrects, entries = filing.next_entries(certificates, files)
    return corrects, len(entries)
