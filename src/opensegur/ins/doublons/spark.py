"""Spark, for a base that no longer fits one machine: the same model, the same conditions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opensegur.ins.doublons.moteur import installed

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession


@dataclass(frozen=True, slots=True)
class MoteurSpark:
    """``session``: the caller's, with its own cluster and settings; it is left open. Needs the extra ``spark``."""

    session: SparkSession

    @contextmanager
    def open(self, fiches: pa.Table) -> Iterator[Any]:
        with installed("spark"):
            from splink import SparkAPI  # noqa: PLC0415

        frame = self.session.createDataFrame(fiches).cache()
        try:
            # every function of the model is Spark's own: no archive of foreign ones has to be loaded
            database = SparkAPI(  # type: ignore[no-untyped-call]
                spark_session=self.session, break_lineage_method="persist", register_udfs_automatically=False
            )
            yield database.register(frame)
        finally:
            frame.unpersist()
