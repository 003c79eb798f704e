"""The forms of a tariff's parts: a price of each kind, a surcharge, a discount, the published amounts of a price, a
rule for cancelling, what a version has one of; and for whom a price counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, Problem
from chalicelib.core.languages import translate
from chalicelib.money.tariffs import entering
from chalicelib.money.tariffs.alternatives import (
    Alternative,
    TooManyAlternatives,
    alternatives_of,
    condition_of,
)
from chalicelib.money.tariffs.conditions import ALWAYS, Condition, Has, Kind, Level, leaves
from chalicelib.money.tariffs.entering import Part
from chalicelib.money.tariffs.rules import Discount, Kept, Line, PriceRole, Surcharge, Unit, Version
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.quote_words import ENTITLEMENTS, SCHOOLS, called, said
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import municipalities, tariff_form, tariff_words, words
from chalicelib.pages.staff.tariff_form import MOST_CELLS
from chalicelib.pages.staff.tariff_words import ASKED, NEW
from chalicelib.pages.staff.tariffs import Shown, deed, in_words, shown_at
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme

BASICS = "basics"
WITH_CONDITIONS = (Part.LINES, Part.SURCHARGES, Part.DISCOUNTS)
MORE_ROWS = 4
LEAST_WINDOWS = 2

Conditioned = Line | Surcharge | Discount
Element = Conditioned | Kept


def show(visit: Visit, by: Staff, place: str, number: str, part: str, item: str) -> Answer:
    """`part`: basics, or a Part; `item`: the place of one there, or new. Of published amounts, the place of their
    price."""
    shown = shown_at(by, place, number)
    at = _place(shown.version, part, item)
    return _form_page(visit, shown, part, at, _filled(visit, shown, part, at))


def change(visit: Visit, by: Staff, place: str, number: str, part: str, item: str) -> Answer:
    """`do`: save, take away, or up: before the one before it."""
    form = read_form(visit)
    shown = shown_at(by, place, number)
    at = _place(shown.version, part, item)
    try:
        with visit.attempting():
            done = deed(visit, by, form)
            _must_be_of(form, _code(shown.version, part, at))
            name, edit, where = _edit(form, shown.version, part, at)
            after = entering.change(shown.municipality, shown.stored.number, edit, where, done, name)
    except Problem as problem:
        if not problem.errors and problem.kind in (INVALID, NOT_FOUND):
            raise
        if problem.kind is CHANGED:
            shown = shown_at(by, place, number)
            at = _place(shown.version, part, item)
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _form_page(visit, shown, part, at, again, problem)
    if form["do"] == "save" and part in WITH_CONDITIONS and at is None:
        # For whom it counts is asked next.
        new = len(entering.several(after.version, Part(part))) - 1
        return redirect(visit, f"{shown.address}/{part}/{new}/conditions")
    return redirect(visit, f"{shown.address}?done=saved")


def show_conditions(visit: Visit, by: Staff, place: str, number: str, part: str, item: str) -> Answer:
    """`?add=`: a kind of requirement; `to=`: the alternative that it is added to, or new."""
    shown = shown_at(by, place, number)
    found = _conditioned(shown.version, part, item)
    asked = visit.query.get("add", "")
    if asked and asked not in ASKED:
        raise Problem(NOT_FOUND)
    to = visit.query.get("to", "0")
    form = Form({"add": asked, "to": to, "is_so": "yes", "within": "camp", "by": "best"})
    return _conditions_page(visit, shown, part, int(item), found, form)


def change_conditions(visit: Visit, by: Staff, place: str, number: str, part: str, item: str) -> Answer:
    """`do`: add; everybody; or `take-1-0`: the first requirement of the second alternative, `take-1`: all of it."""
    form = read_form(visit)
    shown = shown_at(by, place, number)
    found = _conditioned(shown.version, part, item)
    where = f"{part}[{int(item)}]"
    try:
        with visit.attempting():
            done = deed(visit, by, form)
            _must_be_of(form, found.code)
            after = replace(found, when=_condition(form, found.when))
            entering.change(
                shown.municipality,
                shown.stored.number,
                lambda version: entering.put(version, Part(part), int(item), after),
                where,
                done,
            )
    except Problem as problem:
        if not problem.errors and problem.kind in (INVALID, NOT_FOUND):
            raise
        if problem.kind is CHANGED:
            shown = shown_at(by, place, number)
            found = _conditioned(shown.version, part, item)
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _conditions_page(visit, shown, part, int(item), found, again, problem)
    return redirect(visit, f"{shown.address}/{part}/{int(item)}/conditions?done=saved")


def _place(version: Version, part: str, item: str) -> int | None:
    """Of what the form is about; None: something new, or what there is one of. Raises Problem `not-found`."""
    if part == BASICS and item == "all":
        return None
    if part not in list(Part) or (item == NEW and part == Part.PUBLISHED):
        raise Problem(NOT_FOUND)
    if item == NEW:
        return None
    there = version.lines if part == Part.PUBLISHED else entering.several(version, Part(part))
    if not (item.isascii() and item.isdigit() and len(item) <= 4 and int(item) < len(there)):
        raise Problem(NOT_FOUND)
    return int(item)


def _conditioned(version: Version, part: str, item: str) -> Conditioned:
    at = _place(version, part, item)
    if part not in WITH_CONDITIONS or at is None:
        raise Problem(NOT_FOUND)
    found: Conditioned = entering.several(version, Part(part))[at]
    return found


def _code(version: Version, part: str, at: int | None) -> str:
    """Of what stands there; of published amounts, of their price; empty: something new, or what there is one of."""
    if at is None:
        return ""
    code: str = (version.lines if part == Part.PUBLISHED else entering.several(version, Part(part)))[at].code
    return code


def _must_be_of(form: Form, code: str) -> None:
    """Raises Problem `changed` if another one stands in the place for which the form was filled, now that a colleague
    took one away or moved one: it would be put over that."""
    if form["code"] != code:
        raise Problem(CHANGED)


# Changes that the form asks for.

Edit = Callable[[Version], Version]


def _edit(form: Form, before: Version, part: str, at: int | None) -> tuple[Any, Edit, str]:
    """The tariff's name, if it is asked here; what becomes of the version; where in it. Raises Problem `invalid`."""
    if part == BASICS:
        name, after = tariff_form.basics(form, before)
        return name, lambda _: after, ""
    if part == Part.PUBLISHED:
        return None, *_cells(form, before, at or 0)
    kind = Part(part)
    if form["do"] == "take-away" and at is not None:
        return None, lambda version: entering.taken_away(version, kind, at), "-"
    if form["do"] == "up" and at is not None:
        return None, lambda version: entering.moved_up(version, kind, at), "-"
    there = entering.several(before, kind)
    read: Callable[[Form, Any, Version], Element] = _READERS[kind]
    element = read(form, None if at is None else there[at], before)
    where = f"{part}[{len(there) if at is None else at}]"
    return None, lambda version: entering.put(version, kind, at, element), where


