"""What people are in a structure, and which professions of Pro Santé Connect each role accepts.

What each role may do is in ``droits/droits.tsv``.
"""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    MEDECIN = "medecin", "médecin"
    PHARMACIEN = "pharmacien", "pharmacien"
    SAGE_FEMME = "sage_femme", "sage-femme"
    INFIRMIER = "infirmier", "infirmier"
    BIOLOGISTE = "biologiste", "biologiste"
    PREPARATEUR = "preparateur", "préparateur"
    SECRETAIRE = "secretaire", "secrétaire"
    GESTIONNAIRE = "gestionnaire", "gestionnaire"
    SUPPORT = "support", "support technique"


SOIGNANTS = frozenset({Role.MEDECIN, Role.PHARMACIEN, Role.SAGE_FEMME, Role.INFIRMIER, Role.BIOLOGISTE})
"""Health professionals who receive patients and sign what they write."""

SANS_SECRET_MEDICAL = frozenset({Role.GESTIONNAIRE, Role.SUPPORT})
"""Not of the care team (CSP L1110-12): what is known of a patient's health is never theirs to read."""

SOUS_RESPONSABILITE = frozenset({Role.PREPARATEUR})
"""Who acts under the responsibility and the effective control of a professional (CSP L4241-1)."""

# codes of TRE_G15; a role that is not here asks for no profession (a secretary's card names none)
PROFESSIONS: dict[str, frozenset[Role]] = {
    "10": frozenset({Role.MEDECIN, Role.BIOLOGISTE}),
    "21": frozenset({Role.PHARMACIEN, Role.BIOLOGISTE}),
    "50": frozenset({Role.SAGE_FEMME}),
    "60": frozenset({Role.INFIRMIER}),
    "38": frozenset({Role.PREPARATEUR}),
}


def role_fits(role: str, profession: str) -> bool:
    """Whether somebody of ``profession`` (TRE_G15, "" when none) may work in ``role``."""
    if role in SOIGNANTS:
        return Role(role) in PROFESSIONS.get(profession, frozenset())
    return True
