"""A group of commands that loads a command's libraries only when that command is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

Commands = Mapping[str, tuple[str, str, str]]
"""For each command: its module, its name in that module, and one French line."""


class LazyGroup(click.Group):
    """``alias``: other names that are understood and not listed."""

    def __init__(
        self, *args: Any, commandes: Commands, alias: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._commandes = commandes
        self._alias = alias or {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self._commandes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        found = self._commandes.get(self._alias.get(cmd_name, cmd_name))
        if found is None:
            return None
        module_name, attribute, _ = found
        command = getattr(importlib.import_module(module_name), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commandes"):
            formatter.write_dl([(name, text) for name, (_, _, text) in self._commandes.items()])
