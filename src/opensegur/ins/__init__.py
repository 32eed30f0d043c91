"""The national health identity: matricule, traits, status rules and the INSi teleservice."""

from opensegur.ins.coherence import Ecart, check_identity, compare_traits, is_first_of
from opensegur.ins.lexique import Champ, normalize_name
from opensegur.ins.matricule import Matricule, compute_key, parse_matricule
from opensegur.ins.oids import ACCEPTED, OID_NIA, OID_NIR, OID_NIR_DEMO, OID_NIR_TEST, PRODUCTION
from opensegur.ins.pieces import PIECES, Piece, piece, validating_pieces
from opensegur.ins.preuves import Attribut, Nature, Preuve
from opensegur.ins.statut import (
    Etat,
    Statut,
    apply,
    check_insi_call,
    compute_etat,
    compute_statut,
    matricule_may_leave,
)
from opensegur.ins.traits import STRICT_TRAITS, Sexe, Traits

__all__ = [
    "ACCEPTED",
    "OID_NIA",
    "OID_NIR",
    "OID_NIR_DEMO",
    "OID_NIR_TEST",
    "PIECES",
    "PRODUCTION",
    "STRICT_TRAITS",
    "Attribut",
    "Champ",
    "Ecart",
    "Etat",
    "Matricule",
    "Nature",
    "Piece",
    "Preuve",
    "Sexe",
    "Statut",
    "Traits",
    "apply",
    "check_identity",
    "check_insi_call",
    "compare_traits",
    "compute_etat",
    "compute_key",
    "compute_statut",
    "is_first_of",
    "matricule_may_leave",
    "normalize_name",
    "parse_matricule",
    "piece",
    "validating_pieces",
]
