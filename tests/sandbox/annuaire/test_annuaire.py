"""The directory's view of the sandbox's people, read by fhir.resources, which nobody here wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.practitioner import Practitioner

from opensegur.sandbox.annuaire.fiches import practitioner_id
from opensegur.sandbox.annuaire.traitement import BASE, CATALOGUE
from opensegur.sandbox.population.acteurs import CABINET, MEDECIN, PHARMACIENNE, SECRETAIRE

CLE = {"ESANTE-API-KEY": "essai"}


@pytest.fixture
def ask(tls_client):
    client = tls_client(None)

    def get(path: str, key: dict[str, str] = CLE) -> Any:
        return client.get(f"{BASE}/{path}", headers=key)

    return get


def names(bundle: dict[str, Any]) -> list[str]:
    return [each["resource"]["name"][0]["family"] for each in bundle.get("entry", ())]


def test_a_professional_is_found_by_either_number_and_read_again(ask) -> None:
    for identifier in (MEDECIN.id_nat, MEDECIN.rpps, f"https://rpps.esante.gouv.fr|{MEDECIN.rpps}"):
        answer = ask(f"Practitioner?identifier={identifier}")
        assert Bundle.model_validate_json(answer.text).total == 1
        assert names(answer.json()) == ["MARCHAND"]
    read = ask(f"Practitioner/{practitioner_id(MEDECIN)}")
    assert Practitioner.model_validate_json(read.text).active is True
    codes = [code["code"] for held in read.json()["qualification"] for code in held["code"]["coding"]]
    assert codes == ["10", "C", "SM26", "S"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("family=march", ["MARCHAND"]),
        ("given=Nadia", ["BENSAID"]),
        ("name=goff", ["LE GOFF"]),
        ("qualification-code=21", ["BENSAID"]),
        (
            "qualification-code=https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale|10",
            [],
        ),
        ("family=march,bensa", ["MARCHAND", "BENSAID"]),
        ("family=march&given=nadia", []),
        ("active=false", []),
    ],
    ids=["beginning", "given", "word", "profession", "wrong system", "either", "both", "inactive"],
)
def test_searches_combine_as_fhir_says(ask, query: str, found: list[str]) -> None:
    assert names(ask(f"Practitioner?{query}").json()) == found


def test_whoever_has_no_health_profession_is_not_in_the_public_directory(ask) -> None:
    assert "entry" not in ask(f"Practitioner?identifier={SECRETAIRE.id_nat}").json()


def test_a_search_of_roles_brings_who_and_where(ask) -> None:
    bundle = ask(
        f"PractitionerRole?practitioner={practitioner_id(MEDECIN)}&_include=*".replace("=*", "=PractitionerRole:*")
    )
    Bundle.model_validate_json(bundle.text)
    kinds = [(each["resource"]["resourceType"], each["search"]["mode"]) for each in bundle.json()["entry"]]
    assert kinds.count(("PractitionerRole", "match")) == 2
    assert kinds.count(("Organization", "include")) == 2
    assert kinds.count(("Practitioner", "include")) == 1


def test_a_structure_is_found_by_name_town_and_sector(ask) -> None:
    for query in (f"identifier={CABINET.id_nat}", "name=tilleuls", "address-city=levet&type=SA07"):
        found = ask(f"Organization?{query}").json()
        assert [each["resource"]["name"] for each in found["entry"]] == [CABINET.nom], query


def test_pages_are_followed_to_the_end(ask, contexte) -> None:
    seen, address = [], "Practitioner?_count=2"
    while address:
        bundle = ask(address).json()
        assert len(bundle["entry"]) <= 2
        seen += names(bundle)
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        address = following[0].partition(f"{BASE}/")[2] if following else ""
    assert len(seen) == bundle["total"] == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        ("Practitioner?_summary=count", 400, "parametre"),
        ("Practitioner?birthdate=1970", 400, "parametre"),
        ("Patient", 404, "ressource"),
        ("Practitioner/003-1-1", 404, "absent"),
        ("_page?id=inventee", 410, "page"),
        ("_page?id=W10", 410, "page"),
    ],
    ids=["summary", "unknown", "patient", "absent", "page", "empty page"],
)
def test_what_the_directory_refuses_is_an_operation_outcome(ask, path: str, status: int, rule: str) -> None:
    answer = ask(path)
    assert answer.status_code == status
    outcome = OperationOutcome.model_validate_json(answer.text)
    assert outcome.issue[0].code == CATALOGUE[rule].code


def test_the_official_refusal_of_summary_is_ours(ask) -> None:
    assert ask("Practitioner?_summary=count").json()["issue"][0]["diagnostics"] == "Parameter _summary not found"


def test_without_a_key_nothing_is_said(ask) -> None:
    assert ask("Practitioner", {}).status_code == 401


def test_a_long_search_is_posted_and_nothing_is_written(tls_client) -> None:
    client = tls_client(None)
    body = f"identifier={PHARMACIENNE.id_nat}"
    form = CLE | {"Content-Type": "application/x-www-form-urlencoded"}
    assert names(client.post(f"{BASE}/Practitioner/_search", content=body, headers=form).json()) == ["BENSAID"]
    assert client.post(f"{BASE}/Practitioner", content=json.dumps({}), headers=CLE).status_code == 405
