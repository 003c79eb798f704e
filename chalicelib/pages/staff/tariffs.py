"""Tariffs: which there are, one version with what is missing in it and what the check found, its parts, and who accepts
it. The forms of its parts are in tariff_parts.py, the families to try in tariff_family.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, Problem, existing, invalid
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.money.tariffs import entering, table
from chalicelib.money.tariffs.document import written
from chalicelib.money.tariffs.entering import Deed
from chalicelib.money.tariffs.rules import Line, Version
from chalicelib.money.tariffs.versions import NEEDED, StoredVersion, may_begin
from chalicelib.office import scope
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES, page, redirect, refused
from chalicelib.pages.frame.quote_words import called, quoted, said
from chalicelib.pages.frame.uploads import read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import municipalities, tariff_words, words
from chalicelib.pages.staff.tariff_words import LABELLED
from chalicelib.people.staff.rules import Staff, scope_name
from chalicelib.programme.sessions import whose

MOST_SENT = 500_000
MOST_DIGITS = 6
MOST_SAID = 10  # mistakes in a file
DONE = {
    "saved": N_("Stored. Nobody pays by it until two people have accepted it."),
    "deleted": N_("The draft is deleted."),
    "accepted-by-one": N_("You accepted this version. Somebody else has to accept it too."),
    "accepted": N_("This version is accepted by two people. Families pay by it from its first day on."),
}
ACCEPTED, DRAFT = N_("accepted"), N_("draft")
NO_DOCUMENT = N_("Choose a file, or paste its text.")
AS_JSON = "application/json"


@dataclass(frozen=True)
class ListedVersion:
    """`said`: accepted or a draft, in words; `kind`: of its badge."""

    number: int
    said: str
    kind: str
    version: Version


@dataclass(frozen=True)
class ListedTariff:
    """`called`: the municipality; empty: several. `place`: in its page's address."""

    called: str
    place: str
    versions: Sequence[ListedVersion]


@dataclass(frozen=True)
class Shown:
    """The version that a page is about. `address`: of its page."""

    municipality: str
    place: str
    stored: StoredVersion

    @property
    def version(self) -> Version:
        return self.stored.version

    @property
    def address(self) -> str:
        return address(self.place, self.stored.number)


def show_all(visit: Visit, by: Staff) -> Answer:
    return _list_page(visit, by, Form({"how": "empty"}))


def begin(visit: Visit, by: Staff) -> Answer:
    """`how`: empty, or document: a file, or its text."""
    form, files = read_upload(visit, MOST_SENT)
    municipality = _asked(by, form["place"])
    try:
        with visit.attempting():
            if form["how"] == "document":
                new = entering.paste(municipality, _document(form, files), by, visit.now)
            else:
                new = entering.begin(municipality, by, visit.now)
    except Problem as problem:
        return _list_page(visit, by, _together(form.wrong(problem, visit.language), visit.language), problem)
    return redirect(visit, address(form["place"], new.number))


def show(visit: Visit, by: Staff, place: str, number: str) -> Answer:
    return _version_page(visit, by, shown_at(by, place, number))


def change(visit: Visit, by: Staff, place: str, number: str) -> Answer:
    """`do`: accept, delete, or copy."""
    form = read_form(visit)
    shown = shown_at(by, place, number)
    acts: Mapping[str, Callable[[], str]] = {
        "accept": lambda: _accept(visit, by, shown, form["digest"]),
        "delete": lambda: _delete(visit, by, shown, form),
        "copy": lambda: _copy(visit, by, shown),
    }
    if form["do"] not in acts:
        raise Problem(INVALID)
    try:
        with visit.attempting():
            target = acts[form["do"]]()
    except Problem as problem:
        if problem.kind is NOT_FOUND:
            raise
        return _version_page(visit, by, shown_at(by, place, number), problem)
    return redirect(visit, target)


def get_document(visit: Visit, by: Staff, place: str, number: str) -> Answer:
    """As JSON, to keep, to compare, or to send again as another draft."""
    shown = shown_at(by, place, number)
    name = f"tariff-{quote(shown.place)}-{shown.stored.number}.json"
    content = written(shown.stored.alone).encode()
    return Answer(200, File(content, AS_JSON, name))


def shown_at(by: Staff, place: str, number: str) -> Shown:
    """Raises Problem `not-found`, also for another municipality's."""
    municipality = _asked(by, place)
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise Problem(NOT_FOUND)
    return Shown(municipality, place, existing(table.get(municipality, int(number))))


def address(place: str, number: int) -> str:
    return f"/office/tariffs/{quote(place)}/{number}"


def deed(visit: Visit, by: Staff, form: Form) -> Deed:
    """Of a form that said which edition it was filled from. Raises Problem `invalid`."""
    text = form["edition"]
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Problem(INVALID)
    return Deed(by, int(text), visit.now)


def in_words(visit: Visit) -> Mapping[str, Any]:
    """Names that every template of a tariff uses beside its values."""
    return {
        "said": partial(said, language=visit.language),
        "quoted": partial(quoted, language=visit.language),
        "for_whom": partial(tariff_words.for_whom, language=visit.language),
        "named": [(one, NAMES_OF_LANGUAGES[one]) for one in LANGUAGES],
    }


