"""What every simulated service stands on: settings, memory, clock, exchanges, faults, population, authorities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opensegur.sandbox import clock, exchanges, faults, settings
from opensegur.sandbox.clock import SandboxClock
from opensegur.sandbox.exchanges import ExchangeLog
from opensegur.sandbox.faults import Faults
from opensegur.sandbox.pki import registre as registre_pki
from opensegur.sandbox.pki.magasin import ORGANISATIONS, Pki, open_pki
from opensegur.sandbox.pki.registre import Registre
from opensegur.sandbox.population.annuaire import Population, load_population
from opensegur.sandbox.population.personnes import OIDS
from opensegur.sandbox.settings import SandboxSettings, SwitchBoard, Switches
from opensegur.sandbox.state import Schema, Store

_CORE_SCHEMAS = (settings.SCHEMA, clock.SCHEMA, faults.SCHEMA, exchanges.SCHEMA, *registre_pki.SCHEMAS)
DATABASE = "bac-a-sable.sqlite3"


@dataclass(frozen=True, slots=True)
class SandboxContext:
    """Given to each service's ``routes(context)``."""

    settings: SandboxSettings
    store: Store
    clock: SandboxClock
    board: SwitchBoard
    exchanges: ExchangeLog
    faults: Faults
    pki: Pki
    registre: Registre
    populations: Mapping[str, Population]

    @property
    def switches(self) -> Switches:
        """The switches in force now; ask once per request."""
        return self.board.current

    @property
    def population(self) -> Population:
        """The people, with the matricules' OIDs that the switches ask for."""
        return self.populations[self.switches.insi_oid]

    @property
    def data_dir(self) -> Path:
        return self.settings.data_dir


def open_context(chosen: SandboxSettings, schemas: Sequence[Schema] = ()) -> SandboxContext:
    """Open, or make at the first start, what lies in the data folder; ``schemas`` are those of the services.

    Raises ``ConfigurationError``.
    """
    pki = open_pki(chosen.data_dir / "pki", chosen.http_url)
    store = Store(chosen.data_dir / DATABASE, (*_CORE_SCHEMAS, *schemas))
    registre = Registre(store, pki.initially_revoked(), ORGANISATIONS)
    return SandboxContext(
        settings=chosen,
        store=store,
        clock=SandboxClock(store),
        board=SwitchBoard(store, chosen),
        exchanges=ExchangeLog(store, chosen.retention),
        faults=Faults(store),
        pki=replace(pki, confiance=replace(pki.confiance, revoques=registre)),
        registre=registre,
        populations={oids: load_population(oids, chosen.data_dir) for oids in OIDS},
    )
