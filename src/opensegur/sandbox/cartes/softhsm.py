"""Cards as tokens of SoftHSM2, and the reader into which they are put: one folder that SoftHSM2 looks at.

A card that is not in the reader lies beside it; putting it in is moving its folder. Whoever reads takes
``SOFTHSM2_CONF`` and the library from ``environment``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.sandbox.cartes.modele import AUTHENTIFICATION, SIGNATURE, CarteFaite, Paire

DOSSIER: Final = "cartes-cps"
_READER, _BOX = "lecteur", "cartes"
_SO_PIN = "87654321"
_LIBRARIES: Final = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    r"C:\SoftHSM2\lib\softhsm2-x64.dll",
)


def find_softhsm(chosen: str = "") -> Path:
    """Raises ``ConfigurationError`` SOFTHSM_ABSENT."""
    found = next((Path(place) for place in ((chosen,) if chosen else _LIBRARIES) if Path(place).is_file()), None)
    if found is None:
        raise ConfigurationError(
            "SOFTHSM_ABSENT",
            "SoftHSM2, qui tient lieu de carte et de lecteur, n’est pas installé.",
            conseil="Sous Debian : « apt install softhsm2 ». Ailleurs, donnez sa bibliothèque avec --softhsm.",
            detail=chosen,
        )
    return found


class LecteurSoftHsm:
    """The reader of one sandbox, under ``folder``, and the box of its cards."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._reader, self._box = folder / _READER, folder / _BOX
        self._configuration = folder / "softhsm2.conf"
        self._library = library
        for each in (self._reader, self._box):
            each.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(
            f"directories.tokendir = {self._reader.absolute()}\nobjectstore.backend = file\nlog.level = ERROR\n"
            "slots.removable = true\n",
            encoding="utf-8",
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs in its environment to see this reader."""
        return {"SOFTHSM2_CONF": str(self._configuration.absolute()), "OPENSEGUR_PKCS11": str(self._library)}

    def cards(self) -> list[tuple[str, bool]]:
        """The cards by name, and whether each is in the reader."""
        inside = {path.name: True for path in self._reader.iterdir() if path.is_dir()}
        return sorted({**{path.name: False for path in self._box.iterdir() if path.is_dir()}, **inside}.items())

    def write(self, card: CarteFaite) -> None:
        """Put ``card`` on a token, alone in the reader. Raises ``ConfigurationError``."""
        self.remove()
        before = set(self._reader.iterdir())
        self._initialize(card)
        self._fill(card)
        (token,) = set(self._reader.iterdir()) - before
        # SoftHSM2 knows a token by what is inside its folder, not by its name
        token.rename(self._reader / card.nom)

    def insert(self, name: str) -> None:
        """Put a card of the box in the reader, in the place of the one there. Raises ``InvalidValue`` CARTE_NOM."""
        if (self._reader / name).is_dir() and Path(name).name == name:
            return
        if Path(name).name != name or not (self._box / name).is_dir():
            raise InvalidValue("CARTE_NOM", "Aucune carte du bac à sable n’a ce nom.", conseil="Listez-les.")
        self.remove()
        shutil.move(self._box / name, self._reader / name)

    def remove(self) -> None:
        """Take the card out of the reader, as a hand would: whatever was using it finds it gone."""
        for token in list(self._reader.iterdir()):
            shutil.move(token, self._box / token.name)

    def _initialize(self, card: CarteFaite) -> None:
        command = ["softhsm2-util", "--module", str(self._library), "--init-token", "--free", "--label", card.label]
        try:
            subprocess.run(  # noqa: S603 - a fixed program; the code is that of a card of test # nosec B603
                [*command, "--pin", card.pin, "--so-pin", _SO_PIN],
                check=True,
                capture_output=True,
                env={**os.environ, **self.environment},
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise ConfigurationError(
                "SOFTHSM_ECHEC",
                "SoftHSM2 n’a pas pu faire la carte.",
                conseil="Vérifiez que softhsm2-util est installé et que le dossier des données est à vous.",
                detail=type(error).__name__,
            ) from error

    def _fill(self, card: CarteFaite) -> None:
        pkcs11 = _binding()
        os.environ.update(self.environment)
        library = pkcs11.lib(str(self._library))
        library.reinitialize()  # SoftHSM2 reads its configuration and its tokens then only
        try:
            with library.get_token(token_label=card.label).open(rw=True, user_pin=card.pin) as session:
                _write_pair(pkcs11, session, AUTHENTIFICATION, card.authentification)
                _write_pair(pkcs11, session, SIGNATURE, card.signature)
                for objects, private in ((card.libres, False), (card.reservees, True)):
                    for label, value in objects.items():
                        _write_data(pkcs11, session, label, value, private=private)
        finally:
            library.finalize()


def _write_pair(pkcs11: ModuleType, session: Any, names: tuple[str, bytes], pair: Paire) -> None:
    from pkcs11.util.rsa import decode_rsa_private_key  # noqa: PLC0415 - an optional library

    (label, ident), (certificate, key) = names, pair
    attribute = pkcs11.Attribute
    written = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    session.create_object(
        {
            **decode_rsa_private_key(written),
            attribute.TOKEN: True,
            attribute.PRIVATE: True,
            attribute.SIGN: True,
            attribute.LABEL: label,
            attribute.ID: ident,
        }
    )
    session.create_object(
        {
            attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
            attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            attribute.TOKEN: True,
            attribute.PRIVATE: False,
            attribute.LABEL: f"Certificat {label.removeprefix('CPS_PRIV_')}",
            attribute.ID: ident,
            attribute.SUBJECT: b"",
            attribute.VALUE: certificate.public_bytes(Encoding.DER),
        }
    )


def _write_data(pkcs11: ModuleType, session: Any, label: str, value: bytes, *, private: bool) -> None:
    attribute = pkcs11.Attribute
    session.create_object(
        {
            attribute.CLASS: pkcs11.ObjectClass.DATA,
            attribute.TOKEN: True,
            attribute.PRIVATE: private,
            attribute.LABEL: label,
            attribute.VALUE: value,
        }
    )


def _binding() -> ModuleType:
    try:
        import pkcs11  # noqa: PLC0415 - an optional library
    except ImportError as error:
        raise ConfigurationError(
            "SOFTHSM_BIBLIOTHEQUE",
            "La bibliothèque python-pkcs11 n’est pas installée.",
            conseil="Installez OpenSégur avec ses cartes : « pip install opensegur[cps] ».",
        ) from error
    return pkcs11
