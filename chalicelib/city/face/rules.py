"""The face of a municipality: its name, logo, colours, phone and mail; which colours can be read. Plain rules.

Two colours: `action` is that of links and buttons, and `bar` is the ground of the bar at the top, on which the text is
white or almost black, whichever is read better. Contrast is WCAG 2.2's: 4.5 to 1 for text (1.4.3, level AA).
"""

import colorsys
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.city.face.logos import Logo
from chalicelib.city.texts.rules import KEYS, NEEDED, InLanguages, Texts, TextVersion, checked
from chalicelib.core.http.problems import FieldError, Problem
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.people.staff.rules import scope_name

LEAST_CONTRAST = 4.5
WHITE, INK = "#ffffff", "#1a1a1a"
# Every ground on which a page or a mail has a link: tests/city/face/test_rules.py holds them beside the style sheet.
GROUNDS = (WHITE, "#f3f6f9", "#e8f1f9", "#e7f4ec", "#fff4dc", "#fdeceb")

AS_COLOUR = N_("Give a colour as six digits or letters behind a #, for example #0b4f8a.")
TOO_PALE = N_(
    "Links in this colour have a contrast of {whole}.{tenths} to 1 on our grounds, and text needs 4.5 to 1: not "
    "everybody could read them. The nearest colour that can be read is {nearest}."
)
NO_TEXT_ON_IT = N_(
    "Text on this colour, white or black, has a contrast of {whole}.{tenths} to 1, and needs 4.5 to 1: not everybody "
    "could read it. The nearest colour on which it can be read is {nearest}."
)

# Of what is not one municipality's: pages about all of them.
ALL = ""
# The texts that a face takes the place of.
NAME, PHONE, MAIL = "city_name", "city_phone", "city_mail"


@dataclass(frozen=True)
class Face:
    """`of`: the municipality's `scope_name`, or ALL. What is empty or None is the whole city's. `names`: by language.
    `number`: of versions; 0: nobody gave it one. `logo`: where the picture is, and how large."""

    of: str
    names: InLanguages = field(default_factory=dict)
    phone: str = ""
    mail: str = ""
    action: str | None = None
    bar: str | None = None
    logo: Logo | None = None
    number: int = 0


@dataclass(frozen=True)
class Faces:
    """All that there are, by whose they are."""

    by_place: Mapping[str, Face] = field(default_factory=dict)

    def of(self, municipality: str = ALL) -> Face:
        """As it is seen: what it does not say itself, the whole city's face says. The texts are in `texts_of`."""
        whole = self.by_place.get(ALL, Face(ALL))
        own = self.by_place.get(scope_name(municipality)) if municipality else None
        if own is None:
            return whole
        return replace(own, action=own.action or whole.action, bar=own.bar or whole.bar, logo=own.logo or whole.logo)

    def name_of(self, municipality: str, texts: Texts, language: str) -> str:
        """Its name: as its face says or, without one, as the programme does; the whole city by its texts."""
        said = self.texts_of(municipality, texts)
        return municipality if municipality and said is texts else said[NAME].texts[language]

    def texts_of(self, municipality: str, texts: Texts) -> Texts:
        """The city's texts with this municipality's name, phone and mail in their place, as far as it has a face."""
        own = self.by_place.get(scope_name(municipality)) if municipality else None
        if own is None:
            return texts
        names = {language: own.names.get(language) or municipality for language in LANGUAGES}
        said = {NAME: names}
        if own.phone:
            said[PHONE] = dict.fromkeys(LANGUAGES, own.phone)
        if own.mail:
            said[MAIL] = dict.fromkeys(LANGUAGES, own.mail)
        return {**texts, **{key: TextVersion(KEYS[key], own.number, text) for key, text in said.items()}}

    def letterhead(self, municipality: str, texts: Texts, language: str) -> list[str]:
        """Who writes on paper, in lines: its name, with its phone and mail as far as it has said them."""
        said = self.texts_of(municipality, texts)
        ways = [said[key].texts[language] for key in (PHONE, MAIL)]
        return [self.name_of(municipality, texts, language), *filter(None, ways)]


def whose(municipalities: Iterable[str]) -> str:
    """The municipality whose face a page about these has: the one municipality's, or the whole city's."""
    first, *others = sorted(set(municipalities)) or [ALL]
    return ALL if others else first


