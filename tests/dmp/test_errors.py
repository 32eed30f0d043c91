"""The table of refusals: complete, in French, and never a reason to repeat what cannot succeed."""

import re

import pytest

from opensegur.dmp.errors import MOTIFS, Anomalie, DmpError, error_of_fault
from opensegur.dmp.reponses import read_registry_response
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.soap import SoapFault, open_envelope, raise_fault
from opensegur.foundation.xml import parse

RETRYABLE = {
    "XDSRegistryBusy",
    "XDSRepositoryBusy",
    "XDSRegistryError",
    "XDSRepositoryError",
    "XDSRegistryNotAvailable",
    "XDSRegistryOutOfResources",
    "XDSRepositoryOutOfResources",
}


def error(*codes, severity="Error"):
    return DmpError([Anomalie(code, severity=severity) for code in codes], "TD2.1")


@pytest.mark.parametrize("code", MOTIFS)
def test_each_code_has_a_sentence_and_an_advice(code):
    found = error(code)
    assert found.code == code
    assert re.fullmatch(r"[A-ZÀÉ].*\.", found.message)
    assert re.fullmatch(r"[A-ZÀÉ].*\.", found.conseil)
    assert found.retryable is (code in RETRYABLE)


@pytest.mark.fixtures
def test_the_common_standard_codes_are_in_the_table(official):
    text = (official / "dmp/samples-ihe/toolkit2/TransactionDefinedErrorCodes.txt").read_text(encoding="utf-8")
    published = set(re.findall(r"\bXDS[A-Za-z]+Error\b|\bXDS[A-Za-z]*(?:Busy|OutOfResources)\b", text))
    assert {"XDSRegistryMetadataError", "XDSRepositoryMetadataError"} <= published & set(MOTIFS)


@pytest.mark.parametrize("code", ["DMPUnCodeNouveau", "XDSNouveau", "n'importe quoi"])
def test_an_unknown_code_is_a_lasting_refusal(code):
    assert error(code).code == code
    assert not error(code).retryable


def test_one_lasting_error_makes_a_retry_vain():
    assert error("XDSRegistryBusy", "XDSRepositoryBusy").retryable
    assert not error("XDSRegistryBusy", "XDSRegistryMetadataError").retryable


def test_a_warning_does_not_hide_the_error():
    found = DmpError(
        [Anomalie("XDSExtraMetadataNotSaved", severity="Warning"), Anomalie("XDSUnknownPatientId")], "TD2.1"
    )
    assert found.code == "XDSUnknownPatientId"


def test_a_failure_without_a_word_is_still_an_error():
    assert DmpError([], "TD2.1").code == "DMPReponseSansMotif"
    assert not DmpError([], "TD2.1").retryable


def test_only_a_duplicate_means_that_the_lot_may_be_there():
    assert error("XDSDuplicateUniqueIdInRegistry").already_stored
    assert not error("XDSDuplicateUniqueIdInRegistry", "XDSRegistryBusy").already_stored
    assert not error("XDSNonIdenticalHash").already_stored
    assert not DmpError([], "TD2.1").already_stored


def test_a_number_of_the_context_does_not_reach_the_logs():
    found = DmpError([Anomalie("XDSUnknownPatientId", "patient 280019999999987, 1.2.250.1.999.20260312")], "TD2.1")
    assert "280019999999987" not in found.detail
    assert "280019999999987" not in str(found)
    assert "1.2.250.1.999.20260312" in found.detail


@pytest.mark.fixtures
@pytest.mark.parametrize(
    "code",
    [
        "DMPInvalidSignature",
        "XDSDuplicateUniqueIdInRegistry",
        "XDSMissingDocument",
        "XDSMissingDocumentMetadata",
        "XDSNonIdenticalHash",
        "XDSPatientIdDoesNotMatch",
        "XDSRepositoryMetadataError",
        "XDSRepositoryOutOfResources",
        "XDSUnknownPatientId",
    ],
)
def test_the_official_failures_of_a_deposit(official, code):
    root = parse((official / f"dmp/samples-dmp/td2.1-response-error-{code}.xml").read_bytes())
    with pytest.raises(DmpError) as refused:
        read_registry_response(open_envelope(root).body, "TD2.1")
    assert refused.value.code == code
    assert refused.value.anomalies[0].context
    assert refused.value.retryable is (code in RETRYABLE)


@pytest.mark.fixtures
def test_the_official_success_has_no_anomaly(official):
    root = parse((official / "dmp/samples-dmp/td2.1-response-ok.xml").read_bytes())
    assert read_registry_response(open_envelope(root).body, "TD2.1") == ()


@pytest.mark.fixtures
@pytest.mark.parametrize("name", ["DMPInvalidCertificate", "DMPAccessDeniedByRightsService.UNCERTAIN"])
def test_the_official_faults_become_refusals_of_the_dmp(official, name):
    root = parse((official / f"dmp/samples-dmp/fault-{name}.xml").read_bytes())
    with pytest.raises(SoapFault) as fault:
        raise_fault(open_envelope(root))
    found = error_of_fault(fault.value, "TD2.1")
    assert isinstance(found, DmpError)
    assert found.code == name.partition(".")[0]
    assert found.anomalies[0].context


def test_a_fault_of_another_kind_stays_a_fault():
    fault = SoapFault("MustUnderstand", "?", (), sender=True)
    assert error_of_fault(fault, "TD2.1") is fault


@pytest.mark.parametrize("status", ["", "Success", "urn:autre:Success"])
def test_what_has_no_status_is_no_answer(status):
    with pytest.raises(RefusedInput):
        read_registry_response(parse(f'<a status="{status}"/>'.encode()), "TD2.1")


RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
REPONSE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"


def response(status):
    return parse(
        f'<r:RegistryResponse xmlns:r="{RS}" status="{REPONSE}{status}"><r:RegistryErrorList>'
        '<r:RegistryError errorCode="XDSExtraMetadataNotSaved" codeContext="x" '
        'severity="urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning"/>'
        "</r:RegistryErrorList></r:RegistryResponse>".encode()
    )


def test_warnings_of_a_success_are_given_back():
    (warning,) = read_registry_response(response("Success"), "TD2.1")
    assert warning.is_warning
    assert warning.code == "XDSExtraMetadataNotSaved"


def test_a_partial_success_is_one_only_where_it_may_be():
    assert read_registry_response(response("PartialSuccess"), "TD3.2", partial=True)
    with pytest.raises(DmpError):
        read_registry_response(response("PartialSuccess"), "TD2.1")
