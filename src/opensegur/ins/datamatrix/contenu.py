"""What a datamatrix INS says: a matricule and five traits. Read from a document, it is a claim that INSi confirms."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.findings import Finding, Severity
from opensegur.ins.coherence import check_identity
from opensegur.ins.dates import Precision, complete_date, precision
from opensegur.ins.lexique import Champ, check_name
from opensegur.ins.matricule import Matricule
from opensegur.ins.statut import Etat, matricule_may_leave
from opensegur.ins.traits import Sexe, Traits, check_cog, parse_sexe


@dataclass(frozen=True, slots=True, repr=False)
class ContenuIns:
    """The seven blocks. ``prenoms``: the birth given names, separated by spaces.

    ``date_naissance``: AAAA-MM-JJ, possibly lunar, as INSi gave it; ``lieu_naissance``: a COG code, or "".

    Raises ``InvalidValue``: NOM_LEXIQUE, DATE_FORMAT, LIEU_COG, DATAMATRIX_SEXE.
    """

    matricule: Matricule
    nom_naissance: str
    prenoms: str
    sexe: Sexe
    date_naissance: str
    lieu_naissance: str = ""

    def __post_init__(self) -> None:
        check_name(self.nom_naissance, Champ.NOM)
        check_name(self.prenoms, Champ.PRENOM)
        precision(self.date_naissance)
        if self.lieu_naissance:
            check_cog(self.lieu_naissance)
        object.__setattr__(self, "sexe", parse_sexe(self.sexe))
        if self.sexe is Sexe.I:
            raise InvalidValue(
                "DATAMATRIX_SEXE",
                "Le code INS ne porte que M ou F comme sexe.",
                conseil="Récupérez l’identité auprès de l’INSi : elle donne M ou F.",
            )

    def traits(self) -> Traits:
        """The traits to pre-fill with: the first given name is cut at the first space, a lunar date is completed.

        Raises ``InvalidValue`` (DATE_ANNEE) when the year itself is unknown.
        """
        date = complete_date(self.date_naissance)
        return Traits(
            nom_naissance=self.nom_naissance,
            prenoms=self.prenoms,
            premier_prenom=self.prenoms.split()[0],
            date_naissance=date.valeur,
            sexe=self.sexe,
            lieu_naissance=self.lieu_naissance,
            date_estimee=date.estimee,
        )

    def remarks(self) -> list[Finding]:
        """What deserves a second look: key, sex and first digit, place, incomplete date. Nothing here refuses."""
        if precision(self.date_naissance) is Precision.ANNEE_INCONNUE:
            return [_incomplete()]
        findings = check_identity(self.matricule, self.traits())
        if precision(self.date_naissance) is not Precision.EXACTE:
            findings.append(_incomplete())
        return findings

    def __repr__(self) -> str:
        return "ContenuIns(…)"


def contenu_of(etat: Etat, traits: Traits) -> ContenuIns:
    """The content to print for an identity: only a qualified one has a datamatrix (EXI DIF 02, EXI SI 08).

    Raises ``InvalidValue``: IDENTITE_NON_QUALIFIEE, DATAMATRIX_SEXE.
    """
    if etat.matricule is None or not matricule_may_leave(etat.statut):
        raise InvalidValue(
            "IDENTITE_NON_QUALIFIEE",
            "Le code INS ne s’imprime que pour une identité qualifiée.",
            conseil="Récupérez l’INS et contrôlez une pièce d’identité.",
            detail=etat.statut.value,
        )
    return ContenuIns(
        matricule=etat.matricule,
        nom_naissance=traits.nom_naissance,
        prenoms=traits.prenoms or traits.premier_prenom,
        sexe=traits.sexe,
        date_naissance=traits.date_naissance,
        lieu_naissance=traits.lieu_naissance,
    )


def _incomplete() -> Finding:
    return Finding(
        "DATAMATRIX.date",
        "La date de naissance du code est incomplète.",
        path="date_naissance",
        repair="Complétez-la d’après la pièce d’identité.",
        severity=Severity.WARNING,
    )
