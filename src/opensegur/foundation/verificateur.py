"""A certificate judged whole: chain, dates, time left, revocation by OCSP then by list; a card's or a structure's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cryptography import x509

from opensegur.foundation.confiance import Autorites, CertificatRefuse, check_chain
from opensegur.foundation.echeance import Echeance, time_left
from opensegur.foundation.lcr import RevocationLists
from opensegur.foundation.ocsp import ask_status
from opensegur.foundation.ports import Clock, SystemClock, Transport
from opensegur.foundation.revocation import Etat, Revocation, unknown


@dataclass(frozen=True, slots=True)
class Appreciation:
    """What a certificate is worth now. ``refus`` says why it must not be used, ``None`` when it may.

    A revocation that could not be known is no refusal: whoever asks decides, by ``revocation.etat``.
    """

    echeance: Echeance
    revocation: Revocation
    refus: CertificatRefuse | None = None

    @property
    def utilisable(self) -> bool:
        return self.refus is None


class Verificateur:
    """Judges certificates against ``autorites``; ``folder`` keeps the lists, ``transport`` asks the authorities.

    Without a transport nothing is asked: a list that is kept and not too old still answers.
    """

    def __init__(
        self,
        autorites: Autorites,
        folder: Path,
        *,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._autorites = autorites
        self._lists = RevocationLists(folder, transport)
        self._transport = transport
        self._clock = clock or SystemClock()

    def appraise(self, certificate: x509.Certificate) -> Appreciation:
        """Whether ``certificate``, and each authority above it, may be believed now."""
        moment = self._clock.now()
        left = time_left(certificate, moment)
        try:
            path = check_chain(certificate, self._autorites, moment)
        except CertificatRefuse as refused:
            return Appreciation(left, unknown("Révocation non demandée : le certificat est déjà refusé."), refused)
        said = self._status(path[0], path[1])
        # an authority that was revoked takes all that it issued with it; without any address, the anchor decides
        above = [self._status(*pair) for pair in pairwise(path[1:])]
        for found in (said, *above):
            if found.etat is Etat.REVOQUE:
                return Appreciation(left, found, _refused(found))
        return Appreciation(left, said)

    def _status(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Revocation:
        moment = self._clock.now()
        if self._transport is not None:
            said = ask_status(self._transport, certificate, issuer, moment)
            if said.etat is not Etat.INCONNU:
                return said
        return self._lists.status(certificate, issuer, moment)


def _refused(found: Revocation) -> CertificatRefuse:
    return CertificatRefuse(
        "CERT_REVOQUE",
        f"Ce certificat ne doit plus servir. {found.phrase}",
        conseil="Utilisez un autre certificat ou une autre carte ; demandez pourquoi à l’IGC-Santé.",
        detail=found.source,
    )
