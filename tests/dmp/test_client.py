"""The client against a DMP in memory: the whole journey, retries, and answers that go wrong."""

from dataclasses import replace

import pytest

from opensegur.cda.testing import CABINET
from opensegur.dmp import (
    Autorisation,
    Criteres,
    Disponibilite,
    DmpClient,
    DmpError,
    DmpSettings,
    Habilitation,
    StatutDossier,
    prepare_submission,
)
from opensegur.dmp.noms import SAML
from opensegur.dmp.testing import MemoryDmp
from opensegur.foundation.errors import InvalidValue, RefusedInput, TransportError
from opensegur.foundation.points import Profil
from opensegur.foundation.ports import FixedClock, HttpResponse
from opensegur.foundation.soap import NS_WSA, build_fault
from opensegur.foundation.testing import ScriptedTransport, soap_response
from opensegur.foundation.xml import parse


def envelope_of(request):
    """The SOAP envelope of a request, whether it has parts or not."""
    start = request.body.index(b"<?xml")
    return parse(request.body[start : request.body.index(b"Envelope>", start) + len(b"Envelope>")])


@pytest.mark.exigence("DMP/va1.01")
@pytest.mark.exigence("DMP/CONF.05")
def test_a_document_is_deposited_found_and_read_back_byte_for_byte(client, dmp, lot, document, matricule, acteur):
    result = client.submit(lot, acteur)
    assert not result.deja_depose
    assert result.uid == lot.uid
    (entry,) = client.find_documents(matricule, acteur)
    assert entry.unique_id == lot.documents[0].entry.unique_id
    data = client.retrieve(
        entry.unique_id, matricule, acteur, repository=entry.repository_unique_id, expected_hash=entry.hash
    )
    assert data == document
    assert client.retrieve(entry.unique_id, matricule, acteur) == document


def test_what_was_deposited_is_what_is_found(client, lot, matricule, acteur):
    client.submit(lot, acteur)
    (entry,) = client.find_documents(matricule, acteur)
    registry = ("entry_uuid", "logical_id", "version", "availability_status", "repository_unique_id")
    assert replace(entry, **{name: getattr(lot.documents[0].entry, name) for name in registry}) == replace(
        lot.documents[0].entry
    )


def test_existence_then_consent_then_authorisation(client, matricule, acteur):
    assert client.check_existence(matricule, acteur).autorisation is Autorisation.NON_EXISTE
    client.set_authorization(matricule, acteur, Habilitation.AJOUT_MEDECIN_TRAITANT)
    found = client.check_existence(matricule, acteur)
    assert found.peut_etre_consulte
    assert found.medecin_traitant
    client.set_authorization(matricule, acteur, Habilitation.SUPPRESSION_MEDECIN_TRAITANT)
    found = client.check_existence(matricule, acteur)
    assert (found.medecin_traitant, found.peut_etre_consulte) == (False, True)
    client.set_authorization(matricule, acteur, Habilitation.SUPPRESSION)
    assert not client.check_existence(matricule, acteur).peut_etre_consulte


@pytest.mark.parametrize("statut", StatutDossier)
def test_the_three_states_of_a_dossier(signer, lps, matricule, acteur, statut):
    client = DmpClient(
        MemoryDmp(statut), "https://dmp.example", signer, CABINET, lps, FixedClock(acteur.authenticated_at)
    )
    assert client.check_existence(matricule, acteur).statut_dossier is statut


def test_each_request_goes_to_its_service_with_its_own_assertion(client, dmp, lot, matricule, acteur):
    client.check_existence(matricule, acteur)
    client.set_authorization(matricule, acteur, Habilitation.AJOUT)
    client.submit(lot, acteur)
    client.find_documents(matricule, acteur)
    client.retrieve(lot.documents[0].entry.unique_id, matricule, acteur)
    assert [request.url.rpartition("/")[2] for request in dmp.requests] == [
        "patients",
        "habilitations",
        "repository",
        "registry",
        "registry",
        "repository",
    ]
    envelopes = [envelope_of(request) for request in dmp.requests]
    for name in ("MessageID", "Action"):
        assert all(found.findtext(f".//{{{NS_WSA}}}{name}") for found in envelopes)
    assertions = [found.find(f".//{SAML}Assertion").get("ID") for found in envelopes]
    assert len(set(assertions)) == len(assertions)


@pytest.mark.exigence("DMP/va1.23")
def test_a_replaced_document_is_no_longer_active(client, lot, document, matricule, acteur):
    client.submit(lot, acteur)
    old = lot.documents[0].entry.unique_id
    target = client.find_entry_uuid(old, matricule, acteur)
    new = replace(lot.documents[0].entry, unique_id="1.2.250.1.999.8")
    replacement = replace(
        lot,
        uid="1.2.3.4",
        uid_signature="1.2.3.5",
        documents=(replace(lot.documents[0], entry=new, remplace=target),),
    )
    client.submit(replacement, acteur)
    assert [entry.unique_id for entry in client.find_documents(matricule, acteur)] == ["1.2.250.1.999.8"]
    (entry,) = client.find_documents(matricule, acteur, Criteres(statuts=(Disponibilite.DEPRECATED,)))
    assert entry.unique_id == old


