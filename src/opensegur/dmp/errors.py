"""What the DMP may answer when it does not do what it was asked: one table, one error.

Callers branch on ``code``, never on a text. A code of the DMP that the table does not know is a refusal that
sending again will not change. Sources: ITI TF-3 4.2.4.1 (XDS codes); GIE SESAM-Vitale (DMP codes that are public).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from opensegur.foundation.errors import OpenSegurError
from opensegur.foundation.soap import SoapFault

_LONG_NUMBER = re.compile(r"(?<![\d.])\d[\d ]{8,}(?![\d.])")
_MAX_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Motif:
    """What a code means for the person at the desk. ``deja_la`` marks the codes of a lot that is already stored."""

    message: str
    conseil: str
    retryable: bool = False
    deja_la: bool = False


_DOUBLON = Motif(
    "Le DMP a déjà un document ou un envoi avec cet identifiant.",
    "Vérifiez dans le DMP du patient que le document y est bien.",
    deja_la=True,
)
_METADONNEES = Motif(
    "Le DMP refuse les informations qui accompagnent le document (type, auteur, dates…).",
    "Corrigez le document ou sa fiche, puis envoyez-le de nouveau.",
)
_SATURE = Motif("Le DMP est momentanément saturé.", "L’envoi sera repris plus tard.", retryable=True)
_PANNE = Motif("Le DMP a rencontré une erreur interne.", "L’envoi sera repris plus tard.", retryable=True)
_PATIENT = Motif(
    "L’identité du patient ne correspond pas entre le document, l’envoi et la demande.",
    "Vérifiez le matricule INS du patient et celui du document.",
)
_LOT_INCOMPLET = Motif("L’envoi au DMP est incomplet.", "Signalez-le à l’éditeur de votre logiciel.")
_REQUETE = Motif("Le DMP ne comprend pas la recherche.", "Signalez-le à l’éditeur de votre logiciel.")
_MISE_A_JOUR = Motif(
    "Le DMP refuse de modifier ce document.",
    "Rechargez la liste des documents, puis recommencez : il a pu changer entre-temps.",
)
_INCONNU = Motif("Le DMP a refusé la demande.", "Notez le code de l’erreur et contactez l’assistance.")

MOTIFS: dict[str, Motif] = {
    "DMPInvalidCertificate": Motif(
        "Le DMP refuse le certificat de signature.",
        "Vérifiez que le certificat de signature est bien celui de la structure, valable, et distinct de celui "
        "d’authentification.",
    ),
    "DMPInvalidSignature": Motif(
        "Le DMP juge la signature de l’envoi invalide.",
        "Recommencez. Si cela se répète, contactez l’éditeur de votre logiciel.",
    ),
    "DMPPatientNotFound": Motif(
        "Ce patient n’a pas de DMP.", "Mon espace santé se crée sans intervention du professionnel."
    ),
    "DMPAccessDeniedByRightsService": Motif(
        "Vous n’avez pas le droit de faire cela dans ce DMP.",
        "Vérifiez l’autorisation d’accès du patient et le mode de connexion (carte, e-CPS ou structure).",
    ),
    "DMPFound": Motif("Ce patient a déjà un DMP.", "Utilisez le DMP existant."),
    "DMPClosed": Motif("Le DMP de ce patient est fermé.", "Le document ne peut pas y être déposé."),
    "DMPPatientAccessAlreadyExists": Motif("Le patient a déjà un accès à son DMP.", "Rien n’est à faire."),
    "DMPPatientAccessOTPAlreadyExists": Motif("Le patient a déjà un code d’accès.", "Rien n’est à faire."),
    "XDSPatientIdDoesNotMatch": _PATIENT,
    "XDSPatientIDReconciliationError": _PATIENT,
    "XDSResultNotSinglePatient": _PATIENT,
    "XDSUnknownPatientId": Motif(
        "Le DMP ne connaît pas ce patient.", "Vérifiez le matricule INS, puis si le patient a un DMP."
    ),
    "XDSDocumentUniqueIdError": Motif(
        "Ce document n’est pas dans le DMP, ou il ne vous est pas accessible.",
        "Rechargez la liste des documents du patient.",
    ),
    "XDSRepositoryMetadataError": _METADONNEES,
    "XDSRegistryMetadataError": _METADONNEES,
    "InvalidDocumentContent": _METADONNEES,
    "XDSDuplicateUniqueIdInRegistry": _DOUBLON,
    "XDSRegistryDuplicateUniqueIdInMessage": _LOT_INCOMPLET,
    "XDSRepositoryDuplicateUniqueIdInMessage": _LOT_INCOMPLET,
    "XDSNonIdenticalHash": Motif(
        "Le DMP a déjà un autre document sous le même identifiant.",
        "Produisez une nouvelle version du document, avec un nouvel identifiant.",
    ),
    "XDSMissingDocument": _LOT_INCOMPLET,
    "XDSMissingDocumentMetadata": _LOT_INCOMPLET,
    "XDSReplaceFailed": Motif(
        "Le document à remplacer n’est plus actif dans le DMP.",
        "Rechargez la liste des documents : il a pu être remplacé, archivé ou supprimé.",
    ),
    "XDSRegistryDeprecatedDocumentError": Motif(
        "Le document visé est obsolète dans le DMP.", "Rechargez la liste des documents du patient."
    ),
    "XDSRepositoryOutOfResources": Motif(
        "Le DMP n’a pas la place de recevoir cet envoi : document trop volumineux ou service saturé.",
        "L’envoi sera repris. S’il échoue encore, réduisez la taille du document.",
        retryable=True,
    ),
    "XDSRegistryOutOfResources": _SATURE,
    "XDSRegistryBusy": _SATURE,
    "XDSRepositoryBusy": _SATURE,
    "XDSRepositoryError": _PANNE,
    "XDSRegistryError": _PANNE,
    "XDSRegistryNotAvailable": _PANNE,
    "XDSUnknownStoredQuery": _REQUETE,
    "XDSStoredQueryMissingParam": _REQUETE,
    "XDSStoredQueryParamNumber": _REQUETE,
    "XDSTooManyResults": Motif(
        "La recherche donne trop de documents.", "Réduisez la période ou choisissez des types de documents."
    ),
    "XDSMetadataUpdateError": _MISE_A_JOUR,
    "XDSMetadataUpdateOperationError": _MISE_A_JOUR,
    "XDSMetadataVersionError": _MISE_A_JOUR,
    "XDSUnknownRepositoryId": Motif(
        "Le DMP ne connaît pas l’entrepôt de ce document.", "Rechargez la liste des documents du patient."
    ),
}


@dataclass(frozen=True, slots=True)
class Anomalie:
    """One error or warning of an answer, as the DMP wrote it. ``context`` may name the patient: not for logs."""

    code: str
    context: str = ""
    location: str = ""
    severity: str = "Error"

    @property
    def is_warning(self) -> bool:
        return self.severity == "Warning"


class DmpError(OpenSegurError):
    """The DMP refused ``transaction``. ``anomalies`` are its own words; the first error gives the code."""

    def __init__(self, anomalies: Sequence[Anomalie], transaction: str) -> None:
        errors = [found for found in anomalies if not found.is_warning] or [*anomalies]
        main = errors[0] if errors else Anomalie("DMPReponseSansMotif")
        motif = MOTIFS.get(main.code, _INCONNU)
        super().__init__(
            main.code,
            motif.message,
            conseil=motif.conseil,
            detail=f"{transaction}: " + "; ".join(_masked(found) for found in errors)[:_MAX_DETAIL],
            # one lasting refusal among several errors is enough for a retry to be vain
            retryable=bool(errors) and all(MOTIFS.get(found.code, _INCONNU).retryable for found in errors),
        )
        self.anomalies = tuple(anomalies)
        self.transaction = transaction

    @property
    def already_stored(self) -> bool:
        """Whether every error says that what was sent is there already: to be checked, then taken as a success."""
        errors = [found for found in self.anomalies if not found.is_warning]
        return bool(errors) and all(found.code in MOTIFS and MOTIFS[found.code].deja_la for found in errors)


def error_of_fault(fault: SoapFault, transaction: str) -> OpenSegurError:
    """The DMP's refusal that a SOAP fault carries; the fault itself when its code is not the DMP's nor XDS's."""
    if fault.code in MOTIFS or fault.code.startswith(("DMP", "XDS")):
        return DmpError((Anomalie(fault.code, fault.reason),), transaction)
    return fault


def _masked(anomalie: Anomalie) -> str:
    # the context is written by another system: a long number in it may be a patient's
    context = _LONG_NUMBER.sub("…", anomalie.context)
    return f"{anomalie.code} ({context})" if context else anomalie.code
