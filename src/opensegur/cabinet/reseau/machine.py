"""What this machine is called on its network, and at which addresses."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

Adresse = ipaddress.IPv4Address | ipaddress.IPv6Address

LOOPBACK: tuple[Adresse, ...] = (ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"))
_NOM = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
# addresses of documentation (RFC 5737, RFC 3849): no datagram leaves, the system only says by which card it would
_AILLEURS = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


@dataclass(frozen=True, slots=True)
class Machine:
    """``noms``: the one to give people first; ``adresses``: those of its network, loopback left out."""

    noms: tuple[str, ...]
    adresses: tuple[Adresse, ...] = ()


def read_machine() -> Machine:
    """As it is now: a box that lends addresses may change them any day."""
    return Machine(tuple(dict.fromkeys(_names())), tuple(dict.fromkeys(_addresses())))


def is_name(text: str) -> bool:
    return _NOM.fullmatch(text) is not None and not _is_number(text)


def _names() -> Iterator[str]:
    host = socket.gethostname().lower().rstrip(".")
    full = socket.getfqdn().lower().rstrip(".")
    # « .local » is what Windows, macOS and Avahi answer to without any server of names
    for name in (host, full, f"{host.partition('.')[0]}.local"):
        if is_name(name) and not name.startswith("localhost"):
            yield name


def _addresses() -> Iterator[Adresse]:
    for family, elsewhere in _AILLEURS:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((elsewhere, 9))
                yield _address(probe.getsockname()[0])
            except OSError:
                continue
    try:
        known = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:
        return
    for entry in known:
        address = _address(str(entry[4][0]))
        if not address.is_loopback:
            yield address


def _address(text: str) -> Adresse:
    return ipaddress.ip_address(text.partition("%")[0])


def _is_number(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