def test_an_unknown_document_has_no_entry(client, matricule, acteur):
    assert client.find_entry_uuid("1.2.3", matricule, acteur) is None
    with pytest.raises(DmpError) as refused:
        client.retrieve("1.2.3", matricule, acteur)
    assert refused.value.code == "XDSDocumentUniqueIdError"
    with pytest.raises(DmpError) as refused:
        client.retrieve("1.2.3", matricule, acteur, repository="1.2")
    assert refused.value.code == "XDSDocumentUniqueIdError"


@pytest.mark.exigence("DMP/HISTO.01")
def test_when_the_answer_is_lost_a_second_sending_finds_the_lot_stored(client, dmp, lot, acteur):
    dmp.lose_next_answer()
    with pytest.raises(TransportError) as lost:
        client.submit(lot, acteur)
    assert lost.value.retryable
    result = client.submit(lot, acteur)
    assert result.deja_depose
    assert result.entry_uuids == (dmp.stored[0].entry.entry_uuid,)
    assert len(dmp.stored) == 2  # the document and its signature, once


def test_a_duplicate_whose_documents_are_not_there_is_an_error(client, dmp, lot, acteur):
    dmp.refuse_next("XDSDuplicateUniqueIdInRegistry")
    with pytest.raises(DmpError) as refused:
        client.submit(lot, acteur)
    assert refused.value.code == "XDSDuplicateUniqueIdInRegistry"
    assert not refused.value.retryable


def test_other_refusals_are_told_as_they_are(client, dmp, lot, acteur):
    dmp.refuse_next("XDSRepositoryBusy", "DMPInvalidSignature")
    with pytest.raises(DmpError) as busy:
        client.submit(lot, acteur)
    assert busy.value.retryable
    with pytest.raises(DmpError) as invalid:
        client.submit(lot, acteur)
    assert (invalid.value.code, invalid.value.retryable) == ("DMPInvalidSignature", False)
    assert client.submit(lot, acteur).deja_depose is False


def scripted(signer, lps, acteur, *replies, **options):
    transport = ScriptedTransport(replies)
    clock = FixedClock(acteur.authenticated_at)
    return DmpClient(transport, "https://dmp.example", signer, CABINET, lps, clock, DmpSettings(**options))


def fault(code, status=500):
    return soap_response(build_fault("Sender", f"soap:{code}", "Refusé"), status=status)


@pytest.mark.parametrize("status", [500, 200])
def test_a_fault_is_a_refusal_whatever_its_status(signer, lps, matricule, acteur, status):
    client = scripted(signer, lps, acteur, fault("DMPInvalidCertificate", status))
    with pytest.raises(DmpError) as refused:
        client.check_existence(matricule, acteur)
    assert refused.value.code == "DMPInvalidCertificate"
    assert refused.value.__cause__ is not None


def test_no_dossier_told_by_a_fault_is_no_error(signer, lps, matricule, acteur):
    client = scripted(signer, lps, acteur, fault("DMPPatientNotFound"))
    assert client.check_existence(matricule, acteur).statut_dossier is StatutDossier.INEXISTANT


def test_no_answer_is_a_transport_error(signer, lps, matricule, acteur):
    client = scripted(signer, lps, acteur, HttpResponse(503, {"content-type": "text/html"}, b"<html>"))
    with pytest.raises(TransportError) as error:
        client.find_documents(matricule, acteur)
    assert error.value.retryable


def test_an_answer_to_another_request_is_refused(signer, lps, matricule, acteur):
    client = scripted(signer, lps, acteur, soap_response(parse(b"<a/>"), relates_to="urn:uuid:autre"))
    with pytest.raises(RefusedInput):
        client.find_documents(matricule, acteur)


def test_a_damaged_document_is_not_given(client, dmp, lot, matricule, acteur):
    client.submit(lot, acteur)
    dmp.stored[0] = replace(dmp.stored[0], data=b"abime")
    with pytest.raises(RefusedInput) as refused:
        client.retrieve(lot.documents[0].entry.unique_id, matricule, acteur)
    assert refused.value.code == "DMP_EMPREINTE"


def test_the_hash_is_compared_without_case(client, lot, document, matricule, acteur):
    client.submit(lot, acteur)
    (entry,) = client.find_documents(matricule, acteur)
    found = client.retrieve(
        entry.unique_id, matricule, acteur, repository=entry.repository_unique_id, expected_hash=entry.hash.upper()
    )
    assert found == document


def test_production_never_asks_about_a_test_matricule(signer, lps, matricule, acteur):
    client = scripted(signer, lps, acteur, profil=Profil.PRODUCTION)
    with pytest.raises(InvalidValue) as refused:
        client.check_existence(matricule, acteur)
    assert refused.value.code == "INS_OID_DE_TEST"


@pytest.mark.parametrize(
    ("profil", "code"), [(None, "P"), (Profil.PRODUCTION, "P"), (Profil.TEST, "D"), (Profil.BAC_A_SABLE, "D")]
)
def test_the_messages_say_whether_they_are_for_real(profil, code):
    assert DmpSettings(profil=profil).processing_code == code


@pytest.mark.fixtures
def test_an_official_document_of_level_3_comes_back_byte_for_byte(official, client, matricule, acteur):
    data = (official / "cda/samples/IPS-FR_2024.01.xml").read_bytes()
    lot = prepare_submission(data, uid="1.2.3.1", uid_signature="1.2.3.2")
    client.submit(lot, acteur)
    assert client.retrieve(lot.documents[0].entry.unique_id, matricule, acteur) == data
