"""DuckDB inside this process: the engine of a practice, and of a hospital up to some millions of records."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opensegur.ins.doublons.moteur import installed

if TYPE_CHECKING:
    import pyarrow as pa

_FILE = "comparaison.duckdb"


@dataclass(frozen=True, slots=True)
class MoteurDuckDB:
    """``memoire``: what DuckDB may take, as it writes it (``2GB``), beyond which it uses the disk.

    "" leaves it its own choice, as 0 does for ``fils``, the number of its threads. What it writes is in a private
    folder that disappears with the work, since it holds traits.
    """

    memoire: str = ""
    fils: int = 0

    @contextmanager
    def open(self, fiches: pa.Table) -> Iterator[Any]:
        with installed("doublons"):
            import duckdb  # noqa: PLC0415
            from splink import DuckDBAPI  # noqa: PLC0415

        with tempfile.TemporaryDirectory(prefix="opensegur-doublons-", ignore_cleanup_errors=True) as folder:
            settings: dict[str, str | bool | float | list[str]] = {
                "threads": self.fils or os.cpu_count() or 1,
                "temp_directory": folder,
            }
            if self.memoire:
                settings["memory_limit"] = self.memoire
            connection = duckdb.connect(str(Path(folder) / _FILE), config=settings)
            try:
                connection.register("donnees", fiches)
                connection.execute("CREATE TABLE fiches AS SELECT * FROM donnees")
                connection.unregister("donnees")
                yield DuckDBAPI(connection).register("fiches")
            finally:
                connection.close()
