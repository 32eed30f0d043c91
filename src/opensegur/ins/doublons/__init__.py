"""Records that are one person's, in a whole base or beside one record: which, how surely, and why.

``find_duplicates`` compares a base on DuckDB (extra ``doublons``) or Spark (extra ``spark``); ``compare`` says the
same of two records, without either.

    >>> from opensegur.ins.doublons import Fiche, compare
    >>> verdict = compare(
    ...     Fiche("1", "DURAND", "Anne", "1951-03-07", "F", "29019"),
    ...     Fiche("2", "Durant", "Anne", "07/03/1951", "F", "29019"),
    ... )
    >>> verdict.probabilite > 0.99
    True
    >>> modele_francais().reasons(verdict.niveaux)
    ('noms de naissance à une faute près',)
"""

from opensegur.ins.doublons.apprentissage import learn
from opensegur.ins.doublons.duckdb import MoteurDuckDB
from opensegur.ins.doublons.fiche import CHAMPS, Fiche
from opensegur.ins.doublons.francais import modele_francais
from opensegur.ins.doublons.modele import Modele, Verdict
from opensegur.ins.doublons.moteur import A_VERIFIER, SEUIL, Avancee, Moteur, Trouvee, find_duplicates
from opensegur.ins.doublons.preparation import prepare
from opensegur.ins.doublons.spark import MoteurSpark

__all__ = [
    "A_VERIFIER",
    "CHAMPS",
    "SEUIL",
    "Avancee",
    "Fiche",
    "Modele",
    "Moteur",
    "MoteurDuckDB",
    "MoteurSpark",
    "Trouvee",
    "Verdict",
    "compare",
    "find_duplicates",
    "learn",
    "modele_francais",
    "prepare",
]


def compare(one: Fiche, other: Fiche, *, fiches: int = 20_000) -> Verdict:
    """What the French model says of two records, in a base of ``fiches``."""
    return modele_francais().compare(prepare(one), prepare(other), fiches)
