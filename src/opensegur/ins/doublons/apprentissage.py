"""Weights learnt from a base itself, when it is not one of French identities: Splink's estimation, without labels."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Sequence
from typing import Final

from opensegur.ins.doublons.fiche import Fiche
from opensegur.ins.doublons.modele import Modele, Niveau, Poids
from opensegur.ins.doublons.moteur import Moteur, installed, quiet, table_of

_SEED: Final = 1
_FURTHEST: Final = 25.0


def learn(
    fiches: Iterable[Fiche], modele: Modele, moteur: Moteur, *, seances: Sequence[str], tirages: int = 5_000_000
) -> Modele:
    """``modele`` with the weights that its levels have in this base; those never seen keep theirs.

    How often strangers agree is counted on ``tirages`` pairs drawn at random; how often one person's records agree is
    estimated by expectation-maximisation, once among the pairs of each of ``seances``, expressions such as those of
    the blocks (``l.ne_le = r.ne_le``): at least two without a column in common, so that each comparison is estimated.

    Raises ``ConfigurationError`` (DOUBLONS_MOTEUR) when the libraries of the engine are not installed.
    """
    with installed("doublons"):
        import splink  # noqa: PLC0415
    table = table_of(fiches)
    with quiet(), moteur.open(table) as registered:
        linker = splink.Linker(registered, modele.settings(table.num_rows), log_level=logging.ERROR)
        linker.training.estimate_u_using_random_sampling(max_pairs=tirages, seed=_SEED)
        for seance in seances:
            linker.training.estimate_parameters_using_expectation_maximisation(seance)
        learnt = linker.misc.save_model_to_json()
    weights = {
        (comparison["output_column_name"], level["label_for_charts"]): (
            level["m_probability"],
            level["u_probability"],
        )
        for comparison in learnt["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }

    def weight_of(comparison: str, niveau: Niveau) -> Poids:
        m, u = weights[comparison, niveau.nom]
        ratio = math.log2(m / u) if m and u else niveau.poids.bits
        return Poids(max(-_FURTHEST, min(_FURTHEST, ratio)), niveau.poids.raison)

    return modele.weighted(weight_of)
