"""The contract of the registry (ITI-18) at its own address, with its schemas: any SOAP tool can be pointed here.

Source: IHE ITI TF-2 3.18.5 (actions), Appendix V (SOAP 1.2, document/literal).
"""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable

_LOCATION = re.compile(r'((?:schemaLocation|location)=")([^"/]+)(")')


def wsdl(address: str) -> bytes:
    """The WSDL of the registry whose URL is ``address``; its schemas are at ``address/<name>.xsd``."""
    text = resources.files(__package__ or "").joinpath("registre.wsdl").read_text(encoding="utf-8")

    def here(match: re.Match[str]) -> str:
        target = address if match[2] == "registry" else f"{address}/{match[2]}"
        return f"{match[1]}{target}{match[3]}"

    return _LOCATION.sub(here, text).encode()


def schema(name: str) -> bytes | None:
    """One of the registry's schemas by its file name, or None. Their imports are relative: they stay here."""
    found = {entry.name: entry for entry in _folder().iterdir() if entry.name.endswith(".xsd")}.get(name)
    return found.read_bytes() if found else None


def _folder() -> Traversable:
    return resources.files("opensegur.foundation").joinpath("schemas", "xds")
