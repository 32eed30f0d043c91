"""From what a form holds to a writing, and from the record or an older writing to what it begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opensegur.cabinet.documents.ecrit import Ecrit, Partie
from opensegur.cabinet.ecrits.brouillons import Champs
from opensegur.cabinet.ecrits.modeles import Champ, ModeleEcrit
from opensegur.cabinet.medical.dossier import Entree
from opensegur.cabinet.medical.saisie import write_partial_date
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.traitement import Traitement
from opensegur.foundation.errors import InvalidValue

_LIGNES_VIDES = 2
_MAX_LIGNES = 80
_MAX_CARACTERES = 20_000


@dataclass(frozen=True, slots=True, repr=False)
class ChampRempli:
    """A field with what it holds: ``valeur``, or the ``lignes`` of a table, with some more to fill."""

    champ: Champ
    valeur: str = ""
    lignes: tuple[tuple[str, ...], ...] = ()
    manque: bool = False


def filled(modele: ModeleEcrit, champs: Champs, manquants: Iterable[str] = ()) -> tuple[ChampRempli, ...]:
    missing = set(manquants)
    return tuple(
        ChampRempli(
            champ,
            "" if champ.colonnes else _text(champs, champ),
            (*_lines(champs, champ), *(("",) * len(champ.colonnes),) * _LIGNES_VIDES) if champ.colonnes else (),
            champ.cle in missing,
        )
        for champ in modele.champs
    )


def missing_in(modele: ModeleEcrit, champs: Champs) -> tuple[Champ, ...]:
    return tuple(each for each in modele.champs if each.obligatoire and not _text(champs, each).strip())


def read_writing(modele: ModeleEcrit, champs: Champs) -> Ecrit:
    """Raises ``InvalidValue``: ECRIT_INCOMPLET, ECRIT_LONG, CDA_CARACTERE."""
    if missing := missing_in(modele, champs):
        names = ", ".join(f"« {each.titre} »" for each in missing)
        raise InvalidValue("ECRIT_INCOMPLET", f"Il manque : {names}.", conseil="Complétez, puis enregistrez.")
    if sum(len(each) for values in champs.values() for each in values) > _MAX_CARACTERES * 10:
        raise InvalidValue("ECRIT_LONG", "Ce texte est trop long.", conseil="Joignez-le comme un fichier.")
    return Ecrit(
        modele.cle,
        tuple(
            Partie(
                champ.cle,
                champ.titre,
                "" if champ.colonnes else _text(champs, champ).strip(),
                champ.colonnes,
                _lines(champs, champ) if champ.colonnes else (),
            )
            for champ in modele.champs
        ),
    )


def fields_of_writing(ecrit: Ecrit) -> Champs:
    """What the form held when it was written."""
    return {
        part.cle: [cell for line in part.lignes for cell in line] if part.colonnes else [part.texte]
        for part in ecrit.parties
    }


def fields_from_record(modele: ModeleEcrit, entries: tuple[Entree, ...]) -> Champs:
    """What the record says already: nothing is typed twice."""
    return {champ.cle: _taken(champ, entries) for champ in modele.champs if champ.repris}


def _taken(champ: Champ, entries: tuple[Entree, ...]) -> list[str]:
    if champ.colonnes:
        current = [each.valeur for each in entries if isinstance(each.valeur, Traitement) and each.dure]
        return [cell for each in current for cell in _treatment(each, champ)]
    if champ.repris == "allergies":
        said = [each for each in entries if isinstance(each.valeur, Allergie)]
    else:
        said = [each for each in entries if each.donnee.rubrique == champ.repris]
    if champ.repris == "traitements":
        said = [each for each in said if each.dure]
    return ["\n".join(f"- {', '.join((each.libelle, *each.precisions))}" for each in said)]


def _treatment(each: Traitement, champ: Champ) -> list[str]:
    """The cells that the record can fill, by the name of their column."""
    known = {
        "Médicament": each.produit.nom,
        "Posologie": each.posologie,
        "Posologie prescrite": each.posologie,
        "Depuis": write_partial_date(each.periode.debut),
        "Motif": each.motif.texte if each.motif else "",
    }
    return [known.get(column, "") for column in champ.colonnes]


def _text(champs: Champs, champ: Champ) -> str:
    return "\n".join(champs.get(champ.cle, []))[:_MAX_CARACTERES]


def _lines(champs: Champs, champ: Champ) -> tuple[tuple[str, ...], ...]:
    """The rows that say something."""
    wide = len(champ.colonnes)
    cells = champs.get(champ.cle, [])[: wide * _MAX_LIGNES]
    rows = (
        tuple(" ".join(cell.split()) for cell in cells[rank : rank + wide]) for rank in range(0, len(cells), wide)
    )
    return tuple(row for row in rows if len(row) == wide and any(row))
