from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.cda.document import Identifiant
from opensegur.cda.document_lu import Niveau
from opensegur.cda.locate import clinical_document, path_of
from opensegur.cda.reading import read_document
from opensegur.cda.reading_types import decode_base64, parse_timestamp
from opensegur.cda.testing import MATRICULE, complete_entete, sample_n1, sample_n3
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.xml import parse


def test_a_whole_header_is_read_back() -> None:
    document = read_document(sample_n1(complete_entete()))
    assert document.niveau is Niveau.N1
    assert document.uid == Identifiant("1.2.250.1.999.1.1.20260312.2")
    assert document.set_id == Identifiant("1.2.250.1.999.1.2.20260312")
    assert (document.version, document.remplace_version) == (2, 1)
    assert document.remplace == Identifiant("1.2.250.1.999.1.1.20260312.1")
    assert document.type.code == "11488-4"
    assert document.created_at.moment == datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
    assert document.confidentialite.code == "N"
    assert [author.id_nat for author in document.auteurs] == ["810000000017"]
    assert document.auteurs[0].libelle == "Dr Claire PERRIN"
    assert document.auteurs[0].fonction is not None
    assert document.structure.id_nat == "1750000016"
    assert document.cadre is not None
    assert document.cadre.code == "AMBULATOIRE"
    assert document.rencontre is not None
    assert document.rencontre.secteur is not None
    assert document.rencontre.secteur.code == "SA07"
    assert document.acte_principal is not None
    assert document.acte_principal.fin.moment == datetime(2026, 3, 12, 10, 30, tzinfo=UTC)
    assert document.acte_principal.executants[0].libelle == "M. Paul LEROY"
    assert document.prescriptions == (Identifiant("1.2.250.1.999.1.3", "ORD-2026-7"),)
    assert [actor.role for actor in document.participants] == ["NOK", "REF", "PRF"]
    assert document.destinataires[0].telecoms[0].valeur.startswith("mailto:")
    assert document.operateur_saisie is not None
    assert len(document.attestations) == 1


def test_the_patient_is_read_back() -> None:
    patient = read_document(sample_n1(complete_entete())).patient
    assert patient.ins == Identifiant(MATRICULE.oid, MATRICULE.valeur)
    assert patient.ipp == Identifiant("1.2.250.1.999.1.7", "P-000042")
    assert (patient.nom_naissance, patient.nom_utilise) == ("DUPONT-EXEMPLE", "MARTIN")
    assert (patient.prenoms, patient.premier_prenom, patient.prenom_utilise) == ("CAMILLE ANNE", "CAMILLE", "CAMILLE")
    assert (patient.sexe, patient.date_naissance) == ("F", "1979-03-28")
    assert (patient.lieu_naissance, patient.lieu_naissance_libelle) == ("51215", "Dompremy")
    assert patient.adresse == "12 rue des Exemples, Bâtiment B, 75011 PARIS"
    assert patient.deces == ""


def test_what_was_read_never_shows_in_a_representation() -> None:
    document = read_document(sample_n1(complete_entete()))
    structured = read_document(sample_n3())
    shown = f"{document!r} {document.patient!r} {document.participants!r} {document.corps!r} {structured.sections!r}"
    for secret in ("DUPONT", "Luc", "Examen", "Asthme", MATRICULE.valeur):
        assert secret not in shown


def test_the_historical_used_name_is_read_too() -> None:
    old = sample_n1().replace(b'qualifier="CL"', b'qualifier="SP"')
    assert read_document(old).patient.nom_utilise == "MARTIN"


def test_first_names_in_several_elements_are_joined() -> None:
    old = sample_n1().replace(b"<given>CAMILLE ANNE</given>", b"<given>CAMILLE</given><given>ANNE</given>")
    assert read_document(old).patient.prenoms == "CAMILLE ANNE"


def test_a_structured_body_gives_sections_and_its_pdf_copy() -> None:
    document = read_document(sample_n3())
    assert document.niveau is Niveau.N3
    assert [section.titre for section in document.sections] == ["Problèmes actifs", "Copie du document"]
    assert "Asthme" in document.sections[0].texte
    assert document.corps is None
    assert document.copie_pdf is not None
    assert document.copie_pdf.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "wrapper",
    [
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Object>{}</ds:Object></ds:Signature>',
        '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:value-of select="1"/>{}</xsl:stylesheet>',
    ],
    ids=["signed", "self-rendering"],
)
def test_only_the_clinical_document_counts(wrapper: str) -> None:
    inside = sample_n1().decode().partition("?>")[2]
    wrapped = wrapper.replace("{}", inside).encode()
    assert read_document(wrapped) == read_document(sample_n1())
    assert clinical_document(wrapped).getparent() is None


