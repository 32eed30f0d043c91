"""The Dossier Médical Partagé: existence, authorisation, feeding, search and reading (TD0.2 to TD3.2)."""

from opensegur.dmp.acteur import Acteur, Finalite, Mode
from opensegur.dmp.client import DmpClient, SubmissionResult
from opensegur.dmp.connexion import DmpSettings, dmp_transport
from opensegur.dmp.errors import Anomalie, DmpError
from opensegur.dmp.from_cda import activite_of, entry_of_cda, prepare_submission, replaced_uid
from opensegur.dmp.habilitations import Habilitation
from opensegur.dmp.hl7v3 import Autorisation, Existence, Fermeture, StatutDossier
from opensegur.dmp.metadata import Author, Disponibilite, DocumentEntry, SourcePatientInfo, SubmissionSet
from opensegur.dmp.queries import Criteres
from opensegur.dmp.retrieve import Demande, DocumentRecu
from opensegur.dmp.submission import DocumentADeposer, Submission
from opensegur.dmp.visibilite import Visibilite

__all__ = [
    "Acteur",
    "Anomalie",
    "Author",
    "Autorisation",
    "Criteres",
    "Demande",
    "Disponibilite",
    "DmpClient",
    "DmpError",
    "DmpSettings",
    "DocumentADeposer",
    "DocumentEntry",
    "DocumentRecu",
    "Existence",
    "Fermeture",
    "Finalite",
    "Habilitation",
    "Mode",
    "SourcePatientInfo",
    "StatutDossier",
    "Submission",
    "SubmissionResult",
    "SubmissionSet",
    "Visibilite",
    "activite_of",
    "dmp_transport",
    "entry_of_cda",
    "prepare_submission",
    "replaced_uid",
]
