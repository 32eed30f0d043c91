"""A running sandbox with real mutual TLS, and what independent clients need to speak to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from cryptography import x509

from opensegur.cda.document import PatientCda
from opensegur.cda.n1 import TEXT, build_n1
from opensegur.cda.testing import sample_entete
from opensegur.dmp import Acteur, DmpClient, Mode, dmp_transport
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.identifiers import new_oid
from opensegur.foundation.ports import HttpRequest, HttpResponse, SystemClock, Transport
from opensegur.ins import Matricule, Traits
from opensegur.sandbox.client import export_client_configuration
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.population.acteurs import CABINET, MEDECIN
from opensegur.sandbox.population.personnes import Personne
from opensegur.sandbox.server import SandboxServer


@dataclass(frozen=True)
class Bac:
    """The sandbox as a practice sees it: its configuration file, and who is known there."""

    contexte: SandboxContext
    fichier: Path
    configuration: Configuration

    def personne(self, nom: str) -> Personne:
        return next(item for item in self.contexte.population.personnes if item.nom_naissance == nom)

    def patient(self, nom: str) -> PatientCda:
        known = self.personne(nom)
        traits = Traits(
            nom_naissance=known.nom_naissance,
            prenoms=known.prenoms,
            premier_prenom=known.prenoms.split()[0],
            date_naissance=known.date_naissance,
            sexe=known.sexe,
            lieu_naissance=known.lieu_naissance,
        )
        return PatientCda(traits, Matricule(known.ins, known.oid))

    def session(self, certificat: Path, cle: Path) -> requests.Session:
        """What zeep travels with: ``requests`` and the client's certificate, nothing of ours."""
        session = requests.Session()
        session.trust_env = False
        session.cert = (str(certificat), str(cle))
        session.verify = str(self.contexte.pki.racine)
        session.headers["Connection"] = "close"  # a fault keeps its connection alive in zeep's traceback
        return session


@pytest.fixture(scope="session")
def bac(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bac-a-sable")
    server = SandboxServer(folder)
    with server as addresses:
        client = export_client_configuration(folder / "clients", addresses, server.context.pki, CABINET)
        yield Bac(server.context, client.fichier, client.configuration)


@dataclass
class Enregistreur:
    """A ``Transport`` that lets everything through and keeps it, as bytes."""

    suite: Transport
    echanges: list[tuple[HttpRequest, HttpResponse]] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpResponse:
        response = self.suite.send(request)
        self.echanges.append((request, response))
        return response


@pytest.fixture
def dmp(bac):
    """A client of the DMP, and the record of what it says and hears."""
    with dmp_transport(bac.configuration) as transport:
        recorder = Enregistreur(transport)
        yield DmpClient.from_configuration(bac.configuration, recorder), recorder


@pytest.fixture
def emetteur():
    """Feeds with the structure's certificates."""
    return Acteur(MEDECIN, Mode.INDIRECTE, SystemClock().now())


@pytest.fixture
def lecteur():
    """Reads after a strong login."""
    return Acteur(MEDECIN, Mode.INDIRECTE_RENFORCEE, SystemClock().now())


@pytest.fixture
def document(bac):
    """A new N1 of a patient of the sandbox whose dossier is open: its OID, its matricule, its bytes."""
    patient = bac.patient("ADRTROIS")
    now = SystemClock().now()
    entete = sample_entete(
        uid=new_oid(), patient=patient, auteur=MEDECIN, responsable=MEDECIN, structure=CABINET,
        created_at=now, acte_debut=now,
    )  # fmt: skip
    return entete.uid, patient.matricule, build_n1(entete, b"Examen clinique normal.\n", TEXT)


@pytest.fixture(scope="session")
def emetteur_insi(bac):
    """The OU of the INSi certificate."""
    certificate = x509.load_pem_x509_certificates(bac.configuration.insi.certificat.read_bytes())[0]
    return certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value
