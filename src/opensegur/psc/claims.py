"""Who Pro Santé Connect says the person is: userinfo read with all its real quirks.

Every field may be empty or absent, lists included; unknown members are ignored. The names and their order are those
of the national directory's extraction (RASS).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from opensegur.foundation.acteurs import OID_PROFESSION_SANTE, Adresse, Professionnel, Structure
from opensegur.nomenclature import table
from opensegur.psc.errors import psc_error

_RPPS = re.compile(r"8?(\d{11})")
_ID_NAT_RPPS = re.compile(r"8\d{11}")
_FINESS, _SIRET, _RANG, _SIREN = (
    re.compile(shape, re.ASCII) for shape in (r"[A-Za-z0-9]{9}", r"\d{14}", r"\d{14}", r"\d{9}")
)
_PHARMACIEN = "21"
_ETUDIANT = "E"
_OID_ETUDIANT = "1.2.250.1.71.1.2.8"
_TITRES = frozenset({"DR", "PR", "MC", "MG", "PC", "PG"})


@dataclass(frozen=True, slots=True)
class Activite:
    """One activity: where and how somebody practises. Every field may be ""."""

    mode: str = ""
    secteur: str = ""
    section_pharmacien: str = ""
    role: str = ""
    genre: str = ""
    siret: str = ""
    siren: str = ""
    finess: str = ""
    finess_juridique: str = ""
    identifiant_technique: str = ""
    raison_sociale: str = ""
    enseigne: str = ""
    voie: str = ""
    code_postal: str = ""
    code_commune: str = ""
    telephone: str = ""

    @property
    def libelle(self) -> str:
        return self.enseigne or self.raison_sociale

    @property
    def identifiants(self) -> tuple[str, ...]:
        """Every Struct_IdNat by which the structure may be known, the most precise first; none from a bad number."""
        rang = self.identifiant_technique.removeprefix("R") if self.identifiant_technique.startswith("R") else ""
        numbers = (
            ("1", _FINESS, self.finess),
            ("3", _SIRET, self.siret),
            ("4", _RANG, rang),
            ("1", _FINESS, self.finess_juridique),
            ("2", _SIREN, self.siren),
        )
        return tuple(dict.fromkeys(f"{prefix}{value}" for prefix, shape, value in numbers if shape.fullmatch(value)))

    def structure(self) -> Structure | None:
        """As messages name it; ``None`` when the activity names no identified structure."""
        if not self.identifiants or not self.libelle:
            return None
        lignes = (self.voie,) if self.voie else ()
        adresse = Adresse(lignes, self.code_postal) if self.code_postal else None
        return Structure(self.identifiants[0], self.libelle, self.secteur, adresse=adresse)


@dataclass(frozen=True, slots=True)
class Exercice:
    """One profession of a person. ``profession``: TRE_G15; ``categorie``: C civil, M military, E student."""

    profession: str
    categorie: str = ""
    civilite: str = ""
    nom: str = ""
    prenom: str = ""
    savoir_faire: str = ""
    activites: tuple[Activite, ...] = ()

    @property
    def profession_system(self) -> str:
        """The table of the profession's code, which is ambiguous alone: 93 is a psychologist of TRE_R95.

        PSC writes every role in the OID of its own set; messages want that of the table (JDV_J65).
        """
        professions = table("JDV_J65")
        if self.categorie == _ETUDIANT and professions.contains(self.profession, _OID_ETUDIANT):
            return _OID_ETUDIANT
        found = professions.get(self.profession)
        return found.system if found else OID_PROFESSION_SANTE


@dataclass(frozen=True, slots=True)
class SituationExercice:
    """What a person chooses when there are several: a profession, and one place or none."""

    exercice: Exercice
    activite: Activite | None = None

    @property
    def savoir_faire(self) -> str:
        """The know-how that the national services ask for: a pharmacist's is the section of the activity."""
        if self.exercice.profession == _PHARMACIEN:
            return self.activite.section_pharmacien if self.activite else ""
        return self.exercice.savoir_faire


@dataclass(frozen=True, slots=True)
class AutreIdentifiant:
    """An entry of ``otherIds``; ``origine``: RPPS, ADELI, PSI, EDIT."""

    valeur: str
    origine: str


