"""Passkeys: a key that never leaves the person's device, opened by a finger, a face or its code.

The device verifies the person (user verification required), so that one gesture is two factors. Attestation is not
asked: any authenticator will do. Sources: W3C Web Authentication level 2, §7.1 and §7.2; RP ID: the host's own name.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.db import IntegrityError, transaction
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from opensegur.cabinet.comptes.connexion import ConnexionRefusee
from opensegur.cabinet.comptes.models import CleAcces, Compte
from opensegur.foundation.errors import InvalidValue

CLES_ADMISES: Final = 10
_VERIFIEE = UserVerificationRequirement.REQUIRED
# what a library may raise on bytes that somebody made up
_ILLISIBLE = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    struct.error,
    UnsupportedAlgorithm,
    NotImplementedError,
)

State = dict[str, Any]


def prepare(compte: Compte, host: str) -> tuple[dict[str, Any], State]:
    """What the browser needs to make a key, and what must be kept until it answers."""
    user = PublicKeyCredentialUserEntity(
        id=compte.pk.bytes, name=compte.identifiant, display_name=compte.nom_affiche or compte.identifiant
    )
    options, state = _server(host).register_begin(
        user,
        [_credential(key) for key in keys_of(compte)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIEE,
    )
    return dict(options), state


def add(compte: Compte, state: State, reponse: Mapping[str, Any], nom: str, host: str) -> CleAcces:
    """Keep the key that the browser made. Raises ``InvalidValue`` (CLE_REFUSEE, CLE_CONNUE, CLE_TROP)."""
    try:
        data = _server(host).register_complete(state, reponse)
        credential = data.credential_data
        if credential is None:
            raise _refused("no credential")
        _try_out(credential)
    except _ILLISIBLE as error:
        raise _refused(str(error)) from error
    if CleAcces.objects.filter(compte=compte).count() >= CLES_ADMISES:
        raise InvalidValue("CLE_TROP", "Vous avez déjà dix clés d’accès.", conseil="Retirez-en une d’abord.")
    try:
        with transaction.atomic():
            return CleAcces.objects.create(
                compte=compte,
                empreinte=_print_of(credential.credential_id),
                donnees=bytes(credential),
                signatures=data.counter,
                nom=nom.strip()[:60] or "Clé d’accès",
                creee_le=timezone.now(),
            )
    except IntegrityError as error:
        raise InvalidValue(
            "CLE_CONNUE", "Cette clé est déjà enregistrée.", conseil="Choisissez un autre appareil."
        ) from error


def challenge(host: str, compte: Compte | None = None) -> tuple[dict[str, Any], State]:
    """What the browser must have signed; ``compte``: by a key of this person only, else by whoever is known here."""
    known = [_credential(key) for key in keys_of(compte)] if compte else None
    options, state = _server(host).authenticate_begin(known, user_verification=_VERIFIEE)
    return dict(options), state


def recognise(state: State | None, reponse: Mapping[str, Any], host: str) -> CleAcces:
    """Whose key signed the challenge. Raises ``ConnexionRefusee`` (CONNEXION_CLE)."""
    if not state:
        raise _unknown("no challenge in this session")
    try:
        identifier = websafe_decode(reponse["rawId"])
        key = CleAcces.objects.select_related("compte").filter(empreinte=_print_of(identifier)).first()
        if key is None or not key.compte.is_active:
            raise _unknown("no such key")
        _server(host).authenticate_complete(state, [_credential(key)], reponse)
        data = AuthenticatorData(websafe_decode(reponse["response"]["authenticatorData"]))
    except _ILLISIBLE as error:
        raise _unknown(str(error)) from error
    _count(key, data.counter)
    return key


def keys_of(compte: Compte) -> list[CleAcces]:
    return list(CleAcces.objects.filter(compte=compte).order_by("creee_le", "pk"))


def _count(key: CleAcces, signatures: int) -> None:
    """A device that counts never goes back: a copy would (§6.1.1). Most passkeys are synced, and do not count."""
    if (signatures or key.signatures) and signatures <= key.signatures:
        raise _unknown("the signature counter went back")
    key.signatures = signatures
    key.utilisee_le = timezone.now()
    key.save(update_fields=["signatures", "utilisee_le"])


def _try_out(credential: AttestedCredentialData) -> None:
    """A public key that is no key would be kept, and never open anything."""
    with suppress(InvalidSignature):
        credential.public_key.verify(b"", b"")


def _server(host: str) -> Fido2Server:
    """``host``: as the browser calls us, port included; it was checked against the allowed hosts before."""
    name = host.rsplit(":", 1)[0]
    entity = PublicKeyCredentialRpEntity(id=name, name="OpenSégur")
    return Fido2Server(entity, attestation=AttestationConveyancePreference.NONE)


def _credential(key: CleAcces) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(key.donnees))


def _print_of(identifier: bytes) -> str:
    return hashlib.sha256(identifier).hexdigest()


def _refused(detail: str) -> InvalidValue:
    return InvalidValue(
        "CLE_REFUSEE",
        "Cette clé d’accès n’a pas pu être enregistrée.",
        conseil="Recommencez ; l’appareil doit vous demander votre doigt, votre visage ou son code.",
        detail=detail,
    )


def _unknown(detail: str) -> ConnexionRefusee:
    return ConnexionRefusee(
        "CONNEXION_CLE",
        "Cette clé d’accès n’ouvre rien ici.",
        conseil="Entrez avec votre mot de passe ou Pro Santé Connect, puis ajoutez-la dans Mon compte.",
        detail=detail,
    )
