"""What the server writes on its console: an event a line, in universal time.

Whoever controls a text that is logged neither begins a line nor moves the cursor of whoever reads it.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Any

_CONTROLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class UneLigne(logging.Formatter):
    """Control characters are written out; each line of a trace is marked as the continuation of its event."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return _written_out(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return "\n".join(f"  | {_written_out(line)}" for line in super().formatException(ei).split("\n"))


def _written_out(text: str) -> str:
    return _CONTROLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
