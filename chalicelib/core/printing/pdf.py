"""Pages of text and lines as a PDF, with a font of its own in it: whatever prints it, `Şimşek` and `Łukasz` come out.

pydyf writes the file's objects; what a page of a list needs beside is here: text measured and broken into lines. The
font and what is known of its letters were made by infra/local/font.py. Lengths are points, counted from the top left.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pydyf

PDF = "application/pdf"
A4 = (595.28, 841.89)
A4_LANDSCAPE = (841.89, 595.28)
LEADING = 1.25
FOLDER = Path(__file__).parent / "font"
# The sign for a letter that the font does not have: an empty box, the font's own.
UNKNOWN = 0
# How much wider strokes make bold of it, in thousandths of its size.
BOLD = 35


@dataclass(frozen=True)
class Face:
    """`glyphs`: a character's number in the font and its width, in thousandths of the size, like the other lengths."""

    name: str
    ascent: int
    descent: int
    cap_height: int
    box: Sequence[int]
    unknown: int
    glyphs: Mapping[str, tuple[int, int]]

    def width(self, text: str, size: float) -> float:
        return sum(self._of(letter)[1] for letter in text) * size / 1000

    def numbers(self, text: str) -> str:
        """As a page's content has it: four hexadecimal digits for a letter."""
        return "".join(f"{self._of(letter)[0]:04x}" for letter in text)

    def _of(self, letter: str) -> tuple[int, int]:
        return self.glyphs.get(letter, (UNKNOWN, self.unknown))


@lru_cache
def face() -> Face:
    made = json.loads((FOLDER / "metrics.json").read_text())
    return Face(**{**made, "glyphs": {letter: tuple(one) for letter, one in made["glyphs"].items()}})


def is_printable(text: str) -> bool:
    """Whether the font has every letter of it: Latin, Greek, Cyrillic. Arabic or Hindi it has not, nor anybody here to
    join their letters."""
    return all(letter.isspace() or letter in face().glyphs for letter in text)


def lines(text: str, width: float, size: float) -> list[str]:
    """`text` in lines that are at most so wide: broken at spaces, after hyphens, and where a word alone is too wide, in
    its middle."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for space, word in re.findall(r"(\s*)([^\s-]*-+|[^\s-]+)", paragraph):
            longer = f"{line} {word}" if line and space else line + word
            if face().width(longer, size) <= width:
                line = longer
                continue
            found += [line] if line else []
            *full, line = _pieces(word, width, size)
            found += full
        found += [line] if line else []
    return found


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and face().width(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


class PdfPage:
    """One page while it is written; its size is width and height."""

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self.width, self.height = size
        self.content = pydyf.Stream(compress=True)

    def text(self, text: str, left: float, baseline: float, size: float, *, bold: bool = False) -> None:
        self.content.begin_text()
        self.content.set_font_size("F", size)
        self.content.set_text_rendering(2 if bold else 0)
        self.content.set_line_width(size * BOLD / 1000 if bold else 0.5)
        self.content.set_text_matrix(1, 0, 0, 1, left, self.height - baseline)
        self.content.stream.append(f"<{face().numbers(text)}> Tj")
        self.content.end_text()

    def box(self, left: float, top: float, width: float, height: float, *, grey: float | None = None) -> None:
        """Its outline; `grey`: filled, from 0 (black) to 1 (white)."""
        self.content.set_line_width(0.5)
        self.content.rectangle(left, self.height - top - height, width, height)
        if grey is None:
            self.content.stroke()
        else:
            self.content.push_state()
            self.content.set_color_rgb(grey, grey, grey)
            self.content.fill_and_stroke()
            self.content.pop_state()

    def code(self, rows: Sequence[Sequence[tuple[bool, int]]], left: float, top: float, side: float) -> None:
        """A QR code (`qr.runs`), so wide and so high; the quiet around it is the page's."""
        module = side / len(rows)
        for number, row in enumerate(rows):
            place = 0
            for dark, modules in row:
                if dark:
                    bottom = self.height - top - (number + 1) * module
                    self.content.rectangle(left + place * module, bottom, modules * module, module)
                place += modules
        self.content.fill()  # all at once: no printer sees lines between them


def document(sheets: Sequence[PdfPage], title: str, language: str) -> bytes:
    """The file. The same sheets make the same file, to the byte."""
    pdf = pydyf.PDF()
    font = _font(pdf)
    resources = pydyf.Dictionary({"Font": pydyf.Dictionary({"F": font.reference})})
    pdf.add_object(resources)
    for sheet in sheets:
        pdf.add_object(sheet.content)
        pdf.add_page(
            pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": pdf.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, sheet.width, sheet.height]),
                    "Contents": sheet.content.reference,
                    "Resources": resources.reference,
                }
            )
        )
    pdf.info["Title"] = pydyf.String(title)
    pdf.catalog["Lang"] = pydyf.String(language)
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    content = BytesIO()
    pdf.write(content)
    return content.getvalue()


def _font(pdf: pydyf.PDF) -> Any:
    """The font with all of its letters: text is their numbers (Identity-H), and `ToUnicode` says which letters those
    are, for whoever searches or copies."""
    known = face()
    program = (FOLDER / "DejaVuSansCondensed.ttf").read_bytes()
    file = pydyf.Stream([program], {"Length1": len(program)}, compress=True)
    pdf.add_object(file)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{known.name}",
            "Flags": 32,  # not a font of symbols
            "FontBBox": pydyf.Array(known.box),
            "ItalicAngle": 0,
            "Ascent": known.ascent,
            "Descent": known.descent,
            "CapHeight": known.cap_height,
            "StemV": 80,
            "FontFile2": file.reference,
        }
    )
    pdf.add_object(descriptor)
    widths = dict(sorted(known.glyphs.values()))
    letters = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": f"/{known.name}",
            "CIDSystemInfo": pydyf.Dictionary(
                {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
            ),
            "CIDToGIDMap": "/Identity",
            "FontDescriptor": descriptor.reference,
            "DW": known.unknown,
            "W": pydyf.Array([part for number, width in widths.items() for part in (number, pydyf.Array([width]))]),
        }
    )
    pdf.add_object(letters)
    unicode = pydyf.Stream([_to_unicode(known).encode()], compress=True)
    pdf.add_object(unicode)
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": f"/{known.name}",
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([letters.reference]),
            "ToUnicode": unicode.reference,
        }
    )
    pdf.add_object(font)
    return font


def _to_unicode(known: Face) -> str:
    """A CMap (ISO 32000, 9.10.3), at most 100 letters in a section. If two characters share a glyph, the plain one."""
    letters: dict[int, str] = {}
    for letter, (number, _) in known.glyphs.items():
        letters.setdefault(number, letter)
    pairs = [f"<{number:04x}> <{letter.encode('utf-16-be').hex()}>" for number, letter in sorted(letters.items())]
    sections = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *(f"{len(one)} beginbfchar\n" + "\n".join(one) + "\nendbfchar" for one in sections),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
