"""The Cryptolib through PKCS#11: where it lies on each platform, and the readers that it sees."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from opensegur.cps.errors import cps_error
from opensegur.cps.puce import Lecteur, Puce
from opensegur.cps.puce_pkcs11 import PucePkcs11, describe, load_binding

VARIABLE: Final = "OPENSEGUR_PKCS11"
EMPLACEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "linux": (
        "/usr/lib/libcps3_pkcs11.so",
        "/usr/lib64/libcps3_pkcs11.so",
        "/usr/local/lib/libcps3_pkcs11.so",
        "/usr/lib/libcps3_pkcs11_lux.so",
        "/usr/local/lib/libcps3_pkcs11_lux.so",
    ),
    "darwin": (
        "/usr/local/lib/libcps3_pkcs11_osx.dylib",
        "/usr/lib/libcps3_pkcs11_osx.dylib",
        "/Library/Frameworks/cps3.framework/cps3_pkcs11",
    ),
    "win32": (
        r"C:\Windows\System32\cps3_pkcs11_w64.dll",
        r"C:\Program Files\santesocial\CPS\cps3_pkcs11_w64.dll",
    ),
}
"""Where the Cryptolib CPS puts its library, by ``sys.platform``."""


def find_library(configured: Path | None = None, environ: Mapping[str, str] | None = None) -> Path:
    """The PKCS#11 library: ``configured``, else OPENSEGUR_PKCS11, else where the Cryptolib lies on this platform.

    Raises ``CpsError`` CPS_CRYPTOLIB.
    """
    chosen = str(configured or "") or (os.environ if environ is None else environ).get(VARIABLE, "")
    places = (chosen,) if chosen else EMPLACEMENTS.get(sys.platform, ())
    found = next((Path(place) for place in places if Path(place).is_file()), None)
    if found is None:
        raise cps_error("CPS_CRYPTOLIB", chosen or "not found")
    return found


class ModulePkcs11:
    """The readers that the library at ``path`` sees. One for a process: PKCS#11 logs a whole process in."""

    def __init__(self, path: Path) -> None:
        self._pkcs11 = load_binding()
        try:
            self._library: Any = self._pkcs11.lib(str(path))
        except Exception as error:
            # the binding raises RuntimeError for a file that is no library, PKCS11Error for one that fails
            raise cps_error("CPS_CRYPTOLIB", f"{path.name}: {type(error).__name__}") from error
        # the binding starts the library without threads: one call at a time, whichever the card
        self._lock = threading.RLock()
        self._open: set[int] = set()

    def readers(self) -> tuple[Lecteur, ...]:
        with self._lock:
            return tuple(describe(self._pkcs11, slot) for slot in self._slots())

    def refresh(self) -> None:
        """Load the library afresh. Never while a card is open: that would close it under its user."""
        with self._lock, self._said():
            if not self._open:
                self._library.reinitialize()

    def connect(self, lecteur: Lecteur) -> Puce:
        slot = next((each for each in self._slots() if each.slot_id == lecteur.numero), None)
        if slot is None:
            raise cps_error("CPS_LECTEUR_ABSENT", lecteur.nom)
        found = describe(self._pkcs11, slot)
        if not found.carte_presente:
            raise cps_error("CPS_CARTE_ABSENTE")
        with self._lock:
            opened = PucePkcs11(self._pkcs11, slot, found, lock=self._lock, on_close=self._closed)
            self._open.add(id(opened))
        return opened

    def _slots(self) -> list[Any]:
        with self._lock, self._said():
            self._library.initialize()  # another user of the library may have ended it
            return list(self._library.get_slots())

    def _closed(self, puce: PucePkcs11) -> None:
        with self._lock:
            self._open.discard(id(puce))

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except self._pkcs11.PKCS11Error as error:
            raise cps_error("CPS_LECTURE", type(error).__name__) from error
