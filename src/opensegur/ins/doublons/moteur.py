"""The whole base at once: Splink applies the model to every pair worth comparing, on DuckDB or on Spark."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from opensegur.foundation.errors import ConfigurationError
from opensegur.ins.doublons.fiche import Fiche
from opensegur.ins.doublons.modele import NUMERO, Modele, Verdict, bits_of
from opensegur.ins.doublons.preparation import NOMBRES, Prete, prepare

if TYPE_CHECKING:
    import pyarrow as pa

SEUIL: Final = 0.8
"""From this probability on, hardly any pair is two people: what figures count as a duplicate."""
A_VERIFIER: Final = 0.02
"""From this probability on, a pair is worth a person's look: homonyms born the same day, twins of near names."""
_BATCH: Final = 50_000
_PER_SLICE: Final = 150_000
_SPLINK: Final = "splink"


@dataclass(frozen=True, slots=True)
class Trouvee:
    """Two records that look like one person's: the places of both in what was given, ``a`` before ``b``."""

    a: int
    b: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Avancee:
    """How far the work is: records read, then slices of the comparison done (``tranches`` is 0 until it begins)."""

    fiches: int
    tranche: int = 0
    tranches: int = 0


Suivre = Callable[[Avancee], None]
"""Called between two steps; what it raises stops the work, and nothing is left behind."""


class Moteur(Protocol):
    """Where the pairs are compared: the one thing that changes when a base has grown."""

    @contextmanager
    def open(self, fiches: pa.Table) -> Iterator[Any]:
        """The prepared records as a table that Splink has registered, until the end of the block."""
        ...


def find_duplicates(
    fiches: Iterable[Fiche],
    modele: Modele,
    moteur: Moteur,
    *,
    seuil: float = SEUIL,
    suivre: Suivre = lambda _avancee: None,
) -> list[Trouvee]:
    """Every pair of ``fiches`` whose probability is at least ``seuil``, the surest first.

    Raises ``ConfigurationError`` (DOUBLONS_MOTEUR) when the libraries of the engine are not installed.
    """
    with installed("doublons"):
        import splink  # noqa: PLC0415
    table = table_of(fiches, suivre)
    records = table.num_rows
    slices = max(1, -(-records // _PER_SLICE))
    found: list[Trouvee] = []
    with quiet(), moteur.open(table) as registered:
        del table
        linker = splink.Linker(registered, modele.settings(records), log_level=logging.ERROR)
        for number in range(1, slices + 1):
            suivre(Avancee(records, number - 1, slices))
            predicted = linker.inference.predict_chunk(
                left_chunk=(number, slices), threshold_match_weight=bits_of(seuil), warning_mode="never"
            )
            found += _read(cast("pa.Table", predicted.as_pyarrow_table()), modele)  # type: ignore[no-untyped-call]
            predicted.drop_table_from_database_and_remove_from_cache()
    suivre(Avancee(records, slices, slices))
    return sorted(found, key=lambda each: (-each.verdict.bits, each.a, each.b))


def table_of(fiches: Iterable[Fiche], suivre: Suivre = lambda _avancee: None) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415

    fields = [(name, pa.int32() if name in NOMBRES else pa.string()) for name in Prete._fields]
    schema = pa.schema([*fields, (NUMERO, pa.int64())])
    pieces, count, waiting = [], 0, iter(fiches)
    while batch := list(islice(waiting, _BATCH)):
        columns = list(zip(*map(prepare, batch), strict=True))
        numbers = range(count, count + len(batch))
        count += len(batch)
        arrays = [pa.array(column, field.type) for column, field in zip([*columns, numbers], schema, strict=True)]
        pieces.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
        suivre(Avancee(count))
    return pa.Table.from_batches(pieces, schema)


def _read(predicted: pa.Table, modele: Modele) -> Iterator[Trouvee]:
    wanted = [f"{NUMERO}_l", f"{NUMERO}_r", "match_weight", *(f"gamma_{each.nom}" for each in modele.comparaisons)]
    for left, right, weight, *gammas in zip(*(predicted[name].to_pylist() for name in wanted), strict=True):
        levels = tuple(each.named(gamma) for each, gamma in zip(modele.comparaisons, gammas, strict=True))
        yield Trouvee(min(left, right), max(left, right), Verdict(weight, levels))


@contextmanager
def installed(extra: str) -> Iterator[None]:
    """Turn a missing library into what to install."""
    try:
        yield
    except ImportError as error:
        raise ConfigurationError(
            "DOUBLONS_MOTEUR",
            "La recherche des doublons demande des bibliothèques qui ne sont pas installées.",
            conseil=f"Installez-les : pip install 'opensegur[{extra}]'.",
            detail=str(error.name or error),
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Splink tells its training on its logger and warns of a model that it did not train itself."""
    logger = logging.getLogger(_SPLINK)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
