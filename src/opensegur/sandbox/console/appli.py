"""The telephone of a fictional person: the appli carte Vitale shows its code, or is switched off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import zxingcpp

from opensegur.sandbox.apcv.memoire import VIE_JETON, Memoire
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.population.personnes import Personne

_DOCTYPE_END: Final = "<svg "


@dataclass(frozen=True, slots=True)
class Telephone:
    """``jeton`` is "" when the appli is off; ``qr`` its drawing."""

    personne: Personne
    jeton: str
    qr: str
    expire: datetime
    eteinte: bool


def open_appli(context: SandboxContext, fields: Mapping[str, str]) -> Telephone | None:
    """``ins``: the holder; ``geste``: ``eteindre`` or ``rallumer``, or nothing to show a new code."""
    personne = context.population.patient(fields.get("ins", ""))
    if personne is None:
        return None
    moment = context.clock.now()
    with context.store.transaction() as connection:
        memory = Memoire(connection, moment)
        if fields.get("geste") in {"eteindre", "rallumer"}:
            memory.switch(personne.ins, off=fields["geste"] == "eteindre")
        off = memory.is_off(personne.ins)
        token = "" if off else memory.issue(personne.ins)
    return Telephone(personne, token, _draw(token) if token else "", moment + VIE_JETON, off)


def _draw(text: str) -> str:
    svg = zxingcpp.create_barcode(text, zxingcpp.QRCode).to_svg()
    return str(svg[svg.index(_DOCTYPE_END) :])
