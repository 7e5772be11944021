"""Makes the subset of Noto Sans SC that the bulletin's charts use: subset.py SOURCE.ttf TARGET.ttf

Needs fontTools and, for the 8,105 general standard characters (property kTGH), the Unihan
files of Debian's unicode-data. The same source font gives the same bytes.
"""
import bz2
import glob
import sys

from fontTools import subset

RANGES = [
    (0x0020, 0x007E), (0x00A0, 0x00FF),  # ASCII, Latin-1
    (0x2010, 0x203B), (0x20A0, 0x20BF), (0x2100, 0x218F),  # punctuation, currency, letterlike, Roman numerals
    (0x2190, 0x22FF), (0x2460, 0x24FF),  # arrows, operators, circled numbers
    (0x25A0, 0x26FF), (0x2713, 0x2717),  # geometric shapes, stars, ticks
    (0x3000, 0x303F), (0x3220, 0x3243), (0x3380, 0x33DF), (0xFF00, 0xFFEF),  # CJK punctuation, units, full width
]


def encodable(codec):
    for code in range(0x80, 0x10000):
        try:
            chr(code).encode(codec)
        except UnicodeError:
            continue
        yield code


def general_standard():
    for path in sorted(glob.glob("/usr/share/unicode/Unihan_*.txt.bz2")):
        with bz2.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if "\tkTGH\t" in line:
                    yield int(line.split("\t")[0][2:], 16)


def clear_overlap_flags(glyphs):
    """All glyphs are marked as overlapping, so Skia would simplify them, and gets 560 of their outlines wrong. On any point but
    the first the same bit is reserved, and browsers refuse a font that has it."""
    for name in glyphs.keys():
        glyph = glyphs[name]
        if glyph.numberOfContours > 0:
            for point in range(len(glyph.flags)):
                glyph.flags[point] &= ~0x40


def main(source, target):
    standard = set(general_standard())
    if len(standard) != 8105:
        sys.exit(f"Expected 8105 general standard characters, found {len(standard)}")
    wanted = standard | set(encodable("gb2312"))
    for first, last in RANGES:
        wanted |= set(range(first, last + 1))

    # No layout features: each character is one glyph, which the outlined SVG relies on.
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 13, 14],
        drop_tables=["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx"])
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    clear_overlap_flags(font["glyf"])
    subset.save_font(font, target, options)


main(*sys.argv[1:])
