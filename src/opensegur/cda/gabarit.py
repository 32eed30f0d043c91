"""What a volet adds to the common header: templates on its actors, contacts that become compulsory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gabarit:
    """Templates of the ``authenticator``, of the participant REF and of the performer of the main act.

    ``coordonnees``: the address and telecom of each actor are written, unknown ones as such; the performer has its
    time. ``fin_acte``: the end of the main act is written, unknown when it is.
    """

    attestation: tuple[str, ...] = ()
    prescripteur: tuple[str, ...] = ()
    executant: tuple[str, ...] = ()
    coordonnees: bool = False
    fin_acte: bool = False


ORDINAIRE = Gabarit()
