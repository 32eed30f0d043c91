"""What an installation's configuration gives to the client: its transport."""

from __future__ import annotations

from opensegur.foundation.points import PointPsc
from opensegur.foundation.tls import client_context
from opensegur.foundation.transport import HttpTransport

_TIMEOUT = 10.0
_MAX_BYTES = 1024 * 1024


def psc_transport(point: PointPsc) -> HttpTransport:
    """HTTP with the client's certificate when there is one. Raises ``ConfigurationError``."""
    tls = None
    if point.ancres is not None:
        tls = client_context(
            certificate=point.certificat, key=point.cle, password=point.mot_de_passe or None, anchors=point.ancres
        )
    return HttpTransport(tls, timeout=_TIMEOUT, max_bytes=_MAX_BYTES)
