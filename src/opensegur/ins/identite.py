"""An identity as one value: the traits of a person and where their identity stands, matricule included.

It is for whoever holds an identity and lets it out: what may leave is asked of it, never decided anew.
Sources: Référentiel INS v2.1; RNIV 1 (EXI SI 07, EXI SI 08); Guide d'implémentation INS v3.0 (EXI ID 29, EXI DIF 02).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.findings import Finding
from opensegur.ins.coherence import check_identity
from opensegur.ins.datamatrix.contenu import contenu_of
from opensegur.ins.datamatrix.encodage import encode_content
from opensegur.ins.matricule import Matricule
from opensegur.ins.preuves import Preuve
from opensegur.ins.statut import Etat, Statut, compute_etat, matricule_may_leave
from opensegur.ins.traits import Sexe, Traits


@dataclass(frozen=True, slots=True, repr=False)
class Identite:
    """``traits``: of the person; ``etat``: status, matricule and attributes, computed from the evidence.

    With a matricule the traits are those that INSi gave: a sex of M or F and the list of birth given names.

    Raises ``InvalidValue`` (IDENTITE_TRAITS) when they are not.
    """

    traits: Traits
    etat: Etat = field(default_factory=Etat)

    def __post_init__(self) -> None:
        if self.etat.matricule and (self.traits.sexe is Sexe.I or not self.traits.prenoms):
            raise InvalidValue(
                "IDENTITE_TRAITS",
                "Une identité qui a un matricule INS a aussi le sexe et les prénoms que l’INSi a donnés.",
                conseil="Récupérez l’identité auprès de l’INSi : elle donne M ou F et la liste des prénoms.",
            )

    @classmethod
    def of(cls, traits: Traits, preuves: Iterable[Preuve]) -> Self:
        """The identity that ``preuves``, in the order of events, lead to. Raises as ``compute_etat`` does."""
        return cls(traits, compute_etat(preuves))

    @property
    def statut(self) -> Statut:
        return self.etat.statut

    @property
    def matricule(self) -> Matricule | None:
        """The matricule held here, for local use. To send it anywhere, take ``outgoing_matricule``."""
        return self.etat.matricule

    @property
    def may_leave(self) -> bool:
        """Whether it travels with its matricule: it is qualified (EXI SI 08, EXI ID 29)."""
        return matricule_may_leave(self.statut)

    @property
    def outgoing_matricule(self) -> Matricule | None:
        """The matricule to put in a message or a document: ``None`` unless the identity is qualified."""
        return self.matricule if self.may_leave else None

    @property
    def is_datamatrix_ready(self) -> bool:
        """Whether ``datamatrix`` gives a code."""
        return self.may_leave

    def datamatrix(self) -> str:
        """The characters of the datamatrix INS. Raises ``InvalidValue`` (IDENTITE_NON_QUALIFIEE)."""
        return encode_content(contenu_of(self.etat, self.traits))

    def findings(self) -> list[Finding]:
        """What deserves a second look; nothing here refuses. See ``check_identity``."""
        return check_identity(self.matricule, self.traits)

    def __repr__(self) -> str:
        return f"Identite({self.statut.value})"


Identity = Identite
"""The same type, by its English name."""