def contrast(one: str, other: str) -> float:
    """Between two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def of_links(colour: str) -> float:
    """The lowest contrast that a link of this colour has on a page; white text on it has more."""
    return min(contrast(colour, ground) for ground in GROUNDS)


def of_text_on(colour: str) -> float:
    """The contrast of text upon this colour."""
    return contrast(colour, text_on(colour))


def text_on(colour: str) -> str:
    """White or almost black, whichever is read better upon it."""
    return max((WHITE, INK), key=lambda text: contrast(colour, text))


def readable(colour: str) -> str:
    """The nearest colour in which links can be read: itself, or the same hue, darker by as little as that takes."""
    return next(one for one in _darker(colour) if of_links(one) >= LEAST_CONTRAST)


def writable(colour: str) -> str:
    """The nearest colour on which text can be read: itself, or the same hue, darker or lighter, whichever is nearer."""
    ways = _darker(colour), _lighter(colour)
    both = [next(one for one in way if of_text_on(one) >= LEAST_CONTRAST) for way in ways]
    return min(both, key=lambda one: abs(_luminance(one) - _luminance(colour)))


def darker(colour: str) -> str:
    """Of a link or button that is pointed at: easier to read on every ground than `colour`."""
    return "#" + "".join(f"{int(part * 255 * 0.7):02x}" for part in _parts(colour))


def checked_colour(name: str, given: str, errors: list[FieldError]) -> str | None:
    """`#rrggbb` in small letters; None: the whole city's. `errors` learns what is wrong with it."""
    text = given.strip().lower()
    if not text:
        return None
    if not (found := re.fullmatch("#?([0-9a-f]{6}|[0-9a-f]{3})", text, re.ASCII)):
        errors.append(FieldError(name, AS_COLOUR))
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    colour = f"#{digits}"
    measure, nearest, words = (
        (of_links, readable, TOO_PALE) if name == "action" else (of_text_on, writable, NO_TEXT_ON_IT)
    )
    if measure(colour) < LEAST_CONTRAST:
        whole, tenths = in_tenths(measure(colour))
        errors.append(FieldError(name, words, {"whole": whole, "tenths": tenths, "nearest": nearest(colour)}))
    return colour


def in_tenths(ratio: float) -> tuple[int, int]:
    """Its whole and its tenths, which each language parts in its own way; never rounded up: 4.49 is not 4.5."""
    whole, tenths = divmod(int(ratio * 10), 10)
    return whole, tenths


def checked_texts(
    given: Mapping[str, str], errors: list[FieldError], *, needs_name: bool
) -> tuple[dict[str, str], str, str]:
    """Names by language, phone and mail, each as the city's texts are checked. `needs_name`: in each language."""
    names = {one: _checked(f"name.{one}", NAME, given.get(f"name.{one}", ""), errors) for one in LANGUAGES}
    if needs_name:
        errors += [FieldError(f"name.{one}", NEEDED) for one in LANGUAGES if not names[one]]
    phone, mail = (_checked(one, key, given.get(one, ""), errors) for one, key in (("phone", PHONE), ("mail", MAIL)))
    return {language: name for language, name in names.items() if name}, phone, mail


def _checked(name: str, key: str, given: str, errors: list[FieldError]) -> str:
    if not given.strip():
        return ""
    try:
        return checked(KEYS[key], dict.fromkeys(LANGUAGES, given))[LANGUAGES[0]]
    except Problem as problem:
        errors.append(FieldError(name, problem.errors[0].message, problem.errors[0].values))
        return given


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2), from 0 to 1."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _darker(colour: str) -> Iterable[str]:
    """The colour and then the same hue ever darker, down to black."""
    yield from _by_lightness(colour, -1)


def _lighter(colour: str) -> Iterable[str]:
    yield from _by_lightness(colour, 1)


def _by_lightness(colour: str, way: int) -> Iterable[str]:
    yield colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    step = int(lightness * 255)
    while 0 < step < 255:
        step += way
        parts = colorsys.hls_to_rgb(hue, step / 255, saturation)
        yield "#" + "".join(f"{round(part * 255):02x}" for part in parts)
    yield WHITE if way > 0 else "#000000"
