"""The terminal's help in French: click's own words are in English."""

from __future__ import annotations

from collections.abc import Iterable

import click

_TITRES = {"Options": "Options", "Commands": "Commandes", "Arguments": "Arguments"}
_MOTS = {
    "Show this message and exit.": "Afficher cette aide.",
    "Show the version and exit.": "Afficher la version.",
    "[required]": "[obligatoire]",
    "[default: ": "[par défaut : ",
    "; required]": " ; obligatoire]",
}


class AideEnFrancais(click.HelpFormatter):
    """Give it to ``click.Context.formatter_class``."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix if prefix is not None else "Utilisation : ")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_TITRES.get(heading, heading)} :\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _french(text)) for name, text in rows], col_max, col_spacing)


def _french(text: str) -> str:
    for english, french in _MOTS.items():
        text = text.replace(english, french)
    return text
