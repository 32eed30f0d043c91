"""The forms: for each, the type of its document (JDV_J66), who may write it, and its parts."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cabinet.comptes.roles import Role
from opensegur.foundation.errors import InvalidValue

_PHARMACIE = frozenset({Role.PHARMACIEN})
_MEDECIN = frozenset({Role.MEDECIN})
_PRESCRIPTEURS = frozenset({Role.MEDECIN, Role.SAGE_FEMME})


@dataclass(frozen=True, slots=True)
class Champ:
    """A part to fill. ``choix``: one of them; ``colonnes``: a table; ``repris``: what of the record it begins with.

    ``lignes``: the height of its field.
    """

    cle: str
    titre: str
    aide: str = ""
    lignes: int = 3
    obligatoire: bool = False
    choix: tuple[str, ...] = ()
    colonnes: tuple[str, ...] = ()
    repris: str = ""


@dataclass(frozen=True, slots=True)
class ModeleEcrit:
    cle: str
    type_code: str
    titre: str
    roles: frozenset[str]
    champs: tuple[Champ, ...]


_ENTRETIEN = ModeleEcrit(
    "entretien",
    "78601-2",
    "Compte rendu d’entretien pharmaceutique",
    _PHARMACIE,
    (
        Champ(
            "theme",
            "Thème",
            obligatoire=True,
            choix=(
                "Antivitamines K",
                "Anticoagulants oraux directs",
                "Asthme",
                "Anticancéreux oraux",
                "Femme enceinte",
                "Antalgiques opioïdes de palier II",
                "Autre",
            ),
        ),
        Champ("etape", "Étape", choix=("Entretien initial", "Entretien thématique", "Suivi de l’observance")),
        Champ("accord", "Accord du patient", "Recueilli le, sous quelle forme.", 1),
        Champ(
            "traitements",
            "Traitements du patient",
            colonnes=("Médicament", "Posologie", "Depuis", "Remarque"),
            repris="traitements",
        ),
        Champ("allergies", "Allergies et intolérances", lignes=2, repris="allergies"),
        Champ("observance", "Observance et connaissance du traitement"),
        Champ("points", "Points abordés", obligatoire=True, lignes=5),
        Champ("conclusion", "Conclusion et conseils donnés", obligatoire=True, lignes=4),
        Champ("suite", "Suite", "Prochain entretien, ce qui est transmis au médecin.", 2),
    ),
)
_BILAN = ModeleEcrit(
    "bilan-medication",
    "56445-0",
    "Bilan partagé de médication",
    _PHARMACIE,
    (
        Champ(
            "etape",
            "Étape",
            obligatoire=True,
            choix=("Recueil d’information", "Analyse et conclusions", "Entretien conseil", "Suivi de l’observance"),
        ),
        Champ("accord", "Accord du patient", "Recueilli le, sous quelle forme.", 1, obligatoire=True),
        Champ("sources", "Sources consultées", "Ordonnances, dossier pharmaceutique, DMP, biologie…", 2),
        Champ(
            "traitements",
            "Traitements pris",
            "Tous : prescrits, sans ordonnance, phytothérapie.",
            colonnes=("Médicament", "Posologie prescrite", "Prise réelle", "Depuis", "Prescripteur", "Motif"),
            repris="bilan",
        ),
        Champ("allergies", "Allergies et intolérances", lignes=2, repris="allergies"),
        Champ("biologie", "Biologie utile", "Fonction rénale, potassium, INR…", 2, repris="resultats"),
        Champ("habitudes", "Habitudes de vie", lignes=2, repris="habitudes"),
        Champ("observance", "Observance", "Score, difficultés, autonomie.", 3),
        Champ(
            "problemes",
            "Problèmes et propositions",
            colonnes=("Problème repéré", "Proposition", "Réponse du médecin"),
        ),
        Champ("plan", "Plan de posologie proposé", lignes=4),
        Champ("conclusion", "Conclusion", obligatoire=True, lignes=4),
        Champ("suite", "Suite", "Prochain rendez-vous.", 1),
    ),
)
_CONSULTATION = ModeleEcrit(
    "consultation",
    "11488-4",
    "Compte rendu de consultation",
    frozenset({Role.MEDECIN, Role.SAGE_FEMME, Role.INFIRMIER}),
    (
        Champ("motif", "Motif", obligatoire=True, lignes=1),
        Champ("antecedents", "Antécédents", repris="antecedents"),
        Champ("traitements", "Traitements en cours", repris="traitements"),
        Champ("allergies", "Allergies et intolérances", lignes=2, repris="allergies"),
        Champ("histoire", "Histoire et symptômes", lignes=5),
        Champ("examen", "Examen", lignes=5),
        Champ("conclusion", "Conclusion", obligatoire=True, lignes=4),
        Champ("conduite", "Conduite à tenir"),
    ),
)
_CERTIFICAT = ModeleEcrit(
    "certificat",
    "89601-9",
    "Certificat médical",
    _PRESCRIPTEURS,
    (
        Champ(
            "texte",
            "Certificat",
            "Ce que vous constatez vous-même, ce que dit le patient entre guillemets.",
            8,
            obligatoire=True,
        ),
        Champ("remis", "Remis", "« Fait à la demande de l’intéressé et remis en main propre. »", 1),
    ),
)
_LETTRE = ModeleEcrit(
    "adressage",
    "96349-6",
    "Lettre d’adressage",
    _PRESCRIPTEURS,
    (
        Champ("texte", "Lettre", obligatoire=True, lignes=8),
        Champ("antecedents", "Antécédents", repris="antecedents"),
        Champ("problemes", "Pathologies en cours", repris="problemes"),
        Champ("traitements", "Traitements en cours", repris="traitements"),
        Champ("allergies", "Allergies et intolérances", lignes=2, repris="allergies"),
    ),
)


_IMAGERIE = ModeleEcrit(
    "compte-rendu-imagerie",
    "18748-4",
    "Compte rendu d’imagerie médicale",
    _MEDECIN,
    (
        Champ("indication", "Indication", obligatoire=True, lignes=2),
        Champ("technique", "Technique", lignes=2),
        Champ("resultats", "Résultats", obligatoire=True, lignes=8),
        Champ("conclusion", "Conclusion", obligatoire=True),
    ),
)


def _prescription(cle: str, type_code: str, titre: str, aide: str) -> ModeleEcrit:
    return ModeleEcrit(
        cle,
        type_code,
        titre,
        _PRESCRIPTEURS,
        (
            Champ("prescription", "Prescription", aide, 7, obligatoire=True),
            Champ("renseignements", "Renseignements cliniques", lignes=3),
            Champ("urgence", "Délai", "Urgent, à jeun, à domicile, date souhaitée.", 1),
        ),
    )


MODELES = (
    _ENTRETIEN,
    _BILAN,
    _CONSULTATION,
    _CERTIFICAT,
    _LETTRE,
    _IMAGERIE,
    _prescription("biologie", "PRESC-BIO", "Prescription de biologie médicale", "Un examen par ligne."),
    _prescription("imagerie", "55115-0", "Demande d’imagerie", "L’examen, la région, la question posée."),
    _prescription("soins", "PRESC-INF", "Prescription de soins infirmiers", "Le soin, sa fréquence, sa durée."),
    _prescription("kine", "PRESC-KINE", "Prescription de masso-kinésithérapie", "La région, l’objectif."),
)
_BY_KEY = {each.cle: each for each in MODELES}


def modele_ecrit(cle: str) -> ModeleEcrit:
    """Raises ``InvalidValue`` (MODELE_INCONNU)."""
    found = _BY_KEY.get(cle)
    if found is None:
        raise InvalidValue("MODELE_INCONNU", "Ce modèle n’existe pas.", conseil="Revenez aux documents.")
    return found


def models_for(role: str) -> tuple[ModeleEcrit, ...]:
    return tuple(each for each in MODELES if role in each.roles)
