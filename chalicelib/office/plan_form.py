"""An opening's plan as a form and back: the names of its fields are those of the plan's JSON, so that what the API or
the check says of one finds its place. Nothing is checked here: the API's own models do."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.api.problems import Problem
from chalicelib.languages import LANGUAGES, translate
from chalicelib.moments import in_a_form
from chalicelib.web.forms import Form

# Of these a plan has as many as one likes: rows of the form, with the fields of each.
ROWS = {"windows": ("opens_at", "spread_minutes", "postcodes"), "held_back": ("session_id", "staff", "reduced")}
IN_EACH_LANGUAGE = ("titles", "incident_rule")
WHOLE = ("expected_families", "offer_days", "offer_hour", "patience_minutes", "hold_minutes")
MOMENTS = ("passes_until", "wishes_until")
TEXTS = ("kind", "country", "bundles", "beacon")

# What a new plan begins with: the plan's own defaults, and what most openings have.
NEW = {
    "kind": "first-come",
    "country": "BE",
    "windows[0].spread_minutes": "15",
    "offer_days": "1",
    "offer_hour": "20",
    "patience_minutes": "1440",
    "bundles": "one",
}


def new() -> Form:
    return Form(dict(NEW))


def of_plan(plan: Mapping[str, Any]) -> Form:
    """The form as it stands for a plan's document."""
    values = {name: _shown(plan[name]) for name in (*WHOLE, *TEXTS)}
    values |= {name: local(plan[name]) for name in MOMENTS}
    for name in IN_EACH_LANGUAGE:
        values |= {f"{name}.{language}": plan[name].get(language) or "" for language in LANGUAGES}
    for place, window in enumerate(plan["windows"]):
        values[f"windows[{place}].opens_at"] = local(window["opens_at"])
        values[f"windows[{place}].spread_minutes"] = _shown(window["spread_minutes"])
        values[f"windows[{place}].postcodes"] = " ".join(window["postcodes"])
    for place, held in enumerate(plan["held_back"]):
        values |= {f"held_back[{place}].{name}": _shown(held[name]) for name in ROWS["held_back"]}
    return Form(values, {"session_ids": list(plan["session_ids"])})


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


def document(form: Form) -> dict[str, Any]:
    """What the API is sent. What is no number stays as it was typed, and the API says so."""
    plan: dict[str, Any] = {name: _typed(form[name]) for name in (*TEXTS, *MOMENTS)}
    plan |= {name: _number(form[name]) for name in WHOLE}
    for name in IN_EACH_LANGUAGE:
        plan[name] = {language: _typed(form[f"{name}.{language}"]) for language in LANGUAGES}
    plan["session_ids"] = form.all("session_ids")
    plan["windows"] = [
        {
            "opens_at": _typed(form[f"windows[{place}].opens_at"]),
            "spread_minutes": _number(form[f"windows[{place}].spread_minutes"]),
            "postcodes": re.findall(r"[^\s,;]+", form[f"windows[{place}].postcodes"]),
        }
        for place in range(count(form, "windows"))
    ]
    plan["held_back"] = [
        {
            "session_id": _typed(form[f"held_back[{place}].session_id"]),
            "staff": _number(form[f"held_back[{place}].staff"]),
            "reduced": _number(form[f"held_back[{place}].reduced"]),
        }
        for place in range(count(form, "held_back"))
    ]
    return plan


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


def with_findings(form: Form, findings: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Form:
    """With what the check found beside the fields that it is about, but for what is only to be known."""
    found = []
    for one in findings:
        session = one["session_id"]
        text = f"{names.get(session, session)}: {one['message']}" if session else one["message"]
        if not one["is_notice"]:
            found.append(("session_ids" if session else one["field"] or "", text))
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


def local(moment: str | None) -> str:
    """As the field of a browser has it, by the clocks in Brussels."""
    return in_a_form(datetime.fromisoformat(moment)) if moment else ""


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _typed(text: str) -> str | None:
    return text.strip() or None


def _number(text: str) -> int | str | None:
    """A text where it is no number: the API refuses it in its own words."""
    text = text.strip()
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else text or None
