"""The figures as they are read: a label, a number, a share, a meaning. Screen and file show the same lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opensegur.ins import CodeRetour, Statut

_DAY = 86400
_HOUR = 3600
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Ligne:
    """``part``: a share of ``sur`` between 0 and 1, or None; ``attention``: this number should be zero and is not."""

    code: str
    libelle: str
    valeur: str
    part: float | None = None
    sens: str = ""
    attention: bool = False

    @property
    def pourcentage(self) -> str:
        return "" if self.part is None else f"{self.part * 100:.1f}".replace(".", ",") + "\u202f%"

    @property
    def largeur(self) -> int:
        """Of the bar, out of 1000."""
        return 0 if self.part is None else round(self.part * 1000)


@dataclass(frozen=True, slots=True)
class Groupe:
    titre: str
    lignes: tuple[Ligne, ...]


def read_figures(chiffres: Mapping[str, Any]) -> tuple[Groupe, ...]:
    """The groups of lines of a board, from what ``compute_figures`` gave."""
    return (
        Groupe("Tous les dossiers", (*_statuts(chiffres, "statuts", "dossiers"), _in_insi(chiffres))),
        Groupe("Patients reçus dans la période", tuple(_statuts(chiffres, "statuts_vus", "vus"))),
        Groupe("Réponses de l’INSi dans la période", tuple(_insi(chiffres["insi"]))),
        Groupe("Âge des identités provisoires", tuple(_ages(chiffres))),
        Groupe("À surveiller", tuple(_watch(chiffres))),
        Groupe("Délai entre la création et la qualification", tuple(_delay(chiffres["delai"]))),
    )


def _statuts(chiffres: Mapping[str, Any], group: str, total: str) -> Iterator[Ligne]:
    everyone = chiffres[total]
    yield Ligne(f"{group}.total", "Dossiers" if total == "dossiers" else "Patients reçus", _number(everyone))
    for statut in reversed(Statut):
        count = chiffres[group][statut.value]
        yield Ligne(f"{group}.{statut.value}", statut.libelle, _number(count), _share(count, everyone))


def _in_insi(chiffres: Mapping[str, Any]) -> Ligne:
    return Ligne(
        "in_insi",
        "Indicateur IN-INSI",
        _number(chiffres["in_insi"]),
        _share(chiffres["in_insi"], chiffres["dossiers"]),
        "Identités récupérées ou qualifiées, sur la file active.",
    )


def _insi(insi: Mapping[str, int]) -> Iterator[Ligne]:
    calls = insi["appels"]
    yield Ligne("insi.appels", "Appels", _number(calls))
    for code in CodeRetour:
        count = insi[f"code_{code.value}"]
        yield Ligne(f"insi.{code.value}", code.libelle, _number(count), _share(count, calls))
    answered = insi["acceptees"] + insi["refusees"] + insi["en_attente"]
    yield Ligne("insi.acceptees", "Acceptées", _number(insi["acceptees"]), _share(insi["acceptees"], answered))
    yield Ligne(
        "insi.refusees", "Refusées au comptoir", _number(insi["refusees"]), _share(insi["refusees"], answered)
    )
    yield Ligne("insi.en_attente", "À comparer encore", _number(insi["en_attente"]))


def _ages(chiffres: Mapping[str, Any]) -> Iterator[Ligne]:
    ages = chiffres["ages_provisoires"]
    total = sum(ages.values())
    for label, count in ages.items():
        yield Ligne(f"age.{label}", label.capitalize(), _number(count), _share(count, total))


def _watch(chiffres: Mapping[str, Any]) -> Iterator[Ligne]:
    none = chiffres["qualifiees_sans_preuve"]
    yield Ligne(
        "qualifiees_sans_preuve",
        "Qualifiées sans preuve",
        _number(none),
        sens="Toujours zéro : une identité n’est qualifiée que par ce qui est enregistré.",
        attention=none > 0,
    )
    yield Ligne(
        "par_attestation",
        "Qualifiées par attestation",
        _number(chiffres["par_attestation"]),
        _share(chiffres["par_attestation"], chiffres["statuts"]["QUAL"]),
        "Comptées à part : le RNIV demande une pièce d’identité.",
    )
    yield Ligne(
        "doublons",
        "Doublons présumés à traiter",
        _number(chiffres.get("doublons", 0)),
        sens=_per_thousand(chiffres.get("doublons", 0), chiffres["dossiers"]),
    )
    yield Ligne(
        "collisions",
        "Dossiers de deux personnes, peut-être",
        _number(chiffres.get("collisions", 0)),
    )
    yield Ligne(
        "recues",
        "Identités reçues à examiner",
        _number(chiffres.get("recues", 0)),
    )
    yield Ligne(
        "a_verifier",
        "INS à vérifier de nouveau",
        _number(chiffres["a_verifier"]),
        sens="Le dernier échange avec l’INSi est plus ancien que la période choisie.",
    )
    yield Ligne("sans_lieu", "Dossiers sans lieu de naissance", _number(chiffres["sans_lieu"]))
    yield Ligne("sexe_indetermine", "Dossiers de sexe indéterminé", _number(chiffres["sexe_indetermine"]))


def _delay(delai: Mapping[str, float | int | None]) -> Iterator[Ligne]:
    yield Ligne("delai.nombre", "Identités qualifiées dans la période", _number(int(delai["nombre"] or 0)))
    yield Ligne("delai.mediane", "La moitié en moins de", _duration(delai["mediane"]))
    yield Ligne("delai.p90", "Neuf sur dix en moins de", _duration(delai["p90"]))


def _share(count: int, total: int) -> float | None:
    return count / total if total else None


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _per_thousand(count: int, total: int) -> str:
    return f"{1000 * count / total:.1f} pour mille dossiers".replace(".", ",") if total else ""


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "aucune"
    for unit, word in ((_DAY, "jour"), (_HOUR, "heure"), (_MINUTE, "minute")):
        if seconds >= unit:
            count = round(seconds / unit)
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "une minute"
