"""The model of French identities: which agreements and disagreements count, and which pairs are worth comparing.

The traps of the field are levels of their own, so that each has its weight and its reason: a married name given as
the birth name, names exchanged, day and month exchanged, twins, father and son, names cut or glued, completed dates.
The weights are in ``poids.tsv``.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import Final

from opensegur.ins.doublons.conditions import (
    ELSE,
    absent,
    croise,
    ecart,
    egal,
    et,
    non,
    ou,
    proche,
    semblable,
    un_chiffre,
    un_vaut,
    vaut,
)
from opensegur.ins.doublons.modele import Comparaison, Modele, Niveau, Poids

TAUX: Final = 0.1
"""One record in ten has a duplicate: what quality reviews of unattended bases find (5 to 20 %)."""

_GENERATION: Final = (14, 90)

_INVERSE = ou(
    et(egal("nom", "prenom"), egal("prenom", "nom")),
    et(egal("nom_son", "prenom_son"), egal("prenom_son", "nom_son")),
    et(egal("nom", "prenom"), semblable("prenom", "nom")),
    et(egal("prenom", "nom"), semblable("nom", "prenom")),
    # exchanged here, and a married name there
    et(croise("nom", "prenom"), ou(croise("nom", "usage"), croise("prenom", "usage"))),
)
_UNE_PARTIE = ou(*(croise(f"nom_{one}", f"nom_{two}") for one, two in ((1, 1), (1, 2), (2, 2))))
_PARTIE_USAGE = ou(*(croise(f"nom_{one}", f"usage_{two}") for one in (1, 2) for two in (1, 2)))
_MEME_NOM = ou(egal("nom"), croise("nom", "usage"), egal("usage"), semblable("nom"), _UNE_PARTIE, _PARTIE_USAGE)
_DATE_INVERSEE = et(egal("annee"), egal("jour", "mois"), egal("mois", "jour"))
_JUMEAUX = et(ou(egal("ne_le"), _DATE_INVERSEE), _MEME_NOM)

NOMS = Comparaison(
    "noms",
    absent("nom"),
    (
        Niveau("egal_tres_courant", et(egal("nom"), vaut("bande_nom", 2))),
        Niveau("egal_courant", et(egal("nom"), vaut("bande_nom", 1))),
        Niveau("egal", egal("nom")),
        Niveau("inverse", _INVERSE),
        Niveau("croise", croise("nom", "usage")),
        Niveau("usage", egal("usage")),
        Niveau("proche", semblable("nom")),
        Niveau("croise_proche", ou(semblable("nom", "usage"), semblable("usage", "nom"))),
        Niveau("partie", ou(_UNE_PARTIE, _PARTIE_USAGE)),
        Niveau("differe_femme", vaut("sexe", "F")),
        Niveau("differe", ELSE),
    ),
)
PRENOM = Comparaison(
    "prenom",
    ou(absent("prenom"), et(_INVERSE, non(egal("nom")))),
    (
        Niveau("egal_tres_courant", et(egal("prenom"), vaut("bande_prenom", 2))),
        Niveau("egal_courant", et(egal("prenom"), vaut("bande_prenom", 1))),
        Niveau("egal", egal("prenom")),
        Niveau("debut", croise("prenom_tete", "prenom")),
        Niveau("faute", et(semblable("prenom"), non(vaut("prenom_connu", 1)))),
        Niveau("liste", ou(croise("prenom", "prenom_2"), croise("prenom", "prenom_3"))),
        Niveau("voisin_jumeaux", et(semblable("prenom"), _JUMEAUX)),
        Niveau("voisin", semblable("prenom")),
        Niveau("jumeaux", _JUMEAUX),
        Niveau("differe", ELSE),
    ),
)
AUTRES = Comparaison(
    "autres_prenoms",
    absent("prenom_2"),
    (
        Niveau("egaux", et(egal("prenom_2"), egal("prenom_3"))),
        Niveau("egal", egal("prenom_2")),
        Niveau("proche", ou(egal("prenom_2_son"), croise("prenom_2", "prenom_3"), croise("prenom_2", "prenom"))),
        Niveau("differe", ELSE),
    ),
)
DATE = Comparaison(
    "date",
    absent("annee"),
    (
        Niveau("egale", et(egal("ne_le"), vaut("date_floue", 0))),
        Niveau("egale_floue", egal("ne_le")),
        Niveau("inversee", _DATE_INVERSEE),
        Niveau("un_chiffre", et(un_chiffre("ne_le"), non(un_vaut("date_floue", 1)))),
        Niveau("completee", et(egal("annee"), un_vaut("date_floue", 1))),
        Niveau("deux_parts", ou(et(egal("jour"), egal("mois")), et(egal("annee"), ou(egal("jour"), egal("mois"))))),
        Niveau("generation", ecart("annee", *_GENERATION)),
        Niveau("differe", ELSE),
    ),
)
LIEU = Comparaison(
    "lieu",
    absent("lieu"),
    (
        Niveau("egal_grande_ville", et(egal("lieu"), vaut("grande_ville", 1))),
        Niveau("egal", egal("lieu")),
        Niveau("voisin", egal("zone")),
        Niveau("differe", ELSE),
    ),
)
SEXE = Comparaison("sexe", absent("sexe"), (Niveau("egal", egal("sexe")), Niveau("differe", ELSE)))
MATRICULE = Comparaison(
    "matricule",
    absent("matricule"),
    (Niveau("egal", egal("matricule")), Niveau("differe", ELSE)),
)
ADRESSE = Comparaison(
    "adresse",
    absent("adresse"),
    (
        Niveau("egale", et(egal("adresse"), ou(egal("code_postal"), egal("commune")))),
        Niveau("proche", ou(egal("adresse"), proche("adresse"))),
        Niveau("differe", ELSE),
    ),
)
COMMUNE = Comparaison(
    "commune",
    absent("code_postal"),
    (Niveau("egale", egal("code_postal")), Niveau("proche", proche("commune")), Niveau("differe", ELSE)),
)
TELEPHONE = Comparaison(
    "telephone", absent("telephone"), (Niveau("egal", egal("telephone")), Niveau("differe", ELSE))
)

BLOCS: Final = (
    "l.ne_le = r.ne_le AND l.prenom_son = r.prenom_son",
    "l.ne_le = r.ne_le AND l.nom_son = r.nom_son",
    "l.cle_noms = r.cle_noms AND l.annee = r.annee",
    "l.cle_noms = r.cle_noms AND l.jour = r.jour AND l.mois = r.mois",
    "l.ne_le = r.ne_le AND l.lieu = r.lieu AND l.sexe = r.sexe",
    "l.annee = r.annee AND l.lieu = r.lieu AND l.prenom_son = r.prenom_son",
    "l.annee = r.annee AND l.lieu = r.lieu AND l.nom_son = r.nom_son",
    "l.ne_le = r.ne_le AND l.nom_son = r.usage_son",
    "l.ne_le = r.ne_le AND l.usage_son = r.nom_son",
    "l.matricule = r.matricule",
    "l.telephone = r.telephone AND l.prenom_son = r.prenom_son",
    "l.adresse = r.adresse AND l.code_postal = r.code_postal AND l.prenom_tete = r.prenom_tete",
    "l.adresse = r.adresse AND l.code_postal = r.code_postal AND l.ne_le = r.ne_le",
)
"""A slip in one trait, or in two that do not stand in one block, leaves a block that still gathers the pair."""


@cache
def modele_francais() -> Modele:
    """The model with its weights."""
    comparisons = (NOMS, PRENOM, AUTRES, DATE, LIEU, SEXE, MATRICULE, ADRESSE, COMMUNE, TELEPHONE)
    table = _read_weights()
    return Modele(comparisons, BLOCS, TAUX).weighted(lambda comparison, niveau: table[comparison, niveau.nom])


def _read_weights() -> dict[tuple[str, str], Poids]:
    text = (resources.files(__package__ or "") / "poids.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    return {(row["comparaison"], row["niveau"]): Poids(float(row["poids"]), row["raison"]) for row in rows}
