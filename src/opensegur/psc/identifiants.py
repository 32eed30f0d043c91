"""The national identifier of a person, as a person types it.

Source: digest of identifiers (TRE_G08): ``8`` and the RPPS for most, ``3``, ``4``, ``5`` or ``6`` and a register for
those who have a card of an establishment, ``ANS…`` for the test identities of the editors' portal.
"""

from __future__ import annotations

import re

from opensegur.foundation.cles import luhn
from opensegur.foundation.errors import InvalidValue

_RPPS = re.compile(r"8?([0-9]{11})")
_REGISTER = re.compile(r"[3-6][0-9A-Z]{6,20}/[0-9A-Z]{1,20}")
_EDIT = re.compile(r"ANS[0-9]{8,20}")


def read_id_nat(text: str) -> str:
    """The PS_IdNat. Raises ``InvalidValue``: RPPS_CLE for a number whose key is wrong, ID_NAT for anything else."""
    typed = re.sub(r"[\s.]", "", text).upper()
    if found := _RPPS.fullmatch(typed):
        if not luhn(found[1]):
            raise InvalidValue(
                "RPPS_CLE", "Ce numéro RPPS n’est pas bon.", conseil="Relisez-le : un chiffre est sans doute faux."
            )
        return f"8{found[1]}"
    if _REGISTER.fullmatch(typed) or _EDIT.fullmatch(typed):
        return typed
    raise InvalidValue(
        "ID_NAT", "Ce n’est pas un identifiant national.", conseil="Écrivez les 11 chiffres de votre numéro RPPS."
    )
