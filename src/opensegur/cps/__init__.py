"""The cards of health professionals (CPS, CPF, CDE, CPE, CDA, CPA): read, opened by their code, made to sign.

``open_card(open_module())`` gives a ``SessionCarte``; ``CardSigner(session)`` is a ``Signer`` like any other.
"""

from pathlib import Path

from opensegur.cps.carte import Carte, Porteur, SituationExercice, TypeCarte
from opensegur.cps.errors import CarteRetiree, CodeRefuse, CpsError, Essais
from opensegur.cps.module import ModulePkcs11, find_library
from opensegur.cps.puce import Lecteur, Module
from opensegur.cps.session import Paire, SessionCarte, open_card
from opensegur.cps.signataire import CardSigner, answer_challenge, check_challenge, new_challenge

__all__ = [
    "CardSigner",
    "Carte",
    "CarteRetiree",
    "CodeRefuse",
    "CpsError",
    "Essais",
    "Lecteur",
    "Module",
    "Paire",
    "Porteur",
    "SessionCarte",
    "SituationExercice",
    "TypeCarte",
    "answer_challenge",
    "check_challenge",
    "find_library",
    "new_challenge",
    "open_card",
    "open_module",
]


def open_module(configured: Path | None = None) -> Module:
    """The readers of this workstation (``find_library`` says where the library is looked for).

    Raises ``CpsError`` CPS_BIBLIOTHEQUE, CPS_CRYPTOLIB.
    """
    return ModulePkcs11(find_library(configured))
