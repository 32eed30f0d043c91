"""Model fields whose content is encrypted in the database and in clear in Python."""

from __future__ import annotations

from typing import Any

from django.db import models

from opensegur.cabinet.chiffrement.chiffre import decrypt, encrypt
from opensegur.cabinet.chiffrement.trousseau import trousseau


class ChampOctetsChiffres(models.BinaryField):
    """Bytes. Cannot be filtered on: keep a ``blind_index`` beside it for an exact look-up."""

    description = "Octets chiffrés (AES-256-GCM)"

    def _colonne(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        if value is None:
            return None
        sealed = encrypt(trousseau(), self._colonne(), bytes(value))
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: Any, expression: object, connection: object) -> bytes | None:  # noqa: ARG002
        return None if value is None else decrypt(trousseau(), self._colonne(), bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self._colonne()} is encrypted: filter on its blind index")


class ChampTexteChiffre(ChampOctetsChiffres):
    """Text, stored as encrypted UTF-8."""

    description = "Texte chiffré (AES-256-GCM)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self) -> list[Any]:
        return []  # text is what this field holds: BinaryField's own check asks for bytes

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        return super().get_db_prep_value(None if value is None else str(value).encode("utf-8"), connection, prepared)

    def from_db_value(self, value: Any, expression: object, connection: object) -> str | None:  # type: ignore[override]
        clair = super().from_db_value(value, expression, connection)
        return None if clair is None else clair.decode("utf-8")

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))
