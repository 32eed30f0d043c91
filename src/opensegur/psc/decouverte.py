"""The provider's own description of itself (OpenID Connect Discovery), at the wallet's address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.points import check_url
from opensegur.psc.errors import psc_error


@dataclass(frozen=True, slots=True)
class Fournisseur:
    """Where everything is. The authorization address may be on another host than the issuer: PSC's wallet is."""

    emetteur: str
    autorisation: str
    jetons: str
    userinfo: str
    cles: str
    fin_de_session: str = ""
    introspection: str = ""
    revocation: str = ""
    ciba: str = ""


_ADRESSES = {
    "autorisation": "authorization_endpoint",
    "jetons": "token_endpoint",
    "userinfo": "userinfo_endpoint",
    "cles": "jwks_uri",
}
_FACULTATIVES = {
    "fin_de_session": "end_session_endpoint",
    "introspection": "introspection_endpoint",
    "revocation": "revocation_endpoint",
    "ciba": "backchannel_authentication_endpoint",
}


def read_discovery(body: bytes) -> Fournisseur:
    """Raises ``PscError`` PSC_CONFIGURATION: not JSON, an address missing, or one in clear off this machine."""
    document = read_json(body, "PSC_CONFIGURATION")
    emetteur = _address(document, "issuer")
    addresses = {field: _address(document, name) for field, name in _ADRESSES.items()}
    addresses |= {field: _address(document, name) for field, name in _FACULTATIVES.items() if document.get(name)}
    try:
        for field, value in addresses.items():
            check_url(f"psc.{field}", value)
    except ConfigurationError as error:
        raise psc_error("PSC_CONFIGURATION", error.message) from error
    return Fournisseur(emetteur=emetteur, **addresses)


def _address(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise psc_error("PSC_CONFIGURATION", f"{name} is missing")
    return value


def read_json(body: bytes, code: str) -> Mapping[str, Any]:
    """A JSON object; a name given twice keeps its last value, as PSC's old tokens need. Raises ``PscError``."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise psc_error(code, "not JSON") from error
    if not isinstance(document, dict):
        raise psc_error(code, "not a JSON object")
    return document
