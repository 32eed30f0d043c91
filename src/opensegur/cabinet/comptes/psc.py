"""Pro Santé Connect as the login sees it."""

from __future__ import annotations

from opensegur.cabinet.comptes.session import SessionPsc
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.foundation.errors import ConfigurationError


def is_configured() -> bool:
    """Whether this installation offers the login at all; a broken configuration shows elsewhere."""
    try:
        return configuration_of().psc is not None
    except ConfigurationError:
        return False


def logout_url(session_psc: SessionPsc) -> str:  # noqa: ARG001
    return ""
