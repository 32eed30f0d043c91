"""The terminal's own errors, in French: click's messages are in English."""

from __future__ import annotations

import click


def french_usage_error(error: click.UsageError) -> str:
    """One or two lines: what is wrong with the command as typed, and how to get its help."""
    command = error.ctx.command_path if error.ctx else "opensegur"
    return f"Erreur : {_message(error)}\nAide : {command} --help"


def _message(error: click.UsageError) -> str:
    name = error.param.get_error_hint(error.ctx) if isinstance(error, click.BadParameter) and error.param else ""
    match error:
        case click.MissingParameter():
            return f"il manque {name or 'un argument'}."
        case click.NoSuchOption():
            near = f" Vouliez-vous {' ou '.join(error.possibilities)} ?" if error.possibilities else ""
            return f"l’option {error.option_name} n’existe pas.{near}"
        case click.BadOptionUsage():
            return f"l’option {error.option_name} attend une valeur."
        case click.BadParameter():
            return f"valeur refusée pour {name or 'un argument'} : {error.message}"
        case _:
            return error.format_message()
