"""What people are in a structure, and which professions of Pro Santé Connect each role accepts."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    MEDECIN = "medecin", "médecin"
    PHARMACIEN = "pharmacien", "pharmacien"
    SAGE_FEMME = "sage_femme", "sage-femme"
    INFIRMIER = "infirmier", "infirmier"
    PREPARATEUR = "preparateur", "préparateur"
    SECRETAIRE = "secretaire", "secrétaire"
    GESTIONNAIRE = "gestionnaire", "gestionnaire"


SOIGNANTS = frozenset({Role.MEDECIN, Role.PHARMACIEN, Role.SAGE_FEMME, Role.INFIRMIER})
EQUIPE = SOIGNANTS | {Role.PREPARATEUR, Role.SECRETAIRE}
TOUS = frozenset(Role)
LECTEURS_MEDICAL = SOIGNANTS | {Role.PREPARATEUR}
"""Who reads what is known of a patient's health."""

# codes of TRE_G15; a role that is not here asks for no profession (a secretary's card names none)
PROFESSIONS: dict[str, frozenset[Role]] = {
    "10": frozenset({Role.MEDECIN}),
    "21": frozenset({Role.PHARMACIEN}),
    "50": frozenset({Role.SAGE_FEMME}),
    "60": frozenset({Role.INFIRMIER}),
    "38": frozenset({Role.PREPARATEUR}),
}


def role_fits(role: str, profession: str) -> bool:
    """Whether somebody of ``profession`` (TRE_G15, "" when none) may work in ``role``."""
    if role in SOIGNANTS:
        return Role(role) in PROFESSIONS.get(profession, frozenset())
    return True
