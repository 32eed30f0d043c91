"""What INSi answers: ``RESULTAT``, read by qualified names whatever their order, kept as received.

The official samples break their own schema (dates before the identifier, wrong keys, an end before its beginning,
an old matricule equal to the active one): none of that stops the reading, all of it is said in findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.findings import Finding, Severity
from opensegur.ins.errors import InsiError, unreadable
from opensegur.ins.matricule import Matricule

NS_RESULTAT = "http://www.cnamts.fr/INSiResultat"
_NS = f"{{{NS_RESULTAT}}}"


class CodeRetour(StrEnum):
    UNE = "00"
    AUCUNE = "01"
    PLUSIEURS = "02"

    @property
    def libelle(self) -> str:
        return _SENS[self][0]

    @property
    def conseil(self) -> str:
        return _SENS[self][1]


_SENS = {
    CodeRetour.UNE: (
        "Une identité trouvée",
        "Comparez les traits reçus avec ceux de la personne, puis acceptez ou refusez.",
    ),
    CodeRetour.AUCUNE: (
        "Aucune identité trouvée",
        "Vérifiez sur une pièce d’identité le nom de naissance (et non d’usage), le prénom, le sexe et la date.",
    ),
    CodeRetour.PLUSIEURS: (
        "Plusieurs identités trouvées",
        "Ajoutez les autres prénoms de la pièce d’identité, puis le lieu de naissance.",
    ),
}


@dataclass(frozen=True, slots=True, repr=False)
class TraitsRecus:
    """The traits exactly as INSi wrote them (EXI REC 07): any of them may be empty, the date may be lunar."""

    nom_naissance: str
    liste_prenoms: str
    sexe: str
    date_naissance: str
    lieu_naissance: str

    def __repr__(self) -> str:
        return "TraitsRecus(…)"


@dataclass(frozen=True, slots=True, repr=False)
class InsAncien:
    """A line of the history as received; ``debut`` and ``fin`` are dates or "", sometimes in the wrong order."""

    numero: str
    cle: str
    oid: str
    debut: str = ""
    fin: str = ""

    @property
    def matricule(self) -> Matricule | None:
        """The matricule, or ``None`` when the line cannot be one."""
        try:
            return Matricule.received(self.numero, self.cle, self.oid)
        except InvalidValue:
            return None

    def __repr__(self) -> str:
        return f"InsAncien(…, {self.oid!r}, {self.debut!r}, {self.fin!r})"


@dataclass(frozen=True, slots=True)
class Individu:
    """The person found: the active matricule, the traits and the history, all as received."""

    matricule: Matricule
    traits: TraitsRecus
    historique: tuple[InsAncien, ...] = ()

    @property
    def anciens(self) -> tuple[Matricule, ...]:
        """The former matricules to show: each once, without the active one."""
        found = (line.matricule for line in self.historique)
        return tuple(dict.fromkeys(each for each in found if each is not None and each != self.matricule))

    def findings(self) -> list[Finding]:
        """What is odd in the answer: warnings INSI.cle, INSI.historique, INSI.periode."""
        findings = [] if self.matricule.key_is_valid else [_odd("INSI.cle", "La clé du matricule reçu est fausse.")]
        for line in self.historique:
            former = line.matricule
            if former is None or not former.key_is_valid:
                findings.append(
                    _odd("INSI.historique", "Un ancien matricule reçu est illisible ou sa clé est fausse.")
                )
            if line.debut and line.fin and line.fin < line.debut:
                findings.append(_odd("INSI.periode", "Une période de l’historique finit avant de commencer."))
        return list(dict.fromkeys(findings))


def read_resultat(element: etree._Element) -> tuple[CodeRetour, str, Individu | None]:
    """The return code, INSi's own label, and the person when there is exactly one.

    Raises ``InsiError``: INSI_REPONSE, or INSI_CODE_RETOUR for a code that was never published.
    """
    if element.tag != f"{_NS}RESULTAT":
        raise unreadable(f"body {etree.QName(element).localname}")
    compte_rendu = _one(element, "CR")
    label = _text(compte_rendu, "LibelleCR")
    code = _read_code(_text(compte_rendu, "CodeCR"), label)
    if code is not CodeRetour.UNE:
        return code, label, None
    return code, label, _read_individu(_one(element, "INDIVIDU"))


def _read_code(text: str, label: str) -> CodeRetour:
    try:
        return CodeRetour(text)
    except ValueError:
        raise InsiError(
            "INSI_CODE_RETOUR",
            f"L’INSi a répondu par un code inconnu ({text[:8]}) : {label[:100]}",
            conseil="L’identité n’a pas été modifiée. Signalez ce code à l’éditeur.",
            detail=text[:8],
        ) from None


def _read_individu(element: etree._Element) -> Individu:
    active = _read_ins(_one(element, "INSACTIF"))
    try:
        matricule = Matricule.received(active.numero, active.cle, active.oid)
    except InvalidValue as error:
        raise unreadable(f"INSACTIF: {error.code}") from error
    traits = _one(element, "TIQ")
    return Individu(
        matricule,
        TraitsRecus(
            nom_naissance=_text(traits, "NomNaissance"),
            liste_prenoms=_text(traits, "ListePrenom"),
            sexe=_text(traits, "Sexe"),
            date_naissance=_text(traits, "DateNaissance"),
            lieu_naissance=_text(traits, "LieuNaissance"),
        ),
        tuple(_read_ins(line) for line in element.findall(f"{_NS}INSHISTO")),
    )


def _read_ins(element: etree._Element) -> InsAncien:
    identifiant = _one(element, "IdIndividu")
    return InsAncien(
        numero=_text(identifiant, "NumIdentifiant"),
        cle=_text(identifiant, "Cle"),
        oid=_text(element, "OID"),
        debut=_text(element, "DateDeb"),
        fin=_text(element, "DateFin"),
    )


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(_NS + name)
    if len(found) != 1:
        raise unreadable(f"{len(found)} {name}")
    return found[0]


def _text(parent: etree._Element, name: str) -> str:
    # only the white space of pretty-printing goes: the rest is kept to the letter
    return (parent.findtext(_NS + name) or "").strip(" \t\r\n")


def _odd(rule: str, message: str) -> Finding:
    return Finding(
        rule,
        message,
        repair="Rien à corriger ici : la réponse est gardée telle quelle.",
        source="SEL-MP-043",
        severity=Severity.WARNING,
    )
