"""A certificate and its key, read from the bytes that somebody gave: PKCS#12, PEM, or DER with its key beside.

Run as a program (``python -m``): one question on the input, one answer on the output. Deriving a key from a password
takes as long and as much memory as the file asks, so this happens in a process of its own, bounded (``ouverture``).
"""

from __future__ import annotations

import base64
import json
import sys
from contextlib import suppress
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.errors import ConfigurationError, OpenSegurError

_PEM = b"-----BEGIN"
_PKCS12 = b"\x02\x01\x03"  # its version, 3, comes first (RFC 7292 §4)
_AUTORITES = 8
_MEMOIRE = 1024**3


class FichierRefuse(OpenSegurError):
    """What was given is not a certificate with its key, or does not open."""


def read_pair(data: bytes, key: bytes, password: str) -> tuple[list[x509.Certificate], rsa.RSAPrivateKey]:
    """The certificate, its authorities after it, and the key. Raises ``FichierRefuse``, ``ConfigurationError``."""
    secret = password.encode() or None
    if _PEM in data:
        certificates, private = _from_pem(data, key or data, secret)
    elif _PKCS12 in data[:16]:
        certificates, private = _from_pkcs12(data, secret)
    elif key:
        certificates, private = [_one_der(data)], _load_key(key, secret)
    else:
        raise _refused("CERT_FORMAT", "Ce fichier n’est ni un .p12 (.pfx), ni un certificat PEM avec sa clé.",
                       "Donnez le fichier reçu de l’IGC-Santé, ou le certificat et la clé.")  # fmt: skip
    return _in_order(certificates, private), private


def _from_pkcs12(data: bytes, secret: bytes | None) -> tuple[list[x509.Certificate], rsa.RSAPrivateKey]:
    try:
        found = load_pkcs12(data, secret)
    except (ValueError, TypeError) as error:
        raise _wrong_password(secret) from error
    except UnsupportedAlgorithm as error:
        raise _refused("CERT_FORMAT", "Ce fichier est chiffré d’une façon que ce logiciel ne connaît pas.",
                       "Refaites-le depuis le magasin de certificats, chiffré par AES-256.") from error  # fmt: skip
    if found.key is None:
        raise _without_key()
    entries = [found.cert] if found.cert else []
    return [each.certificate for each in (*entries, *found.additional_certs)], _rsa(found.key)


def _from_pem(data: bytes, key: bytes, secret: bytes | None) -> tuple[list[x509.Certificate], rsa.RSAPrivateKey]:
    try:
        certificates = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise _refused("CERT_FORMAT", "Il n’y a pas de certificat lisible dans ce fichier.",
                       "Donnez le certificat dans « Fichier », et sa clé dans « Clé ».") from error  # fmt: skip
    return certificates, _load_key(key, secret)


def _one_der(data: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(data)
    except ValueError as error:
        raise _refused("CERT_FORMAT", "Ce fichier n’est pas un certificat.", "Donnez un .p12 ou un PEM.") from error


def _load_key(data: bytes, secret: bytes | None) -> rsa.RSAPrivateKey:
    load = load_pem_private_key if _PEM in data else load_der_private_key
    try:
        return _rsa(load(data, secret))
    except TypeError as error:  # one is missing, or one is given for a key in clear
        if secret is None:
            raise _wrong_password(secret) from error
        return _load_key(data, None)
    except (ValueError, UnsupportedAlgorithm) as error:
        if b"PRIVATE KEY" not in data and _PEM in data:
            raise _without_key() from error
        raise _wrong_password(secret) from error


def _in_order(found: list[x509.Certificate], private: rsa.RSAPrivateKey) -> list[x509.Certificate]:
    """That of the key first."""
    own = [each for each in found if _public_of(each) == private.public_key()]
    if not own:
        raise _refused("CERT_CLE", "La clé n’est pas celle de ce certificat.",
                       "Donnez le certificat et la clé d’une même demande.")  # fmt: skip
    SoftwareSigner(own[0], private)  # says when the key is too short
    return [own[0], *(each for each in found if each != own[0])][: _AUTORITES + 1]


def _public_of(certificate: x509.Certificate) -> Any:
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def _rsa(key: PrivateKeyTypes) -> rsa.RSAPrivateKey:
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigurationError(
            "CERT_KEY_TYPE",
            "La clé privée n’est pas une clé RSA.",
            conseil="Les services nationaux demandent un certificat RSA de l’IGC-Santé.",
        )
    return key


def _wrong_password(secret: bytes | None) -> FichierRefuse:
    if secret is None:
        return _refused("CERT_MOT_DE_PASSE", "Ce fichier demande un mot de passe, ou est abîmé.",
                        "Donnez le mot de passe reçu avec le certificat.")  # fmt: skip
    return _refused("CERT_MOT_DE_PASSE", "Le mot de passe est faux, ou le fichier est abîmé.",
                    "Retapez le mot de passe reçu avec le certificat.")  # fmt: skip


def _without_key() -> FichierRefuse:
    return _refused("CERT_SANS_CLE", "Ce fichier ne contient pas la clé du certificat.",
                    "Donnez aussi le fichier de la clé, ou le .p12 qui tient les deux.")  # fmt: skip


def _refused(code: str, message: str, conseil: str) -> FichierRefuse:
    return FichierRefuse(code, message, conseil=conseil)


def answer(question: str) -> dict[str, Any]:
    """``certificats`` in PEM and ``cle`` in PKCS#8, or the error."""
    asked = json.loads(question)
    try:
        data, key = (base64.b64decode(asked[name]) for name in ("fichier", "cle"))
        certificates, private = read_pair(data, key, asked["mot_de_passe"])
        pem = "".join(each.public_bytes(Encoding.PEM).decode("ascii") for each in certificates)
        der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    except OpenSegurError as error:
        return {"code": error.code, "message": error.message, "conseil": error.conseil}
    except Exception as error:  # noqa: BLE001 - hostile bytes bring out the parsers' own
        unreadable = _refused("CERT_FORMAT", "Ce fichier est illisible.", "Donnez le fichier reçu de l’IGC-Santé.")
        return {"code": unreadable.code, "message": unreadable.message, "conseil": f"{unreadable.conseil}"} | {
            "detail": type(error).__name__
        }
    return {"certificats": pem, "cle": base64.b64encode(der).decode("ascii")}


def limit_memory() -> None:
    """Where the system knows how: scrypt takes what the file asks for (RFC 7914 §2)."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - absent from Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMOIRE, _MEMOIRE))


if __name__ == "__main__":
    limit_memory()
    json.dump(answer(sys.stdin.read()), sys.stdout)
