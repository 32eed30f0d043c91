"""The last head of each chain, kept outside the database: what shows that its end was cut off.

``journal.tetes`` in the data folder, rewritten at each sealing and authenticated by the key of the journal: whoever
has the database alone can neither shorten a chain nor write another head.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from opensegur.foundation.errors import ConfigurationError

_FICHIER = "journal.tetes"


@dataclass(frozen=True, slots=True)
class Tete:
    rang: int
    empreinte: str


def read_heads(key: bytes) -> dict[str, Tete]:
    """By structure; none before the first sealing. Raises ``ConfigurationError`` (JOURNAL_TETES): a forged file."""
    try:
        content = json.loads(_file().read_bytes())
        signed = hmac.compare_digest(str(content["sceau"]).encode(), _seal(content["tetes"], key).encode())
        heads = {ref: Tete(int(rank), str(print_)) for ref, (rank, print_) in content["tetes"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        signed, heads = False, {}
    if not signed:
        raise ConfigurationError(
            "JOURNAL_TETES",
            f"Le fichier « {_FICHIER} » a été modifié : il ne prouve plus rien.",
            conseil="Reprenez-le d’une sauvegarde, et gardez celui-ci pour l’enquête.",
        )
    return heads


def write_heads(changed: Mapping[str, Tete], key: bytes) -> None:
    """Those that moved, beside the others; the file is replaced at once or not at all."""
    heads = {ref: [head.rang, head.empreinte] for ref, head in (read_heads(key) | dict(changed)).items()}
    text = json.dumps({"tetes": heads, "sceau": _seal(heads, key)}, ensure_ascii=False, indent=1, sort_keys=True)
    fresh = _file().with_suffix(f".{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(_file())


def _seal(heads: object, key: bytes) -> str:
    text = json.dumps(heads, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, b"tetes" + text.encode(), hashlib.sha256).hexdigest()


def _file() -> Path:
    folder: Path = settings.REGLAGES.donnees
    return folder / _FICHIER
