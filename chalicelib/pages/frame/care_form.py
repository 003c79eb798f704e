"""The form of what the camp must know of a child: the family's and the desk's are the same. Empty rows are passed over,
so that a page may have more of them than a family needs."""

from collections.abc import Mapping
from typing import Any

from chalicelib.pages.frame.forms import Form
from chalicelib.people.child_info.rules import MOST_CONTACTS, MOST_PICKING_UP, Care

# So that there is always room for one more.
LEAST_CONTACTS, LEAST_PICKING_UP = 2, 3


def shown(care: Care | None) -> Form:
    """The form with what is stored, to be changed."""
    if care is None:
        return Form()
    contacts = [{"name": one.name, "phone": one.phone} for one in care.contacts]
    return Form(_fields({"contacts": contacts, "medical": care.medical, "pick_up": list(care.pick_up)}))


def typed(form: Form) -> tuple[dict[str, Any], Form]:
    """The values that people/child_info/entering.py takes, and the form as it is shown again: without the empty rows,
    so that what is wrong stands beside its field."""
    contacts = [
        {part: form[f"contacts[{place}].{part}"].strip() for part in ("name", "phone")}
        for place in range(MOST_CONTACTS)
    ]
    pick_up = [form[f"pick_up[{place}]"].strip() for place in range(MOST_PICKING_UP)]
    content: dict[str, Any] = {
        "contacts": [one for one in contacts if any(one.values())],
        "medical": form["medical"].strip() or None,
        "pick_up": [one for one in pick_up if one],
    }
    return content, Form(_fields(content))


def rows(form: Form) -> dict[str, int]:
    """How many of each the page has."""
    contacts = sum(f"contacts[{place}].name" in form.values for place in range(MOST_CONTACTS))
    pick_up = sum(f"pick_up[{place}]" in form.values for place in range(MOST_PICKING_UP))
    return {
        "contacts": min(MOST_CONTACTS, max(LEAST_CONTACTS, contacts + 1)),
        "pick_up": min(MOST_PICKING_UP, max(LEAST_PICKING_UP, pick_up + 1)),
    }


def _fields(content: Mapping[str, Any]) -> dict[str, str]:
    fields = {"medical": content["medical"] or ""}
    for place, contact in enumerate(content["contacts"]):
        fields |= {f"contacts[{place}].{part}": value for part, value in contact.items()}
    return fields | {f"pick_up[{place}]": name for place, name in enumerate(content["pick_up"])}
