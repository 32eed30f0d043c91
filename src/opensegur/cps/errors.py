"""What may go wrong between a workstation and a card, with what the person at the desk can do."""

from __future__ import annotations

from enum import StrEnum

from opensegur.foundation.errors import OpenSegurError


class Essais(StrEnum):
    """How many times the code may still be tried: PKCS#11 tells no number, only these steps."""

    INTACTS = "intacts"
    ENTAMES = "entames"
    DERNIER = "dernier"
    BLOQUE = "bloque"

    @property
    def libelle(self) -> str:
        return _ESSAIS[self]


_ESSAIS = {
    Essais.INTACTS: "aucun essai perdu",
    Essais.ENTAMES: "un code faux a été tapé",
    Essais.DERNIER: "dernier essai avant le blocage",
    Essais.BLOQUE: "code bloqué",
}


class CpsError(OpenSegurError):
    """The root of the cards' errors; ``code`` is one of ``_CATALOGUE``."""


class CarteRetiree(CpsError):
    """The card left its reader in the middle: put it back, open again, ask the code again."""


class CodeRefuse(CpsError):
    """The code was refused, or not even tried; ``essais`` says what is left."""

    def __init__(self, code: str, message: str, *, conseil: str, detail: str, essais: Essais) -> None:
        super().__init__(code, message, conseil=conseil, detail=detail)
        self.essais = essais


_PREVENEZ = "Recommencez. Si cela se répète, prévenez le support de votre logiciel."
_CATALOGUE: dict[str, tuple[str, str]] = {
    "CPS_BIBLIOTHEQUE": (
        "La bibliothèque python-pkcs11, qui parle aux cartes, n’est pas installée.",
        "Installez OpenSégur avec ses cartes : « pip install opensegur[cps] ».",
    ),
    "CPS_CRYPTOLIB": (
        "La Cryptolib CPS n’est pas installée sur ce poste, ou ne se charge pas.",
        "Installez la Cryptolib CPS de l’ANS, ou donnez le chemin de sa bibliothèque dans OPENSEGUR_PKCS11.",
    ),
    "CPS_LECTEUR_ABSENT": (
        "Aucun lecteur de cartes n’est branché, ou ce lecteur n’existe pas.",
        "Branchez le lecteur, puis recommencez.",
    ),
    "CPS_CARTE_ABSENTE": ("Il n’y a pas de carte dans le lecteur.", "Insérez votre carte, puce en avant."),
    "CPS_PLUSIEURS_CARTES": (
        "Plusieurs cartes sont insérées.",
        "Choisissez le lecteur, ou n’en laissez qu’une.",
    ),
    "CPS_CARTE_RETIREE": (
        "La carte a été retirée.",
        "Remettez la carte dans le lecteur, puis tapez de nouveau votre code.",
    ),
    "CPS_AUTRE_CARTE": (
        "Ce n’est plus la même carte dans le lecteur.",
        "Remettez la carte de départ, ou recommencez avec celle-ci.",
    ),
    "CPS_CARTE_INCONNUE": (
        "Cette carte n’est pas une carte de professionnel de santé, ou elle est abîmée.",
        "Insérez une carte CPS, CPF, CDE, CPE, CDA ou CPA.",
    ),
    "CPS_CERTIFICAT": (
        "Un certificat de la carte est illisible.",
        "Faites contrôler la carte ; demandez son remplacement à l’ANS si elle est abîmée.",
    ),
    "CPS_DONNEES": (
        "Une donnée de la carte est illisible.",
        "Faites contrôler la carte ; demandez son remplacement à l’ANS si elle est abîmée.",
    ),
    "CPS_PIN_DEMANDE": ("La carte demande votre code.", "Tapez votre code porteur (4 chiffres)."),
    "CPS_PIN_FORME": (
        "Ce code n’a pas été présenté à la carte : il n’est pas fait de 4 à 8 chiffres.",
        "Tapez le code porteur de la carte.",
    ),
    "CPS_PIN_FAUX": ("Le code est faux.", "Tapez de nouveau le code porteur de cette carte."),
    "CPS_PIN_DERNIER": (
        "Il ne reste qu’un essai avant que la carte se bloque.",
        "Si vous n’êtes pas sûr de votre code, arrêtez-vous et cherchez-le ; sinon, confirmez ce dernier essai.",
    ),
    "CPS_PIN_BLOQUE": (
        "La carte est bloquée : trop de codes faux.",
        "Débloquez-la avec le code de déblocage reçu avec la carte, ou appelez le service des cartes de l’ANS.",
    ),
    "CPS_CLE_ABSENTE": (
        "La carte n’a pas la clé demandée.",
        "Vérifiez que la carte est à jour ; essayez-la sur un autre poste.",
    ),
    "CPS_CLE_AMBIGUE": (
        "La carte a plusieurs clés pour le même usage.",
        "Faites contrôler la carte : OpenSégur ne choisit pas au hasard.",
    ),
    "CPS_CERTIFICAT_AMBIGU": (
        "La carte a plusieurs certificats pour le même usage.",
        "Faites contrôler la carte : OpenSégur ne choisit pas au hasard.",
    ),
    "CPS_CERTIFICAT_ABSENT": (
        "La carte n’a pas le certificat qui va avec sa clé.",
        "Vérifiez que la carte est à jour ; essayez-la sur un autre poste.",
    ),
    "CPS_CLES_INVERSEES": (
        "Les certificats d’authentification et de signature de la carte sont inversés.",
        "N’utilisez pas cette carte : le DMP refuserait tout ce qu’elle signe. Faites-la remplacer.",
    ),
    "CPS_CLE_CERTIFICAT": (
        "La clé de la carte n’est pas celle de son certificat.",
        "N’utilisez pas cette carte, et faites-la remplacer.",
    ),
    "CPS_ACTIVITE": (
        "Cette situation d’exercice de la carte ne donne pas la structure et son secteur.",
        "Choisissez-en une autre, ou faites mettre à jour la carte.",
    ),
    "CPS_PROFESSION": (
        "La carte ne dit pas la profession de son porteur dans des mots connus.",
        "Renseignez la profession dans la fiche du professionnel.",
    ),
    "CPS_MECANISME": (
        "La carte ne sait pas signer de cette façon.",
        "Utilisez SHA-256, ou une carte plus récente.",
    ),
    "CPS_DEJA_OUVERTE": (
        "Une autre partie de ce logiciel a déjà ouvert cette carte avec son code.",
        "Fermez-la d’abord, ou retirez la carte et remettez-la.",
    ),
    "CPS_LECTURE": ("La lecture de la carte a échoué.", _PREVENEZ),
}


def cps_error(code: str, detail: str = "") -> CpsError:
    """The error of ``code``; ``detail`` never holds the holder's code."""
    message, conseil = _CATALOGUE[code]
    if code == "CPS_CARTE_RETIREE":
        return CarteRetiree(code, message, conseil=conseil, detail=detail[:200], retryable=True)
    return CpsError(code, message, conseil=conseil, detail=detail[:200])


def code_refused(code: str, essais: Essais) -> CodeRefuse:
    """The refusal of a code, with what is left to try."""
    message, conseil = _CATALOGUE[code]
    if code == "CPS_PIN_FAUX" and essais is Essais.DERNIER:
        message, conseil = f"{message} {_CATALOGUE['CPS_PIN_DERNIER'][0]}", _CATALOGUE["CPS_PIN_DERNIER"][1]
    return CodeRefuse(code, message, conseil=conseil, detail=essais.libelle, essais=essais)
