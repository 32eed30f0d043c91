"""What the console changes: faults, clock, switches, reset. Each action answers by going back to the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from opensegur.foundation.errors import InvalidValue
from opensegur.sandbox.console.vues import SERVICES
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.settings import Dialecte, OidsInsi
from opensegur.sandbox.state import SCENARIO_DEMO

Fields = Mapping[str, str]
_YEARS = range(2000, 2101)


def order_fault(context: SandboxContext, fields: Fields) -> None:
    """``service``, ``nature``, ``reste`` (requests), ``secondes``."""
    service = _service(fields)
    try:
        nature = Nature(fields.get("nature", ""))
        count, delay = int(fields.get("reste", "1")), float(fields.get("secondes", "5"))
    except ValueError as error:
        raise _refused("Cette panne n’est pas possible.", "Choisissez-la dans la liste, avec des nombres.") from error
    context.faults.order(Fault(service, nature, count, delay))


def cancel_fault(context: SandboxContext, fields: Fields) -> None:
    context.faults.cancel(_service(fields))


def set_clock(context: SandboxContext, fields: Fields) -> None:
    """``action``: ``suivre``, ``avancer`` by ``jours``, ``partir`` or ``arreter`` at ``moment`` (ISO 8601, UTC)."""
    action = fields.get("action", "")
    if action == "suivre":
        context.clock.follow_machine()
        return
    try:
        if action == "avancer":
            delta = timedelta(days=float(fields.get("jours", "")))
            _check_year(context.clock.now() + delta)
            context.clock.advance(delta)
            return
        moment = datetime.fromisoformat(fields.get("moment", ""))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        _check_year(moment)
        {"partir": context.clock.start_at, "arreter": context.clock.stop_at}[action](moment)
    except (ValueError, KeyError, OverflowError) as error:
        raise _refused(
            "Cette heure n’est pas lisible.", "Écrivez-la comme 2026-11-25T08:30, entre 2000 et 2100."
        ) from error


def set_switches(context: SandboxContext, fields: Fields) -> None:
    """``mode`` (strict, indulgent), ``insi_oid`` (test, cnda), ``dialecte`` (env, S)."""
    current = context.switches
    changed = replace(
        current,
        strict=fields.get("mode", "strict" if current.strict else "indulgent") != "indulgent",
        # checked by Switches itself
        insi_oid=cast("OidsInsi", fields.get("insi_oid", current.insi_oid)),
        dialecte=cast("Dialecte", fields.get("dialecte", current.dialecte)),
    )
    context.board.change(changed)


def reset(context: SandboxContext, fields: Fields) -> None:
    """``scenario``: everything that was exchanged and fed is forgotten."""
    context.store.reset(fields.get("scenario", SCENARIO_DEMO))


def clear_exchanges(context: SandboxContext, fields: Fields) -> None:  # noqa: ARG001 - the shape of an action
    context.exchanges.clear()


def revoke(context: SandboxContext, fields: Fields) -> None:
    """``serie`` (hexadecimal, or its beginning) and ``motif`` ("", vol, situation, remplace, cessation)."""
    context.registre.revoke(fields.get("serie", "").lower().rstrip("…"), context.clock.now(), fields.get("motif", ""))


ACTIONS: Final[Mapping[str, Callable[[SandboxContext, Fields], None]]] = {
    "pannes": order_fault,
    "pannes-annuler": cancel_fault,
    "horloge": set_clock,
    "reglages": set_switches,
    "remise-a-zero": reset,
    "echanges-effacer": clear_exchanges,
    "revoquer": revoke,
}


def _check_year(moment: datetime) -> None:
    if moment.year not in _YEARS:
        raise ValueError(moment.year)


def _service(fields: Fields) -> str:
    service = fields.get("service", "")
    if service not in SERVICES:
        raise _refused("Ce service n’existe pas dans le bac à sable.", f"Choisissez parmi : {', '.join(SERVICES)}.")
    return service


def _refused(message: str, advice: str) -> InvalidValue:
    return InvalidValue("SANDBOX_ACTION", message, conseil=advice)