_READERS: Mapping[Part, Callable[[Form, Any, Version], Element]] = {
    Part.LINES: tariff_form.line,
    Part.SURCHARGES: tariff_form.surcharge,
    Part.DISCOUNTS: tariff_form.discount,
    Part.CANCELLING: tariff_form.kept,
}


def _cells(form: Form, before: Version, at: int) -> tuple[Edit, str]:
    """All published amounts of this price are those of the form; the others stay."""
    code = before.lines[at].code
    if len(_cells_of(before, code)) > MOST_CELLS:
        raise Problem(INVALID)
    found = tariff_form.cells(form, code, tariff_form.sets_of(before, code))
    others = tuple(each for each in before.published if each.line != code)
    return lambda version: replace(version, published=(*others, *found)), Part.PUBLISHED


def _cells_of(version: Version, code: str) -> list[Any]:
    return [each for each in version.published if each.line == code]


def _condition(form: Form, before: Condition) -> Condition:
    """With one requirement more, or without some. Raises Problem `invalid`."""
    if form["do"] == "everybody":
        return ALWAYS
    try:
        alternatives = list(alternatives_of(before))
        if form["do"] == "add":
            _add(form, alternatives)
        else:
            _take(form["do"], alternatives)
        after = condition_of(alternatives)
        alternatives_of(after)
    except TooManyAlternatives:
        raise Problem(INVALID) from None
    return after


