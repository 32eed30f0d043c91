"""What the directory publishes of each professional and structure: the public profiles (as-dp).

One Practitioner for each health professional, one PractitionerRole for each place of work, one Organization for each
structure. Phones, addresses and birth dates of persons are not public; there is no mailbox here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from opensegur.foundation.acteurs import OID_PROFESSION_SANTE, Professionnel, Structure
from opensegur.sandbox.annuaire import noms
from opensegur.sandbox.population.acteurs import Poste, Situation

Ressource = dict[str, Any]
_PHARMACIEN: Final = "21"


def directory_of(situations: Sequence[Situation], date: str) -> dict[str, list[Ressource]]:
    """The resources of each type, ``date`` being that of their last writing (FHIR instant)."""
    found: dict[str, list[Ressource]] = {"Practitioner": [], "PractitionerRole": [], "Organization": []}
    known = [each for each in situations if each.professionnel.profession_system == OID_PROFESSION_SANTE]
    structures = _structures_of(known)
    found["Organization"] = [_organisation(structure, date) for structure in structures]
    for situation in known:
        practitioner = _practitioner(situation, date)
        found["Practitioner"].append(practitioner)
        for rank, poste in enumerate(situation.postes, 1):
            found["PractitionerRole"].append(_role(situation.professionnel, poste, rank, date))
    return found


def practitioner_id(person: Professionnel) -> str:
    return f"003-{person.id_nat[1:]}-{_number(person.id_nat)}"


def organisation_id(structure: Structure) -> str:
    return f"001-01-{_number(structure.id_nat)}"


def _structures_of(situations: Sequence[Situation]) -> list[Structure]:
    return list({poste.structure.id_nat: poste.structure for each in situations for poste in each.postes}.values())


def _practitioner(situation: Situation, date: str) -> Ressource:
    person = situation.professionnel
    return {
        **_head("Practitioner", practitioner_id(person), "as-dp-practitioner", date),
        "extension": [_card(person)] if "CPS" in situation.moyens else [],
        "identifier": list(_identifiers(person)),
        "active": True,
        "name": [
            {
                "use": "official",
                "family": person.nom,
                "given": [person.prenom],
                **({"prefix": [person.civilite]} if person.civilite else {}),
                **({"suffix": [person.titre]} if person.titre else {}),
            }
        ],
        "qualification": list(_qualifications(person)),
    }


def _identifiers(person: Professionnel) -> Iterator[Ressource]:
    yield _identifier("IDNPS", noms.IDNPS, person.id_nat)
    if person.rpps:
        yield _identifier("RPPS", noms.RPPS, person.rpps)


def _qualifications(person: Professionnel) -> Iterator[Ressource]:
    yield {"code": _concept((noms.PROFESSION, person.profession), (noms.CATEGORIE, "C"))}
    if person.savoir_faire.startswith("S"):
        yield {"code": _concept((noms.SPECIALITE, person.savoir_faire), (noms.TYPE_SAVOIR_FAIRE, "S"))}


def _card(person: Professionnel) -> Ressource:
    return {
        "url": noms.CARTE,
        "extension": [
            {"url": "type", "valueCodeableConcept": _concept((noms.TYPE_CARTE, "CPS"))},
            {"url": "number", "valueString": f"31{_number(person.id_nat):>08}"},
        ],
    }


def _role(person: Professionnel, poste: Poste, rank: int, date: str) -> Ressource:
    number = f"{_number(person.id_nat)}{rank}"
    codes = [_concept((noms.GENRE, poste.genre)), _concept((noms.MODE, poste.mode))]
    if person.profession == _PHARMACIEN and person.savoir_faire:
        codes.append(_concept((noms.SECTION, person.savoir_faire)))
    return {
        **_head("PractitionerRole", f"005-{number}", "as-dp-practitionerrole", date),
        "identifier": [{"system": noms.RPPS, "value": number}],
        "active": True,
        "practitioner": {"reference": f"Practitioner/{practitioner_id(person)}"},
        "organization": {"reference": f"Organization/{organisation_id(poste.structure)}"},
        "code": codes,
    }


def _organisation(structure: Structure, date: str) -> Ressource:
    kind, value = structure.id_nat[:1], structure.id_nat[1:]
    identifiers = [_identifier("IDNST", noms.IDNST, structure.id_nat)]
    if kind == "1":
        identifiers.append(_identifier("FINEG", noms.FINESS, value))
    if kind == "3":
        identifiers.append(_identifier("SIRET", noms.SIRET, value))
    address = structure.adresse
    return {
        **_head("Organization", organisation_id(structure), "as-dp-organization", date),
        "identifier": identifiers,
        "active": True,
        "type": [
            {
                "extension": [{"url": noms.TYPE_ORGANISATION, "valueCode": "secteurActiviteRASS"}],
                **_concept((noms.SECTEUR, structure.secteur)),
            }
        ],
        "name": structure.nom,
        **(
            {"address": [{"line": list(address.lignes), "postalCode": address.code_postal, "city": address.ville}]}
            if address
            else {}
        ),
    }


def _head(kind: str, number: str, profile: str, date: str) -> Ressource:
    meta = {"versionId": "1", "lastUpdated": date, "source": noms.SOURCE, "profile": [noms.PROFIL + profile]}
    return {"resourceType": kind, "id": number, "meta": meta, "language": "fr"}


def _identifier(kind: str, system: str, value: str) -> Ressource:
    coding = [{"system": noms.TYPES, "code": kind}]
    return {"use": "official", "type": {"coding": coding}, "system": system, "value": value}


def _concept(*codings: tuple[str, str]) -> Ressource:
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


def _number(identifier: str) -> int:
    """A technical number that does not change with the order of the population."""
    digits = "".join(each for each in identifier if each.isdigit())
    return int(digits[-7:] or 0)
