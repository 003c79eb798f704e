"""Pages: a template beside the code that fills it, in the visitor's language, below whatever prefix we are served.

What a template may say beside its values: `url("/help")`, `asset("opening.js")`, `csrf()` (in each form), `day`,
`hour`, `moment`, `money`, `names` as core/languages/in_words.py writes them, `text("bring")` (what staff say in their
own words: chalicelib/city/texts), and the macros of parts.html.
"""

import hashlib
import re
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from chalicelib.city.face import table as faces
from chalicelib.city.face.rules import ALL, NAME
from chalicelib.city.texts import showing
from chalicelib.city.texts import table as texts
from chalicelib.core.http.answering import Answer, Asset, File, Page
from chalicelib.core.http.problems import Problem, existing
from chalicelib.core.languages import in_words
from chalicelib.pages.frame import colours, forms
from chalicelib.pages.frame.templates import environment
from chalicelib.pages.frame.visit import Visit

ASSETS = Path(__file__).parent / "assets"
# One style sheet, of three parts: the city's tokens, the components of NL Design System, what is our own. One script
# of a family's two: a request is the dearest thing that a page asks for (docs/cost.md).
STYLE, SCRIPT = "stormloop.css", "stormloop.js"
TOGETHER = {STYLE: ("tokens.css", "utrecht.css", "site.css"), SCRIPT: ("countdown.js", "opening.js")}
# A picture that is shorter than a request is dear stands in the page.
MOST_INSIDE = 1000
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
PICTURES = {".png": "image/png", ".webp": "image/webp"}
COLOURED = re.compile(r"stormloop(?:-a(?P<action>[0-9a-f]{6}))?(?:-b(?P<bar>[0-9a-f]{6}))?\.css", re.ASCII)
# The name of a file changes with what is in it, so a browser asks for each once.
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

NAMES_OF_LANGUAGES = {"nl": "Nederlands", "fr": "Français", "en": "English"}


def page(visit: Visit, template: str, status: int = 200, cache_seconds: int | None = None, **values: Any) -> Answer:
    """`template`: by its path in chalicelib, "pages/family/programme.html". `cache_seconds`: of a page that is the same
    for all who read its language; a page with a form never is, whatever stands here. Of `values`, `face_of` is the
    municipality that the page is about, if it is about one."""
    body = rendered(visit, template, **values)
    headers = {"Content-Language": visit.language}
    if cache_seconds is not None and not visit.to_set and visit.leaving is None:
        headers |= {"Cache-Control": f"public, max-age={cache_seconds}", "Vary": "Cookie"}
    return Answer(status, Page(body), headers)


def rendered(visit: Visit, template: str, **values: Any) -> str:
    said = _said(visit, values.get("face_of", ALL))
    return environment(visit.language).get_template(template).render(**said, **values)


def refused(visit: Visit, problem: Problem | None) -> Any:
    """The problem's document, for above a form; None if there is none, or if it stands beside its fields."""
    return problem.document(visit.language) if problem and not problem.errors else None


def redirect(visit: Visit, path: str) -> Answer:
    """After a form: the browser asks for this page, so that neither reload nor back sends the form again."""
    return Answer(303, None, {"Location": url(visit, path)})


def url(visit: Visit, path: str) -> str:
    """From this page to another one of ours, given as "/programme?week=27"."""
    return visit.root + path.removeprefix("/")


def here(visit: Visit, **changed: str | None) -> str:
    """This page with other parameters; None takes one away."""
    from urllib.parse import urlencode  # noqa: PLC0415 loaded long since, by botocore

    query = {**visit.query, **changed}
    return "?" + urlencode({name: value for name, value in query.items() if value is not None})


def asset(visit: Visit, name: str) -> str:
    content = _content(name)
    if content and name.endswith(".svg") and len(content) <= MOST_INSIDE:
        from urllib.parse import quote  # noqa: PLC0415 loaded long since, by botocore

        return f"data:image/svg+xml,{quote(content)}"
    stem, dot, ending = name.rpartition(".")
    return url(visit, f"/assets/{stem}.{_fingerprint(name)}{dot}{ending}")


def get_logo(visit: Visit, name: str) -> Answer:
    """A municipality's logo, under the name that its content gives it."""
    content = existing(faces.logo(name))
    picture = File(content, PICTURES[Path(name).suffix], name)
    return Answer(200, picture, {"Content-Disposition": "inline", **FOR_EVER})


def get_asset(visit: Visit, name: str) -> Answer:
    """A style sheet, script or picture, under the name that `asset` gave it; an older name gets what is there now."""
    stem, _, rest = name.partition(".")
    plain = f"{stem}.{rest.rpartition('.')[2]}"
    content = existing(_content(plain))
    is_current = name == f"{stem}.{_fingerprint(plain)}.{rest.rpartition('.')[2]}"
    return Answer(200, Asset(content), {"Content-Type": KINDS[Path(plain).suffix], **(FOR_EVER if is_current else {})})


def _content(name: str) -> str | None:
    """The style sheet's name may say the colours of a face: of no request more, and nothing that is read."""
    if coloured := COLOURED.fullmatch(name):
        return f"{_file(STYLE)}\n{colours.style_sheet(coloured['action'], coloured['bar'])}"
    return _file(name)


@lru_cache
def _file(name: str) -> str | None:
    if name in TOGETHER:
        return "\n".join((ASSETS / one).read_text() for one in TOGETHER[name])
    known = {file.name for file in ASSETS.iterdir() if file.suffix in KINDS}
    return (ASSETS / name).read_text() if name in known else None


@lru_cache
def _fingerprint(name: str) -> str:
    content = _content(name)
    assert content is not None, f"no asset {name}"
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def _said(visit: Visit, face_of: str) -> dict[str, Any]:
    """The names that every template has beside its values."""
    words = partial(_in_language, language=visit.language)
    every = faces.remembered()
    face, said = every.of(face_of), every.texts_of(face_of, texts.remembered())
    return {
        "visit": visit,
        "language": visit.language,
        "languages": NAMES_OF_LANGUAGES,
        "url": partial(url, visit),
        "here": partial(here, visit),
        "asset": partial(asset, visit),
        "csrf": partial(forms.csrf, visit),
        "day": words(in_words.day),
        "hour": words(in_words.hour),
        "moment": words(in_words.moment),
        "money": words(in_words.money),
        "names": words(in_words.names),
        "text": words(partial(showing.of_texts, said)),
        "face": face,
        "style": asset(visit, colours.style_name(face)),
        "logo": url(visit, f"/logos/{face.logo.name}") if face.logo else asset(visit, "logo.svg"),
        "own_name": said[NAME].texts[visit.language] if said[NAME].number else "",
        "is_of_one": face_of != ALL,
    }


def _in_language(write: Any, language: str) -> Any:
    return lambda *what, **how: write(*what, language=language, **how)