def _add(form: Form, alternatives: list[Alternative]) -> None:
    requirement = tariff_form.requirement(form, form["add"])
    if form["to"] == NEW:
        alternatives.append((requirement,))
        return
    at = _number(form["to"], len(alternatives))
    alternatives[at] = (*alternatives[at], requirement)


def _take(what: str, alternatives: list[Alternative]) -> None:
    """`take-1-0` or `take-1`. An alternative without requirements would make all others idle: it goes too."""
    first, *rest = what.removeprefix("take-").split("-")
    at = _number(first, len(alternatives))
    if rest:
        place = _number(rest[0], len(alternatives[at]))
        alternatives[at] = tuple(each for number, each in enumerate(alternatives[at]) if number != place)
    if not rest or not alternatives[at]:
        del alternatives[at]
    if not alternatives:
        alternatives.append(())


def _number(text: str, below: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) < below):
        raise Problem(INVALID)
    return int(text)


# Values that the form is filled with.


def _filled(visit: Visit, shown: Shown, part: str, at: int | None) -> Form:
    version = shown.version
    if part == BASICS:
        return tariff_form.of_basics(shown.stored.name, version, _entitlements(version))
    if part == Part.PUBLISHED:
        code = version.lines[at or 0].code
        return tariff_form.of_cells(_cells_of(version, code), tariff_form.sets_of(version, code))
    if at is not None:
        return _OF[Part(part)](entering.several(version, Part(part))[at])
    asked = visit.query
    unit, role = asked.get("unit", Unit.DAY), asked.get("role", PriceRole.STAY)
    if unit not in list(Unit) or role not in list(PriceRole):
        raise Problem(NOT_FOUND)
    return Form({"unit": unit, "role": role, "is_discountable": "true"}, {"is_discountable": ["true"]})


_OF: Mapping[Part, Callable[[Any], Form]] = {
    Part.LINES: tariff_form.of_line,
    Part.SURCHARGES: tariff_form.of_step,
    Part.DISCOUNTS: tariff_form.of_step,
    Part.CANCELLING: tariff_form.of_kept,
}


def _form_page(
    visit: Visit, shown: Shown, part: str, at: int | None, form: Form, problem: Problem | None = None
) -> Answer:
    version, language = shown.version, visit.language
    code = version.lines[at or 0].code if part == Part.PUBLISHED else ""
    cells = _cells_of(version, code)
    sets = tariff_form.sets_of(version, code) if part == Part.PUBLISHED else []
    element = entering.several(version, Part(part))[at] if at is not None and part != Part.PUBLISHED else None
    labels = {each.code: said(each.label, language) for each in version.discounts}
    step = str(version.rounding.step)
    return page(
        visit,
        "pages/staff/tariff_part.html",
        problem.kind.status if problem else 200,
        face_of=shown.municipality,
        called=municipalities.called(shown.municipality),
        shown=shown,
        part=part,
        at=at,
        item=NEW if at is None and part != BASICS else "all" if at is None else at,
        element=element,
        code=form["code"] if form.has("code") else _code(version, part, at),
        form=form,
        problem=refused(visit, problem),
        is_changed=problem is not None and problem.kind is CHANGED,
        heading=_heading(part, element, language)
        if part != Part.PUBLISHED
        else said(version.lines[at or 0].label, language),
        lines=[(each.code, said(each.label, language)) for each in version.lines if each is not element],
        discounts=[(each.code, said(each.label, language)) for each in version.discounts if each is not element],
        windows=range(max(LEAST_WINDOWS, len(element.windows) + 1) if isinstance(element, Line) else LEAST_WINDOWS),
        rows=range(len(cells) + MORE_ROWS),
        is_for_file=len(cells) > MOST_CELLS,
        sets=[
            (
                number,
                " + ".join(labels.get(each, each) for each in several) or translate(tariff_words.NO_DISCOUNT, language),
            )
            for number, several in enumerate(sets)
        ],
        sizes=words.in_language(tariff_words.SIZES, language),
        units=words.in_language(tariff_words.UNITS_TO_CHOOSE, language),
        roles=words.in_language(tariff_words.ROLES, language),
        times=list(words.in_language(tariff_words.TIMES, language).items()),
        modes=list(words.in_language(tariff_words.MODES, language).items()),
        steps=[*words.in_language({step: step, **tariff_words.STEPS}, language).items()],
        rounded=list(words.in_language(tariff_words.ROUNDED, language).items()),
        entitlements=[(name, called(name, language)) for name in _entitlements(version)],
        known_names=_names(version),
        **in_words(visit),
    )


