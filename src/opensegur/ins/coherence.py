"""What agrees and what does not: first given name and list, matricule and traits, one identity and another."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.foundation.findings import Finding, Severity
from opensegur.ins.matricule import Matricule
from opensegur.ins.traits import STRICT_TRAITS, Sexe, Traits
from opensegur.nomenclature import lieu

_FIRST_DIGIT = {"1": Sexe.M, "2": Sexe.F}
_LABELS = {
    "nom_naissance": "nom de naissance",
    "prenoms": "liste des prénoms de naissance",
    "premier_prenom": "premier prénom de naissance",
    "date_naissance": "date de naissance",
    "sexe": "sexe",
    "lieu_naissance": "lieu de naissance",
}


@dataclass(frozen=True, slots=True)
class Ecart:
    """A strict trait that differs: its field, its French name, the local value and the one that INSi gave."""

    champ: str
    libelle: str
    local: str
    recu: str


def words_of(name: str) -> tuple[str, ...]:
    """The words of a given name: hyphens and apostrophes separate as spaces do."""
    return tuple(name.replace("-", " ").replace("'", " ").split())


def is_first_of(premier_prenom: str, prenoms: str) -> bool:
    """Whether ``premier_prenom`` is the beginning of the list ``prenoms``, word for word.

    With ``JEAN CHRISTOPHE PIERRE``: JEAN, JEAN-CHRISTOPHE and the whole list agree, CHRISTOPHE does not.
    An empty list contradicts nothing. Source: EXI ID 10.
    """
    first, all_words = words_of(premier_prenom), words_of(prenoms)
    return not all_words or all_words[: len(first)] == first


def possible_first_names(prenoms: str) -> tuple[str, ...]:
    """Every cut of the list that may be the first given name, the shortest first; the choice is a person's."""
    names = prenoms.split()
    return tuple(" ".join(names[: count + 1]) for count in range(len(names)))


def compare_traits(local: Traits, recu: Traits) -> tuple[Ecart, ...]:
    """The strict traits of ``recu`` that differ from the local ones, to be shown side by side before accepting.

    A value that the local identity does not have yet is no difference; the first given name is compared with the
    received list, not with the received cut.
    """
    return tuple(
        Ecart(champ, _LABELS[champ], str(getattr(local, champ)), str(getattr(recu, champ)))
        for champ in STRICT_TRAITS
        if _differs(champ, local, recu)
    )


def _differs(champ: str, local: Traits, recu: Traits) -> bool:
    if champ == "premier_prenom":
        return not is_first_of(local.premier_prenom, recu.prenoms or recu.premier_prenom)
    mine, theirs = getattr(local, champ), getattr(recu, champ)
    return bool(mine) and mine != theirs


def check_identity(matricule: Matricule | None, traits: Traits) -> list[Finding]:
    """What a person should look at again: nothing here refuses an identity, which INSi may have given as it is.

    Rules INS.cle, INS.sexe, INS.prenom (EXI ID 10), INS.lieu, INS.lieu_epoque.
    """
    findings: list[Finding] = []
    if matricule and not matricule.key_is_valid:
        findings.append(
            _warning("INS.cle", "matricule", "La clé du matricule est fausse.", "Vérifiez l’INS auprès de l’INSi.")
        )
    if matricule and _FIRST_DIGIT.get(matricule.nir[0], traits.sexe) != traits.sexe:
        findings.append(
            _warning(
                "INS.sexe",
                "sexe",
                "Le sexe ne correspond pas au premier chiffre du matricule.",
                "Vérifiez le sexe : un matricule change après un changement d’état civil.",
            )
        )
    if not is_first_of(traits.premier_prenom, traits.prenoms):
        findings.append(
            _warning(
                "INS.prenom",
                "premier_prenom",
                "Le premier prénom ne commence pas la liste des prénoms de naissance.",
                "Corrigez le premier prénom d’après la pièce d’identité.",
                source="EXI ID 10",
            )
        )
    return findings + check_lieu(traits.lieu_naissance, traits.date_naissance)


def check_lieu(code: str, date_naissance: str) -> list[Finding]:
    """Whether the place is known and existed on the day of birth: warnings only, old codes are legitimate."""
    if not code:
        return []
    place = lieu(code)
    if place is None:
        return [
            _warning(
                "INS.lieu",
                "lieu_naissance",
                f"Le code {code} n’est pas dans la table des communes et des pays.",
                "S’il vient de l’INSi, gardez-le ; s’il a été saisi, vérifiez-le.",
            )
        ]
    if not place.existed_on(date_naissance):
        return [
            _warning(
                "INS.lieu_epoque",
                "lieu_naissance",
                f"Le code {code} ({place.nom}) n’existait pas à la date de naissance.",
                "Le code est celui de la commune au jour de la naissance.",
            )
        ]
    return []


def _warning(rule: str, path: str, message: str, repair: str, *, source: str = "") -> Finding:
    return Finding(rule, message, path=path, repair=repair, source=source, severity=Severity.WARNING)
