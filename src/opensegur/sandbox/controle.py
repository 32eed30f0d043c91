"""The course of one request's checks: each rule asked is noted, a broken one refuses or is tolerated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.regles import Manquement, Refus, Regle


@dataclass(slots=True, kw_only=True)
class Controle:
    """What a service's request is judged against, and the trace of its judgment."""

    catalogue: Mapping[str, Regle]
    strict: bool
    controles: list[str] = field(default_factory=list)
    toleres: list[Manquement] = field(default_factory=list)

    def require(self, condition: object, regle: str, contexte: str = "") -> None:
        """Note ``regle``; raise ``Refus`` when ``condition`` fails, unless lenience lets it pass."""
        if regle not in self.controles:
            self.controles.append(regle)
        if condition:
            return
        manquement = Manquement(self.catalogue[regle], contexte)
        if manquement.regle.souple and not self.strict:
            self.toleres.append(manquement)
            return
        raise Refus(manquement)

    def refuse(self, regle: str, contexte: str = "") -> Refus:
        """The exception to raise for a rule that is broken whatever the lenience."""
        if regle not in self.controles:
            self.controles.append(regle)
        return Refus(Manquement(self.catalogue[regle], contexte))

    def verdict(self, refus: tuple[Manquement, ...] = ()) -> Verdict:
        issue = Issue.REFUSEE if refus else Issue.ACCEPTEE
        return Verdict(issue, tuple(self.controles), refus, tuple(self.toleres))
