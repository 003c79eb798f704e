"""Where the pages' templates are. Nothing of AWS, so that what makes the package can compile them anywhere."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined
from markupsafe import Markup

from chalicelib.core import moments
from chalicelib.core.languages import LANGUAGES, catalogue
from chalicelib.core.phones import dialled
from chalicelib.people.families import names

CHALICELIB = Path(__file__).parents[2]
# The templates as Python, which only the package has (infra/local/contents.py): half of a page's cold start.
COMPILED = Path(__file__).parent / "compiled"


@lru_cache
def environment(language: str) -> Environment:
    made = Environment(
        loader=ModuleLoader(COMPILED) if COMPILED.exists() else FileSystemLoader(CHALICELIB),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals["LANGUAGES"] = LANGUAGES
    made.filters["dialled"] = dialled
    made.filters["local"] = moments.local
    made.filters["full_name"] = names.full_name
    made.filters["listed_name"] = names.listed_name
    made.filters["last_name"] = names.last_name
    made.globals["svg"] = Markup  # a picture that the server drew: pages/frame/pictures.py escapes what stands in it
    return made
