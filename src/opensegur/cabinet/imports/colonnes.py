"""What each column of a table holds, guessed from its title and corrected by whoever imports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colonne:
    """One thing that a column may hold; ``titres``: how exports call it, in small letters, a word a title."""

    code: str
    libelle: str
    titres: str


COLONNES: tuple[Colonne, ...] = (
    Colonne(
        "externe",
        "N° dans l’ancien logiciel",
        "id idpatient identifiant numero numeropatient nopatient numdossier numerodossier nodossier "
        "dossier ipp codepatient refpatient patientid iddossier npatient ndossier",
    ),
    Colonne(
        "nom_naissance",
        "Nom de naissance",
        "nomdenaissance nomnaissance nomdefamille nompatronymique patronyme nomdejeunefille "
        "nomjeunefille njf nomdefille birthname nomnais nomfamille nomtraitstrict",
    ),
    Colonne(
        "nom_utilise",
        "Nom utilisé",
        "nomutilise nomusuel nomdusage nomusage nommarital nomepouse nomdepouse nommarie nomcourant nomdumari",
    ),
    Colonne(
        "nom",
        "Nom (sans précision)",
        "nom name lastname nompatient surname",
    ),
    Colonne(
        "premier_prenom",
        "Premier prénom de naissance",
        "premierprenom premierprenomdenaissance premierprenomnaissance prenom1 1erprenom prenom "
        "firstname prenompatient prenomnaissance prenomdenaissance",
    ),
    Colonne(
        "prenoms",
        "Tous les prénoms de naissance",
        "prenoms listeprenoms listedesprenoms listeprenomsnaissance prenomsdenaissance prenomsnaissance "
        "autresprenoms touslesprenoms listedesprenomsdenaissance",
    ),
    Colonne(
        "prenom_utilise",
        "Prénom utilisé",
        "prenomutilise prenomusuel prenomdusage prenomusage prenomcourant",
    ),
    Colonne(
        "date_naissance",
        "Date de naissance",
        "datenaissance datedenaissance naissance ddn dnaissance datenais dtnaissance nele neele "
        "birthdate dob datnaiss datnais",
    ),
    Colonne(
        "sexe",
        "Sexe",
        "sexe genre sex civilite titre gender civ",
    ),
    Colonne(
        "lieu_naissance",
        "Lieu de naissance",
        "lieunaissance lieudenaissance codelieunaissance communedenaissance communenaissance coginsee "
        "cog codecog inseenaissance codeinseenaissance villenaissance villedenaissance lieunais "
        "codeinseelieunaissance codelieudenaissance",
    ),
    Colonne(
        "matricule",
        "Matricule INS",
        "ins matriculeins matricule insnir inspatient numeroins nir insmatricule insc matriculenir",
    ),
    Colonne(
        "cle",
        "Clé du matricule",
        "cle cleins clenir clematricule",
    ),
    Colonne(
        "oid",
        "OID du matricule",
        "oid oidins insoid autorite",
    ),
    Colonne(
        "controle",
        "Identité déjà contrôlée",
        "statut statutidentite validee identitevalidee verifiee identiteverifiee controlee qualite "
        "statutins etatidentite",
    ),
)

_BY_TITLE = {titre: colonne.code for colonne in COLONNES for titre in colonne.titres.split()}
CODES = frozenset(colonne.code for colonne in COLONNES)
OBLIGATOIRES = (("nom_naissance", "nom"), ("premier_prenom", "prenoms"), ("date_naissance",))
"""One of each group at least has to be in the file."""


def propose(titles: Sequence[str]) -> dict[int, str]:
    """Column number → code, for the titles that are recognised; a thing is proposed once, for its first column.

    A « nom » beside a column of birth names is the name in use; alone, it is taken for what it says it is, and the
    screen asks which one it is: in many bases it is the name in use.
    """
    found: dict[int, str] = {}
    for place, title in enumerate(titles):
        code = _BY_TITLE.get(_plain(title), "")
        if code and code not in found.values():
            found[place] = code
    if "nom_naissance" in found.values() and "nom_utilise" not in found.values():
        found = {place: "nom_utilise" if code == "nom" else code for place, code in found.items()}
    return found


def has_titles(first: Sequence[str]) -> bool:
    """Whether the first row is one of titles: two are recognised at least, and none is a date or a number."""
    return len(propose(first)) > 1 and not any(re.search(r"[0-9]{4}", cell) for cell in first)


def missing(mapping: Mapping[int, str]) -> tuple[str, ...]:
    """The French names of what a file needs and has no column for."""
    given = set(mapping.values())
    labels = {colonne.code: colonne.libelle for colonne in COLONNES}
    return tuple(labels[group[0]] for group in OBLIGATOIRES if not given & set(group))


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFD", title.lower().replace("œ", "oe").replace("°", "o"))
    return re.sub(r"[^a-z0-9]+", "", letters)
