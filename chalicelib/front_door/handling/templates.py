"""Answers that a city gives often, ready to be chosen and changed: in three languages, for one form or for all.

| pk             | sk          | what                    |
| -------------- | ----------- | ----------------------- |
| CASE-TEMPLATES | template_id | an answer that is ready |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table
from chalicelib.core.http.fields import ID, LINE, LINES, Model, OrNull, Text, check
from chalicelib.core.http.problems import CHANGED, Problem
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.refusals import Refused

PK = "CASE-TEMPLATES"
ID_LENGTH = 8
AS_TITLE = N_("Give it a name of at most 100 characters.")
AS_TEXT = N_("Write the answer in each language, in at most 4,000 characters.")
AS_FORM = N_("Choose a form, or all of them.")

TEMPLATE = Model(
    {
        "form_id": OrNull(Text(AS_FORM, ID, 40)),
        "title": Text(AS_TITLE, LINE, 100),
        "text": Model({language: Text(AS_TEXT, LINES, 4_000) for language in LANGUAGES}, AS_TEXT),
    }
)


class TemplateItem(table.Item):
    said = JSONAttribute()
    edition = NumberAttribute()


@dataclass(frozen=True)
class AnswerTemplate:
    """`form_id`: "": for all. `text`: language to text. `edition` counts its changes."""

    template_id: str
    form_id: str
    title: str
    text: Mapping[str, str]
    edition: int


def every() -> list[AnswerTemplate]:
    """All of them, by form and name."""
    found = map(_read, TemplateItem.query(PK, consistent_read=True))
    return sorted(found, key=lambda one: (one.form_id, one.title))


def for_form(form_id: str) -> list[AnswerTemplate]:
    return [one for one in every() if one.form_id in ("", form_id)]


def keep(content: Any, template_id: str, edition: int) -> AnswerTemplate:
    """Writes one: a new one where `template_id` is empty. Raises Problem `invalid`, or `changed` if somebody else
    changed it meanwhile."""
    given = check(TEMPLATE, content)
    new = AnswerTemplate(
        template_id or by_chance(ID_LENGTH), given["form_id"] or "", given["title"], given["text"], edition + 1
    )
    item = TemplateItem(
        PK, new.template_id, said={"form_id": new.form_id, "title": new.title, "text": new.text}, edition=new.edition
    )
    condition = TemplateItem.edition == edition if edition else TemplateItem.pk.does_not_exist()
    try:
        item.save(condition=condition)
    except Refused:
        raise Problem(CHANGED) from None
    return new


def remove(template_id: str, edition: int) -> None:
    """Raises Problem `changed`."""
    try:
        TemplateItem(PK, template_id).delete(condition=TemplateItem.edition == edition)
    except Refused:
        raise Problem(CHANGED) from None


def _read(item: TemplateItem) -> AnswerTemplate:
    said: dict[str, Any] = item.said
    return AnswerTemplate(item.sk, said["form_id"], said["title"], said["text"], int(item.edition))
