"""The metadata of a lot and of its entries, as a table: carrier, cardinality, form and value set of each.

Sources: IHE ITI TF-3 4.2.3, ANS volet Transmission (mapping CDA → XDS), NOS value sets J57 to J66.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from opensegur.nomenclature import table
from opensegur.sandbox.dmp import formes, noms
from opensegur.sandbox.dmp.catalogue import manque
from opensegur.sandbox.dmp.ebrim import Classement, Objet
from opensegur.sandbox.regles import Manquement


class Porteur(StrEnum):
    SLOT = "slot"
    CODE = "classification"
    IDENTIFIANT = "identifiant"


@dataclass(frozen=True, slots=True)
class Champ:
    """One metadata: ``maximum`` 0 means without limit; ``jeux`` are the value sets that hold its codes."""

    nom: str
    porteur: Porteur
    cle: str
    minimum: int
    maximum: int
    forme: Callable[[str], bool] | None = None
    jeux: tuple[str, ...] = ()


_S, _C, _I = Porteur.SLOT, Porteur.CODE, Porteur.IDENTIFIANT

LOT: Final[tuple[Champ, ...]] = (
    Champ("submissionTime", _S, "submissionTime", 1, 1, formes.is_second),
    Champ("author", _C, noms.LOT_AUTEUR, 1, 1),
    Champ("contentTypeCode", _C, noms.LOT_CONTENU, 1, 1, jeux=("JDV_J59",)),
    Champ("patientId", _I, noms.LOT_PATIENT, 1, 1, formes.is_ins),
    Champ("sourceId", _I, noms.LOT_SOURCE, 1, 1, formes.is_oid),
    Champ("uniqueId", _I, noms.LOT_UNIQUE, 1, 1, formes.is_oid),
)
FICHE: Final[tuple[Champ, ...]] = (
    Champ("creationTime", _S, "creationTime", 1, 1, formes.is_second),
    Champ("languageCode", _S, "languageCode", 1, 1, formes.is_language),
    Champ("legalAuthenticator", _S, "legalAuthenticator", 1, 1, formes.is_xcn),
    Champ("serviceStartTime", _S, "serviceStartTime", 1, 1, formes.is_dtm),
    Champ("serviceStopTime", _S, "serviceStopTime", 0, 1, formes.is_dtm),
    Champ("sourcePatientId", _S, "sourcePatientId", 1, 1, formes.is_source_patient),
    Champ("sourcePatientInfo", _S, "sourcePatientInfo", 0, 0, formes.is_patient_info),
    Champ("referenceIdList", _S, "urn:ihe:iti:xds:2013:referenceIdList", 0, 0, formes.is_reference_id),
    Champ("hash", _S, "hash", 0, 1, formes.is_hash),
    Champ("size", _S, "size", 0, 1, formes.is_size),
    Champ("URI", _S, "URI", 0, 1, formes.is_text),
    Champ("author", _C, noms.AUTEUR, 1, 0),
    Champ("classCode", _C, noms.CLASSE, 1, 1, jeux=("JDV_J57",)),
    Champ("typeCode", _C, noms.TYPE, 1, 1, jeux=("JDV_J66",)),
    Champ("formatCode", _C, noms.FORMAT, 1, 1, jeux=("JDV_J60",)),
    Champ("confidentialityCode", _C, noms.CONFIDENTIALITE, 1, 4, jeux=("JDV_J58",)),
    Champ("eventCodeList", _C, noms.EVENEMENT, 0, 0),
    Champ("healthcareFacilityTypeCode", _C, noms.ETABLISSEMENT, 1, 1, jeux=("JDV_J61",)),
    Champ("practiceSettingCode", _C, noms.CADRE, 1, 1, jeux=("JDV_J62",)),
    Champ("patientId", _I, noms.FICHE_PATIENT, 1, 1, formes.is_ins),
    Champ("uniqueId", _I, noms.FICHE_UNIQUE, 1, 1, formes.is_oid),
)
AUTEUR: Final[tuple[Champ, ...]] = (
    Champ("authorPerson", _S, "authorPerson", 1, 1, formes.is_xcn),
    Champ("authorInstitution", _S, "authorInstitution", 0, 1, formes.is_xon),
    Champ("authorSpecialty", _S, "authorSpecialty", 0, 1, formes.is_specialty),
    Champ("authorRole", _S, "authorRole", 0, 0, formes.is_text),
)
_ECRITS_PAR_LE_SERVEUR: Final = frozenset({"repositoryUniqueId", "homeCommunityId", "intendedRecipient"})
MIME_ADMIS: Final = frozenset({"text/xml", "application/xslt+xml", "application/dicom"})


def check_object(objet: Objet) -> Iterator[Manquement]:
    """Everything that is wrong with the metadata of one lot or one entry, in the order of the table."""
    champs, auteur = (LOT, noms.LOT_AUTEUR) if objet.nature == "RegistryPackage" else (FICHE, noms.AUTEUR)
    yield from _check_owner(objet)
    for name in objet.repetes:
        yield manque("meta.repetee", _place(objet, name))
    for champ in champs:
        yield from _check_field(objet, champ)
    for index, item in enumerate(objet.codes(auteur), start=1):
        yield from _check_author(objet, item, index)
    yield from _check_unknown(objet, champs)
    if objet.nature == "ExtrinsicObject":
        if not objet.titre.strip():
            yield manque("meta.absente", _place(objet, "title"))
        if objet.type_mime not in MIME_ADMIS:
            yield manque("meta.type_mime", _place(objet, "mimeType"))
        yield from _check_visibility(objet)


def _place(objet: Objet, name: str) -> str:
    kind = "lot" if objet.nature == "RegistryPackage" else f"fiche {objet.id[:60]}"
    return f"{kind}, {name}"


def _check_owner(objet: Objet) -> Iterator[Manquement]:
    owners = [item.objet for item in objet.classements] + [item.objet for item in objet.identifiants]
    if any(owner != objet.id for owner in owners):
        yield manque("lot.classification", _place(objet, "classifiedObject, registryObject"))


def _check_field(objet: Objet, champ: Champ) -> Iterator[Manquement]:
    values: tuple[str, ...] = ()
    if champ.porteur is Porteur.CODE:
        codes = objet.codes(champ.cle)
        count = len(codes)
        for item in codes:
            yield from _check_code(objet, champ, item)
    elif champ.porteur is Porteur.SLOT:
        values = objet.slots.get(champ.cle, ())
        count = len(values)
    else:
        values = objet.identifiants_de(champ.cle)
        count = len(values)
    if count < champ.minimum:
        yield manque("meta.absente", _place(objet, champ.nom))
    if champ.maximum and count > champ.maximum:
        yield manque("meta.repetee", _place(objet, champ.nom))
    if champ.forme is not None and not all(champ.forme(value) for value in values):
        yield manque("meta.forme", _place(objet, champ.nom))


def _check_code(objet: Objet, champ: Champ, item: Classement) -> Iterator[Manquement]:
    if champ.nom == "author":
        return
    if not item.code or not item.systeme or not item.libelle.strip():
        yield manque("meta.libelle", _place(objet, champ.nom))
    elif champ.jeux and not any(table(jeu).contains(item.code, item.systeme) for jeu in champ.jeux):
        yield manque("meta.code", f"{_place(objet, champ.nom)}, {'/'.join(champ.jeux)}")


def _check_author(objet: Objet, item: Classement, index: int) -> Iterator[Manquement]:
    for champ in AUTEUR:
        values = item.slots.get(champ.cle, ())
        place = _place(objet, f"author {index}, {champ.nom}")
        if len(values) < champ.minimum:
            yield manque("meta.absente", place)
        if champ.maximum and len(values) > champ.maximum:
            yield manque("meta.repetee", place)
        if champ.forme is not None and not all(champ.forme(value) for value in values):
            yield manque("meta.forme", place)
    for value in item.slots.get("authorSpecialty", ()):
        code, _, rest = value.partition("^")
        if not table("JDV_J01").contains(code, rest.rpartition("^")[2]):
            yield manque("meta.code", _place(objet, f"author {index}, authorSpecialty, JDV_J01"))


def _check_unknown(objet: Objet, champs: tuple[Champ, ...]) -> Iterator[Manquement]:
    known = {champ.cle for champ in champs} | _ECRITS_PAR_LE_SERVEUR
    for name in objet.slots:
        if name not in known and not name.startswith("urn:"):
            yield manque("meta.inconnue", _place(objet, name[:60]))
    for item in objet.classements:
        if item.scheme and item.scheme not in known:
            yield manque("meta.inconnue", _place(objet, "Classification"))


def _check_visibility(objet: Objet) -> Iterator[Manquement]:
    codes = [item.code for item in objet.codes(noms.CONFIDENTIALITE)]
    levels = [code for code in codes if code in {"N", "R", "V"}]
    if codes and (len(levels) != 1 or len(set(codes)) != len(codes)):
        yield manque("meta.forme", _place(objet, "confidentialityCode"))
