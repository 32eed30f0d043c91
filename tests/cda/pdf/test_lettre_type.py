"""A letter template gives its text and nothing else, whatever the file holds."""

from __future__ import annotations

import io
import zipfile

import pytest

from opensegur.cda.papier.lettre_type import read_letter
from opensegur.foundation.errors import RefusedInput

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def archive(**members: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


def docx(body: str) -> bytes:
    return archive(word__document_xml=f"<w:document {W}><w:body>{body}</w:body></w:document>")


def odt(body: str) -> bytes:
    text = f"<office:document-content {ODF}><office:body><office:text>{body}</office:text></office:body>"
    return archive(content_xml=f"{text}</office:document-content>")


def test_a_word_letter_gives_its_paragraphs_lists_and_tables() -> None:
    data = docx(
        "<w:p><w:r><w:t>Cher {{med</w:t></w:r><w:r><w:t>ecin.nom}},</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>un</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>y</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )

    assert read_letter(data) == ("Cher {{medecin.nom}},", "- un", "a", "b c", "x ; y")


def test_an_opendocument_letter_gives_the_same() -> None:
    data = odt(
        "<text:h>Lettre</text:h><text:p>Cher <text:span>{{medecin.nom}}</text:span>,<text:line-break/>bonjour<text:s text:c='2'/>!</text:p>"
        "<text:list><text:list-item><text:p>un</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>"
        "<table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table>"
    )

    assert read_letter(data) == ("Lettre", "Cher {{medecin.nom}},", "bonjour  !", "- un", "x ; y")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "LETTRE_FORMAT"),
        (b"PK\x03\x04 abime", "LETTRE_FORMAT"),
        (b"%PDF-1.4", "LETTRE_FORMAT"),
        (archive(autre_xml="<a/>"), "LETTRE_FORMAT"),
        (docx("<w:p/>"), "LETTRE_VIDE"),
        (archive(word__document_xml=b"<w:document"), "XML_MALFORMED"),
        (archive(content_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "XML_DOCTYPE"),
        (archive(word__document_xml=b"<a>" + b" " * (11 * 1024 * 1024) + b"</a>"), "FICHIER_TROP_GROS"),
    ],
)
def test_another_file_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(RefusedInput) as refused:
        read_letter(data)

    assert refused.value.code == code