def test_an_unreadable_file_is_said_and_the_header_still_read() -> None:
    broken = sample_n1().replace(b'representation="B64">', b'representation="B64">!!')
    document = read_document(broken)
    assert document.corps is not None
    assert document.corps.illisible
    assert document.titre


def test_an_almost_empty_document_is_read_without_an_error() -> None:
    document = read_document(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    assert document.uid == Identifiant("")
    assert (document.version, document.auteurs, document.responsable, document.rencontre) == (None, (), None, None)
    assert document.acte_principal is None
    assert document.cadre is None


def test_a_device_may_be_the_author() -> None:
    device = (
        "<assignedAuthoringDevice><manufacturerModelName>Modèle</manufacturerModelName>"
        "<softwareName>Logiciel</softwareName></assignedAuthoringDevice>"
    )
    document = sample_n1().decode()
    start, end = document.index("<assignedPerson>"), document.index("</assignedPerson>") + len("</assignedPerson>")
    author = read_document((document[:start] + device + document[end:]).encode()).auteurs[0]
    assert author.libelle == "Modèle – Logiciel"


@pytest.mark.parametrize(
    "data",
    [b"", b"texte", b"<?xml version='1.0' encoding='UTF-16'?><a/>", b"<a/>", b"<!DOCTYPE a><a/>"],
)
def test_what_is_no_document_is_refused_in_french(data: bytes) -> None:
    with pytest.raises(RefusedInput) as caught:
        read_document(data)
    assert caught.value.conseil


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260312103000+0100", datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),
        ("202603121030+0100", datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),
        ("20260312103000.123+0100", datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),
        ("20260312093000+0000", datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),
        ("20260311233000-1000", datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),
        ("20260712", datetime(2026, 7, 11, 22, 0, tzinfo=UTC)),
        ("2026", datetime(2025, 12, 31, 23, 0, tzinfo=UTC)),
        ("20261399", None),
        ("20260312103000+100", None),
        ("20260312103000+9900", None),
        ("00000000", None),
        ("demain", None),
        ("", None),
    ],
)
def test_times_are_understood_or_left(text: str, moment: datetime | None) -> None:
    assert parse_timestamp(text) == moment


@given(st.text(max_size=40))
def test_no_time_breaks_the_reader(text: str) -> None:
    parse_timestamp(text)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(RefusedInput):
        read_document(data)


@pytest.mark.parametrize("text", ["A", "AA=A", "é", "<<>>"])
def test_base64_is_strict(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|ascii|ASCII"):
        decode_base64(text)


def test_paths_are_readable() -> None:
    root = parse(b'<ClinicalDocument xmlns="urn:hl7-org:v3"><author/><author><time/></author></ClinicalDocument>')
    assert path_of(root[1][0]) == "/ClinicalDocument/author[2]/time"


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("name", "niveau", "media_type", "has_copy", "sections"),
    [
        ("DOC_NON_STRUCTURE_CDA-R2-N1.xml", Niveau.N1, "application/pdf", False, 0),
        ("IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml", Niveau.N1, "application/pdf", False, 0),
        ("BIO-CR-BIO_2024.01_TSH_1.xml", Niveau.N3, "", True, 2),
        ("VSM_1.4_2022.01.xml", Niveau.N3, "", False, 3),
        ("eP-MED-DM_2024.01_PosoStruct.xml", Niveau.N3, "", True, 7),
    ],
)
def test_official_samples(
    official: Path, name: str, niveau: Niveau, media_type: str, *, has_copy: bool, sections: int
) -> None:
    document = read_document((official / "cda" / "samples" / name).read_bytes())
    assert document.niveau is niveau
    assert (document.corps.media_type if document.corps else "") == media_type
    assert (document.copie_pdf is not None) is has_copy
    assert len(document.sections) == sections
    assert document.patient.nom_naissance.startswith("PAT-")
    assert document.patient.ins is not None


@pytest.mark.fixtures
def test_the_official_replacement_is_read(official: Path) -> None:
    document = read_document((official / "cda/samples/IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml").read_bytes())
    assert document.remplace is not None
