"""The throughput of the network, against the 5 Mbit/s that documents of several megabytes need.

Measured by downloading a file of a few megabytes from the address that the installation chose.
"""

from __future__ import annotations

import http.client
import time
from typing import Final
from urllib.parse import urlsplit

from opensegur.cabinet.diagnostic.constat import Constat, broken, good, watch

NEEDED: Final = 5.0  # Mbit/s
_SUBJECT: Final = "Débit"
_TIMEOUT: Final = 5.0
_LONGEST: Final = 4.0  # seconds of download at most: a slow line is known by then
_BLOCK: Final = 65536
_ENOUGH: Final = 262144


def check_throughput(url: str) -> Constat:
    """``url``: what to download, "" when nothing was chosen."""
    if not url:
        return watch(
            _SUBJECT,
            "Non mesuré : aucune adresse n’est choisie.",
            'Donnez celle d’un fichier de quelques Mo : debit = "https://…" sous [cabinet] dans opensegur.toml.',
        )
    try:
        received, seconds = _download(url)
    except (OSError, http.client.HTTPException) as error:
        return broken(_SUBJECT, f"Le fichier d’essai ne vient pas ({type(error).__name__}).", "Vérifiez le réseau.")
    if received < _ENOUGH:
        return watch(_SUBJECT, "Non mesuré : le fichier d’essai est trop petit.", "Choisissez-en un de quelques Mo.")
    return _judge(received * 8 / 1_000_000 / max(seconds, 0.001))


def _judge(rate: float) -> Constat:
    said = f"{rate:.0f} Mbit/s en réception, pour {NEEDED:.0f} nécessaires."
    if rate < NEEDED:
        return broken(_SUBJECT, said, "Les documents seront lents : voyez votre fournisseur d’accès.")
    return good(_SUBJECT, said)


def _download(url: str) -> tuple[int, float]:
    """Bytes and seconds, from the first byte on."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        connection.request("GET", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise http.client.HTTPException(str(answer.status))
        started, received = time.monotonic(), 0
        while (block := answer.read(_BLOCK)) and time.monotonic() - started < _LONGEST:
            received += len(block)
        return received, time.monotonic() - started
    finally:
        connection.close()
