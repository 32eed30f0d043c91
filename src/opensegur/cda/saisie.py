"""The values of a document from plain JSON objects, with errors that name the field in French.

``PATIENT`` and ``AUTEUR`` are the whole shapes; ``EXEMPLES`` gives one valid object of each.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opensegur.cda.patient import PatientCda
from opensegur.foundation.acteurs import Adresse, Professionnel, Structure, Telecom
from opensegur.foundation.errors import InvalidValue
from opensegur.ins.matricule import parse_matricule
from opensegur.ins.traits import Traits

JsonObject = Mapping[str, Any]

_KINDS: dict[type, str] = {str: "un texte", dict: "un objet { … }", list: "une liste [ … ]"}


@dataclass(frozen=True, slots=True)
class Champ:
    """A field of an object: its JSON type, and whether it must be there."""

    kind: type = str
    required: bool = False


_REQUIRED = Champ(required=True)
_TEXT = Champ()
_OBJECT = Champ(dict)
_TEXTS = Champ(list)

ADRESSE = {"lignes": _TEXTS, "code_postal": _TEXT, "ville": _TEXT, "pays": _TEXT}
PATIENT = {
    "nom_naissance": _REQUIRED,
    "premier_prenom": _REQUIRED,
    "date_naissance": _REQUIRED,
    "sexe": _REQUIRED,
    "prenoms": _TEXT,
    "lieu_naissance": _TEXT,
    "nom_utilise": _TEXT,
    "prenom_utilise": _TEXT,
    "matricule": _TEXT,
    "matricule_oid": _TEXT,
    "ipp": _TEXT,
    "ipp_oid": _TEXT,
    "adresse": _OBJECT,
    "telecoms": _TEXTS,
}
STRUCTURE = {
    "id_nat": _REQUIRED,
    "nom": _REQUIRED,
    "secteur": _REQUIRED,
    "cadre": _TEXT,
    "adresse": _OBJECT,
    "telecoms": _TEXTS,
}
AUTEUR = {
    "id_nat": _REQUIRED,
    "nom": _REQUIRED,
    "prenom": _REQUIRED,
    "profession": _REQUIRED,
    "savoir_faire": _TEXT,
    "civilite": _TEXT,
    "titre": _TEXT,
    "structure": _OBJECT,
}

EXEMPLES: dict[str, JsonObject] = {
    "patient": {
        "nom_naissance": "DUPONT-EXEMPLE",
        "prenoms": "CAMILLE ANNE",
        "premier_prenom": "CAMILLE",
        "date_naissance": "1979-03-28",
        "sexe": "F",
        "lieu_naissance": "51215",
        "nom_utilise": "MARTIN",
        "prenom_utilise": "CAMILLE",
        "matricule": "279035121518989",
        "matricule_oid": "1.2.250.1.213.1.4.10",
        "adresse": {"lignes": ["12 rue des Exemples"], "code_postal": "75011", "ville": "PARIS"},
        "telecoms": ["tel:0102030405"],
    },
    "author": {
        "id_nat": "810000000017",
        "nom": "PERRIN",
        "prenom": "Claire",
        "profession": "10",
        "savoir_faire": "SM26",
        "civilite": "MME",
        "titre": "DR",
        "structure": {
            "id_nat": "1750000016",
            "nom": "Cabinet médical des Exemples",
            "secteur": "SA07",
            "cadre": "AMBULATOIRE",
            "adresse": {"lignes": ["1 place de la Source"], "code_postal": "75011", "ville": "PARIS"},
            "telecoms": ["tel:0102030400"],
        },
    },
}


def parse_json(data: bytes, quoi: str) -> JsonObject:
    """One JSON object; raises ``InvalidValue`` (SAISIE_JSON), ``quoi`` naming it."""
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        place = f"ligne {error.lineno}, colonne {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidValue(
            "SAISIE_JSON",
            f"{quoi} : ce n’est pas du JSON lisible.",
            conseil="Vérifiez les guillemets et les virgules ; le fichier est en UTF-8.",
            detail=place,
        ) from error
    if not isinstance(value, dict):
        raise InvalidValue("SAISIE_JSON", f"{quoi} : un objet {{ … }} est attendu.", conseil="Suivez l’exemple.")
    return value


def patient_from(values: JsonObject) -> PatientCda:
    """Raises ``InvalidValue``: SAISIE_… for the shape, and what the values themselves refuse."""
    _check(values, PATIENT, "Patient")
    matricule = values.get("matricule", "")
    if matricule and not values.get("matricule_oid"):
        raise _missing("Patient", "matricule_oid")
    return PatientCda(
        traits=Traits.typed(
            nom_naissance=values["nom_naissance"],
            premier_prenom=values["premier_prenom"],
            date_naissance=values["date_naissance"],
            sexe=values["sexe"],
            prenoms=values.get("prenoms", ""),
            lieu_naissance=values.get("lieu_naissance", ""),
            nom_utilise=values.get("nom_utilise", ""),
            prenom_utilise=values.get("prenom_utilise", ""),
        ),
        matricule=parse_matricule(matricule, values["matricule_oid"]) if matricule else None,
        ipp=values.get("ipp", ""),
        ipp_oid=values.get("ipp_oid", ""),
        adresse=_address(values, "Patient"),
        telecoms=_contacts(values, "Patient"),
    )


def professionnel_from(values: JsonObject) -> Professionnel:
    """The author without its ``structure``; raises ``InvalidValue``."""
    _check(values, AUTEUR, "Auteur")
    return Professionnel(**{name: value for name, value in values.items() if name != "structure"})


def structure_from(values: JsonObject) -> Structure:
    """Raises ``InvalidValue``."""
    _check(values, STRUCTURE, "Structure")
    return Structure(
        id_nat=values["id_nat"],
        nom=values["nom"],
        secteur=values["secteur"],
        cadre=values.get("cadre", "AMBULATOIRE"),
        adresse=_address(values, "Structure"),
        telecoms=_contacts(values, "Structure"),
    )


def _address(values: JsonObject, quoi: str) -> Adresse | None:
    written = values.get("adresse")
    if written is None:
        return None
    _check(written, ADRESSE, f"{quoi}, adresse")
    return Adresse(
        lignes=_texts(written, "lignes", f"{quoi}, adresse"),
        code_postal=written.get("code_postal", ""),
        ville=written.get("ville", ""),
        pays=written.get("pays", ""),
    )


def _contacts(values: JsonObject, quoi: str) -> tuple[Telecom, ...]:
    return tuple(Telecom(value) for value in _texts(values, "telecoms", quoi))


def _texts(values: JsonObject, name: str, quoi: str) -> tuple[str, ...]:
    items = values.get(name, [])
    if not all(isinstance(item, str) for item in items):
        raise _wrong_kind(quoi, name, "une liste de textes")
    return tuple(items)


def _check(values: JsonObject, shape: Mapping[str, Champ], quoi: str) -> None:
    for name, value in values.items():
        if name not in shape:
            raise _unknown(quoi, name, shape)
        if not isinstance(value, shape[name].kind):
            raise _wrong_kind(quoi, name, _KINDS[shape[name].kind])
    for name, field in shape.items():
        if field.required and not values.get(name):
            raise _missing(quoi, name)


def _missing(quoi: str, name: str) -> InvalidValue:
    return InvalidValue(
        "SAISIE_CHAMP_MANQUANT",
        f"{quoi} : le champ « {name} » manque.",
        conseil="« opensegur cda wrap --example » montre un exemple complet.",
    )


def _unknown(quoi: str, name: str, shape: Mapping[str, Champ]) -> InvalidValue:
    near = difflib.get_close_matches(name, shape, n=1, cutoff=0.5)
    return InvalidValue(
        "SAISIE_CHAMP_INCONNU",
        f"{quoi} : le champ « {name[:40]} » n’existe pas.",
        conseil=f"Vouliez-vous « {near[0]} » ?" if near else f"Les champs sont : {', '.join(shape)}.",
    )


def _wrong_kind(quoi: str, name: str, expected: str) -> InvalidValue:
    return InvalidValue(
        "SAISIE_TYPE",
        f"{quoi} : le champ « {name} » doit être {expected}.",
        conseil="« opensegur cda wrap --example » montre un exemple complet.",
    )
