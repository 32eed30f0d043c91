"""Who knows how to send each kind of delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from opensegur.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from opensegur.cabinet.envois.models import Envoi


@dataclass(frozen=True, slots=True)
class Reussite:
    """The service has taken the delivery. ``deja_present``: it already had it from an earlier attempt."""

    deja_present: bool = False
    detail: str = ""


class Expediteur(Protocol):
    def envoyer(self, envoi: Envoi) -> Reussite:
        """Send and wait for the answer.

        Must be safe to call again with the same row after a crash at any point. Raises ``OpenSegurError``;
        ``retryable`` decides between another attempt and a task for a person. Raises ``PorteurAbsent`` when the
        means of the delivery needs a person who is not there.
        """
        ...


_FABRIQUES: dict[tuple[str, str], Callable[[], Expediteur]] = {}


def register(canal: str, nature: str, fabrique: Callable[[], Expediteur]) -> None:
    """Called by an app's ``ready()``; ``fabrique`` is called once per attempt."""
    _FABRIQUES[canal, nature] = fabrique


def expediteur_for(envoi: Envoi) -> Expediteur:
    """Raises ``ConfigurationError`` when nobody sends this kind."""
    fabrique = _FABRIQUES.get((envoi.canal, envoi.nature))
    if fabrique is None:
        raise ConfigurationError(
            "ENVOI_SANS_EXPEDITEUR",
            "Cette installation ne sait pas faire cet envoi.",
            conseil="Vérifiez la configuration du service national concerné.",
            detail=f"{envoi.canal}/{envoi.nature}",
        )
    return fabrique()
