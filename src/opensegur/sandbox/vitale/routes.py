"""The maker of cards as a part of the sandbox: its table, and the demonstration's cards at the first start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import BaseRoute

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.regles import Regle
from opensegur.sandbox.vitale import fabrique

SCHEMA: Final = fabrique.SCHEMA
CATALOGUE: Final[Mapping[str, Regle]] = {}

__all__ = ["CATALOGUE", "SCHEMA", "routes"]


def routes(context: SandboxContext) -> Sequence[BaseRoute]:
    """No address of its own: the cards are made at the console and judged by INSi."""
    fabrique.make_demo_cards(context)
    return []
