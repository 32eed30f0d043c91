"""What we accept to spend on one file."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cda.pdf.refus import refusal


@dataclass(frozen=True, slots=True)
class LimitesPdf:
    """Bounds of a conversion.

    ``max_bytes`` of the source; ``max_pages`` of the result; ``max_pixels`` of one image (an A3 sheet at 600 dpi has
    70 million) and ``max_pixels_total`` of all of them; ``max_characters`` of a text; ``dpi`` of a page that must
    become an image; ``seconds`` given to an external program.
    """

    max_bytes: int = 30 * 1024 * 1024
    max_pages: int = 300
    max_pixels: int = 80_000_000
    max_pixels_total: int = 800_000_000
    max_characters: int = 1_500_000
    dpi: int = 200
    seconds: float = 60.0

    def check_pages(self, count: int) -> None:
        """Raise ``RefusedInput`` TROP_DE_PAGES above ``max_pages``."""
        if count > self.max_pages:
            raise refusal("TROP_DE_PAGES", f"{count} pages", limite=str(self.max_pages))


DEFAULT_LIMITS = LimitesPdf()
