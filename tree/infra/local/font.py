"""The font of the printed lists, made once by a developer: `python -m infra.local.font` (Debian's fonts-dejavu-core).

DejaVu Sans Condensed, down to the letters of Latin, Greek and Cyrillic script, and beside it what whoever lays out a
page must know of each: its number in the font and its width. So the functions need no library that reads fonts.
"""

import json
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed.ttf")
FOLDER = Path(__file__).parents[2] / "chalicelib" / "core" / "printing" / "font"
FONT, METRICS = FOLDER / "DejaVuSansCondensed.ttf", FOLDER / "metrics.json"
# Latin with both of its extensions (ş ğ č ł ő, and what is written in Vietnam), accents that stand alone, Greek,
# Cyrillic, punctuation, signs. Other scripts join or turn their letters, which nothing here does (core/printing/pdf.py:
# is_printable).
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x300, 0x530),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2028),
    *(0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2190, 0x2192, 0x2212, 0x2264, 0x2265, 0x2610),
)


def subset() -> TTFont:
    font = TTFont(SOURCE, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "MATH", "gasp", "kern"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    return font


def metrics(font: TTFont) -> dict[str, object]:
    """`glyphs`: for each character its number in the font, and its width; all lengths in thousandths of the size."""
    head, hhea, letters = font["head"], font["hhea"], font.getBestCmap()

    def thousandths(length: int) -> int:
        return round(length * 1000 / int(head.unitsPerEm))

    widths = font["hmtx"].metrics
    return {
        "name": font["name"].getDebugName(6),
        "ascent": thousandths(hhea.ascent),
        "descent": thousandths(hhea.descent),
        "cap_height": thousandths(font["glyf"][letters[ord("H")]].yMax),
        "box": [thousandths(length) for length in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "unknown": thousandths(widths[".notdef"][0]),
        "glyphs": {
            chr(code): [font.getGlyphID(glyph), thousandths(widths[glyph][0])]
            for code, glyph in sorted(letters.items())
        },
    }


def main() -> int:
    font = subset()
    font.save(FONT)
    METRICS.write_text(json.dumps(metrics(TTFont(FONT)), ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{FONT.stat().st_size} and {METRICS.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