@dataclass(frozen=True, slots=True)
class Userinfo:
    """``sujet`` is compared, never parsed; ``id_nat`` is the PS_IdNat, often ``8``+RPPS."""

    sujet: str
    id_nat: str
    nom: str = ""
    prenom: str = ""
    civilite: str = ""
    secteur: str = ""
    organisation: str = ""
    organisation_id: str = ""
    exercices: tuple[Exercice, ...] = ()
    autres_identifiants: tuple[AutreIdentifiant, ...] = ()

    @property
    def rpps(self) -> str:
        """The eleven digits, or "" for whoever has none (a secretary's card, a test identity)."""
        if _ID_NAT_RPPS.fullmatch(self.id_nat):
            return self.id_nat[1:]
        for autre in self.autres_identifiants:
            found = _RPPS.fullmatch(autre.valeur)
            if autre.origine == "RPPS" and found:
                return found.group(1)
        return ""

    @property
    def identifiants(self) -> tuple[str, ...]:
        """By what a local account may be matched, never a name: the PS_IdNat of the RPPS first."""
        known = (f"8{self.rpps}" if self.rpps else "", self.id_nat)
        return tuple(dict.fromkeys(value for value in known if value))

    def choices(self) -> tuple[SituationExercice, ...]:
        """Every profession, once per place; a profession without a place counts once."""
        return tuple(
            SituationExercice(exercice, activite)
            for exercice in self.exercices
            for activite in (exercice.activites or (None,))
        )

    def require_choices(self) -> tuple[SituationExercice, ...]:
        """``choices``, for an action that needs one. Raises ``PscError`` PSC_NO_ACTIVITY (a secretary's card)."""
        found = self.choices()
        if not found:
            raise psc_error("PSC_NO_ACTIVITY")
        return found

    def professionnel(self, situation: SituationExercice) -> Professionnel:
        """The person as messages name them, in the situation chosen. Raises ``InvalidValue``."""
        exercice = situation.exercice
        return Professionnel(
            id_nat=self.identifiants[0],
            nom=exercice.nom or self.nom,
            prenom=exercice.prenom or self.prenom,
            profession=exercice.profession,
            profession_system=exercice.profession_system,
            savoir_faire=situation.savoir_faire,
            civilite=self.civilite,
            titre=exercice.civilite if exercice.civilite in _TITRES else "",
        )


def read_userinfo(claims: Mapping[str, Any]) -> Userinfo:
    """Raises ``PscError`` PSC_USERINFO when the answer names nobody."""
    sujet, id_nat = _text(claims, "sub"), _text(claims, "SubjectNameID") or _text(claims, "preferred_username")
    if not sujet or not id_nat:
        raise psc_error("PSC_USERINFO", "sub or SubjectNameID missing")
    reference = claims.get("SubjectRefPro")
    reference = reference if isinstance(reference, Mapping) else {}
    others = claims.get("otherIds") or claims.get("otherIDs")
    return Userinfo(
        sujet=sujet,
        id_nat=id_nat,
        nom=_text(claims, "family_name"),
        prenom=_text(claims, "given_name"),
        civilite=_text(reference, "codeCivilite") or _text(claims, "codeCivilite"),
        secteur=_text(claims, "Secteur_Activite").partition("^")[0],
        organisation=_text(claims, "SubjectOrganization"),
        organisation_id=_text(claims, "SubjectOrganizationID"),
        exercices=_exercices(claims, reference.get("exercices")),
        autres_identifiants=tuple(
            AutreIdentifiant(_text(item, "identifiant"), _text(item, "origine")) for item in _items(others)
        ),
    )


def _exercices(claims: Mapping[str, Any], listed: Any) -> tuple[Exercice, ...]:
    if isinstance(listed, list):
        return tuple(_exercice(item) for item in _items(listed) if _text(item, "codeProfession"))
    # without the list, the role is all that is said; an empty list, for its part, says that there is none any more
    roles = claims.get("SubjectRole")
    first = roles[0] if isinstance(roles, list) and roles else roles
    code = first.partition("^")[0].strip() if isinstance(first, str) else ""
    return (Exercice(code),) if code else ()


def _exercice(item: Mapping[str, Any]) -> Exercice:
    return Exercice(
        profession=_text(item, "codeProfession"),
        categorie=_text(item, "codeCategorieProfessionnelle"),
        civilite=_text(item, "codeCiviliteDexercice"),
        nom=_text(item, "nomDexercice"),
        prenom=_text(item, "prenomDexercice"),
        savoir_faire=_text(item, "codeSavoirFaire"),
        activites=tuple(_activite(activity) for activity in _items(item.get("activities"))),
    )


def _activite(item: Mapping[str, Any]) -> Activite:
    voie = " ".join(
        part
        for name in ("numeroVoie", "indiceRepetitionVoie", "codeTypeDeVoie", "libelleVoie")
        if (part := _text(item, name))
    )
    return Activite(
        mode=_text(item, "codeModeExercice"),
        secteur=_text(item, "codeSecteurDactivite"),
        section_pharmacien=_text(item, "codeSectionPharmacien"),
        role=_text(item, "codeRole"),
        genre=_text(item, "codeGenreActivite"),
        siret=_text(item, "numeroSiretSite"),
        siren=_text(item, "numeroSirenSite"),
        finess=_text(item, "numeroFinessSite"),
        finess_juridique=_text(item, "numeroFinessetablissementJuridique"),
        identifiant_technique=_text(item, "identifiantTechniqueDeLaStructure"),
        raison_sociale=_text(item, "raisonSocialeSite"),
        enseigne=_text(item, "enseigneCommercialeSite"),
        voie=voie,
        code_postal=_text(item, "codePostal"),
        code_commune=_text(item, "codeCommune"),
        telephone=_text(item, "telephone"),
    )


def _items(value: Any) -> Iterable[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(mapping: Mapping[str, Any], name: str) -> str:
    value = mapping.get(name)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
