"""For whom and by which means the DMP is called: what a VIHF says of the person.

Sources: matrice des droits fonctionnels (PDT-INF-526, PDT-INF-606); ANS volet Transmission (VIHF); TRE_R248.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opensegur.foundation.acteurs import OID_PROFESSION_SANTE, Code, Professionnel, Structure
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import Concept, table

SYSTEM_SAVOIR_FAIRE = {"10": "1.2.250.1.71.4.2.5", "21": "1.2.250.1.71.4.2.6"}
"""The professions that must add their know-how, with its code system: physicians (R01), pharmacists (G05)."""

_CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes:"


class Mode(StrEnum):
    """By which means: the person's card, the structure's certificate, or it after a strong local login."""

    DIRECTE = "DIRECTE"
    INDIRECTE = "INDIRECTE"
    INDIRECTE_RENFORCEE = "INDIRECTE_RENFORCEE"


class Finalite(StrEnum):
    """Why: the codes of TRE_R248."""

    NORMAL = "normal"
    BRIS_DE_GLACE = "bris_de_glace"
    CENTRE_15 = "centre_15"

    @property
    def libelle(self) -> str:
        return table("TRE_R248").label(self.value)


CONTEXTE_CARTE = f"{_CLASSES}SmartcardPKI"
CONTEXTE_MOT_DE_PASSE = f"{_CLASSES}Password"
CONTEXTE_MOBILE = f"{_CLASSES}MobileTwoFactorUnregistered"
CONTEXTE_NON_PRECISE = f"{_CLASSES}unspecified"

_CONTEXTES = {
    Mode.DIRECTE: CONTEXTE_CARTE,
    Mode.INDIRECTE: CONTEXTE_MOT_DE_PASSE,
    Mode.INDIRECTE_RENFORCEE: CONTEXTE_MOBILE,
}


@dataclass(frozen=True, slots=True)
class Acteur:
    """Who asks, and how.

    ``authenticated_at`` is when that person logged in, ``context_class`` how (by default what the mode usually
    means), ``purpose`` why, with ``motif`` typed by the person for a bris de glace.
    ``connexion_secrete`` hides the access from a minor's legal representatives. ``service`` completes the name
    (« MARTIN Claire (Urgences) »). ``structure`` replaces the client's: the activity chosen on a card.

    Raises ``InvalidValue``: DMP_AUTHENTIFICATION (no time zone), DMP_MOTIF, DMP_ROLE, DMP_SPECIALITE.
    """

    professionnel: Professionnel
    mode: Mode
    authenticated_at: datetime
    context_class: str = ""
    purpose: Finalite = Finalite.NORMAL
    motif: str = ""
    connexion_secrete: bool = False
    service: str = ""
    structure: Structure | None = None

    def __post_init__(self) -> None:
        if self.authenticated_at.utcoffset() is None:
            raise InvalidValue(
                "DMP_AUTHENTIFICATION",
                "L’heure de connexion du professionnel n’a pas de fuseau horaire.",
                conseil="Donnez une date avec son fuseau, par exemple 2026-11-25T10:30:00+01:00.",
            )
        if self.purpose is Finalite.BRIS_DE_GLACE and not self.motif.strip():
            raise InvalidValue(
                "DMP_MOTIF",
                "Le bris de glace demande un motif.",
                conseil="Écrivez pourquoi l’accès est urgent : le patient en sera informé.",
            )
        _ = self.roles

    @property
    def contexte(self) -> str:
        """The SAML class of the login."""
        return self.context_class or _CONTEXTES[self.mode]

    @property
    def roles(self) -> tuple[Code, ...]:
        """The roles that the VIHF carries: the profession, then the know-how of a physician or a pharmacist."""
        person = self.professionnel
        known = table("JDV_J65")
        profession = known.get(person.profession, person.profession_system)
        if profession is None:
            raise InvalidValue(
                "DMP_ROLE",
                "La profession de cet utilisateur n’est pas admise par le DMP.",
                conseil="Vérifiez la profession dans la fiche du professionnel (nomenclature JDV_J65).",
                detail=f"{person.profession}^{person.profession_system}"[:80],
            )
        if person.profession_system != OID_PROFESSION_SANTE or person.profession not in SYSTEM_SAVOIR_FAIRE:
            return (_code(profession),)
        system = SYSTEM_SAVOIR_FAIRE[person.profession]
        savoir_faire = known.get(person.savoir_faire, system)
        if savoir_faire is None:
            raise InvalidValue(
                "DMP_SPECIALITE",
                "Le DMP demande la spécialité des médecins et la section des pharmaciens.",
                conseil="Renseignez le savoir-faire du professionnel, par exemple SM26 ou, en officine, A.",
                detail=f"{person.savoir_faire}^{system}"[:80],
            )
        return _code(profession), _code(savoir_faire)


def _code(concept: Concept) -> Code:
    return Code(concept.code, concept.system, concept.label)
