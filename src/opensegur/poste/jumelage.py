"""The pairing with a server: asked by its page, accepted on the agent's own page, kept in a file of this account."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.poste.origines import check_origin

SECRET_OCTETS = 32
ATTENTE = 300.0
_POSTE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOM = 120


@dataclass(frozen=True, slots=True)
class Jumelage:
    """``origine``: the server's, letter for letter; ``poste``: how it names this workstation.

    ``secret`` is shared with it.
    Raises ``InvalidValue``.
    """

    origine: str
    poste: str
    secret: bytes
    structure: str

    def __post_init__(self) -> None:
        check_origin(self.origine)
        if not _POSTE.fullmatch(self.poste) or len(self.secret) != SECRET_OCTETS:
            raise InvalidValue("POSTE_JUMELAGE", "La demande de jumelage est incomplète.", conseil="Recommencez.")
        if not self.structure.isprintable() or not 0 < len(self.structure) <= _NOM:
            raise InvalidValue("POSTE_JUMELAGE", "Le nom de la structure est illisible.", conseil="Recommencez.")

    def __repr__(self) -> str:
        return f"Jumelage({self.origine!r}, {self.poste!r})"


@dataclass(frozen=True, slots=True)
class Demande:
    """A pairing that a page asks for: ``code`` is shown on both sides, ``fin`` is when it lapses (monotonic)."""

    jumelage: Jumelage
    code: str
    fin: float


def new_demand(jumelage: Jumelage, now: float) -> Demande:
    digits = f"{secrets.randbelow(1_000_000):06d}"
    return Demande(jumelage, f"{digits[:3]} {digits[3:]}", now + ATTENTE)


def parse_pairing(origine: str, said: Any) -> Jumelage:
    """What a page sends. Raises ``InvalidValue``."""
    fields = ("poste", "secret", "structure")
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in fields):
        raise InvalidValue("POSTE_JUMELAGE", "La demande de jumelage est incomplète.", conseil="Recommencez.")
    try:
        secret = base64.b64decode(said["secret"], validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidValue(
            "POSTE_JUMELAGE", "La demande de jumelage est illisible.", conseil="Recommencez."
        ) from error
    return Jumelage(origine, said["poste"], secret, said["structure"])


class Carnet:
    """The pairing of this account on this workstation, in ``fichier``, readable by its owner alone."""

    def __init__(self, fichier: Path) -> None:
        self._fichier = fichier

    def read(self) -> Jumelage | None:
        """Raises ``ConfigurationError`` POSTE_CARNET when the file is there and is not ours."""
        try:
            said = json.loads(self._fichier.read_text(encoding="utf-8"))
            return parse_pairing(said["origine"], said)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, InvalidValue) as error:
            raise ConfigurationError(
                "POSTE_CARNET",
                "Le jumelage de ce poste est illisible.",
                conseil="« opensegur poste oublier », puis jumelez de nouveau depuis la page « Ce poste ».",
                detail=type(error).__name__,
            ) from error

    def write(self, jumelage: Jumelage) -> None:
        """Whole or not at all."""
        said = {
            "origine": jumelage.origine,
            "poste": jumelage.poste,
            "secret": base64.b64encode(jumelage.secret).decode(),
            "structure": jumelage.structure,
        }
        new = self._fichier.with_suffix(".nouveau")
        try:
            self._fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(said, stream, ensure_ascii=False)
            new.replace(self._fichier)
        except OSError as error:
            raise ConfigurationError(
                "POSTE_CARNET",
                "Le jumelage de ce poste ne peut pas être enregistré.",
                conseil="Vérifiez les droits et la place dans votre dossier personnel.",
                detail=type(error).__name__,
            ) from error

    def forget(self) -> bool:
        """Whether there was one."""
        known = self._fichier.exists()
        self._fichier.unlink(missing_ok=True)
        return known
