"""The programs of the machine that make conversions richer when they are there: Ghostscript and LibreOffice."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from opensegur.cda.pdf.processus import convert_with_program

_GHOSTSCRIPT = ("gs", "gswin64c", "gswin32c")
_LIBREOFFICE = ("soffice", "libreoffice")
_LIBREOFFICE_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)

# by these control words an RTF makes a word processor open another file; a control word cannot be disguised
_REACHING_OUT = re.compile(rb"\\(?:object|obj\w+|template|subdocument\d*|filetbl|sn|htmlrtf)(?![a-z])")
_FIELD = re.compile(rb"\\fldinst(?![a-z])")
_HARMLESS_FIELD = re.compile(
    rb"\\fldinst\s*(?:\{\s*)?(?:\\[a-z]+-?\d*\s*)*(?:PAGE|NUMPAGES|DATE|TIME|HYPERLINK)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Outils:
    """Paths of the programs; ``None`` for the one that is not used."""

    ghostscript: str | None = None
    libreoffice: str | None = None

    @classmethod
    def found(cls) -> Outils:
        """What this machine has."""
        return cls(ghostscript=_first(_GHOSTSCRIPT), libreoffice=_first(_LIBREOFFICE, _LIBREOFFICE_PLACES))

    def rewrite_pdf(self, data: bytes, *, seconds: float) -> bytes | None:
        """``data`` written again by Ghostscript with what PDF/A-1 asks of pages: fonts embedded, no transparency.

        ``None`` without Ghostscript, or when it would have to leave something out (PDFACompatibilityPolicy 2).
        """
        program = self.ghostscript
        if program is None:
            return None

        def command(folder: Path) -> list[str]:
            return [
                program,
                "-dSAFER",
                "-P-",
                "-dBATCH",
                "-dNOPAUSE",
                "-dQUIET",
                "-sDEVICE=pdfwrite",
                "-dPDFA=1",
                "-dPDFACompatibilityPolicy=2",
                "-dCompatibilityLevel=1.4",
                "-sColorConversionStrategy=RGB",
                "-dEmbedAllFonts=true",
                "-dAutoRotatePages=/None",
                "-r300",
                f"-sOutputFile={folder / 'sortie.pdf'}",
                str(folder / "source.pdf"),
            ]

        return convert_with_program(data, "source.pdf", "sortie.pdf", command, seconds=seconds)

    def lay_out_rtf(self, data: bytes, *, seconds: float) -> bytes | None:
        """The PDF that LibreOffice makes of an RTF; ``None`` without it, or for an RTF that ``reaches_out``."""
        program = self.libreoffice
        if program is None or reaches_out(data):
            return None

        def command(folder: Path) -> list[str]:
            return [
                program,
                f"-env:UserInstallation={(folder / 'profil').as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                "--convert-to",
                "pdf:writer_pdf_Export",
                "--outdir",
                str(folder),
                str(folder / "source.rtf"),
            ]

        return convert_with_program(data, "source.rtf", "source.pdf", command, seconds=seconds)


def reaches_out(rtf: bytes) -> bool:
    """Whether an RTF holds objects, templates, drawn shapes or fields by which another file could be opened."""
    return bool(_REACHING_OUT.search(rtf)) or len(_FIELD.findall(rtf)) != len(_HARMLESS_FIELD.findall(rtf))


def _first(names: tuple[str, ...], places: tuple[str, ...] = ()) -> str | None:
    for name in names:
        if path := shutil.which(name):
            return path
    return next((place for place in places if Path(place).is_file()), None)
