"""A document of A4 pages: headings, tables, pictures, a foot on every page, and files that travel inside it."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import cast

from fpdf import FPDF
from fpdf.enums import AssociatedFileRelationship, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace, TextStyle, TTFFont
from PIL import Image
from pylopdf_fonts_ko import sans_path

FONT = "sans"
INK, SOFT, GROUND, ALARM = (26, 36, 41), (92, 103, 110), (240, 242, 243), (150, 28, 28)
RULE = (205, 210, 213)
BODY, SMALL = 9.0, 7.0
SIDE, TOP, BOTTOM = 18.0, 16.0, 20.0  # mm
LOWEST = 60.0  # mm of a page that a heading needs below it


class Sheet(FPDF):
    """One font for hangul, hanja and Latin, the glyphs that are used inside.

    PDF/A-3u: the library refuses what the profile forbids.
    """

    def __init__(self, *, title: str, language: str, made: datetime, foot: str) -> None:
        super().__init__(format="A4", enforce_compliance="PDF/A-3U")
        self.foot = foot
        self.made = made
        self.set_creation_date(made)
        self.set_lang(language)
        self.set_title(title)
        self.set_margins(SIDE, TOP, SIDE)
        self.set_auto_page_break(auto=True, margin=BOTTOM)
        self.add_font(FONT, fname=sans_path())
        self._known = frozenset(cast(TTFFont, self.fonts[FONT]).cmap)
        self.set_font(FONT, size=BODY)
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.set_section_title_styles(
            TextStyle(font_family=FONT, font_size_pt=18, color=INK, b_margin=1),
            TextStyle(font_family=FONT, font_size_pt=12, color=INK, t_margin=5, b_margin=2),
            TextStyle(font_family=FONT, font_size_pt=BODY, color=INK, t_margin=2, b_margin=1),
        )
        self.add_page()

    def footer(self) -> None:
        """Drawn by the library below each page."""
        self.set_y(-BOTTOM + 7)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*SOFT)
        self.cell(self.epw - 20, 4, self.shown(self.foot))
        self.cell(20, 4, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(*INK)
        self.set_font(FONT, size=BODY)

    def heading(self, words: str, level: int = 1) -> None:
        """Stands in the outline too; never alone at the foot of a page."""
        if self.get_y() > self.h - LOWEST:
            self.add_page()
        self.start_section(self.shown(words), level=level)

    def say(
        self, words: str, *, size: float = BODY, colour: tuple[int, int, int] = INK, gap: float = 1
    ) -> None:
        self.set_font(FONT, size=size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.55, self.shown(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(self.get_y() + gap)
        self.set_text_color(*INK)
        self.set_font(FONT, size=BODY)

    def grid(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[int],
        *,
        size: float = BODY - 0.5,
    ) -> None:
        """A table whose head stands again on each page; without `head`, the first column is the rows' names."""
        self.set_font(FONT, size=size)
        with self.table(
            col_widths=tuple(widths),
            text_align="LEFT",
            line_height=size * 0.56,
            padding=(0.9, 1.2),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            first_row_as_headings=bool(head),
            headings_style=FontFace(color=SOFT, fill_color=GROUND),
        ) as table:
            if head:
                table.row([self.shown(words) for words in head])
            for one in rows:
                row = table.row()
                for column, words in enumerate(one):
                    quiet = FontFace(color=SOFT) if not head and column == 0 else None
                    row.cell(self.shown(words), style=quiet)
        self.set_font(FONT, size=BODY)

    def photograph(self, jpeg: bytes, told: str) -> None:
        """As large as the width and the rest of the page allow; `told` is for who cannot see it."""
        with Image.open(BytesIO(jpeg)) as picture:
            shape = picture.height / picture.width
        width = min(self.epw, (self.h - self.get_y() - BOTTOM) / shape)
        self.image(jpeg, w=width, alt_text=self.shown(told))

    def enclosed(self, name: str, content: bytes, *, kind: str, told: str) -> None:
        """A file inside the document, for machines: the source of what the pages say."""
        self.embed_file(
            bytes=content,
            basename=name,
            mime_type=kind,
            desc=told,
            creation_date=self.made,
            modification_date=self.made,
            associated_file_relationship=AssociatedFileRelationship.SOURCE.value,
            compress=True,
        )

    def shown(self, words: str) -> str:
        """What the font lacks stands as its code point: never an empty box, and no library logs it as missing."""
        whole = unicodedata.normalize("NFC", words)
        return "".join(
            letter if letter == "\n" or ord(letter) in self._known else f"<U+{ord(letter):04X}>"
            for letter in whole
        )
