"""What this caller may do on this patient's dossier, now: the matrix, then the patient's own decisions.

Sources: GIE SESAM-Vitale PDT-INF-526 and 606 (matrix), TD0.2 (statuses of the authorisation), R.1111-46 CSP.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from opensegur.foundation.acteurs import OID_PROFESSION_SANTE
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.depot import Autorisation, Dossier, FicheEnregistree
from opensegur.sandbox.dmp.droits import (
    Condition,
    Droit,
    Profil,
    authorised_kind,
    is_health_professional,
    is_physician,
    profile,
    right,
)
from opensegur.sandbox.dmp.ebrim import Objet
from opensegur.sandbox.dmp.identification import Appelant
from opensegur.sandbox.dmp.noms import APPROVED, CLASSE, CONFIDENTIALITE, TYPE
from opensegur.sandbox.dmp.vihf import Ins, Usage, Vihf


class StatutAutorisation(StrEnum):
    """As TD0.2 tells it."""

    VALIDE = "VALIDE"
    NON_EXISTE = "NON_EXISTE"
    EXPIRE = "EXPIRE"
    INTERDIT = "INTERDIT"


@dataclass(frozen=True, slots=True)
class Acces:
    """A caller before a patient: the column of the matrix and the authorisations that concern them."""

    appelant: Appelant
    profil: Profil
    autorisation: Autorisation | None
    autorisation_structure: Autorisation | None
    statut: StatutAutorisation

    @property
    def vihf(self) -> Vihf:
        return self.appelant.vihf

    @property
    def medecin_traitant(self) -> bool:
        return self.autorisation is not None and self.autorisation.medecin_traitant

    @property
    def titulaire(self) -> tuple[str, str]:
        """On whom TD0.3 writes: the identifier and its kind."""
        kind = authorised_kind(self.profil)
        return (self.vihf.structure if kind == "STRUCTURE" else self.vihf.acteur), kind


def appraise(appelant: Appelant, ins: str, contexte: Contexte) -> Acces:
    vihf = appelant.vihf
    own = contexte.depot.autorisation(ins, vihf.acteur, "PS") if is_health_professional(vihf) else None
    of_structure = contexte.depot.autorisation(ins, vihf.structure, "STRUCTURE")
    treating = own is not None and own.medecin_traitant and own.active(contexte.moment)
    return Acces(
        appelant,
        profile(vihf, medecin_traitant=treating),
        own,
        of_structure,
        _status(own, of_structure, contexte),
    )


def _status(own: Autorisation | None, of_structure: Autorisation | None, contexte: Contexte) -> StatutAutorisation:
    known = [item for item in (own, of_structure) if item is not None]
    if any(item.interdit for item in known):
        return StatutAutorisation.INTERDIT
    if any(item.active(contexte.moment) for item in known):
        return StatutAutorisation.VALIDE
    return StatutAutorisation.EXPIRE if known else StatutAutorisation.NON_EXISTE


def require_right(td: str, acces: Acces) -> Droit:
    """The right of the matrix, or a refusal."""
    droit = right(td, acces.profil, acces.vihf.usage)
    if droit is None or (droit.condition is Condition.MEDECIN and not is_physician(acces.vihf)):
        raise refuse("droits.transaction", f"TD{td}, {acces.profil}, {acces.vihf.usage}")
    return droit


def require_patient(vihf: Vihf) -> Ins:
    if vihf.patient is None:
        raise refuse("vihf.patient", "absent")
    return vihf.patient


def require_consultation(acces: Acces, dossier: Dossier, contexte: Contexte) -> None:
    """The patient's decisions, for TD3.1 and TD3.2: the authorisation, the oppositions, the motive."""
    usage = acces.vihf.usage
    if usage is Usage.CENTRE_15:
        # the regulation does not wait for an authorisation: only an opposition stops it
        if dossier.opposition_urgence:
            raise refuse("droits.opposition_urgence")
        return
    if acces.statut is StatutAutorisation.INTERDIT:
        raise refuse("droits.interdit")
    if usage is Usage.BRIS_DE_GLACE:
        if dossier.opposition_bris:
            raise refuse("droits.opposition_bris")
        contexte.require(acces.vihf.motif, "vihf.motif")
        return
    if acces.statut is not StatutAutorisation.VALIDE:
        raise refuse("droits.autorisation", acces.statut)


def is_author(vihf: Vihf, fiche: FicheEnregistree, objet: Objet) -> bool:
    """Whether the caller fed this entry or is named among its authors."""
    if fiche.acteur == vihf.acteur:
        return True
    return any(
        value.partition("^")[0] == vihf.acteur
        for item in objet.classements
        for value in item.slots.get("authorPerson", ())
    )


def may_see(acces: Acces, dossier: Dossier, fiche: FicheEnregistree, objet: Objet) -> bool:
    """Whether this entry exists for this caller (rows "3.2 …" of the matrix, profession by document type)."""
    usage = acces.vihf.usage
    codes = {item.code for item in objet.codes(CONFIDENTIALITE)}
    author = is_author(acces.vihf, fiche, objet)
    # TD3.1 is open to the occupational physician, TD3.2 is not: the search itself shows what the search may
    search_only = acces.profil is Profil.MEDECIN_TRAVAIL
    if "MASQUE_PS" in codes and not _may_see_masked(acces, dossier, author=author, search_only=search_only):
        return False
    reserved = fiche.statut != APPROVED or codes & {"INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"}
    if reserved and not search_only and right("3.2-reserve", acces.profil, usage) is None:
        return False
    return author or _profession_may_read(acces.vihf, objet)


def _may_see_masked(acces: Acces, dossier: Dossier, *, author: bool, search_only: bool) -> bool:
    if search_only:
        return author
    droit = right("3.2-masque", acces.profil, acces.vihf.usage)
    if droit is None:
        return False
    if droit.condition is Condition.AUTEUR:
        # indirect reinforced access has no column for the treating physician: the role is the same
        return author or (acces.profil is Profil.AIR_PS and acces.medecin_traitant)
    if droit.condition is Condition.PATIENT:
        return dossier.masques_en_urgence
    return True


def _profession_may_read(vihf: Vihf, objet: Objet) -> bool:
    # students read what the profession that they learn reads; the published matrix is not public
    profession = vihf.profession
    code = profession.code if profession.system == OID_PROFESSION_SANTE else "*"
    refused = _refused().get(code)
    if refused is None:
        return False
    return not refused & {"*", objet.code(CLASSE), objet.code(TYPE)}


@cache
def _refused() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("habilitation_types.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", strict=True)
    return {row["profession"]: frozenset(row["refuses"].split()) for row in rows}
