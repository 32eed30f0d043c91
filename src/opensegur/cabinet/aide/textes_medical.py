"""What people ask of the medical record, of what they write and of the tray."""

from __future__ import annotations

from opensegur.cabinet.aide.reponse import Reponse

_MEDICAL = "Dossier médical"
_ENVOIS = "Documents et envois"


def _r(sujet: str, question: str, reponse: str, *ecrans: str) -> Reponse:
    return Reponse(sujet, question, reponse, frozenset(ecrans))


MEDICAL: tuple[Reponse, ...] = (
    _r(
        _MEDICAL,
        "Comment noter vite ?",
        "Chaque rubrique a sa touche : p pour une pathologie, t un traitement, a une allergie… Trois lettres "
        "suffisent pour des propositions : flèche bas, Entrée. La saisie reste ouverte pour la suivante ; "
        "Échap la ferme.",
        "medical:dossier",
    ),
    _r(
        _MEDICAL,
        "Mon diagnostic n’est pas proposé.",
        "Écrivez-le dans vos mots : il est gardé tel quel, sans code. Les diagnostics usuels sont livrés ; la"
        " CIM-10 entière s’ajoute par « opensegur nomenclature update ».",
        "medical:dossier",
    ),
    _r(
        _MEDICAL,
        "J’ai noté une erreur.",
        "Les trois points de la ligne : modifier, ou retirer. Rien ne se perd, l’histoire garde ce qui était "
        "noté. Une maladie guérie ne se retire pas : elle passe dans les antécédents.",
        "medical:dossier",
    ),
    _r(
        _MEDICAL,
        "Qu’est-ce qui part dans le VSM ?",
        "Ce que l’aperçu montre : décochez ce qui doit rester au cabinet. Les traitements arrêtés et les "
        "vaccinations n’y vont pas. Votre VSM précédent devient obsolète ; celui d’un confrère ne change pas.",
        "medical:vsm",
    ),
    _r(
        _MEDICAL,
        "Comment vacciner au plus court ?",
        "Dossier ouvert, scannez la boîte : le vaccin, le lot et la péremption s’écrivent seuls. Entrée note "
        "la vaccination et envoie sa note au DMP. Sans douchette : photographie ou caméra.",
        "medical:vaccination",
    ),
    _r(
        _MEDICAL,
        "Le patient me montre un ancien carnet.",
        "Choisissez « faite ailleurs » : l’année suffit, le lot n’est pas demandé, et aucune note n’est "
        "écrite à votre nom.",
        "medical:vaccination",
    ),
    _r(
        _MEDICAL,
        "Puis-je reprendre ce que contient un document reçu ?",
        "Oui, ligne par ligne, s’il est structuré. Ce qui est nouveau est coché ; ce qui contredit le dossier"
        " ne l’est pas, et montre les deux versions. Rien n’est fusionné sans vous.",
        "medical:reprendre",
        "documents:lire",
    ),
    _r(
        _ENVOIS,
        "J’ai fermé la page en pleine écriture.",
        "Votre texte est gardé à mesure : rouvrez le même modèle, ou le brouillon affiché au-dessus des "
        "documents. Si la session est finie, le texte reste à l’écran le temps de vous reconnecter dans un "
        "autre onglet.",
        "ecrits",
        "documents:liste",
    ),
    _r(
        _ENVOIS,
        "Comment corriger un document déjà envoyé ?",
        "Ouvrez-le, puis Remplacer : la nouvelle version prend sa place, au DMP aussi. Annuler le marque "
        "comme nul ; au DMP, il faut encore l’y supprimer.",
        "documents:lire",
    ),
    _r(
        _ENVOIS,
        "Pourquoi ce fichier ne s’est-il pas classé seul ?",
        "Il faut un code INS lisible, d’un dossier connu, avec exactement les mêmes traits. Au moindre doute,"
        " il attend ici : une touche le classe chez une personne du jour, sinon cherchez-la par son nom.",
        "bannette",
    ),
)
