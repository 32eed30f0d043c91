"""The Cryptolib through PKCS#11: where it lies, the readers, and a card behind the ``Puce`` port.

python-pkcs11 is loaded here alone and only when a card is asked for.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from opensegur.cps.errors import Essais, code_refused, cps_error
from opensegur.cps.puce import Lecteur, ObjetCertificat, ObjetCle, Puce
from opensegur.foundation.ports import HashName

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

# what a card that left its reader answers, depending on the library and on the moment
_GONE = ("TokenNotPresent", "SessionHandleInvalid", "SessionClosed", "DeviceRemoved", "SlotIDInvalid", "NoSuchToken")
_LOST = ("DeviceError", "GeneralError", "TokenNotRecognised", "FunctionFailed", "ObjectHandleInvalid")


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
        self._pkcs11 = _load_binding()
        try:
            self._library: Any = self._pkcs11.lib(str(path))
        except Exception as error:
            # the binding raises RuntimeError for a file that is no library, PKCS11Error for one that fails
            raise cps_error("CPS_CRYPTOLIB", f"{path.name}: {type(error).__name__}") from error
        self._lock = threading.RLock()
        self._open: set[int] = set()

    def readers(self) -> tuple[Lecteur, ...]:
        return tuple(self._describe(slot) for slot in self._slots())

    def refresh(self) -> None:
        """Load the library afresh. Never while a card is open: that would close it under its user."""
        with self._lock, self._said():
            if not self._open:
                self._library.reinitialize()

    def connect(self, lecteur: Lecteur) -> Puce:
        slot = next((each for each in self._slots() if each.slot_id == lecteur.numero), None)
        if slot is None:
            raise cps_error("CPS_LECTEUR_ABSENT", lecteur.nom)
        found = self._describe(slot)
        if not found.carte_presente:
            raise cps_error("CPS_CARTE_ABSENTE")
        return PucePkcs11(self._pkcs11, slot, self, found)

    def _slots(self) -> list[Any]:
        with self._lock, self._said():
            return list(self._library.get_slots())

    def _opened(self, puce: object) -> None:
        with self._lock:
            self._open.add(id(puce))

    def _closed(self, puce: object) -> None:
        with self._lock:
            self._open.discard(id(puce))

    def _describe(self, slot: Any) -> Lecteur:
        bare = Lecteur(slot.slot_id, slot.slot_description.strip())
        try:
            token = slot.get_token()
        except self._pkcs11.PKCS11Error:
            return bare  # an empty reader, or a card that this library does not know
        if not token.flags & self._pkcs11.TokenFlag.TOKEN_INITIALIZED:
            return bare
        return Lecteur(
            slot.slot_id,
            bare.nom,
            carte_presente=True,
            label=token.label.strip(),
            serie=token.serial.decode("ascii", "replace").strip("\0 "),
            essais=_tries(self._pkcs11.TokenFlag, token.flags),
        )

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except self._pkcs11.PKCS11Error as error:
            raise cps_error("CPS_LECTURE", type(error).__name__) from error


class PucePkcs11:
    """One card behind the ``Puce`` port."""

    def __init__(self, pkcs11: ModuleType, slot: Any, module: ModulePkcs11, lecteur: Lecteur) -> None:
        self._pkcs11 = pkcs11
        self._slot = slot
        self._module = module
        self._serie = lecteur.serie
        with self._said():
            self._session: Any = slot.get_token().open()
        module._opened(self)  # noqa: SLF001 - the two halves of one adapter

    @property
    def lecteur(self) -> Lecteur:
        found = self._module._describe(self._slot)  # noqa: SLF001 - the two halves of one adapter
        if not found.carte_presente or found.serie != self._serie:
            raise cps_error("CPS_CARTE_RETIREE")
        return found

    def certificates(self) -> tuple[ObjetCertificat, ...]:
        attribute = self._pkcs11.Attribute
        return tuple(
            ObjetCertificat(label, ident, value)
            for label, ident, value in self._read(
                self._pkcs11.ObjectClass.CERTIFICATE, attribute.LABEL, attribute.ID, attribute.VALUE
            )
        )

    def data(self) -> Mapping[str, bytes]:
        attribute = self._pkcs11.Attribute
        found = self._read(self._pkcs11.ObjectClass.DATA, attribute.LABEL, attribute.VALUE)
        return {label: value or b"" for label, value in found}

    def keys(self) -> tuple[ObjetCle, ...]:
        attribute = self._pkcs11.Attribute
        return tuple(
            ObjetCle(label, ident, int.from_bytes(modulus or b"", "big"))
            for label, ident, modulus in self._read(
                self._pkcs11.ObjectClass.PRIVATE_KEY, attribute.LABEL, attribute.ID, attribute.MODULUS
            )
        )

    def login(self, pin: str) -> None:
        # PKCS#11 logs a token in and not a session: the public session is replaced by one that is logged in
        try:
            with self._said():
                opened = self._slot.get_token().open(user_pin=pin)
        except _Pin as error:
            raise code_refused(error.code, self.lecteur.essais) from None
        previous, self._session = self._session, opened
        with suppress(Exception):
            previous.close()

    def logout(self) -> None:
        with self._said():
            self._session.close()
            self._session = self._slot.get_token().open()

    def sign(self, key: ObjetCle, data: bytes, hash_name: HashName) -> bytes:
        mechanism = self._pkcs11.Mechanism
        chosen = mechanism.SHA256_RSA_PKCS if hash_name == "sha256" else mechanism.SHA1_RSA_PKCS
        attributes = {
            self._pkcs11.Attribute.CLASS: self._pkcs11.ObjectClass.PRIVATE_KEY,
            self._pkcs11.Attribute.LABEL: key.label,
            self._pkcs11.Attribute.ID: key.ident,
        }
        with self._said():
            found = list(self._session.get_objects(attributes))
            self._check_still_there(found)
            if len(found) != 1:
                raise cps_error("CPS_CLE_AMBIGUE" if found else "CPS_CLE_ABSENTE", key.label)
            return bytes(found[0].sign(data, mechanism=chosen))

    def close(self) -> None:
        with suppress(Exception):
            self._session.close()
        self._module._closed(self)  # noqa: SLF001 - the two halves of one adapter

    def _read(self, kind: Any, *wanted: Any) -> list[tuple[Any, ...]]:
        with self._said():
            found = list(self._session.get_objects({self._pkcs11.Attribute.CLASS: kind}))
            self._check_still_there(found)
            return [tuple(self._attribute(item, each) for each in wanted) for item in found]

    def _check_still_there(self, found: list[Any]) -> None:
        # a card that is gone may look like one that has nothing
        if not found and self._is_gone():
            raise cps_error("CPS_CARTE_RETIREE")

    def _attribute(self, item: Any, attribute: Any) -> Any:
        empty: Any = "" if attribute == self._pkcs11.Attribute.LABEL else b""
        try:
            return item[attribute] or empty
        except (self._pkcs11.AttributeTypeInvalid, self._pkcs11.AttributeSensitive):
            return empty

    @contextmanager
    def _said(self) -> Iterator[None]:
        """The binding's errors in our words; another card in the reader is not this one."""
        try:
            yield
        except self._pkcs11.PKCS11Error as error:
            name = type(error).__name__
            if name in _PIN:
                raise _Pin(_PIN[name]) from None
            if name in _GONE or (name in _LOST and self._is_gone()):
                raise cps_error("CPS_CARTE_RETIREE", name) from error
            if name in _OTHERS:
                raise cps_error(_OTHERS[name], name) from error
            raise cps_error("CPS_LECTURE", name) from error

    def _is_gone(self) -> bool:
        found = self._module._describe(self._slot)  # noqa: SLF001 - the two halves of one adapter
        return not found.carte_presente or found.serie != self._serie


class _Pin(Exception):
    """The card refused the code; ``code`` is ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_PIN = {
    "PinIncorrect": "CPS_PIN_FAUX",
    "PinLocked": "CPS_PIN_BLOQUE",
    "PinLenRange": "CPS_PIN_FORME",
    "PinInvalid": "CPS_PIN_FORME",
}
_OTHERS = {
    "UserNotLoggedIn": "CPS_PIN_DEMANDE",
    "MechanismInvalid": "CPS_MECANISME",
    "NoSuchKey": "CPS_CLE_ABSENTE",
    "UserAlreadyLoggedIn": "CPS_DEJA_OUVERTE",
}


def _tries(flag: Any, flags: Any) -> Essais:
    if flags & flag.USER_PIN_LOCKED:
        return Essais.BLOQUE
    if flags & flag.USER_PIN_FINAL_TRY:
        return Essais.DERNIER
    return Essais.ENTAMES if flags & flag.USER_PIN_COUNT_LOW else Essais.INTACTS


def _load_binding() -> ModuleType:
    try:
        import pkcs11  # noqa: PLC0415 - an optional library
    except ImportError as error:
        raise cps_error("CPS_BIBLIOTHEQUE", error.name or "pkcs11") from error
    return pkcs11
