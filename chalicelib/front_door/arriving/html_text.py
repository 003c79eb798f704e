"""The text of an HTML mail, as somebody would read it out. Plain rules.

Nothing of it is ever shown as HTML: no picture is fetched, and no script, style or form is anything but left out. A
reader of our own, which goes over a mail once: the standard library's takes three minutes for 300 KB of `<!--`.
"""

import re
from html import unescape

# Characters of HTML that are read; what a person writes is shorter by far.
MOST_HTML = 300_000
MOST_TAG = 1_000
TAG = re.compile(r"(/?)([a-z][a-z0-9]{0,20})")
# What is between such a tag and its end is not read out.
UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "select", "textarea"})
# Elements that begin on a new line.
BLOCKS = frozenset(
    {
        *(
            "address",
            "article",
            "blockquote",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figure",
            "footer",
            "form",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table"),
        *("tbody", "tfoot", "thead", "tr", "ul", "br"),
    }
)
VALUE = r"""\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
HREF, ALT = (re.compile(rf"\b{name}{VALUE}", re.IGNORECASE) for name in ("href", "alt"))
LINK = re.compile(r"(https?://|mailto:|tel:)\S{1,500}")


def text_of(html: str) -> str:
    """Lines of text; a link's address stands behind its words unless it is those words."""
    reader = _Reader(html[:MOST_HTML])
    reader.read()
    lines = "".join(reader.parts).split("\n")
    return re.sub("\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


class _Reader:
    """`_never`: ends that do not come any more, so that nobody looks for them twice."""

    def __init__(self, html: str) -> None:
        self.parts: list[str] = []
        self._html = html
        # As many characters as the text itself: lower() makes two of some.
        self._small = re.sub("[A-Z]+", lambda found: found[0].lower(), html)
        self._never: set[str] = set()
        self._links: list[tuple[str, int]] = []

    def read(self) -> None:
        at = 0
        while at < len(self._html):
            opens = self._html.find("<", at)
            self._say(self._html[at:] if opens < 0 else self._html[at:opens])
            if opens < 0:
                return
            at = self._tag(opens)

    def _tag(self, opens: int) -> int:
        """Reads what begins with the `<` there; where to go on."""
        if self._html.startswith("<!--", opens):
            ends = self._find("-->", opens)
            if ends >= 0:
                return ends + 3
        closes = self._find(">", opens)
        found = TAG.match(self._small, opens + 1)
        if closes < 0 or (found is None and self._html[opens + 1 : opens + 2] not in ("!", "?", "/")):
            self.parts.append("<")
            return opens + 1
        if found is None:
            return closes + 1
        name, attributes = found[2], self._html[found.end() : closes][:MOST_TAG]
        if found[1]:
            self._end(name)
        elif name in UNSEEN:
            return max(closes + 1, self._find(f"</{name}", closes))
        else:
            self._begin(name, attributes)
        return closes + 1

    def _begin(self, name: str, attributes: str) -> None:
        if name in BLOCKS:
            self.parts.append("\n- " if name == "li" else "\n")
        elif name in ("td", "th"):
            self.parts.append(" ")
        elif name == "img" and (says := _value(ALT, attributes)):
            self.parts.append(f"[{says}]")
        elif name == "a":
            self._links.append((_value(HREF, attributes), len(self.parts)))

    def _end(self, name: str) -> None:
        if name == "a" and self._links:
            address, since = self._links.pop()
            words = "".join(self.parts[since:])
            self._links.clear()  # links do not stand within links: what is left open ends here
            if LINK.fullmatch(address) and address.partition(":")[2].strip("/") not in words:
                self.parts.append(f" ({address})")
        elif name in BLOCKS and name != "br":
            self.parts.append("\n")

    def _say(self, text: str) -> None:
        if text:
            before, after = " " * text[0].isspace(), " " * text[-1].isspace()
            self.parts.append(before + " ".join(_plain(text).split()) + after)

    def _find(self, text: str, since: int) -> int:
        if text in self._never:
            return -1
        found = self._small.find(text, since)
        if found < 0:
            self._never.add(text)
        return found


def _value(name: re.Pattern[str], attributes: str) -> str:
    found = name.search(attributes)
    return _plain(next((value for value in found.groups() if value), "")) if found else ""


def _plain(text: str) -> str:
    """With its entities as the characters that they are."""
    try:
        return unescape(text)
    except ValueError:  # the number of a character, with thousands of digits
        return text
