"""Something to download, to measure a network by."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

MO: Final = 2
_BLOCK: Final = os.urandom(65536)  # nothing between here and there makes it smaller


def _send(_request: Request) -> StreamingResponse:
    return StreamingResponse(_blocks(), media_type="application/octet-stream")


def _blocks() -> Iterator[bytes]:
    for _ in range(MO * 1024 * 1024 // len(_BLOCK)):
        yield _BLOCK


ROUTE: Final = Route("/debit", _send)
