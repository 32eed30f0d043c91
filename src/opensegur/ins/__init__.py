"""The national health identity: matricule, traits, status rules and the INSi teleservice."""

from opensegur.ins.certificat import check_certificate
from opensegur.ins.coherence import Ecart, check_identity, compare_traits, is_first_of
from opensegur.ins.dates import DateCompletee, Precision, complete_date, format_date, parse_typed_date
from opensegur.ins.errors import InsiError, InsiFault, Severite
from opensegur.ins.insi import InsiClient, ReponseInsi, insi_transport
from opensegur.ins.lexique import Champ, normalize_name
from opensegur.ins.matricule import Matricule, compute_key, parse_matricule
from opensegur.ins.motifs import MOTIFS, Motif, Portee, motif, motifs_of
from opensegur.ins.oids import ACCEPTED, OID_NIA, OID_NIR, OID_NIR_DEMO, OID_NIR_TEST, PRODUCTION
from opensegur.ins.pieces import PIECES, PIECES_PARENT, Piece, piece, validating_pieces
from opensegur.ins.preuves import Attribut, Canal, Nature, Preuve
from opensegur.ins.reception import Politique, Reception, receive_traits, recovery_evidence
from opensegur.ins.recherche import Essai, next_call, search_identity
from opensegur.ins.requete import RequeteTraits
from opensegur.ins.resultat import CodeRetour, Individu, InsAncien, TraitsRecus
from opensegur.ins.statut import (
    Etat,
    Statut,
    Suivi,
    apply_preuve,
    check_insi_call,
    compute_etat,
    compute_statut,
    matricule_may_leave,
)
from opensegur.ins.traits import STRICT_TRAITS, Sexe, Traits

__all__ = [
    "ACCEPTED",
    "MOTIFS",
    "OID_NIA",
    "OID_NIR",
    "OID_NIR_DEMO",
    "OID_NIR_TEST",
    "PIECES",
    "PIECES_PARENT",
    "PRODUCTION",
    "STRICT_TRAITS",
    "Attribut",
    "Canal",
    "Champ",
    "CodeRetour",
    "DateCompletee",
    "Ecart",
    "Essai",
    "Etat",
    "Individu",
    "InsAncien",
    "InsiClient",
    "InsiError",
    "InsiFault",
    "Matricule",
    "Motif",
    "Nature",
    "Piece",
    "Politique",
    "Portee",
    "Precision",
    "Preuve",
    "Reception",
    "ReponseInsi",
    "RequeteTraits",
    "Severite",
    "Sexe",
    "Statut",
    "Suivi",
    "Traits",
    "TraitsRecus",
    "apply_preuve",
    "check_certificate",
    "check_identity",
    "check_insi_call",
    "compare_traits",
    "complete_date",
    "compute_etat",
    "compute_key",
    "compute_statut",
    "format_date",
    "insi_transport",
    "is_first_of",
    "matricule_may_leave",
    "motif",
    "motifs_of",
    "next_call",
    "normalize_name",
    "parse_matricule",
    "parse_typed_date",
    "piece",
    "receive_traits",
    "recovery_evidence",
    "search_identity",
    "validating_pieces",
]
