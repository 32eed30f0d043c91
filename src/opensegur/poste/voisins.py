"""On a machine that several people share, loopback is shared too: a neighbour's browser is not to be answered.

Linux tells whose a connection is (proc(5), ``/proc/net/tcp``); elsewhere nothing is known, and nothing refused.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

_MOT = 4
_LOCAL, _DISTANTE, _COMPTE = 1, 2, 7


def is_neighbour(peer: tuple[Any, ...], here: tuple[Any, ...]) -> bool:
    """Whether the connection from ``peer`` to ``here`` was made by another account of this machine."""
    if sys.platform != "linux":
        return False
    owner = owner_of(_read("tcp6" if ":" in str(peer[0]) else "tcp"), peer, here)
    return owner is not None and owner != os.getuid()


def owner_of(table: str, peer: tuple[Any, ...], here: tuple[Any, ...]) -> int | None:
    """The account whose end of the connection is ``peer``; ``None`` when ``table`` does not say."""
    wanted = (_written(peer), _written(here))
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > _COMPTE and (fields[_LOCAL], fields[_DISTANTE]) == wanted:
            return int(fields[_COMPTE])
    return None


def _written(address: tuple[Any, ...]) -> str:
    """As the kernel writes it: words of four bytes in the order of the machine."""
    packed = ipaddress.ip_address(str(address[0])).packed
    words = [packed[start : start + _MOT] for start in range(0, len(packed), _MOT)]
    ordered = [word[::-1] if sys.byteorder == "little" else word for word in words]
    return f"{b''.join(ordered).hex().upper()}:{int(address[1]):04X}"


def _read(name: str) -> str:
    try:
        return Path("/proc/net", name).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
