"""TD0.2: what the query asks, and what each official answer means."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from opensegur.dmp import Autorisation, DmpError, Existence, Fermeture, StatutDossier
from opensegur.dmp.hl7v3 import build_existence_request, read_existence
from opensegur.dmp.noms import HL7, NS_HL7
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.soap import read_envelope
from opensegur.foundation.xml import parse
from opensegur.ins import OID_NIR_TEST, Matricule

MOMENT = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ALICE = Matricule("280019999999987", OID_NIR_TEST)
ACTIF = Existence(StatutDossier.ACTIF, Autorisation.VALIDE, False, True, True)


def sample_body(official, name):
    return read_envelope(parse((official / f"dmp/samples-dmp/{name}.xml").read_bytes())).body


@pytest.mark.fixtures
@pytest.mark.exigence("DMP/UX.12")
@pytest.mark.parametrize(
    ("name", "autorisation", "medecin_traitant", "libelle"),
    [
        ("valide", Autorisation.VALIDE, False, "Valide"),
        ("inexistante", Autorisation.NON_EXISTE, False, "Inexistante ou expirée"),
        ("expiree", Autorisation.EXPIRE, False, "Inexistante ou expirée"),
        ("interdite", Autorisation.INTERDIT, False, "Interdite"),
        ("medecin-traitant", Autorisation.VALIDE, True, "Valide"),
    ],
)
def test_the_official_answers_are_understood(official, name, autorisation, medecin_traitant, libelle):
    found = read_existence(sample_body(official, f"td0.2-response-active-{name}"), ALICE)
    assert found == Existence(StatutDossier.ACTIF, autorisation, medecin_traitant, True, True)
    assert found.autorisation.libelle == libelle
    assert found.peut_etre_alimente
    assert found.peut_etre_consulte is (autorisation is Autorisation.VALIDE)


@pytest.mark.fixtures
def test_a_closed_dossier_takes_nothing(official):
    found = read_existence(sample_body(official, "td0.2-response-closed.UNCERTAIN"), ALICE)
    assert found.statut_dossier is StatutDossier.FERME
    assert found.fermeture == Fermeture()
    assert not found.peut_etre_alimente


@pytest.mark.fixtures
def test_no_dossier_is_an_answer_and_no_error(official):
    found = read_existence(sample_body(official, "td0.2-response-notfound.UNCERTAIN"), ALICE)
    assert found == Existence(StatutDossier.INEXISTANT)


@pytest.mark.fixtures
def test_the_request_has_the_shape_of_the_sample(official, lps):
    expected = sample_body(official, "td0.2-request")
    request = parse(etree.tostring(build_existence_request(ALICE, lps, MOMENT, processing_code="D")))
    assert [element.tag for element in request.iter()] == [element.tag for element in expected.iter()]
    changing = {"root", "extension"}
    for ours, theirs in zip(request.iter(), expected.iter(), strict=True):
        assert set(ours.attrib) == set(theirs.attrib), ours.tag
        for name in set(ours.attrib) - changing:
            assert ours.get(name) == theirs.get(name), ours.tag
    asked = request.find(f".//{HL7}patientIdentifier/{HL7}value")
    assert (asked.get("root"), asked.get("extension")) == (ALICE.oid, ALICE.valeur)


def answer(inside, *, nom="PRPA_IN201308UV02"):
    return parse(f'<{nom} xmlns="{NS_HL7}">{inside}</{nom}>'.encode())


def patient(status="active", number=ALICE.valeur, more=""):
    return (
        f'<p><patient><id root="{ALICE.oid}" extension="{number}"/><statusCode code="{status}"/>{more}</patient></p>'
    )


def test_the_reason_of_a_closing_is_read_where_it_may_be():
    closed = answer(
        patient("terminated")
        + '<detectedIssueEvent><code code="FERMETURE_DEMANDE_PATIENT"/><text>À la demande du patient</text>'
        '<effectiveTime value="20251231"/></detectedIssueEvent>'
    )
    assert read_existence(closed, ALICE).fermeture == Fermeture(
        datetime(2025, 12, 31, tzinfo=UTC), "FERMETURE_DEMANDE_PATIENT", "À la demande du patient"
    )


def test_a_strange_date_of_closing_is_left_out():
    event = '<detectedIssueEvent><effectiveTime value="un jour"/></detectedIssueEvent>'
    assert read_existence(answer(patient("terminated") + event), ALICE).fermeture == Fermeture()


def test_what_the_answer_does_not_tell_is_unknown():
    assert read_existence(answer(patient()), ALICE) == Existence(StatutDossier.ACTIF)


def test_an_unknown_state_of_authorisation_opens_nothing():
    line = '<attentionLine><keyWordText code="AUTORISATION"/><value code="NOUVEAU"/></attentionLine>'
    found = read_existence(answer(line + patient()), ALICE)
    assert found.autorisation is None
    assert not found.peut_etre_consulte


@pytest.mark.parametrize(
    "body",
    [
        answer(""),
        answer(patient(number="179019999999988")),
        answer(patient(status="peut-être")),
        answer(patient(), nom="autre"),
    ],
    ids=["empty", "about somebody else", "unknown status", "another message"],
)
def test_an_answer_that_makes_no_sense_is_refused(body):
    with pytest.raises(RefusedInput) as refused:
        read_existence(body, ALICE)
    assert refused.value.code == "DMP_REPONSE"


def test_a_refusal_has_its_code():
    refusal = (
        '<acknowledgement typeCode="AE"><acknowledgementDetail><code code="DMPAccessDeniedByRightsService"/>'
        "<text>Accès refusé</text></acknowledgementDetail></acknowledgement>"
    )
    with pytest.raises(DmpError) as refused:
        read_existence(answer(refusal), ALICE)
    assert refused.value.code == "DMPAccessDeniedByRightsService"
    assert refused.value.transaction == "TD0.2"
    assert not refused.value.retryable


def test_the_identity_of_the_answer_is_not_kept():
    named = patient(more="<patientPerson><name><family>SECRET</family></name></patientPerson>")
    assert "SECRET" not in repr(read_existence(answer(named), ALICE))
