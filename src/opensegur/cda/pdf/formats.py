"""What a file is, judged by its content and never by its name."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from opensegur.cda.pdf.refus import refusal
from opensegur.cda.pdf.texte import decode_text, looks_binary


class Format(StrEnum):
    """The five formats that the DMP ever took in an unstructured body (JDV_J60)."""

    PDF = "pdf"
    JPEG = "jpeg"
    TIFF = "tiff"
    RTF = "rtf"
    TXT = "txt"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def libelle(self) -> str:
        return "texte" if self is Format.TXT else self.value.upper()


_MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.JPEG: "image/jpeg",
    Format.TIFF: "image/tiff",
    Format.RTF: "text/rtf",
    Format.TXT: "text/plain",
}

_EXTENSIONS = {
    ".pdf": Format.PDF,
    ".jpg": Format.JPEG,
    ".jpeg": Format.JPEG,
    ".tif": Format.TIFF,
    ".tiff": Format.TIFF,
    ".rtf": Format.RTF,
}

_ACCEPTED = (
    (b"%PDF-", Format.PDF),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"{\\rtf", Format.RTF),
)

_REFUSED = (
    (b"PK\x03\x04", "document Word, Excel, LibreOffice ou archive ZIP"),
    (b"PK\x05\x06", "archive ZIP"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ancien document Word ou Excel"),
    (b"\x89PNG\r\n\x1a\n", "image PNG"),
    (b"GIF8", "image GIF"),
    (b"BM", "image BMP"),
    (b"II+\x00", "image BigTIFF"),
    (b"MM\x00+", "image BigTIFF"),
    (b"\x00\x00\x00\x0cjP  ", "image JPEG 2000"),
    (b"7z\xbc\xaf\x27\x1c", "archive 7-Zip"),
    (b"Rar!", "archive RAR"),
    (b"\x1f\x8b", "archive gzip"),
    (b"%!PS", "PostScript"),
    (b"MZ", "programme"),
    (b"\x7fELF", "programme"),
)
_REFUSED_AT = (
    (8, b"WEBP", "image WebP"),
    (4, b"ftyp", "image HEIC ou vidéo"),
    (128, b"DICM", "image DICOM"),
)
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!doctype|<html|<head|<svg|<script|<clinicaldocument|(?:from|mime-version|received):\s)",
    re.IGNORECASE,
)

# Acrobat takes a header within the first 1024 bytes; mail gateways and portals do put a few before it
_HEADER_WINDOW = 1024


def sniff_format(data: bytes) -> Format:
    """The format of ``data``.

    Raises ``RefusedInput``: FICHIER_VIDE, FORMAT_REFUSE (a known format that is not accepted), FORMAT_INCONNU,
    TEXTE_CHARSET (a text in neither UTF-8, UTF-16 with its mark, nor Windows-1252).
    """
    if not data.strip(b" \t\r\n\x00"):
        raise refusal("FICHIER_VIDE")
    for signature, found in _ACCEPTED:
        if data.startswith(signature):
            return found
    if refused := _refused_name(data):
        raise refusal("FORMAT_REFUSE", trouve=refused)
    if b"%PDF-" in data[:_HEADER_WINDOW]:
        return Format.PDF
    if looks_binary(data):
        raise refusal("FORMAT_INCONNU", data[:8].hex())
    decode_text(data)
    return Format.TXT


def check_name(name: str, found: Format) -> None:
    """Refuse a file whose extension announces another of the accepted formats (FICHIER_TROMPEUR).

    The name never chooses the format; but a « .pdf » that holds a line of text is most often the error page of a
    portal, not the document that its user believes to send.
    """
    announced = _EXTENSIONS.get(PurePath(name.replace("\\", "/")).suffix.lower())
    if announced is not None and announced is not found:
        raise refusal("FICHIER_TROMPEUR", annonce=announced.libelle, trouve=found.libelle)


def _refused_name(data: bytes) -> str:
    for signature, name in _REFUSED:
        # the two-letter signatures also begin honest sentences: « MZ » and « BM » count only with binary bytes
        if data.startswith(signature) and (len(signature) > 2 or looks_binary(data)):  # noqa: PLR2004
            return name
    for offset, signature, name in _REFUSED_AT:
        if data[offset : offset + len(signature)] == signature and looks_binary(data):
            return name
    return "page web, XML ou message" if _MARKUP.match(data) else ""
