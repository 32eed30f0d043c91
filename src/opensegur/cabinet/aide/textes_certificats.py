"""What is asked about the certificates of a structure."""

from __future__ import annotations

from opensegur.cabinet.aide.reponse import Reponse

_SUJET = "Certificats de la structure"
_ECRANS = frozenset({"certificats", "diagnostic"})


def _r(question: str, reponse: str) -> Reponse:
    return Reponse(_SUJET, question, reponse, _ECRANS)


CERTIFICATS: tuple[Reponse, ...] = (
    _r(
        "À quoi servent les certificats de la structure\u00a0?",
        "À prouver aux services nationaux qui appelle. L’un authentifie (ORG AUTH_CLI), l’autre signe (ORG SIGN) : "
        "ils ne s’échangent jamais. L’INSi a le sien, nommé INSI-AUTO ou INSI-MANU. Sans eux, rien ne part.",
    ),
    _r(
        "Quel fichier donner, et où le trouver\u00a0?",
        "Le .p12 (ou .pfx) retiré sur le site de l’IGC-Santé avec son mot de passe, ou le certificat et la clé en "
        "PEM. Gardez l’original et le mot de passe hors de ce logiciel : la clé n’en ressort pas.",
    ),
    _r(
        "Mon certificat est refusé parce qu’il est d’une autre structure.",
        "Le numéro de structure écrit dedans (OU) doit être celui d’ici, montré en haut de la page. Un certificat "
        "de l’entité juridique ou d’un autre site ne convient pas : demandez-en un pour cette structure.",
    ),
    _r(
        "Quand faut-il remplacer un certificat\u00a0?",
        "L’administrateur est prévenu 60, 30 puis 7 jours avant. Commandez le nouveau dès le premier rappel. "
        "« Remplacer » le met en service aussitôt ; l’ancien peut être remis tant que sa clé n’est pas effacée.",
    ),
    _r(
        "La révocation n’a pas pu être vérifiée. Est-ce grave\u00a0?",
        "Non : l’autorité n’a pas répondu, et le certificat sert toujours. On lui redemande dans l’heure, puis "
        "chaque jour. Si cela dure, le réseau bloque sans doute igc-sante.esante.gouv.fr.",
    ),
    _r(
        "Un certificat est révoqué, ou un ordinateur qui le portait est volé.",
        "Faites-le révoquer par l’IGC-Santé s’il ne l’est pas, commandez-en un autre, ajoutez-le ici, puis effacez "
        "la clé de l’ancien dans « Avant ».",
    ),
)
