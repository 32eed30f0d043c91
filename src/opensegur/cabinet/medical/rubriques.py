"""The parts of a medical record, in the order in which a doctor reads them."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cabinet.medical import formulaires as f
from opensegur.foundation.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Rubrique:
    """``geste``: what the button says; ``vide``: what an empty part says; ``touche``: the key that adds one.

    ``formulaire`` is None for what is only ever taken from documents. ``finit``: it can be over without being wrong.
    """

    cle: str
    titre: str
    geste: str
    vide: str
    formulaire: type[f.FormulaireDonnee] | None
    touche: str = ""
    finit: str = ""


RUBRIQUES = (
    Rubrique("problemes", "Pathologies en cours", "Ajouter une pathologie", "Aucune pathologie notée.",
             f.FormulaireProbleme, "p", "Résolue"),
    Rubrique("traitements", "Traitements au long cours", "Ajouter un traitement", "Aucun traitement noté.",
             f.FormulaireTraitement, "t", "Arrêté"),
    Rubrique("allergies", "Allergies et intolérances", "Ajouter une allergie",
             "Rien n’est noté : demandez au patient.", f.FormulaireAllergie, "a"),
    Rubrique("antecedents", "Antécédents médicaux", "Ajouter un antécédent", "Aucun antécédent noté.",
             f.FormulaireAntecedent, "m"),
    Rubrique("actes", "Interventions et actes", "Ajouter une intervention", "Aucune intervention notée.",
             f.FormulaireActe, "i"),
    Rubrique("dispositifs", "Dispositifs portés", "Ajouter un dispositif", "Aucun dispositif noté.",
             f.FormulaireDispositif, "d", "Retiré"),
    Rubrique("vaccinations", "Vaccinations", "Vacciner", "Aucune vaccination notée.", None, "v"),
    Rubrique("habitudes", "Facteurs de risque", "Ajouter un facteur de risque", "Aucun facteur de risque noté.",
             f.FormulaireHabitude, "h"),
    Rubrique("profession", "Risques professionnels", "Ajouter un risque professionnel", "Aucun risque noté.",
             f.FormulaireProfession),
    Rubrique("famille", "Antécédents familiaux", "Ajouter un antécédent familial", "Aucun antécédent familial noté.",
             f.FormulaireFamille, "f"),
    Rubrique("vigilance", "Points de vigilance", "Ajouter un point de vigilance", "Aucun point de vigilance noté.",
             f.FormulaireVigilance, "g"),
    Rubrique("equipe", "Équipe de soins", "Ajouter un soignant", "Personne n’est noté.", f.FormulaireSoignant, "e"),
    Rubrique("resultats", "Résultats repris de documents", "", "", None),
)  # fmt: skip
_BY_KEY = {each.cle: each for each in RUBRIQUES}


def rubrique(cle: str) -> Rubrique:
    """Raises ``InvalidValue`` (RUBRIQUE_INCONNUE)."""
    found = _BY_KEY.get(cle)
    if found is None:
        raise InvalidValue("RUBRIQUE_INCONNUE", "Cette rubrique n’existe pas.", conseil="Revenez au dossier médical.")
    return found


def title_of(cle: str) -> str:
    """As it is shown; a part that this version does not know is named by its key."""
    found = _BY_KEY.get(cle)
    return found.titre if found else cle
