"""Which function has which key, from the template; and that it is the one that uses it, from the code."""

import ast
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core import keys
from infra.local.package import ROOT
from infra.local.payments import KEY as OF_STANDIN
from infra.local.run import _keys
from tests.infra.test_template import file_of, imports, of_routes, reached

# What a function's code begins with: in app.py, as Lambda calls it.
BEGINS = {
    "Outbox": ("chalicelib.mail.handlers", "outbox"),
    "Mails": ("chalicelib.mail.handlers", "mails"),
    "Draw": ("chalicelib.booking.draw.handlers", "draw"),
    "Bank": ("chalicelib.money.statements.handlers", "bank"),
    "Announce": ("chalicelib.office.incidents.handlers", "announce"),
    "Cost": ("chalicelib.insight.cost.handlers", "count"),
    "Returned": ("chalicelib.mail.handlers", "returned"),
    "Photos": ("infra.photos.handler", "handle"),
}
# What Announce does besides, and what of it needs a key.
EACH_DAY = ("chalicelib.office.watching", "run")
# Ids are for whoever makes families, children, cases or draw keys of what was typed, and for mails, which say a
# family's own moment as its draw key decides it; links for whoever writes or reads mails'.
HAS = {
    "APIHandler": {"IDS_KEY", "LINK_KEYS", "FORM_KEYS"},
    "Outbox": set(),
    "Mails": {"IDS_KEY", "LINK_KEYS"},
    "Draw": {"IDS_KEY"},
    "Bank": set(),
    "Announce": {"IDS_KEY"},
    "Cost": set(),
    "Returned": set(),
    "Photos": set(),
    "Seal": set(),
}
SETTINGS = "chalicelib.core.settings"
KEYS = {"ids_key": "IDS_KEY", "link_keys": "LINK_KEYS", "form_keys": "FORM_KEYS"}
# A definition of our code: its module, and its name there; "": what runs when the module is imported.
Place = tuple[str, str]


@lru_cache
def parsed(module: str) -> ast.Module:
    return ast.parse(file_of(module).read_bytes())


@lru_cache
def definitions(module: str) -> Mapping[str, list[ast.AST]]:
    """By name, what runs when it is used. A method is `Class.method`; of a class itself, its dunder methods too."""
    found: dict[str, list[ast.AST]] = {"": []}
    for statement in parsed(module).body:
        if isinstance(statement, ast.FunctionDef):
            found[statement.name] = [statement]
            found[""] += [
                *statement.decorator_list,
                *statement.args.defaults,
                *filter(None, statement.args.kw_defaults),
            ]
        elif isinstance(statement, ast.ClassDef):
            found[statement.name] = [*statement.decorator_list, *statement.bases]
            for part in statement.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("__"):
                    found[f"{statement.name}.{part.name}"] = [part]
                else:
                    found[statement.name].append(part)
        else:
            found[""].append(statement)
    return found


@lru_cache
def names(module: str) -> Mapping[str, Place]:
    """What our code's names stand for in this module, wherever in it they are imported."""
    found = {name: (module, name) for name in definitions(module) if name}
    for one in ast.walk(parsed(module)):
        if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("chalicelib"):
            for alias in one.names:
                inner = f"{one.module}.{alias.name}"
                is_module = file_of(inner).exists()
                found[alias.asname or alias.name] = (inner, "") if is_module else (str(one.module), alias.name)
        elif isinstance(one, ast.Import):
            found |= {alias.asname or alias.name: (alias.name, "") for alias in one.names if "chalicelib" in alias.name}
    return found


def local_names(part: ast.AST) -> Iterator[str]:
    """What a function calls by this name is its own, and a class's attribute the class's."""
    if isinstance(part, ast.FunctionDef | ast.AnnAssign):
        for one in ast.walk(part):
            if isinstance(one, ast.arg):
                yield one.arg
            elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                yield one.id


def used(place: Place, methods: Mapping[str, set[Place]]) -> Iterator[Place]:
    """Definitions that this one mentions, called or not; a method by its name, of whatever class."""
    module, name = place
    yield module, ""
    for part in definitions(module).get(name, []):
        yield from ((imported, "") for imported in imports(part))
        own = set(local_names(part))
        for one in ast.walk(part):
            if isinstance(one, ast.Name) and one.id in names(module) and one.id not in own:
                yield names(module)[one.id]
            elif isinstance(one, ast.Attribute):
                yield from methods.get(one.attr, ())
                if isinstance(one.value, ast.Name):
                    owner, inner = names(module).get(one.value.id, ("", "-"))
                    if owner and not inner:
                        yield owner, one.attr


