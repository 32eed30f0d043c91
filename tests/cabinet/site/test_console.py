"""What the server writes on its console."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.conf import settings

from opensegur.cabinet.site.console import UneLigne

FORMAT = settings.LOGGING["formatters"]["sobre"]["format"]


def written(message: str, *args: Any, error: Exception | None = None) -> str:
    info = (type(error), error, None) if error else None
    return UneLigne(FORMAT).format(logging.LogRecord("essai", logging.WARNING, "f.py", 1, message, args, info))


def test_an_event_has_its_moment_in_universal_time() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 WARNING essai bonjour", written("bonjour"))


def test_what_is_logged_begins_no_line_of_its_own() -> None:
    text = written("nom : %s", "x\r\n2026-11-26T08:00:00.000+00:00 INFO essai faux\x1b[2J\u2028")
    assert "\\x0d\\x0a2026" in text
    assert not re.search(r"[\x00-\x1f\u2028]", text)


def test_each_line_of_a_trace_is_that_of_its_event() -> None:
    first, *others = written("panne", error=ValueError("deux\nlignes\x07")).split("\n")
    assert first.endswith("panne")
    assert all(line.startswith("  | ") for line in others)
    assert others[-1].endswith("lignes\\x07")


def test_the_console_of_the_application_writes_so() -> None:
    assert settings.LOGGING["formatters"]["sobre"]["()"] == f"{UneLigne.__module__}.{UneLigne.__name__}"
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"sobre"}
