"""Where the agent listens, and which pages may speak to it."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from opensegur.foundation.errors import InvalidValue

PORTS: Final = (41730, 41731, 41732, 41733, 41734)
"""The first that is free; a page tries them in this order."""

_LONGUEUR = 255


def own_hosts(port: int) -> frozenset[str]:
    """The only values of Host that are ours: a name that was made to point here is not (DNS rebinding)."""
    return frozenset({f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"})


def own_origins(port: int) -> frozenset[str]:
    return frozenset(f"http://{host}" for host in own_hosts(port))


def check_origin(text: str) -> str:
    """``text`` when it is the origin of a server that may be paired: https, or this very machine.

    Raises ``InvalidValue`` POSTE_ORIGINE. Nothing is normalised: a page is compared letter for letter.
    """
    try:
        parts = urlsplit(text)
        bare = f"{parts.scheme}://{parts.netloc}" == text and bool(parts.hostname) and not parts.username
        secure = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
        usable = bare and secure and text == text.lower() and text.isascii() and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or len(text) > _LONGUEUR:
        raise InvalidValue(
            "POSTE_ORIGINE",
            "Cette adresse n’est pas celle d’un serveur avec lequel ce poste peut être jumelé.",
            conseil="Ouvrez le cabinet à son adresse en https://, puis recommencez.",
        )
    return text


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
