"""A stored query as sent: which one, how answered, and its parameters checked against the table.

Source: IHE ITI TF-2 3.18.4.1.2.3.5 (coding of values: quotes doubled inside, lists in parentheses, code^^scheme).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.formes import is_dtm
from opensegur.sandbox.dmp.noms import APPROVED, QUERY, RIM, STATUTS, q
from opensegur.sandbox.dmp.requetes import REQUETES, Parametre, Requete, Sorte
from opensegur.sandbox.dmp.vihf import read_cx

_ATOM: Final = r"(?:'(?:[^']|'')*'|\d+)"
_ATOMS = re.compile(_ATOM)
_LIST = re.compile(rf"\(\s*{_ATOM}(?:\s*,\s*{_ATOM})*\s*\)")
_CODED = re.compile(r"[^^]+\^\^[^^]+")

Valeurs = tuple[tuple[str, ...], ...]
"""The values of a parameter: any of the inner ones (OR), in each of the outer ones (AND)."""


@dataclass(frozen=True, slots=True)
class RequeteLue:
    requete: Requete
    feuilles: bool
    valeurs: Mapping[str, Valeurs]

    def choix(self, nom: str) -> tuple[str, ...]:
        """The values of a parameter that stands once."""
        return (self.valeurs.get(nom) or ((),))[0]


def read_query(demande: etree._Element, contexte: Contexte) -> RequeteLue:
    """Read an AdhocQueryRequest that its schema accepts. Raises ``Refus``."""
    option = demande.find(q(QUERY, "ResponseOption"))
    query = demande.find(q(RIM, "AdhocQuery"))
    if option is None or query is None:
        raise refuse("xds.schema_requete")
    return_type = option.get("returnType", "")
    if return_type not in {"LeafClass", "ObjectRef"}:
        raise refuse("requete.retour", return_type[:40])
    requete = REQUETES.get(query.get("id", ""))
    if requete is None:
        raise refuse("requete.inconnue")
    valeurs = _values(query, requete)
    _check_presence(requete, valeurs, contexte)
    return RequeteLue(requete, return_type == "LeafClass", valeurs)


def parse_value(text: str) -> tuple[bool, tuple[str, ...]]:
    """Whether ``text`` is a list, and its values without their quotes."""
    text = text.strip()
    if _ATOMS.fullmatch(text):
        return False, (_bare(text),)
    if _LIST.fullmatch(text):
        return True, tuple(_bare(atom) for atom in _ATOMS.findall(text))
    raise refuse("requete.valeur")


def _bare(atom: str) -> str:
    return atom[1:-1].replace("''", "'") if atom.startswith("'") else atom


def _values(query: etree._Element, requete: Requete) -> dict[str, Valeurs]:
    valeurs: dict[str, Valeurs] = {}
    for slot in query.findall(q(RIM, "Slot")):
        parametre = requete.parametre(slot.get("name", ""))
        if parametre is None:  # IHE lets software send parameters that a registry does not know
            continue
        if parametre.nom in valeurs and not parametre.et:
            raise refuse("requete.parametre", parametre.nom)
        valeurs[parametre.nom] = (*valeurs.get(parametre.nom, ()), _slot_values(slot, parametre))
    return valeurs


def _slot_values(slot: etree._Element, parametre: Parametre) -> tuple[str, ...]:
    values: list[str] = []
    texts = ["".join(value.itertext()) for value in slot.iterfind(f"{q(RIM, 'ValueList')}/{q(RIM, 'Value')}")]
    for text in texts:
        listed, found = parse_value(text)
        if not parametre.plusieurs and listed:
            raise refuse("requete.parametre", parametre.nom)
        values += found
    if not values:
        raise refuse("requete.valeur", parametre.nom)
    if not parametre.plusieurs and len(values) != 1:
        raise refuse("requete.parametre", parametre.nom)
    for value in values:
        _check_form(value, parametre)
    return tuple(values)


def _check_form(value: str, parametre: Parametre) -> None:
    readable = {
        Sorte.TEXTE: bool(value),
        Sorte.MOTIF: bool(value),
        Sorte.CODE: _CODED.fullmatch(value) is not None,
        Sorte.DATE: is_dtm(value),
        Sorte.STATUT: value in STATUTS,
        Sorte.PATIENT: read_cx(value) is not None,
    }
    if not readable[parametre.sorte]:
        raise refuse("requete.valeur", parametre.nom)


def _check_presence(requete: Requete, valeurs: dict[str, Valeurs], contexte: Contexte) -> None:
    for parametre in requete.parametres:
        if not parametre.obligatoire or parametre.nom in valeurs:
            continue
        if parametre.sorte is not Sorte.STATUT:
            raise refuse("requete.absent", parametre.nom)
        contexte.require(condition=False, regle="requete.statut", contexte=parametre.nom)
        valeurs[parametre.nom] = ((APPROVED,),)
    if requete.exclusifs is not None:
        sent = [nom for nom in requete.exclusifs if nom in valeurs]
        if not sent:
            raise refuse("requete.absent", " ou ".join(requete.exclusifs))
        if len(sent) > 1:
            raise refuse("requete.parametre", " et ".join(sent))
