"""A card of PKCS#11 behind the ``Puce`` port, its errors in our words.

python-pkcs11 is loaded here alone and only when a card is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from types import ModuleType
from typing import Any

from opensegur.cps.errors import Essais, code_refused, cps_error
from opensegur.cps.puce import Lecteur, ObjetCertificat, ObjetCle
from opensegur.foundation.ports import HashName

# what a card that left its reader answers, depending on the library and on the moment
_GONE = ("TokenNotPresent", "SessionHandleInvalid", "SessionClosed", "DeviceRemoved", "SlotIDInvalid", "NoSuchToken")
_LOST = ("DeviceError", "GeneralError", "TokenNotRecognised", "FunctionFailed", "ObjectHandleInvalid")


class PucePkcs11:
    """One card behind the ``Puce`` port."""

    def __init__(
        self,
        pkcs11: ModuleType,
        slot: Any,
        lecteur: Lecteur,
        *,
        lock: AbstractContextManager[Any],
        on_close: Callable[[PucePkcs11], None],
    ) -> None:
        self._pkcs11 = pkcs11
        self._slot = slot
        self._lock = lock
        self._on_close = on_close
        self._serie = lecteur.serie
        with self._said():
            self._session: Any = slot.get_token().open()

    @property
    def lecteur(self) -> Lecteur:
        found = self._describe()
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
        with self._said():
            opened = self._slot.get_token().open(user_pin=pin)
        previous, self._session = self._session, opened
        with self._lock, suppress(Exception):
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
        with self._lock, suppress(Exception):
            self._session.close()
        self._on_close(self)

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
        except (self._pkcs11.AttributeTypeInvalid, self._pkcs11.AttributeSensitive, UnicodeDecodeError):
            return empty

    @contextmanager
    def _said(self) -> Iterator[None]:
        """The binding's errors in our words; another card in the reader is not this one."""
        try:
            with self._lock:
                yield
        except self._pkcs11.PKCS11Error as error:
            name = type(error).__name__
            if name in _PIN:
                raise code_refused(_PIN[name], self._describe().essais) from None
            if name in _GONE or (name in _LOST and self._is_gone()):
                raise cps_error("CPS_CARTE_RETIREE", name) from error
            if name in _OTHERS:
                raise cps_error(_OTHERS[name], name) from error
            raise cps_error("CPS_LECTURE", name) from error

    def _describe(self) -> Lecteur:
        with self._lock:
            return describe(self._pkcs11, self._slot)

    def _is_gone(self) -> bool:
        found = self._describe()
        return not found.carte_presente or found.serie != self._serie


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


def describe(pkcs11: ModuleType, slot: Any) -> Lecteur:
    """A reader and its card now."""
    bare = Lecteur(slot.slot_id, slot.slot_description.strip())
    try:
        token = slot.get_token()
    except pkcs11.PKCS11Error:
        return bare  # an empty reader, or a card that this library does not know
    if not token.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED:
        return bare
    return Lecteur(
        slot.slot_id,
        bare.nom,
        carte_presente=True,
        label=token.label.strip(),
        serie=token.serial.decode("ascii", "replace").strip("\0 "),
        essais=_tries(pkcs11.TokenFlag, token.flags),
    )


def _tries(flag: Any, flags: Any) -> Essais:
    if flags & flag.USER_PIN_LOCKED:
        return Essais.BLOQUE
    if flags & flag.USER_PIN_FINAL_TRY:
        return Essais.DERNIER
    return Essais.ENTAMES if flags & flag.USER_PIN_COUNT_LOW else Essais.INTACTS


def load_binding() -> ModuleType:
    try:
        import pkcs11  # noqa: PLC0415 - an optional library
    except ImportError as error:
        raise cps_error("CPS_BIBLIOTHEQUE", error.name or "pkcs11") from error
    return pkcs11