def _asked(by: Staff, place: str) -> str:
    return municipalities.asked(by, place, (one.municipality for one in table.heads()))


def _accept(visit: Visit, by: Staff, shown: Shown, digest: str) -> str:
    after = entering.accept(shown.municipality, shown.stored.number, digest, by, visit.now)
    return f"{shown.address}?done={'accepted' if after.is_accepted else 'accepted-by-one'}"


def _delete(visit: Visit, by: Staff, shown: Shown, form: Form) -> str:
    entering.delete(shown.municipality, shown.stored.number, deed(visit, by, form))
    return "/office/tariffs?done=deleted"


def _copy(visit: Visit, by: Staff, shown: Shown) -> str:
    return address(shown.place, entering.copy(shown.municipality, shown.stored.number, by, visit.now).number)


def _together(form: Form, language: str) -> Form:
    """The faults in a file, at the field that it was sent by: each with its place."""
    said_of = [
        translate(LABELLED, language, label=place, value=text) if (place := field.partition(".")[2]) else text
        for field, text in form.errors.items()
    ]
    more = ["…"] if len(said_of) > MOST_SAID else []
    return Form(form.values, form.several, {"document": " ".join([*said_of[:MOST_SAID], *more])})


def _document(form: Form, files: Mapping[str, Any]) -> str:
    text = form["document"]
    if "file" in files:
        text = files["file"].content.decode("utf-8", "replace")
    if not text.strip():
        raise invalid("document", NO_DOCUMENT)
    return text


def _list_page(visit: Visit, by: Staff, form: Form, problem: Problem | None = None) -> Answer:
    begun = {scope_name(one.municipality): one for one in table.heads()}
    mine = municipalities.theirs(by, (one.municipality for one in begun.values()))
    has_all = all(scope.theirs(by)(one.municipality) for one in whose.every())
    places = {**({municipalities.place_of(""): ""} if has_all else {}), **mine}
    return page(
        visit,
        "pages/staff/tariffs.html",
        problem.kind.status if problem else 200,
        tariffs=[
            ListedTariff(municipalities.called(name), place, _versions(visit, name))
            for place, name in places.items()
            if scope_name(name) in begun
        ],
        offered=[(place, municipalities.called(name)) for place, name in places.items()],
        form=form,
        done=_done(visit) if problem is None else None,
    )


def _versions(visit: Visit, municipality: str) -> list[ListedVersion]:
    return [ListedVersion(one.number, *state(visit, one), one.version) for one in table.every(municipality)]


def state(visit: Visit, stored: StoredVersion) -> tuple[str, str]:
    """In words, and the kind of its badge."""
    text, kind = (ACCEPTED, "safe") if stored.is_accepted else (DRAFT, "neutral")
    return translate(text, visit.language), kind


def _done(visit: Visit) -> str | None:
    done = DONE.get(visit.query.get("done", ""))
    return translate(done, visit.language) if done else None


@dataclass(frozen=True)
class LineOnPage:
    """`unit`, `amount`, `formula` in words; `number`: its place in the version."""

    number: int
    line: Line
    unit: str
    amount: str
    formula: str


def _version_page(visit: Visit, by: Staff, shown: Shown, problem: Problem | None = None) -> Answer:
    looked, version, language = entering.judged(shown.stored), shown.version, visit.language
    return page(
        visit,
        "pages/staff/tariff.html",
        problem.kind.status if problem else 200,
        face_of=shown.municipality,
        shown=shown,
        looked=looked,
        called=municipalities.called(shown.municipality),
        state=state(visit, shown.stored),
        is_changed=problem is not None and problem.kind is CHANGED,
        problem=refused(visit, problem),
        done=_done(visit) if problem is None else None,
        faults=tariff_words.faults(looked.faults, version, language),
        findings=tariff_words.findings(looked.findings, version, language),
        lines=[
            LineOnPage(
                number,
                line,
                tariff_words.unit(line, language),
                tariff_words.amount(line, version, language),
                tariff_words.formula(line, version, language),
            )
            for number, line in enumerate(version.lines)
        ],
        line_numbers={line.code: number for number, line in enumerate(version.lines)},
        cells=[(tariff_words.cell(each, version, language), each) for each in version.published],
        of_step=partial(tariff_words.of_step, language=language),
        percentage=partial(tariff_words.percentage, language=language),
        rounding=tariff_words.rounding(version.rounding, language),
        roles=words.in_language(tariff_words.ROLES, language),
        units=words.in_language(tariff_words.UNITS_TO_CHOOSE, language),
        times=words.in_language(tariff_words.TIMES, language),
        unproven=[called(name, language) for name in version.unproven],
        needed=NEEDED,
        is_editor=shown.stored.is_edited_by(by.staff_id),
        has_accepted=any(each.by == by.staff_id for each in looked.accepted),
        may_begin=may_begin(version.first_day, visit.now),
        **in_words(visit),
    )
