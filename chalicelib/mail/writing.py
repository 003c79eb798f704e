"""From a template to the text of a mail, as HTML or plain, with what the city says in its own words."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.city.texts.rules import Texts
from chalicelib.city.texts.showing import in_mail
from chalicelib.core.languages import catalogue
from chalicelib.core.phones import dialled

# Of links and buttons: mail programs drop style sheets, so it stands at each, in templates and in the city's texts.
COLOUR = "#0b4f8a"


def written(
    form: str, language: str, name: str, values: Mapping[str, object], texts: Texts, colour: str | None = None
) -> str:
    """`form`: "html" or "txt"; `name`: of the template; `colour`: of links and buttons, if the city has its own."""
    own_words = partial(in_mail, texts, language, is_html=form == "html")
    called = texts["city_name"]
    own_name = called.texts[language] if called.number else ""  # somebody said it
    page = environment(form, language).get_template(name).render(form=form, text=own_words, own_name=own_name, **values)
    return _unwrapped(page.splitlines()) if form == "txt" else page.replace(COLOUR, colour or COLOUR)


def _unwrapped(lines: Sequence[str]) -> str:
    """One empty line between two parts, none at the ends: the blocks of a template leave more."""
    kept: list[str] = []
    for line in (line.strip() for line in lines):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip() + "\n"


def _qr_runs(text: str) -> Sequence[Sequence[tuple[bool, int]]]:
    from chalicelib.core.printing import qr  # noqa: PLC0415 for a confirmation only

    return qr.runs(qr.drawn(text))


@lru_cache
def environment(form: str, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=form == "html",  # noqa: S701 plain text is no HTML, and would show the escapes
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters["dialled"] = dialled
    environment.globals["qr_runs"] = _qr_runs
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
