"""The DMP over the wire: one method per transaction, each with its own fresh, signed VIHF.

The rights matrix is the server's to apply: nothing is refused here but what cannot be written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from lxml import etree

from opensegur.dmp import habilitations, hl7v3, noms, queries, retrieve
from opensegur.dmp.acteur import Acteur
from opensegur.dmp.connexion import DmpSettings, dmp_point, dmp_signer
from opensegur.dmp.errors import Anomalie, DmpError, error_of_fault
from opensegur.dmp.habilitations import Habilitation
from opensegur.dmp.hl7v3 import INEXISTANT, Existence
from opensegur.dmp.metadata import Author, DocumentEntry, hash_of
from opensegur.dmp.queries import Criteres, ReponseRecherche, Retour
from opensegur.dmp.reponses import read_registry_response
from opensegur.dmp.retrieve import Demande, DocumentRecu
from opensegur.dmp.submission import Submission, build_message
from opensegur.dmp.vihf import build_security_header
from opensegur.foundation.acteurs import Structure
from opensegur.foundation.certificates import check_period
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.identifiers import new_urn_uuid
from opensegur.foundation.mtom import Part
from opensegur.foundation.points import Lps, check_matricule_oid
from opensegur.foundation.ports import Clock, Signer, SystemClock, Transport
from opensegur.foundation.soap import Answer, SoapClient, SoapFault
from opensegur.ins.matricule import Matricule


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """A lot is in the DMP. ``deja_depose``: it was there already, an earlier attempt had succeeded.

    ``entry_uuids`` are then those of its documents, in the lot's order. ``avertissements`` are the DMP's.
    ``raw_request`` and ``raw_answer`` are the messages as they travelled, for the exchange's trace.
    """

    uid: str
    deja_depose: bool = False
    entry_uuids: tuple[str, ...] = ()
    avertissements: tuple[Anomalie, ...] = ()
    raw_request: bytes = field(default=b"", repr=False, compare=False)
    raw_answer: bytes = field(default=b"", repr=False, compare=False)


class DmpClient:
    """Speaks to the DMP at ``base_url`` as ``structure``, with the software ``lps``.

    ``signer`` is the signature certificate: the structure's (ORG SIGN), or a card's in direct mode; ``transport``
    presents the authentication certificate, never the same. Every method raises ``DmpError`` (the DMP refused),
    ``TransportError`` (no answer), ``RefusedInput`` (an answer that makes no sense) or ``InvalidValue`` (nothing
    was sent).
    """

    def __init__(  # noqa: PLR0917 - its ports and who it is, which every caller names
        self,
        transport: Transport,
        base_url: str,
        signer: Signer,
        structure: Structure,
        lps: Lps,
        clock: Clock,
        settings: DmpSettings | None = None,
    ) -> None:
        self._soap = SoapClient(transport, clock)
        self._base_url = base_url.rstrip("/")
        self._signer = signer
        self._structure = structure
        self._lps = lps
        self._clock = clock
        self._settings = settings or DmpSettings()

    @classmethod
    def from_configuration(
        cls, configuration: Configuration, transport: Transport, clock: Clock | None = None
    ) -> Self:
        """The client that ``configuration`` describes, over ``transport`` (see ``dmp_transport``).

        Raises ``ConfigurationError``: CONFIG_MANQUE, CERT_….
        """
        signer, clock = dmp_signer(configuration), clock or SystemClock()
        check_period(signer.certificate, clock.now())
        return cls(
            transport,
            dmp_point(configuration).url,
            signer,
            configuration.structure,
            configuration.lps,
            clock,
            DmpSettings(profil=configuration.profil),
        )

    def check_existence(self, matricule: Matricule, acteur: Acteur) -> Existence:
        """TD0.2: whether the patient has a DMP, and what ``acteur`` may do there. No DMP is no error."""
        body = hl7v3.build_existence_request(
            matricule, self._lps, self._clock.now(), processing_code=self._settings.processing_code
        )
        try:
            answer = self._call(
                noms.CHEMIN_PATIENTS,
                body,
                noms.ACTION_EXISTENCE,
                matricule,
                acteur,
                transaction=hl7v3.TRANSACTION,
            )
        except DmpError as error:
            if error.code == hl7v3.SANS_DMP:
                return INEXISTANT
            raise
        return hl7v3.read_existence(answer.envelope.body, matricule)

    def set_authorization(self, matricule: Matricule, acteur: Acteur, action: Habilitation) -> str:
        """TD0.3, to be called only after the patient's consent was recorded. Gives back what the DMP adds."""
        answer = self._call(
            noms.CHEMIN_HABILITATIONS,
            habilitations.build_request(action),
            noms.ACTION_HABILITATION,
            matricule,
            acteur,
            transaction=habilitations.TRANSACTION,
        )
        return habilitations.read_response(answer.envelope.body)

    def submit(self, submission: Submission, acteur: Acteur) -> SubmissionResult:
        """TD2.1 (and 2.1b): send a lot. Sending the same lot again is safe.

        When the DMP answers that its identifiers are taken, the documents are looked for (TD3.1b): all there,
        the lot was stored by an earlier attempt; otherwise the DMP's error is raised.
        """
        matricule = _matricule_of(submission)
        structure = acteur.structure or self._structure
        message = build_message(
            submission,
            auteur=Author.of_professionnel(acteur.professionnel, structure),
            source_id=self._lps.oid,
            signer=self._signer,
            moment=self._clock.now(),
            hash_name=self._settings.hash_name,
        )
        try:
            answer = self._call(
                noms.CHEMIN_DEPOT,
                message.body,
                noms.ACTION_DEPOT,
                matricule,
                acteur,
                transaction="TD2.1",
                attachments=message.parts,
            )
            warnings = read_registry_response(answer.envelope.body, "TD2.1")
        except DmpError as error:
            if not error.already_stored:
                raise
            found = [self.find_entry_uuid(uid, matricule, acteur) for uid in submission.unique_ids]
            stored = tuple(uuid for uuid in found if uuid)
            if len(stored) != len(found):
                raise
            return SubmissionResult(submission.uid, deja_depose=True, entry_uuids=stored)
        return SubmissionResult(
            submission.uid, avertissements=warnings, raw_request=answer.request, raw_answer=answer.raw
        )

    def find_documents(
        self, matricule: Matricule, acteur: Acteur, criteres: Criteres | None = None
    ) -> tuple[DocumentEntry, ...]:
        """TD3.1a: the patient's documents that answer ``criteres`` (by default the active ones).

        Signatures of lots are left out. The entries' ``patient_id`` may be a former matricule of the patient.
        """
        body = queries.build_find_documents(matricule, criteres or Criteres())
        found = self._query(body, matricule, acteur, "TD3.1")
        return tuple(entry for entry in found.entries if not entry.est_signature)

    def get_documents(
        self, unique_ids: Sequence[str], matricule: Matricule, acteur: Acteur
    ) -> tuple[DocumentEntry, ...]:
        """TD3.1a: the entries of known documents, in whatever order; unknown ones are missing."""
        body = queries.build_get_documents(unique_ids=unique_ids)
        return self._query(body, matricule, acteur, "TD3.1").entries

    def find_entry_uuid(self, unique_id: str, matricule: Matricule, acteur: Acteur) -> str | None:
        """TD3.1b: the entryUUID of a document, for replacing it; ``None`` when the DMP does not know it.

        Open to the modes that may not consult. Several references, of several versions of the metadata, cannot be
        told apart: the last one of the answer is taken.
        """
        body = queries.build_get_documents(unique_ids=[unique_id], retour=Retour.REFERENCES)
        found = self._query(body, matricule, acteur, "TD3.1b")
        return found.references[-1] if found.references else None

    def retrieve(
        self,
        unique_id: str,
        matricule: Matricule,
        acteur: Acteur,
        *,
        repository: str = "",
        expected_hash: str = "",
    ) -> bytes:
        """TD3.2: a document, byte for byte as it was deposited.

        ``repository`` and ``expected_hash`` are those of its entry; without a repository the entry is asked for
        first. Raises ``RefusedInput`` DMP_EMPREINTE when the bytes are not those of the entry.
        """
        if not repository:
            entry = next(iter(self.get_documents([unique_id], matricule, acteur)), None)
            if entry is None or not entry.repository_unique_id:
                raise DmpError((Anomalie("XDSDocumentUniqueIdError", f"uniqueId={unique_id}"),), "TD3.1")
            repository = entry.repository_unique_id
            expected_hash = expected_hash or entry.hash
        received = self.retrieve_all([Demande(unique_id, repository)], matricule, acteur)
        document = next((found for found in received if found.unique_id == unique_id), None)
        if document is None:
            raise DmpError((Anomalie("XDSDocumentUniqueIdError", f"uniqueId={unique_id}"),), "TD3.2")
        if expected_hash and hash_of(document.data) != expected_hash.lower():
            raise RefusedInput(
                "DMP_EMPREINTE",
                "Le document reçu n’est pas celui que sa fiche annonce : il a pu être abîmé.",
                conseil="Recommencez. Si cela se répète, signalez-le à l’assistance du DMP.",
                detail=f"uniqueId={unique_id}",
            )
        return document.data

    def retrieve_all(
        self, demandes: Sequence[Demande], matricule: Matricule, acteur: Acteur
    ) -> tuple[DocumentRecu, ...]:
        """TD3.2: several documents at once; those that the DMP keeps back are missing from the answer."""
        answer = self._call(
            noms.CHEMIN_DEPOT,
            retrieve.build_request(demandes),
            noms.ACTION_LECTURE,
            matricule,
            acteur,
            transaction="TD3.2",
        )
        return retrieve.read_response(answer.envelope.body, answer.parts, "TD3.2").documents

    def _query(
        self, body: etree._Element, matricule: Matricule, acteur: Acteur, transaction: str
    ) -> ReponseRecherche:
        answer = self._call(
            noms.CHEMIN_RECHERCHE, body, noms.ACTION_RECHERCHE, matricule, acteur, transaction=transaction
        )
        return queries.read_response(answer.envelope.body, transaction)

    def _call(
        self,
        path: str,
        body: etree._Element,
        action: str,
        matricule: Matricule,
        acteur: Acteur,
        *,
        transaction: str,
        attachments: Sequence[Part] = (),
    ) -> Answer:
        if self._settings.profil is not None:
            check_matricule_oid(self._settings.profil, matricule.oid)
        security = build_security_header(
            acteur,
            self._structure,
            self._lps,
            matricule,
            signer=self._signer,
            moment=self._clock.now(),
            version=self._settings.version_vihf,
            hash_name=self._settings.hash_name,
        )
        try:
            return self._soap.call(
                self._base_url + path,
                body,
                action=action,
                message_id=new_urn_uuid(),
                headers=(security,),
                attachments=attachments,
            )
        except SoapFault as fault:
            raise error_of_fault(fault, transaction) from fault


def _matricule_of(submission: Submission) -> Matricule:
    matricule = submission.documents[0].entry.patient_id.matricule
    assert matricule is not None, "the submission's own checks ask for an INS"
    return matricule
