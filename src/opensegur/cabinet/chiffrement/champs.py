"""Model fields whose content is encrypted in the database and in clear in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from opensegur.cabinet.chiffrement.chiffre import decrypt, encrypt
from opensegur.cabinet.chiffrement.trousseau import trousseau

if TYPE_CHECKING:
    _Champ = models.Field
else:
    _Champ = object


class ChampChiffre(_Champ):
    """What both fields share. Cannot be filtered on: keep a ``blind_index`` beside it for an exact look-up."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self._colonne()} is encrypted: filter on its blind index")

    def _colonne(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def _seal(self, clair: bytes, connection: Any) -> Any:
        return connection.Database.Binary(encrypt(trousseau(), self._colonne(), clair))

    def _open(self, stored: Any) -> bytes:
        return decrypt(trousseau(), self._colonne(), bytes(stored))


class ChampOctetsChiffres(ChampChiffre, models.BinaryField):
    """Bytes."""

    description = "Octets chiffrés (AES-256-GCM)"

    if TYPE_CHECKING:
        _pyi_private_get_type: bytes

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002, ARG002
        return None if value is None else self._seal(bytes(value), connection)

    def from_db_value(self, value: Any, expression: object, connection: object) -> bytes | None:  # noqa: ARG002
        return None if value is None else self._open(value)


class ChampTexteChiffre(ChampChiffre, models.TextField):
    """Text, stored as encrypted UTF-8; "" by default."""

    description = "Texte chiffré (AES-256-GCM)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002, ARG002
        return None if value is None else self._seal(str(value).encode("utf-8"), connection)

    def from_db_value(self, value: Any, expression: object, connection: object) -> str | None:  # noqa: ARG002
        return None if value is None else self._open(value).decode("utf-8")
