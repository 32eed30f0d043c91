"""What becomes of an identity received with a message or a document: a table, and nobody's habit.

By default an INS that comes from another domain is only a claim: it is verified with INSi, and the identity is
checked here. Two exceptions: it is already held here, or a contract of trust links the sender to a receiver that
never sees the patient. Sources: RNIV 1 annexe V; rules 30, 51, 52 and 55 of the guide v2 (INS.38-39, INS.42-48).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opensegur.ins.coherence import compare_traits
from opensegur.ins.matricule import Matricule
from opensegur.ins.statut import Etat, Statut
from opensegur.ins.traits import Traits


class Connu(StrEnum):
    """What is held here about the person of the message."""

    INCONNU = "inconnu"
    ACQUISE = "acquise"  # the same INS, récupérée or qualifiée, and the same traits
    SANS_INS = "sans-ins"  # the same traits, no INS yet
    CONTRADICTOIRE = "contradictoire"  # another matricule, or other traits
    BLOQUEE = "bloquee"  # douteuse, fictive, or declared without INS


class Verification(StrEnum):
    """What INSi said of the INS received."""

    A_FAIRE = "a-faire"
    CONFIRMEE = "confirmee"
    REFUSEE = "refusee"


class Decision(StrEnum):
    """What to do, in the words of the screen."""

    RATTACHER = "rattacher"
    VERIFIER = "verifier"
    HERITER = "heriter"
    COMPLETER = "completer"
    CREER_AVEC_INS = "creer-avec-ins"
    CREER_SANS_INS = "creer-sans-ins"
    ALERTER = "alerter"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]

    @property
    def asks_somebody(self) -> bool:
        """A person has something to decide: the identity goes to the list of work."""
        return self in {Decision.ALERTER, Decision.COMPLETER, Decision.CREER_AVEC_INS, Decision.CREER_SANS_INS}


_LIBELLES = {
    Decision.RATTACHER: "Identité déjà tenue ici : rien à refaire",
    Decision.VERIFIER: "À vérifier auprès de l’INSi",
    Decision.HERITER: "Qualifiée par contrat de confiance",
    Decision.COMPLETER: "INS vérifiée : à reporter dans le dossier, puis pièce d’identité à contrôler",
    Decision.CREER_AVEC_INS: "INS vérifiée, personne inconnue : dossier à créer, puis pièce d’identité à contrôler",
    Decision.CREER_SANS_INS: "Personne inconnue : dossier à créer sans matricule",
    Decision.ALERTER: "L’identité reçue contredit le dossier : à examiner",
}

_TABLE = {
    (Connu.INCONNU, Verification.A_FAIRE): Decision.VERIFIER,
    (Connu.INCONNU, Verification.CONFIRMEE): Decision.CREER_AVEC_INS,
    (Connu.INCONNU, Verification.REFUSEE): Decision.CREER_SANS_INS,
    (Connu.ACQUISE, Verification.A_FAIRE): Decision.RATTACHER,
    (Connu.ACQUISE, Verification.CONFIRMEE): Decision.RATTACHER,
    (Connu.ACQUISE, Verification.REFUSEE): Decision.ALERTER,
    (Connu.SANS_INS, Verification.A_FAIRE): Decision.VERIFIER,
    (Connu.SANS_INS, Verification.CONFIRMEE): Decision.COMPLETER,
    (Connu.SANS_INS, Verification.REFUSEE): Decision.ALERTER,
    (Connu.CONTRADICTOIRE, Verification.A_FAIRE): Decision.ALERTER,
    (Connu.CONTRADICTOIRE, Verification.CONFIRMEE): Decision.ALERTER,
    (Connu.CONTRADICTOIRE, Verification.REFUSEE): Decision.ALERTER,
    (Connu.BLOQUEE, Verification.A_FAIRE): Decision.ALERTER,
    (Connu.BLOQUEE, Verification.CONFIRMEE): Decision.ALERTER,
    (Connu.BLOQUEE, Verification.REFUSEE): Decision.ALERTER,
}

_WITHOUT_INS = {
    Connu.INCONNU: Decision.CREER_SANS_INS,
    Connu.ACQUISE: Decision.RATTACHER,
    Connu.SANS_INS: Decision.RATTACHER,
    Connu.CONTRADICTOIRE: Decision.ALERTER,
    Connu.BLOQUEE: Decision.ALERTER,
}
_INHERITS = frozenset({Connu.INCONNU, Connu.SANS_INS})


@dataclass(frozen=True, slots=True, repr=False)
class IdentiteRecue:
    """An identity as a message or a document bears it; ``qualifiee``: its sender says so."""

    traits: Traits
    matricule: Matricule | None = None
    qualifiee: bool = False

    def __repr__(self) -> str:
        return "IdentiteRecue(…)"


def situate(recue: IdentiteRecue, traits: Traits | None, etat: Etat | None) -> Connu:
    """Compare what was received with the record found here (``traits`` and ``etat``), if one was found.

    A message without matricule is compared by its traits alone.
    """
    if traits is None or etat is None:
        return Connu.INCONNU
    if etat.blocked or etat.sans_ins:
        return Connu.BLOQUEE
    if compare_traits(traits, recue.traits):
        return Connu.CONTRADICTOIRE
    if etat.matricule is None:
        return Connu.SANS_INS
    if recue.matricule is not None and recue.matricule != etat.matricule:
        return Connu.CONTRADICTOIRE
    return Connu.ACQUISE


def decide(
    recue: IdentiteRecue,
    connu: Connu,
    *,
    verification: Verification = Verification.A_FAIRE,
    contrat: bool = False,
) -> Decision:
    """What to do with ``recue``.

    ``contrat``: a contract of trust is in force with its sender, and this structure does not take care of the patient
    itself (rule 30).
    """
    if recue.matricule is None:
        return _WITHOUT_INS[connu]
    if contrat and recue.qualifiee and connu in _INHERITS:
        return Decision.HERITER
    return _TABLE[connu, verification]


def statut_announced(code_flux: str, matricule: Matricule | None) -> Statut:
    """The status that a flow means: PID-32 carries PROV or VALI, and the INS tells the rest (Guide INS §2.2.2)."""
    if code_flux.strip().upper() != "VALI":
        return Statut.PROVISOIRE
    return Statut.QUALIFIEE if matricule else Statut.VALIDEE
