"""From the traits that INSi gave to the traits of a local identity, and whether they may be accepted.

Two published rules disagree on incomplete answers. Guide v2 (rules 11 and 12, INS.15 and INS.16) forbids to import
them; guide v3 (EXI ID 11) completes the date. The first is the default; ``Politique.COMPLETER`` opens the second.
An empty name, given name or sex is never accepted: nothing completes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.findings import Finding
from opensegur.ins.coherence import is_first_of
from opensegur.ins.dates import DateCompletee, complete_date
from opensegur.ins.preuves import Nature, Preuve
from opensegur.ins.resultat import Individu, TraitsRecus
from opensegur.ins.traits import Traits, parse_sexe


class Politique(StrEnum):
    """What becomes of an answer with an incomplete birth date."""

    REFUSER = "refuser"
    COMPLETER = "completer"


@dataclass(frozen=True, slots=True)
class Reception:
    """``traits``: what to show and to write locally, ``None`` when a trait is missing or unreadable.

    ``acceptable``: whether the answer may give the status récupérée or qualifiée; ``motifs`` says why not.
    """

    traits: Traits | None
    acceptable: bool
    motifs: tuple[Finding, ...]


def receive_traits(
    recus: TraitsRecus,
    *,
    local: Traits | None = None,
    politique: Politique = Politique.REFUSER,
    annee_estimee: int | None = None,
) -> Reception:
    """Turn the traits of an answer into those of an identity.

    The strict traits are INSi's. From ``local`` come the names in use and, while it agrees with the list, the cut of
    the first given name (EXI ID 10). ``annee_estimee`` stands for an unknown year of birth.
    """
    motifs = _missing(recus)
    if motifs:
        return Reception(None, acceptable=False, motifs=motifs)
    try:
        date = complete_date(recus.date_naissance, annee=annee_estimee)
        traits = _build(recus, date, local)
    except InvalidValue as error:
        motif = Finding(f"INSI.{error.code}", error.message, repair=error.conseil)
        return Reception(None, acceptable=False, motifs=(motif,))
    if date.estimee and politique is Politique.REFUSER:
        motif = Finding(
            "INSI.date_incomplete",
            "L’INSi a donné une date de naissance incomplète.",
            path="date_naissance",
            repair="La date est complétée dans le dossier local ; le statut de l’identité ne change pas.",
            source="Guide d’implémentation INS v2, règle 11",
        )
        return Reception(traits, acceptable=False, motifs=(motif,))
    return Reception(traits, acceptable=True, motifs=())


def recovery_evidence(individu: Individu, reception: Reception, moment: datetime, *, auteur: str = "") -> Preuve:
    """The evidence of a recovery that a person has accepted, once the traits were compared side by side.

    Raises ``InvalidValue`` (INSI_NON_ACCEPTABLE) when the answer may not raise the status.
    """
    if not reception.acceptable:
        raise InvalidValue(
            "INSI_NON_ACCEPTABLE",
            "La réponse de l’INSi est incomplète : elle ne change pas le statut de l’identité.",
            conseil=" ".join(motif.repair for motif in reception.motifs),
            detail=", ".join(motif.rule for motif in reception.motifs),
        )
    return Preuve(Nature.RECUPERATION_INSI, moment, matricule=individu.matricule, auteur=auteur)


def _missing(recus: TraitsRecus) -> tuple[Finding, ...]:
    values = (
        ("nom_naissance", "de nom de naissance", recus.nom_naissance),
        ("liste_prenoms", "de prénom", recus.liste_prenoms),
        ("sexe", "de sexe", recus.sexe),
        ("date_naissance", "de date de naissance", recus.date_naissance),
    )
    return tuple(
        Finding(
            "INSI.trait_vide",
            f"L’INSi n’a pas donné {libelle}.",
            path=champ,
            repair="L’identité reste à son statut : contrôlez une pièce d’identité.",
            source="Guide d’implémentation INS v2, règle 12",
        )
        for champ, libelle, value in values
        if not value
    )


def _build(recus: TraitsRecus, date: DateCompletee, local: Traits | None) -> Traits:
    keeps_cut = local is not None and is_first_of(local.premier_prenom, recus.liste_prenoms)
    return Traits(
        nom_naissance=recus.nom_naissance,
        prenoms=recus.liste_prenoms,
        premier_prenom=local.premier_prenom if local and keeps_cut else recus.liste_prenoms.split()[0],
        date_naissance=date.valeur,
        sexe=parse_sexe(recus.sexe),
        lieu_naissance=recus.lieu_naissance,
        nom_utilise=local.nom_utilise if local else "",
        prenom_utilise=local.prenom_utilise if local else "",
        date_estimee=date.estimee,
    )