def keys_used(begins: Place) -> set[str]:
    modules = reached({begins[0]})
    methods: dict[str, set[Place]] = {}
    for module in modules:
        for name in definitions(module):
            if "." in name:
                methods.setdefault(name.partition(".")[2], set()).add((module, name))
    known: set[Place] = set()
    wanted = {begins}
    while wanted:
        known |= wanted
        wanted = {one for place in wanted for one in used(place, methods)} - known
    return {KEYS[name] for module, name in known if module == SETTINGS and name in KEYS}


def test_each_function_has_these_keys_and_no_other(functions: dict[str, Any]) -> None:
    has = {name: set(KEYS.values()) & set(one["Environment"]["Variables"]) for name, one in functions.items()}
    assert has == HAS
    told = [one["Environment"]["Variables"] for one in functions.values()]
    assert {name: variables[name] for variables in told for name in KEYS.values() if name in variables} == {
        "IDS_KEY": {"Ref": "IdsKey"},
        "LINK_KEYS": {"Ref": "LinkKeys"},
        "FORM_KEYS": {"Ref": "FormKeys"},
    }


@pytest.mark.parametrize("function", BEGINS)
def test_a_function_has_the_keys_that_its_code_uses(function: str) -> None:
    more = keys_used(EACH_DAY) if function == "Announce" else set()
    assert keys_used(BEGINS[function]) | more == HAS[function]


def test_what_answers_uses_all_of_them() -> None:
    assert {"chalicelib.people.families.identity", "chalicelib.pages.frame.forms"} <= reached(set(of_routes()))


@pytest.mark.parametrize(
    ("key", "module"),
    [
        ("ids_key", "chalicelib/people/families/identity.py"),
        ("link_keys", "chalicelib/people/families/signing.py"),
        ("form_keys", "chalicelib/pages/frame/forms.py"),
    ],
)
def test_each_key_is_taken_in_one_place(key: str, module: str) -> None:
    texts = {str(file.relative_to(ROOT)): file.read_text() for file in (ROOT / "chalicelib").rglob("*.py")}
    assert [name for name, text in texts.items() if f"settings.{key}(" in text] == [module]
    assert [name for name, text in texts.items() if KEYS[key] in text] == ["chalicelib/core/settings.py"]


def test_no_key_makes_anybody_staff() -> None:
    """What staff carry is by chance, and means nothing but to the table: nobody who knows every key can make it."""
    for module in ("chalicelib.pages.frame.signing_in", "chalicelib.people.staff.sessions"):
        taken = set(imports(parsed(module)))
        assert not {one for one in taken if one.startswith(("chalicelib.people.families", "chalicelib.core.keys"))}


@pytest.mark.parametrize("parameter", ["IdsKey", "LinkKeys", "FormKeys"])
def test_a_key_is_long_has_an_id_and_is_shown_to_nobody(template: Any, parameter: str, tmp_path: Path) -> None:
    told = template["Parameters"][parameter]
    assert told["NoEcho"] is True
    assert "Default" not in told

    def fits(text: str) -> bool:
        return re.fullmatch(told["AllowedPattern"], text) is not None

    one, other = "2027:" + "a" * 32, "2028-b:" + "0f" * 32
    assert fits(one)
    assert fits(_keys(tmp_path)[parameter])
    assert fits(f"{one},{other}") == (parameter != "IdsKey")
    assert not any(map(fits, ("", "a" * 40, "2027:short", ":" + "a" * 40, f"{one},", f"{one}, {other}")))


@pytest.mark.parametrize("setting", ["", "secret", ":secret", "id:", "a:x,", "a:x,a:y"])
def test_keys_that_are_none_are_refused_and_not_repeated(setting: str) -> None:
    with pytest.raises(ValueError, match="id:secret, with commas") as refused:
        keys.derived(setting, "form")
    assert "x" not in str(refused.value).replace("with", "").split(":")[-1].replace("secret", "")


def test_each_purpose_has_a_key_of_its_own() -> None:
    derived = {
        key
        for name in KEYS.values()
        for purpose in ("pass", "offer", "form")
        for key in keys.derived(os.environ[name], purpose)
    }
    assert len(derived) == 9


def test_the_key_of_payments_is_shown_to_nobody_and_had_by_who_asks_the_provider(
    template: Any, functions: dict[str, Any]
) -> None:
    has = {name for name, one in functions.items() if "PAYMENTS_KEY" in one["Environment"]["Variables"]}
    told = template["Parameters"]["PaymentsKey"]
    assert has == {"APIHandler", "Mails"}
    assert (told["NoEcho"], told["Default"]) == (True, "")  # without a contract nobody pays on line
    fits = [bool(re.fullmatch(told["AllowedPattern"], one)) for one in ("", "live_aB3dEf9h", OF_STANDIN, "live_", "x")]
    assert fits == [True, True, True, False, False]
