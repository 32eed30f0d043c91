from __future__ import annotations

import pikepdf
import pytest

from opensegur.cda.pdf import check_pdfa, conformite, to_pdfa
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.findings import Severity


@pytest.mark.fixtures
@pytest.mark.parametrize("name", ["cr_bio_v1_pdfa1b.pdf", "cr_bio_v2_pdfa1b.pdf"])
def test_an_official_pdfa_is_approved_and_kept_byte_for_byte(official, name):
    data = (official / "mssante/pdf" / name).read_bytes()
    assert check_pdfa(data) == []
    made = to_pdfa(data, name=name, title="Un autre titre")
    assert (made.data, made.method, made.pages) == (data, "conserve", 1)


@pytest.mark.fixtures
@pytest.mark.parametrize("name", ["non_conforme_pdf17.pdf", "non_conforme_transparence.pdf"])
def test_an_ordinary_pdf_is_not_approved(official, name):
    assert check_pdfa((official / "mssante/pdf" / name).read_bytes())


def test_findings_are_french_and_cite_the_standard(fabrique):
    def lose_fonts(pdf):
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
                del item["/FontFile2"]

    findings = check_pdfa(fabrique.edited(lose_fonts, to_pdfa(b"Bonjour").data))
    assert any("police" in finding.message for finding in findings)
    assert all(finding.source.startswith("ISO 19005-1") for finding in findings)
    assert all(finding.repair and finding.message.endswith(".") for finding in findings)


def test_findings_never_repeat_what_the_document_says(fabrique):
    def name_it(pdf):
        pdf.docinfo["/Title"] = "MARTIN Zoé"
        pdf.docinfo["/Producer"] = "MARTIN Zoé"

    said = repr(check_pdfa(fabrique.edited(name_it)))
    assert "MARTIN" not in said


def test_bytes_before_the_header_or_after_the_end_are_found():
    data = to_pdfa(b"Bonjour").data
    assert check_pdfa(data) == []
    assert [found.rule for found in check_pdfa(b"\n" + data)] == ["PDFA1/6.1.2"]
    assert [found.rule for found in check_pdfa(data + b"PK\x03\x04")] == ["PDFA1/6.1.3"]


def test_what_the_judge_does_not_know_is_a_warning(fabrique):
    def jump(pdf):
        pdf.Root.OpenAction = pdf.make_indirect([pdf.pages[0].obj, "/Fit"])

    findings = check_pdfa(fabrique.edited(jump, to_pdfa(b"Bonjour").data))
    assert {found.severity for found in findings} >= {Severity.WARNING}


@pytest.mark.parametrize("data", [b"%PDF-1.4\n%%EOF", b"%PDF-1.4\nxref\n0 0\ntrailer<</Root 1 0 R>>\n%%EOF\n"])
def test_a_broken_file_is_a_finding_not_a_crash(data):
    assert [found.severity for found in check_pdfa(data)] == [Severity.ERROR]


def test_without_the_validator_the_installation_is_said_to_be_incomplete(monkeypatch):
    monkeypatch.setattr(conformite, "_MISSING", ImportError("jsonschema"))
    with pytest.raises(ConfigurationError) as refused:
        to_pdfa(b"Bonjour")
    assert refused.value.code == "PDF_VALIDATEUR_ABSENT"
