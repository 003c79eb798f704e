"""An opening's plan as a form and back: the names of its fields are those of the plan's JSON, so that what the
model or the check says of one finds its place. Nothing is checked here: the model of the plan does."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib.city.texts import table as texts
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES, translate
from chalicelib.core.moments import in_a_form, read_moment
from chalicelib.pages.frame.forms import Form
from chalicelib.programme.openings.check import Finding
from chalicelib.programme.openings.plans import PLAN, PlanToSend

# Of these a plan has as many as one likes: rows of the form, with the fields of each.
ROWS = {"windows": ("opens_at", "spread_minutes", "postcodes"), "held_back": ("session_id", "staff", "reduced")}
PREPARING_ENDS = timedelta(hours=1)
IN_EACH_LANGUAGE = ("titles", "incident_rule")
WHOLE = ("expected_families", "offer_days", "offer_hour", "patience_minutes", "hold_minutes")
MOMENTS = ("passes_until", "wishes_until")
TEXTS = ("kind", "country", "bundles", "beacon")
TICKED = ("may_overlap",)

# What a new plan begins with: the plan's own defaults, and what most openings have; beside these the city's promise.
NEW = {
    "kind": "first-come",
    "country": "BE",
    "windows[0].spread_minutes": "15",
    "offer_days": "1",
    "offer_hour": "20",
    "patience_minutes": "1440",
    "bundles": "one",
}


# All that an ordinary opening needs; everything else has a value that suits it.
ORDINARY = ("kind", "session_ids", "windows[0].opens_at", "windows[0].spread_minutes", "expected_families")


def new() -> Form:
    promise = texts.remembered()["incident_rule"].texts
    return Form({**NEW, **{f"incident_rule.{language}": promise[language] for language in LANGUAGES}})


def is_ordinary(form: Form) -> bool:
    """Whether what is typed, and what is wrong, stands in the fields that every opening needs."""
    usual = new()
    names = {name for name in _names(form) if form[name].strip() and form[name] != usual[name]} | form.errors.keys()
    return all(name in ORDINARY or name.startswith("titles.") for name in names)


def of_plan(plan: PlanToSend) -> Form:
    """The form as it stands for a plan."""
    values = {name: _shown(getattr(plan, name)) for name in (*WHOLE, *TEXTS, *MOMENTS)}
    values |= {name: "true" for name in TICKED if getattr(plan, name)}
    if plan.windows and plan.passes_until == plan.windows[0].opens_at - PREPARING_ENDS:
        values["passes_until"] = ""  # so that it goes along with a moment that is corrected
    for name, said in (("titles", plan.titles), ("incident_rule", plan.incident_rule)):
        values |= {f"{name}.{language}": said.get(language, "") for language in LANGUAGES}
    for kind, fields in ROWS.items():
        for place, row in enumerate(getattr(plan, kind)):
            values |= {f"{kind}[{place}].{name}": _shown(getattr(row, name)) for name in fields}
    return Form(values, {"session_ids": list(plan.session_ids)})


def tidied(form: Form) -> Form:
    """Without the rows that are empty or to be removed; the others close up, so that errors find them."""
    values = {name: value for name, value in form.values.items() if not re.match(r"(windows|held_back)\[", name)}
    for kind, fields in ROWS.items():
        kept = 0
        for place in range(count(form, kind)):
            row = {name: form[f"{kind}[{place}].{name}"] for name in fields}
            if form.has(f"{kind}[{place}].remove") or not any(value.strip() for value in row.values()):
                continue
            values |= {f"{kind}[{kept}].{name}": value for name, value in row.items()}
            kept += 1
    return Form(values, form.several, form.errors)


def count(form: Form, kind: str) -> int:
    """How many rows of it there are."""
    places = [int(found[1]) for name in form.values if (found := re.fullmatch(rf"{kind}\[(\d{{1,3}})\]\..+", name))]
    return max(places, default=-1) + 1


def with_row(form: Form, kind: str) -> Form:
    """With an empty row more."""
    place = count(form, kind)
    return Form({**form.values, **{f"{kind}[{place}].{name}": "" for name in ROWS[kind]}}, form.several, form.errors)


def with_sessions(form: Form, session_ids: Iterable[str]) -> Form:
    chosen = list(dict.fromkeys([*form.all("session_ids"), *session_ids]))
    return Form(form.values, {**form.several, "session_ids": chosen}, form.errors)


def document(form: Form) -> Any:
    """As PLAN checks it, of a form that is tidied. What is left empty is left out; several sessions and postcodes are
    lists. Families prepare until an hour before it opens, if nothing else is said."""
    typed = {name: form[name].strip() for name in _names(form)}
    if not typed["passes_until"]:
        with suppress(ValueError):  # then the field of the moment itself is refused
            typed["passes_until"] = in_a_form(read_moment(typed.get("windows[0].opens_at", "")) - PREPARING_ENDS)
    found = Form({name: text for name, text in typed.items() if text}).document(PLAN)
    plan = {"windows": [], **{name: {} for name in IN_EACH_LANGUAGE}, **found, "session_ids": form.all("session_ids")}
    for window in plan["windows"]:
        window["postcodes"] = re.findall(r"[^\s,;]+", window.get("postcodes", ""))
    return plan


def _names(form: Form) -> Iterator[str]:
    """Of the fields that a plan has."""
    yield from (*WHOLE, *TEXTS, *MOMENTS, *TICKED)
    yield from (f"{name}.{language}" for name in IN_EACH_LANGUAGE for language in LANGUAGES)
    for kind, fields in ROWS.items():
        yield from (f"{kind}[{place}].{name}" for place in range(count(form, kind)) for name in fields)


def wrong(form: Form, problem: Problem, language: str, names: Mapping[str, str]) -> Form:
    """With what the problem says of the fields; raises the problem if it is about none. `names`: of the sessions."""
    if not problem.errors:
        raise problem
    plan = form.all("session_ids")
    found = []
    for one in problem.errors:
        message = translate(one.message, language, **one.values)
        chosen = re.fullmatch(r"(?:plan\.)?session_ids\[(\d+)\]", one.field)
        about = plan[int(chosen[1])] if chosen and int(chosen[1]) < len(plan) else None
        found.append((one.field, f"{names.get(about, about)}: {message}" if about else message))
    return with_errors(form, found)


def with_findings(form: Form, wrong: Iterable[Finding], language: str, names: Mapping[str, str]) -> Form:
    """With what the check found wrong beside the fields that it is about."""
    found = []
    for one in wrong:
        session, text = one.session_id, one.said(language)
        found.append(("session_ids", f"{names.get(session, session)}: {text}") if session else (one.field or "", text))
    return with_errors(form, found)


def with_errors(form: Form, found: Iterable[tuple[str, str]]) -> Form:
    errors: dict[str, str] = {}
    for name, message in found:
        place = field(name)
        errors[place] = f"{errors[place]} {message}" if place in errors else message
    return Form(form.values, form.several, errors)


def field(name: str) -> str:
    """Which field of the form shows what is said of `name`."""
    name = name.removeprefix("plan.")
    if name.startswith("session_ids"):
        return "session_ids"
    found = re.fullmatch(r"(windows\[\d+\])(?:\.postcodes\[\d+\])?", name)
    if found:
        return f"{found[1]}.postcodes" if name != found[1] else f"{name}.opens_at"
    if name in ("windows", "body"):
        return "windows[0].opens_at"
    return f"{name}.nl" if name in IN_EACH_LANGUAGE else name


def _shown(value: object) -> str:
    """A moment by the clocks in Brussels, postcodes behind one another."""
    if isinstance(value, datetime):
        return in_a_form(value)
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else str(value)
