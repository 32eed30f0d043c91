"""How fast a document goes from PDF bytes to an accepted submission, and where the time goes.

Client and sandbox share one process and speak over real mutual TLS on loopback. The floor is a bare POST of the same
bytes to the same path, as a type that the service refuses at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import urllib3
from cryptography import x509
from fpdf import FPDF

from opensegur.cda.document import Entete, PatientCda
from opensegur.cda.n1 import PDF, build_n1
from opensegur.cda.pdf import to_pdfa
from opensegur.dmp import Acteur, DmpClient, Mode, dmp_transport, prepare_submission
from opensegur.dmp.connexion import dmp_signer
from opensegur.foundation.acteurs import Code
from opensegur.foundation.identifiers import new_oid
from opensegur.foundation.ports import HashName, HttpRequest, HttpResponse, Signer, SystemClock, Transport
from opensegur.foundation.tls import client_context
from opensegur.ins import Matricule, Sexe, Traits
from opensegur.sandbox.client import ClientConfiguration, export_client_configuration
from opensegur.sandbox.population.acteurs import CABINET, MEDECIN
from opensegur.sandbox.server import SandboxServer

WARM_UP = 3


@dataclass
class Chronos:
    """Seconds by stage, summed over the documents."""

    pdf: float = 0.0
    signature: float = 0.0
    service: float = 0.0
    total: float = 0.0
    requests: list[HttpRequest] = field(default_factory=list)

    @property
    def xml(self) -> float:
        """What is neither a conversion, nor a signature, nor waiting: documents, metadata, envelopes, digests."""
        return self.total - self.pdf - self.signature - self.service


@dataclass
class _TimedTransport:
    inner: Transport
    chronos: Chronos

    def send(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        try:
            return self.inner.send(request)
        finally:
            self.chronos.service += time.perf_counter() - start
            self.chronos.requests.append(request)


@dataclass
class _TimedSigner:
    inner: Signer
    chronos: Chronos

    @property
    def certificate(self) -> x509.Certificate:
        return self.inner.certificate

    def sign(self, data: bytes, hash_name: HashName = "sha256") -> bytes:
        start = time.perf_counter()
        try:
            return self.inner.sign(data, hash_name)
        finally:
            self.chronos.signature += time.perf_counter() - start


def measure(documents: int, folder: Path) -> dict[str, object]:
    """Figures of two kinds of source: a PDF as programs write them, and one that is already PDF/A-1."""
    server = SandboxServer(folder)
    with server as addresses:
        client = export_client_configuration(folder / "clients", addresses, server.context.pki, CABINET)
        plain = _pdf()
        conforming = to_pdfa(plain).data
        return {
            "documents": documents,
            "pdf ordinary": _kind(documents, plain, client),
            "pdf already PDF/A-1": _kind(documents, conforming, client),
        }


def _kind(documents: int, source: bytes, client: ClientConfiguration) -> dict[str, object]:
    chronos = _feed(documents, source, client)
    per_second = documents / chronos.total
    floor = _floor(chronos.requests[-1], documents, client)
    shares = {name: getattr(chronos, name) / chronos.total for name in ("pdf", "signature", "xml", "service")}
    return {
        "source bytes": len(source),
        "request bytes": len(chronos.requests[-1].body),
        "documents per second": round(per_second, 1),
        "ms per document": round(1000 / per_second, 1),
        "share of time": {name: round(share, 3) for name, share in shares.items()},
        "client alone, documents per second": round(documents / (chronos.total - chronos.service), 1),
        "floor, bare POST per second": round(floor, 1),
        "times the floor": round(floor / per_second, 1),
    }


def _feed(documents: int, source: bytes, client: ClientConfiguration) -> Chronos:
    configuration = client.configuration
    chronos = Chronos()
    with dmp_transport(configuration) as transport:
        dmp = DmpClient(
            _TimedTransport(transport, chronos),
            configuration.dmp.url,
            _TimedSigner(dmp_signer(configuration), chronos),
            configuration.structure,
            configuration.lps,
            SystemClock(),
        )
        for index in range(-WARM_UP, documents):
            if index == 0:
                chronos.pdf = chronos.signature = chronos.service = chronos.total = 0.0
            _one(source, dmp, chronos)
    return chronos


def _one(source: bytes, dmp: DmpClient, chronos: Chronos) -> None:
    start = time.perf_counter()
    pdf = to_pdfa(source, title="Consultation")
    chronos.pdf += time.perf_counter() - start
    now = datetime.now(UTC)
    entete = Entete(
        uid=new_oid(),
        set_id=new_oid(),
        version=1,
        type=Code("11488-4", "2.16.840.1.113883.6.1"),
        titre="Consultation",
        created_at=now,
        patient=_PATIENT,
        auteur=MEDECIN,
        structure=CABINET,
        responsable=MEDECIN,
        acte_debut=now,
    )
    lot = prepare_submission(build_n1(entete, pdf.data, PDF), uid=new_oid(), uid_signature=new_oid())
    dmp.submit(lot, Acteur(MEDECIN, Mode.INDIRECTE, now))
    chronos.total += time.perf_counter() - start


def _floor(request: HttpRequest, count: int, client: ClientConfiguration) -> float:
    point = client.configuration.dmp
    tls = client_context(certificate=point.certificat, key=point.cle, password=None, anchors=point.ancres)
    with urllib3.PoolManager(ssl_context=tls) as pool:
        start = time.perf_counter()
        for index in range(-WARM_UP, count):
            if index == 0:
                start = time.perf_counter()
            answer = pool.request("POST", request.url, body=request.body, headers={"Content-Type": "text/plain"})
            assert answer.status >= 400, "the floor has to be a refusal"  # noqa: PLR2004 - an HTTP error
        return count / (time.perf_counter() - start)


def _pdf() -> bytes:
    """Two pages of text whose font is not embedded, as most programs write them."""
    document = FPDF()
    document.set_font("Helvetica", size=11)
    for _ in range(2):
        document.add_page()
        document.multi_cell(0, text="Compte rendu de consultation. Examen sans particularité. " * 40)
    return bytes(document.output())


_PATIENT = PatientCda(
    Traits(
        nom_naissance="ADRTROIS",
        prenoms="DOMINIQUE",
        premier_prenom="DOMINIQUE",
        date_naissance="1997-02-26",
        sexe=Sexe.F,
        lieu_naissance="2A020",
    ),
    Matricule("297022A02077878", "1.2.250.1.213.1.4.10"),
)
