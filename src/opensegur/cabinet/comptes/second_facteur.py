"""The code of the phone, asked after the password: time-based one-time passwords (RFC 6238) and paper codes.

SHA-1, six digits and thirty seconds are what every authenticator application accepts without a setting.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time

import zxingcpp
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.comptes.models import CodeSecours, Compte, SecondFacteur

PERIODE = 30  # seconds
_SECRET = 20  # bytes, RFC 4226 §4
_ECART = 1  # periods of clock drift accepted on either side, RFC 6238 §5.2
_CHIFFRES = 6
_CODES_PAPIER = 8
PAPIER_BAS = 2
_MODULE = 4  # pixels
_OCTETS_PAPIER = 15  # 120 bits: a plain digest is enough to keep them
_EMETTEUR = "OpenSégur"


def is_active(compte: Compte) -> bool:
    return SecondFacteur.objects.filter(compte=compte, actif_depuis__isnull=False).exists()


def begin(compte: Compte) -> SecondFacteur:
    """The secret to show to the phone; the same one until it is confirmed."""
    factor, _ = SecondFacteur.objects.get_or_create(compte=compte, defaults={"secret": secrets.token_bytes(_SECRET)})
    return factor


def begun(compte: Compte) -> SecondFacteur | None:
    """The secret that waits for a first code."""
    return SecondFacteur.objects.filter(compte=compte, actif_depuis=None).first()


def typed_secret(factor: SecondFacteur) -> str:
    """For whoever cannot scan: base 32 by four."""
    text = base64.b32encode(bytes(factor.secret)).decode()
    return " ".join(text[rank : rank + 4] for rank in range(0, len(text), 4))


def drawn_secret(factor: SecondFacteur) -> str:
    """The ``otpauth`` address as a QR code, SVG without its prologue."""
    uri = _totp(factor).get_provisioning_uri(factor.compte.identifiant, _EMETTEUR)
    svg = str(zxingcpp.create_barcode(uri, zxingcpp.QRCode).to_svg(scale=_MODULE))
    return svg[svg.index("<svg") :]


@transaction.atomic
def confirm(factor: SecondFacteur, code: str) -> tuple[str, ...]:
    """The phone has the secret: it is asked from now on. The paper codes, shown once; () when the code is wrong."""
    if not _spend(factor.compte, code):
        return ()
    SecondFacteur.objects.filter(pk=factor.pk).update(actif_depuis=timezone.now())
    return renew_paper(factor.compte)


def accepts(compte: Compte, code: str) -> bool:
    """A code of the phone or a paper code; either serves once."""
    typed = "".join(code.split()).replace("-", "")
    return _spend(compte, typed) if len(typed) == _CHIFFRES else _spend_paper(compte, typed)


@transaction.atomic
def renew_paper(compte: Compte) -> tuple[str, ...]:
    """New paper codes in the place of the former ones."""
    CodeSecours.objects.filter(compte=compte).delete()
    codes = tuple(base64.b32encode(secrets.token_bytes(_OCTETS_PAPIER)).decode() for _ in range(_CODES_PAPIER))
    CodeSecours.objects.bulk_create(CodeSecours(compte=compte, empreinte=_digest(code)) for code in codes)
    return tuple("-".join(code[rank : rank + 6] for rank in range(0, len(code), 6)) for code in codes)


def paper_left(compte: Compte) -> int:
    return CodeSecours.objects.filter(compte=compte).count()


@transaction.atomic
def remove(compte: Compte) -> None:
    SecondFacteur.objects.filter(compte=compte).delete()
    CodeSecours.objects.filter(compte=compte).delete()


def _spend(compte: Compte, code: str) -> bool:
    """True once for each period: two requests with the same code do not both pass."""
    factor = SecondFacteur.objects.filter(compte=compte).first()
    typed = "".join(code.split())
    if factor is None or not (typed.isascii() and typed.isdecimal() and len(typed) == _CHIFFRES):
        return False
    period = _period_of(factor, typed)
    return bool(
        period and SecondFacteur.objects.filter(pk=factor.pk, dernier_pas__lt=period).update(dernier_pas=period)
    )


def _period_of(factor: SecondFacteur, code: str) -> int:
    """The period near now whose code this is, 0 if none."""
    totp = _totp(factor)
    now = int(time.time()) // PERIODE
    for period in range(now - _ECART, now + _ECART + 1):
        try:
            totp.verify(code.encode(), period * PERIODE)
        except InvalidToken:
            continue
        return period
    return 0


def _spend_paper(compte: Compte, code: str) -> bool:
    deleted, _ = CodeSecours.objects.filter(compte=compte, empreinte=_digest(code.upper())).delete()
    return bool(deleted)


def _totp(factor: SecondFacteur) -> TOTP:
    return TOTP(bytes(factor.secret), _CHIFFRES, SHA1(), PERIODE)  # noqa: S303 - HMAC of RFC 6238 # nosec B303


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
