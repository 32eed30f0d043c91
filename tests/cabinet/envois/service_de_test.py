"""What stands for the national service: a folder with one file per identifier.

Like the DMP, it refuses a second document with the same identifier.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from opensegur.cabinet.envois.expediteurs import Reussite

if TYPE_CHECKING:
    from opensegur.cabinet.envois.models import Envoi


class ServiceDeTest:
    def __init__(self, folder: Path, step: Callable[[str], None] = lambda _: None) -> None:
        self._folder = folder
        self._step = step

    def envoyer(self, envoi: Envoi) -> Reussite:
        self._step("avant_envoi")
        try:
            with (self._folder / envoi.identifiants["document"]).open("xb") as stream:
                stream.write(bytes(envoi.contenu))
        except FileExistsError:
            return Reussite(deja_present=True)
        self._step("apres_envoi")
        return Reussite()
