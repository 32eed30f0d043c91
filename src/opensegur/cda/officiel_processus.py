"""The official checks in a process of their own, which stays warm from one document to the next.

Saxon is native code that keeps hundreds of megabytes: apart, it neither weighs on the caller nor takes it down.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self

from opensegur.cda.validation import Rapport, validate_official
from opensegur.foundation.errors import ConfigurationError, OpenSegurError


class ControleOfficiel:
    """Judges documents by the ANS tree at ``tree``, within ``seconds`` each; to be used as a context.

    ``judge`` raises what ``validate_official`` raises, and ``ConfigurationError`` CDA_OFFICIEL_ARRETE when the
    process stopped or did not answer: the next document gets a new one.
    """

    def __init__(self, tree: Path, *, seconds: float = 300) -> None:
        self._tree = tree
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def judge(self, document: bytes) -> Rapport:
        if self._pool is None:
            # spawn on every system: a fork would copy the caller's threads and secrets
            self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        try:
            answer = self._pool.submit(_judge, document, self._tree).result(self._seconds)
        except (BrokenProcessPool, TimeoutError) as error:
            self._stop()
            raise ConfigurationError(
                "CDA_OFFICIEL_ARRETE",
                "Le contrôle officiel s’est arrêté avant de répondre.",
                conseil="Relancez-le ; si cela recommence, contrôlez ce document seul.",
                detail=type(error).__name__,
            ) from error
        if isinstance(answer, Rapport):
            return answer
        kind, code, message, conseil, detail = answer
        raise kind(code, message, conseil=conseil, detail=detail)

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        running = list((pool._processes or {}).values())  # noqa: SLF001 - the only way to stop one that hangs
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.terminate()


Refus = tuple[type[OpenSegurError], str, str, str, str]


def _judge(document: bytes, tree: Path) -> Rapport | Refus:
    """Our errors have named arguments, which do not pass from a process to another: they are told."""
    try:
        return validate_official(document, tree)
    except OpenSegurError as error:
        return type(error), error.code, error.message, error.conseil, error.detail
