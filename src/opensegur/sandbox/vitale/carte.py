"""What is written on a virtual card: the ``donneesVitale`` of a household, as billing writes it.

Names are those in use, cut at 27 letters; the birth name is often absent; the number of a child is the parent's, and
the own number is there only when it was certified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from opensegur.foundation.xml import serialize
from opensegur.sandbox.population.personnes import Personne

NS: Final = "http://www.sesam-vitale.fr/XMLschemas/Vitale"
NATURES: Final = ("test", "demonstration", "reelle")
LONGUEUR_NOM: Final = 27
_QUALITES: Final = {"assure": "0", "conjoint": "2", "enfant": "6"}
_V: Final = f"{{{NS}}}"


@dataclass(frozen=True, slots=True)
class Carte:
    """``certifies``: whether the beneficiaries' own numbers are on the card; ``noms_famille``: the birth names."""

    serie: str
    nature: str
    foyer: Sequence[tuple[Personne, str]]
    certifies: bool = True
    noms_famille: bool = False

    @property
    def assure(self) -> Personne:
        return self.foyer[0][0]


def write_card(carte: Carte) -> bytes:
    """The XML of a reading."""
    root = etree.Element(f"{_V}donneesVitale", {"niveau": "2"}, nsmap={None: NS})
    etree.SubElement(root, f"{_V}carte", {"nature": carte.nature, "numeroSerie": carte.serie})
    contract = etree.SubElement(root, f"{_V}contratAMO")
    insured = etree.SubElement(contract, f"{_V}matriculeAssure", {"cle": carte.assure.cle})
    insured.text = carte.assure.numero
    etree.SubElement(contract, f"{_V}organismeAMO", {"codeCaisse": "181", "codeCentre": "0000", "codeRegime": "01"})
    for personne, qualite in carte.foyer:
        _add_person(root, carte, personne, qualite)
    return serialize(root)


def _add_person(root: etree._Element, carte: Carte, personne: Personne, qualite: str) -> None:
    holder = "1" if personne is carte.assure else "0"
    element = etree.SubElement(root, f"{_V}beneficiaire", {"porteur": holder, "qualite": _QUALITES.get(qualite, "9")})
    identity = etree.SubElement(element, f"{_V}identite")
    if carte.certifies:
        number = etree.SubElement(
            identity, f"{_V}NIRcertifie", {"cle": personne.cle, "dateCertification": "2015-01-01"}
        )
        number.text = personne.numero
    names = {
        "prenom": personne.premier_prenom[:LONGUEUR_NOM],
        "nomUsuel": (personne.nom_utilise or personne.nom_naissance)[:LONGUEUR_NOM],
    }
    if carte.noms_famille:
        names["nomFamille"] = personne.nom_naissance[:LONGUEUR_NOM]
    etree.SubElement(identity, f"{_V}nomDetaille", names)
    birth = etree.SubElement(identity, f"{_V}dateNaissance", {"rang": "1"})
    birth.text = personne.date_naissance.replace("-", "")
