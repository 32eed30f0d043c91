"""Who a document is about, in the words that are printed.

Source: EXI DIF 02 (first page, traits beside the code); RNIV 1, the names in use never stand for the birth names.
"""

from __future__ import annotations

from opensegur.ins import Matricule, Traits, format_date
from opensegur.ins.datamatrix import ContenuIns
from opensegur.ins.oids import LIBELLES
from opensegur.nomenclature import lieu


def identity_lines(contenu: ContenuIns, traits: Traits) -> tuple[str, ...]:
    """The traits that the code holds, in clear; the names in use come apart."""
    named = Traits(
        contenu.nom_naissance,
        contenu.prenoms,
        traits.premier_prenom,
        contenu.date_naissance,
        contenu.sexe,
        contenu.lieu_naissance,
        traits.nom_utilise,
        traits.prenom_utilise,
    )
    return trait_lines(named, contenu.matricule)


def trait_lines(traits: Traits, matricule: Matricule | None = None) -> tuple[str, ...]:
    """Birth names, birth and sex, the matricule when it may leave, and the names in use."""
    place = lieu(traits.lieu_naissance) if traits.lieu_naissance else None
    unknown = traits.lieu_naissance or ("lieu inconnu" if matricule else "")
    where = f"{place.nom} ({place.code})" if place else unknown
    born = {"F": "née", "M": "né"}.get(traits.sexe.value, "né(e)")
    birth = " à ".join(filter(None, (f"{born} le {format_date(traits.date_naissance)}", where)))
    used = " ".join(part for part in (traits.nom_utilise, traits.prenom_utilise) if part)
    lines = (
        f"{traits.nom_naissance} {traits.prenoms or traits.premier_prenom}",
        f"{birth}, sexe {traits.sexe.libelle.lower()}",
        f"INS {matricule.formatted()} ({LIBELLES[matricule.oid]}, OID {matricule.oid})" if matricule else "",
        f"Nom et prénom utilisés : {used}" if used else "",
    )
    return tuple(line for line in lines if line)
