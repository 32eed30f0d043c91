"""The key ring: kept outside the database, created once, with room for the keys that came before.

A JSON file readable by its owner alone, at the path of the setting ``OPENSEGUR_CLES``. Losing it is losing every
encrypted field: the guide says to keep a copy in a safe.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from opensegur.foundation.errors import ConfigurationError

_KEY_BYTES = 32
_CREATION = threading.Lock()


@dataclass(frozen=True, slots=True, repr=False)
class Trousseau:
    """``actuelle`` names the key that encrypts; ``cles`` holds every key that can decrypt."""

    actuelle: str
    cles: dict[str, bytes]
    index: bytes
    journal: bytes


def create_trousseau(path: Path) -> None:
    """Write new keys at ``path`` unless the file is there: two processes that start at once keep one ring."""
    content = {
        "actuelle": "1",
        "cles": {"1": _new_key()},
        "index": _new_key(),
        "journal": _new_key(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with _CREATION:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(content, stream)


def read_trousseau(path: Path) -> Trousseau:
    """Raises ``ConfigurationError`` when the file is missing or is not a key ring."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        cles = {name: _decode(value) for name, value in content["cles"].items()}
        trousseau = Trousseau(
            actuelle=content["actuelle"],
            cles=cles,
            index=_decode(content["index"]),
            journal=_decode(content["journal"]),
        )
    except FileNotFoundError as error:
        raise ConfigurationError(
            "CLES_ABSENTES",
            "Le trousseau de clés de chiffrement est introuvable.",
            conseil="Remettez la copie du fichier de clés à sa place, ou indiquez-la par OPENSEGUR_CLES.",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            "CLES_ILLISIBLES",
            "Le trousseau de clés de chiffrement est illisible.",
            conseil="Remettez une copie intacte du fichier de clés.",
        ) from error
    if trousseau.actuelle not in cles:
        raise ConfigurationError(
            "CLES_ILLISIBLES",
            "Le trousseau ne contient pas la clé qu’il désigne comme actuelle.",
            conseil="Remettez une copie intacte du fichier de clés.",
        )
    return trousseau


def add_key(path: Path) -> str:
    """Draw a key that encrypts from now on, and give its name; the former ones still decrypt."""
    ring = read_trousseau(path)
    name = str(max(int(each) for each in ring.cles) + 1)
    _write(path, Trousseau(name, {**ring.cles, name: secrets.token_bytes(_KEY_BYTES)}, ring.index, ring.journal))
    return name


def forget_former_keys(path: Path) -> None:
    """Keep the current key alone."""
    ring = read_trousseau(path)
    _write(path, Trousseau(ring.actuelle, {ring.actuelle: ring.cles[ring.actuelle]}, ring.index, ring.journal))


def trousseau() -> Trousseau:
    """The installation's key ring; a process at work sees that it was renewed."""
    path = os.fspath(settings.OPENSEGUR_CLES)
    try:
        written = os.stat(path).st_mtime_ns  # noqa: PTH116 - asked for each value
    except OSError:
        written = 0
    return _cached(path, written)


@lru_cache(maxsize=4)
def _cached(path: str, written: int) -> Trousseau:  # noqa: ARG001 - the moment of writing is the key of the cache
    return read_trousseau(Path(path))


def _write(path: Path, ring: Trousseau) -> None:
    """In the place of the former file, at once or not at all."""
    content = {
        "actuelle": ring.actuelle,
        "cles": {name: _encode(key) for name, key in ring.cles.items()},
        "index": _encode(ring.index),
        "journal": _encode(ring.journal),
    }
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _new_key() -> str:
    return _encode(secrets.token_bytes(_KEY_BYTES))


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _decode(value: str) -> bytes:
    key = base64.b64decode(value, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key of the wrong length")
    return key
