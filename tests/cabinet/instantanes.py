"""What SQL a page makes: one line a statement, so that a query in a loop shows in review.

Run the tests with ``OPENSEGUR_INSTANTANES=1`` to write the snapshots again, then read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

_FOLDER = Path(__file__).with_name("sql")
_TABLE = re.compile(r'(?:FROM|INTO|UPDATE) "(\w+)"')
_QUIET = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")


@contextmanager
def sql_snapshot(page: str) -> Iterator[None]:
    """Compare the statements made inside with ``sql/<page>.txt``."""
    seen: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip().split(" ", 1)[0].upper()
        if verb not in _QUIET:
            table = _TABLE.search(sql)
            seen.append(f"{verb} {table[1] if table else ''}".strip())
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in ("default", "journal"):
            stack.enter_context(connections[alias].execute_wrapper(listen))
        yield
    path = _FOLDER / f"{page}.txt"
    if os.environ.get("OPENSEGUR_INSTANTANES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(seen) + "\n", encoding="utf-8", newline="\n")
    assert "\n".join(seen) == path.read_text(encoding="utf-8").strip()
