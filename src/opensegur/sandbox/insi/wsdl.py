"""The published WSDL with this sandbox's address, and its schemas, so that any SOAP tool can be pointed here."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_ROOT = ("schemas", "insi")
_WSDL = "DESIR_ICIR_EXP_1.5.0.wsdl"
_ADDRESS = re.compile(r'(<soap12:address\s+location=")[^"]*(")')
_LOCATION = re.compile(r'(schemaLocation=")([^"]*)(")')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def wsdl(address: str) -> bytes:
    """The WSDL of the service at ``address`` (``https://localhost:8443/lps``); its schemas are under it."""
    text = (_folder() / _WSDL).read_text(encoding="utf-8")
    text = _ADDRESS.sub(rf"\g<1>{address}\g<2>", _COMMENT.sub("", text))
    return _LOCATION.sub(lambda match: f"{match[1]}{address}/{_local(match[2])}{match[3]}", text).encode()


def schema(path: str, address: str) -> bytes | None:
    """One schema by its path under the service, or None; what it imports from elsewhere is imported from here."""
    if path not in _paths():
        return None
    text = _file(path).read_text(encoding="utf-8")
    return _LOCATION.sub(
        lambda match: f"{match[1]}{address}/{_local(match[2])}{match[3]}" if "//" in match[2] else match[0], text
    ).encode()


def _local(location: str) -> str:
    """The path here of a schema, by its name when it is at another's address."""
    if location in _paths():
        return location
    name = location.rpartition("/")[2]
    return next((path for path in _paths() if path.rpartition("/")[2] == name), location)


def _file(path: str) -> Traversable:
    return _folder().joinpath(*path.split("/"))


def _folder() -> Traversable:
    return resources.files("opensegur.foundation").joinpath(*_ROOT)


@cache
def _paths() -> tuple[str, ...]:
    found: list[str] = []
    pending = [("xsd", _folder() / "xsd")]
    while pending:
        path, item = pending.pop()
        if item.is_dir():
            pending += [(f"{path}/{child.name}", child) for child in item.iterdir()]
        elif path.endswith(".xsd"):
            found.append(path)
    return tuple(sorted(found))
