"""The claims of a professional, as userinfo gives them: identity, then exercices and their activités.

Source: prosanteconnect/proof-of-concept (ANS) userinfo samples; the names, misspelt one included, are PSC's own.
"""

from __future__ import annotations

from typing import Any, Final

from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.sandbox.population.acteurs import Poste, Situation
from opensegur.sandbox.psc.noms import FEDERATION

_ROLE_OID: Final = "1.2.250.1.213.1.1.5.5"
_SECTEUR_OID: Final = "1.2.250.1.71.4.2.4"
_COMMUNES: Final = {"LEVET": "18126", "BOURGES": "18033"}
_ACTIVITY_FIELDS: Final = (
    "codeModeExercice",
    "codeSecteurDactivite",
    "codeSectionPharmacien",
    "codeRole",
    "codeGenreActivite",
    "numeroSiretSite",
    "numeroSirenSite",
    "numeroFinessSite",
    "numeroFinessetablissementJuridique",
    "identifiantTechniqueDeLaStructure",
    "raisonSocialeSite",
    "enseigneCommercialeSite",
    "complementDestinataire",
    "complementPointGeographique",
    "numeroVoie",
    "indiceRepetitionVoie",
    "codeTypeDeVoie",
    "libelleVoie",
    "mentionDistribution",
    "bureauCedex",
    "codePostal",
    "codeCommune",
    "codePays",
    "telephone",
    "telephone2",
    "telecopie",
    "adresseEMail",
    "codeDepartement",
    "ancienIdentifiantDeLaStructure",
    "autoriteDenregistrement",
)


def subject(id_nat: str) -> str:
    """The ``sub``: a federation prefix and the national identifier."""
    return FEDERATION + id_nat


def userinfo(situation: Situation) -> dict[str, Any]:
    """Every claim of ``situation``; texts may be empty and lists too."""
    person = situation.professionnel
    first = situation.postes[0].structure if situation.postes else None
    return {
        "Secteur_Activite": f"{first.secteur}^{_SECTEUR_OID}" if first else "",
        "sub": subject(person.id_nat),
        "email_verified": False,
        "SubjectOrganization": first.nom if first else "",
        "Mode_Acces_Raison": "",
        "preferred_username": person.id_nat,
        "given_name": person.prenom,
        "Acces_Regulation_Medicale": "FAUX",
        "UITVersion": "1.0",
        "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
        "SubjectRefPro": {"codeCivilite": person.civilite, "exercices": _exercices(situation)},
        "SubjectOrganizationID": first.id_nat if first else "",
        # a person without a regulated profession (CPE) has no role
        "SubjectRole": [f"{person.profession}^{_ROLE_OID}"] if person.rpps else [],
        "PSI_Locale": "1.2.250.1.213.1.3.1.1",
        "otherIds": [{"identifiant": person.id_nat, "origine": "RPPS" if person.rpps else "", "qualite": 1}],
        "SubjectNameID": person.id_nat,
        "family_name": person.nom,
    }


def _exercices(situation: Situation) -> list[dict[str, Any]]:
    person = situation.professionnel
    if not person.rpps:
        return []
    speciality = person.savoir_faire if person.savoir_faire.startswith("SM") else ""
    return [
        {
            "codeProfession": person.profession,
            "codeCategorieProfessionnelle": "C",
            "codeCiviliteDexercice": person.titre or person.civilite,
            "nomDexercice": person.nom,
            "prenomDexercice": person.prenom,
            "codeTypeSavoirFaire": "S" if speciality else "",
            "codeSavoirFaire": speciality,
            "activities": [_activity(person, poste) for poste in situation.postes],
        }
    ]


def _activity(person: Professionnel, poste: Poste) -> dict[str, str]:
    structure = poste.structure
    known = {
        "codeModeExercice": poste.mode,
        "codeSecteurDactivite": structure.secteur,
        "codeSectionPharmacien": "" if person.savoir_faire.startswith("SM") else person.savoir_faire,
        "codeGenreActivite": poste.genre,
        "raisonSocialeSite": structure.nom,
        **_identifiers(structure.id_nat),
        **_address(structure),
    }
    return {name: known.get(name, "") for name in _ACTIVITY_FIELDS}


def _identifiers(id_nat: str) -> dict[str, str]:
    kind, number = id_nat[:1], id_nat[1:]
    if kind == "1":
        return {"numeroFinessSite": number, "identifiantTechniqueDeLaStructure": f"F{number}"}
    return {
        "numeroSiretSite": number,
        "numeroSirenSite": number[:9],
        "identifiantTechniqueDeLaStructure": f"C{number}",
    }


def _address(structure: Structure) -> dict[str, str]:
    if structure.adresse is None:
        return {}
    number, _, street = structure.adresse.lignes[0].partition(" ")
    phone = structure.telecoms[0].valeur.removeprefix("tel:") if structure.telecoms else ""
    return {
        "numeroVoie": number,
        "libelleVoie": street,
        "codePostal": structure.adresse.code_postal,
        "codeCommune": _COMMUNES.get(structure.adresse.ville, ""),
        "codeDepartement": structure.adresse.code_postal[:2],
        "telephone": phone,
    }
