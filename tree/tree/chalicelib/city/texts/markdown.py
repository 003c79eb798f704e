"""The little of Markdown that texts may have: paragraphs, lists, headings, bold, italics, and links to https, mailto
and tel. Everything else, HTML too, is shown as it was typed.

markdown-it-py parses it, with all other rules off (docs/decisions.md has why). It is imported at the first text, so
that a page without any does not wait for it.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

RULES = ("heading", "list", "link", "emphasis", "escape", "newline")
SCHEMES = ("https://", "mailto:", "tel:")
# Texts stand below the heading of a part of a page: theirs are all of the next level.
HEADING = "h3"


@lru_cache
def _parser() -> "MarkdownIt":
    return _made(_is_allowed)


def _made(is_allowed: Callable[[str], bool]) -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 a page without texts does not wait for it

    parser = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 20}).enable(list(RULES))
    parser.validateLink = is_allowed  # type: ignore[method-assign, assignment]
    return parser


def _is_allowed(url: str) -> bool:
    return url.lower().startswith(SCHEMES)


def html(text: str, attributes: Mapping[str, Mapping[str, str]] = {}) -> str:
    """`text` as HTML. `attributes` by tag, for whoever must dress it: `{"p": {"class": "utrecht-paragraph"}}`."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in _all(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = HEADING
        if token.nesting >= 0:
            for name, value in attributes.get(token.tag, {}).items():
                token.attrSet(name, value)
    found: str = parser.renderer.render(tokens, parser.options, {})
    return found


def plain(text: str) -> str:
    """`text` as it is read without any formatting: a link is followed by its address."""
    lines: list[str] = []
    lists: list[int | None] = []  # of each list that is open, the number of its next item; None has none
    mark = ""
    for token in _parser().parse(text):
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                lines += [""] * (not lists)
            case "list_item_open":
                number = lists[-1]
                mark = "  " * (len(lists) - 1) + ("- " if number is None else f"{number}. ")
                lists[-1] = None if number is None else number + 1
            case "inline":
                lines.append(mark + _words(token))
                lines += [""] * (not lists)
                mark = ""
    return "\n".join(lines).strip()


def refused_links(text: str) -> list[str]:
    """The addresses of links that are none here, because they begin otherwise."""
    refused: list[str] = []

    def is_allowed(url: str) -> bool:
        if not _is_allowed(url):
            refused.append(url)
        return _is_allowed(url)

    _made(is_allowed).parse(text)
    return refused


def _all(tokens: "list[Token]") -> "Iterator[Token]":
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _words(inline: "Token") -> str:
    words, address = "", ""
    for token in inline.children or []:
        match token.type:
            case "text" | "text_special":
                words += token.content
            case "softbreak" | "hardbreak":
                words += "\n"
            case "link_open":
                address, begun = str(token.attrGet("href")), len(words)
            case "link_close":
                shown = address.removeprefix("mailto:").removeprefix("tel:")
                words += "" if words[begun:] in (shown, address) else f" ({shown})"
    return words
