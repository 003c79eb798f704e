"""A text as a page or a mail shows it."""

from markupsafe import Markup

from chalicelib.city.texts import markdown, table
from chalicelib.city.texts.rules import TextForm, TextKey, Texts

# The classes of NL Design System (Utrecht), by tag.
ON_PAGES = {
    "p": {"class": "utrecht-paragraph"},
    "ul": {"class": "utrecht-unordered-list"},
    "ol": {"class": "utrecht-ordered-list"},
    "li": {"class": "utrecht-unordered-list__item"},
    "a": {"class": "utrecht-link"},
    markdown.HEADING: {"class": "utrecht-heading-3"},
}
_BLOCK = "font-size:16px;line-height:1.5;color:#1a1a1a"
# Mail programs drop style sheets.
IN_MAILS = {
    "p": {"style": f"margin:0 0 16px;{_BLOCK}"},
    "ul": {"style": f"margin:0 0 16px;padding:0 0 0 24px;{_BLOCK}"},
    "ol": {"style": f"margin:0 0 16px;padding:0 0 0 24px;{_BLOCK}"},
    "a": {"style": "color:#0b4f8a"},
    markdown.HEADING: {"style": "margin:0 0 8px;font-size:18px;line-height:1.3;font-weight:700;color:#1a1a1a"},
}


def on_page(name: str, language: str) -> str:
    """The text of that key as it is now, at most ten seconds old: HTML if it is Markdown. Empty if there is none."""
    version = table.remembered()[name]
    return as_page(version.key, version.texts[language])


def as_page(key: TextKey, text: str) -> str:
    """`text` as the pages would show it under that key."""
    return Markup(markdown.html(text, ON_PAGES)) if key.form is TextForm.MARKDOWN else text  # noqa: S704 markdown.py escapes


def in_mail(texts: Texts, language: str, name: str, *, is_html: bool) -> str:
    version = texts[name]
    text = version.texts[language]
    if version.key.form is not TextForm.MARKDOWN:
        return text
    return Markup(markdown.html(text, IN_MAILS)) if is_html else markdown.plain(text)  # noqa: S704
