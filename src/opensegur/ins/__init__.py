"""The national health identity: matricule, traits, status rules, the INSi teleservice, cartes and appli Vitale.

What loads more than these needs has a door of its own: ``opensegur.ins.colonne`` (columns of matricules, numpy),
``opensegur.ins.datamatrix`` (the code INS), ``opensegur.ins.testing`` (for the tests of your software).
"""

from opensegur.ins.apcv import ApcvClient, ApcvRefus, Beneficiaire, ContexteApcv, apcv_transport
from opensegur.ins.authentification import (
    AssertionPs,
    AuthentificationRefusee,
    Facturation,
    TransportPsc,
    psc_assertion,
    sign_ps,
)
from opensegur.ins.certificat import check_certificate
from opensegur.ins.coherence import Ecart, check_identity, compare_traits, is_first_of
from opensegur.ins.dates import DateCompletee, Precision, complete_date, format_date, parse_typed_date
from opensegur.ins.errors import InsiError, InsiFault, Severite
from opensegur.ins.identite import Identite, Identity
from opensegur.ins.insi import InsiClient, ReponseInsi, insi_transport
from opensegur.ins.lexique import Champ, normalize_name
from opensegur.ins.matricule import Matricule, compute_key, parse_matricule
from opensegur.ins.motifs import MOTIFS, Motif, Portee, motif, motifs_of
from opensegur.ins.oids import ACCEPTED, OID_NIA, OID_NIR, OID_NIR_DEMO, OID_NIR_TEST, PRODUCTION
from opensegur.ins.pieces import PIECES, PIECES_PARENT, Piece, piece, validating_pieces
from opensegur.ins.preuves import Attribut, Canal, Nature, Preuve
from opensegur.ins.reception import Politique, Reception, receive_traits, recovery_evidence
from opensegur.ins.recherche import (
    ETAPES,
    Essai,
    Etape,
    RechercheParCarte,
    next_call,
    search_card_first,
    search_identity,
    what_to_complete,
)
from opensegur.ins.requete import RequeteTraits
from opensegur.ins.requete_vitale import RequeteVitale
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
from opensegur.ins.verification import (
    EtatLot,
    LigneAVerifier,
    ReponseVerification,
    ResultatLot,
    Verificateur,
    VerificationClient,
)
from opensegur.ins.vitale import (
    BeneficiaireCarte,
    CarteRefusee,
    CarteVitale,
    NatureCarte,
    NumeroFacturation,
    read_card,
)
from opensegur.ins.vitale_assertion import AssertionVitale, sign_reading
from opensegur.ins.vitale_lecteur import LecteurVirtuel, LecteurVitale

__all__ = [
    "ACCEPTED",
    "ETAPES",
    "MOTIFS",
    "OID_NIA",
    "OID_NIR",
    "OID_NIR_DEMO",
    "OID_NIR_TEST",
    "PIECES",
    "PIECES_PARENT",
    "PRODUCTION",
    "STRICT_TRAITS",
    "ApcvClient",
    "ApcvRefus",
    "AssertionPs",
    "AssertionVitale",
    "Attribut",
    "AuthentificationRefusee",
    "Beneficiaire",
    "BeneficiaireCarte",
    "Canal",
    "CarteRefusee",
    "CarteVitale",
    "Champ",
    "CodeRetour",
    "ContexteApcv",
    "DateCompletee",
    "Ecart",
    "Essai",
    "Etape",
    "Etat",
    "EtatLot",
    "Facturation",
    "Identite",
    "Identity",
    "Individu",
    "InsAncien",
    "InsiClient",
    "InsiError",
    "InsiFault",
    "LecteurVirtuel",
    "LecteurVitale",
    "LigneAVerifier",
    "Matricule",
    "Motif",
    "Nature",
    "NatureCarte",
    "NumeroFacturation",
    "Piece",
    "Politique",
    "Portee",
    "Precision",
    "Preuve",
    "Reception",
    "RechercheParCarte",
    "ReponseInsi",
    "ReponseVerification",
    "RequeteTraits",
    "RequeteVitale",
    "ResultatLot",
    "Severite",
    "Sexe",
    "Statut",
    "Suivi",
    "Traits",
    "TraitsRecus",
    "TransportPsc",
    "Verificateur",
    "VerificationClient",
    "apcv_transport",
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
    "psc_assertion",
    "read_card",
    "receive_traits",
    "recovery_evidence",
    "search_card_first",
    "search_identity",
    "sign_ps",
    "sign_reading",
    "validating_pieces",
    "what_to_complete",
]
