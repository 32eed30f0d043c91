"""Pro Santé Connect: the OpenID Connect relying party of a care software."""

from opensegur.psc.canal import SessionPsc
from opensegur.psc.ciba import DemandeCiba, MoyenPsc
from opensegur.psc.claims import Activite, AutreIdentifiant, Exercice, SituationExercice, Userinfo, read_userinfo
from opensegur.psc.client import Demande, PscClient
from opensegur.psc.connexion import psc_transport
from opensegur.psc.echange import Api, JetonApi, exchange, is_bound_to
from opensegur.psc.errors import PscError
from opensegur.psc.limites import DUREE_MAX, INACTIVITE_MAX, session_is_over

__all__ = [
    "DUREE_MAX",
    "INACTIVITE_MAX",
    "Activite",
    "Api",
    "AutreIdentifiant",
    "Demande",
    "DemandeCiba",
    "Exercice",
    "JetonApi",
    "MoyenPsc",
    "PscClient",
    "PscError",
    "SessionPsc",
    "SituationExercice",
    "Userinfo",
    "exchange",
    "is_bound_to",
    "psc_transport",
    "read_userinfo",
    "session_is_over",
]
