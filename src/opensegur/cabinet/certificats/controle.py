"""What a certificate must be before it is kept: everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509

from opensegur.cabinet.certificats.usages import Usage, check_usage, structures_of
from opensegur.cabinet.certificats.verification import appraise
from opensegur.cps.certificats import is_test
from opensegur.foundation.echeance import Niveau
from opensegur.foundation.findings import Finding
from opensegur.foundation.revocation import Etat
from opensegur.foundation.verificateur import Appreciation

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure


@dataclass(frozen=True, slots=True)
class Jugement:
    """``refus`` is empty when it may be kept; ``remarques`` are said then, and do not hold it back."""

    appreciation: Appreciation
    refus: tuple[Finding, ...]
    remarques: tuple[str, ...]


def judge(structure: Structure, usage: Usage, chaine: tuple[x509.Certificate, ...], moment: datetime) -> Jugement:
    """``chaine``: the certificate, then its authorities. Raises ``ConfigurationError``: no anchor is known."""
    said = appraise(structure, chaine, moment)
    refus = tuple(_refusals(structure, usage, chaine[0], said))
    return Jugement(said, refus, tuple(_remarks(chaine[0], said)))


def _refusals(
    structure: Structure, usage: Usage, certificate: x509.Certificate, said: Appreciation
) -> Iterator[Finding]:
    if said.refus is not None:
        yield Finding(said.refus.code, said.refus.message, path="certificat", repair=said.refus.conseil)
        if said.refus.code == "CERT_EXTENSION":  # what cannot be read is not read further
            return
    yield from check_usage(certificate, usage)
    named = structures_of(certificate)
    if structure.id_nat not in named:
        whose = f"celui d’une autre structure ({', '.join(named)[:80]})" if named else "sans structure nommée (OU)"
        yield Finding(
            "CERT.structure",
            f"Ce certificat est {whose} ; la vôtre est {structure.id_nat}.",
            path="certificat",
            repair="Donnez un certificat de votre structure.",
            source="IGC-Santé, gabarits des certificats : OU = Struct_IdNat",
        )


def _remarks(certificate: x509.Certificate, said: Appreciation) -> Iterator[str]:
    if is_test(certificate):
        yield "C’est un certificat de test : les services de production le refusent."
    if said.echeance.niveau is not Niveau.BON:
        yield f"{said.echeance.phrase} {said.echeance.conseil}"
    if said.revocation.etat is Etat.INCONNU:
        yield f"La révocation n’a pas pu être vérifiée ; elle sera redemandée. {said.revocation.phrase}"
