"""What stops a file, as opposed to what is wrong with one of its lines."""

from __future__ import annotations

from opensegur.foundation.errors import OpenSegurError


class FichierRefuse(OpenSegurError):
    """The file cannot be read at all."""


class ImportRefuse(OpenSegurError):
    """The import may not be made, resumed or undone as things stand."""
