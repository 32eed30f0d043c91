"""ITI-18: requests equal to the official samples, every answer of the samples, hostile values."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.dmp import Criteres, Disponibilite, DmpError
from opensegur.dmp.metadata import SourcePatientInfo
from opensegur.dmp.noms import RIM
from opensegur.dmp.queries import Retour, build_find_documents, build_get_documents, read_response
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue, RefusedInput
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.soap import read_envelope
from opensegur.foundation.xml import canonicalize, parse
from opensegur.ins import OID_NIR_TEST, Matricule

ALICE = Matricule("280019999999987", OID_NIR_TEST)
LOINC = "2.16.840.1.113883.6.1"
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20)


def sample_body(official, name):
    return read_envelope(parse((official / f"dmp/samples-dmp/{name}.xml").read_bytes())).body


def same(element, expected):
    return canonicalize(parse(etree.tostring(element)), exclusive=True) == canonicalize(expected, exclusive=True)


def values_of(request):
    return {
        slot.get("name").removeprefix("$XDSDocumentEntry"): [value.text for value in slot.iter(f"{RIM}Value")]
        for slot in request.iter(f"{RIM}Slot")
    }


@pytest.mark.fixtures
def test_the_default_search_is_the_sample(official):
    expected = sample_body(official, "td3.1-finddocuments-request")
    assert same(build_find_documents(ALICE, Criteres()), expected)


@pytest.mark.fixtures
def test_a_narrow_search_asks_what_the_sample_asks(official):
    criteres = Criteres(
        statuts=(Disponibilite.APPROVED, Disponibilite.ARCHIVED),
        classes=(Code("10", "1.2.250.1.213.1.1.4.1"),),
        types=(Code("11488-4", LOINC), Code("34112-3", LOINC)),
        confidentialites=(Code("N", "2.16.840.1.113883.5.25"),),
    )
    expected = values_of(sample_body(official, "td3.1-finddocuments-filters-request"))
    expected.pop("ServiceStartTimeFrom")
    assert values_of(build_find_documents(ALICE, criteres)) == expected


@pytest.mark.fixtures
def test_the_reference_search_is_the_sample(official):
    request = build_get_documents(unique_ids=["1.2.250.1.999.9.9.42.4.1"], retour=Retour.REFERENCES)
    assert same(request, sample_body(official, "td3.1b-getdocuments-uniqueid-objectref-request"))
    request = build_get_documents(entry_uuids=["urn:uuid:bb431f18-28b7-5e93-a5f9-7312e23fe9c7"])
    assert same(request, sample_body(official, "td3.1-getdocuments-uuid-request"))


def test_times_are_in_utc_and_single():
    criteres = Criteres(
        acte_depuis=datetime.fromisoformat("2026-01-01T01:00:00+01:00"), cree_jusqu_a=datetime(2026, 2, 1, tzinfo=UTC)
    )
    values = values_of(build_find_documents(ALICE, criteres))
    assert values["ServiceStartTimeFrom"] == ["'20260101000000'"]
    assert values["CreationTimeTo"] == ["'20260201000000'"]


@given(st.lists(TEXTS, min_size=1, max_size=3), TEXTS)
def test_no_value_escapes_its_quotes(codes, author):
    criteres = Criteres(types=tuple(Code(code, LOINC) for code in codes), auteur=author)
    request = build_find_documents(ALICE, criteres)
    assert load_schema("xds").findings(request) == []
    for (value,), count in ((values_of(request)["TypeCode"], len(codes)), (values_of(request)["AuthorPerson"], 1)):
        assert value.startswith("('")
        assert value.endswith("')")
        # without the doubled quotes, only the quotes around each value are left
        assert value.replace("''", "").count("'") <= 2 * count


def test_a_quote_is_doubled():
    values = values_of(build_find_documents(ALICE, Criteres(auteur="D'ARC%")))
    assert values["AuthorPerson"] == ["('D''ARC%')"]


def test_an_empty_search_is_refused():
    for make in (
        lambda: Criteres(statuts=()),
        build_get_documents,
        lambda: build_get_documents(unique_ids=["1.2"], entry_uuids=["urn:uuid:1"]),
    ):
        with pytest.raises(InvalidValue):
            make()


@pytest.mark.fixtures
def test_the_official_answer_gives_its_entries(official):
    found = read_response(sample_body(official, "td3.1-finddocuments-response"), "TD3.1")
    first, second = found.entries
    assert first.unique_id == "1.2.250.1.999.9.9.42.4.1"
    assert first.entry_uuid == first.logical_id == "urn:uuid:bb431f18-28b7-5e93-a5f9-7312e23fe9c7"
    assert first.patient_id.matricule == ALICE
    assert first.title == "CR de consultation"
    assert first.type_code == Code("11488-4", LOINC, "CR ou fiche de consultation ou de visite")
    assert first.creation_time == datetime(2026, 1, 15, 8, 30, tzinfo=UTC)
    assert (first.size, first.version, first.language_code) == (721, "1", "fr-FR")
    assert first.availability_status is Disponibilite.APPROVED
    assert first.repository_unique_id == "1.2.250.1.213.4.1.1.1.2"
    assert first.authors[0].person.nom == "MARTIN"
    assert first.authors[0].institution.id == "499700123456001"
    assert first.source_patient_info == SourcePatientInfo(
        nom_naissance="EXEMPLE", premier_prenom="ALICE", date_naissance="19800115", sexe="F"
    )
    assert not first.visibilite.invisible_patient
    assert second.visibilite.invisible_patient
    assert second.title == "Résultat en attente d’annonce"


@pytest.mark.fixtures
def test_the_official_empty_answer_is_empty(official):
    assert read_response(sample_body(official, "td3.1-finddocuments-response-empty"), "TD3.1").entries == ()


@pytest.mark.fixtures
def test_the_official_references_are_read(official):
    found = read_response(sample_body(official, "td3.1b-response-objectref"), "TD3.1b")
    assert found.references == ("urn:uuid:bb431f18-28b7-5e93-a5f9-7312e23fe9c7",)


@pytest.mark.fixtures
@pytest.mark.parametrize("code", ["XDSStoredQueryMissingParam", "XDSTooManyResults"])
def test_the_official_failures_are_refusals(official, code):
    with pytest.raises(DmpError) as refused:
        read_response(sample_body(official, f"td3.1-response-error-{code}"), "TD3.1")
    assert refused.value.code == code
    assert not refused.value.retryable


def test_another_answer_is_refused():
    with pytest.raises(RefusedInput) as refused:
        read_response(parse(b"<autre/>"), "TD3.1")
    assert refused.value.code == "DMP_REPONSE"
