"""What is asked in clear is sent to https, and nothing else is answered there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

_Message = MutableMapping[str, Any]


class Redirection:
    """An ASGI application. ``hotes``: the names that are ours, the one to send others to first."""

    def __init__(self, hotes: Callable[[], tuple[str, ...]], port: int) -> None:
        self._hotes = hotes
        self._port = "" if port == 443 else f":{port}"  # noqa: PLR2004 - that of https

    async def __call__(
        self,
        scope: _Message,
        receive: Callable[[], Awaitable[_Message]],  # noqa: ARG002 - what is sent in clear is not read
        send: Callable[[_Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            return
        # a target in absolute form would lengthen the name of the host
        path = scope["raw_path"] if scope["raw_path"].startswith(b"/") else b"/"
        path += b"?" + scope["query_string"] if scope["query_string"] else b""
        location = f"https://{self._host(scope)}{self._port}".encode() + path
        headers = [(b"location", location), (b"content-length", b"0"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 308, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _host(self, scope: _Message) -> str:
        """The name by which we were called, if it is ours: the certificate is good for it."""
        asked = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "").lower()
        host = asked.partition("]")[0].lstrip("[") if asked.startswith("[") else asked.partition(":")[0]
        known = self._hotes()
        chosen = host if host in known else known[0]
        return f"[{chosen}]" if ":" in chosen else chosen
