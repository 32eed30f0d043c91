"""What a certificate of a structure serves, in plain words, and whether it is made for that.

Sources: IGC-Santé, gabarits des certificats (ORG AUTH_CLI, ORG SIGN); Guide d’intégration INSi, for its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.db import models

from opensegur.foundation.findings import Finding
from opensegur.ins import check_certificate as check_insi


class Usage(models.TextChoices):
    """The pair that authenticates and the one that signs are never swapped; INSi has a certificate of its own."""

    AUTHENTIFICATION = "authentification", "Authentification (ORG AUTH_CLI)"
    SIGNATURE = "signature", "Signature (ORG SIGN)"
    INSI = "insi", "Authentification pour l’INSi"
    MESSAGERIE = "messagerie", "Messagerie (MSSanté)"

    @property
    def sert_a(self) -> str:
        return _SERT_A[self]


_SERT_A = {
    Usage.AUTHENTIFICATION: "Prouve au DMP, et à l’appli carte Vitale, que c’est bien votre structure.",
    Usage.SIGNATURE: "Signe les jetons d’identification et les documents déposés.",
    Usage.INSI: "Prouve à l’INSi que c’est bien votre structure.",
    Usage.MESSAGERIE: "Ouvre la boîte de messagerie de la structure.",
}


@dataclass(frozen=True, slots=True)
class _Fait:
    """What the extensions of a certificate say that it is made for."""

    authentifier: bool
    signer: bool
    insi: bool


def check_usage(certificate: x509.Certificate, usage: Usage) -> Iterator[Finding]:
    """Why ``certificate`` cannot serve ``usage``."""
    made = _made_for(certificate)
    if usage is Usage.SIGNATURE:
        if not made.signer:
            yield (
                _swapped("C’est un certificat d’authentification : il ne signe pas.")
                if made.authentifier
                else _none()
            )
        return
    if not made.authentifier:
        yield _swapped("C’est un certificat de signature : il n’authentifie pas.") if made.signer else _none()
    elif usage is Usage.INSI and not made.insi:
        yield _other(
            "Le nom (CN) de ce certificat n’est ni INSI-AUTO ni INSI-MANU : l’INSi refusera les appels.",
            "Ajoutez le certificat demandé pour l’INSi.",
        )
    elif usage is not Usage.INSI and made.insi:
        yield _other("Ce certificat est celui de l’INSi.", "Choisissez « Authentification pour l’INSi ».")


def _made_for(certificate: x509.Certificate) -> _Fait:
    digital, engages = _key_usage(certificate)
    extended = _extended_usages(certificate)
    client = extended is not None and ExtendedKeyUsageOID.CLIENT_AUTH in extended
    return _Fait(
        authentifier=digital and not engages and (extended is None or client),
        signer=engages and not client,
        insi=not check_insi(certificate),
    )


def _key_usage(certificate: x509.Certificate) -> tuple[bool, bool]:
    """Digital signature, and non-repudiation."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False, False
    return usage.digital_signature, usage.content_commitment


def _extended_usages(certificate: x509.Certificate) -> x509.ExtendedKeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None


def structures_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The Struct_IdNat of its OU."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return tuple(str(each.value) for each in found)


def _swapped(what: str) -> Finding:
    return _other(what, "Choisissez l’autre usage, ou l’autre fichier : les deux ne s’échangent jamais.")


def _none() -> Finding:
    return _other(
        "Ce certificat n’est fait ni pour authentifier la structure ni pour signer.",
        "Demandez à l’IGC-Santé un certificat d’organisation (AUTH_CLI ou SIGN).",
    )


def _other(what: str, repair: str) -> Finding:
    return Finding("CERT.usage", what, path="certificat", repair=repair, source="IGC-Santé, gabarits des certificats")