def _heading(part: str, element: Element | None, language: str) -> str:
    """`Price: resident`; of something new, what it is."""
    if part == BASICS:
        return ""
    name = translate(tariff_words.PARTS[part], language)
    if element is None:
        return name
    return translate(tariff_words.LABELLED, language, label=name, value=said(element.label, language))


def _conditions_page(
    visit: Visit,
    shown: Shown,
    part: str,
    at: int,
    found: Conditioned,
    form: Form,
    problem: Problem | None = None,
) -> Answer:
    language = visit.language
    try:
        alternatives = alternatives_of(found.when)
    except TooManyAlternatives:
        alternatives = ()
    return page(
        visit,
        "pages/staff/tariff_conditions.html",
        problem.kind.status if problem else 200,
        face_of=shown.municipality,
        called=municipalities.called(shown.municipality),
        shown=shown,
        part=part,
        at=at,
        label=said(found.label, language),
        code=found.code,
        address=f"{shown.address}/{part}/{at}/conditions",
        alternatives=[
            [tariff_words.in_sentence(requirement, language) for requirement in alternative]
            for alternative in alternatives
        ],
        is_for_file=not alternatives,
        form=form,
        problem=refused(visit, problem),
        is_changed=problem is not None and problem.kind is CHANGED,
        asked=list(words.in_language(ASKED, language).items()),
        entitlements=[(name, called(name, language)) for name in _entitlements(shown.version)],
        schools=[(name, called(name, language, SCHOOLS)) for name in _named(shown.version, Level, SCHOOLS)],
        kinds=[(name, name) for name in _named(shown.version, Kind, _kinds(shown.municipality))],
        measures=list(words.in_language(tariff_words.MEASURES, language).items()),
        among=list(words.in_language(tariff_words.AMONG, language).items()),
        first=list(words.in_language(tariff_words.FIRST, language).items()),
        saved=visit.query.get("done") if problem is None else None,
        **in_words(visit),
    )


def _entitlements(version: Version) -> list[str]:
    """Those that pages offer, and those of the city's own that this version asks for already."""
    return list(dict.fromkeys([*_named(version, Has, ENTITLEMENTS), *version.unproven]))


def _named(
    version: Version, kind: type[Has] | type[Kind] | type[Level], offered: Sequence[str] | Mapping[str, str]
) -> list[str]:
    named = [name for leaf in conditions_of(version) if isinstance(leaf, kind) for name in leaf.any_of]
    return list(dict.fromkeys([*offered, *named]))


def conditions_of(version: Version) -> list[Condition]:
    """All that its prices, surcharges and discounts ask for."""
    several: list[Conditioned] = [*version.lines, *version.surcharges, *version.discounts]
    return [leaf for each in several for leaf in leaves(each.when)]


def _kinds(municipality: str) -> list[str]:
    """Kinds of camps in the programme, as the city calls them."""
    every = programme.all_sessions()
    return sorted({one.kind for one in every if one.kind and municipality in ("", one.municipality)})


def _names(version: Version) -> list[str]:
    """Of extras and fines that there are already."""
    return list(dict.fromkeys(line.name for line in version.lines if line.name))
